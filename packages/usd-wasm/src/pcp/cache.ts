/**
 * Prim indexes of one stage, computed on demand from a root layer stack. Synchronous: layers that are not there yet
 * leave their arcs out and are listed in `pendingAssets`.
 */
import type { Layer } from '../sdf/layer.ts';
import { appendChild, nameOf, parentPath, primPathOf, ROOT_PATH, type Path } from '../sdf/path.ts';
import { DEFAULT_LIMITS } from '../tf/read-limits.ts';
import { makeIndexChanges, recomposeStacks, type IndexChanges } from './changes.ts';
import { buildChildIndex } from './child-index.ts';
import type { CompositionError } from './composition-error.ts';
import { Dependencies } from './dependencies.ts';
import { evaluateExpression, isVariableExpression } from './variable-expression.ts';
import { countNodes, makeRootNode, usesRelocates, type IndexNode } from './index-node.ts';
import type { IndexEnvironment, IndexOutputs } from './indexing.ts';
import { isInstanceable } from './instanceable.ts';
import { LayerStack, NO_VARIABLES, type ExpressionVariables, type LayerSource } from './layer-stack.ts';
import { PrimIndex, type CulledSite, type SpecSite } from './prim-index.ts';
import { composePropertyStack, composeTargets, type ComposedTargets } from './property-index.ts';

export type { LayerSource, LayerStack } from './layer-stack.ts';

export interface CacheOptions {
  readonly rootLayer: Layer;
  readonly sessionLayer?: Layer;
  readonly layers: LayerSource;
  /** Variant set → names to try when nothing is selected. */
  readonly variantFallbacks?: ReadonlyMap<string, readonly string[]>;
  /** Whether the payloads of a prim are composed; all are when absent. Asked anew for each index that is built. */
  readonly includePayload?: (path: Path) => boolean;
  /** Identifiers. The set may be changed; the stacks and indexes concerned are then to be composed again. */
  readonly mutedLayers?: ReadonlySet<string>;
}

/** Nodes that any stage may have, however small its layers are. */
const ARCS_OF_ANY_STAGE = 50_000;
const NO_NAMES: ReadonlySet<string> = new Set();
const NO_FALLBACKS: ReadonlyMap<string, readonly string[]> = new Map();

export class Cache {
  readonly #options: CacheOptions;
  readonly #environment: IndexEnvironment;
  readonly #layerStack: LayerStack;
  readonly #layerStacks = new Map<string, LayerStack>();
  /** Those of them without variables from elsewhere, which are nearly all: a key is a long text. */
  readonly #plainStacks = new Map<Layer, LayerStack>();
  readonly #indexes = new Map<Path, PrimIndex>();
  /** Indexes that lack layers. */
  readonly #pending = new Set<PrimIndex>();
  /** Stacks that lacked layers when they were made. */
  readonly #incompleteStacks = new Set<LayerStack>();
  /** Indexes of prims with payloads, loaded or not. */
  readonly #withPayloads = new Set<PrimIndex>();
  #outputs: IndexOutputs | undefined;
  /** Made when an edit first asks. */
  #dependencies: Dependencies | undefined;
  #stacksOfLayers: Map<Layer, LayerStack[]> | undefined;

