/** The page's side of the USD worker: calls, and the state that its events build up. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CallClient, RemoteError } from '../../share/protocol/channel.ts';
import type {
  AssetSource,
  EngineCalls,
  EngineEvent,
  EngineMessage,
  EnvironmentSource,
  EnvironmentSummary,
  FileEntry,
  FoundPrim,
  LoadPhase,
  PrimDetails,
  RootCandidate,
  StageOptions,
  StageSummary,
  VariantChoice,
} from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb, TextureId } from '../../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../../share/protocol/version.ts';
import type { WorkerEndpoint } from '../../share/protocol/views.ts';
import { deferred } from './deferred.ts';

export interface LoadProgress {
  readonly phase: LoadPhase;
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly done: number;
  readonly total: number;
}

/**
 * Where opening stands. `loading` lasts until everything is sent; the new stage is there from `isComposed` on, the old one until
 * then, and after a failure.
 */
export type LoadState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly name: string; readonly isComposed: boolean; readonly progress: LoadProgress }
  | { readonly kind: 'failed'; readonly name: string; readonly error: ErrorInfo };

/** A list nobody reads to its end is cut; the panel says so. */
const MAX_PROBLEMS = 2000;
const STARTING: LoadProgress = { phase: 'reading', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 };

export interface EngineHooks {
  stageOpened(summary: StageSummary): void;
  stageClosed(): void;
  boundsChanged(bounds: Aabb): void;
  treeChanged(totalRows: number): void;
  /** Rows of the tree have other problem counts. */
  problemsFound(): void;
  cameraMoved(path: string, pose: CameraPose): void;
  milestone(what: 'bytes' | 'stage' | 'geometry' | 'complete', epochMs: number): void;
}

export class EngineController implements ReactiveController {
  load: LoadState = { kind: 'idle' };
  /** The open stage's. */
  summary: StageSummary | undefined;
  /** A recomposed part of the stage is being sent. */
  isStreaming = false;
  /** Failures of the last load first, then the stage's problems. */
  problems: readonly ErrorInfo[] = [];
  /** Problems beyond those kept. */
  droppedProblems = 0;

  #host: ReactiveControllerHost;
  #hooks: EngineHooks;
  #client: CallClient<EngineCalls>;
  #opening: AbortController | undefined;
  #failures: readonly ErrorInfo[] = [];
  #stageProblems: readonly ErrorInfo[] = [];
  #completion = deferred<void>();
  #timeBusy = false;
  #timeWaiting: { timeCode: number; resolve: () => void; reject: (error: unknown) => void } | undefined;

