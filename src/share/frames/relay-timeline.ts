import { LocalTimeline } from './timeline/local-timeline.ts';
import type { TimelineSemaphore, WaitResult } from './timeline/timeline-semaphore.ts';

/**
 * A semaphore that outlives those it stands for: a connection's transport, and with it the transport's semaphores, changes when the texture is resized
 * or a transport fails, while who waits for a frame goes on waiting.
 */
export class RelayTimeline implements TimelineSemaphore {
  #own = new LocalTimeline();
  #source: TimelineSemaphore | undefined;
  /** Nothing is waited for at the source before somebody waits here. */
  #isAwaited = false;

  get value(): number {
    if (this.#source !== undefined) this.#own.signal(this.#source.value);
    return this.#own.value;
  }

  /** Stands for `source` from here on. Its value counts from where this one is if it is lower. */
  follow(source: TimelineSemaphore): void {
    this.#own.signal(this.value);
    this.#source = source;
    if (this.#isAwaited) void this.#relay(source);
  }

  signal(value: number): boolean {
    const rose = value > this.value;
    this.#own.signal(value);
    this.#source?.signal(value);
    return rose;
  }

  wait(value: number, timeoutMs?: number): Promise<WaitResult> {
    if (!this.#isAwaited) {
      this.#isAwaited = true;
      if (this.#source !== undefined) void this.#relay(this.#source);
    }
    if (value <= this.value) return Promise.resolve('ok');
    return this.#own.wait(value, timeoutMs);
  }

  close(): void {
    this.#own.signal(this.value);
    this.#own.close();
    this.#source = undefined;
  }

  async #relay(source: TimelineSemaphore): Promise<void> {
    while (source === this.#source && (await source.wait(this.#own.value + 1)) === 'ok') this.#own.signal(source.value);
  }
}
