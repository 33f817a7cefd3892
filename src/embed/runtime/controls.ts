/** The buttons that `controls` shows: play, time, first view, whole screen. */
import type { ElementSide } from '../element-side.ts';
import { icon, make } from '../make.ts';

const PLAY = 'M7 4.500v15l12-7.500z';
const PAUSE = 'M6 5h4.500v14H6zm7.500 0H18v14h-4.500z';
const HOME = 'M12 3 2.500 11H5v9h5.500v-6h3v6H19v-9h2.500z';
const FULL = 'M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z';

export interface ControlsState {
  readonly isAnimated: boolean;
  readonly isPlaying: boolean;
  readonly timeCode: number;
  readonly start: number;
  readonly end: number;
}

export interface ControlsHooks {
  togglePlay(): void;
  seek(timeCode: number): void;
  home(): void;
}

export class Controls {
  #side: ElementSide;
  #row = make('div', { class: 'row' });
  #play: HTMLButtonElement;
  #time = make('input', { type: 'range', part: 'time-slider', 'aria-label': 'Time' });
  #gap = make('span', { class: 'gap' });

  constructor(side: ElementSide, hooks: ControlsHooks) {
    this.#side = side;
    this.#play = button('play-button', 'Play', PLAY, () => hooks.togglePlay());
    this.#time.addEventListener('input', () => hooks.seek(this.#time.valueAsNumber));
    const { element } = side;
    const full = button('fullscreen-button', 'Fill the screen', FULL, () => {
      // Refused where the page does not allow it; then nothing changes.
      const done = document.fullscreenElement === element ? document.exitFullscreen() : element.requestFullscreen();
      done.catch(() => undefined);
    });
    full.hidden = document.fullscreenEnabled !== true;
    this.#row.append(
      this.#play,
      this.#time,
      this.#gap,
      button('home-button', 'First view', HOME, () => hooks.home()),
      full,
    );
    side.skeleton.controls.append(this.#row);
  }

  update({ isAnimated, isPlaying, timeCode, start, end }: ControlsState): void {
    this.#row.hidden = !this.#side.element.controls;
    if (this.#row.hidden) return;
    this.#play.hidden = !isAnimated;
    this.#time.hidden = !isAnimated;
    this.#gap.hidden = isAnimated;
    const label = isPlaying ? 'Pause' : 'Play';
    if (this.#play.getAttribute('aria-label') !== label) {
      this.#play.setAttribute('aria-label', label);
      this.#play.replaceChildren(icon(isPlaying ? PAUSE : PLAY));
    }
    Object.assign(this.#time, { min: String(start), max: String(end), step: 'any' });
    this.#time.value = String(timeCode);
    this.#time.setAttribute('aria-valuetext', `${Math.round(timeCode * 10) / 10} of ${end}`);
  }

  dispose(): void {
    this.#row.remove();
  }
}

function button(part: string, label: string, path: string, act: () => void): HTMLButtonElement {
  const result = make('button', { type: 'button', part, 'aria-label': label }, icon(path));
  result.addEventListener('click', act);
  return result;
}
