/**
 * A stage: the composed scene of a root layer. Source: OpenUSD usd/stage.h.
 */
import { PackageResolver } from '../ar/package-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { Cache } from '../pcp/cache.ts';
import { collectChanges, makeIndexChanges, type IndexChanges } from '../pcp/changes.ts';
import { describeCompositionError } from '../pcp/composition-error.ts';
import type { SpecSite } from '../pcp/prim-index.ts';
import type { ChangeList } from '../sdf/change-list.ts';
import { Layer } from '../sdf/layer.ts';
import { IDENTITY_OFFSET } from '../sdf/layer-offset.ts';
import { appendProperty, hasPrefix, isPropertyPath, parentPath, replacePrefix, ROOT_PATH, type Path, type PathText } from '../sdf/path.ts';
import { readLimits, type ReadLimits } from '../tf/read-limits.ts';
import type { Problem, Reporter } from '../tf/reporter.ts';
import { makeValue, valueAs, type Value } from '../vt/value.ts';
import { ChangeProcessor } from './change-processor.ts';
import { EditTarget } from './edit-target.ts';
import type { MetadataInput } from './field-authoring.ts';
import type { InterpolationType } from './interpolation.ts';
import { LayerStore } from './layer-store.ts';
import { LoadRules, type LoadPolicy } from './load-rules.ts';
import { composeField } from './metadata.ts';
import { ObjectsChanged, type StageListener, type StageNotices } from './notice.ts';
import { Population } from './population.ts';
import type { PopulationMask } from './population-mask.ts';
import { Prim } from './prim.ts';
import { type PrimRecord } from './prim-record.ts';
import {
  assertEditTarget,
  clearDefaultPrim,
  clearStageMetadata,
  createClassPrim,
  definePrim,
  overridePrim,
  removePrim,
  setDefaultPrim,
  setStageMetadata,
  setStageNumber,
} from './stage-authoring.ts';
import { StageProblems } from './stage-problems.ts';
import type { AssetPathResolver } from './value-resolution.ts';

/** How a stage is opened. */
export interface StageOptions {
  /** Packages need not be understood: one that is no `PackageResolver` is wrapped in one. */
  readonly resolver: AssetResolver;
  /** Opinions stronger than the root layer's. Must be a layer in memory; without it an empty one is made. */
  readonly sessionLayer?: Layer;
  /** Which payloads are loaded; all by default. */
  readonly load?: 'all' | 'none' | LoadRules;
  /** Which prims the stage is populated with; all by default. */
  readonly mask?: PopulationMask;
  /** How much the files may ask for; `DEFAULT_LIMITS` where it says nothing. */
  readonly limits?: Partial<ReadLimits>;
  /** Identifiers of layers to leave out. */
  readonly mutedLayers?: readonly string[];
  /** Layers in memory that asset paths name by their identifiers (`anon:…`). */
  readonly layers?: readonly Layer[];
  /** Per variant set: names tried in order where nothing selects one. */
  readonly variantFallbacks?: ReadonlyMap<string, readonly string[]>;
  /** Hears of each problem as it is found. Whether it still holds after an edit, `Stage.problems` tells. */
  readonly reporter?: Reporter;
  /** Stops opening: `Stage.open` rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called as layers are read and prims are composed. */
  readonly onProgress?: (progress: StageProgress) => void;
  /** Awaited between batches of composing so that the host can hear messages. */
  readonly yieldNow?: () => Promise<void>;
  /**
   * Whether prims may wait to be composed until they are asked for. They do only where nothing but time depends on it: where no layer
   * has arcs, variants, instances or value clips. By default true without `yieldNow`; false composes everything on opening, with progress
   * and turns of the host.
   */
  readonly deferPrims?: boolean;
}

/** How far opening has come. */
export interface StageProgress {
  /** Layers read so far. */
  readonly layers: number;
  /** Sum of the sizes of the files read. */
  readonly bytes: number;
  /** Prims composed so far. */
  readonly prims: number;
}

const LAYER_FALLBACKS: Readonly<Record<string, Value>> = {
  upAxis: makeValue('token', 'Y'),
  metersPerUnit: makeValue('double', 0.01),
  kilogramsPerUnit: makeValue('double', 1),
  timeCodesPerSecond: makeValue('double', 24),
  framesPerSecond: makeValue('double', 24),
  startTimeCode: makeValue('double', 0),
  endTimeCode: makeValue('double', 0),
};

