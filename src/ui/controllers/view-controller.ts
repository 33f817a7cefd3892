/** What is seen of the stage, as far as somebody chose it: camera, time, variants, selection, purposes. Links and sessions keep it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { VariantChoice } from '../../share/protocol/engine.ts';
import { DEFAULT_RENDER_SETTINGS } from '../../share/protocol/renderer.ts';
import type { ViewState } from '../../share/view-state/view-state.ts';
import { areWhole, hasCameraWords, viewOfWords, wordsOfView } from '../app/view-words.ts';
import type { UsdViewport } from '../viewport/usd-viewport.ts';
import type { EngineController } from './engine-controller.ts';
import type { PlaybackController } from './playback-controller.ts';
import type { PrimsController } from './prims-controller.ts';
import type { RendererController } from './renderer-controller.ts';

/** A change is told after this pause, so that a movement counts once. */
const PAUSE_MS = 400;

export interface ViewParts {
  readonly engine: EngineController;
  readonly renderer: RendererController;
  readonly playback: PlaybackController;
  readonly prims: PrimsController;
  viewport(): UsdViewport;
  /** Something of it changed, a moment ago. */
  changed(): void;
}

export class ViewController implements ReactiveController {
  #host: ReactiveControllerHost;
  #parts: ViewParts;
  #camera = '';
  /** Choices made since the stage was opened, by prim and set. */
  #variants = new Map<string, VariantChoice>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, parts: ViewParts) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Path of the stage's camera that is looked through, '' for the free one. */
  get camera(): string {
    return this.#camera;
  }

  get state(): ViewState {
    const { engine, renderer, playback, prims, viewport } = this.#parts;
    const { summary } = engine;
    if (summary === undefined) return {};
    const { timeCode, range } = playback;
    const { view } = viewport();
    const { purposes } = renderer.settings;
    return {
      ...(timeCode === range.start ? {} : { time: timeCode }),
      ...(this.#variants.size === 0 ? {} : { variants: [...this.#variants.values()] }),
      ...(prims.selection.path === '' ? {} : { select: prims.selection.path }),
      ...(this.#camera !== '' ? { camera: this.#camera } : view === undefined ? {} : wordsOfView(view, summary)),
      ...(purposes.join() === DEFAULT_RENDER_SETTINGS.purposes.join() ? {} : { purposes }),
    };
  }

  /** Sees a new stage as a state says; its time and variants were asked for with the stage itself. */
  async show(state: ViewState): Promise<void> {
    const { engine, renderer, playback, prims, viewport } = this.#parts;
    for (const choice of state.variants ?? []) this.keepVariant(choice);
    if (state.time !== undefined) playback.standAt(state.time);
    if (state.purposes !== undefined) renderer.setSettings({ ...renderer.settings, purposes: state.purposes });
    if (state.select !== undefined) prims.select(state.select, true);
    if (state.camera !== undefined) await this.useCamera(state.camera);
    else if (hasCameraWords(state)) {
      const stage = engine.summary?.stage;
      if (!areWhole(state)) await engine.completed();
      const { summary } = engine;
      if (summary !== undefined && summary.stage === stage) viewport().setView((framed) => viewOfWords(state, framed, summary));
    }
  }

  keepVariant(choice: VariantChoice): void {
    this.#variants.set(`${choice.primPath}{${choice.set}}`, choice);
    this.changed();
  }

  /** The stage is closed, or another one opened. */
  forget(): void {
    this.freeCamera();
    this.#variants.clear();
  }

  async useCamera(path: string): Promise<void> {
    if (path === '') {
      this.freeCamera();
      this.#parts.viewport().lookFreely();
      return;
    }
    const pose = await this.#parts.engine.cameraPose(path);
    this.#setCamera(path);
    this.#parts.viewport().lookThrough(pose);
  }

  /** The next camera of the stage, and after the last the free one. */
  nextCamera(): Promise<void> {
    const paths = ['', ...(this.#parts.engine.summary?.cameras.map(({ path }) => path) ?? [])];
    return this.useCamera(paths[(paths.indexOf(this.#camera) + 1) % paths.length] ?? '');
  }

  /** The camera is no longer the stage's. */
  freeCamera(): void {
    this.#setCamera('');
  }

  /** Tells of a change after a pause. */
  changed(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#parts.changed();
    }, PAUSE_MS);
  }

  #setCamera(path: string): void {
    this.#camera = path;
    this.changed();
    this.#host.requestUpdate();
  }
}
