import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { CameraPose, RenderSettings, RenderStats, RendererEvent, SurfaceSize, RendererCalls } from '../share/protocol/renderer.ts';
import { DEFAULT_RENDER_SETTINGS } from '../share/protocol/renderer.ts';
import type { StageId } from '../share/protocol/scene.ts';
import { DeviceError, infoOf } from './device/device-error.ts';
import type { FrameSlot } from './frame-loop.ts';
import type { GraphicsHost } from './graphics-host.ts';
import type { Graphics } from './graphics.ts';
import { Painter } from './painter.ts';
import type { FeedView, SceneFeed } from './scene-feed.ts';
import { StatsPost } from './stats-post.ts';
import { ViewCanvas } from './view-canvas.ts';
import { ViewSharing } from './view-sharing.ts';
import { WholePictures } from './whole-pictures.ts';

/** A picture stands still this long after the last movement. */
const STILL_MS = 150;
/** A view that was hidden for so long gives the textures of its canvas back. */
const HIDDEN_MS = 1000;

/** One view of a scene: takes a canvas, a camera and settings, and draws when something changed. Any number of views draw one scene. */
export class SceneView implements FeedView {
  readonly pictures: WholePictures;
  readonly sharing: ViewSharing;
  #post: (event: RendererEvent) => void;
  #host: GraphicsHost;
  #feed: SceneFeed;
  #frames: FrameSlot;
  #statsPost: StatsPost;
  #graphics: Graphics | undefined;
  #painter: Painter | undefined;
  #canvas = new ViewCanvas();
  #isVisible = true;
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #camera: CameraPose = { eye: [3, 2, 5], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: Math.PI / 4, near: 0.01 };
  #settings: RenderSettings = DEFAULT_RENDER_SETTINGS;
  #isDirty = false;
  #frameCount = 0;
  #encodeMs = 0;
  #draws = 0;
  #settling: ((stats: RenderStats) => void)[] = [];
  /** The last picture was less than it could be, and nothing else will cause the next. */
  #needsRefinement = false;
  #isRefinementScheduled = false;
  /** Pipelines that the last picture lacked are compiling; another picture follows. */
  #awaitsPainter = false;
  /** Times, as of performance.now(). */
  #movingUntil = 0;
  #pauseUntil = 0;
  #pausing: ReturnType<typeof setTimeout> | undefined;
  #isDroppedKnown = false;
  #isFirstPictured = false;
  /** A quick picture of the stage was drawn, also one that shows nothing because there is nothing. */
  #isDrafted = false;
  #isCompletePictured = false;
  #isDisposed = false;

