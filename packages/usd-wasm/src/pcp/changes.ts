/**
 * From what edits changed in layers to what that changes in prim indexes.
 * Source: OpenUSD pcp/changes.cpp, usd/stage.cpp (change processing); composition.md section 17, values.md section 9.
 *
 * Index paths are those of `PrimIndex.path`: the stage's namespace, inside prototypes that of the source instance.
 */
import type { ChangeEntry, ChangeList } from '../sdf/change-list.ts';
import type { Layer } from '../sdf/layer.ts';
import {
  appendChild,
  appendProperty,
  endsInVariant,
  hasPrefix,
  isPropertyPath,
  nameOf,
  parentPath,
  primPathOf,
  ROOT_PATH,
  type Path,
} from '../sdf/path.ts';
import type { Cache } from './cache.ts';
import type { LayerStack } from './layer-stack.ts';

export interface IndexChanges {
  /** The whole stage: the root layer stack, or what all others depend on, differs. */
  isEverything: boolean;
  /** Indexes to be built again, with all below them. */
  readonly significant: Set<Path>;
  /** Indexes whose specs may differ while their arcs stay. */
  readonly specs: Set<Path>;
  /** Prims whose children may come, go or stand in another order. */
  readonly children: Set<Path>;
  /** Prims whose flags, type or clips may differ: the prim is made again from the index that it has. */
  readonly prims: Set<Path>;
  /** Prims whose type or schemas may differ; nothing of the prim is made again. */
  readonly types: Set<Path>;
  /** Properties (paths) that came or went. */
  readonly properties: Set<Path>;
  /** Prims and properties (paths, `/` for the stage) with changed fields, and which. */
  readonly infos: Map<Path, Set<string>>;
}

/** Fields of prims that decide on arcs. */
const ARC_FIELDS: ReadonlySet<string> = new Set([
  'references',
  'payload',
  'inheritPaths',
  'specializes',
  'variantSetNames',
  'variantSelection',
  'instanceable',
  'permission',
  'relocates',
]);
/** Fields of prims that decide on flags of the prim and those below, or on clips. */
const PRIM_FIELDS: ReadonlySet<string> = new Set(['active', 'specifier', 'clips', 'clipSets']);
/** Fields of prims that decide on what kind of prim it is. */
const TYPE_FIELDS: ReadonlySet<string> = new Set(['typeName', 'apiSchemas', 'kind']);
/** Fields of layers that layer stacks are made of. */
const STACK_FIELDS: ReadonlySet<string> = new Set([
  'subLayers',
  'subLayerOffsets',
  'layerRelocates',
  'relocates',
  'expressionVariables',
  'timeCodesPerSecond',
  'framesPerSecond',
  'hasOwnedSubLayers',
  'owner',
  'sessionOwner',
]);

export function makeIndexChanges(): IndexChanges {
  return {
    isEverything: false,
    significant: new Set(),
    specs: new Set(),
    children: new Set(),
    prims: new Set(),
    types: new Set(),
    properties: new Set(),
    infos: new Map(),
  };
}

/** Adds what edits of layers mean to `changes`. Layer stacks that they change are composed again at once. */
export function collectChanges(cache: Cache, edits: ReadonlyMap<Layer, ChangeList>, changes: IndexChanges): void {
  const stacks = new Set<LayerStack>();
  for (const [layer, list] of edits) {
    const entry = list.get(ROOT_PATH);
    if (entry === undefined || ![...entry.fields.keys()].some((field) => STACK_FIELDS.has(field))) continue;
    for (const stack of cache.stacksWith(layer)) stacks.add(stack);
  }
  recomposeStacks(cache, stacks, changes);
  for (const [layer, list] of edits) {
    const using = cache.stacksWith(layer);
    if (using.length === 0) continue;
    for (const [path, entry] of list) {
      if (path === ROOT_PATH) collectLayerEntry(cache, layer, using, entry, changes);
      else for (const stack of using) new SiteChanges(cache, stack, layer, changes).collect(path, entry);
    }
  }
}

