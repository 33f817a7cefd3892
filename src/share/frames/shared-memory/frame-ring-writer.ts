import { ShareError } from '../share-error.ts';
import { AtomicTimeline } from '../timeline/atomic-timeline.ts';
import type { TimelineSemaphore } from '../timeline/timeline-semaphore.ts';
import type { FrameStamp } from '../transports/transport.ts';
import {
  consumedOffset,
  consumerIndex,
  countRelease,
  MAX_CONSUMERS,
  PRODUCED_OFFSET,
  readRingLayout,
  readRingShape,
  RELEASES_OFFSET,
  slotPixels,
  stateIndex,
  valueIndex,
  WRITING,
  writeRingShape,
  writeSlotShape,
  type FrameShape,
  type RingLayout,
} from './ring-layout.ts';

/**
 * The producer of a ring (see `ring-layout.ts`): claims a slot, writes pixels into it, publishes it. It never waits. There is one for a ring.
 *
 * ```ts
 * const writer = new FrameRingWriter(createFrameRing({ width: 640, height: 480, format: 'rgba8unorm', slots: 3, mode: 'latest', colorSpace: 'srgb', alphaMode: 'opaque' }));
 * const pixels = writer.claim();
 * if (pixels !== undefined) {
 *   draw(pixels);
 *   writer.publish(pixels, { value, epochMs: performance.timeOrigin + performance.now() });
 * }
 * ```
 */
export class FrameRingWriter {
  readonly memory: SharedArrayBuffer;
  /** Value of the newest frame. */
  readonly produced: AtomicTimeline;
  /** Counts the releases: when it rises, a claim that failed may succeed. */
  readonly releases: AtomicTimeline;
  #layout: RingLayout;
  #shape: FrameShape;
  #claims = new Map<Uint8Array, { readonly slot: number; readonly shape: FrameShape }>();
  #newestSlot = -1;
  #isClosed = false;

  /** @throws ShareError as `readRingLayout`, and `share-limit` when the slots are too small for its frames */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#layout = readRingLayout(memory);
    this.#shape = readRingShape(this.#layout);
    if (slotPixels(this.#layout, 0, this.#shape) === undefined) throw tooLarge(this.#shape, this.#layout);
    this.produced = new AtomicTimeline(memory, PRODUCED_OFFSET);
    this.releases = new AtomicTimeline(memory, RELEASES_OFFSET);
  }

  /** @returns memory for one frame of the current size, to be given back to `publish` or `abandon`; undefined: consumers read all slots */
  claim(): Uint8Array<SharedArrayBuffer> | undefined {
    if (this.#isClosed) throw released();
    const { slots, words, longs } = this.#layout;
    let tried = 0;
    for (;;) {
      let oldest = -1;
      let oldestValue = 0n;
      for (let slot = 0; slot < slots; slot++) {
        if (slot === this.#newestSlot || (tried & (1 << slot)) !== 0 || Atomics.load(words, stateIndex(slot)) !== 0) continue;
        const value = Atomics.load(longs, valueIndex(slot));
        if (oldest < 0 || value < oldestValue) {
          oldest = slot;
          oldestValue = value;
        }
      }
      if (oldest < 0) return undefined;
      if (Atomics.compareExchange(words, stateIndex(oldest), 0, WRITING) === 0) {
        Atomics.store(longs, valueIndex(oldest), 0n);
        const pixels = slotPixels(this.#layout, oldest, this.#shape)!;
        this.#claims.set(pixels, { slot: oldest, shape: this.#shape });
        return pixels;
      }
      tried |= 1 << oldest;
    }
  }

  /** Whether these are the memory of a slot that was claimed, and neither published nor given up. */
  isClaimed(pixels: Uint8Array): boolean {
    return this.#claims.has(pixels);
  }

  /**
   * @param pixels what `claim` gave, of the current size
   * @param stamp  with a value above that of the frame before
   * @throws ShareError `share-bad-descriptor`, `share-released`
   */
  publish(pixels: Uint8Array, { value, epochMs }: FrameStamp): void {
    if (this.#isClosed) throw released();
    const claim = this.#claims.get(pixels);
    if (claim === undefined) throw new ShareError('share-bad-descriptor', 'These pixels are no claimed slot of the ring');
    if (!Number.isSafeInteger(value) || value <= this.produced.value) {
      throw new ShareError('share-bad-descriptor', `Frame ${value} does not come after frame ${this.produced.value}`);
    }
    const { slot, shape } = claim;
    writeSlotShape(this.#layout, slot, shape, epochMs);
    Atomics.store(this.#layout.longs, valueIndex(slot), BigInt(value));
    this.#newestSlot = slot;
    this.#unclaim(pixels, slot);
    this.produced.signal(value);
  }

  /** Gives a claimed slot back without a frame. Harmless for what is not claimed. */
  abandon(pixels: Uint8Array): void {
    const claim = this.#claims.get(pixels);
    if (claim !== undefined) this.#unclaim(pixels, claim.slot);
  }

  /** Frames claimed from now on have another size. @throws ShareError `share-limit` when the slots are too small: a new ring is needed */
  resize(width: number, height: number): void {
    const { generation } = this.#shape;
    const shape = { width, height, generation: (generation + 1) >>> 0 };
    if (slotPixels(this.#layout, 0, shape) === undefined) throw tooLarge(shape, this.#layout);
    this.#shape = shape;
    writeRingShape(this.#layout, shape);
  }

  /** The number that a consumer has chosen for itself (`FrameRingReader.token`), by its place; 0: nobody. */
  consumerAt(place: number): number {
    return Atomics.load(this.#layout.words, consumerIndex(place));
  }

  /** Highest value that the consumer at a place (0 to 27) released. */
  consumed(place: number): TimelineSemaphore {
    return new AtomicTimeline(this.memory, consumedOffset(place));
  }

  /** Takes back what a consumer that is gone was reading. @param token see `FrameRingReader.token` */
  reclaim(token: number): void {
    const { words } = this.#layout;
    for (let place = 0; place < MAX_CONSUMERS; place++) {
      if (token === 0 || Atomics.compareExchange(words, consumerIndex(place), token, 0) !== token) continue;
      this.#clear(1 << place);
    }
    countRelease(this.#layout);
  }

  /** Consumers keep what they have; waits for more are lost. Safe to call twice. */
  close(): void {
    if (this.#isClosed) return;
    for (const pixels of this.#claims.keys()) this.abandon(pixels);
    this.#isClosed = true;
    this.produced.close();
    this.releases.detach();
  }

  #clear(bits: number): void {
    for (let slot = 0; slot < this.#layout.slots; slot++) Atomics.and(this.#layout.words, stateIndex(slot), ~bits);
  }

  #unclaim(pixels: Uint8Array, slot: number): void {
    this.#claims.delete(pixels);
    Atomics.and(this.#layout.words, stateIndex(slot), ~WRITING);
  }
}

function tooLarge({ width, height }: FrameShape, { slotBytes }: RingLayout): ShareError {
  return new ShareError('share-limit', `A frame of ${width}x${height} pixels is not in a slot of ${slotBytes} bytes`);
}

function released(): ShareError {
  return new ShareError('share-released', 'The writer of the ring was closed');
}
