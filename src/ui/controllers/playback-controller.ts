/**
 * The clock of animated stages. Time codes advance by `timeCodesPerSecond` a second, whatever the display's rate; a frame the
 * engine is too slow for is left out, time is not stretched.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface PlaybackRange {
  /** Time codes. */
  readonly start: number;
  readonly end: number;
  readonly timeCodesPerSecond: number;
  /** Step of the step buttons, time codes. */
  readonly step: number;
}

export class PlaybackController implements ReactiveController {
  timeCode = 0;
  isPlaying = false;
  isLooping = true;
  /** Times the authored speed; negative plays backwards. */
  speed = 1;
  /** How often playback has begun again at the other end of the range. */
  rounds = 0;

  #host: ReactiveControllerHost;
  #range: PlaybackRange = { start: 0, end: 0, timeCodesPerSecond: 24, step: 1 };
  #sample: (timeCode: number) => Promise<void>;
  #isSampling = false;
  #frame = 0;
  #lastMs = 0;

  /** @param sample draws a time code; resolves when the next one may be asked for */
  constructor(host: ReactiveControllerHost, sample: (timeCode: number) => Promise<void>) {
    this.#host = host;
    this.#sample = sample;
    host.addController(this);
  }

  get range(): PlaybackRange {
    return this.#range;
  }

  hostDisconnected(): void {
    this.pause();
  }

  /** A new stage: stops, and stands at `timeCode`. */
  reset(range: PlaybackRange, timeCode: number): void {
    this.pause();
    this.#range = range;
    this.timeCode = timeCode;
    this.#host.requestUpdate();
  }

  /** Stands at a time code that was sampled already. */
  standAt(timeCode: number): void {
    this.timeCode = timeCode;
    this.#host.requestUpdate();
  }

  play(): void {
    if (this.isPlaying || this.#range.end <= this.#range.start) return;
    const { start, end } = this.#range;
    if (this.speed < 0 && this.timeCode <= start) this.timeCode = end;
    else if (this.speed >= 0 && this.timeCode >= end) this.timeCode = start;
    this.isPlaying = true;
    this.#lastMs = performance.now();
    this.#frame = requestAnimationFrame(this.#tick);
    this.#host.requestUpdate();
  }

  pause(): void {
    if (!this.isPlaying) return;
    cancelAnimationFrame(this.#frame);
    this.isPlaying = false;
    this.#host.requestUpdate();
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** An animation frame of another window: the page's own rest while it is hidden. */
  animationFrame(): void {
    if (!this.isPlaying) return;
    cancelAnimationFrame(this.#frame);
    this.#tick(performance.now());
  }

  /** Stands at a time code, which may be outside the range. Resolves when it is sampled. */
  async seek(timeCode: number): Promise<void> {
    this.timeCode = timeCode;
    this.#lastMs = performance.now();
    this.#host.requestUpdate();
    await this.#sample(timeCode);
  }

  /** Moves by whole steps, on to the grid that starts at the range's start. */
  step(count: number): Promise<void> {
    this.pause();
    const { start, end, step } = this.#range;
    const position = (this.timeCode - start) / step;
    const next = count > 0 ? Math.floor(position + 1e-6) + count : Math.ceil(position - 1e-6) + count;
    return this.seek(Math.min(end, Math.max(start, start + next * step)));
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.#host.requestUpdate();
  }

  setLooping(isLooping: boolean): void {
    this.isLooping = isLooping;
    this.#host.requestUpdate();
  }

  #tick = (now: number): void => {
    const { start, end, timeCodesPerSecond } = this.#range;
    const elapsedSeconds = Math.max(0, now - this.#lastMs) / 1000;
    this.#lastMs = now;
    const delta = elapsedSeconds * timeCodesPerSecond * this.speed;
    if (this.isLooping) this.rounds += Math.abs(Math.floor((this.timeCode + delta - start) / (end - start)));
    this.timeCode = advance(this.timeCode, delta, start, end, this.isLooping);
    if (!this.isLooping && (this.speed < 0 ? this.timeCode <= start : this.timeCode >= end)) this.isPlaying = false;
    if (!this.#isSampling) {
      this.#isSampling = true;
      void this.#sample(this.timeCode)
        .catch(() => this.pause())
        .finally(() => {
          this.#isSampling = false;
        });
    }
    this.#host.requestUpdate();
    if (this.isPlaying) this.#frame = requestAnimationFrame(this.#tick);
  };
}

/** `timeCode + delta`, wrapped into the range or stopped at its end. */
export function advance(timeCode: number, delta: number, start: number, end: number, isLooping: boolean): number {
  const length = end - start;
  if (!(length > 0)) return start;
  const moved = timeCode + delta - start;
  if (!isLooping) return start + Math.min(length, Math.max(0, moved));
  return start + (((moved % length) + length) % length);
}
