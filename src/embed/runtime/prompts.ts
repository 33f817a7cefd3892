/** Two hints that come and go: the model can be turned, and a wheel needs a key to zoom. */
import type { ElementSide } from '../element-side.ts';

const HINT_MS = 1600;

export class Prompts {
  #side: ElementSide;
  #promptTimer: ReturnType<typeof setTimeout> | undefined;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;
  /** The user knows. */
  #isDone = false;

  constructor(side: ElementSide) {
    this.#side = side;
  }

  /** The model can be seen. */
  begin(): void {
    const { cameraControls, interactionPrompt, interactionPromptThreshold } = this.#side.element;
    clearTimeout(this.#promptTimer);
    if (this.#isDone || !cameraControls || interactionPrompt === 'none') return;
    this.#promptTimer = setTimeout(() => this.#show(this.#side.skeleton.prompt, true), interactionPromptThreshold);
  }

  /** Something was done by hand. */
  end(): void {
    this.#isDone = true;
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
