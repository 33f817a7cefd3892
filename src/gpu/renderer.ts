import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { CameraPose, CaptureRequest, RenderSettings, RenderStats, RendererEvent, SurfaceSize } from '../share/protocol/renderer.ts';
import { DEFAULT_RENDER_SETTINGS } from '../share/protocol/renderer.ts';
import type { EnvironmentChange, SceneAck, SceneChanges, StageId } from '../share/protocol/scene.ts';
import { DeviceError } from './device/device-error.ts';
import type { GraphicsDevice } from './device/device.ts';
import { encodeImage, unpremultiply } from './encode-image.ts';
import type { FrameSlot } from './frame-loop.ts';
import type { GraphicsHost, GraphicsUser } from './graphics-host.ts';
import type { Graphics } from './graphics.ts';
import { CAPTURE_FORMAT, Painter } from './painter.ts';
import { RenderScene } from './scene/render-scene.ts';

/** Milliseconds of one slice of loading: a frame comes in between. */
const SLICE_MS = 10;
/** Pictures drawn for a capture until nothing is missing. */
const MAX_CAPTURE_ROUNDS = 5;
/** Least time between two `stats` events. */
const STATS_MS = 200;
/** A picture stands still this long after the last movement. */
const STILL_MS = 150;
/** A view that was hidden for so long gives the textures of its canvas back. */
const HIDDEN_MS = 1000;

interface QueuedChanges {
  readonly changes: SceneChanges;
  readonly acknowledge: (ack: SceneAck) => void;
}

/**
 * The renderer of one view: takes scene messages, a canvas, a camera and settings, and draws when something changed. Messages
 * are packed while the device, which all views share, is on its way.
 */
export class Renderer implements GraphicsUser {
  #post: (event: RendererEvent) => void;
  #host: GraphicsHost;
  #frames: FrameSlot;
  #scene = new RenderScene();
  #device: GraphicsDevice | undefined;
  #graphics: Graphics | undefined;
  #painter: Painter | undefined;
  #canvas: OffscreenCanvas | undefined;
  #context: GPUCanvasContext | undefined;
  #isConfigured = false;
  #size: SurfaceSize = { width: 0, height: 0 };
  #isVisible = true;
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #camera: CameraPose = { eye: [3, 2, 5], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: Math.PI / 4, near: 0.01 };
  #settings: RenderSettings = DEFAULT_RENDER_SETTINGS;
  #queue: QueuedChanges[] = [];
  #applying: Generator<void, void> | undefined;
  /** Uploads that belong to no message of the queue: the environment's, and after a loss all. */
  #restoring: Generator<void, void> | undefined;
  #isDirty = false;
  #frameCount = 0;
  #encodeMs = 0;
  #draws = 0;
  #lastStats = 0;
  #isStatsScheduled = false;
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
  #isComplete = false;
  #isFirstPictured = false;
  /** A quick picture of the stage was drawn, also one that shows nothing because there is nothing. */
  #isDrafted = false;
  #isCompletePictured = false;
  #lastProblem = '';
  #isDisposed = false;