/** Composes layer stacks again after an edit, a muting, or when layers came, and finds out what they are for. */
export function recomposeStacks(cache: Cache, stacks: Iterable<LayerStack>, changes: IndexChanges): void {
  for (const stack of stacks) {
    const errorsBefore = JSON.stringify(stack.errors);
    const pendingBefore = stack.pendingAssets.join('\n');
    const { movedLayers, didVariablesChange, didRateChange, didRelocatesChange } = stack.recompose();
    cache.forgetStacksOfLayers();
    const isRoot = stack === cache.layerStack;
    if (didVariablesChange) {
      // stacks below arcs take variables over from here, and are told apart by them
      changes.isEverything = true;
    } else if (didRateChange || didRelocatesChange) {
      if (isRoot) changes.isEverything = true;
      else cache.dependencies.forEachAtOrBelow(stack, ROOT_PATH, (index) => changes.significant.add(index));
    }
    if (errorsBefore !== JSON.stringify(stack.errors) || pendingBefore !== stack.pendingAssets.join('\n')) {
      // indexes carry what is amiss with the stacks that their arcs lead to; for the root's that is mostly said elsewhere
      cache.dependencies.forEachAtOrBelow(stack, ROOT_PATH, (path) => {
        const index = cache.knownIndex(path);
        if (!isRoot || (index !== undefined && (index.errors.length > 0 || index.pendingAssets.length > 0))) changes.significant.add(path);
      });
    }
    for (const layer of movedLayers) {
      const site = new SiteChanges(cache, stack, layer, changes);
      for (const name of layer.childNames(ROOT_PATH, 'primChildren')) site.markArcs(appendChild(ROOT_PATH, name));
    }
    if (isRoot && movedLayers.size > 0) changes.children.add(ROOT_PATH);
  }
}

function collectLayerEntry(cache: Cache, layer: Layer, using: readonly LayerStack[], entry: ChangeEntry, changes: IndexChanges): void {
  const { fields } = entry;
  const isStageLayer = layer === cache.layerStack.rootLayer || layer === cache.layerStack.sessionLayer;
  if (fields.has('defaultPrim')) {
    cache.forEachLackingDefaultPrim(layer, (index) => changes.significant.add(index));
    for (const stack of using) {
      // whoever refers to the layer without naming a prim has a node for it, if only at the pseudo-root
      if (stack.rootLayer === layer) cache.dependencies.forEachAtOrBelow(stack, ROOT_PATH, (index) => changes.significant.add(index));
    }
  }
  if (fields.has('primOrder') || entry.areChildrenReordered)
    for (const stack of using) if (stack === cache.layerStack) changes.children.add(ROOT_PATH);
  if (!isStageLayer) return;
  if (fields.has('fallbackPrimTypes')) changes.isEverything = true;
  // sublayers are no metadata of the stage: what they change is found prim by prim
  for (const field of fields.keys()) if (!field.startsWith('subLayer')) addInfo(changes, ROOT_PATH, field);
}

function addInfo(changes: IndexChanges, path: Path, field: string): void {
  let fields = changes.infos.get(path);
  if (fields === undefined) changes.infos.set(path, (fields = new Set()));
  fields.add(field);
}

/** Changes at the sites of one layer in one layer stack. */
class SiteChanges {
  readonly #cache: Cache;
  readonly #stack: LayerStack;
  readonly #layer: Layer;
  readonly #changes: IndexChanges;

  constructor(cache: Cache, stack: LayerStack, layer: Layer, changes: IndexChanges) {
    this.#cache = cache;
    this.#stack = stack;
    this.#layer = layer;
    this.#changes = changes;
  }

  collect(path: Path, entry: ChangeEntry): void {
    if (isPropertyPath(path)) this.#collectProperty(path, entry);
    else if (endsInVariant(path)) this.#collectVariant(path, entry);
    else this.#collectPrim(path, entry);
  }

  /** The arcs of a site may differ, or what is at it may come or go. */
  markArcs(path: Path): void {
    this.#markSite(path);
    this.#markRelocated(path);
  }

