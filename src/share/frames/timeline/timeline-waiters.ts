import { ShareError } from '../share-error.ts';
import type { WaitResult } from './timeline-semaphore.ts';

/** Timers take at most this; what is longer is forever. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Waiter {
  readonly value: number;
  readonly resolve: (result: WaitResult) => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Who waits for which value, in this realm. */
export class TimelineWaiters {
  #waiters = new Set<Waiter>();

  get count(): number {
    return this.#waiters.size;
  }

  wait(value: number, timeoutMs: number): Promise<WaitResult> {
    if (!(timeoutMs > 0)) return Promise.resolve('timeout');
    return new Promise((resolve) => {
      const waiter: Waiter = { value, resolve, timer: undefined };
      if (timeoutMs <= LONGEST_TIMER_MS) waiter.timer = setTimeout(() => this.#end(waiter, 'timeout'), Math.ceil(timeoutMs));
      this.#waiters.add(waiter);
    });
  }

  /** Wakes all that wait for `value` or less. */
  reach(value: number): void {
    for (const waiter of this.#waiters) {
      if (waiter.value <= value) this.#end(waiter, 'ok');
    }
  }

  lose(): void {
    for (const waiter of this.#waiters) this.#end(waiter, 'lost');
  }

  #end(waiter: Waiter, result: WaitResult): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
    waiter.resolve(result);
  }
}

/** @throws ShareError `share-bad-descriptor` */
export function checkTimelineValue(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ShareError('share-bad-descriptor', `A timeline's values are whole numbers from 0 to 2^53 - 1, not ${String(value)}`);
  }
}
