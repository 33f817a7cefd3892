/**
 * A stage: the composed scene of a root layer. Source: OpenUSD usd/stage.h.
 */
import { PackageResolver } from '../ar/package-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { Cache } from '../pcp/cache.ts';
import { describeCompositionError } from '../pcp/composition-error.ts';
import type { SpecSite } from '../pcp/prim-index.ts';
import { Layer } from '../sdf/layer.ts';
import { IDENTITY_OFFSET } from '../sdf/layer-offset.ts';
import { appendProperty, hasPrefix, isPropertyPath, parentPath, primPathOf, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Problem, Reporter } from '../tf/reporter.ts';
import { makeValue, valueAs, type Value } from '../vt/value.ts';
import type { InterpolationType } from './interpolation.ts';
import { LayerStore } from './layer-store.ts';
import { composeField } from './metadata.ts';
import { Population } from './population.ts';
import { Prim } from './prim.ts';
import type { PrimRecord } from './prim-record.ts';
import { StageProblems, usedFiles } from './stage-problems.ts';
import type { AssetPathResolver } from './value-resolution.ts';

export interface StageOptions {
  /** Packages need not be understood: one that is no `PackageResolver` is wrapped in one. */
  readonly resolver: AssetResolver;
  /** Opinions stronger than the root layer's. Must be a layer in memory; without it an empty one is made. */
  readonly sessionLayer?: Layer;
  /** Which payloads are loaded; all by default. */
  readonly load?: 'all' | 'none' | ((path: Path) => boolean);
  /** Per variant set: names tried in order where nothing selects one. */
  readonly variantFallbacks?: ReadonlyMap<string, readonly string[]>;
  /** Hears of each problem as it is found. Whether it still holds after an edit, `Stage.problems` tells. */
  readonly reporter?: Reporter;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StageProgress) => void;
  /** Awaited between batches of composing so that the host can hear messages. */
  readonly yieldNow?: () => Promise<void>;
}

export interface StageProgress {
  readonly layers: number;
  /** Sum of the sizes of the files read. */
  readonly bytes: number;
  readonly prims: number;
}

/** What must be looked at again after an edit: subtrees composed anew, and prims or properties whose values may differ. Minimal and sorted. */
export interface StageChanges {
  readonly resynced: readonly Path[];
  readonly changedInfo: readonly Path[];
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

export class Stage {
  readonly cache: Cache;
  /** Reads the assets that resolved asset paths name: textures, also inside packages. */
  readonly resolver: AssetResolver;
  readonly rootLayer: Layer;
  readonly sessionLayer: Layer;
  /** How values between time samples are made. */
  interpolation: InterpolationType = 'linear';
  readonly resolveAssetPath: AssetPathResolver;
  readonly #layers: LayerStore;
  readonly #population: Population;
  readonly #problems: StageProblems;
  readonly #proxies = new Map<Path, Prim>();
  #revision = 0;
  /** Prims that session opinions were written for after they were composed. */
  readonly #sessionPrims = new Set<Path>();

  constructor(
    cache: Cache,
    resolver: AssetResolver,
    rootLayer: Layer,
    sessionLayer: Layer,
    layers: LayerStore,
    population: Population,
    problems: StageProblems,
  ) {
    this.cache = cache;
    this.resolver = resolver;
    this.rootLayer = rootLayer;
    this.sessionLayer = sessionLayer;
    this.#layers = layers;
    this.#population = population;
    this.#problems = problems;
    this.resolveAssetPath = (site, assetPath) => cache.resolveAssetPath(site, assetPath);
  }

