import { ShareError } from '../share/frames/share-error.ts';
import type { TextureHandle } from '../share/frames/texture-handle.ts';
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { RendererEvent } from '../share/protocol/renderer.ts';
import type { EnvironmentChange, SceneAck, SceneChanges, StageId, TextureId } from '../share/protocol/scene.ts';
import { infoOf } from './device/device-error.ts';
import type { GraphicsDevice } from './device/device.ts';
import type { GraphicsHost, GraphicsUser } from './graphics-host.ts';
import { RenderScene } from './scene/render-scene.ts';
import type { LiveTextures } from './share/live-textures.ts';

/** Milliseconds of one slice of loading: a frame comes in between. */
const SLICE_MS = 10;

interface QueuedChanges {
  readonly changes: SceneChanges;
  readonly acknowledge: (ack: SceneAck) => void;
}

/** A view of the scene, as its feed sees it. */
export interface FeedView {
  post(event: RendererEvent): void;
  /** Another stage is coming: nothing of it was pictured. */
  stageBegan(): void;
  /** What the picture shows is another. @param isMoving something moves, and probably goes on to */
  sceneChanged(isMoving: boolean): void;
  /** Everything that was sent is there. */
  sceneDrained(): void;
  /** The device is gone, with everything that was made of it. */
  loseDevice(reason: string): void;
  /** The scene is gone; the view ends. */
  fail(error: ErrorInfo): void;
}

/**
 * One scene and what feeds it, for all views that draw it: takes scene messages, packs them in slices, acknowledges them, and
 * tells the views. Messages are packed while the device, which all scenes share, is on its way. The first view to join is
 * the one that hears of problems, and the scene ends with it.
 */
export class SceneFeed implements GraphicsUser {
  readonly scene = new RenderScene();
  #host: GraphicsHost;
  #views = new Set<FeedView>();
  #queue: QueuedChanges[] = [];
  #applying: Generator<void, void> | undefined;
  /** Uploads that belong to no message of the queue: the environment's, and after a loss all. */
  #restoring: Generator<void, void> | undefined;
  #live: LiveTextures | undefined;
  #isChanged = false;
  #isMoving = false;
  #isComplete = false;
  #lastProblem = '';
  #isDisposed = false;

  constructor(host: GraphicsHost) {
    this.#host = host;
    host.add(this);
  }

  get isWaiting(): boolean {
    return this.#queue.length > 0 || this.scene.stage !== undefined;
  }

  /** Something of the stage is still to come. */
  get isLoading(): boolean {
    return !this.#isComplete || this.#queue.length > 0;
  }

  /** Everything that was sent is there. */
  get isDrained(): boolean {
    return this.#queue.length === 0 && this.#restoring === undefined;
  }

  join(view: FeedView): void {
    this.#views.add(view);
    const { stage, bounds } = this.scene;
    if (stage !== undefined && bounds !== undefined) view.post({ kind: 'bounds', stage, bounds });
  }

  /** Without its first view the scene ends, and with it the others. */
  leave(view: FeedView): void {
    const [first] = this.#views;
    this.#views.delete(view);
    if (view === first) this.#end({ code: 'view-closed', severity: 'error', message: 'The view that this camera belongs to was closed' });
  }

  useDevice(device: GraphicsDevice): void {
    this.#live?.deviceChanged();
    this.scene.setDevice(device);
    this.#restoring = this.scene.restoreTextures();
    this.pump();
  }