  constructor(host: GraphicsHost, post: (event: RendererEvent) => void) {
    this.#post = post;
    this.#host = host;
    this.#frames = host.frames.join(() => this.#guard(() => this.#frame()));
    host.add(this);
    // A failure is reported to whoever attaches; unavailable is also an event, because nobody may attach. A loss is told by `loseDevice`.
    this.#start().catch((error: unknown) => {
      const info = infoOf(error);
      if (info.code !== 'device-lost' && !this.#isDisposed) this.#post({ kind: 'unavailable', error: info });
    });
  }

  get isWaiting(): boolean {
    return this.#queue.length > 0 || this.#scene.stage !== undefined;
  }

  useDevice(device: GraphicsDevice): void {
    this.#device = device;
    this.#scene.setDevice(device);
    this.#restoring = this.#scene.restoreTextures();
    this.#schedulePump();
  }

  /** The scene stays in memory; the page answers `lost` with a new canvas, and `attach` starts over, unless it had enough of it. */
  loseDevice(reason: string): void {
    this.#device = undefined;
    this.#graphics = undefined;
    this.#painter = undefined;
    this.#context = undefined;
    this.#canvas = undefined;
    this.#restoring = undefined;
    this.#frames.reset();
    this.#awaitsPainter = false;
    this.#post({ kind: 'lost', reason });
  }

  /** One problem, one message, until another one comes. */
  reportProblem(problem: ErrorInfo): void {
    if (problem.message === this.#lastProblem) return;
    this.#lastProblem = problem.message;
    this.#post({ kind: 'problem', problem });
  }

  /**
   * Gives the renderer a canvas to draw on, the first time or after a loss.
   *
   * @returns description of the adapter
   * @throws DeviceError when WebGPU cannot be used
   */
  async attach(canvas: OffscreenCanvas, size: SurfaceSize): Promise<string> {
    // Before the wait: the page may ask for another size while the device starts.
    this.#size = size;
    await this.#start();
    const device = this.#device;
    if (device === undefined) throw new DeviceError('device-lost', 'The graphics device was lost while it started');
    this.#canvas = canvas;
    const context = canvas.getContext('webgpu');
    if (context === null) throw new DeviceError('canvas-refused', 'The canvas gives no WebGPU context');
    this.#context = context;
    this.#isConfigured = false;
    this.#invalidate();
    return device.adapterName;
  }

  /** Queues one scene message; it is applied in slices, in order, and then acknowledged. */
  feed(changes: SceneChanges, acknowledge: (ack: SceneAck) => void): void {
    if (this.#isDisposed) {
      // Nobody waits for a view that is gone.
      acknowledge({ kind: 'sceneAck', stage: changes.stage, sequence: changes.sequence });
      return;
    }
    if (changes.reset !== undefined) {
      // A new stage: what is left of the old one need not be built.
      for (const queued of this.#queue)
        queued.acknowledge({ kind: 'sceneAck', stage: queued.changes.stage, sequence: queued.changes.sequence });
      this.#queue = [];
      this.#applying?.return();
      this.#applying = undefined;
      this.#isDroppedKnown = false;
      this.#isComplete = false;
      this.#isFirstPictured = false;
      this.#isDrafted = false;
      this.#isCompletePictured = false;
    }
    this.#queue.push({ changes, acknowledge });
    this.#schedulePump();
  }

  /** Another picture around the scene, or none any more. */
  setEnvironment({ picture }: EnvironmentChange): void {
    const refusal = this.#scene.environment.set(picture);
    if (refusal !== undefined) this.#post({ kind: 'problem', problem: { code: 'texture-refused', severity: 'error', message: refusal } });
    this.#restoring = inTurn(this.#restoring, this.#scene.environment.upload());
    this.#schedulePump();
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
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
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
      this.#frame();
    } else this.#hiding = setTimeout(() => this.#letGoOfCanvas(), HIDDEN_MS);
  }

  /** Resolves when everything sent so far is uploaded and drawn. */
  settle(): Promise<RenderStats> {
    return new Promise((resolve) => {
      this.#settling.push(resolve);
      this.#schedulePump();
      this.#requestFrame();
    });
  }

  /** One picture of exact size, not on the canvas. */
  async capture(request: CaptureRequest): Promise<Blob> {
    const painter = await this.#start();
    await this.#drained();
    const { width, height } = request.size;
    const limit = this.#device?.maxTextureSize ?? 8192;
    if (!(width >= 1 && height >= 1 && width <= limit && height <= limit)) {
      throw new DeviceError(
        'capture-size',
        `A picture of ${width} x ${height} pixels cannot be drawn; each side must be between 1 and ${limit}`,
      );
    }
    const target = painter.device.createTexture({
      label: 'capture',
      size: [width, height],
      format: CAPTURE_FORMAT,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
    const bytesPerRow = Math.ceil((width * 4) / 256) * 256;
    const readback = painter.device.createBuffer({
      label: 'capture',
      size: bytesPerRow * height,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    try {
      while (this.#scene.upload());
      const picture = {
        camera: request.camera ?? this.#camera,
        settings: { ...this.#settings, ...request.settings },
        target,
        isLoading: false,
        isDraft: false,
      };
      painter.draw(this.#scene, picture);
      // What a picture lacks is asked for while it is drawn; a draft in its place asks for less.
      for (let round = 0; round < MAX_CAPTURE_ROUNDS && !painter.isReady; round++) {
        await painter.settle();
        painter.draw(this.#scene, picture);
      }
      const encoder = painter.device.createCommandEncoder({ label: 'capture' });
      encoder.copyTextureToBuffer({ texture: target }, { buffer: readback, bytesPerRow }, [width, height]);
      painter.device.queue.submit([encoder.finish()]);
      await readback.mapAsync(GPUMapMode.READ);
      const padded = new Uint8Array(readback.getMappedRange());
      const pixels = new Uint8ClampedArray(width * height * 4);
      for (let y = 0; y < height; y++) pixels.set(padded.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4);
      unpremultiply(pixels);
      return await encodeImage(pixels, width, height, request.type ?? 'image/png');
    } finally {
      readback.destroy();
      target.destroy();
    }
  }

  /** Prim handle under a pixel of the drawing buffer. */
  async pick(x: number, y: number): Promise<{ readonly prim?: number }> {
    const painter = this.#painter;
    const { width, height } = this.#size;
    if (painter === undefined || width === 0 || height === 0) return {};
    const prim = await painter.pick(this.#scene, this.#camera, this.#settings, width, height, x, y);
    return prim === undefined ? {} : { prim };
  }

  get stats(): RenderStats {
    const scene = this.#scene;
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

  /** Frees everything of the view; the renderer cannot be used again. */
  dispose(): void {
    this.#isDisposed = true;
    this.#host.remove(this);
    this.#frames.leave();
    clearTimeout(this.#hiding);
    clearTimeout(this.#pausing);
    this.#letGoOfCanvas();
    this.#context = undefined;
    this.#canvas = undefined;
    this.#painter?.dispose();
    this.#painter = undefined;
    this.#graphics = undefined;
    this.#queue = [];
    this.#applying?.return();
    this.#applying = undefined;
    this.#restoring = undefined;
    this.#scene.dispose();
    this.#host.work.cancel(this.#pump);
  }

  /** A fault of ours in one view must not take the others with it: it ends that view, with a message. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#post({ kind: 'unavailable', error: infoOf(error) });
      for (const { changes, acknowledge } of this.#queue)
        acknowledge({ kind: 'sceneAck', stage: changes.stage, sequence: changes.sequence });
      this.dispose();
    }
  }

  async #start(): Promise<Painter> {
    const graphics = await this.#host.start();
    if (this.#isDisposed) throw new DeviceError('view-closed', 'The view was closed');
    if (this.#painter === undefined || graphics !== this.#graphics) {
      this.#graphics = graphics;
      this.#painter = new Painter(graphics);
      this.#invalidate();
    }
    return this.#painter;
  }

  /** Lets the textures go that the canvas is shown from. What is drawn next configures it again. */
  #letGoOfCanvas(): void {
    if (!this.#isConfigured) return;
    this.#isConfigured = false;
    this.#context?.unconfigure();
  }

  #schedulePump(): void {
    if (!this.#isDisposed) this.#host.work.request(this.#pump);
  }

  #pump = (): void => this.#guard(() => this.#work());

  /** Works on queued messages for one slice. */
  #work(): void {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      if (this.#restoring !== undefined) {
        if (this.#restoring.next().done === true) this.#restoring = undefined;
        this.#isDirty = true;
        continue;
      }
      const [current] = this.#queue;
      if (current === undefined) break;
      this.#applying ??= this.#scene.apply(current.changes, (problem) =>
        this.#post({ kind: 'problem', stage: current.changes.stage, problem }),
      );
      if (this.#applying.next().done !== true) continue;
      this.#applying = undefined;
      this.#queue.shift();
      const { stage, sequence, milestone, bounds } = current.changes;
      current.acknowledge({ kind: 'sceneAck', stage, sequence });
      if (bounds !== undefined) this.#post({ kind: 'bounds', stage, bounds });
      if (milestone === 'complete') this.#isComplete = true;
      if (current.changes.transforms !== undefined) this.#movingUntil = performance.now() + STILL_MS;
      this.#isDirty = true;
    }
    if (this.#isDirty) {
      // The first picture does not wait for an animation frame.
      if (!this.#isFirstPictured && this.#scene.instances.instanceCount > 0) this.#frame();
      else this.#requestFrame();
    }
    if (this.#queue.length > 0 || this.#restoring !== undefined) this.#schedulePump();
    else this.#checkSettled();
  }

  /** Resolves when the queue is empty. */
  async #drained(): Promise<void> {
    while (this.#queue.length > 0 || this.#restoring !== undefined) {
      this.#schedulePump();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #invalidate(): void {
    this.#isDirty = true;
    this.#requestFrame();
  }

  #requestFrame(): void {
    this.#frames.request();
  }

  #frame(): void {
    const painter = this.#painter;
    const graphics = this.#graphics;
    const context = this.#context;
    const canvas = this.#canvas;
    const { width, height } = this.#size;
    if (painter === undefined || graphics === undefined || context === undefined || canvas === undefined) return;
    const begin = performance.now();
    const mayDraw = width > 0 && height > 0 && (this.#isVisible || this.#settling.length > 0);
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
    this.#isDirty = this.#scene.upload();
    const isWaiting = !this.#isComplete || this.#queue.length > 0;
    // The first picture waits for nothing that could come later.
    const isLoading = isWaiting || !this.#isDrafted;
    const isDraft = graphics.isSoftware && (isLoading || begin < this.#movingUntil);
    this.#needsRefinement = !isWaiting && (isDraft || isLoading);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (!this.#isConfigured) {
      // Only now: a canvas without pixels cannot be configured.
      context.configure({ device: painter.device, format: graphics.canvasFormat, alphaMode: 'premultiplied' });
      this.#isConfigured = true;
    }
    this.#draws = painter.draw(this.#scene, {
      camera: this.#camera,
      settings: this.#settings,
      target: context.getCurrentTexture(),
      isLoading,
      isDraft,
    });
    this.#encodeMs = performance.now() - begin;
    this.#frameCount++;
    const done = this.#frames.submitted(begin);
    const stage = this.#scene.stage;
    const showsGeometry = this.#draws > 1;
    const isReady = painter.isReady;
    if (!isReady && !this.#awaitsPainter) {
      this.#awaitsPainter = true;
      void painter.settle().then(() => {
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
      if (stage === this.#scene.stage && (showsGeometry || !isWaiting)) this.#isDrafted = true;
      this.#frameDone(stage, showsGeometry, showsAll);
    });
    if (this.#isDirty) this.#requestFrame();
  }

  #frameDone(stage: StageId | undefined, showsGeometry: boolean, showsAll: boolean): void {
    const epochMs = performance.timeOrigin + performance.now();
    if (stage !== undefined && stage === this.#scene.stage) {
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
    if (!this.#isVisible) this.#letGoOfCanvas();
    this.#scheduleStats();
    this.#checkDropped();
    if (this.#isDirty) this.#requestFrame();
    else if (this.#needsRefinement) this.#refineSoon();
    else this.#checkSettled();
  }

  /** Where the lists of the view may be too small, asks how much was left out; once per stage it is said. */
  #checkDropped(): void {
    const stage = this.#scene.stage;
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
    if (this.#settling.length === 0 || this.#queue.length > 0 || this.#restoring !== undefined) return;
    const painter = this.#painter;
    const isHidden = this.#size.width === 0 || this.#size.height === 0 || this.#context === undefined;
    if (
      painter === undefined ||
      ((this.#isDirty || this.#needsRefinement || this.#awaitsPainter) && !isHidden) ||
      this.#frames.inFlight > 0 ||
      !painter.isReady
    )
      return;
    const stats = this.stats;
    for (const resolve of this.#settling.splice(0)) resolve(stats);
  }

  #scheduleStats(): void {
    if (this.#isStatsScheduled) return;
    this.#isStatsScheduled = true;
    setTimeout(
      () => {
        this.#isStatsScheduled = false;
        this.#lastStats = performance.now();
        this.#post({ kind: 'stats', stats: this.stats });
      },
      Math.max(0, this.#lastStats + STATS_MS - performance.now()),
    );
  }
}

function* inTurn(first: Generator<void, void> | undefined, second: Generator<void, void>): Generator<void, void> {
  if (first !== undefined) yield* first;
  yield* second;
}

function infoOf(error: unknown): ErrorInfo {
  if (error instanceof DeviceError) return error.toInfo();
  return { code: 'renderer-failed', severity: 'error', message: error instanceof Error ? error.message : String(error) };
}
