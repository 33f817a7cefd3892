/** Tells when an element comes near the window, and whether any of it is in sight. */

/** Distance from the window at which loading begins, CSS pixels. */
const NEAR = 200;

export interface NearnessHooks {
  /** Once for each connection. */
  near(): void;
  shown(isShown: boolean): void;
}

export class Nearness {
  /** The element has come near since it was connected. */
  isNear = false;
  /** Some of it is in the window, and the page is not hidden. */
  isShown = false;

  #element: Element;
  #hooks: NearnessHooks;
  #isInWindow = false;
  #observers: IntersectionObserver[] = [];

  constructor(element: Element, hooks: NearnessHooks) {
    this.#element = element;
    this.#hooks = hooks;
  }

  /** Safe to call twice. */
  connect(): void {
    if (this.#observers.length > 0) return;
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        this.isNear = true;
        this.#hooks.near();
      },
      { rootMargin: `${NEAR}px` },
    );
    const inWindow = new IntersectionObserver((entries) => {
      this.#isInWindow = entries.at(-1)?.isIntersecting === true;
      this.#update();
    });
    this.#observers = [near, inWindow];
    for (const observer of this.#observers) observer.observe(this.#element);
    document.addEventListener('visibilitychange', this.#update);
  }

  disconnect(): void {
    for (const observer of this.#observers.splice(0)) observer.disconnect();
    document.removeEventListener('visibilitychange', this.#update);
    this.isNear = false;
    this.#isInWindow = false;
    this.#update();
  }

  #update = (): void => {
    const isShown = this.#isInWindow && document.visibilityState !== 'hidden';
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    this.#hooks.shown(isShown);
  };
}