  /** @param scene the port to the render worker, handed on with `connect` */
  constructor(host: ReactiveControllerHost, endpoint: WorkerEndpoint, scene: MessagePort, hooks: EngineHooks) {
    this.#host = host;
    this.#hooks = hooks;
    this.#client = new CallClient(endpoint);
    host.addController(this);
    endpoint.addEventListener('message', (event) => this.#receive((event as MessageEvent<EngineMessage>).data));
    endpoint.addEventListener('error', (event) => this.#workerFailed(event));
    endpoint.addEventListener('messageerror', (event) => this.#workerFailed(event));
    this.#client.call('connect', { protocol: PROTOCOL_VERSION, scene }, { transfer: [scene] }).catch((error: unknown) => {
      this.addFailure(errorInfoOf(error));
    });
  }

  hostConnected(): void {}

  /** Which of the files could be the root layer. */
  async findRoots(files: readonly FileEntry[]): Promise<readonly RootCandidate[]> {
    return (await this.#client.call('findRoots', { files })).candidates;
  }

  /**
   * Opens a stage in place of the one there is; a load in progress is cancelled.
   *
   * @throws RemoteError with code `cancelled` when another load overtook this one
   */
  async open(source: AssetSource, name: string, options: StageOptions = {}): Promise<StageSummary> {
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    this.#failures = [];
    this.isStreaming = false;
    this.#gatherProblems();
    this.#setLoad({ kind: 'loading', name, isComposed: false, progress: STARTING });
    try {
      const summary = await this.#client.call('openStage', { source, ...options }, { signal: opening.signal });
      if (this.#opening !== opening) throw new RemoteError(cancelled(name));
      this.summary = summary;
      this.#setLoad({ kind: 'loading', name, isComposed: true, progress: this.load.kind === 'loading' ? this.load.progress : STARTING });
      this.#hooks.stageOpened(summary);
      return summary;
    } catch (error) {
      const info = errorInfoOf(error);
      if (this.#opening === opening) {
        this.#opening = undefined;
        if (info.code === 'cancelled') this.#setLoad({ kind: 'idle' });
        else {
          this.addFailure(info);
          this.#setLoad({ kind: 'failed', name, error: info });
        }
      }
      throw error;
    }
  }

  /** Stops a load. Before the new stage is composed the old one stays; afterwards the new one is closed. */
  cancelLoad(): void {
    if (this.load.kind !== 'loading') return;
    if (this.load.isComposed) this.close();
    else this.#opening?.abort();
  }

  close(): void {
    this.#opening = undefined;
    this.summary = undefined;
    this.isStreaming = false;
    this.#failures = [];
    this.#stageProblems = [];
    this.droppedProblems = 0;
    this.#gatherProblems();
    this.#setLoad({ kind: 'idle' });
    this.#hooks.stageClosed();
    this.#client.call('closeStage', {}).catch((error: unknown) => this.addFailure(errorInfoOf(error)));
  }

  /** Shows a load that could not be asked for; one in progress goes on. */
  failLoad(name: string, error: ErrorInfo): void {
    this.addFailure(error);
    if (this.load.kind !== 'loading') this.#setLoad({ kind: 'failed', name, error });
  }

  /** Forgets the message of a failed load; its line in the problems stays. */
  dismissFailure(): void {
    if (this.load.kind === 'failed') this.#setLoad({ kind: 'idle' });
  }

  /** Resolves once nothing is being loaded or streamed any more, however it ended. */
  async completed(): Promise<void> {
    while (this.load.kind === 'loading' || this.isStreaming) await this.#completion.promise;
  }

  /** Samples the stage at a time code. Of calls that wait, only the newest runs; the others resolve with it. */
  setTime(timeCode: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#timeWaiting?.resolve();
      this.#timeWaiting = { timeCode, resolve, reject };
      if (!this.#timeBusy) void this.#runTime();
    });
  }

  get isSampling(): boolean {
    return this.#timeBusy;
  }

  async #runTime(): Promise<void> {
    this.#timeBusy = true;
    for (let next = this.#timeWaiting; next !== undefined; next = this.#timeWaiting) {
      this.#timeWaiting = undefined;
      try {
        await this.#client.call('setTime', { timeCode: next.timeCode });
        next.resolve();
      } catch (error) {
        next.reject(error);
      }
    }
    this.#timeBusy = false;
  }

  setVariant(choice: VariantChoice): Promise<StageSummary> {
    return this.#recompose(() => this.#client.call('setVariant', { ...choice }));
  }

  /** Several choices as one change; those that name nothing are left out, with a problem. */
  setVariants(choices: readonly VariantChoice[]): Promise<StageSummary> {
    return this.#recompose(() => this.#client.call('setVariants', { choices }));
  }

  async #recompose(change: () => Promise<StageSummary>): Promise<StageSummary> {
    const stage = this.summary?.stage;
    const summary = await change();
    if (this.summary?.stage === stage) {
      this.summary = summary;
      this.isStreaming = this.load.kind !== 'loading';
    }
    this.#host.requestUpdate();
    return summary;
  }

