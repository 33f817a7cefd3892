/**
 * A semaphore in shared memory: one signed 64-bit word, aligned to 8 bytes, little-endian.
 *
 *     value ≥ 0    the semaphore's value
 *     value < 0    closed; its last value is the bitwise complement
 *
 * Value and end are one word so that a waiter that sleeps on it (`memory.atomic.wait64` in WebAssembly) cannot miss either. Who changes the word
 * notifies all sleepers; sleepers look again and go on sleeping when it was not for them.
 *
 * Windows cannot sleep and use `Atomics.waitAsync` (Chrome 87, Safari 16.4, Firefox 145); where it is missing the word is looked at every 4 ms while
 * somebody waits.
 */
import type { TimelineSemaphore, WaitResult } from './timeline-semaphore.ts';
import { checkTimelineValue, TimelineWaiters } from './timeline-waiters.ts';

/** Browsers clamp nested timers to this. */
const POLL_MS = 4;

export class AtomicTimeline implements TimelineSemaphore {
  /** There where the thread may sleep. It cannot hear of the loss of an end that did not close: wait with a limit, or let another thread close. */
  readonly waitSync?: (value: number, timeoutMs?: number) => WaitResult;
  #word: BigInt64Array<SharedArrayBuffer>;
  #waiters = new TimelineWaiters();
  #isDetached = false;
  #isWatching = false;

  /** @param byteOffset of the word, a multiple of 8 */
  constructor(memory: SharedArrayBuffer, byteOffset = 0) {
    this.#word = new BigInt64Array(memory, byteOffset, 1);
    if (canSleep()) this.waitSync = (value, timeoutMs = Infinity) => this.#sleepUntil(value, timeoutMs);
  }

  get value(): number {
    return valueOf(this.#load());
  }

  signal(value: number): boolean {
    checkTimelineValue(value);
    const next = BigInt(value);
    while (!this.#isDetached) {
      const bits = this.#load();
      if (bits < 0n || next <= bits) return false;
      if (Atomics.compareExchange(this.#word, 0, bits, next) === bits) {
        Atomics.notify(this.#word, 0);
        this.#waiters.reach(value);
        return true;
      }
    }
    return false;
  }

  wait(value: number, timeoutMs = Infinity): Promise<WaitResult> {
    checkTimelineValue(value);
    const bits = this.#load();
    if (valueOf(bits) >= value) return Promise.resolve('ok');
    if (bits < 0n || this.#isDetached) return Promise.resolve('lost');
    const result = this.#waiters.wait(value, timeoutMs);
    void this.#watch();
    return result;
  }

  /** For all ends. */
  close(): void {
    for (let bits = this.#load(); bits >= 0n; bits = this.#load()) Atomics.compareExchange(this.#word, 0, bits, ~bits);
    this.detach();
  }

  /** For this end only. */
  detach(): void {
    this.#isDetached = true;
    // What was reached at the other end may not have woken anybody here yet.
    this.#waiters.reach(this.value);
    this.#waiters.lose();
    Atomics.notify(this.#word, 0);
  }

  #load(): bigint {
    return Atomics.load(this.#word, 0);
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    while (this.#waiters.count > 0) {
      const bits = this.#load();
      this.#waiters.reach(valueOf(bits));
      if (bits < 0n) this.#waiters.lose();
      if (this.#waiters.count > 0) await changeOf(this.#word, bits);
    }
    this.#isWatching = false;
  }

  #sleepUntil(value: number, timeoutMs: number): WaitResult {
    checkTimelineValue(value);
    const end = performance.now() + timeoutMs;
    for (;;) {
      const bits = this.#load();
      if (valueOf(bits) >= value) return 'ok';
      if (bits < 0n || this.#isDetached) return 'lost';
      const remainingMs = end - performance.now();
      if (!(remainingMs > 0)) return 'timeout';
      Atomics.wait(this.#word, 0, bits, remainingMs);
    }
  }
}

function valueOf(bits: bigint): number {
  return Number(bits < 0n ? ~bits : bits);
}

/** Resolves once the word may differ from `bits`. */
async function changeOf(word: BigInt64Array<SharedArrayBuffer>, bits: bigint): Promise<void> {
  const { waitAsync } = Atomics as { waitAsync?: (word: BigInt64Array, index: number, bits: bigint) => { value: unknown } };
  if (waitAsync === undefined) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  else await waitAsync(word, 0, bits).value;
}

let isSleepAllowed: boolean | undefined;

/** Windows and service workers may not; nothing but trying tells. */
function canSleep(): boolean {
  if (isSleepAllowed === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
      isSleepAllowed = true;
    } catch {
      isSleepAllowed = false;
    }
  }
  return isSleepAllowed;
}
