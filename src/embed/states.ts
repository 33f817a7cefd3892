/** Custom states for CSS: `usd-view:state(loaded)`. */
export type StateName = 'loading' | 'loaded' | 'error' | 'poster' | 'playing' | 'interacting' | 'animated' | 'visible';

export class CustomStates {
  #states: CustomStateSet | undefined;

  constructor(element: HTMLElement) {
    try {
      this.#states = element.attachInternals().states;
    } catch {
      // Browsers without element internals have no custom states; nothing else depends on them.
    }
  }

  set(state: StateName, isOn: boolean): void {
    try {
      if (isOn) this.#states?.add(state);
      else this.#states?.delete(state);
    } catch {
      // Chromium before 125 only takes names with two dashes, which `:state()` does not know.
      this.#states = undefined;
    }
  }
}
