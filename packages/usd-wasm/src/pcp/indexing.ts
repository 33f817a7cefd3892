/**
 * What the steps of indexing share: their surroundings, tasks and ways to add arcs. Source: composition.md section 4.
 */
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import type { CompositionError, ErrorSite } from './composition-error.ts';
import type { IndexNode } from './index-node.ts';
import type { ExpressionVariables, LayerSource, LayerStack } from './layer-stack.ts';
import type { MapFunction } from './map-function.ts';
import type { ReadLimits } from '../tf/read-limits.ts';

/** What indexing needs from its cache. */
export interface IndexEnvironment {
  readonly source: LayerSource;
  readonly limits: ReadLimits;
  /** Nodes built since `Cache.startCounting`, and how many may be. */
  readonly arcs: { count: number; most: number };
  /** The root node that the last child was built below, and whether there are any children at its site: what has many asks once. */
  readonly lastParent: { root: IndexNode | undefined; hasChildren: boolean };
  readonly mutedLayers: ReadonlySet<string>;
  readonly variantFallbacks: ReadonlyMap<string, readonly string[]>;
  layerStackOf(rootLayer: Layer, overrides: ExpressionVariables): LayerStack;
  includesPayload(path: Path): boolean;
}

/** What comes out of a build besides the nodes. Frames share it with the index they are built for. */
export interface IndexOutputs {
  readonly errors: CompositionError[];
  readonly pendingAssets: string[];
  hasPayloads: boolean;
  nodeCount: number;
}

/** The arc whose target is being built as an index of its own. */
export interface Frame {
  readonly previous: Frame | undefined;
  readonly level: number;
  /** The node, of the previous frame's index, that the arc comes from. */
  readonly parentNode: IndexNode;
  readonly arc: number;
  readonly mapToParent: MapFunction;
  readonly layerStack: LayerStack;
  readonly requestedPath: Path;
  readonly skipDuplicates: boolean;
}

/** Kinds of tasks in the order in which they are done. */
export const TASK = {
  relocations: 0,
  impliedRelocations: 1,
  references: 2,
  payloads: 3,
  inherits: 4,
  impliedClasses: 5,
  specializes: 6,
  ancestralVariantSets: 7,
  ancestralVariantAuthored: 8,
  ancestralVariantFallback: 9,
  ancestralVariantNoneFound: 10,
  impliedSpecializes: 11,
  variantSets: 12,
  variantAuthored: 13,
  variantFallback: 14,
  variantNoneFound: 15,
  unresolvedTarget: 16,
} as const;

export interface Task {
  readonly node: IndexNode;
  /** For variant tasks: storage path of the prim that has the set, the set, and its number. */
  readonly sitePath: Path;
  readonly set: string;
  readonly setNumber: number;
}

/**
 * How an arc is added; bits of a mask. `skipDuplicates`: not when a node has its site, and the same for arcs found while
 * its target is built; `skipIfDuplicate`: only the former; `skipExpressed`: the node's own arcs are known to be there.
 */
export const ARC_OPTION = {
  contributes: 1,
  ancestral: 2,
  skipDuplicates: 4,
  skipIfDuplicate: 8,
  skipImpliedSpecializes: 16,
  skipExpressed: 32,
} as const;

/** The index being built, as the steps that evaluate its arcs see it. */
export interface Indexing {
  readonly environment: IndexEnvironment;
  readonly outputs: IndexOutputs;
  readonly root: IndexNode;
  readonly frame: Frame | undefined;
  addTask(kind: number, node: IndexNode, sitePath?: Path, set?: string, setNumber?: number): void;
  /**
   * Adds an arc from `parent` to a site.
   *
   * @param options bits of `ARC_OPTION`
   * @param namespaceDepth depth of the prim that has the arc; that of `parent` unless it was an ancestor
   * @returns the new node, or undefined when the arc is not to be: a cycle, a duplicate, or too many nodes
   */
  addArc(
    arc: number,
    parent: IndexNode,
    origin: IndexNode,
    layerStack: LayerStack,
    path: Path,
    mapToParent: MapFunction,
    siblingNumber: number,
    options: number,
    namespaceDepth?: number,
  ): IndexNode | undefined;
  /** Variant selections that were looked for since the index changed last: many tasks ask for the same one. */
  selections: Map<string, string | undefined> | undefined;
  /** Variants chosen now may hold selections: sets without an authored selection are looked at again. */
  retryVariants(): void;
  /** Whether no more arcs may be added, which is then reported. Loops over authored lists end when it is so. */
  isFull(): boolean;
  /** The arc a node has, or will have once its frame is grafted: a value of `ARC`. */
  arcOf(node: IndexNode): number;
}

export function siteOf(node: IndexNode): ErrorSite {
  return { layer: node.layerStack.rootLayer.identifier, path: node.path };
}