  /** The scene stays in memory. */
  loseDevice(reason: string): void {
    this.#restoring = undefined;
    for (const view of this.#views) view.loseDevice(reason);
  }

  /** One problem, one message, until another one comes. */
  reportProblem(problem: ErrorInfo): void {
    if (problem.message === this.#lastProblem) return;
    this.#lastProblem = problem.message;
    this.#report({ kind: 'problem', problem });
  }

  /** Queues one scene message; it is applied in slices, in order, and then acknowledged. */
  feed(changes: SceneChanges, acknowledge: (ack: SceneAck) => void): void {
    const queued = { changes, acknowledge };
    if (this.#isDisposed) {
      // Nobody waits for a scene that is gone.
      acknowledgeOne(queued);
      return;
    }
    if (changes.reset !== undefined) {
      // A new stage: what is left of the old one need not be built.
      this.#drop();
      this.#isComplete = false;
      for (const view of this.#views) view.stageBegan();
    }
    this.#queue.push(queued);
    this.pump();
  }

  /** Another picture around the scene, or none any more. */
  setEnvironment({ picture }: EnvironmentChange): void {
    if (this.#isDisposed) return;
    const refusal = this.scene.environment.set(picture);
    if (refusal !== undefined) this.#report({ kind: 'problem', problem: { code: 'texture-refused', severity: 'error', message: refusal } });
    this.#restoring = inTurn(this.#restoring, this.scene.environment.upload());
    this.pump();
  }

  /** A shared texture takes the place of an image, for all views; without a handle the image is back. */
  async setLiveTexture(texture: TextureId, handle: TextureHandle | undefined, stage?: StageId): Promise<void> {
    try {
      const sharing = await this.#host.sharing();
      if (this.#isDisposed) {
        handle?.port?.close();
        return;
      }
      this.#live ??= sharing.liveTextures(this.scene, {
        arrived: () => this.#showChange(),
        restore: (id) => this.#restore(id),
        failed: (error) => this.reportProblem(shareProblem(error)),
      });
      this.#live.set(texture, handle, stage ?? this.scene.stage);
    } catch (error) {
      this.reportProblem(shareProblem(error));
    }
  }

  /** Works on what is queued soon, and tells views when nothing is left. */
  pump(): void {
    if (!this.#isDisposed) this.#host.work.request(this.#slice);
  }

  /** Sends what the next picture needs. Returns whether something is left for the one after it. */
  upload(): boolean {
    const device = this.#host.device?.device;
    if (device !== undefined) this.#live?.update(device);
    return this.scene.upload();
  }

  /** Resolves when everything that was sent is there, or the scene has ended. */
  async drained(): Promise<void> {
    while (!this.isDrained) {
      this.pump();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** A fault of ours in one scene must not take the others with it: it ends that scene's views, with a message. */
  #slice = (): void => {
    try {
      this.#work();
    } catch (error) {
      this.#end(infoOf(error));
    }
  };

  /** Works on queued messages for one slice. */
  #work(): void {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      if (this.#restoring !== undefined) {
        if (this.#restoring.next().done === true) this.#restoring = undefined;
        this.#isChanged = true;
        continue;
      }
      const [current] = this.#queue;
      if (current === undefined) break;
      this.#applying ??= this.#apply(current.changes);
      if (this.#applying.next().done !== true) continue;
      this.#applying = undefined;
      this.#queue.shift();
      acknowledgeOne(current);
      this.#applied(current.changes);
    }
    if (this.#isChanged) this.#showChange();
    if (!this.isDrained) this.pump();
    else for (const view of this.#views) view.sceneDrained();
  }

  #apply(changes: SceneChanges): Generator<void, void> {
    // Their ids may be another image's afterwards.
    if (changes.reset !== undefined) this.#live?.beginStage(changes.stage);
    else if (changes.removedTextures !== undefined && changes.stage === this.scene.stage) this.#live?.forget(changes.removedTextures);
    return this.scene.apply(changes, (problem) => this.#report({ kind: 'problem', stage: changes.stage, problem }));
  }

  #restore(id: TextureId): void {
    this.#restoring = inTurn(this.#restoring, this.scene.restoreImage(id));
    this.pump();
  }

  #showChange(): void {
    const isMoving = this.#isMoving;
    this.#isChanged = false;
    this.#isMoving = false;
    for (const view of this.#views) view.sceneChanged(isMoving);
  }

  #applied({ stage, milestone, bounds, transforms }: SceneChanges): void {
    if (bounds !== undefined) for (const view of this.#views) view.post({ kind: 'bounds', stage, bounds });
    if (milestone === 'complete') this.#isComplete = true;
    if (transforms !== undefined) this.#isMoving = true;
    this.#isChanged = true;
  }

  #report(event: RendererEvent): void {
    const [first] = this.#views;
    first?.post(event);
  }

  #drop(): void {
    for (const queued of this.#queue) acknowledgeOne(queued);
    this.#queue = [];
    this.#applying?.return();
    this.#applying = undefined;
  }

  /** Frees everything of the scene, and ends the views there still are. */
  #end(error: ErrorInfo): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#host.remove(this);
    this.#host.work.cancel(this.#slice);
    this.#drop();
    this.#restoring = undefined;
    const views = [...this.#views];
    this.#views.clear();
    for (const view of views) view.fail(error);
    this.#live?.dispose();
    this.scene.dispose();
  }
}

/** What went wrong with a shared texture, for the list of problems. */
export function shareProblem(error: unknown): ErrorInfo {
  if (!(error instanceof ShareError)) return infoOf(error);
  return { code: error.code, severity: 'warning', message: error.message };
}

function acknowledgeOne({ changes: { stage, sequence }, acknowledge }: QueuedChanges): void {
  acknowledge({ kind: 'sceneAck', stage, sequence });
}

function* inTurn(first: Generator<void, void> | undefined, second: Generator<void, void>): Generator<void, void> {
  if (first !== undefined) yield* first;
  yield* second;
}
