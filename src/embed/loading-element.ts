/** Life of `<usd-view>`: when it loads, what it shows meanwhile, and how it ends. */
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import { RemoteError } from '../share/protocol/channel.ts';
import type { ElementSide } from './element-side.ts';
import type { UsdViewErrorDetail, UsdViewEvents } from './events.ts';
import { showMessage, TITLES, wordsOf } from './message.ts';
import { Nearness } from './nearness.ts';
import { NotLoadedError } from './not-loaded-error.ts';
import { ReflectedElement } from './reflected-element.ts';
import type { View } from './runtime/view.ts';
import { Skeleton } from './skeleton.ts';
import { absoluteAddress, fileNameOf } from './source-address.ts';
import { CustomStates } from './states.ts';

/** Attributes that name what is loaded: another value is another load. */
const SOURCE_ATTRIBUTES: readonly string[] = ['src', 'root', 'payloads', 'complexity', 'with-credentials'];

/** A worker that broke down does not come back, and an empty file stays empty. */
const FINAL_CODES: readonly string[] = ['engine-failed', 'renderer-failed', 'nothing-to-draw'];

export class LoadingElement extends ReflectedElement {
  readonly #skeleton: Skeleton;
  readonly #states: CustomStates;
  readonly #nearness: Nearness;
  #view: View | undefined;
  /** Counts loads, so that an older one that comes late is dropped. */
  #loadCount = 0;
  #opening: Promise<void> | undefined;
  #hasStarted = false;
  #isLoaded = false;
  #isPictured = false;
  /** The user, or a script, asked for the model. */
  #isRevealed = false;
  #isPosterKept = false;
  #wasPosterShown = true;
  #isUpgraded = false;
  /** What the message says; undefined without one. */
  #failure: ErrorInfo | undefined;
  #fileLabel = '';
  #fileDescription = '';
  #changed = new Set<string>();

