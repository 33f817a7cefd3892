import type { TimelineSemaphore, WaitResult } from './timeline-semaphore.ts';
import { checkTimelineValue, TimelineWaiters } from './timeline-waiters.ts';

/** A semaphore within one realm. */
export class LocalTimeline implements TimelineSemaphore {
  #value = 0;
  #isClosed = false;
  #waiters = new TimelineWaiters();

  get value(): number {
    return this.#value;
  }

  signal(value: number): boolean {
    checkTimelineValue(value);
    if (this.#isClosed || value <= this.#value) return false;
    this.#value = value;
    this.#waiters.reach(value);
    return true;
  }

  wait(value: number, timeoutMs = Infinity): Promise<WaitResult> {
    checkTimelineValue(value);
    if (value <= this.#value) return Promise.resolve('ok');
    return this.#isClosed ? Promise.resolve('lost') : this.#waiters.wait(value, timeoutMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#waiters.lose();
  }
}