/** The composed scene of a root layer. It follows edits of its layers. Source: OpenUSD usd/stage.h. */
export class Stage {
  /** Composition, as it stands. @internal */
  readonly cache: Cache;
  /** Reads the assets that resolved asset paths name: textures, also inside packages. */
  readonly resolver: AssetResolver;
  /** The layer that was opened. */
  readonly rootLayer: Layer;
  /** Stronger than the root layer, and not part of the scene's files. */
  readonly sessionLayer: Layer;
  /** How values between time samples are made. */
  interpolation: InterpolationType = 'linear';
  /** Makes the identifier of an asset path found at a site. */
  readonly resolveAssetPath: AssetPathResolver;
  readonly #layers: LayerStore;
  readonly #population: Population;
  readonly #problems: StageProblems;
  readonly #settings: StageSettings;
  readonly #processor: ChangeProcessor;
  readonly #proxies = new Map<Path, Prim>();
  readonly #listeners = new Map<keyof StageNotices, Set<(notice: never) => void>>();
  /** Layers listened to → how to stop. */
  readonly #subscriptions = new Map<Layer, () => void>();
  #editTarget: EditTarget;
  #revision = 0;
  #loading: Promise<void> | undefined;
  #isClosed = false;
  /** One for all layers: a block that edits several of them is one change. */
  readonly #onLayersDidChange = (edits: ReadonlyMap<Layer, ChangeList>): void => this.#layersDidChange(edits);

  /** Prims that wait are composed from what layers say now: edits find the whole stage. */
  readonly #onLayerWillEdit = (): void => this.#population.composeAll();

  private constructor(
    cache: Cache,
    resolver: AssetResolver,
    rootLayer: Layer,
    sessionLayer: Layer,
    layers: LayerStore,
    population: Population,
    problems: StageProblems,
    settings: StageSettings,
  ) {
    this.cache = cache;
    this.resolver = resolver;
    this.rootLayer = rootLayer;
    this.sessionLayer = sessionLayer;
    this.#editTarget = EditTarget.forLayer(rootLayer);
    this.#layers = layers;
    this.#population = population;
    this.#problems = problems;
    this.#settings = settings;
    this.#processor = new ChangeProcessor(cache, population, problems);
    this.resolveAssetPath = assetPathResolver(cache);
    for (const layer of [sessionLayer, ...layers.layers]) this.#listenTo(layer);
  }

  /**
   * Opens a stage: reads the root layer, composes every prim, reads further layers as composition asks for them.
   *
   * @param rootIdentifier asset path of the root layer
   * @throws the typed error of the reader or resolver when the root layer cannot be read; the signal's reason on abort
   */
  static async open(rootIdentifier: string, options: StageOptions): Promise<Stage> {
    const reporter = new StageProblems(options.reporter);
    const limits = readLimits(options.limits);
    const progress = { prims: 0 };
    const notify = (): void => options.onProgress?.({ layers: layers.layers.length, bytes: layers.bytes, prims: progress.prims });
    const resolver =
      options.resolver instanceof PackageResolver ? options.resolver : new PackageResolver(options.resolver, reporter, limits);
    let isOpen = false;
    const layers = new LayerStore({
      resolver,
      reporter,
      limits,
      signal: options.signal,
      onLayer: () => {
        if (!isOpen) notify();
      },
    });
    for (const layer of options.layers ?? []) layers.add(layer);
    const identifier = layers.identify(rootIdentifier, undefined);
    await layers.load([identifier]);
    const rootLayer = layers.find(identifier);
    if (!(rootLayer instanceof Layer)) throw layers.causeOf(identifier);
    const sessionLayer = options.sessionLayer ?? Layer.inMemory('session');
    const settings: StageSettings = {
      loadRules:
        options.load === undefined || options.load === 'all'
          ? LoadRules.all()
          : options.load === 'none'
            ? LoadRules.none()
            : options.load.copy(),
      mask: options.mask,
      mutedLayers: new Set(options.mutedLayers),
    };
    const includesPayload = (path: Path): boolean => settings.loadRules.isLoaded(path);
    const cache = new Cache({
      rootLayer,
      sessionLayer,
      layers,
      mutedLayers: settings.mutedLayers,
      includePayload: includesPayload,
      ...(options.variantFallbacks === undefined ? {} : { variantFallbacks: options.variantFallbacks }),
    });
    for (let pending = cache.layerStack.pendingAssets; pending.length > 0; pending = cache.layerStack.pendingAssets) {
      await layers.load(pending);
      cache.invalidateAll();
    }
    reporter.setRootErrors(cache.layerStack.errors);
    const population = new Population({
      cache,
      layers,
      problems: reporter,
      includesPayload,
      mask: () => settings.mask,
      instanceKeySuffix: (path) => {
        const [masked, ruled] = [settings.mask?.relativeTo(path) ?? '', settings.loadRules.relativeTo(path)];
        return masked === '' && ruled === '' ? '' : `\nmask ${masked}\nload ${ruled}`;
      },
      signal: options.signal,
      onProgress: (prims) => {
        progress.prims = prims;
        notify();
      },
      yieldNow: options.yieldNow,
      mayDefer: options.deferPrims ?? options.yieldNow === undefined,
    });
    await population.populate([population.root]);
    population.touchedPrototypes.clear();
    isOpen = true;
    return new Stage(cache, resolver, rootLayer, sessionLayer, layers, population, reporter, settings);
  }

