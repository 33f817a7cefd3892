/**
 * Prim indexes of one stage, computed on demand from a root layer stack. Synchronous: layers that are not there yet
 * leave their arcs out and are listed in `pendingAssets`.
 */
import type { Layer } from '../sdf/layer.ts';
import { appendChild, hasPrefix, nameOf, parentPath, primPathOf, ROOT_PATH, stripVariants, type Path } from '../sdf/path.ts';
import type { CompositionError } from './composition-error.ts';
import { evaluateExpression, isVariableExpression } from './variable-expression.ts';
import type { IndexNode } from './index-node.ts';
import type { IndexEnvironment, IndexOutputs } from './indexing.ts';
import { isInstanceable } from './instanceable.ts';
import { LayerStack, NO_VARIABLES, type ExpressionVariables, type LayerSource } from './layer-stack.ts';
import { PrimIndex, type SpecSite } from './prim-index.ts';
import { buildChildIndex, makeRootNode } from './prim-indexer.ts';
import { composePropertyStack, composeTargets, type ComposedTargets } from './property-index.ts';

export type { LayerSource, LayerStack } from './layer-stack.ts';

export interface CacheOptions {
  readonly rootLayer: Layer;
  readonly sessionLayer?: Layer;
  readonly layers: LayerSource;
  /** Variant set → names to try when nothing is selected. */
  readonly variantFallbacks?: ReadonlyMap<string, readonly string[]>;
  /** Whether the payloads of a prim are composed; all are when absent. */
  readonly includePayload?: (path: Path) => boolean;
  /** Identifiers. */
  readonly mutedLayers?: ReadonlySet<string>;
}

const NO_NAMES: ReadonlySet<string> = new Set();
const NO_FALLBACKS: ReadonlyMap<string, readonly string[]> = new Map();

export class Cache {
  readonly #options: CacheOptions;
  readonly #environment: IndexEnvironment;
  #layerStack: LayerStack;
  readonly #layerStacks = new Map<string, LayerStack>();
  readonly #indexes = new Map<Path, PrimIndex>();

  constructor(options: CacheOptions) {
    this.#options = options;
    const mutedLayers = options.mutedLayers ?? NO_NAMES;
    const { includePayload } = options;
    this.#environment = {
      source: options.layers,
      mutedLayers,
      variantFallbacks: options.variantFallbacks ?? NO_FALLBACKS,
      layerStackOf: (rootLayer: Layer, overrides: ExpressionVariables): LayerStack => this.#layerStackOf(rootLayer, overrides),
      includesPayload: (path: Path): boolean => includePayload === undefined || includePayload(path),
    };
    this.#layerStack = this.#makeRootLayerStack();
  }

  /** The stack of the root layer and session layer. */
  get layerStack(): LayerStack {
    return this.#layerStack;
  }

  /** Every layer stack in use, the root's first. */
  get layerStacks(): readonly LayerStack[] {
    return [this.#layerStack, ...this.#layerStacks.values()];
  }

  /** The index of a prim path (without variant selections), whether or not anything is there. */
  primIndex(path: Path): PrimIndex {
    const known = this.#indexes.get(path);
    if (known !== undefined) return known;
    if (path === ROOT_PATH)
      return this.#remember(
        new PrimIndex(ROOT_PATH, makeRootNode(this.#layerStack, ROOT_PATH), false, false, [], this.#layerStack.pendingAssets),
      );
    // Nearest known ancestor first, then down: paths of files may be deep.
    const missing: Path[] = [path];
    let parentIndex: PrimIndex | undefined;
    for (let parent = parentPath(path); parentIndex === undefined; parent = parentPath(parent)) {
      parentIndex = this.#indexes.get(parent) ?? (parent === ROOT_PATH ? this.primIndex(ROOT_PATH) : undefined);
      if (parentIndex === undefined) missing.push(parent);
    }
    let index = parentIndex;
    for (let i = missing.length - 1; i >= 0; i--) index = this.#remember(this.#build(missing[i] as Path, index));
    return index;
  }

  /** The index of a child whose parent's index is at hand; avoids taking its path apart. */
  childIndex(parent: PrimIndex, name: string): PrimIndex {
    const path = appendChild(parent.path, name);
    return this.#indexes.get(path) ?? this.#remember(this.#build(path, parent, name));
  }

  #remember(index: PrimIndex): PrimIndex {
    this.#indexes.set(index.path, index);
    return index;
  }

  #build(path: Path, parent: PrimIndex, name: string = nameOf(path)): PrimIndex {
    const outputs: IndexOutputs = { errors: [], pendingAssets: [], hasPayloads: false, nodeCount: 0 };
    const root = buildChildIndex(this.#environment, outputs, parent.root, parent.isInstanceable, name);
    const isInstance = isInstanceable(root);
    if (root.children.length > 0) dropCulled(root);
    return new PrimIndex(path, root, isInstance, outputs.hasPayloads, outputs.errors, outputs.pendingAssets);
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

  /** Forgets the indexes at and below a path, and those whose nodes come from there in the root layer stack. */
  invalidate(path: Path): void {
    const gone = new Set<Path>();
    for (const [key, index] of this.#indexes) {
      if (hasPrefix(key, path)) this.#indexes.delete(key);
      else if (usesPath(index.root, this.#layerStack, path)) gone.add(key);
    }
    this.#forget(gone);
  }

  /** Forgets the indexes and layer stacks that lacked layers, to be composed again now that these are there. */
  forgetPending(): void {
    if (this.#layerStack.pendingAssets.length > 0) {
      this.invalidateAll();
      return;
    }
    const gone = new Set<Path>();
    for (const [path, index] of this.#indexes) if (index.pendingAssets.length > 0) gone.add(path);
    this.#forget(gone);
    for (const [key, stack] of this.#layerStacks) if (stack.pendingAssets.length > 0) this.#layerStacks.delete(key);
  }

  /** Forgets indexes and those below, which were built from them. */
  #forget(gone: ReadonlySet<Path>): void {
    if (gone.size === 0) return;
    for (const key of this.#indexes.keys()) {
      for (let path = key; path !== ROOT_PATH; path = parentPath(path)) {
        if (!gone.has(path)) continue;
        this.#indexes.delete(key);
        break;
      }
    }
  }

  /** Forgets everything, layer stacks too. */
  invalidateAll(): void {
    this.#indexes.clear();
    this.#layerStacks.clear();
    this.#layerStack = this.#makeRootLayerStack();
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

  #makeRootLayerStack(): LayerStack {
    const { rootLayer, sessionLayer, layers, mutedLayers } = this.#options;
    return new LayerStack('/', rootLayer, sessionLayer, layers, mutedLayers ?? NO_NAMES, NO_VARIABLES);
  }

  #layerStackOf(rootLayer: Layer, overrides: ExpressionVariables): LayerStack {
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
    }
    return stack;
  }
}

/** Removes culled nodes, except those that others have as origin: strength depends on where these stand. */
function dropCulled(root: IndexNode): void {
  if (!hasCulled(root)) return;
  const needed = new Set<IndexNode>();
  markNeeded(root, needed);
  removeUnneeded(root, needed);
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

function usesPath(node: IndexNode, layerStack: LayerStack, path: Path): boolean {
  for (const child of node.children) {
    if (child.layerStack === layerStack) {
      const plain = stripVariants(child.path);
      if (hasPrefix(plain, path) || hasPrefix(path, plain)) return true;
    }
    if (usesPath(child, layerStack, path)) return true;
  }
  return false;
}
