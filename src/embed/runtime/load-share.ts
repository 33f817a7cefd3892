import type { EngineEvent } from '../../share/protocol/engine.ts';

type ProgressEvent = Extract<EngineEvent, { kind: 'progress' }>;

/** Where each phase begins and ends, of the whole. Reading takes longest over a network; textures are decoded at the end. */
const SPANS: Readonly<Record<ProgressEvent['phase'], readonly [from: number, to: number]>> = {
  reading: [0, 0.5],
  composing: [0.5, 0.6],
  geometry: [0.6, 0.85],
  textures: [0.85, 1],
  done: [1, 1],
};

/** How much of a load is done, 0 to 1. Phases whose length is not known stand at their begin. */
export function shareOf({ phase, loadedBytes, totalBytes, done, total }: Omit<ProgressEvent, 'kind'>): number {
  const [from, to] = SPANS[phase];
  const share = phase === 'reading' ? ratio(loadedBytes, totalBytes) : ratio(done, total);
  return from + (to - from) * share;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}
