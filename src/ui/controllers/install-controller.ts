import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The browser's offer to install the page, which TypeScript's library leaves out. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

/** The page's one offer. Browsers make it soon after the page is loaded, and once; it is kept until somebody wants it. */
class InstallOffer extends EventTarget {
  #offer: InstallPromptEvent | undefined;

  constructor() {
    super();
    globalThis.addEventListener('beforeinstallprompt', (event) => {
      // The browser's own banner would cover the scene on phones.
      event.preventDefault();
      this.#turn(event as InstallPromptEvent);
    });
    globalThis.addEventListener('appinstalled', () => this.#turn(undefined));
  }

  get isMade(): boolean {
    return this.#offer !== undefined;
  }

  /** Asks the user, with the browser's dialog. An offer can be used once. */
  async take(): Promise<void> {
    const offer = this.#offer;
    this.#turn(undefined);
    await offer?.prompt();
  }

  #turn(offer: InstallPromptEvent | undefined): void {
    this.#offer = offer;
    this.dispatchEvent(new Event('change'));
  }
}

const shared = new InstallOffer();

/** Whether the page can be installed as an app, for a button that does. Chromium alone tells; elsewhere it is never. */
export class InstallController implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get canInstall(): boolean {
    return shared.isMade;
  }

  hostConnected(): void {
    shared.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    shared.removeEventListener('change', this.#onChange);
  }

  /** Call it in the handler of a click or a key: the browser wants a user's hand in it. */
  install(): Promise<void> {
    return shared.take();
  }

  #onChange = (): void => this.#host.requestUpdate();
}