  /**
   * Opens a stage: reads the root layer, composes every prim, reads further layers as composition asks for them.
   *
   * @param rootIdentifier asset path of the root layer
   * @throws the typed error of the reader or resolver when the root layer cannot be read; the signal's reason on abort
   */
  static async open(rootIdentifier: string, options: StageOptions): Promise<Stage> {
    const reporter = new StageProblems(options.reporter);
    const progress = { prims: 0 };
    const notify = (): void => options.onProgress?.({ layers: layers.layers.length, bytes: layers.bytes, prims: progress.prims });
    const resolver = options.resolver instanceof PackageResolver ? options.resolver : new PackageResolver(options.resolver, reporter);
    const layers = new LayerStore({ resolver, reporter, signal: options.signal, onLayer: notify });
    const identifier = layers.identify(rootIdentifier, undefined);
    await layers.load([identifier]);
    const rootLayer = layers.find(identifier);
    if (!(rootLayer instanceof Layer)) throw layers.causeOf(identifier);
    const sessionLayer = options.sessionLayer ?? Layer.inMemory('session');
    const includePayload = includePayloadOf(options.load);
    const cache = new Cache({
      rootLayer,
      sessionLayer,
      layers,
      ...(options.variantFallbacks === undefined ? {} : { variantFallbacks: options.variantFallbacks }),
      ...(includePayload === undefined ? {} : { includePayload }),
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
      includePayload,
      signal: options.signal,
      onProgress: (prims) => {
        progress.prims = prims;
        notify();
      },
      yieldNow: options.yieldNow,
    });
    await population.populate([population.root]);
    return new Stage(cache, resolver, rootLayer, sessionLayer, layers, population, reporter);
  }

