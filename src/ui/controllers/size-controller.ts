/** The box around what is selected, or around the whole scene: what sizes are told of. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Aabb } from '../../share/protocol/scene.ts';
import { isUsableBounds } from '../viewport/framing.ts';

/** Boxes are measured again this often at most while time runs. */
const INTERVAL_MS = 250;

export class SizeController implements ReactiveController {
  /** Of everything visible. */
  scene: Aabb | undefined;
  /** Prim that is measured, '' for the scene. */
  path = '';

  #host: ReactiveControllerHost;
  #measure: (path: string) => Promise<Aabb | undefined>;
  #selection: Aabb | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, measure: (path: string) => Promise<Aabb | undefined>) {
    this.#host = host;
    this.#measure = measure;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Undefined where there is nothing to measure. */
  get bounds(): Aabb | undefined {
    return this.path === '' ? this.scene : this.#selection;
  }

  setScene(bounds: Aabb | undefined): void {
    this.scene = isUsableBounds(bounds) ? bounds : undefined;
    this.#host.requestUpdate();
    this.refresh();
  }

  select(path: string): void {
    this.path = path;
    this.#selection = undefined;
    if (path !== '') void this.#read();
  }

  /** Things may have moved. */
  refresh(): void {
    if (this.path === '' || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.path !== '') void this.#read();
    }, INTERVAL_MS);
  }

  async #read(): Promise<void> {
    const { path } = this;
    const bounds = await this.#measure(path).catch(() => undefined);
    if (path !== this.path) return;
    this.#selection = isUsableBounds(bounds) ? bounds : undefined;
    this.#host.requestUpdate();
  }
}
