/** Speaks states of the page to screen readers: the newest text, after a pause, so that a burst is heard once. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PAUSE_MS = 350;

export class Announcer implements ReactiveController {
  /** Text for the live region that the host renders. */
  text = '';

  #host: ReactiveControllerHost;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  say(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.text = text;
      this.#host.requestUpdate();
    }, PAUSE_MS);
  }
}
