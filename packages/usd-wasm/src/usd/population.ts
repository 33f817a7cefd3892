/**
 * Composes the prims of a stage, breadth first. Where layers say nothing but opinions on prims of their own, neither arcs nor clips
 * nor instances, children wait until they are asked for: no layer, prototype or error can come of them. When a stage opens, layers are
 * read as prims ask for them; where they do not come at once, the prims after it are looked through for others that are missing, and
 * all are waited for. After edits prims are composed at once with the layers that are there.
 * Source: OpenUSD usd/stage.cpp (composition of prim subtrees), usd/instanceCache.cpp.
 */
import type { Cache } from '../pcp/cache.ts';
import { describeCompositionError } from '../pcp/composition-error.ts';
import type { LayerStack } from '../pcp/layer-stack.ts';
import type { PrimIndex } from '../pcp/prim-index.ts';
import { appendChild, isPropertyPath, nameOf, parentPath, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import { clipProblems } from './clip-problems.ts';
import { clipAssets } from './value-clips.ts';
import { instanceKey } from './instancing.ts';
import type { LayerStore } from './layer-store.ts';
import {
  PRIM_ABSTRACT,
  PRIM_ACTIVE,
  PRIM_DEFINED,
  PRIM_EXPIRED,
  PRIM_IN_PROTOTYPE,
  PRIM_INSTANCE,
  PRIM_LOADED,
  PRIM_PROTOTYPE,
  PrimOpinions,
  PrimRecord,
  type ChildComposer,
  type Prototype,
} from './prim-record.ts';
import type { PopulationMask } from './population-mask.ts';
import type { Prim } from './prim.ts';
import type { StageProblems } from './stage-problems.ts';
import type { AssetPathResolver } from './value-resolution.ts';

export interface PopulationOptions {
  readonly cache: Cache;
  readonly layers: LayerStore;
  readonly problems: StageProblems;
  readonly includesPayload: (path: Path) => boolean;
  /** Which prims there are; asked anew whenever children are added. */
  readonly mask: () => PopulationMask | undefined;
  /** What tells instances apart besides their index: the mask and the load rules below them. */
  readonly instanceKeySuffix: (path: Path) => string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((prims: number) => void) | undefined;
  readonly yieldNow: (() => Promise<void>) | undefined;
  /** Whether children may wait until they are asked for. */
  readonly mayDefer: boolean;
}

/** Milliseconds of composing between two chances for the host to hear messages. */
const SLICE_MS = 12;
/** Prims composed between two looks at the clock. */
const CLOCK_INTERVAL = 64;
/** Microtasks that layers are given to come in, which is enough for those in memory, before composing goes on without them. */
const READING_TURNS = 32;
/** Prims that any stage may have, however small its layers are. */
const PRIMS_OF_ANY_STAGE = 50_000;

export class Population implements ChildComposer {
  readonly records = new Map<Path, PrimRecord>();
  readonly prototypes = new Map<string, Prototype>();
  /** Prims with payloads, loaded or not. */
  readonly payloadRecords = new Set<PrimRecord>();
  /** Prims with value clips of their own. */
  readonly clipRecords = new Set<PrimRecord>();
  /** Prototypes that instances joined or left since the set was emptied. */
  readonly touchedPrototypes = new Set<Prototype>();
  /** Those of them whose problems were reported. */
  readonly #clipsReported = new WeakSet<PrimRecord>();
  /** Layers of value clips that nobody has read yet. */
  readonly clipAssets = new Set<string>();
  #root: PrimRecord;
  readonly #options: PopulationOptions;
  /** Index path of the instance that a prototype was made from → the prototype. */
  readonly #prototypesBySource = new Map<Path, Prototype>();
  /** Handles of records that made way for fresh ones: those take them over. */
  readonly #handles = new Map<Path, Prim>();
  /** Parent → children that its index names without there being any opinion, which have errors. */
  readonly #absent = new Map<PrimRecord, Path[]>();
  #nextPrototype = 1;
  #sliceStart = 0;
  #isDeferring = false;
  /** Of the prim at hand. */
  readonly #opinions = new PrimOpinions();

  constructor(options: PopulationOptions) {
    this.#options = options;
    this.#root = this.#add(ROOT_PATH, ROOT_PATH, undefined);
  }

  get root(): PrimRecord {
    return this.#root;
  }

  /** Some prim has value clips. */
  get hasClips(): boolean {
    return this.clipRecords.size > 0;
  }

  /** The records whose index is that of a path: on the stage, and in the prototypes that were made from there. */
  recordsOf(indexPath: Path): PrimRecord[] {
    const records: PrimRecord[] = [];
    const own = this.records.get(indexPath);
    if (own !== undefined && own.indexPath === indexPath) records.push(own);
    for (let at = indexPath; at !== ROOT_PATH; at = parentPath(at)) {
      const prototype = this.#prototypesBySource.get(at);
      if (prototype === undefined) continue;
      const shared = this.records.get(replacePrefix(indexPath, at, prototype.path));
      if (shared !== undefined && shared.indexPath === indexPath) records.push(shared);
    }
    return records;
  }

  /**
   * Composes records and everything below them.
   *
   * @throws the signal's reason when it is aborted
   */
  async populate(roots: readonly PrimRecord[]): Promise<void> {
    const { cache, layers, onProgress, mayDefer, mask } = this.#options;
    const queue: PrimRecord[] = [...roots];
    this.#isDeferring = mayDefer && mask() === undefined && isWithoutArcs(cache.layerStack);
    cache.startCounting();
    this.#limitArcs();
    this.#sliceStart = performance.now();
    for (let next = 0; next < queue.length; next++) {
      const record = queue[next] as PrimRecord;
      let index = this.#indexOf(record);
      let isClockDue = next % CLOCK_INTERVAL === 0;
      while (index.pendingAssets.length > 0) {
        if (!(await this.#comeAtOnce(index.pendingAssets))) {
          const missing = new Set(index.pendingAssets);
          await this.#lookAhead(queue, next + 1, missing);
          await layers.load(missing);
        }
        cache.forgetIncomplete();
        this.#limitArcs();
        index = this.#indexOf(record);
        isClockDue = true;
      }
      this.#compose(record, index, queue);
      if (isClockDue) await this.#endSlice();
    }
    if (this.clipAssets.size > 0) {
      await layers.load(this.clipAssets);
      this.clipAssets.clear();
    }
    this.reportClips();
    onProgress?.(this.records.size);
  }

  /** Composes the children of a record that waited. Theirs wait in turn. */
  composeChildren(record: PrimRecord): void {
    record.composer = undefined;
    const { cache } = this.#options;
    cache.startCounting();
    const queue: PrimRecord[] = [];
    this.#addChildren(record, queue, depthOf(record));
    for (const child of queue) this.#compose(child, this.#indexOf(child), queue);
  }

  /** Composes all prims that wait. From here on none does: edits find the whole stage. */
  composeAll(): void {
    if (!this.#isDeferring) return;
    // Breadth first, as all others: limits leave out the same prims.
    const queue = [this.#root];
    for (let next = 0; next < queue.length; next++) for (const child of (queue[next] as PrimRecord).children) queue.push(child);
    this.#isDeferring = false;
  }

  /** The record at a path of the stage; its ancestors' children are composed where they waited. */
  find(path: Path): PrimRecord | undefined {
    const known = this.records.get(path);
    if (known !== undefined || !this.#isDeferring || !isPrimPath(path)) return known;
    const missing: Path[] = [path];
    let ancestor: PrimRecord | undefined;
    for (let at = parentPath(path); ancestor === undefined; at = parentPath(at)) {
      ancestor = this.records.get(at);
      if (ancestor === undefined) missing.push(at);
    }
    for (let i = missing.length - 1; i >= 0; i--) {
      if (ancestor.composer === undefined) return undefined;
      this.composeChildren(ancestor);
      ancestor = this.records.get(missing[i] as Path);
      if (ancestor === undefined) return undefined;
    }
    return ancestor;
  }

  /** Gives the host a turn when the slice of time is used up. */
  async #endSlice(): Promise<void> {
    if (performance.now() - this.#sliceStart <= SLICE_MS) return;
    const { signal, onProgress, yieldNow } = this.#options;
    onProgress?.(this.records.size);
    if (yieldNow !== undefined) await yieldNow();
    signal?.throwIfAborted();
    this.#sliceStart = performance.now();
  }

  /** Begins to read layers. @returns whether all are there, as those in memory are */
  async #comeAtOnce(identifiers: readonly string[]): Promise<boolean> {
    const { layers } = this.#options;
    this.#beginReading(identifiers);
    const areThere = (): boolean => identifiers.every((identifier) => layers.find(identifier) !== 'pending');
    for (let turn = 0; turn < READING_TURNS && !areThere(); turn++) await Promise.resolve();
    return areThere();
  }

  #beginReading(identifiers: readonly string[]): void {
    // Only an abort rejects: whoever waits for the layers learns of it.
    this.#options.layers.load(identifiers).catch(() => undefined);
  }

  /**
   * While a prim waits for layers, indexes what comes after it as far as layers are there, so that all that are missing are on their
   * way together. Prims are still composed in their order: how long a layer takes must not decide which prototype is the first.
   *
   * @param missing takes in the layers that were found missing
   */
  async #lookAhead(queue: readonly PrimRecord[], from: number, missing: Set<string>): Promise<void> {
    const { cache, mask } = this.#options;
    const { namespaceDepth } = this.#options.layers.limits;
    const most = this.#mostPrims - this.records.size;
    const ahead: PrimIndex[] = [];
    const roots = queue.length - from;
    for (let next = 0; next < roots + ahead.length; next++) {
      if (next % CLOCK_INTERVAL === 0) await this.#endSlice();
      const record = queue[from + next];
      const index = record === undefined ? (ahead[next - roots] as PrimIndex) : this.#indexOf(record);
      const { pendingAssets } = index;
      if (pendingAssets.length > 0) {
        if (pendingAssets.some((identifier) => !missing.has(identifier))) this.#beginReading(pendingAssets);
        for (const identifier of pendingAssets) missing.add(identifier);
        continue;
      }
      const isPrototype = record !== undefined && record.parent === undefined;
      if (mask() !== undefined || (index.isInstanceable && !isPrototype) || index.root.depth >= namespaceDepth) continue;
      this.#opinions.read(index);
      if (!this.#opinions.hasSpecs || !this.#opinions.isActive) continue;
      const names = index.childNames;
      if (ahead.length + names.length > most) return;
      for (const name of names) ahead.push(cache.childIndex(index, name));
    }
  }

  #indexOf({ parent, name, indexPath }: PrimRecord): PrimIndex {
    const { cache } = this.#options;
    return parent === undefined ? cache.primIndex(indexPath) : cache.childIndex(parent.index, name, indexPath);
  }

  get #mostPrims(): number {
    const { limits, bytes, hasLayersInMemory } = this.#options.layers;
    return hasLayersInMemory ? limits.prims : Math.min(limits.prims, PRIMS_OF_ANY_STAGE + limits.primsPerByte * bytes);
  }

  #limitArcs(): void {
    const { cache, layers } = this.#options;
    cache.limitArcs(layers.hasLayersInMemory ? Infinity : layers.bytes);
  }

  /** Once for each prim with clips, until it is composed anew. */
  reportClips(): void {
    const { cache, layers, problems } = this.#options;
    for (const record of this.clipRecords) {
      if (this.#clipsReported.has(record)) continue;
      this.#clipsReported.add(record);
      const resolveAssetPath: AssetPathResolver = (site, path) => cache.resolveAssetPath(site, path);
      for (const problem of clipProblems(
        record.path,
        record.index.primStack,
        resolveAssetPath,
        (identifier) => layers.find(identifier),
        layers.limits.clips,
      ))
        problems.reportPrim(record.path, problem);
    }
  }

  /** Composes records and everything below them with the layers that are there. Arcs to others are left out for now. */
  populateNow(roots: readonly PrimRecord[]): void {
    const { cache } = this.#options;
    cache.startCounting();
    this.#limitArcs();
    // the index above was forgotten: the record is part of a prototype that is to be made again
    const isObsolete = ({ parent }: PrimRecord): boolean => parent !== undefined && parent.index !== cache.knownIndex(parent.indexPath);
    const queue = roots.filter((record) => !isObsolete(record));
    for (let next = 0; next < queue.length; next++) {
      const record = queue[next] as PrimRecord;
      this.#compose(record, this.#indexOf(record), queue);
    }
    if (this.clipAssets.size === 0) this.reportClips();
    this.#handles.clear();
  }

  /** Takes every prim off the stage. The fresh root must then be populated. */
  reset(): PrimRecord {
    this.#isDeferring = false;
    for (const prototype of this.prototypes.values()) this.expire(prototype.root);
    this.expire(this.#root);
    this.prototypes.clear();
    this.#prototypesBySource.clear();
    this.touchedPrototypes.clear();
    this.#root = this.#add(ROOT_PATH, ROOT_PATH, undefined);
    return this.#root;
  }

  /**
   * Brings the children of a record in line with the names that its index has now.
   *
   * @returns fresh records to be populated, paths of children that left, and whether those that stayed changed order
   */
  updateChildren(record: PrimRecord): { readonly added: PrimRecord[]; readonly removed: Path[]; readonly isReordered: boolean } {
    const added: PrimRecord[] = [];
    const removed: Path[] = [];
    if (!showsChildren(record)) return { added, removed, isReordered: false };
    this.#forgetAbsent(record);
    const names = this.#childNames(record);
    const before = new Map(record.children.map((child) => [child.name, child]));
    const children: PrimRecord[] = [];
    for (const name of names) {
      const known = before.get(name);
      before.delete(name);
      children.push(known ?? this.#addChild(record, name));
      if (known === undefined) added.push(children.at(-1) as PrimRecord);
    }
    for (const child of before.values()) {
      removed.push(child.path);
      this.expire(child);
    }
    const stayed = record.children.filter((child) => (child.flags & PRIM_EXPIRED) === 0);
    const fresh = new Set(added);
    const stayedNow = children.filter((child) => !fresh.has(child));
    record.children = children;
    return { added, removed, isReordered: stayed.some((child, i) => stayedNow[i] !== child) };
  }

  /** A fresh record in the place of one whose subtree is to be composed anew. The old subtree expires. */
  replace(record: PrimRecord): PrimRecord {
    this.expire(record);
    const fresh = this.#add(record.path, record.indexPath, record.parent, record.name);
    if (record.parent !== undefined) record.parent.children = record.parent.children.map((child) => (child === record ? fresh : child));
    return fresh;
  }

  /** Problems of children that are named but not there go with their parent, or when its children are looked at again. */
  #forgetAbsent(parent: PrimRecord): void {
    const absent = this.#absent.get(parent);
    if (absent === undefined) return;
    this.#absent.delete(parent);
    for (const path of absent) this.#options.problems.forgetPrim(path);
  }

  /** Takes a subtree out of the stage. */
  expire(record: PrimRecord): void {
    const stack = [record];
    for (let r = stack.pop(); r !== undefined; r = stack.pop()) {
      r.flags |= PRIM_EXPIRED;
      if (r.handle !== undefined) this.#handles.set(r.path, r.handle);
      this.#forgetAbsent(r);
      this.payloadRecords.delete(r);
      this.clipRecords.delete(r);
      if (r.prototype?.instances.delete(r) === true) this.touchedPrototypes.add(r.prototype);
      this.#options.problems.forgetPrim(r.path);
      if (this.records.get(r.path) === r) this.records.delete(r.path);
      r.composer = undefined;
      stack.push(...r.knownChildren);
    }
  }

  /** Gives a prototype a new source instance, or the same one composed anew. Its subtree must then be populated. */
  restart(prototype: Prototype, source: PrimRecord): PrimRecord {
    this.expire(prototype.root);
    this.#forgetSource(prototype);
    prototype.root = this.#addPrototypeRoot(prototype, source);
    return prototype.root;
  }

  /** Takes a prototype without instances out of the stage. */
  drop(prototype: Prototype): void {
    this.expire(prototype.root);
    this.prototypes.delete(prototype.key);
    this.#forgetSource(prototype);
  }

  /** The source may have become that of another prototype. */
  #forgetSource(prototype: Prototype): void {
    const { indexPath } = prototype.root;
    if (this.#prototypesBySource.get(indexPath) === prototype) this.#prototypesBySource.delete(indexPath);
  }

  #add(path: Path, indexPath: Path, parent: PrimRecord | undefined, name = nameOf(path)): PrimRecord {
    const record = new PrimRecord(path, name, indexPath, parent, this.#handles.get(path));
    this.records.set(path, record);
    return record;
  }

  #compose(record: PrimRecord, index: PrimIndex, queue: PrimRecord[]): void {
    record.index = index;
    const { parent } = record;
    if (parent === undefined) {
      this.#report(index, record);
      const isPrototype = (record.flags & PRIM_PROTOTYPE) !== 0;
      if (!isPrototype) {
        record.flags = PRIM_ACTIVE | PRIM_DEFINED | PRIM_LOADED;
        record.specifier = 'def';
      }
      this.#addOrDefer(record, queue);
      return;
    }
    this.#report(index, record);
    const opinions = this.#opinions;
    opinions.read(index);
    if (!opinions.hasSpecs) {
      parent.children = parent.children.filter((child) => child !== record);
      record.flags |= PRIM_EXPIRED;
      if (record.handle !== undefined) this.#handles.set(record.path, record.handle);
      if (this.records.get(record.path) === record) this.records.delete(record.path);
      if (index.errors.length > 0) {
        const absent = this.#absent.get(parent);
        if (absent === undefined) this.#absent.set(parent, [record.path]);
        else absent.push(record.path);
      }
      return;
    }
    if (index.hasPayloads) this.payloadRecords.add(record);
    if (opinions.hasClips) {
      this.clipRecords.add(record);
      const { cache, layers } = this.#options;
      for (const asset of clipAssets(index.primStack, (site, path) => cache.resolveAssetPath(site, path), layers.limits.clips))
        if (layers.find(asset) === 'pending') this.clipAssets.add(asset);
    }
    record.specifier = opinions.specifier;
    let flags = parent.flags & (PRIM_ABSTRACT | PRIM_IN_PROTOTYPE);
    if (record.specifier === 'class') flags |= PRIM_ABSTRACT;
    if (record.specifier !== 'over') flags |= parent.flags & PRIM_DEFINED;
    if (opinions.isActive) flags |= PRIM_ACTIVE;
    if ((flags & PRIM_ACTIVE) !== 0 && this.#isLoaded(record, index, parent)) flags |= PRIM_LOADED;
    record.flags = flags;
    if ((flags & PRIM_ACTIVE) === 0) return;
    if (index.isInstanceable) this.#addInstance(record, queue);
    else this.#addOrDefer(record, queue);
  }

  #addOrDefer(record: PrimRecord, queue: PrimRecord[]): void {
    if (this.#isDeferring) record.composer = this;
    else this.#addChildren(record, queue, depthOf(record));
  }

  #isLoaded(record: PrimRecord, index: PrimIndex, parent: PrimRecord): boolean {
    if (!index.hasPayloads) return (parent.flags & PRIM_LOADED) !== 0;
    return this.#options.includesPayload(record.indexPath);
  }

  #addChildren(record: PrimRecord, queue: PrimRecord[], depth: number): void {
    const names = this.#childNames(record);
    if (names.length === 0) return;
    const { limits } = this.#options.layers;
    if (depth >= limits.namespaceDepth) {
      this.#options.problems.reportPrim(record.path, {
        code: 'namespace-too-deep',
        severity: 'error',
        message: `Prims below ${limits.namespaceDepth} levels are left out (limit namespaceDepth)`,
        path: record.path,
      });
      return;
    }
    const prims = this.#mostPrims;
    if (this.records.size + names.length > prims) {
      const limit = prims < limits.prims ? 'primsPerByte' : 'prims';
      this.#options.problems.reportPrim(record.path, {
        code: 'too-many-prims',
        severity: 'error',
        message: `The stage would have more than ${prims} prims (limit ${limit} is ${limits[limit]}); the ${names.length} below <${record.path}> are left out`,
        path: record.path,
      });
      return;
    }
    const children = new Array<PrimRecord>(names.length);
    for (let i = 0; i < names.length; i++) {
      const child = this.#addChild(record, names[i] as string);
      children[i] = child;
      queue.push(child);
    }
    record.children = children;
  }

  #addChild(record: PrimRecord, name: string): PrimRecord {
    const path = appendChild(record.path, name);
    return this.#add(path, record.path === record.indexPath ? path : appendChild(record.indexPath, name), record, name);
  }

  #childNames(record: PrimRecord): readonly string[] {
    const { childNames } = record.index;
    const included = this.#options.mask()?.getIncludedChildNames(record.indexPath);
    return included === undefined ? childNames : childNames.filter((name) => included.has(name));
  }

  #addInstance(record: PrimRecord, queue: PrimRecord[]): void {
    record.flags |= PRIM_INSTANCE;
    const key = instanceKey(record.index, (record.flags & PRIM_LOADED) !== 0) + this.#options.instanceKeySuffix(record.indexPath);
    let prototype = this.prototypes.get(key);
    if (prototype === undefined) {
      const path = `/__Prototype_${this.#nextPrototype++}` as Path;
      prototype = { key, path, root: record, instances: new Set() };
      prototype.root = this.#addPrototypeRoot(prototype, record);
      this.prototypes.set(key, prototype);
      queue.push(prototype.root);
    }
    record.prototype = prototype;
    prototype.instances.add(record);
    this.touchedPrototypes.add(prototype);
  }

  #addPrototypeRoot(prototype: Prototype, source: PrimRecord): PrimRecord {
    const root = this.#add(prototype.path, source.indexPath, undefined);
    root.specifier = 'def';
    // without payloads of their own instances share the prototype, whether or not they lie in something unloaded
    const isLoaded = !source.index.hasPayloads || (source.flags & PRIM_LOADED) !== 0;
    root.flags = PRIM_ACTIVE | PRIM_DEFINED | PRIM_IN_PROTOTYPE | PRIM_PROTOTYPE | (isLoaded ? PRIM_LOADED : 0);
    root.prototype = undefined;
    this.#prototypesBySource.set(source.indexPath, prototype);
    return root;
  }

  #report(index: PrimIndex, owner: PrimRecord): void {
    if (index.errors.length === 0) return; // nearly always, and asked of every prim
    for (const error of index.errors) this.#options.problems.reportPrim(owner.path, describeCompositionError(error));
  }
}

/** 0 for the stage's root and for those of prototypes. */
function depthOf(record: PrimRecord): number {
  if (record.parent === undefined) return 0;
  let depth = 0;
  for (let r: PrimRecord | undefined = record; r !== undefined; r = r.parent) depth++;
  return depth;
}

function isPrimPath(path: Path): boolean {
  return path.startsWith('/') && !isPropertyPath(path) && !path.includes('{');
}

/** Nothing in the layers leads elsewhere, so that composing a prim asks for nothing but its own specs. */
function isWithoutArcs({ layers, relocates }: LayerStack): boolean {
  return relocates === undefined && layers.every(({ data }) => data.hasArcs?.() === false);
}

/** Whether the children of a record are on the stage: an inactive prim has none, an instance shows those of its prototype. */
function showsChildren(record: PrimRecord): boolean {
  return (record.flags & PRIM_INSTANCE) === 0 && ((record.flags & PRIM_ACTIVE) !== 0 || record.parent === undefined);
}
