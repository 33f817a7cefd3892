/** What draws in a `<usd-view>`: one view on the page's shared workers, loaded when the first element needs it. */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { ViewerWorkers } from '../../share/protocol/views.ts';
import { parsePrimPath } from '../../share/view-state/prim-path.ts';
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import { pageWorkers } from '../../ui/app/workers.ts';
import { deferred } from '../../ui/controllers/deferred.ts';
import { EngineController, errorInfoOf } from '../../ui/controllers/engine-controller.ts';
import { RendererController } from '../../ui/controllers/renderer-controller.ts';
import type { ElementSide } from '../element-side.ts';
import { AttributeReader } from './attribute-reader.ts';
import { CameraRig } from './camera-rig.ts';
import { CanvasHost } from './canvas-host.ts';
import { Controls } from './controls.ts';
import { FrameSharing } from './frame-sharing.ts';
import { Hotspots } from './hotspots.ts';
import { Inspection } from './inspection.ts';
import { LightAttributes } from './light-attributes.ts';
import { shareOf } from './load-share.ts';
import { CANCELLED, sourceOf } from './open-source.ts';
import { Playback } from './playback.ts';
import { Prompts } from './prompts.ts';
import { QuietHost } from './quiet-host.ts';
import type { HotspotReading, PlayOptions } from './readings.ts';
import { stageOptionsOf } from './stage-options.ts';
import { VariantAttributes } from './variant-attributes.ts';

export class View {
  readonly inspection: Inspection;
  readonly sharing: FrameSharing;

  #side: ElementSide;
  #workers: ViewerWorkers;
  #engine: EngineController;
  #renderer: RendererController;
  #canvas: CanvasHost;
  #rig: CameraRig;
  #playback: Playback;
  #hotspots: Hotspots;
  #prompts: Prompts;
  #controls: Controls;
  #variants: VariantAttributes;
  #light: LightAttributes;
  #reader: AttributeReader;
  #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  #listening = new AbortController();
  #opening: AbortController | undefined;
  #ended = deferred<never>();
  #share = 0;
  #isLoading = false;
  #hasFailed = false;
  #isEmpty = false;

