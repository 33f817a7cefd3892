import type { ErrorInfo } from '../share/protocol/error-info.ts';
import { DeviceError } from './device/device-error.ts';
import type { GraphicsDevice } from './device/device.ts';
import { requestGraphicsDevice } from './device/device.ts';
import { FrameLoop } from './frame-loop.ts';
import { Graphics } from './graphics.ts';
import type { Sharing } from './share/later-sharing.ts';
import { warmUp } from './warm-up.ts';
import { WorkLoop } from './work-loop.ts';

/** A scene with its views, as the host sees it. */
export interface GraphicsUser {
  /** It has something to show: warming up must not keep it waiting. */
  readonly isWaiting: boolean;
  /** There is a device: uploads can begin, while pipelines still compile. */
  useDevice(device: GraphicsDevice): void;
  /** The device is gone, with everything that was made of it. */
  loseDevice(reason: string): void;
  reportProblem(problem: ErrorInfo): void;
}

/** Holds the one device that all views draw with, and gets another when it is lost. */
export class GraphicsHost {
  readonly frames = new FrameLoop();
  readonly work = new WorkLoop();
  #users = new Set<GraphicsUser>();
  #device: GraphicsDevice | undefined;
  #graphics: Graphics | undefined;
  #starting: Promise<Graphics> | undefined;
  #loadingSharing: Promise<Sharing> | undefined;
  #sharing: Sharing | undefined;

  get device(): GraphicsDevice | undefined {
    return this.#device;
  }

  /** The user hears of the device there is, and of every later one, until `remove`. */
  add(user: GraphicsUser): void {
    this.#users.add(user);
    if (this.#device !== undefined) user.useDevice(this.#device);
  }

  remove(user: GraphicsUser): void {
    this.#users.delete(user);
  }

  /**
   * The graphics there are, or new ones.
   *
   * @throws DeviceError when WebGPU cannot be used, or the device was lost while it started
   */
  start(): Promise<Graphics> {
    this.#starting ??= this.#create().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** What shares textures, fetched when it is asked for first. Who asks first is answered first. */
  sharing(): Promise<Sharing> {
    this.#loadingSharing ??= import('./share/later-sharing.ts').then(
      ({ Sharing: Loaded }) => (this.#sharing = new Loaded(this.#device?.device)),
      (error: unknown) => {
        this.#loadingSharing = undefined;
        const reason = error instanceof Error ? error.message : String(error);
        throw new DeviceError('sharing-not-loaded', `What shares textures could not be fetched: ${reason}`);
      },
    );
    return this.#loadingSharing;
  }

  /** Lets go of what is kept for the next picture only; it goes by itself when nothing is drawn for a while. */
  releaseIdle(): void {
    this.#graphics?.targets.clear();
  }

  /** For tests: destroys the device, so that the loss path runs. */
  loseDevice(): void {
    this.#device?.device.destroy();
  }

  /** Frees everything; views must be gone. */
  dispose(): void {
    const device = this.#device;
    this.#device = undefined;
    this.#starting = undefined;
    this.#graphics?.dispose();
    this.#graphics = undefined;
    this.#sharing?.dispose();
    this.work.dispose();
    device?.device.destroy();
  }

  async #create(): Promise<Graphics> {
    const made = await requestGraphicsDevice();
    const { device } = made;
    device.addEventListener('uncapturederror', ({ error }) => {
      const isMemory = error instanceof GPUOutOfMemoryError;
      const message = isMemory ? 'The graphics memory is full: parts of the scene are missing' : error.message;
      const problem: ErrorInfo = { code: isMemory ? 'gpu-memory-full' : 'gpu-error', severity: 'error', message };
      for (const user of this.#users) user.reportProblem(problem);
    });
    this.#device = made;
    void device.lost.then((info) => this.#onLost(made, info));
    this.#sharing?.useDevice(device);
    for (const user of this.#users) user.useDevice(made);
    const graphics = await Graphics.create(made, navigator.gpu.getPreferredCanvasFormat());
    await warmUp(made, graphics, () => [...this.#users].some((user) => user.isWaiting));
    if (this.#device !== made) throw new DeviceError('device-lost', 'The graphics device was lost while it started');
    this.#graphics = graphics;
    return graphics;
  }

  /** Scenes stay in memory; pages answer with new canvases, and the first `attach` starts over. */
  #onLost(made: GraphicsDevice, info: GPUDeviceLostInfo): void {
    if (made !== this.#device) return;
    this.#device = undefined;
    this.#graphics?.targets.clear();
    this.#graphics = undefined;
    this.#starting = undefined;
    const reason = info.message === '' ? info.reason : info.message;
    for (const user of this.#users) user.loseDevice(reason);
  }
}
