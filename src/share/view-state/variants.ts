/**
 * Variant selections as SdfPaths write them: `/Car{color=red} /Car{trim=sport}`, or `/Car{color=red}{trim=sport}`.
 * An empty selection, `/Car{color=}`, clears what the file chose.
 */
import type { VariantChoice } from '../protocol/engine.ts';
import { isPrimPath } from './prim-path.ts';
import { ViewStateError } from './view-state-error.ts';

/** More selections than any page makes. */
const MAX_SELECTIONS = 1000;
const EXPECTED = 'variant selections such as "/Car{color=red} /Car{trim=sport}"';
const CHOICE = /^([^\s{}]+)((?:\{[^{}=]+=[^{}=]*\})+)$/;
// Spaces separate choices, but may stand inside braces.
const WORDS = /(?:[^\s{}]|\{[^{}]*\}|[{}])+/g;

/** @throws ViewStateError */
export function parseVariants(text: string, part = 'variants'): VariantChoice[] {
  const chosen = new Map<string, VariantChoice>();
  for (const [word] of text.matchAll(WORDS)) {
    const [, primPath, braces] = CHOICE.exec(word) ?? [];
    if (primPath === undefined || braces === undefined || !isPrimPath(primPath)) throw new ViewStateError(part, text, EXPECTED);
    for (const [, set, selection] of braces.matchAll(/\{([^{}=]+)=([^{}=]*)\}/g)) {
      const choice = { primPath, set: (set ?? '').trim(), selection: (selection ?? '').trim() };
      if (choice.set === '') throw new ViewStateError(part, text, EXPECTED);
      // The last word on a set counts, and keeps its place.
      chosen.delete(`${primPath}{${choice.set}`);
      chosen.set(`${primPath}{${choice.set}`, choice);
      if (chosen.size > MAX_SELECTIONS) throw new ViewStateError(part, text, `at most ${MAX_SELECTIONS} variant selections`);
    }
  }
  return [...chosen.values()];
}

export function formatVariants(selections: readonly VariantChoice[]): string {
  return selections.map(({ primPath, set, selection }) => `${primPath}{${set}=${selection}}`).join(' ');
}