  /** What stands at the source of a relocation is an error of the prim that was moved. */
  #markRelocated(path: Path): void {
    const { relocates } = this.#stack;
    if (relocates === undefined) return;
    for (const [source, target] of relocates.incremental)
      if (target !== '' && (hasPrefix(path, source) || hasPrefix(source, path))) this.#markSite(target);
  }

  #markSite(path: Path): void {
    const { significant } = this.#changes;
    this.#forEachIndex(path, (index) => {
      significant.add(index);
      this.#changes.children.add(parentPath(index));
    });
    // sites below: indexes whose arcs lead there compose the ancestors of their targets
    this.#cache.dependencies.forEachAtOrBelow(this.#stack, path, (index) => significant.add(index));
  }

  #collectPrim(path: Path, entry: ChangeEntry): void {
    if (entry.isRemoved) {
      this.markArcs(path);
      return;
    }
    if (entry.isAdded) {
      this.#addSpecs(path);
      return;
    }
    this.#collectFields(path, entry.fields.keys());
    if (entry.areChildrenReordered) this.#forEachIndex(path, (index) => this.#changes.children.add(index));
    if (entry.arePropertiesReordered) this.#forEachIndex(path, (index) => this.#changes.specs.add(index));
  }

  #collectFields(path: Path, fields: Iterable<string>): void {
    const { children, prims, types } = this.#changes;
    let hasArcs = false;
    for (const field of fields) {
      if (ARC_FIELDS.has(field)) hasArcs = true;
      this.#forEachIndex(path, (index) => {
        if (PRIM_FIELDS.has(field)) prims.add(index);
        else if (TYPE_FIELDS.has(field)) types.add(index);
        else if (field === 'primOrder') children.add(index);
        addInfo(this.#changes, index, field);
      });
    }
    if (hasArcs) this.markArcs(path);
  }

  /** A spec and those below it are new in the layer. */
  #addSpecs(start: Path): void {
    const layer = this.#layer;
    const { dependencies } = this.#cache;
    const pending = [start];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (endsInVariant(path)) {
        this.markArcs(ownerOfVariant(path));
        return;
      }
      const site = path;
      this.#markRelocated(site);
      this.#forEachIndex(site, (index) => {
        const { children, significant, specs } = this.#changes;
        if (this.#cache.lacksNode(index, this.#stack, site)) significant.add(index);
        else specs.add(index);
        children.add(parentPath(index));
      });
      // arcs brought along from above may have missed their target
      dependencies.forEachAtOrBelow(this.#stack, path, (index) => {
        if ((this.#cache.knownIndex(index)?.errors.length ?? 0) > 0) this.#changes.significant.add(index);
      });
      this.#collectFields(
        path,
        layer.data.fieldNames(path).filter((field) => hasEffect(layer, path, field)),
      );
      for (const name of layer.childNames(path, 'properties')) this.#markProperty(appendProperty(path, name));
      for (const name of layer.childNames(path, 'primChildren')) pending.push(appendChild(path, name));
      if (layer.childNames(path, 'variantSetChildren').length > 0) this.markArcs(path);
    }
  }

  #collectVariant(path: Path, entry: ChangeEntry): void {
    if (entry.isAdded || entry.isRemoved || entry.areChildrenReordered) {
      this.markArcs(ownerOfVariant(path));
      return;
    }
    this.#collectFields(path, entry.fields.keys());
    if (entry.arePropertiesReordered) this.#forEachIndex(path, (index) => this.#changes.specs.add(index));
  }

  #collectProperty(path: Path, entry: ChangeEntry): void {
    if (entry.isAdded || entry.isRemoved) {
      this.#markProperty(path);
      return;
    }
    const name = nameOf(path);
    this.#forEachIndex(primPathOf(path), (index) => {
      const property = appendProperty(index, name);
      for (const field of entry.fields.keys()) addInfo(this.#changes, property, field);
    });
  }

  #markProperty(path: Path): void {
    const name = nameOf(path);
    this.#forEachIndex(primPathOf(path), (index) => this.#changes.properties.add(appendProperty(index, name)));
  }

  /** Indexes that have, or would have, a node at a prim or variant of the layer stack. */
  #forEachIndex(path: Path, visit: (index: Path) => void): void {
    const { dependencies, layerStack } = this.#cache;
    if (this.#stack === layerStack && !path.includes('{')) visit(path);
    dependencies.forEachAt(this.#stack, path, visit);
    dependencies.forEachBelowAncestor(this.#stack, path, visit);
  }
}

const CHILD_FIELDS: ReadonlySet<string> = new Set(['primChildren', 'properties', 'variantSetChildren', 'variantChildren']);

/** Whether a field of a new spec says anything: children have specs of their own, and an `over` defines nothing. */
function hasEffect(layer: Layer, path: Path, field: string): boolean {
  return !CHILD_FIELDS.has(field) && (field !== 'specifier' || layer.fieldAs(path, 'specifier', 'specifier') !== 'over');
}

/** The prim, or the variant of an outer set, that a variant or variant set belongs to. */
function ownerOfVariant(path: Path): Path {
  return parentPath(path);
}

/** Paths that are not below others of the set. */
export function withoutDescendants(paths: ReadonlySet<Path>): Path[] {
  const kept: Path[] = [];
  for (const path of [...paths].sort()) {
    // sorted, an ancestor comes before its descendants, but not always right before
    if (!hasAncestorIn(path, paths)) kept.push(path);
  }
  return kept;
}

function hasAncestorIn(path: Path, paths: ReadonlySet<Path>): boolean {
  for (let p = path; p !== ROOT_PATH;) {
    p = parentPath(p);
    if (paths.has(p)) return true;
  }
  return false;
}
