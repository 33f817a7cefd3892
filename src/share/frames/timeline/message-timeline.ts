import type { Link } from '../link/link.ts';
import { LocalTimeline } from './local-timeline.ts';
import type { TimelineSemaphore, WaitResult } from './timeline-semaphore.ts';

/**
 * A semaphore of which each end has a copy; a signal raises the own copy at once and the other's by a message. The link belongs to it. Two ends that
 * signal the same value at the same time are both told that it rose.
 */
export class MessageTimeline implements TimelineSemaphore {
  #link: Link;
  #copy = new LocalTimeline();

  constructor(link: Link) {
    this.#link = link;
    link.listen((message) => {
      const { kind, value } = (message ?? {}) as { kind?: unknown; value?: unknown };
      if (kind === 'timeline-signal' && isValue(value)) this.#copy.signal(value);
    });
    link.onLost(() => this.#copy.close());
  }

  get value(): number {
    return this.#copy.value;
  }

  signal(value: number): boolean {
    const rose = this.#copy.signal(value);
    if (rose) this.#link.post({ kind: 'timeline-signal', value });
    return rose;
  }

  wait(value: number, timeoutMs?: number): Promise<WaitResult> {
    return this.#copy.wait(value, timeoutMs);
  }

  close(): void {
    this.#copy.close();
    this.#link.close();
  }
}

function isValue(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
