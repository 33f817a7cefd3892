/** Where animation frames do not come (hidden tabs), a timer draws. */
const FRAME_TIMEOUT_MS = 250;
/** Time to encode pictures in one turn; who is left comes first in the next. */
const TURN_MS = 12;
/** A picture that keeps the graphics device busy for longer gives way to other views. */
const HEAVY_MS = 40;
/** A view that asked for a picture this recently is at work. */
const RECENT_MS = 300;

/**
 * Animation frames for all views: in each, every view that asked is drawn once, in the order of asking. The device works
 * through pictures one after the other, so a view whose pictures take long leaves it to the others for as long as its
 * last one took, as long as there are others.
 */
export class FrameLoop {
  #waiting = new Set<FrameSlot>();
  #slots = new Set<FrameSlot>();
  #isScheduled = false;
  /** When the device finished the last picture. */
  #lastDone = 0;

  join(draw: () => void): FrameSlot {
    const slot = new FrameSlot(this, draw);
    this.#slots.add(slot);
    return slot;
  }

  leave(slot: FrameSlot): void {
    this.#slots.delete(slot);
    this.#waiting.delete(slot);
  }

  request(slot: FrameSlot): void {
    if (!this.#slots.has(slot)) return;
    this.#waiting.add(slot);
    this.#schedule();
  }

  hasOthers(slot: FrameSlot, now: number): boolean {
    for (const other of this.#slots) if (other !== slot && now - other.askedAt < RECENT_MS) return true;
    return false;
  }

  /** @returns milliseconds that the device worked on a picture submitted at `begin` that is done now */
  finish(begin: number, now: number): number {
    const cost = now - Math.max(begin, this.#lastDone);
    this.#lastDone = now;
    return cost;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    let isDone = false;
    const once = (): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      this.#isScheduled = false;
      this.#turn();
    };
    const timer = setTimeout(once, FRAME_TIMEOUT_MS);
    requestAnimationFrame(once);
  }

  #turn(): void {
    const end = performance.now() + TURN_MS;
    const asked = this.#waiting;
    // Who asks again meanwhile waits for the next turn, behind those that this one has no time for.
    this.#waiting = new Set();
    const left: FrameSlot[] = [];
    for (const slot of asked) {
      if (performance.now() < end) slot.draw();
      else left.push(slot);
    }
    if (left.length > 0) this.#waiting = new Set([...left, ...this.#waiting]);
    if (this.#waiting.size > 0) this.#schedule();
  }
}

/** One view's place in the loop. */
export class FrameSlot {
  readonly draw: () => void;
  /** When the view last asked for a picture. */
  askedAt = -Infinity;
  #loop: FrameLoop;
  #inFlight = 0;
  #costMs = 0;
  #doneAt = 0;

  constructor(loop: FrameLoop, draw: () => void) {
    this.#loop = loop;
    this.draw = draw;
  }

  /** Pictures that the device works on. */
  get inFlight(): number {
    return this.#inFlight;
  }

  request(): void {
    this.askedAt = performance.now();
    this.#loop.request(this);
  }

  /** Milliseconds to leave the device to other views before drawing; 0: now. */
  waitFor(now: number): number {
    if (this.#costMs <= HEAVY_MS || !this.#loop.hasOthers(this, now)) return 0;
    return Math.max(0, this.#doneAt + this.#costMs - now);
  }

  /**
   * Counts a picture as in flight.
   *
   * @param begin when its encoding began
   * @returns to be called once when the device is done with it
   */
  submitted(begin: number): () => void {
    this.#inFlight++;
    return () => {
      const now = performance.now();
      this.#inFlight--;
      this.#costMs = this.#loop.finish(begin, now);
      this.#doneAt = now;
    };
  }

  /** The device is gone with all that was in flight. */
  reset(): void {
    this.#inFlight = 0;
    this.#costMs = 0;
  }

  leave(): void {
    this.#loop.leave(this);
  }
}