  /** The prim above all root prims; its metadata is the stage's. */
  get pseudoRoot(): Prim {
    return this.primOf(this.#population.root);
  }

  /** What opening the stage again would report, and what values asked for since then brought to light. */
  get problems(): readonly Problem[] {
    this.#population.composeAll();
    return this.#problems.list;
  }

  /** Every layer that was read, the root layer first; the session layer is not among them. */
  get usedLayers(): readonly Layer[] {
    return this.#layers.layers;
  }

  /** Some prim has value clips. */
  get hasClips(): boolean {
    return this.#population.hasClips;
  }

  /** A layer that was read, by identifier. */
  getLayer(identifier: string): Layer | undefined {
    const layer = this.#layers.find(identifier);
    return layer instanceof Layer ? layer : undefined;
  }

  /** Rises with every edit; what depends on opinions may be kept as long as it stays. */
  get revision(): number {
    return this.#revision;
  }

  /** Prims on the stage, those of prototypes included. */
  get primCount(): number {
    this.#population.composeAll();
    return this.#population.records.size;
  }

  /** Roots of the shared subtrees of instances, by path. */
  get prototypes(): readonly Prim[] {
    return [...this.#population.prototypes.values()].map((prototype) => this.primOf(prototype.root));
  }

  /** The instances that show a prototype. */
  instancesOf(prototype: Prim): readonly Prim[] {
    for (const { root, instances } of this.#population.prototypes.values())
      if (root === prototype.record) return [...instances].map((record) => this.primOf(record));
    return [];
  }

  /** The prim at a path: on the stage, in a prototype, or below an instance (an instance proxy). */
  getPrimAtPath(path: PathText): Prim | undefined {
    const record = this.recordAt(path as Path);
    if (record === undefined) return undefined;
    return record.path === path ? this.primOf(record) : this.proxyOf(record, path as Path);
  }

  /** Depth first, active, loaded, defined and not abstract prims; does not enter prototypes. The root itself comes first. */
  *traverse(root: Prim = this.pseudoRoot): Generator<Prim> {
    const stack: Prim[] = [root];
    for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
      if (prim.path !== ROOT_PATH) yield prim;
      const { children } = prim;
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Prim);
    }
  }

  /** Metadata of the stage: session over root layer (sublayers do not count), then the fallback. */
  getMetadata(name: string): Value | undefined {
    return this.#authoredMetadata(name) ?? (Object.hasOwn(LAYER_FALLBACKS, name) ? LAYER_FALLBACKS[name] : undefined);
  }

  /** `Y` where unauthored. */
  get upAxis(): 'Y' | 'Z' {
    return valueAs(this.getMetadata('upAxis'), 'token') === 'Z' ? 'Z' : 'Y';
  }

  /** Metres in a scene unit; 0.01 where unauthored. */
  get metersPerUnit(): number {
    const meters = numberOf(this.getMetadata('metersPerUnit'));
    return meters !== undefined && meters > 0 ? meters : 0.01;
  }

  /** Time codes in a second; 24 where unauthored. */
  get timeCodesPerSecond(): number {
    return this.cache.layerStack.timeCodesPerSecond;
  }

  /** Frames shown in a second; 24 where unauthored. */
  get framesPerSecond(): number {
    return numberOf(this.getMetadata('framesPerSecond')) ?? 24;
  }

  /** Undefined when unauthored. Old files say `startFrame` and `endFrame`. */
  get startTimeCode(): number | undefined {
    return numberOf(this.#authoredMetadata('startTimeCode') ?? this.#authoredMetadata('startFrame'));
  }

  /** Undefined when unauthored. */
  get endTimeCode(): number | undefined {
    return numberOf(this.#authoredMetadata('endTimeCode') ?? this.#authoredMetadata('endFrame'));
  }

  /** The prim that references to the root layer mean. */
  get defaultPrim(): Prim | undefined {
    const path = this.rootLayer.defaultPrim;
    return path === undefined ? undefined : this.getPrimAtPath(path);
  }

  /** Where edits go: a layer, and how its specs' paths and times map to the stage's. The root layer at first. */
  get editTarget(): EditTarget {
    return this.#editTarget;
  }

  /** @throws EditError `edit-invalid-target` for a target without layer, or with a layer that is not in the stage's layer stack */
  set editTarget(target: EditTarget) {
    assertEditTarget(this, target);
    if (target.equals(this.#editTarget)) return;
    this.#editTarget = target;
    this.#notify('stageEditTargetChanged', { stage: this });
  }

  /**
   * The target for a layer of the stage's own layer stack, with its time offset.
   *
   * @throws EditError `edit-invalid-target`
   */
  getEditTargetForLocalLayer(layer: Layer): EditTarget {
    const entry = this.cache.layerStack.entries.find((candidate) => candidate.layer === layer);
    const target = EditTarget.forLayer(layer, entry?.offset);
    assertEditTarget(this, target);
    return target;
  }

  /**
   * Makes sure that a prim is there, defined, and of a type: authors `def` for it and for ancestors that are not defined.
   *
   * @param typeName `''` leaves the type as it is
   * @throws EditError
   */
  definePrim(path: PathText, typeName = ''): Prim {
    return definePrim(this, path as Path, typeName);
  }

  /** Makes sure that a prim is there and that the edit target has a spec for it, an `over` where it is new. @throws EditError */
  overridePrim(path: PathText): Prim {
    return overridePrim(this, path as Path);
  }

  /** Makes sure that there is a class. @throws EditError also for a prim that is defined and no class, and for edit targets across arcs */
  createClassPrim(path: PathText): Prim {
    return createClassPrim(this, path as Path);
  }

  /**
   * Removes the edit target's opinions on a prim and everything below it.
   *
   * @returns whether there were any
   * @throws EditError
   */
  removePrim(path: PathText): boolean {
    return removePrim(this, path as Path);
  }

  /** Authors the root layer's default prim. @throws EditError */
  setDefaultPrim(prim: Prim): void {
    setDefaultPrim(this, prim);
  }

  /** Takes the root layer's default prim back. @throws EditError */
  clearDefaultPrim(): void {
    clearDefaultPrim(this);
  }

  /**
   * Metadata of the stage; the edit target must be the root layer or the session layer.
   *
   * @throws EditError `edit-stage-metadata`, `edit-invalid-field`, `edit-value-type`
   */
  setMetadata(name: string, value: MetadataInput): void {
    setStageMetadata(this, name, value);
  }

  /** Takes the edit target's opinion on metadata of the stage back. @throws EditError `edit-stage-metadata` */
  clearMetadata(name: string): void {
    clearStageMetadata(this, name);
  }

  /** Authors which axis points up. @throws EditError `edit-stage-metadata` */
  setUpAxis(axis: 'Y' | 'Z'): void {
    setStageMetadata(this, 'upAxis', axis);
  }

  /** @throws EditError `edit-value-type` for a number that is not above 0, as the other rates */
  setMetersPerUnit(meters: number): void {
    setStageNumber(this, 'metersPerUnit', meters, true);
  }

  /** @throws EditError `edit-value-type` for a number that is not above 0 */
  setTimeCodesPerSecond(rate: number): void {
    setStageNumber(this, 'timeCodesPerSecond', rate, true);
  }

  /** @throws EditError `edit-value-type` for a number that is not above 0 */
  setFramesPerSecond(rate: number): void {
    setStageNumber(this, 'framesPerSecond', rate, true);
  }

  /** Authors where animation begins. @throws EditError `edit-stage-metadata` */
  setStartTimeCode(timeCode: number): void {
    setStageNumber(this, 'startTimeCode', timeCode, false);
  }

  /** Authors where animation ends. @throws EditError `edit-stage-metadata` */
  setEndTimeCode(timeCode: number): void {
    setStageNumber(this, 'endTimeCode', timeCode, false);
  }

  /**
   * Hears of changes: once per outermost change block, after the stage is composed anew, and again when layers that an
   * edit asked for were read. Listeners may edit.
   *
   * @returns stops listening
   */
  addListener<K extends keyof StageNotices>(kind: K, listener: StageListener<K>): () => void {
    let listeners = this.#listeners.get(kind);
    if (listeners === undefined) this.#listeners.set(kind, (listeners = new Set()));
    listeners.add(listener as (notice: never) => void);
    return () => void listeners.delete(listener as (notice: never) => void);
  }

  /** Resolves once no layer that edits asked for is still to be read and composed. */
  async settle(): Promise<void> {
    while (this.#loading !== undefined) await this.#loading;
  }

  /** Stops listening to the layers: edits of them no longer reach the stage. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#subscriptions.values()) stop();
    this.#subscriptions.clear();
    this.#listeners.clear();
  }

  /** Makes a layer known that was made in memory, so that sublayers, references and payloads may name it. */
  addLayer(layer: Layer): void {
    this.#layers.add(layer);
    this.#listenTo(layer);
  }

  /** Reads a layer anew and composes what differs, in one notice. */
  async reloadLayer(layer: Layer): Promise<void> {
    layer.reload(await this.#layers.readData(layer.identifier));
    await this.settle();
  }

  /** Which payloads are loaded. A copy: `setLoadRules` sets them. */
  get loadRules(): LoadRules {
    return this.#settings.loadRules.copy();
  }

  /** Loads and unloads payloads until these rules hold. Layers that are needed arrive later: `settle`. */
  setLoadRules(rules: LoadRules): void {
    const before = this.#settings.loadRules;
    if (before.equals(rules)) return;
    this.#settings.loadRules = rules.copy();
    const changes = makeIndexChanges();
    for (const path of this.cache.payloadPaths()) if (before.isLoaded(path) !== rules.isLoaded(path)) changes.significant.add(path);
    // what is below an instance is part of what tells it apart
    for (const prototype of this.#population.prototypes.values())
      for (const { indexPath } of prototype.instances)
        if (before.relativeTo(indexPath) !== rules.relativeTo(indexPath)) changes.prims.add(indexPath);
    this.#apply(changes);
  }

  /** Loads the payloads of a prim, of its ancestors, and, by default, of everything below it. */
  load(path: Path = ROOT_PATH, policy: LoadPolicy = 'withDescendants'): void {
    const rules = this.loadRules;
    rules.load(path, policy);
    this.setLoadRules(rules);
  }

  /** Unloads the payloads of a prim and of everything below it. */
  unload(path: Path = ROOT_PATH): void {
    const rules = this.loadRules;
    rules.unload(path);
    this.setLoadRules(rules);
  }

  /** Unloads some prims and loads others, in one change. */
  loadAndUnload(load: Iterable<Path>, unload: Iterable<Path>, policy: LoadPolicy = 'withDescendants'): void {
    const rules = this.loadRules;
    rules.loadAndUnload(load, unload, policy);
    this.setLoadRules(rules);
  }

  /** Prims with payloads, loaded or not, ascending. */
  findLoadable(root: Path = ROOT_PATH): readonly Path[] {
    return [...this.#population.payloadRecords]
      .map(({ path }) => path)
      .filter((path) => hasPrefix(path, root))
      .sort();
  }

  /** Undefined: everything. */
  get populationMask(): PopulationMask | undefined {
    return this.#settings.mask;
  }

  /** Populates the stage anew; undefined takes everything. */
  setPopulationMask(mask: PopulationMask | undefined): void {
    this.#settings.mask = mask;
    const changes = makeIndexChanges();
    changes.isEverything = true;
    this.#apply(changes);
  }

  /** Identifiers, ascending. */
  get mutedLayers(): readonly string[] {
    return [...this.#settings.mutedLayers].sort();
  }

  /** Whether a layer is left out of every layer stack. */
  isLayerMuted(identifier: string): boolean {
    return this.#settings.mutedLayers.has(identifier);
  }

  /** Takes a layer out of every layer stack, as if it were not there. The root layer cannot be muted. */
  muteLayer(identifier: string): void {
    this.muteAndUnmuteLayers([identifier], []);
  }

  /** Puts a layer back that was muted. */
  unmuteLayer(identifier: string): void {
    this.muteAndUnmuteLayers([], [identifier]);
  }

  /**
   * Takes layers out of every layer stack and puts others back, in one change.
   *
   * @param muted identifiers of layers, as `Layer.identifier` has them
   */
  muteAndUnmuteLayers(muted: readonly string[], unmuted: readonly string[]): void {
    const { mutedLayers } = this.#settings;
    const gone = muted.filter((identifier) => identifier !== this.rootLayer.identifier && !mutedLayers.has(identifier));
    const back = unmuted.filter((identifier) => mutedLayers.has(identifier));
    if (gone.length === 0 && back.length === 0) return;
    this.#population.composeAll();
    for (const identifier of gone) mutedLayers.add(identifier);
    for (const identifier of back) mutedLayers.delete(identifier);
    const changes = makeIndexChanges();
    this.cache.collectMuting(new Set([...gone, ...back]), changes);
    this.#apply(changes);
    this.#notify('layerMutingChanged', { stage: this, mutedLayers: gone, unmutedLayers: back });
  }

  /** The handle of a record. @internal */
  primOf(record: PrimRecord): Prim {
    return (record.handle ??= new Prim(this, record, record.path));
  }

  /** The handle of a prototype's prim as seen below an instance. @internal */
  proxyOf(record: PrimRecord, path: Path): Prim {
    let prim = this.#proxies.get(path);
    if (prim === undefined || prim.record !== record) this.#proxies.set(path, (prim = new Prim(this, record, path)));
    return prim;
  }

  /** The parent as seen from the prim, through an instance if the prim is. @internal */
  parentOf(prim: Prim): Prim | undefined {
    if (!prim.isInstanceProxy) return prim.record.parent === undefined ? undefined : this.primOf(prim.record.parent);
    return this.getPrimAtPath(parentPath(prim.path));
  }

  /** Types to use instead of an unknown one, by the root layer's `fallbackPrimTypes`. */
  fallbackTypes(typeName: string): readonly string[] {
    const entry = valueAs(this.#authoredMetadata('fallbackPrimTypes'), 'dictionary')?.get(typeName);
    return entry?.type === 'token[]' || entry?.type === 'tokenVector' || entry?.type === 'string[]' ? entry.value : [];
  }

  /**
   * Composed targets or connections of a property, in the namespace that the prim is seen in: targets inside the
   * instance that a prototype was composed from become prototype paths, and below an instance its own paths.
   */
  targetsOf(prim: Prim, name: string, field: 'targetPaths' | 'connectionPaths'): readonly Path[] {
    const { record } = prim;
    const { paths, errors } = this.cache.targets(appendProperty(record.indexPath, name), field);
    this.#problems.reportTargets(record.path, name, errors.map(describeCompositionError));
    if (record.path === record.indexPath) return paths;
    let root = record;
    while (root.parent !== undefined) root = root.parent;
    let proxyRoot = root.path;
    if (prim.isInstanceProxy) proxyRoot = prim.path.slice(0, prim.path.length - (record.path.length - root.path.length)) as Path;
    return paths.map((path) => (hasPrefix(path, root.indexPath) ? replacePrefix(path, root.indexPath, proxyRoot) : path));
  }

  #authoredMetadata(name: string): Value | undefined {
    const node = this.#population.root.index.root;
    const sites = [this.sessionLayer, this.rootLayer].map((layer): SpecSite => ({
      layer,
      path: ROOT_PATH,
      layerOffset: IDENTITY_OFFSET,
      node,
    }));
    return composeField(sites, name, this.resolveAssetPath);
  }

  /** What the stage has at a path: a prim, or below an instance the one in the prototype. @internal */
  recordAt(path: Path): PrimRecord | undefined {
    return this.#population.find(path) ?? this.#recordBelowInstance(path);
  }

  #recordBelowInstance(path: Path): PrimRecord | undefined {
    if (!path.startsWith('/') || isPropertyPath(path)) return undefined;
    const { records } = this.#population;
    let at = path;
    // Each turn replaces an instance by its prototype and so shortens what is left below instances.
    for (let turns = path.length; turns > 0; turns--) {
      const record = records.get(at);
      if (record !== undefined) return record;
      let ancestor = parentPath(at);
      while (ancestor !== ROOT_PATH && !records.has(ancestor)) ancestor = parentPath(ancestor);
      const prototype = records.get(ancestor)?.prototype;
      if (prototype === undefined) return undefined;
      at = replacePrefix(at, ancestor, prototype.path);
    }
    return undefined;
  }

  #listenTo(layer: Layer): void {
    if (this.#isClosed || this.#subscriptions.has(layer)) return;
    const stopListening = layer.addChangeListener(this.#onLayersDidChange);
    const stopObserving = layer.addWillEditListener(this.#onLayerWillEdit);
    this.#subscriptions.set(layer, () => {
      stopListening();
      stopObserving();
    });
  }

  #layersDidChange(edits: ReadonlyMap<Layer, ChangeList>): void {
    this.#layers.noteEdit();
    const changes = makeIndexChanges();
    collectChanges(this.cache, edits, changes);
    // layers of value clips are in no layer stack
    if (this.hasClips && [...edits.keys()].some((layer) => this.cache.stacksWith(layer).length === 0))
      for (const { indexPath } of this.#population.clipRecords) changes.types.add(indexPath);
    this.#apply(changes);
  }

  #apply(changes: IndexChanges): void {
    this.#revision++;
    const { resynced, infos, resyncFields } = this.#processor.apply(changes);
    if (resynced.size > 0 || infos.size > 0) {
      if (resynced.size > 0) this.#forgetProxies();
      this.#notify('objectsChanged', new ObjectsChanged(this, resynced, infos, changes.isEverything ? [ROOT_PATH] : [], resyncFields));
      this.#notify('stageContentsChanged', { stage: this });
    }
    if (this.#missingAssets().length > 0) this.#loading ??= this.#loadMissing().finally(() => (this.#loading = undefined));
  }

  #missingAssets(): string[] {
    return [...this.cache.pendingAssets, ...this.#population.clipAssets];
  }

  async #loadMissing(): Promise<void> {
    for (let missing = this.#missingAssets(); missing.length > 0 && !this.#isClosed; missing = this.#missingAssets()) {
      await this.#layers.load(missing);
      for (const layer of this.#layers.layers) this.#listenTo(layer);
      const changes = this.cache.forgetPending();
      if (this.#population.clipAssets.size > 0) {
        this.#population.clipAssets.clear();
        this.#population.reportClips();
        for (const { indexPath } of this.#population.clipRecords) changes.types.add(indexPath);
      }
      this.#apply(changes);
    }
  }

  #notify<K extends keyof StageNotices>(kind: K, notice: StageNotices[K]): void {
    for (const listener of Array.from(this.#listeners.get(kind) ?? [])) (listener as StageListener<K>)(notice);
  }

  /** Handles of instance proxies that are no longer on the stage are let go; the others find their prims again by themselves. */
  #forgetProxies(): void {
    for (const [path, prim] of this.#proxies) if (!prim.isValid) this.#proxies.delete(path);
  }
}

/** What may be set while a stage is open. */
interface StageSettings {
  loadRules: LoadRules;
  mask: PopulationMask | undefined;
  readonly mutedLayers: Set<string>;
}

function numberOf(value: Value | undefined): number | undefined {
  return value !== undefined && typeof value.value === 'number' ? value.value : undefined;
}

/**
 * Not written out where the stage is made: V8 then carries stages that are no longer used, and all that they are made of, through its
 * quick collections, and copying them takes a good part of the time of opening small stages one after the other.
 */
function assetPathResolver(cache: Cache): AssetPathResolver {
  return (site, assetPath) => cache.resolveAssetPath(site, assetPath);
}
