/**
 * The USD engine behind the protocol: one stage at a time, its scene, its tree.
 *
 * Opening: read → compose → nodes and bounds (reply) → geometry → textures. The old stage stays until the new one is composed,
 * so that a file that cannot be opened costs nothing.
 */
import { DEFAULT_LIMITS, EditError, Layer, LimitError, Stage, type PackageResolver, type Path, type Prim, type ReadLimits } from 'usd-wasm';
import type {
  EngineCalls,
  EngineCancel,
  EngineEvent,
  EngineMessage,
  EngineRequest,
  LoadPhase,
  StageSummary,
  VariantChoice,
} from '../../share/protocol/engine.ts';
import {
  transferOfEnvironmentChange,
  type Aabb,
  type EnvironmentChange,
  type SceneAck,
  type SceneMessage,
  type StageId,
  type TextureId,
} from '../../share/protocol/scene.ts';
import { PROTOCOL_VERSION } from '../../share/protocol/version.ts';
import type { DisposeView } from '../../share/protocol/views.ts';
import { CommandQueue, type RunningWrite } from './commands.ts';
import { EnvironmentLoader } from './environment.ts';
import { cameraPose } from './imaging/camera-adapter.ts';
import { MemoryBudgetError } from './memory-budget.ts';
import { Pace, yieldToMessages } from './pace.ts';
import { primDetails } from './prim-details.ts';
import { ProblemFeed } from './problem-feed.ts';
import { Scene } from './scene.ts';
import { SceneWriter, type SceneSink } from './scene-writer.ts';
import { findRoots, openSource } from './sources.ts';
import { authorSelection, editSession, selectVariant } from './stage-edits.ts';
import { listContents, summarize, type StageContents } from './stage-summary.ts';
import { findThumbnail } from './thumbnail.ts';
import { TreeModel } from './tree-model.ts';

/** Something asked for what only an open stage has. */
class NoStageError extends Error {
  readonly code = 'no-stage';

  constructor() {
    super('no scene is open');
    this.name = 'NoStageError';
  }
}

/** A path from the page names nothing on the stage. */
class NoPrimError extends Error {
  readonly code = 'no-prim';
  readonly path: string;

  constructor(path: string) {
    super(`there is no prim at ${path}`);
    this.name = 'NoPrimError';
    this.path = path;
  }
}

/** An edit of what cannot be edited. */
class NotEditableError extends Error {
  readonly code = 'not-editable';

  constructor(cause: EditError) {
    super(cause.message, { cause });
    this.name = 'NotEditableError';
  }
}

/** Everything of one open stage. */
interface OpenStage {
  readonly id: StageId;
  readonly name: string;
  readonly stage: Stage;
  readonly resolver: PackageResolver;
  readonly scene: Scene;
  readonly tree: TreeModel;
  readonly feed: ProblemFeed;
  contents: StageContents;
  summary: StageSummary;
  watchedCamera: string | undefined;
  sentPose: string;
}

export type Post = (message: EngineMessage) => void;
/** The render worker's port as the engine uses it. */
export interface ScenePort extends SceneSink {
  postMessage(message: SceneMessage, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** The engine of one view. */
export class Engine {
  #post: Post;
  #kernelReady: Promise<unknown>;
  #queue: CommandQueue;
  #environment = new EnvironmentLoader({
    send: (change) => this.#sendEnvironment(change),
    report: (problem) => this.#post({ kind: 'problems', problems: [problem] }),
  });
  #port: ScenePort | undefined;
  #nextStage = 0;
  #open: OpenStage | undefined;
  /** Takes acknowledgements; the newest stage's. */
  #writer: SceneWriter | undefined;