  /** The picture all around, for the setting `lighting: 'image'`; none: forgets it. */
  async loadEnvironment(source?: EnvironmentSource): Promise<EnvironmentSummary | undefined> {
    return (await this.#client.call('loadEnvironment', source === undefined ? {} : { source })).environment;
  }

  async setVisibility(primPath: string, isVisible: boolean): Promise<void> {
    await this.#client.call('setVisibility', { primPath, isVisible });
  }

  treeRows(first: number, count: number, reveal?: string): Promise<EngineCalls['treeRows']['reply']> {
    return this.#client.call('treeRows', { first, count, ...(reveal === undefined ? {} : { reveal }) });
  }

  async setExpanded(path: string, isExpanded: boolean, isRecursive: boolean): Promise<number> {
    return (await this.#client.call('setExpanded', { path, isExpanded, isRecursive })).totalRows;
  }

  async setTreeFilter(text: string): Promise<number> {
    return (await this.#client.call('setTreeFilter', { text })).totalRows;
  }

  async findPrims(text: string, limit: number): Promise<readonly FoundPrim[]> {
    return (await this.#client.call('findPrims', { text, limit })).prims;
  }

  primDetails(path: string): Promise<PrimDetails> {
    return this.#client.call('primDetails', { path });
  }

  /** The image that a shader reads, for `setLiveTexture` of the renderer. */
  async textureOfShader(path: string): Promise<TextureId | undefined> {
    return (await this.#client.call('textureOfShader', { path })).texture;
  }

  async cameraPose(path: string): Promise<CameraPose> {
    return (await this.#client.call('cameraPose', { path })).pose;
  }

  async primBounds(path: string): Promise<Aabb | undefined> {
    return (await this.#client.call('primBounds', { path })).bounds;
  }

  async primOfHandle(prim: number): Promise<string | undefined> {
    return (await this.#client.call('primOfHandle', { prim })).path;
  }

  async thumbnail(): Promise<Blob | undefined> {
    return (await this.#client.call('thumbnail', {})).image;
  }

  /** A failure of the page's or the renderer's: listed until the next load. */
  addFailure(problem: ErrorInfo): void {
    if (this.#failures.some((known) => identityOf(known) === identityOf(problem))) return;
    this.#failures = [...this.#failures, problem].slice(-MAX_PROBLEMS);
    this.#gatherProblems();
  }

  #addStageProblems(found: readonly ErrorInfo[]): void {
    const kept = found.slice(0, Math.max(0, MAX_PROBLEMS - this.#stageProblems.length));
    this.droppedProblems += found.length - kept.length;
    this.#stageProblems = [...this.#stageProblems, ...kept];
    this.#gatherProblems();
  }

  #gatherProblems(): void {
    this.problems = [...this.#failures, ...this.#stageProblems];
    this.#host.requestUpdate();
  }

  #setLoad(load: LoadState): void {
    this.load = load;
    this.#host.requestUpdate();
    this.#wake();
  }

  /** Lets `completed` look again. */
  #wake(): void {
    const { resolve } = this.#completion;
    this.#completion = deferred<void>();
    resolve();
  }

  #receive(message: EngineMessage): void {
    if (this.#client.settle(message)) return;
    this.#apply(message as EngineEvent);
  }

  #apply(event: EngineEvent): void {
    switch (event.kind) {
      case 'progress':
        this.#onProgress(event);
        break;
      case 'problems':
        if (event.isReset === true) {
          this.#stageProblems = [];
          this.droppedProblems = 0;
        }
        this.#addStageProblems(event.problems);
        this.#hooks.problemsFound();
        break;
      case 'treeChanged':
        this.#hooks.treeChanged(event.totalRows);
        break;
      case 'summaryChanged':
        this.summary = event.summary;
        this.#host.requestUpdate();
        break;
      case 'bounds':
        this.#hooks.boundsChanged(event.bounds);
        break;
      case 'milestone':
        this.#hooks.milestone(event.what, event.epochMs);
        break;
      case 'cameraMoved':
        this.#hooks.cameraMoved(event.path, event.pose);
        break;
    }
  }

  #onProgress(progress: LoadProgress): void {
    const isDone = progress.phase === 'done';
    if (this.load.kind === 'loading') {
      if (!isDone) this.#setLoad({ ...this.load, progress });
      else if (this.load.isComposed) this.#setLoad({ kind: 'idle' });
    } else if (isDone && this.isStreaming) {
      this.isStreaming = false;
      this.#host.requestUpdate();
      this.#wake();
    }
  }

  /** The worker's script could not run, or broke down: nothing it was asked will be answered. */
  #workerFailed(event: Event): void {
    const reason = event instanceof ErrorEvent && event.message !== '' ? event.message : 'its script could not be loaded';
    const error: ErrorInfo = {
      code: 'engine-failed',
      severity: 'error',
      message: `The USD worker failed: ${reason}. Reload the page to go on.`,
    };
    this.addFailure(error);
    this.#client.failAll(error);
  }
}

/** Plain data of any error, for panels. */
export function errorInfoOf(error: unknown): ErrorInfo {
  if (error instanceof RemoteError) return error.info;
  return { code: 'page-error', severity: 'error', message: error instanceof Error ? error.message : String(error) };
}

export function cancelled(name: string): ErrorInfo {
  return { code: 'cancelled', severity: 'info', message: `Opening ${name} was cancelled by a newer request` };
}

function identityOf({ code, message, path, asset }: ErrorInfo): string {
  return JSON.stringify([code, message, path, asset]);
}
