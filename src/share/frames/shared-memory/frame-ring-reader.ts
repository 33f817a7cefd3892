import { ShareError } from '../share-error.ts';
import { AtomicTimeline } from '../timeline/atomic-timeline.ts';
import type { WaitResult } from '../timeline/timeline-semaphore.ts';
import {
  consumedOffset,
  consumerIndex,
  countRelease,
  MAX_CONSUMERS,
  PRODUCED_OFFSET,
  readRingLayout,
  readSlotEpochMs,
  readSlotShape,
  slotPixels,
  stateIndex,
  valueIndex,
  WRITING,
  type FrameShape,
  type RingDescriptor,
  type RingLayout,
} from './ring-layout.ts';

/** A frame in the ring. It is whole and stays as it is until `release`; one that is not released takes its slot from the producer. */
export interface RingFrame extends FrameShape {
  readonly value: number;
  /** When it was published, epoch milliseconds. */
  readonly epochMs: number;
  /** Rows top first, tight; in shared memory. */
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  /** Safe to call twice. */
  release(): void;
}

/** One consumer of a ring (see `ring-layout.ts`). What is in the memory may have been written by anybody and is checked. */
export class FrameRingReader {
  readonly descriptor: RingDescriptor;
  /** Its number among the consumers, never 0; the producer's `reclaim` takes it. */
  readonly token: number;
  /** 0 to 27. */
  readonly place: number;
  readonly produced: AtomicTimeline;
  readonly consumed: AtomicTimeline;
  #layout: RingLayout;
  /** Of the frames that are held, by slot. */
  #holdCounts = new Uint32Array(32);
  #chosenSlot = 0;
  #isClosed = false;

  /** @throws ShareError as `readRingLayout`, and `share-limit` when the ring has 28 consumers */
  constructor(memory: SharedArrayBuffer) {
    this.#layout = readRingLayout(memory);
    this.descriptor = this.#layout;
    const { words } = this.#layout;
    this.token = crypto.getRandomValues(new Int32Array(1))[0]! | 1;
    this.place = Array.from({ length: MAX_CONSUMERS }).findIndex(
      (_, place) => Atomics.compareExchange(words, consumerIndex(place), 0, this.token) === 0,
    );
    if (this.place < 0) throw new ShareError('share-limit', `The ring has ${MAX_CONSUMERS} consumers already`);
    this.produced = new AtomicTimeline(memory, PRODUCED_OFFSET);
    this.consumed = new AtomicTimeline(memory, consumedOffset(this.place));
  }

  /** Whether the producer still counts on this consumer. One that it took for dead has to make a new reader. */
  get isAttached(): boolean {
    return !this.#isClosed && Atomics.load(this.#layout.words, consumerIndex(this.place)) === this.token;
  }

  /** The newest frame (`queue`: the oldest one) with a value above `after`, if there is one. Never waits. */
  take(after: number): RingFrame | undefined {
    if (!this.isAttached) return undefined;
    // Each failure means that the producer claimed the chosen slot since, which it does not do to the newest: a second one is rare.
    for (let tries = this.#layout.slots + 1; tries > 0; tries--) {
      const value = this.#choose(BigInt(after));
      if (value === 0n) return undefined;
      const frame = this.#hold(this.#chosenSlot, value);
      if (frame !== undefined) return frame;
    }
    return undefined;
  }

  /** Resolves with `ok` once there is a frame above `after`. */
  wait(after: number, timeoutMs?: number): Promise<WaitResult> {
    return this.produced.wait(after + 1, timeoutMs);
  }

  /** As `wait`, asleep. @throws TypeError in windows */
  waitSync(after: number, timeoutMs?: number): WaitResult {
    if (this.produced.waitSync === undefined) throw new TypeError('This thread must not sleep');
    return this.produced.waitSync(after + 1, timeoutMs);
  }

  /** Releases what it holds and leaves. Safe to call twice. */
  close(): void {
    if (this.isAttached) {
      for (const [slot, count] of this.#holdCounts.entries()) {
        if (count > 0) this.#clear(slot);
      }
      Atomics.compareExchange(this.#layout.words, consumerIndex(this.place), this.token, 0);
      countRelease(this.#layout);
    }
    this.#isClosed = true;
    this.produced.detach();
    this.consumed.detach();
  }

  /** @returns the value of the frame to take, its slot in `#chosenSlot`; 0: there is none */
  #choose(after: bigint): bigint {
    const { slots, mode, longs } = this.#layout;
    let chosen = 0n;
    for (let slot = 0; slot < slots; slot++) {
      const value = Atomics.load(longs, valueIndex(slot));
      if (value > after && (chosen === 0n || (mode === 'latest' ? value > chosen : value < chosen))) {
        chosen = value;
        this.#chosenSlot = slot;
      }
    }
    return chosen;
  }

  /** @returns undefined when the producer has claimed the slot since it was chosen */
  #hold(slot: number, value: bigint): RingFrame | undefined {
    const { words, longs } = this.#layout;
    const before = Atomics.or(words, stateIndex(slot), 1 << this.place);
    this.#holdCounts[slot]! += 1;
    if ((before & WRITING) !== 0 || Atomics.load(longs, valueIndex(slot)) !== value) {
      this.#unhold(slot);
      return undefined;
    }
    // Taken for dead in between: the bit was set too late for the producer to clear it.
    if (!this.isAttached) {
      this.#clear(slot);
      return undefined;
    }
    const shape = readSlotShape(this.#layout, slot);
    const pixels = slotPixels(this.#layout, slot, shape);
    if (pixels === undefined || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      this.#unhold(slot);
      throw new ShareError('share-bad-handle', `Frame ${value} of ${shape.width}x${shape.height} pixels in the ring cannot be`);
    }
    let isReleased = false;
    return {
      ...shape,
      value: Number(value),
      epochMs: readSlotEpochMs(this.#layout, slot),
      pixels,
      release: () => {
        if (isReleased || !this.isAttached) return;
        isReleased = true;
        this.#unhold(slot);
        this.consumed.signal(Number(value));
        countRelease(this.#layout);
      },
    };
  }

  #unhold(slot: number): void {
    this.#holdCounts[slot]! -= 1;
    if (this.#holdCounts[slot] === 0) this.#clear(slot);
  }

  #clear(slot: number): void {
    Atomics.and(this.#layout.words, stateIndex(slot), ~(1 << this.place));
  }
}