  /** @param kernelReady resolves once WebAssembly is there or known to be missing */
  constructor(post: Post, kernelReady: Promise<unknown>) {
    this.#post = post;
    this.#kernelReady = kernelReady;
    this.#queue = new CommandQueue({
      reply: (call, reply) => this.#post({ kind: 'reply', call, reply } as EngineMessage),
      fail: (call, error) => this.#post({ kind: 'failed', call, error }),
      failedLate: (error) => {
        if (this.#open !== undefined) this.#open.feed.report(error);
        else this.#post({ kind: 'problems', problems: [error] });
      },
    });
  }

  handle(request: EngineRequest | EngineCancel | DisposeView): void {
    if (request.kind === 'dispose') {
      this.dispose();
      return;
    }
    const { call } = request;
    switch (request.kind) {
      case 'cancel':
        return this.#queue.cancel(call);
      case 'connect':
        return this.#queue.read(call, 'Connecting', () => this.#connect(request.protocol, request.scene));
      case 'findRoots':
        return this.#queue.read(call, 'Looking at the files', async () => ({ candidates: await findRoots(request.files) }));
      case 'openStage':
        return this.#queue.write(
          call,
          { kind: 'openStage', doing: `Opening ${nameOfSource(request.source)}`, isPreempting: true },
          (write) => this.#openStage(request, write),
        );
      case 'closeStage':
        return this.#queue.write(call, { kind: 'closeStage', doing: 'Closing the scene', isPreempting: true }, async () => this.#close());
      case 'setTime':
        return this.#queue.write(call, { kind: 'setTime', doing: 'Changing the time', isCoalesced: true }, (write) =>
          this.#setTime(request.timeCode, write),
        );
      case 'setVariant':
        return this.#queue.write(call, { kind: 'setVariant', doing: `Choosing the variant of ${request.set}` }, (write) =>
          this.#setVariant(request, write),
        );
      case 'setVariants':
        return this.#queue.write(call, { kind: 'setVariants', doing: 'Choosing variants' }, (write) =>
          this.#setVariants(request.choices, write),
        );
      case 'setVisibility':
        return this.#queue.write(call, { kind: 'setVisibility', doing: `Changing the visibility of ${request.primPath}` }, () =>
          this.#setVisibility(request),
        );
      case 'treeRows':
        return this.#queue.read(call, 'Reading the prim tree', () => {
          const open = this.#open;
          if (open === undefined) return { totalRows: 0, first: 0, rows: [] };
          return open.tree.window(request.first, request.count, request.reveal, {
            time: open.scene.time,
            problemCountOf: (path) => open.feed.countOf(path),
          });
        });
      case 'setExpanded':
        return this.#queue.read(call, 'Opening a branch', () => ({
          totalRows: this.#needed().tree.setExpanded(request.path as Path, request.isExpanded, request.isRecursive === true),
        }));
      case 'setTreeFilter':
        return this.#queue.read(call, 'Searching prims', () => ({ totalRows: this.#open?.tree.setFilter(request.text) ?? 0 }));
      case 'findPrims':
        return this.#queue.read(call, 'Searching prims', () => ({ prims: this.#open?.tree.find(request.text, request.limit) ?? [] }));
      case 'primDetails':
        return this.#queue.read(call, 'Reading properties', () => primDetails(this.#primAt(request.path), this.#needed().scene.time));
      case 'cameraPose':
        return this.#queue.read(call, 'Reading the camera', () => this.#cameraPose(request.path));
      case 'primBounds':
        return this.#queue.read(call, 'Measuring a prim', () => {
          const bounds = this.#needed().scene.bounds(request.path as Path);
          return bounds === undefined ? {} : { bounds };
        });
      case 'primOfHandle':
        return this.#queue.read(call, 'Finding a prim', () => {
          const path = this.#open?.scene.pathOfHandle(request.prim);
          return path === undefined ? {} : { path };
        });
      case 'textureOfShader':
        return this.#queue.read(call, 'Finding a texture', () => {
          const texture = this.#imageOf(this.#primAt(request.path));
          return texture === undefined ? {} : { texture };
        });
      case 'loadEnvironment':
        return this.#queue.read(call, 'Loading the environment', () => this.#environment.load(request.source));
      case 'thumbnail':
        return this.#queue.read(call, 'Reading the thumbnail', async () => {
          const { stage, resolver } = this.#needed();
          const image = await findThumbnail(stage, resolver);
          return image === undefined ? {} : { image };
        });
    }
  }

  #connect(protocol: number, port: ScenePort): EngineCalls['connect']['reply'] {
    if (protocol !== PROTOCOL_VERSION) {
      throw Object.assign(new Error(`the page speaks protocol ${protocol}, the USD worker ${PROTOCOL_VERSION}; reload the page`), {
        code: 'protocol-mismatch',
      });
    }
    this.#port = port;
    port.onmessage = (event: MessageEvent) => this.#writer?.acknowledge(event.data as SceneAck);
    return { protocol: PROTOCOL_VERSION };
  }

  /** Stops what runs and lets go of everything. Nothing is posted afterwards. */
  dispose(): void {
    this.#post = () => undefined;
    this.#queue.dispose();
    this.#environment.cancel();
    this.#letGo();
    this.#port?.close();
    this.#port = undefined;
  }

  #sendEnvironment(change: EnvironmentChange): void {
    this.#port?.postMessage(change, transferOfEnvironmentChange(change));
  }

  async #openStage(request: EngineCalls['openStage']['request'], write: RunningWrite): Promise<void> {
    const { signal } = write;
    const port = this.#port;
    if (port === undefined) throw Object.assign(new Error('the page did not connect the renderer'), { code: 'not-connected' });
    const feed = new ProblemFeed((event) => this.#post(event));
    const progress = new ProgressFeed((event) => this.#post(event));
    progress.phase('reading', 0, 0);
    mark('open');
    const source = openSource(request.source, feed, {
      onRootRead: () => this.#milestone('bytes'),
      onBytes: (loaded, total) => progress.bytes(loaded, total),
    });
    await this.#kernelReady;
    const sessionLayer = Layer.inMemory('session');
    for (const { primPath, set, selection } of request.variants ?? []) authorSelection(sessionLayer, primPath as Path, set, selection);
    const { memoryBytes = Infinity } = request;
    const stage = await withinBudget(memoryBytes, () =>
      Stage.open(source.root, {
        resolver: source.resolver,
        sessionLayer,
        load: request.payloads === 'none' ? 'none' : 'all',
        limits: limitsWithin(memoryBytes),
        reporter: feed,
        signal,
        yieldNow: yieldToMessages,
        onProgress: ({ prims }) => progress.phase('composing', prims, 0),
      }),
    );
    mark('composed');

    const id = this.#nextStage++ as StageId;
    const pace = new Pace(signal);
    const time = request.timeCode ?? stage.startTimeCode ?? 0;
    const writer = new SceneWriter(id, { upAxis: stage.upAxis, metersPerUnit: stage.metersPerUnit }, port);
    const scene = new Scene(stage, time, writer, source.resolver, (problem) => feed.reportImaging(problem), request);
    await scene.build(pace);
    const contents = await listContents(stage, pace);
    const bounds = scene.bounds();
    mark('nodes');
    reportMissingChoices(stage, request.variants ?? [], feed);
    pace.check();

    // From here on the new stage is the one.
    this.#letGo();
    const tree = new TreeModel(stage);
    const summary = summarize(id, source.name, stage, contents, scene.isAnimated || spansTime(stage), bounds);
    const open: OpenStage = {
      id,
      name: source.name,
      stage,
      resolver: source.resolver,
      scene,
      tree,
      feed,
      contents,
      summary,
      watchedCamera: undefined,
      sentPose: '',
    };
    this.#open = open;
    this.#writer = writer;
    writer.putBounds(bounds);
    this.#milestone('stage');
    write.reply(summary);
    feed.open();
    if (bounds !== undefined) this.#post({ kind: 'bounds', bounds });
    this.#post({ kind: 'treeChanged', totalRows: tree.totalRows });
    try {
      await this.#stream(open, pace, progress, true);
    } finally {
      // Also after a failure or a cancel: what was sent is what there is.
      progress.phase('done', 0, 0);
      feed.flush();
    }
  }

  /** Sends pending geometry, then textures. */
  async #stream(open: OpenStage, pace: Pace, progress: ProgressFeed, isLoad: boolean): Promise<void> {
    const { scene } = open;
    const total = scene.pendingCount;
    await scene.imagePending(pace, (done) => progress.phase('geometry', done, total));
    scene.sweep();
    const bounds = scene.bounds();
    scene.writer.putBounds(bounds);
    scene.writer.flush(isLoad ? 'geometry' : undefined);
    mark('geometry');
    if (isLoad) {
      this.#milestone('geometry');
      if (scene.writer.instanceIds.count === 0)
        open.feed.report({
          code: 'nothing-to-draw',
          severity: 'warning',
          message: `${open.name} holds nothing that can be drawn: no meshes or shapes were found among its ${open.stage.primCount} prims`,
        });
    }
    this.#updateSummary(open, bounds);
    await scene.loadTextures(pace, (done, count) => progress.phase('textures', done, count));
    scene.writer.flush(isLoad ? 'complete' : undefined);
    mark('textures');
    if (isLoad) this.#milestone('complete');
  }

  async #setTime(timeCode: number, write: RunningWrite): Promise<EngineCalls['setTime']['reply']> {
    const open = this.#needed();
    if (!Number.isFinite(timeCode)) throw Object.assign(new Error(`the time code ${timeCode} is no number`), { code: 'invalid-time' });
    await open.scene.setTime(timeCode, new Pace(write.signal));
    open.scene.writer.flush();
    if (open.scene.textures.waitingCount > 0) {
      await open.scene.loadTextures(new Pace(write.signal), () => undefined);
      open.scene.writer.flush();
    }
    this.#sendMovedCamera(open);
    return { timeCode };
  }

  async #setVariant(request: EngineCalls['setVariant']['request'], write: RunningWrite): Promise<void> {
    const open = this.#needed();
    const pace = new Pace(write.signal);
    const { primPath, set, selection } = request;
    const changes = await editing(() => selectVariant(open.stage, primPath as Path, set, selection === '' ? undefined : selection));
    open.feed.renew(open.stage.problems, changes.resynced);
    await this.#apply(open, changes, pace, write);
    open.feed.flush();
  }

  async #setVariants(choices: readonly VariantChoice[], write: RunningWrite): Promise<void> {
    const open = this.#needed();
    const pace = new Pace(write.signal);
    // Authored as plain opinions: a prim of a later choice may be there only because of an earlier one.
    const changes = await editSession(open.stage, () => {
      for (const { primPath, set, selection } of choices) authorSelection(open.stage.sessionLayer, primPath as Path, set, selection);
    });
    open.feed.renew(open.stage.problems, changes.resynced);
    reportMissingChoices(open.stage, choices, open.feed);
    await this.#apply(open, changes, pace, write);
    open.feed.flush();
  }

  async #setVisibility(request: EngineCalls['setVisibility']['request']): Promise<object> {
    const open = this.#needed();
    const prim = this.#primAt(request.primPath);
    await editing(() =>
      editSession(open.stage, () => {
        const visibility = prim.getAttribute('visibility') ?? prim.createAttribute('visibility', 'token');
        visibility.set(request.isVisible ? 'inherited' : 'invisible');
      }),
    );
    open.scene.applyVisibility(request.primPath as Path);
    const bounds = open.scene.bounds();
    open.scene.writer.putBounds(bounds);
    open.scene.writer.flush();
    if (bounds !== undefined) this.#post({ kind: 'bounds', bounds });
    this.#post({ kind: 'treeChanged', totalRows: open.tree.totalRows });
    return {};
  }

  async #apply(open: OpenStage, changes: Parameters<Scene['applyChanges']>[0], pace: Pace, write: RunningWrite): Promise<void> {
    await open.scene.applyChanges(changes, pace);
    open.contents = await listContents(open.stage, pace);
    open.tree.refresh();
    const progress = new ProgressFeed((event) => this.#post(event));
    const bounds = open.scene.bounds();
    open.summary = summarize(open.id, open.name, open.stage, open.contents, open.scene.isAnimated || spansTime(open.stage), bounds);
    this.#post({ kind: 'treeChanged', totalRows: open.tree.totalRows });
    if (bounds !== undefined) this.#post({ kind: 'bounds', bounds });
    write.reply(open.summary);
    try {
      await this.#stream(open, pace, progress, false);
    } finally {
      progress.phase('done', 0, 0);
    }
    this.#sendMovedCamera(open);
  }

  #updateSummary(open: OpenStage, bounds: Aabb | undefined): void {
    const summary = summarize(open.id, open.name, open.stage, open.contents, open.scene.isAnimated || spansTime(open.stage), bounds);
    const isSame = summary.isAnimated === open.summary.isAnimated && JSON.stringify(bounds) === JSON.stringify(open.summary.bounds);
    open.summary = summary;
    if (isSame) return;
    this.#post({ kind: 'summaryChanged', summary });
    if (bounds !== undefined) this.#post({ kind: 'bounds', bounds });
  }

  #cameraPose(path: string): EngineCalls['cameraPose']['reply'] {
    const open = this.#needed();
    const prim = this.#primAt(path);
    const pose = cameraPose(prim, open.scene.time, open.summary.bounds);
    open.watchedCamera = path;
    open.sentPose = JSON.stringify(pose);
    return { pose };
  }

  #sendMovedCamera(open: OpenStage): void {
    const path = open.watchedCamera;
    const prim = path === undefined ? undefined : open.stage.getPrimAtPath(path as Path);
    if (path === undefined || prim === undefined) return;
    const pose = cameraPose(prim, open.scene.time, open.summary.bounds);
    const text = JSON.stringify(pose);
    if (text === open.sentPose) return;
    open.sentPose = text;
    this.#post({ kind: 'cameraMoved', path, pose });
  }

  #close(): object {
    this.#letGo();
    if (this.#port !== undefined) {
      // An empty stage takes the old one's place in the renderer.
      this.#writer = new SceneWriter(this.#nextStage++ as StageId, { upAxis: 'Y', metersPerUnit: 0.01 }, this.#port);
      this.#writer.flush('complete');
    }
    return {};
  }

  #letGo(): void {
    this.#open?.feed.close();
    this.#open?.stage.close();
    this.#open?.resolver.dispose();
    this.#open = undefined;
    this.#writer = undefined;
  }

  #needed(): OpenStage {
    if (this.#open === undefined) throw new NoStageError();
    return this.#open;
  }

  #primAt(path: string): NonNullable<ReturnType<Stage['getPrimAtPath']>> {
    const prim = this.#needed().stage.getPrimAtPath(path as Path);
    if (prim === undefined) throw new NoPrimError(path);
    return prim;
  }

  /** Materials within a prototype are read there, for all its instances. */
  #imageOf(shader: Prim): TextureId | undefined {
    for (let prim: Prim | undefined = shader; prim !== undefined; prim = prim.parent) {
      const prototype = prim.prototype;
      if (prototype === undefined) continue;
      const inPrototype = this.#needed().stage.getPrimAtPath(`${prototype.path}${shader.path.slice(prim.path.length)}` as Path);
      return inPrototype === undefined ? undefined : this.#imageOf(inPrototype);
    }
    return this.#needed().scene.materials.imageOf(shader.path);
  }

  #milestone(what: 'bytes' | 'stage' | 'geometry' | 'complete'): void {
    this.#post({ kind: 'milestone', what, epochMs: performance.timeOrigin + performance.now() });
  }
}

