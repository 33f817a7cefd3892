/** What a test asks of an end: a window or a worker that makes, exports and imports shared textures. */
import type { ExportOptions } from '../../src/share/frames/share-types.ts';
import type { TextureDescriptor, TextureDescriptorInit } from '../../src/share/frames/texture-descriptor.ts';
import type { TextureHandle } from '../../src/share/frames/texture-handle.ts';
import type { TimelineHandle } from '../../src/share/frames/timeline/shared-timeline.ts';
import type { WaitResult } from '../../src/share/frames/timeline/timeline-semaphore.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import type { RealmCounts } from './realm-ledger.ts';

/** How frames are written, or read. */
export type PixelAccess = 'texture' | 'pixels' | 'bitmap' | 'nothing';

export interface EndFacts {
  readonly isIsolated: boolean;
  readonly origin: string;
  readonly hasDevice: boolean;
}

export interface PublishReport {
  readonly lastValue: number;
  /** Longest time that one `publish` took, milliseconds, and all of them together. */
  readonly longestMs: number;
  readonly wholeMs: number;
}

export interface TakeReport {
  readonly values: readonly number[];
  /** What was wrong with pixels, times or order; at most ten lines. */
  readonly faults: readonly string[];
}

/** One thing's state, as the test names it. */
export interface TextureState {
  readonly produced: number;
  readonly descriptor: TextureDescriptor;
  readonly connections: readonly { readonly state: string; readonly transport: TransportKind | undefined; readonly consumed: number }[];
}

/** A failure as data: `code` is empty for what is no ShareError. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

type Named = { readonly name: string };

/** Names stand for textures, imports and timelines, of which an end may have many. */
export type EndCalls = {
  start: { request: { hasDevice: boolean }; reply: EndFacts };
  make: { request: Named & { descriptor: TextureDescriptorInit }; reply: null };
  exportHandle: { request: Named & { options: ExportOptions }; reply: TextureHandle };
  importHandle: { request: Named & { handle: TextureHandle; expected?: Partial<TextureDescriptor> }; reply: null };
  ready: { request: Named; reply: TransportKind };
  /** Resolves once the texture has this many connections in the state. */
  connected: { request: Named & { count: number; state: 'open' | 'closed'; timeoutMs: number }; reply: { afterMs: number } };
  /** `isPaced`: the next frame waits until the consumer has released the one before, so that none is dropped. */
  publish: {
    request: Named & { count: number; access: PixelAccess; mostDelayMs: number; seed: number; isPaced?: boolean };
    reply: PublishReport;
  };
  /** Takes frames until one has the value, or until there were so many. */
  take: {
    request: Named & { untilValue: number; count?: number; access: PixelAccess; mostDelayMs: number; seed: number; timeoutMs: number };
    reply: TakeReport;
  };
  /** Takes one frame and keeps it. */
  hold: { request: Named; reply: { value: number } };
  releaseHeld: { request: Named; reply: { faults: readonly string[] } };
  resize: { request: Named & { width: number; height: number }; reply: null };
  closed: { request: Named; reply: 'released' | 'peer-lost' };
  state: { request: Named; reply: TextureState };
  release: { request: Named; reply: null };
  loseDevice: { request: object; reply: null };
  /** With the texture or import of this name. */
  useNewDevice: { request: Named; reply: null };
  /** What `begin` or a frame's `texture` throws. */
  failureOfUse: { request: Named; reply: Failure | null };
  makeTimeline: { request: Named & { usesMemory: boolean }; reply: null };
  exportTimeline: { request: Named; reply: TimelineHandle };
  importTimeline: { request: Named & { handle: TimelineHandle; usesMemory: boolean }; reply: null };
  signal: { request: Named & { value: number }; reply: boolean };
  wait: { request: Named & { value: number; timeoutMs: number; isBlocking?: boolean }; reply: WaitResult };
  timelineValue: { request: Named; reply: number };
  closeTimeline: { request: Named; reply: null };
  counts: { request: object; reply: RealmCounts };
  /** Releases everything, as the manager's `close` does, and begins anew. */
  closeManager: { request: object; reply: null };
};