  constructor(side: ElementSide) {
    const view = pageWorkers().openView();
    this.#side = side;
    this.#workers = view;
    this.#reader = new AttributeReader((error) => this.#tell(error));
    this.#engine = new EngineController(new QuietHost(() => this.#onEngineChanged()), view.engine, view.engineScene, {
      stageOpened: (summary) => this.#onStageOpened(summary),
      stageClosed: () => undefined,
      boundsChanged: (bounds) => this.#rig.setBounds(bounds),
      treeChanged: () => undefined,
      problemsFound: () => this.#onProblems(),
      cameraMoved: (path, pose) => {
        if (path === side.element.camera && this.#rig.isLookingThrough) this.#rig.lookThrough(pose);
      },
      milestone: (what) => {
        if (what === 'complete') this.#onComplete();
      },
    });
    this.#renderer = new RendererController(new QuietHost(() => this.#onRendererChanged()), view.renderer, view.rendererScene, {
      lost: () => this.#canvas.renew(),
      // Others tell their problems where they are asked for.
      problem: (problem) => {
        if (problem.code.startsWith('share-') || problem.code === 'sharing-not-loaded') side.failed('attribute', problem);
      },
      pictured: (stage, what) => {
        if (stage === this.summary?.stage) this.#onPictured(what);
      },
      boundsChanged: (stage, bounds) => {
        if (stage === this.summary?.stage) this.#rig.setBounds(bounds);
      },
    });
    this.#variants = new VariantAttributes(side, this.#reader, this.#engine, () => this.#onVariantApplied());
    this.#light = new LightAttributes(side, this.#engine, this.#renderer, (error) => this.#tell(error));
    this.#canvas = new CanvasHost(side.skeleton.surface, {
      made: (canvas, size) => this.#renderer.attach({ canvas, size }),
      resized: (size) => {
        this.#renderer.resize(size);
        this.#rig.fit();
      },
    });
    this.#rig = new CameraRig(side, this.#reader, {
      pose: (pose) => {
        this.#renderer.setCamera(pose);
        this.#hotspots.place(pose, this.#canvas.aspect);
      },
      touched: () => this.#prompts.end(),
      chosen: (x, y) => void this.#frameAt(x, y),
      wheelPassed: () => this.#prompts.wheelPassed(),
      aspect: () => this.#canvas.aspect,
      isMotionReduced: () => this.#reducedMotion.matches,
    });
    this.inspection = new Inspection(this.#engine, this.#renderer, this.#canvas, this.#rig);
    this.sharing = new FrameSharing(this.#engine, this.#renderer);
    this.#playback = new Playback(side, {
      sample: (timeCode) => this.#engine.setTime(timeCode),
      isMotionReduced: () => this.#reducedMotion.matches,
      changed: () => this.#updateControls(),
    });
    this.#hotspots = new Hotspots(side, this.#reader, {
      primBounds: (path) => this.#engine.primBounds(path),
      primAt: (x, y) => this.inspection.primAt(x, y),
      depthAt: (x, y) => this.inspection.depthAt(x, y),
    });
    this.#prompts = new Prompts(side);
    this.#controls = new Controls(side, {
      togglePlay: () => this.#playback.toggle(),
      seek: (timeCode) => this.#seek(timeCode),
      home: () => this.#goHome(),
    });
    this.#listen();
    this.#light.update();
    this.#canvas.renew();
    this.#updateControls();
  }

  /** The open stage, undefined before the first. */
  get summary(): StageSummary | undefined {
    return this.#engine.summary;
  }

  get problems(): readonly ErrorInfo[] {
    return this.#engine.problems;
  }

  get isPlaying(): boolean {
    return this.#playback.isPlaying;
  }

  get timeCode(): number {
    return this.#playback.timeCode;
  }

  /** Seconds since the first time code of the range. */
  get seconds(): number {
    const { start, timeCodesPerSecond } = this.#playback.range;
    return (this.#playback.timeCode - start) / timeCodesPerSecond;
  }

  /** Seconds; 0 where nothing moves. */
  get duration(): number {
    const { start, end, timeCodesPerSecond } = this.#playback.range;
    return this.#playback.isAnimated ? (end - start) / timeCodesPerSecond : 0;
  }

  get turntableRotation(): number {
    return this.#rig.turned;
  }

  /**
   * Opens a file in place of the one there is, which stays when it cannot be opened.
   *
   * @throws RemoteError with code `cancelled` when another call overtook this one
   */
  async open(address: string): Promise<void> {
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    this.#share = 0;
    this.#isLoading = true;
    this.#isEmpty = false;
    const options = { ...stageOptionsOf(this.#side.element, this.#reader), variants: this.#variants.begin() };
    const source = await sourceOf(address, this.#side.element, opening.signal);
    if (opening.signal.aborted) throw new RemoteError(CANCELLED);
    // A view that ends answers nobody.
    await Promise.race([this.#engine.open(source, address, options), this.#ended.promise]);
    for (const update of [this.#variants.updateName(), this.#updateCamera()]) update.catch((error: unknown) => this.#tell(error));
  }

  /** Attributes of these names changed. */
  update(changed: ReadonlySet<string>): void {
    this.#light.update();
    this.#rig.update(changed);
    this.#updateControls();
    const { summary } = this;
    if (summary === undefined) return;
    if (changed.has('start') || changed.has('end')) this.#playback.updateRange(summary);
    if (changed.has('autoplay') && this.#side.element.autoplay && !this.#reducedMotion.matches) this.#playback.play({});
    const updates = [
      changed.has('time') ? this.seek(this.#side.element.time ?? summary.startTimeCode ?? 0) : undefined,
      changed.has('variants') ? this.#variants.update() : undefined,
      changed.has('variant-name') ? this.#variants.updateName() : undefined,
      changed.has('camera') ? this.#updateCamera() : undefined,
    ];
    for (const update of updates) update?.catch((error: unknown) => this.#tell(error));
  }

  setShown(isShown: boolean): void {
    this.#renderer.setVisible(isShown);
    this.#rig.setShown(isShown);
    this.#playback.setShown(isShown);
  }

  setTimeScale(scale: number): void {
    this.#playback.setSpeed(scale);
  }

  play(options: PlayOptions): void {
    this.#playback.play(options);
  }

  pause(): void {
    this.#playback.pause();
  }

  seek(timeCode: number): Promise<void> {
    return this.#playback.seek(timeCode);
  }

  /** From the first time code of the range. */
  seekSeconds(seconds: number): void {
    const { start, timeCodesPerSecond } = this.#playback.range;
    this.#seek(start + seconds * timeCodesPerSecond);
  }

  async setVariant(primPath: string, set: string, selection: string): Promise<void> {
    await this.#variants.choose([{ primPath, set, selection }]);
  }

  async frame(primPath?: string): Promise<void> {
    if (primPath === undefined) this.#rig.frame();
    else {
      const bounds = await this.#engine.primBounds(parsePrimPath(primPath, 'frame'));
      if (bounds !== undefined) this.#rig.frame(bounds);
    }
  }

  zoom(steps: number): void {
    this.#rig.zoom(steps);
  }

  jumpCameraToGoal(): void {
    this.#rig.jumpToGoal();
  }

  resetTurntableRotation(theta: number): void {
    this.#rig.resetTurntable(theta);
  }

  async primFromPoint(clientX: number, clientY: number): Promise<string | undefined> {
    const box = this.#side.skeleton.surface.getBoundingClientRect();
    return this.inspection.primAt((clientX - box.left) / box.width, (clientY - box.top) / box.height);
  }

  queryHotspot(name: string): HotspotReading | undefined {
    return this.#hotspots.query(name);
  }

  dispose(): void {
    this.#opening?.abort();
    this.#ended.reject(new RemoteError(CANCELLED));
    this.#listening.abort();
    for (const part of [this.#rig, this.#playback, this.#hotspots, this.#prompts, this.#controls, this.#canvas]) part.dispose();
    this.#workers.dispose();
  }

  #seek(timeCode: number): void {
    this.seek(timeCode).catch((error: unknown) => this.#tell(error));
  }

  #listen(): void {
    const { surface } = this.#side.skeleton;
    const { signal } = this.#listening;
    surface.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    // Two fingers are the model's, whatever `touch-action` leaves to the page.
    surface.addEventListener(
      'touchmove',
      (event) => {
        if (this.#side.element.cameraControls && event.touches.length > 1 && event.cancelable) event.preventDefault();
      },
      { signal, passive: false },
    );
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === ' ') {
      if (this.#playback.isAnimated) this.#playback.toggle();
      else if (this.#side.element.autoRotate) this.#rig.toggleTurntable();
      else return;
    } else if (event.key === 'Home') this.#goHome();
    else return;
    event.preventDefault();
    this.#prompts.end();
  }

  #goHome(): void {
    this.#rig.goHome();
    this.#side.announce('First view');
  }

  #onStageOpened(summary: StageSummary): void {
    const { element } = this.#side;
    const [words] = summary.accessibility;
    this.#side.setFileLabel(words?.label ?? '', words?.description ?? '');
    this.#rig.reset(summary);
    this.#playback.reset(summary, element.time ?? summary.startTimeCode ?? 0);
    this.#hotspots.reset(summary);
    this.#updateControls();
  }

  #onEngineChanged(): void {
    const { load } = this.#engine;
    if (!this.#isLoading || load.kind !== 'loading') return;
    const share = Math.max(this.#share, shareOf(load.progress));
    if (share === this.#share || share >= 1) return;
    this.#share = share;
    this.#side.progressed(share);
  }

  #onVariantApplied(): void {
    const { summary } = this;
    if (summary === undefined) return;
    this.#playback.updateRange(summary);
    this.#hotspots.reset(summary);
  }

  #onComplete(): void {
    if (!this.#isLoading) return;
    this.#isLoading = false;
    const { summary } = this;
    // Whether it moves, and how large it is, is known now.
    if (summary !== undefined) this.#hotspots.reset(summary);
    this.#side.progressed(1);
    this.#side.preloaded();
  }

  /** A model without anything to see would leave an empty box. */
  #onProblems(): void {
    const nothing = this.problems.find(({ code }) => code === 'nothing-to-draw');
    if (nothing === undefined || this.#isEmpty) return;
    this.#isEmpty = true;
    this.#side.failed('loadfailure', nothing);
  }

  #onPictured(what: 'first' | 'complete'): void {
    this.#side.pictured();
    if (what === 'first') return;
    this.#prompts.begin();
    this.#side.loaded();
  }

  #onRendererChanged(): void {
    const { state } = this.#renderer;
    if (state.kind !== 'unavailable' || this.#hasFailed) return;
    this.#hasFailed = true;
    const isLost = state.error.code === 'device-lost';
    this.#side.failed(isLost ? 'devicelost' : 'unsupported', state.error);
  }

  async #updateCamera(): Promise<void> {
    const path = this.#side.element.camera;
    if (path === null || path === '') {
      if (this.#rig.isLookingThrough) this.#rig.goHome();
      return;
    }
    const pose = await this.#engine.cameraPose(parsePrimPath(path, 'camera'));
    if (path === this.#side.element.camera) this.#rig.lookThrough(pose);
  }

  async #frameAt(x: number, y: number): Promise<void> {
    const { element, skeleton } = this.#side;
    if (element.disableTap || this.summary === undefined) return;
    const { clientWidth, clientHeight } = skeleton.surface;
    const path = await this.inspection.primAt(x / clientWidth, y / clientHeight).catch(() => undefined);
    if (path === undefined) this.#goHome();
    else await this.frame(path).catch((error: unknown) => this.#tell(error));
  }

  #updateControls(): void {
    const { range, isAnimated, isPlaying, timeCode } = this.#playback;
    this.#controls.update({ isAnimated, isPlaying, timeCode, start: range.start, end: range.end });
  }

  /** Something asked for by an attribute could not be done: the page is told, the picture stays. */
  #tell(error: unknown): void {
    if (error instanceof ViewStateError) {
      this.#side.failed('attribute', { code: error.code, severity: 'warning', message: error.message });
    } else if (!(error instanceof RemoteError) || error.info.code !== 'cancelled') this.#side.failed('attribute', errorInfoOf(error));
  }
}
