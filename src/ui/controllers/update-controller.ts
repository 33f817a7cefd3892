import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ServiceEvent, ServiceRequest } from '../../share/protocol/service.ts';

export type UpdateState =
  /** This page is the newest that the browser has. */
  | 'none'
  /** A newer version is there whole and waits. */
  | 'ready'
  /** The user asked for it. */
  | 'applying'
  /** Another window of the app took it; this one goes on with the files of its own version. */
  | 'replaced'
  /** This is the version before the newest, whose page does not start. */
  | 'fellBack';

/** The browser looks for a new version when a page is loaded; a window that stays open does when it is looked at again. */
const CHECK_AFTER_MS = 60 * 60 * 1000;
/** A version that does not take over by then is asked for again after the reload. */
const TAKES_OVER_MS = 8000;

/** New versions of the app, which the service worker brings. They are applied when the user says so, and only then is the page reloaded. */
export class UpdateController implements ReactiveController {
  state: UpdateState = 'none';

  readonly #host: ReactiveControllerHost;
  readonly #registration: ServiceWorkerRegistration;
  #isControlled = navigator.serviceWorker.controller !== null;
  #checkedMs = Date.now();

  constructor(host: ReactiveControllerHost, registration: ServiceWorkerRegistration) {
    this.#host = host;
    this.#registration = registration;
    host.addController(this);
  }

  hostConnected(): void {
    navigator.serviceWorker.addEventListener('controllerchange', this.#onTakenOver);
    navigator.serviceWorker.addEventListener('message', this.#onMessage);
    this.#registration.addEventListener('updatefound', this.#onFound);
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#onFound();
    this.#look();
  }

  hostDisconnected(): void {
    navigator.serviceWorker.removeEventListener('controllerchange', this.#onTakenOver);
    navigator.serviceWorker.removeEventListener('message', this.#onMessage);
    this.#registration.removeEventListener('updatefound', this.#onFound);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  /** Puts the new version in charge, and reloads the page with it. */
  apply(): void {
    const { waiting } = this.#registration;
    if (this.state === 'replaced' || waiting === null) {
      location.reload();
      return;
    }
    this.#turn('applying');
    waiting.postMessage({ kind: 'skipWaiting' } satisfies ServiceRequest);
    setTimeout(() => location.reload(), TAKES_OVER_MS);
  }

  /** Says no more of it until there is something newer. */
  dismiss(): void {
    this.#turn('none');
  }

  #onFound = (): void => {
    const { installing } = this.#registration;
    installing?.addEventListener('statechange', this.#look);
  };

  /** The first version of all takes over without waiting, and is no news. */
  #look = (): void => {
    if (this.#registration.waiting !== null && navigator.serviceWorker.controller !== null) this.#turn('ready');
  };

  #onTakenOver = (): void => {
    const wasControlled = this.#isControlled;
    this.#isControlled = true;
    if (this.state === 'applying') location.reload();
    else if (wasControlled) this.#turn('replaced');
  };

  #onMessage = ({ data }: MessageEvent<ServiceEvent>): void => {
    if (data.kind === 'fellBack' && this.state === 'none') this.#turn('fellBack');
  };

  #onVisibility = (): void => {
    if (document.hidden || Date.now() - this.#checkedMs < CHECK_AFTER_MS) return;
    this.#checkedMs = Date.now();
    // Without a network there is nothing new.
    this.#registration.update().catch(() => undefined);
  };

  #turn(state: UpdateState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
