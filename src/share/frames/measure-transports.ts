import { ShareError } from './share-error.ts';
import type { TransportKind } from './transports/transport.ts';

/** One transport being tried. */
export interface TransportProbe {
  /** Sends one frame and waits until it was used at the other end: milliseconds. */
  sample(): Promise<number>;
  close(): void;
}

/** For all samples of one transport after its warm-up. */
const BUDGET_MS = 250;
const MOST_SAMPLES = 5;
/** The first frame makes pipelines and memory; while nothing else is known to work, it is waited for this long. */
const FIRST_FRAME_MS = 3000;
/** Once something works: what takes this long, and this many times as long as the best, is not going to be the best. */
const NEXT_FRAME_MS = 400;
const NEXT_FRAME_FACTOR = 8;
/** A first sample that is this many times the best one's (and `SLOWER_MS` on top, for noise) is clearly slower. */
const SLOWER_FACTOR = 1.5;
const SLOWER_MS = 2;

/**
 * Measures transports one after the other, from handing a frame over to the end of its use.
 *
 * @param kinds the most promising first: what is clearly slower than the best so far costs one frame or two
 * @param open begins to try one; may throw
 * @returns median milliseconds for each; `undefined` failed
 */
export async function measureTransports(
  kinds: readonly TransportKind[],
  open: (kind: TransportKind) => TransportProbe,
  now: () => number = () => performance.now(),
): Promise<Map<TransportKind, number | undefined>> {
  const measured = new Map<TransportKind, number | undefined>();
  let best: number | undefined;
  for (const kind of kinds) {
    const ms = await measure(kind, open, best, now);
    measured.set(kind, ms);
    if (ms !== undefined && (best === undefined || ms < best)) best = ms;
  }
  return measured;
}

async function measure(
  kind: TransportKind,
  open: (kind: TransportKind) => TransportProbe,
  best: number | undefined,
  now: () => number,
): Promise<number | undefined> {
  let probe: TransportProbe | undefined;
  const limitMs = best === undefined ? FIRST_FRAME_MS : Math.max(NEXT_FRAME_MS, best * NEXT_FRAME_FACTOR);
  try {
    probe = open(kind);
    await within(limitMs, kind, probe.sample());
    const samples: number[] = [];
    const end = now() + BUDGET_MS;
    do {
      samples.push(await within(limitMs, kind, probe.sample()));
    } while (samples.length < MOST_SAMPLES && now() < end && !isSlower(samples[0]!, best));
    return medianOf(samples);
  } catch (error) {
    // Too slow is not broken: it stays the last resort, once something faster is there.
    return best !== undefined && error instanceof ShareError && error.code === 'share-timeout' ? limitMs : undefined;
  } finally {
    probe?.close();
  }
}

function isSlower(ms: number, best: number | undefined): boolean {
  return best !== undefined && ms > best * SLOWER_FACTOR + SLOWER_MS;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

async function within<T>(limitMs: number, kind: TransportKind, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ShareError('share-timeout', `A frame did not arrive by ${kind} within ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