  get pseudoRoot(): Prim {
    return this.primOf(this.#population.root);
  }

  /** What opening the stage again would report, and what values asked for since then brought to light. */
  get problems(): readonly Problem[] {
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
  getPrimAtPath(path: Path): Prim | undefined {
    const record = this.#population.records.get(path);
    if (record !== undefined) return this.primOf(record);
    const shared = this.#recordBelowInstance(path);
    return shared === undefined ? undefined : this.proxyOf(shared, path);
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
    return this.#authoredMetadata(name) ?? LAYER_FALLBACKS[name];
  }

  get upAxis(): 'Y' | 'Z' {
    return valueAs(this.getMetadata('upAxis'), 'token') === 'Z' ? 'Z' : 'Y';
  }

  get metersPerUnit(): number {
    const meters = numberOf(this.getMetadata('metersPerUnit'));
    return meters !== undefined && meters > 0 ? meters : 0.01;
  }

  get timeCodesPerSecond(): number {
    return this.cache.layerStack.timeCodesPerSecond;
  }

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

  get defaultPrim(): Prim | undefined {
    const path = this.rootLayer.defaultPrim;
    return path === undefined ? undefined : this.getPrimAtPath(path);
  }

  /**
   * Selects a variant in the session layer and composes the prim anew.
   *
   * @param selection `''` selects none, undefined leaves it to weaker layers
   * @throws RangeError for a path inside an instance or prototype: those are shared and cannot be edited
   */
  async setVariantSelection(primPath: Path, set: string, selection: string | undefined): Promise<StageChanges> {
    this.#assertEditable(primPath);
    const { sessionLayer } = this;
    sessionLayer.ensurePrim(primPath);
    const selections = new Map(sessionLayer.fieldAs(primPath, 'variantSelection', 'variantSelectionMap'));
    if (selection === undefined) selections.delete(set);
    else selections.set(set, selection);
    sessionLayer.setField(primPath, 'variantSelection', selections.size === 0 ? undefined : makeValue('variantSelectionMap', selections));
    return this.#recompose(primPath);
  }

  /**
   * Authors an attribute's default value in the session layer, e.g. `visibility`.
   *
   * @param value undefined takes the opinion back
   * @throws RangeError for a path inside an instance or prototype
   */
  setSessionOpinion(propertyPath: Path, typeName: string, value: Value | undefined): StageChanges {
    const primPath = primPathOf(propertyPath);
    this.#assertEditable(primPath);
    const { sessionLayer } = this;
    if (value !== undefined || sessionLayer.hasSpec(propertyPath)) {
      sessionLayer.ensureAttribute(propertyPath, typeName);
      sessionLayer.setField(propertyPath, 'default', value);
      this.#sessionPrims.add(primPath);
    }
    this.#revision++;
    return { resynced: [], changedInfo: [propertyPath] };
  }

  /** The handle of a record. */
  primOf(record: PrimRecord): Prim {
    return (record.handle ??= new Prim(this, record, record.path));
  }

  /** The handle of a prototype's prim as seen below an instance. */
  proxyOf(record: PrimRecord, path: Path): Prim {
    let prim = this.#proxies.get(path);
    if (prim === undefined || prim.record !== record) this.#proxies.set(path, (prim = new Prim(this, record, path)));
    return prim;
  }

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
    for (const error of errors) this.#problems.reportPrim(record.path, describeCompositionError(error));
    if (record.path === record.indexPath) return paths;
    let root = record;
    while (root.parent !== undefined) root = root.parent;
    let proxyRoot = root.path;
    if (prim.isInstanceProxy) proxyRoot = prim.path.slice(0, prim.path.length - (record.path.length - root.path.length)) as Path;
    return paths.map((path) => (hasPrefix(path, root.indexPath) ? replacePrefix(path, root.indexPath, proxyRoot) : path));
  }

  /** The session layer's spec of a property, where it was written after the prim was composed. */
  sessionSite(record: PrimRecord, name: string, strongest: SpecSite | undefined): SpecSite | undefined {
    if (!this.#sessionPrims.has(record.path) || strongest?.layer === this.sessionLayer) return undefined;
    const path = appendProperty(record.path, name);
    return this.sessionLayer.hasSpec(path)
      ? { layer: this.sessionLayer, path, layerOffset: IDENTITY_OFFSET, node: record.index.root }
      : undefined;
  }

  /** Names of the properties that session opinions were written for after the prim was composed. */
  sessionPropertyNames(record: PrimRecord): readonly string[] {
    return this.#sessionPrims.has(record.path) ? this.sessionLayer.childNames(record.path, 'properties') : [];
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

  #assertEditable(primPath: Path): void {
    const record = this.#population.records.get(primPath);
    if (record === undefined)
      throw new RangeError(`<${primPath}> is no prim of the stage or lies inside an instance, which cannot be edited`);
    if (record.path !== record.indexPath) throw new RangeError(`<${primPath}> is in a prototype, which cannot be edited`);
  }

  async #recompose(path: Path): Promise<StageChanges> {
    const population = this.#population;
    const problems = this.#problems;
    const filesBefore = problems.hasFileProblems ? this.#usedFiles() : undefined;
    this.cache.invalidate(path);
    const resynced: Path[] = [path];
    let roots: PrimRecord[] = [];
    for (const record of this.#staleRecords(population.root)) roots.push(population.replace(record));
    for (const record of roots) resynced.push(record.path);
    const before = new Map([...population.prototypes.values()].map((prototype) => [prototype, prototype.root]));
    for (let isSettled = false; !isSettled;) {
      await population.populate(roots);
      roots = [];
      for (const prototype of population.prototypes.values()) {
        const sources = [...prototype.instances];
        if (sources.length === 0) {
          population.drop(prototype);
          resynced.push(prototype.path);
          continue;
        }
        const source = sources.find((record) => record.indexPath === prototype.root.indexPath);
        if (source !== undefined && this.cache.primIndex(source.indexPath) === prototype.root.index) continue;
        roots.push(population.restart(prototype, source ?? (sources[0] as PrimRecord)));
      }
      isSettled = roots.length === 0;
    }
    for (const prototype of population.prototypes.values()) if (before.get(prototype) !== prototype.root) resynced.push(prototype.path);
    if (problems.hasFileProblems) problems.setUsedFiles(filesBefore ?? new Set(), this.#usedFiles());
    problems.settle();
    this.#proxies.clear();
    this.#sessionPrims.clear();
    this.#revision++;
    return { resynced: minimalPaths(resynced), changedInfo: [] };
  }

  #usedFiles(): Set<string> {
    return usedFiles(
      this.cache,
      [...this.#population.records.values()].map((record) => record.index),
    );
  }

  /** The uppermost records whose index is no longer the cache's. */
  #staleRecords(root: PrimRecord): PrimRecord[] {
    const stale: PrimRecord[] = [];
    const stack = [root];
    for (let record = stack.pop(); record !== undefined; record = stack.pop()) {
      if (this.cache.primIndex(record.indexPath) !== record.index) stale.push(record);
      else for (const child of record.children) stack.push(child);
    }
    return stale;
  }
}

/** Sorted, each once, without paths below others. */
export function minimalPaths(paths: readonly Path[]): Path[] {
  const result: Path[] = [];
  for (const path of [...new Set(paths)].sort()) {
    if (!result.some((kept) => hasPrefix(path, kept))) result.push(path);
  }
  return result;
}

function includePayloadOf(load: StageOptions['load']): ((path: Path) => boolean) | undefined {
  if (load === undefined || load === 'all') return undefined;
  return load === 'none' ? () => false : load;
}

function numberOf(value: Value | undefined): number | undefined {
  return value !== undefined && typeof value.value === 'number' ? value.value : undefined;
}
