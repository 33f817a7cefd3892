/** Thrown inside a job that was cancelled; it ends the job and is answered with code `cancelled`. */
export class CancelledError extends Error {
  readonly code = 'cancelled';

  constructor() {
    super('The work was cancelled');
    this.name = 'CancelledError';
  }
}

let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

/**
 * Gives the event loop one turn, so that messages that wait (a cancel) are heard.
 * A MessageChannel is used because timers are clamped to 4 ms and `scheduler.yield` comes back before waiting messages.
 */
export function yieldToMessages(): Promise<void> {
  const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;
  if (immediate !== undefined) return new Promise((resolve) => immediate(() => resolve()));
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(0);
  });
}

/**
 * Keeps long work polite: `isDue` is cheap enough for every prim, `rest` yields and ends cancelled work.
 * Use: `if (pace.isDue()) await pace.rest();`.
 */
export class Pace {
  readonly signal: AbortSignal;
  #sliceMs: number;
  #sliceEnd: number;

  /** @param sliceMs longest stretch without a turn of the event loop */
  constructor(signal: AbortSignal, sliceMs = 12) {
    this.signal = signal;
    this.#sliceMs = sliceMs;
    this.#sliceEnd = performance.now() + sliceMs;
  }

  isDue(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  /** @throws CancelledError after an abort */
  async rest(): Promise<void> {
    await yieldToMessages();
    if (this.signal.aborted) throw new CancelledError();
    this.#sliceEnd = performance.now() + this.#sliceMs;
  }

  /** @throws CancelledError after an abort */
  check(): void {
    if (this.signal.aborted) throw new CancelledError();
  }
}
