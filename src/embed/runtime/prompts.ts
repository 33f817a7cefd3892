/** Two hints that come and go: the model can be turned, and a wheel needs a key to zoom. */
import type { ElementSide } from '../element-side.ts';

const HINT_MS = 1600;
/** Who has turned one model of the page knows it of the others. */
let isKnown = false;

export class Prompts {
  #side: ElementSide;
  #promptTimer: ReturnType<typeof setTimeout> | undefined;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(side: ElementSide) {
    this.#side = side;
  }

  /** The model can be seen. */
  begin(): void {
    const { cameraControls, interactionPrompt, interactionPromptThreshold } = this.#side.element;
    clearTimeout(this.#promptTimer);
    if (isKnown || !cameraControls || interactionPrompt === 'none') return;
    this.#promptTimer = setTimeout(() => this.#show(this.#side.skeleton.prompt, !isKnown), interactionPromptThreshold);
  }

  /** Something was done by hand. */
  end(): void {
    isKnown = true;
    clearTimeout(this.#promptTimer);
    this.#show(this.#side.skeleton.prompt, false);
    this.#show(this.#side.skeleton.hint, false);
  }

  wheelPassed(): void {
    const { hint, prompt } = this.#side.skeleton;
    this.#show(prompt, false);
    this.#show(hint, true);
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => this.#show(hint, false), HINT_MS);
  }

  dispose(): void {
    clearTimeout(this.#promptTimer);
    clearTimeout(this.#hintTimer);
    for (const note of [this.#side.skeleton.prompt, this.#side.skeleton.hint]) this.#show(note, false);
  }

  #show(note: HTMLElement, isShown: boolean): void {
    note.classList.toggle('shown', isShown);
  }
}
