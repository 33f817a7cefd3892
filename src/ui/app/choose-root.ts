import type { RootCandidate } from '../../share/protocol/engine.ts';

export type RootChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'certain'; readonly root: string }
  /** Likeliest first. */
  | { readonly kind: 'unsure'; readonly candidates: readonly RootCandidate[] };

/** Which of several files is the scene: the only package, or the only layer that no other refers to; else the user says. */
export function chooseRoot(candidates: readonly RootCandidate[]): RootChoice {
  if (candidates.length === 0) return { kind: 'none' };
  const free = candidates.filter(({ isReferenced }) => !isReferenced);
  const packages = free.filter(({ format }) => format === 'usdz');
  const certain = free.length === 1 ? free[0] : packages.length === 1 ? packages[0] : candidates.length === 1 ? candidates[0] : undefined;
  if (certain !== undefined) return { kind: 'certain', root: certain.path };
  return { kind: 'unsure', candidates };
}
