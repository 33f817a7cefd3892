import { ViewStateError } from './view-state-error.ts';

export const PURPOSES = ['default', 'render', 'proxy', 'guide'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** `render proxy`: what is drawn beside prims without a purpose, which always are. @throws ViewStateError */
export function parsePurposes(text: string, part = 'purposes'): Purpose[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const word of words) {
    if (!PURPOSES.some((purpose) => purpose === word)) throw new ViewStateError(part, text, 'some of render, proxy and guide');
  }
  return PURPOSES.filter((purpose) => purpose === 'default' || words.includes(purpose));
}

export function formatPurposes(purposes: readonly Purpose[]): string {
  return PURPOSES.filter((purpose) => purpose !== 'default' && purposes.includes(purpose)).join(' ');
}
