/** The page's side of the render worker: canvas, camera, settings; statistics and loss. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CallClient, RemoteError } from '../../share/protocol/channel.ts';
import { transferablesOf, type TextureHandle } from '../../share/frames/texture-handle.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import {
  DEFAULT_RENDER_SETTINGS,
  type CameraPose,
  type CaptureRequest,
  type OverlayPlace,
  type RecordFrameRequest,
  type RendererCalls,
  type RendererCommand,
  type RendererEvent,
  type RendererMessage,
  type RendererReady,
  type RendererRequest,
  type RenderSettings,
  type RenderStats,
  type ShareFramesRequest,
  type SurfaceSize,
} from '../../share/protocol/renderer.ts';
import type { Aabb, StageId, TextureId } from '../../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../../share/protocol/version.ts';
import type { WorkerEndpoint } from '../../share/protocol/views.ts';
import type { CanvasHandover } from '../viewport/usd-viewport.ts';
import { deferred } from './deferred.ts';
import { errorInfoOf } from './engine-controller.ts';

/** After so many losses within this time the page stops asking for another device. */
const MAX_LOSSES = 4;
const LOSS_WINDOW_MS = 60_000;

export type RendererState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly adapter: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unavailable'; readonly error: ErrorInfo };

export interface RendererHooks {
  /** The canvas is dead: make a new one. */
  lost(): void;
  problem(problem: ErrorInfo): void;
  pictured(stage: StageId, what: 'first' | 'complete', epochMs: number): void;
  boundsChanged(stage: StageId, bounds: Aabb): void;
}

export class RendererController implements ReactiveController {
  state: RendererState = { kind: 'starting' };
  stats: RenderStats | undefined;
  settings: RenderSettings = DEFAULT_RENDER_SETTINGS;

  #ready = deferred<RendererReady>();
  /** Rejects when nothing can be drawn any more, so that nobody waits for a picture. */
  #gone = deferred<never>();

  #host: ReactiveControllerHost;
  #hooks: RendererHooks;
  #endpoint: WorkerEndpoint;
  #client: CallClient<RendererCalls>;
  #scene: MessagePort | undefined;
  #camera: CameraPose | undefined;
  #lossesMs: number[] = [];

