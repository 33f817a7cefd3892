/** What is measured of shared frames: the cells of the table, and what comes out of one. */
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';

export interface ShareCell {
  readonly width: number;
  readonly height: number;
  readonly pair: SharePair;
  readonly transport: TransportKind | 'auto';
  /** Frames that are published and not yet released by the consumer, at most. */
  readonly inFlight: 1 | 3;
  /** `gpu`: a render pass draws each frame; `cpu`: a program writes each of its words. */
  readonly source: 'gpu' | 'cpu';
}

/** `window to iframe` stands in where no popup opens. */
export type SharePair = 'worker to worker' | 'window to popup' | 'window to iframe' | 'within a worker';

export interface ShareFigures {
  readonly transport: TransportKind;
  readonly frames: number;
  /** From the producer's first call for the frame (drawing or writing included) until the consumer's GPU has sampled it. */
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  readonly framesPerSecond: number;
  /** Of the page's main thread, on which windows of one origin that know each other run together; undefined where it was not measured. */
  readonly mainThreadMs?: number;
  /** Calls that copied a frame's pixels, per frame, at both ends, as seen; and as the transport says of itself. */
  readonly copiesSeen: number;
  readonly copiesSaid: number;
  /** What a sample of the last frame was, where it was not its colour. */
  readonly wrongColor?: string;
  /** `auto`: what was measured for each transport while the connection was made, milliseconds; null: it failed. */
  readonly measured?: Readonly<Record<string, number | null>>;
  /** From export to the first frame that can be sent. */
  readonly connectMs: number;
}

export interface Stamps {
  readonly values: readonly number[];
  /** Epoch milliseconds, for each value. */
  readonly epochMs: readonly number[];
  readonly copies: number;
  readonly wrongColor?: string;
}

export interface ShareRow {
  readonly cell: ShareCell;
  readonly figures?: ShareFigures;
  /** Why there are none. */
  readonly failed?: string;
}

const SIZES = [
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
] as const;

/** Everything that is measured; `isQuick`: at 1280 x 720 only. */
export function shareCells(isQuick: boolean): readonly ShareCell[] {
  return SIZES.slice(0, isQuick ? 1 : undefined).flatMap(([width, height]) => {
    const cells = (
      pair: SharePair,
      transports: readonly ShareCell['transport'][],
      inFlights: readonly (1 | 3)[],
      source: 'gpu' | 'cpu' = 'gpu',
    ) => transports.flatMap((transport) => inFlights.map((inFlight): ShareCell => ({ width, height, pair, transport, inFlight, source })));
    return [
      ...cells('within a worker', ['local'], [1]),
      ...cells('worker to worker', ['shared-memory', 'buffer', 'bitmap', 'video-frame', 'auto'], [1, 3]),
      ...cells('worker to worker', width > 1920 ? [] : ['broadcast'], [1]),
      ...cells('worker to worker', ['shared-memory', 'buffer'], [1, 3], 'cpu'),
      ...cells('window to popup', ['shared-memory', 'buffer', 'bitmap', 'video-frame', 'auto'], [1]),
    ];
  });
}

/** Figures of the frames that both ends know, without the first ones. */
export function joinStamps(
  produced: Stamps,
  consumed: Stamps,
  warmUp: number,
): Pick<ShareFigures, 'frames' | 'latencyP50Ms' | 'latencyP95Ms' | 'framesPerSecond'> {
  const begins = new Map(produced.values.map((value, i) => [value, produced.epochMs[i] ?? Number.NaN]));
  const ends: number[] = [];
  const latencies: number[] = [];
  for (const [i, value] of consumed.values.entries()) {
    const end = consumed.epochMs[i] ?? Number.NaN;
    if (i < Math.min(warmUp, consumed.values.length - 2)) continue;
    ends.push(end);
    latencies.push(end - (begins.get(value) ?? Number.NaN));
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const seconds = ((ends.at(-1) ?? Number.NaN) - (ends[0] ?? Number.NaN)) / 1000;
  return { frames: latencies.length, latencyP50Ms: at(0.5), latencyP95Ms: at(0.95), framesPerSecond: (ends.length - 1) / seconds };
}