/** Progress in steps that are worth a message. */
class ProgressFeed {
  #post: (event: EngineEvent) => void;
  #phase: LoadPhase | undefined;
  #lastMs = 0;
  #loadedBytes = 0;
  #totalBytes = 0;

  constructor(post: (event: EngineEvent) => void) {
    this.#post = post;
  }

  bytes(loadedBytes: number, totalBytes: number): void {
    this.#loadedBytes = loadedBytes;
    this.#totalBytes = totalBytes;
    this.phase(this.#phase ?? 'reading', 0, 0);
  }

  phase(phase: LoadPhase, done: number, total: number): void {
    const now = performance.now();
    if (phase === this.#phase && now - this.#lastMs < 50) return;
    this.#phase = phase;
    this.#lastMs = now;
    this.#post({ kind: 'progress', phase, loadedBytes: this.#loadedBytes, totalBytes: this.#totalBytes, done, total });
  }
}

/** Selections of what the stage does not have: they stay without effect. */
function reportMissingChoices(stage: Stage, choices: readonly VariantChoice[], feed: ProblemFeed): void {
  for (const { primPath, set, selection } of choices) {
    const prim = stage.getPrimAtPath(primPath as Path);
    const names =
      prim?.isDefined === true
        ? prim
            .getVariantSets()
            .find(({ name }) => name === set)
            ?.getVariantNames()
        : undefined;
    if (names !== undefined && (selection === '' || names.includes(selection))) continue;
    const found =
      prim?.isDefined !== true
        ? 'there is no such prim'
        : names === undefined
          ? `the prim has no variant set ${set}`
          : `the set has ${names.join(', ')}`;
    feed.report({
      code: 'variant-not-found',
      severity: 'warning',
      message: `The variant ${set}=${selection} of ${primPath} was asked for, but ${found}`,
      path: primPath,
    });
  }
}

/** Limits of reading that are bytes, lowered to the budget. */
function limitsWithin(memoryBytes: number): Partial<ReadLimits> {
  const { fileBytes, stageBytes, decodedBytes, inflatedBytes } = DEFAULT_LIMITS;
  return {
    fileBytes: Math.min(fileBytes, memoryBytes),
    stageBytes: Math.min(stageBytes, memoryBytes),
    decodedBytes: Math.min(decodedBytes, memoryBytes),
    inflatedBytes: Math.min(inflatedBytes, memoryBytes),
  };
}

/** A limit that the budget lowered is told as the budget. */
async function withinBudget<T>(memoryBytes: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof LimitError && error.allowed === memoryBytes ? new MemoryBudgetError(memoryBytes, error) : error;
  }
}

/** The stage refuses edits inside instances. */
async function editing<T>(edit: () => Promise<T>): Promise<T> {
  try {
    return await edit();
  } catch (error) {
    throw error instanceof EditError ? new NotEditableError(error) : error;
  }
}

function nameOfSource(source: EngineCalls['openStage']['request']['source']): string {
  return source.kind === 'url' ? source.url : source.root;
}

/** Authored range of time: something is meant to play, also where it is not drawn yet. */
function spansTime(stage: Stage): boolean {
  const { startTimeCode, endTimeCode } = stage;
  return startTimeCode !== undefined && endTimeCode !== undefined && endTimeCode > startTimeCode;
}

function mark(step: string): void {
  performance.mark(`usd:${step}`);
}