  constructor() {
    super();
    this.#skeleton = new Skeleton(this);
    this.#states = new CustomStates(this);
    this.#nearness = new Nearness(this, {
      near: () => this.#begin(),
      shown: (isShown) => this.#onShown(isShown),
    });
    this.#skeleton.poster.addEventListener('click', () => {
      if (this.#waitsForClick) this.dismissPoster();
    });
  }

  /** A model is there, perhaps behind the poster. */
  get loaded(): boolean {
    return this.#isLoaded;
  }

  /** The model is in sight. */
  get modelIsVisible(): boolean {
    return this.#isPictured && !this.#isPosterShown && this.#nearness.isShown;
  }

  /** Resolves when a model is loaded, at once where one is; rejects when it cannot be. */
  async whenLoaded(): Promise<void> {
    if (this.#isLoaded) return;
    if (this.#failure !== undefined) throw new RemoteError(this.#failure);
    await new Promise<void>((resolve, reject) => {
      const listening = new AbortController();
      const { signal } = listening;
      const loaded = (): void => {
        listening.abort();
        resolve();
      };
      const failed = (event: Event): void => {
        const { type, error } = (event as UsdViewEvents['error']).detail;
        if (type === 'attribute') return;
        listening.abort();
        reject(new RemoteError(error));
      };
      this.addEventListener('preload', loaded, { signal });
      this.addEventListener('error', failed, { signal });
    });
  }

  /** Shows the model instead of the poster, and loads it where that has not begun. */
  dismissPoster(): void {
    this.#isRevealed = true;
    this.#isPosterKept = false;
    this.#begin();
    this.#updatePoster();
  }

  /** Shows the poster over the model again. */
  showPoster(): void {
    this.#isPosterKept = true;
    this.#updatePoster();
  }

  /** @internal */
  connectedCallback(): void {
    if (!this.#isUpgraded) {
      this.#isUpgraded = true;
      this.upgradeProperties();
    }
    this.#refresh();
    this.#nearness.connect();
    this.#begin();
  }

  /** @internal */
  disconnectedCallback(): void {
    // A move is a removal and an insertion in one task: what is loaded stays.
    queueMicrotask(() => {
      if (!this.isConnected) this.#tearDown();
    });
  }

  /** @internal A move that keeps state asks for nothing. */
  connectedMoveCallback(): void {}

  /** @internal */
  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#isUpgraded) return;
    // One task may change many.
    if (this.#changed.size === 0) queueMicrotask(() => this.#applyChanges());
    this.#changed.add(name);
  }

  /** @internal What draws; undefined before it is there. */
  protected get view(): View | undefined {
    return this.#view;
  }

  /** @internal */
  protected get skeleton(): Skeleton {
    return this.#skeleton;
  }

  /** @internal @throws NotLoadedError */
  protected get openView(): View {
    if (this.#view?.summary === undefined) throw new NotLoadedError();
    return this.#view;
  }

  /** @internal Waits for a load that has begun. @throws NotLoadedError */
  protected async openedView(): Promise<View> {
    await this.#opening;
    return this.openView;
  }

  /** @internal Attributes changed that concern neither loading nor drawing. */
  protected refreshed(): void {}

  /** @internal The view was made. */
  protected viewMade(_view: View): void {}

  protected addressOf(text: string | null): URL | undefined {
    return text === null || text.trim() === '' ? undefined : absoluteAddress(text, document.baseURI);
  }

  get #waitsForClick(): boolean {
    return this.reveal === 'manual' && !this.#isRevealed;
  }

  get #isPosterShown(): boolean {
    return this.#isPosterKept || !this.#isPictured || this.#waitsForClick;
  }

  get #label(): string {
    return this.alt || this.#fileLabel || fileNameOf(this.src ?? '') || '3D model';
  }

  #onShown(isShown: boolean): void {
    this.#states.set('visible', isShown);
    this.#view?.setShown(isShown);
    if (this.#isPictured && !this.#isPosterShown) this.#emit('model-visibility', { visible: isShown });
  }

  #applyChanges(): void {
    const changed = this.#changed;
    this.#changed = new Set();
    if (!this.isConnected) return;
    this.#refresh();
    if (SOURCE_ATTRIBUTES.some((name) => changed.has(name))) {
      if (this.src === null) this.#tearDown();
      else {
        this.#fileLabel = '';
        this.#fileDescription = '';
        if (this.#hasStarted) void this.#start();
      }
    } else this.#view?.update(changed);
    this.#begin();
  }

  #refresh(): void {
    this.#skeleton.describe(this.#label, this.#fileDescription, this.cameraControls);
    this.#updatePoster();
    this.refreshed();
  }

  /** Begins to load where everything allows it. */
  #begin(): void {
    if (this.#hasStarted || !this.isConnected || this.src === null) return;
    const isWanted = this.loading === 'eager' || this.#isRevealed || (this.#nearness.isNear && !this.#waitsForClick);
    if (isWanted) void this.#start();
  }

  async #start(): Promise<void> {
    const load = ++this.#loadCount;
    this.#hasStarted = true;
    this.#setLoaded(false);
    this.#clearMessage();
    const url = this.addressOf(this.src);
    if (url === undefined) {
      const message = `"${this.src ?? ''}" is no address of a file: it has to be an http, https, blob or data address`;
      this.#fail('loadfailure', { code: 'bad-url', severity: 'error', message });
      return;
    }
    if (globalThis.navigator.gpu === undefined) {
      this.#fail('unsupported', { code: 'webgpu-missing', severity: 'error', message: wordsForMissingGpu() });
      return;
    }
    this.#states.set('loading', true);
    this.#skeleton.surface.setAttribute('aria-busy', 'true');
    this.#skeleton.setProgress(0);
    this.#skeleton.say(`Loading ${this.#label}`);
    this.#opening = this.#open(url.href, load);
    await this.#opening;
  }

  async #open(url: string, load: number): Promise<void> {
    try {
      const { View: RuntimeView } = await import('./runtime/view.ts');
      if (load !== this.#loadCount || !this.isConnected) return;
      if (this.#view === undefined) {
        this.#view = new RuntimeView(this.#makeSide());
        this.viewMade(this.#view);
        this.#view.setShown(this.#nearness.isShown);
      }
      await this.#view.open(url);
    } catch (error) {
      const info = infoOf(error);
      if (load === this.#loadCount && info.code !== 'cancelled') this.#fail('loadfailure', info);
    }
  }

  #makeSide(): ElementSide {
    return {
      element: this,
      skeleton: this.#skeleton,
      emit: (type, detail) => this.#emit(type, detail),
      setState: (state, isOn) => this.#states.set(state, isOn),
      announce: (text) => this.#skeleton.say(text),
      setFileLabel: (label, description) => {
        this.#fileLabel = label;
        this.#fileDescription = description;
        this.#refresh();
      },
      progressed: (share) => {
        this.#skeleton.setProgress(share);
        this.#emit('progress', { totalProgress: share, reason: 'model-load' });
      },
      pictured: () => {
        this.#isPictured = true;
        this.#updatePoster();
      },
      preloaded: () => {
        this.#setLoaded(true);
        this.#skeleton.setProgress(1);
        this.#skeleton.say(`${this.#label} loaded`);
        this.#emit('preload', { url: this.src ?? '' });
      },
      loaded: () => this.#emit('load', { url: this.src ?? '' }),
      failed: (type, error) => this.#fail(type, error),
    };
  }

  #setLoaded(isLoaded: boolean): void {
    this.#isLoaded = isLoaded;
    this.#states.set('loaded', isLoaded);
    this.#states.set('loading', false);
    this.#skeleton.surface.removeAttribute('aria-busy');
  }

  #fail(type: UsdViewErrorDetail['type'], error: ErrorInfo): void {
    if (type !== 'attribute') {
      this.#failure = error;
      this.#states.set('loading', false);
      this.#states.set('error', true);
      this.#skeleton.surface.removeAttribute('aria-busy');
      this.#skeleton.setProgress(1);
      const canRetry = type !== 'unsupported' && !FINAL_CODES.includes(error.code);
      showMessage(this.#skeleton.message, {
        type,
        error,
        file: type === 'unsupported' ? this.addressOf(this.src)?.href : undefined,
        retry: canRetry ? () => void this.#restart(type === 'loadfailure') : undefined,
        hasPoster: this.poster !== null || this.querySelector(':scope > [slot="poster"]') !== null,
      });
      this.#skeleton.say(`${TITLES[type]}: ${wordsOf(error)}`);
    }
    this.#emit('error', { type, error });
  }

  /** From a message's button. A lost device needs everything anew. */
  async #restart(keepsView: boolean): Promise<void> {
    if (!keepsView) this.#endView();
    await this.#start();
    this.#skeleton.surface.focus({ preventScroll: true });
  }

  #clearMessage(): void {
    this.#failure = undefined;
    this.#skeleton.message.hidden = true;
    this.#skeleton.message.replaceChildren();
    this.#states.set('error', false);
  }

  #updatePoster(): void {
    const { poster, posterImage, loadButton, surface } = this.#skeleton;
    const isShown = this.#isPosterShown;
    const address = this.addressOf(this.poster)?.href ?? '';
    if ((posterImage.getAttribute('src') ?? '') !== address) {
      posterImage.hidden = address === '';
      if (address === '') posterImage.removeAttribute('src');
      else posterImage.src = address;
    }
    poster.classList.toggle('gone', !isShown);
    poster.classList.toggle('clickable', this.#waitsForClick);
    loadButton.hidden = !this.#waitsForClick || this.src === null;
    // Behind the poster there is nothing to operate, nor a second thing of the same name.
    const hides = isShown && (address !== '' || this.#waitsForClick);
    surface.inert = hides;
    this.#states.set('poster', isShown);
    if (isShown === this.#wasPosterShown) return;
    this.#wasPosterShown = isShown;
    if (!isShown) this.#emit('poster-dismissed', null);
    if (this.#nearness.isShown) this.#emit('model-visibility', { visible: !isShown });
  }

  #endView(): void {
    this.#view?.dispose();
    this.#view = undefined;
    this.#opening = undefined;
    this.#isPictured = false;
  }

  #tearDown(): void {
    this.#loadCount++;
    this.#endView();
    this.#hasStarted = false;
    this.#setLoaded(false);
    this.#clearMessage();
    this.#skeleton.setProgress(1);
    for (const state of ['animated', 'playing', 'interacting'] as const) this.#states.set(state, false);
    if (!this.isConnected) this.#nearness.disconnect();
    this.#updatePoster();
  }

  #emit<K extends keyof UsdViewEvents>(type: K, detail: UsdViewEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function wordsForMissingGpu(): string {
  return globalThis.isSecureContext
    ? 'This browser has no WebGPU, or it is switched off. A current Chrome, Edge, Safari or Firefox on a recent device shows the model.'
    : 'Browsers draw in 3D only on pages that are served over HTTPS. Ask whoever runs this site to serve it so.';
}

function infoOf(error: unknown): ErrorInfo {
  if (error instanceof RemoteError) return error.info;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `A part of the viewer could not be fetched or started (${reason}). Check the connection, and the policies of this page.`;
  return { code: 'embed-failed', severity: 'error', message };
}
