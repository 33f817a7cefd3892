/** Stands where the app's controllers expect an element of Lit: hears that something changed, and renders nothing. */
export class QuietHost {
  readonly updateComplete = Promise.resolve(true);
  #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  addController(_controller: object): void {}

  removeController(_controller: object): void {}

  requestUpdate(): void {
    this.#changed();
  }
}
