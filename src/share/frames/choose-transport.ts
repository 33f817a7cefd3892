import type { ShareAlphaMode } from './texture-descriptor.ts';
import type { TransportKind } from './transports/transport.ts';

/** What the ends of a connection are, as far as the choice depends on it. */
export interface ConnectionEnds {
  /** Transports that each end can use for the descriptor. */
  readonly producer: readonly TransportKind[];
  readonly consumer: readonly TransportKind[];
  /** Both are in one realm, and the producer's textures are of the consumer's device. */
  readonly isLocal: boolean;
  /** Whether buffers and images can move along the link. */
  readonly canTransfer: boolean;
  /** Whether the producer has a device; without, it publishes pixels. */
  readonly hasDevice: boolean;
  /** Whether one of the devices is a software renderer. */
  readonly isSoftware: boolean;
  readonly alphaMode: ShareAlphaMode;
  /** What the producer's `exportTexture` was told. */
  readonly wanted: TransportKind | 'auto';
}

/** Images are copied by the GPU there, memory is read back and uploaded. */
const HARDWARE_ORDER: readonly TransportKind[] = ['bitmap', 'video-frame', 'shared-memory', 'buffer'];
/** A software renderer's images go through the CPU several times (measured: 100 to 230 ms against 4 to 10 ms at 1080p). */
const SOFTWARE_ORDER: readonly TransportKind[] = ['shared-memory', 'buffer', 'video-frame', 'bitmap'];

/**
 * What can be tried between two ends, the most promising first. Empty: nothing works.
 *
 * Images hold premultiplied 8-bit colours, so that pixels with alpha that a producer without a device writes would come out changed: they are offered for
 * those only when asked for.
 */
export function candidatesOf(ends: ConnectionEnds): readonly TransportKind[] {
  const both = ends.producer.filter((kind) => ends.consumer.includes(kind) && (kind !== 'local' || ends.isLocal));
  if (ends.wanted !== 'auto') return both.filter((kind) => kind === ends.wanted);
  if (both.includes('local')) return ['local', ...candidatesOf({ ...ends, isLocal: false })];
  if (!ends.canTransfer) return both.filter((kind) => kind === 'broadcast');
  const areImagesExact = ends.hasDevice || ends.alphaMode === 'opaque';
  const order = ends.isSoftware || !ends.hasDevice ? SOFTWARE_ORDER : HARDWARE_ORDER;
  return order.filter((kind) => both.includes(kind) && (areImagesExact || (kind !== 'bitmap' && kind !== 'video-frame')));
}

/** Those that were measured, the fastest first; `undefined` failed and is left out. */
export function orderByTime(measured: ReadonlyMap<TransportKind, number | undefined>): readonly TransportKind[] {
  return [...measured]
    .flatMap(([kind, ms]) => (ms === undefined ? [] : [{ kind, ms }]))
    .sort((a, b) => a.ms - b.ms)
    .map(({ kind }) => kind);
}