  /** @param scene the port from the USD worker, handed on with the first `attach`; a further camera of a scene has none */
  constructor(host: ReactiveControllerHost, endpoint: WorkerEndpoint, scene: MessagePort | undefined, hooks: RendererHooks) {
    this.#host = host;
    this.#hooks = hooks;
    this.#endpoint = endpoint;
    this.#scene = scene;
    this.#client = new CallClient(endpoint);
    host.addController(this);
    endpoint.addEventListener('message', (event) => this.#receive((event as MessageEvent<RendererMessage>).data));
    endpoint.addEventListener('error', (event) => this.#workerFailed(event));
    endpoint.addEventListener('messageerror', (event) => this.#workerFailed(event));
  }

  hostConnected(): void {}

  /** Resolves when the first device draws; rejects where there is none. */
  get ready(): Promise<RendererReady> {
    return this.#ready.promise;
  }

  /** Hands a canvas over, the first one and each one after a loss. */
  attach({ canvas, size }: CanvasHandover): void {
    const scene = this.#scene;
    this.#scene = undefined;
    const request = { protocol: PROTOCOL_VERSION, canvas, size, ...(scene === undefined ? {} : { scene }) };
    const transfer: Transferable[] = scene === undefined ? [canvas] : [canvas, scene];
    this.#client.call('attach', request, { transfer }).then(
      (ready) => {
        this.#setState({ kind: 'ready', adapter: ready.adapter });
        this.#ready.resolve(ready);
      },
      (error: unknown) => this.#attachFailed(errorInfoOf(error)),
    );
    this.#send({ kind: 'setSettings', settings: this.settings });
    if (this.#camera !== undefined) this.#send({ kind: 'setCamera', camera: this.#camera });
  }

  /** The one that was set last. */
  get camera(): CameraPose | undefined {
    return this.#camera;
  }

  setCamera(camera: CameraPose): void {
    this.#camera = camera;
    this.#send({ kind: 'setCamera', camera });
  }

  setSettings(settings: RenderSettings): void {
    this.settings = settings;
    this.#send({ kind: 'setSettings', settings });
    this.#host.requestUpdate();
  }

  resize(size: SurfaceSize): void {
    this.#send({ kind: 'resize', size });
  }

  setVisible(isVisible: boolean): void {
    this.#send({ kind: 'setVisible', isVisible });
  }

  /** Another camera in this view's scene, with a canvas of its own, behind a port; it ends with `closeCamera`, wherever the port is. */
  openCamera(id: string): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#endpoint.postMessage({ kind: 'openCamera', port: port2, id } satisfies RendererCommand, [port2]);
    return port1;
  }

  closeCamera(id: string): void {
    this.#send({ kind: 'closeCamera', id });
  }

  /** There was an animation frame where this view is seen, which is not the worker's own page. */
  animationFrame(): void {
    this.#send({ kind: 'animationFrame' });
  }

  /** For tests: the device is destroyed and the way back runs. */
  loseDevice(): void {
    this.#send({ kind: 'loseDevice' });
  }

  /** @throws RemoteError where nothing can be drawn */
  async capture(request: CaptureRequest): Promise<Blob> {
    return (await Promise.race([this.#gone.promise, this.#client.call('capture', { ...request })])).blob;
  }

  /** Resolves once the recorder has taken the frame; see `recordFrame` of the protocol. */
  async recordFrame(request: RecordFrameRequest, transfer: Transferable[]): Promise<void> {
    await Promise.race([this.#gone.promise, this.#client.call('recordFrame', request, { transfer })]);
  }

  endRecording(): void {
    this.#send({ kind: 'endRecording' });
  }

  /** A handle of this view's pictures, from now on. @throws RemoteError */
  async shareFrames(request: ShareFramesRequest): Promise<TextureHandle> {
    return (await Promise.race([this.#gone.promise, this.#client.call('shareFrames', request)])).handle;
  }

  /** What cannot be had of a handle is told as a problem. */
  setLiveTexture(stage: StageId, texture: TextureId, handle: TextureHandle | undefined): void {
    this.#sendWith(handle, { kind: 'setLiveTexture', stage, texture });
  }

  setOverlay(id: string, handle: TextureHandle | undefined, place: OverlayPlace | undefined): void {
    this.#sendWith(handle, { kind: 'setOverlay', id, ...(place === undefined ? {} : { place }) });
  }

  /**
   * Resolves once everything sent so far was pictured.
   *
   * @throws RemoteError where nothing can be drawn
   */
  async settle(): Promise<RenderStats> {
    const stats = await Promise.race([this.#gone.promise, this.#client.call('settle', {})]);
    this.#setStats(stats);
    return stats;
  }

  /** Handle of the prim under a pixel of the drawing buffer. */
  async pick(x: number, y: number): Promise<number | undefined> {
    return (await this.#pick(x, y)).prim;
  }

  /** Distance along the view axis to what is seen there, stage units. */
  async depthAt(x: number, y: number): Promise<number | undefined> {
    return (await this.#pick(x, y)).depth;
  }

  #pick(x: number, y: number): Promise<RendererCalls['pick']['reply']> {
    return this.#client.call('pick', { x: Math.round(x), y: Math.round(y) });
  }

  #send(command: RendererCommand): void {
    this.#endpoint.postMessage(command satisfies RendererCommand | RendererRequest, []);
  }

  #sendWith(handle: TextureHandle | undefined, command: RendererCommand): void {
    if (handle === undefined) this.#send(command);
    else this.#endpoint.postMessage({ ...command, handle }, transferablesOf(handle));
  }

  #receive(message: RendererMessage): void {
    if (this.#client.settle(message)) return;
    const event = message as RendererEvent;
    switch (event.kind) {
      case 'stats':
        this.#setStats(event.stats);
        break;
      case 'problem':
        this.#hooks.problem(event.problem);
        break;
      case 'pictured':
        this.#hooks.pictured(event.stage, event.what, event.epochMs);
        break;
      case 'bounds':
        this.#hooks.boundsChanged(event.stage, event.bounds);
        break;
      case 'lost':
        this.#onLost(event.reason);
        break;
      case 'unavailable':
        this.#fail(event.error);
        break;
    }
  }

  /** A device that is lost while it starts is lost like any other. */
  #attachFailed(error: ErrorInfo): void {
    if (error.code !== 'device-lost') this.#fail(error);
    else if (this.state.kind !== 'lost') this.#onLost(error.message);
  }

  #onLost(reason: string): void {
    const now = performance.now();
    this.#lossesMs = [...this.#lossesMs.filter((ms) => now - ms < LOSS_WINDOW_MS), now];
    if (this.#lossesMs.length > MAX_LOSSES) {
      this.#fail({
        code: 'device-lost',
        severity: 'error',
        message: `The graphics device was lost ${this.#lossesMs.length} times within a minute (${reason}). Reload the page to try again.`,
      });
      return;
    }
    this.#setState({ kind: 'lost' });
    this.#hooks.lost();
  }

  #fail(error: ErrorInfo): void {
    const failure = new RemoteError(error);
    this.#ready.reject(failure);
    this.#gone.reject(failure);
    this.#setState({ kind: 'unavailable', error });
  }

  #workerFailed(event: Event): void {
    const reason = event instanceof ErrorEvent && event.message !== '' ? event.message : 'its script could not be loaded';
    const error: ErrorInfo = {
      code: 'renderer-failed',
      severity: 'error',
      message: `The render worker failed: ${reason}. Reload the page to go on.`,
    };
    this.#fail(error);
    this.#hooks.problem(error);
    this.#client.failAll(error);
  }

  #setState(state: RendererState): void {
    this.state = state;
    this.#host.requestUpdate();
  }

  #setStats(stats: RenderStats): void {
    this.stats = stats;
    this.#host.requestUpdate();
  }
}