  constructor(host: GraphicsHost, feed: SceneFeed, post: (event: RendererEvent) => void) {
    this.#post = post;
    this.#host = host;
    this.#feed = feed;
    this.#frames = host.frames.join(() => this.#draw());
    this.#statsPost = new StatsPost(() => post({ kind: 'stats', stats: this.stats }));
    this.sharing = new ViewSharing(host, {
      size: () => this.#canvas.size,
      changed: () => this.#invalidate(),
      failed: (problem) => post({ kind: 'problem', problem }),
    });
    this.pictures = new WholePictures(host, feed, {
      now: () => ({ camera: this.#camera, settings: this.#settings }),
      overlay: () => this.sharing.overlay(),
      start: () => this.#start(),
    });
    feed.join(this);
    // A failure is reported to whoever attaches; unavailable is also an event, because nobody may attach. A loss is told by `loseDevice`.
    this.#start().catch((error: unknown) => {
      const info = infoOf(error);
      if (info.code !== 'device-lost' && !this.#isDisposed) post({ kind: 'unavailable', error: info });
    });
  }

  get stats(): RenderStats {
    const { scene } = this.#feed;
    return {
      instances: scene.instances.instanceCount,
      meshes: scene.meshes.meshCount,
      triangles: scene.meshes.triangleCount,
      draws: this.#draws,
      materials: scene.materials.materialCount,
      textures: scene.textures.textureCount,
      gpuBytes: scene.gpuBytes + (this.#painter?.gpuBytes ?? 0) + (this.#graphics?.gpuBytes ?? 0),
      frames: this.#frameCount,
      encodeMs: this.#encodeMs,
    };
  }

  post(event: RendererEvent): void {
    this.#post(event);
  }

  stageBegan(): void {
    this.#isDroppedKnown = false;
    this.#isFirstPictured = false;
    this.#isDrafted = false;
    this.#isCompletePictured = false;
  }

  sceneChanged(isMoving: boolean): void {
    if (isMoving) this.#movingUntil = performance.now() + STILL_MS;
    this.#isDirty = true;
    // The first picture does not wait for an animation frame.
    if (!this.#isFirstPictured && this.#feed.scene.instances.instanceCount > 0) this.#draw();
    else this.#requestFrame();
  }

  sceneDrained(): void {
    this.#checkSettled();
  }

  /** The page answers `lost` with a new canvas, and `attach` starts over, unless it had enough of it. */
  loseDevice(reason: string): void {
    this.#graphics = undefined;
    this.#painter = undefined;
    this.sharing.deviceChanged();
    this.#canvas.forget();
    this.#frames.reset();
    this.#awaitsPainter = false;
    this.#post({ kind: 'lost', reason });
  }

  fail(error: ErrorInfo): void {
    if (this.#isDisposed) return;
    this.#post({ kind: 'unavailable', error });
    this.dispose();
  }

  /**
   * Gives the view a canvas to draw on, the first time or after a loss.
   *
   * @returns description of the adapter
   * @throws DeviceError when WebGPU cannot be used
   */
  async attach(canvas: OffscreenCanvas, size: SurfaceSize): Promise<string> {
    // Before the wait: the page may ask for another size while the device starts.
    this.#canvas.size = size;
    await this.#start();
    const device = this.#host.device;
    if (device === undefined) throw new DeviceError('device-lost', 'The graphics device was lost while it started');
    this.#canvas.attach(canvas);
    this.#invalidate();
    return device.adapterName;
  }

  setCamera(camera: CameraPose): void {
    this.#camera = camera;
    this.#movingUntil = performance.now() + STILL_MS;
    this.#invalidate();
  }

  setSettings(settings: RenderSettings): void {
    this.#settings = settings;
    this.#invalidate();
  }

  resize(size: SurfaceSize): void {
    if (size.width === this.#canvas.size.width && size.height === this.#canvas.size.height) return;
    this.#canvas.size = size;
    this.#invalidate();
  }

  /** A hidden view draws nothing and, after a moment, holds no textures of its canvas. */
  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    clearTimeout(this.#hiding);
    if (isVisible) {
      // What is seen may be blank: not even an animation frame is waited for.
      this.#isDirty = true;
      this.#draw();
    } else this.#hiding = setTimeout(() => this.#canvas.release(), HIDDEN_MS);
  }

  /** An animation frame of another window: those of the worker's own may rest while that one is hidden. */
  animationFrame(): void {
    if (this.#isDirty) this.#draw();
  }

  /** Resolves when everything sent so far is uploaded and drawn. */
  settle(): Promise<RenderStats> {
    return new Promise((resolve) => {
      this.#settling.push(resolve);
      this.#feed.pump();
      this.#requestFrame();
    });
  }

  /** What is under a pixel of the drawing buffer. */
  async pick(x: number, y: number): Promise<RendererCalls['pick']['reply']> {
    const painter = this.#painter;
    const { width, height } = this.#canvas.size;
    if (painter === undefined || width === 0 || height === 0) return {};
    return (await painter.pick(this.#feed.scene, this.#camera, this.#settings, width, height, x, y)) ?? {};
  }

  /** Frees everything of the view, and the scene if it was the first; the view cannot be used again. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#frames.leave();
    this.#statsPost.dispose();
    clearTimeout(this.#hiding);
    clearTimeout(this.#pausing);
    this.pictures.endRecording();
    this.sharing.dispose();
    this.#canvas.release();
    this.#canvas.forget();
    this.#painter?.dispose();
    this.#painter = undefined;
    this.#graphics = undefined;
    this.#feed.leave(this);
  }

  async #start(): Promise<Painter> {
    const graphics = await this.#host.start();
    this.#checkOpen();
    if (this.#painter === undefined || graphics !== this.#graphics) {
      this.#graphics = graphics;
      this.#painter = new Painter(graphics);
      this.#invalidate();
      // Who waits without a canvas is answered in the pauses of loading.
      this.#feed.pump();
    }
    return this.#painter;
  }

  #checkOpen(): void {
    if (this.#isDisposed) throw new DeviceError('view-closed', 'The view was closed');
  }

  #invalidate(): void {
    this.#isDirty = true;
    this.#requestFrame();
  }

  #requestFrame(): void {
    // A view that cannot be drawn must not count as one that is at work.
    if (this.#canvas.canBeDrawn && (this.#isVisible || this.#settling.length > 0)) this.#frames.request();
  }

  /** A fault of ours in one view must not take the others with it: it ends that view, with a message. */
  #draw(): void {
    try {
      this.#frame();
    } catch (error) {
      this.fail(infoOf(error));
    }
  }

  #frame(): void {
    const painter = this.#painter;
    const graphics = this.#graphics;
    if (painter === undefined || graphics === undefined || !this.#canvas.canBeDrawn) return;
    const begin = performance.now();
    const mayDraw = this.#canvas.hasPixels && (this.#isVisible || this.#settling.length > 0);
    if (!this.#isDirty || !mayDraw) {
      this.#checkSettled();
      return;
    }
    const pause = Math.max(this.#settling.length === 0 ? this.#pauseUntil - begin : 0, this.#frames.waitFor(begin));
    if (pause > 0) {
      this.#pausing ??= setTimeout(() => {
        this.#pausing = undefined;
        this.#requestFrame();
      }, pause);
      return;
    }
    // One frame at a time on software adapters: a second in the queue only delays what is loading.
    if (this.#frames.inFlight >= (graphics.isSoftware ? 1 : 2)) return;
    const { scene } = this.#feed;
    this.#isDirty = this.#feed.upload();
    const isWaiting = this.#feed.isLoading;
    // The first picture waits for nothing that could come later.
    const isLoading = isWaiting || !this.#isDrafted;
    const isDraft = graphics.isSoftware && (isLoading || begin < this.#movingUntil);
    this.#needsRefinement = !isWaiting && (isDraft || isLoading);
    const shared = this.sharing.begin(graphics.toneMap);
    const picture = { camera: this.#camera, settings: this.#settings, isLoading, isDraft, overlay: this.sharing.overlay() };
    const lacking: Promise<void>[] = [];
    for (const other of shared?.others ?? []) {
      painter.draw(scene, { ...picture, target: other });
      if (!painter.isReady) lacking.push(painter.settle());
    }
    const target = this.#canvas.take(painter.device, graphics.canvasFormat);
    this.#draws = painter.draw(scene, { ...picture, target, ...(shared === undefined ? {} : { copies: shared.same }) });
    this.sharing.publish();
    this.#encodeMs = performance.now() - begin;
    this.#frameCount++;
    const done = this.#frames.submitted(begin);
    const { stage } = scene;
    const showsGeometry = this.#draws > 1;
    if (!painter.isReady) lacking.push(painter.settle());
    const isReady = lacking.length === 0;
    if (!isReady && !this.#awaitsPainter) {
      this.#awaitsPainter = true;
      void Promise.all(lacking).then(() => {
        if (painter !== this.#painter) return;
        this.#awaitsPainter = false;
        this.#invalidate();
      });
    }
    const showsAll = !isLoading && !this.#isDirty && isReady && !isDraft;
    void painter.device.queue.onSubmittedWorkDone().then(() => {
      if (painter !== this.#painter) return;
      done();
      const frameMs = performance.now() - begin;
      // Half of the time for loading: on a software adapter pictures are made by the cores that load.
      if (isDraft && isLoading) this.#pauseUntil = performance.now() + frameMs;
      if (stage === scene.stage && (showsGeometry || !isWaiting)) this.#isDrafted = true;
      this.#frameDone(stage, showsGeometry, showsAll);
    });
    if (this.#isDirty) this.#requestFrame();
  }

  #frameDone(stage: StageId | undefined, showsGeometry: boolean, showsAll: boolean): void {
    const epochMs = performance.timeOrigin + performance.now();
    if (stage !== undefined && stage === this.#feed.scene.stage) {
      if (showsGeometry && !this.#isFirstPictured) {
        this.#isFirstPictured = true;
        this.#post({ kind: 'pictured', stage, what: 'first', epochMs });
      }
      if (showsAll && !this.#isCompletePictured) {
        this.#isCompletePictured = true;
        this.#post({ kind: 'pictured', stage, what: 'complete', epochMs });
      }
    }
    // Drawn for `settle` only.
    if (!this.#isVisible) this.#canvas.release();
    this.#statsPost.schedule();
    this.#checkDropped();
    if (this.#isDirty) this.#requestFrame();
    else if (this.#needsRefinement) this.#refineSoon();
    else this.#checkSettled();
  }

  /** Where the lists of the view may be too small, asks how much was left out; once per stage it is said. */
  #checkDropped(): void {
    const { stage } = this.#feed.scene;
    if (this.#isDroppedKnown || stage === undefined) return;
    const asked = this.#painter?.readDropped();
    if (asked === undefined) return;
    this.#isDroppedKnown = true;
    const answer = (dropped: number): void => {
      this.#isDroppedKnown = dropped > 0;
      if (dropped === 0) return;
      const message = `More is in view than the renderer's lists hold: about ${dropped.toLocaleString('en')} parts of meshes are left out`;
      this.#post({ kind: 'problem', stage, problem: { code: 'view-too-large', severity: 'warning', message } });
    };
    // A device lost meanwhile answers nothing.
    void asked.then(answer, () => undefined);
  }

  /** A draft is followed by the full picture: at once when loading is over, a moment after the last movement. */
  #refineSoon(): void {
    if (this.#isRefinementScheduled) return;
    this.#isRefinementScheduled = true;
    const wait = Math.max(0, this.#movingUntil - performance.now());
    setTimeout(() => {
      this.#isRefinementScheduled = false;
      if (this.#needsRefinement) this.#invalidate();
    }, wait);
  }

  #checkSettled(): void {
    if (this.#settling.length === 0 || !this.#feed.isDrained) return;
    const painter = this.#painter;
    const isPictureDue = (this.#isDirty || this.#needsRefinement || this.#awaitsPainter) && this.#canvas.hasPixels;
    if (painter === undefined || isPictureDue || this.#frames.inFlight > 0 || !painter.isReady) return;
    const { stats } = this;
    for (const resolve of this.#settling.splice(0)) resolve(stats);
  }
}