  constructor(options: CacheOptions) {
    this.#options = options;
    const mutedLayers = options.mutedLayers ?? NO_NAMES;
    const { includePayload } = options;
    this.#environment = {
      source: options.layers,
      limits: options.layers.limits ?? DEFAULT_LIMITS,
      arcs: { count: 0, most: Infinity },
      lastParent: { root: undefined, hasChildren: false },
      mutedLayers,
      variantFallbacks: options.variantFallbacks ?? NO_FALLBACKS,
      layerStackOf: (rootLayer: Layer, overrides: ExpressionVariables): LayerStack => this.#layerStackOf(rootLayer, overrides),
      includesPayload: (path: Path): boolean => includePayload === undefined || includePayload(path),
    };
    this.#layerStack = new LayerStack('/', options.rootLayer, options.sessionLayer, options.layers, mutedLayers, NO_VARIABLES);
  }

  /** The stack of the root layer and session layer. */
  get layerStack(): LayerStack {
    return this.#layerStack;
  }

  /** Every layer stack in use, the root's first. */
  get layerStacks(): readonly LayerStack[] {
    return [...new Set([this.#layerStack, ...this.#layerStacks.values()])];
  }

  /** The layer stacks that a layer is part of. */
  stacksWith(layer: Layer): readonly LayerStack[] {
    if (this.#stacksOfLayers === undefined) {
      this.#stacksOfLayers = new Map();
      for (const stack of this.layerStacks) {
        for (const member of new Set(stack.layers)) {
          const known = this.#stacksOfLayers.get(member);
          if (known === undefined) this.#stacksOfLayers.set(member, [stack]);
          else known.push(stack);
        }
      }
    }
    return this.#stacksOfLayers.get(layer) ?? [];
  }

  /** After layers joined or left a stack. */
  forgetStacksOfLayers(): void {
    this.#stacksOfLayers = undefined;
  }

  /** Which indexes have nodes where. */
  get dependencies(): Dependencies {
    if (this.#dependencies === undefined) {
      this.#dependencies = new Dependencies();
      for (const index of this.#indexes.values()) this.#dependencies.add(index);
    }
    return this.#dependencies;
  }

  /** The index of a path, if it was asked for and is still right. */
  knownIndex(path: Path): PrimIndex | undefined {
    return this.#indexes.get(path);
  }

  /** The index of a prim path (without variant selections), whether or not anything is there. */
  primIndex(path: Path): PrimIndex {
    const known = this.#indexes.get(path);
    if (known !== undefined) return known;
    if (path === ROOT_PATH)
      return this.#remember(new PrimIndex(ROOT_PATH, makeRootNode(this.#layerStack, ROOT_PATH), false, false, [], []), undefined);
    // Nearest known ancestor first, then down: paths of files may be deep.
    const missing: Path[] = [path];
    let parentIndex: PrimIndex | undefined;
    for (let parent = parentPath(path); parentIndex === undefined; parent = parentPath(parent)) {
      parentIndex = this.#indexes.get(parent) ?? (parent === ROOT_PATH ? this.primIndex(ROOT_PATH) : undefined);
      if (parentIndex === undefined) missing.push(parent);
    }
    let index = parentIndex;
    this.#forgetLastParent();
    for (let i = missing.length - 1; i >= 0; i--) index = this.#remember(this.#build(missing[i] as Path, index), index);
    return index;
  }

  /** The index of a child whose parent's index is at hand; avoids taking its path apart. `startCounting` comes before, and no edit since. */
  childIndex(parent: PrimIndex, name: string, path: Path = appendChild(parent.path, name)): PrimIndex {
    return this.#indexes.get(path) ?? this.#remember(this.#build(path, parent, name), parent);
  }

  #remember(index: PrimIndex, parent: PrimIndex | undefined): PrimIndex {
    this.#indexes.set(index.path, index);
    if (parent !== undefined) (parent.built ??= []).push(index);
    if (index.pendingAssets.length > 0) this.#pending.add(index);
    if (index.hasPayloads) this.#withPayloads.add(index);
    this.#dependencies?.add(index);
    return index;
  }

  /** Counts arcs from 0 on: what is composed from here to the next call shares a limit. */
  startCounting(): void {
    this.#forgetLastParent();
    this.#environment.arcs.count = 0;
  }

  #forgetLastParent(): void {
    this.#environment.lastParent.root = undefined;
  }

  /** Sets how many arcs there may be for layers of so many bytes in all. */
  limitArcs(layerBytes: number): void {
    const { limits, arcs } = this.#environment;
    arcs.most = Math.min(limits.arcs, ARCS_OF_ANY_STAGE + limits.arcsPerByte * layerBytes);
  }

  #build(path: Path, parent: PrimIndex, name: string = nameOf(path)): PrimIndex {
    const outputs = this.#emptyOutputs();
    const root = buildChildIndex(this.#environment, outputs, parent.root, parent.isInstanceable, name, path);
    this.#environment.arcs.count += outputs.nodeCount + (root.children.length > 0 ? countNodes(root) : 0);
    const isInstance = isInstanceable(root);
    const culledSites = root.children.length > 0 ? dropCulled(root, parent.root) : undefined;
    return new PrimIndex(path, root, isInstance, outputs.hasPayloads, outputs.errors, outputs.pendingAssets, culledSites);
  }

  /** Indexes keep lists of outputs only where there is something in them, so those of most prims can be used again. */
  #emptyOutputs(): IndexOutputs {
    const known = this.#outputs;
    if (known !== undefined && known.errors.length === 0 && known.pendingAssets.length === 0) {
      known.hasPayloads = false;
      known.nodeCount = 0;
      return known;
    }
    this.#outputs = { errors: [], pendingAssets: [], hasPayloads: false, nodeCount: 0 };
    return this.#outputs;
  }

  /** Property specs of `/Prim.name`, strongest first. */
  propertyStack(path: Path): readonly SpecSite[] {
    return this.propertyIndex(path).stack;
  }

  /** Property specs with the errors of composing them. */
  propertyIndex(path: Path): { readonly stack: readonly SpecSite[]; readonly errors: readonly CompositionError[] } {
    const errors: CompositionError[] = [];
    const stack = composePropertyStack(this.primIndex(primPathOf(path)), nameOf(path), errors);
    return { stack, errors };
  }

  /** Composed, mapped, deduplicated targets of a relationship or connections of an attribute. */
  targets(propertyPath: Path, field: 'targetPaths' | 'connectionPaths'): ComposedTargets {
    return composeTargets(this.propertyStack(propertyPath), field, (path) => this.primIndex(path));
  }

  /** Whether there is an index of a path, but without a node at a site: what is new there needs one. */
  lacksNode(path: Path, layerStack: LayerStack, site: Path): boolean {
    const index = this.#indexes.get(path);
    return index !== undefined && !hasNodeAt(index.root, layerStack, site);
  }

  /**
   * Brings an index up to date after specs without arcs came or went at its sites.
   *
   * @returns false when that is not enough: the index must be built again
   */
  refreshSpecs(path: Path): boolean {
    const index = this.#indexes.get(path);
    if (index === undefined) return true;
    if (index.errors.length > 0 || usesRelocates(index.root)) return false;
    if (index.culledSites.some(({ layerStack, path: site }) => layerStack.hasSpec(site))) return false;
    if (!refreshHasSpecs(index.root)) return false;
    index.forgetSpecs();
    return isInstanceable(index.root) === index.isInstanceable;
  }

  /** Paths of the indexes of prims with payloads, loaded or not. */
  *payloadPaths(): Generator<Path> {
    for (const { path } of this.#withPayloads) yield path;
  }

  /** Visits the indexes with an arc to the default prim of a layer that has none. They may have no node that says so. */
  forEachLackingDefaultPrim(layer: Layer, visit: (index: Path) => void): void {
    for (const { path, errors } of this.#indexes.values())
      for (const error of errors)
        if (error.kind === 'UnresolvedPrimPath' && error.unresolvedPath === 'defaultPrim' && error.targetLayer === layer.identifier)
          visit(path);
  }

  /** Forgets the indexes at and below a path. */
  forget(path: Path): void {
    const top = this.#indexes.get(path);
    if (top === undefined) return;
    if (path === ROOT_PATH) {
      this.#indexes.clear();
      this.#pending.clear();
      this.#withPayloads.clear();
      this.#dependencies = undefined;
      return;
    }
    const siblings = this.#indexes.get(parentPath(path))?.built;
    const at = siblings?.lastIndexOf(top) ?? -1;
    if (siblings !== undefined && at >= 0) {
      siblings[at] = siblings.at(-1) as PrimIndex;
      siblings.pop();
    }
    const below = [top];
    for (let index = below.pop(); index !== undefined; index = below.pop()) {
      this.#indexes.delete(index.path);
      this.#pending.delete(index);
      this.#withPayloads.delete(index);
      this.#dependencies?.remove(index);
      for (const child of index.built ?? []) below.push(child);
    }
  }

  /** Identifiers of the layers that indexes and layer stacks wait for. */
  get pendingAssets(): ReadonlySet<string> {
    const assets = new Set(this.#layerStack.pendingAssets);
    for (const index of this.#pending) for (const asset of index.pendingAssets) assets.add(asset);
    return assets;
  }

  /**
   * Forgets the indexes that lacked layers, to be composed again now that these are there; layer stacks that did are composed again.
   *
   * @returns what is to be looked at again
   */
  forgetPending(): IndexChanges {
    const changes = makeIndexChanges();
    const incomplete = this.layerStacks.filter((stack) => stack.pendingAssets.length > 0);
    if (incomplete.length > 0) recomposeStacks(this, incomplete, changes);
    for (const index of this.#pending) changes.significant.add(index.path);
    if (changes.isEverything) this.invalidateAll();
    for (const path of changes.significant) this.forget(path);
    for (const path of changes.children) this.#indexes.get(path)?.forgetChildNames();
    return changes;
  }

  /**
   * While a stage is opened: forgets the indexes that lacked layers and composes the stacks again that did. Only these indexes have
   * nodes in such stacks.
   */
  forgetIncomplete(): void {
    for (const stack of this.#incompleteStacks) {
      stack.recompose();
      if (stack.pendingAssets.length === 0) this.#incompleteStacks.delete(stack);
    }
    this.#stacksOfLayers = undefined;
    // The last first: that is where their parents find them.
    for (const index of Array.from(this.#pending).reverse()) this.forget(index.path);
  }

  /** Adds what muting or unmuting layers means: stacks lose or gain them, arcs to them come or go. */
  collectMuting(identifiers: ReadonlySet<string>, changes: IndexChanges): void {
    for (const stack of this.layerStacks) {
      // without its root layer a stack is no target
      if (identifiers.has(stack.rootLayer.identifier))
        this.dependencies.forEachAtOrBelow(stack, ROOT_PATH, (index) => changes.significant.add(index));
    }
    for (const index of this.#indexes.values())
      if (index.errors.some((error) => error.kind === 'MutedAssetPath' && identifiers.has(error.identifier)))
        changes.significant.add(index.path);
    recomposeStacks(this, this.layerStacks, changes);
  }

  /** Forgets everything but the layer stacks; these are composed again. */
  invalidateAll(): void {
    this.#indexes.clear();
    this.#pending.clear();
    this.#withPayloads.clear();
    this.#dependencies = undefined;
    this.#layerStacks.clear();
    this.#plainStacks.clear();
    this.#incompleteStacks.clear();
    this.#stacksOfLayers = undefined;
    this.#layerStack.recompose();
  }

  /** The identifier an authored asset path means at a spec: expressions evaluated, anchored to the spec's layer. '' for none. */
  resolveAssetPath(site: SpecSite, assetPath: string): string {
    let text = assetPath;
    if (isVariableExpression(text)) {
      const result = evaluateExpression(text, site.node.layerStack.expressionVariables.values);
      if ('error' in result || typeof result.value !== 'string') return '';
      text = result.value;
    }
    return text === '' ? '' : this.#options.layers.identify(text, site.layer.identifier);
  }

  #layerStackOf(rootLayer: Layer, overrides: ExpressionVariables): LayerStack {
    const isPlain = overrides.sourceKey === '';
    const plain = isPlain ? this.#plainStacks.get(rootLayer) : undefined;
    if (plain !== undefined) {
      plain.sharePaths();
      return plain;
    }
    const key = `${overrides.sourceKey}\n${rootLayer.identifier}`;
    let stack = this.#layerStacks.get(key);
    if (stack === undefined) {
      // A reference to the root layer means the stack without session layer, unless there is none to tell them apart.
      const isRootStack =
        rootLayer === this.#options.rootLayer &&
        this.#layerStack.sessionLayer === undefined &&
        (overrides.sourceKey === '' || overrides.sourceKey === '/');
      stack = isRootStack
        ? this.#layerStack
        : new LayerStack(key, rootLayer, undefined, this.#options.layers, this.#environment.mutedLayers, overrides);
      this.#layerStacks.set(key, stack);
      if (stack.pendingAssets.length > 0) this.#incompleteStacks.add(stack);
      this.#stacksOfLayers = undefined;
    } else stack.sharePaths();
    if (isPlain) this.#plainStacks.set(rootLayer, stack);
    return stack;
  }
}

/**
 * Removes culled nodes, except those that others have as origin: strength depends on where these stand.
 *
 * @returns sites of culled nodes that did not come from the parent's index, where they would be found
 */
function dropCulled(root: IndexNode, parentRoot: IndexNode): CulledSite[] | undefined {
  if (!hasCulled(root)) return undefined;
  const needed = new Set<IndexNode>();
  markNeeded(root, needed);
  let sites: CulledSite[] | undefined;
  collectCulled(root, needed, (node) => {
    if (!hasNodeAt(parentRoot, node.layerStack, parentPath(node.path)))
      (sites ??= []).push({ layerStack: node.layerStack, path: node.path });
  });
  removeUnneeded(root, needed);
  return sites;
}

function collectCulled(node: IndexNode, needed: ReadonlySet<IndexNode>, visit: (node: IndexNode) => void): void {
  for (const child of node.children) {
    if (!needed.has(child)) visit(child);
    collectCulled(child, needed, visit);
  }
}

function hasNodeAt(node: IndexNode, layerStack: LayerStack, path: Path): boolean {
  if (node.layerStack === layerStack && node.path === path) return true;
  for (const child of node.children) if (hasNodeAt(child, layerStack, path)) return true;
  return false;
}

/** Looks for specs at every node again; false when the target of an arc has its first one now: indexes below may lack nodes, or say that it is missing. */
function refreshHasSpecs(node: IndexNode): boolean {
  const hasSpecs = node.layerStack.hasSpec(node.path);
  if (hasSpecs !== node.hasSpecs) {
    if (node.parent !== undefined) return false;
    node.hasSpecs = hasSpecs;
  }
  return node.children.every(refreshHasSpecs);
}

function hasCulled(node: IndexNode): boolean {
  if (node.isCulled) return true;
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (hasCulled(children[i] as IndexNode)) return true;
  return false;
}

function markNeeded(node: IndexNode, needed: Set<IndexNode>): void {
  if (!node.isCulled) keep(node, needed);
  for (const child of node.children) markNeeded(child, needed);
}

function keep(node: IndexNode, needed: Set<IndexNode>): void {
  for (let n: IndexNode | undefined = node; n !== undefined && !needed.has(n); n = n.parent) {
    needed.add(n);
    if (n.origin !== undefined && n.origin !== n.parent) keep(n.origin, needed);
  }
}

function removeUnneeded(node: IndexNode, needed: ReadonlySet<IndexNode>): void {
  if (node.children.length === 0) return;
  const kept = node.children.filter((child) => needed.has(child));
  if (kept.length < node.children.length) node.children = kept;
  for (const child of kept) removeUnneeded(child, needed);
}
