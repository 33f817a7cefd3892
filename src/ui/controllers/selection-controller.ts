/** The selected prim and its properties, read again when they may have changed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PrimDetails } from '../../share/protocol/engine.ts';
import type { DetailsState } from '../panels/usd-attributes.ts';
import { errorInfoOf } from './engine-controller.ts';

/** Values are read again this often at most while they change: more than eyes can follow helps nobody. */
const INTERVAL_MS = 250;

export class SelectionController implements ReactiveController {
  /** '' when nothing is selected. */
  path = '';
  details: PrimDetails | undefined;
  state: DetailsState = 'empty';
  error = '';

  #host: ReactiveControllerHost;
  #read: (path: string) => Promise<PrimDetails>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedMs = 0;

  constructor(host: ReactiveControllerHost, read: (path: string) => Promise<PrimDetails>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  select(path: string): void {
    this.path = path;
    if (path === '') {
      this.details = undefined;
      this.#setState('empty');
    } else void this.#readDetails();
  }

  /** Values may have changed: reads them again, soon. */
  refresh(): void {
    if (this.path === '' || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.path !== '') void this.#readDetails();
      },
      Math.max(0, this.#askedMs + INTERVAL_MS - performance.now()),
    );
  }

  async #readDetails(): Promise<void> {
    const { path } = this;
    this.#askedMs = performance.now();
    this.#setState('loading');
    try {
      const details = await this.#read(path);
      if (path !== this.path) return;
      this.details = details;
      this.#setState('ready');
    } catch (error) {
      if (path !== this.path) return;
      this.error = errorInfoOf(error).message;
      this.#setState('failed');
    }
  }

  #setState(state: DetailsState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
