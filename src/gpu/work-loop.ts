/**
 * Slices of work for all views, one per turn of the event loop, in the order of asking: however many views load, messages and
 * animation frames wait for one slice at most.
 */
export class WorkLoop {
  #waiting = new Set<() => void>();
  #channel = new MessageChannel();

  constructor() {
    this.#channel.port1.onmessage = () => this.#turn();
  }

  /** Runs a slice soon; asked for again before that, once. */
  request(slice: () => void): void {
    this.#waiting.add(slice);
    if (this.#waiting.size === 1) this.#channel.port2.postMessage(null);
  }

  cancel(slice: () => void): void {
    this.#waiting.delete(slice);
  }

  dispose(): void {
    this.#waiting.clear();
    this.#channel.port1.close();
  }

  #turn(): void {
    const [slice] = this.#waiting;
    if (slice === undefined) return;
    this.#waiting.delete(slice);
    if (this.#waiting.size > 0) this.#channel.port2.postMessage(null);
    slice();
  }
}
