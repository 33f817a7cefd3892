/** Playback of a view: the range, autoplay, repetitions, and their events. */
import type { StageSummary } from '../../share/protocol/engine.ts';
import { PlaybackController } from '../../ui/controllers/playback-controller.ts';
import type { ElementSide } from '../element-side.ts';
import { QuietHost } from './quiet-host.ts';
import type { PlayOptions } from './readings.ts';

export interface PlaybackHooks {
  /** Resolves when the next time may be asked for. */
  sample(timeCode: number): Promise<void>;
  isMotionReduced(): boolean;
  /** Something that buttons show changed. */
  changed(): void;
}

export class Playback {
  #side: ElementSide;
  #hooks: PlaybackHooks;
  #clock: PlaybackController;
  #isAnimated = false;
  #isShown = false;
  /** Plays as soon as it is in sight. */
  #isWanted = false;
  #repetitions = Infinity;
  #loops = 0;
  /** Rounds of the clock that are counted. */
  #rounds = 0;
  #lastTime = 0;

  constructor(side: ElementSide, hooks: PlaybackHooks) {
    this.#side = side;
    this.#hooks = hooks;
    this.#clock = new PlaybackController(new QuietHost(() => this.#onTick()), (timeCode) => this.#sample(timeCode));
  }

  get timeCode(): number {
    return this.#clock.timeCode;
  }

  get isPlaying(): boolean {
    return this.#isWanted;
  }

  get isAnimated(): boolean {
    return this.#isAnimated;
  }

  get range(): { readonly start: number; readonly end: number; readonly timeCodesPerSecond: number } {
    return this.#clock.range;
  }

  /** A new stage stands at the time it was opened at. */
  reset(summary: StageSummary, timeCode: number): void {
    this.#isWanted = false;
    this.#updateRange(summary, timeCode);
    this.#lastTime = timeCode;
    if (this.#side.element.autoplay && !this.#hooks.isMotionReduced()) this.play({});
    else this.#tell();
  }

  /** More is known of the stage, or the attributes changed. */
  updateRange(summary: StageSummary): void {
    const wasWanted = this.#isWanted;
    this.#updateRange(summary, this.#clock.timeCode);
    if (wasWanted) this.#run();
  }

  play({ repetitions = Infinity }: PlayOptions): void {
    this.#repetitions = repetitions > 0 ? repetitions : Infinity;
    this.#loops = 0;
    this.#rounds = this.#clock.rounds;
    if (this.#isWanted || !this.#isAnimated) return;
    this.#isWanted = true;
    this.#side.emit('play', null);
    this.#run();
    this.#tell();
  }

  pause(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#clock.pause();
    this.#side.emit('pause', null);
    this.#tell();
  }

  toggle(): void {
    if (this.#isWanted) this.pause();
    else this.play({});
  }

  async seek(timeCode: number): Promise<void> {
    this.#lastTime = timeCode;
    await this.#clock.seek(timeCode);
    this.#side.emit('time-change', { time: timeCode });
    this.#hooks.changed();
  }

  setSpeed(speed: number): void {
    this.#clock.setSpeed(speed);
  }

  setShown(isShown: boolean): void {
    this.#isShown = isShown;
    if (isShown) this.#run();
    else this.#clock.pause();
  }

  dispose(): void {
    this.#isWanted = false;
    this.#clock.pause();
  }

  #updateRange({ startTimeCode, endTimeCode, timeCodesPerSecond, framesPerSecond, isAnimated }: StageSummary, timeCode: number): void {
    const { start, end } = this.#side.element;
    const first = start ?? startTimeCode ?? 0;
    const last = Math.max(first, end ?? endTimeCode ?? first);
    this.#isAnimated = isAnimated && last > first;
    this.#clock.reset({ start: first, end: last, timeCodesPerSecond, step: timeCodesPerSecond / (framesPerSecond || 24) }, timeCode);
    this.#side.setState('animated', this.#isAnimated);
  }

  #run(): void {
    if (!this.#isWanted || !this.#isShown) return;
    this.#clock.setLooping(this.#repetitions - this.#loops > 1);
    this.#clock.play();
  }

  async #sample(timeCode: number): Promise<void> {
    await this.#hooks.sample(timeCode);
  }

  /** The clock's state changed: it ticked, or came to an end. */
  #onTick(): void {
    const { timeCode, isPlaying, isLooping, rounds } = this.#clock;
    if (timeCode === this.#lastTime || !this.#isWanted || !this.#isShown) return;
    this.#lastTime = timeCode;
    this.#side.emit('time-change', { time: timeCode });
    this.#hooks.changed();
    const passed = rounds - this.#rounds;
    this.#rounds = rounds;
    this.#loops += passed;
    if (this.#loops >= this.#repetitions || (!isPlaying && !isLooping)) this.#finish();
    else if (passed > 0) {
      this.#clock.setLooping(this.#repetitions - this.#loops > 1);
      this.#side.emit('loop', { count: this.#loops });
    }
  }

  #finish(): void {
    this.#isWanted = false;
    this.#clock.pause();
    const { start, end } = this.#clock.range;
    const last = this.#clock.speed < 0 ? start : end;
    // A slow frame may have gone past it.
    if (this.#clock.timeCode !== last) this.seek(last).catch(() => undefined);
    this.#side.emit('finished', null);
    this.#tell();
  }

  #tell(): void {
    this.#side.setState('playing', this.#isWanted);
    this.#hooks.changed();
  }
}
