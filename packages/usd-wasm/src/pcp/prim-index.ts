/**
 * Where a composed prim's opinions come from: its nodes, and what follows from them. Everything but the nodes is
 * computed when it is first asked for.
 */
import { composeOffsets, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import { appendProperty, endsInVariant, variantOf, type Path } from '../sdf/path.ts';
import { composeChildNames, composePropertyNames, type ChildNames } from './child-names.ts';
import { composeVariantNames, composeVariantSetNames } from './compose-site.ts';
import type { CompositionError } from './composition-error.ts';
import type { IndexNode, PrimIndexNode } from './index-node.ts';
import type { LayerStack } from './layer-stack.ts';

export type { PrimIndexNode } from './index-node.ts';

/** One spec with an opinion. */
export interface SpecSite {
  /** The layer that holds the spec. */
  readonly layer: Layer;
  /** Path of the spec; may hold variant selections. */
  readonly path: Path;
  /** Layer time → root (stage) time. */
  readonly layerOffset: LayerOffset;
  /** The node whose layer stack has the layer. */
  readonly node: PrimIndexNode;
}

/** A place that an index would have a node for if something were there. */
export interface CulledSite {
  readonly layerStack: LayerStack;
  readonly path: Path;
}

const NONE: readonly never[] = Object.freeze([]);

/** What a prim is composed of: the sites that its arcs lead to, as a tree. Source: OpenUSD pcp/primIndex.h. */
export class PrimIndex {
  /** Path of the prim; for a prim of a prototype, of one that shows it. */
  readonly path: Path;
  /** The prim's own site, above all others. */
  readonly root: IndexNode;
  /** It may share what its arcs bring in. */
  readonly isInstanceable: boolean;
  /** The prim has payloads, loaded or not. */
  readonly hasPayloads: boolean;
  /** What was wrong with its arcs. */
  readonly errors: readonly CompositionError[];
  /** Layers that were not there: the index must be computed again when they are. */
  readonly pendingAssets: readonly string[];
  /** Sites of culled nodes that no ancestor's index has a node above: only edits ask for them. */
  readonly culledSites: readonly CulledSite[];
  /** Indexes of children that were built from this one; the cache's. */
  built: PrimIndex[] | undefined = undefined;
  #nodes: readonly IndexNode[] | undefined = undefined;
  #primStack: readonly SpecSite[] | undefined = undefined;
  #childNames: ChildNames | undefined = undefined;
  #propertyNames: readonly string[] | undefined = undefined;

  constructor(
    path: Path,
    root: IndexNode,
    isInstanceable: boolean,
    hasPayloads: boolean,
    errors: readonly CompositionError[],
    pendingAssets: readonly string[],
    culledSites: readonly CulledSite[] = NONE,
  ) {
    this.path = path;
    this.root = root;
    this.isInstanceable = isInstanceable;
    this.hasPayloads = hasPayloads;
    this.errors = errors.length === 0 ? NONE : errors;
    this.pendingAssets = pendingAssets.length === 0 ? NONE : pendingAssets;
    this.culledSites = culledSites;
  }

  /** After specs came or went at sites of the index, without any arc: what follows from the nodes is computed again. */
  forgetSpecs(): void {
    this.#nodes = undefined;
    this.#primStack = undefined;
    this.#childNames = undefined;
    this.#propertyNames = undefined;
  }

  /** After an edit of children, names are composed again. @internal */
  forgetChildNames(): void {
    this.#childNames = undefined;
  }

  /** After an edit of properties, names are composed again. @internal */
  forgetPropertyNames(): void {
    this.#propertyNames = undefined;
  }

  /** Nodes with opinions, strongest first. */
  get nodes(): readonly IndexNode[] {
    if (this.#nodes === undefined) {
      const nodes: IndexNode[] = [];
      collectContributing(this.root, nodes);
      this.#nodes = nodes;
    }
    return this.#nodes;
  }

  /** Prim specs with opinions, strongest first. */
  get primStack(): readonly SpecSite[] {
    if (this.#primStack === undefined) {
      const stack: SpecSite[] = [];
      collectPrimSpecs(this.root, stack);
      this.#primStack = stack;
    }
    return this.#primStack;
  }

  /** Whether some layer has a spec for the prim. */
  get hasSpecs(): boolean {
    return this.#primStack === undefined ? hasContributingSpec(this.root) : this.#primStack.length > 0;
  }

  /** Names of the children, in order. */
  get childNames(): readonly string[] {
    return this.#children.names;
  }

  /** Names that relocations moved elsewhere, ascending. */
  get prohibitedChildNames(): readonly string[] {
    return this.#children.prohibited;
  }

  get #children(): ChildNames {
    return (this.#childNames ??= composeChildNames(this.root, this.isInstanceable));
  }

  /** Names in the order of composition, weak to strong; `propertyOrder` is not applied. */
  get propertyNames(): readonly string[] {
    return (this.#propertyNames ??= composePropertyNames(this.root));
  }

  /** Selections that were applied; the strongest node's where there are several. */
  get variantSelections(): ReadonlyMap<string, string> {
    const selections = new Map<string, string>();
    collectSelections(this.root, selections);
    return selections;
  }

  /** Names of all variant sets, strongest node's first. */
  get variantSetNames(): readonly string[] {
    const names = new Set<string>();
    for (const node of this.nodes) for (const name of composeVariantSetNames(node.layerStack, node.path)) names.add(name);
    return [...names];
  }

  /** Names of the variants of a set over all nodes, sorted. */
  variantNames(set: string): readonly string[] {
    const names = new Set<string>();
    for (const node of this.nodes) composeVariantNames(node.layerStack, node.path, set, names);
    return [...names].sort();
  }

  /** Specs of a property, strongest first, of any kind. */
  propertySpecs(name: string): SpecSite[] {
    const stack: SpecSite[] = [];
    for (const node of this.nodes) collectSpecs(node, appendProperty(node.path, name), stack);
    return stack;
  }
}

function collectContributing(node: IndexNode, into: IndexNode[]): void {
  if (node.contributes) into.push(node);
  const { children } = node;
  for (let i = 0; i < children.length; i++) collectContributing(children[i] as IndexNode, into);
}

function hasContributingSpec(node: IndexNode): boolean {
  return (node.contributes && node.layerStack.hasSpec(node.path)) || node.children.some(hasContributingSpec);
}

function collectPrimSpecs(node: IndexNode, into: SpecSite[]): void {
  if (node.contributes) collectSpecs(node, node.path, into);
  const { children } = node;
  for (let i = 0; i < children.length; i++) collectPrimSpecs(children[i] as IndexNode, into);
}

function collectSpecs(node: IndexNode, path: Path, into: SpecSite[]): void {
  const { entries } = node.layerStack;
  for (let i = 0; i < entries.length; i++) {
    const { layer, offset } = entries[i] as { layer: Layer; offset: LayerOffset };
    if (layer.data.specType(path) !== undefined)
      into.push({ layer, path, layerOffset: composeOffsets(node.mapToRoot.offset, offset), node });
  }
}

function collectSelections(node: IndexNode, into: Map<string, string>): void {
  if (endsInVariant(node.path) && !node.isCulled) {
    const [set, selection] = variantOf(node.path) as readonly [string, string];
    if (!into.has(set)) into.set(set, selection);
  }
  for (const child of node.children) collectSelections(child, into);
}
