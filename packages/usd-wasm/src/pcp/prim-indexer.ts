/**
 * Builds prim indexes: the composition algorithm.
 *
 * An index begins as a copy of the index of the namespace parent, one level further down, so that arcs of ancestors are
 * not found again. Then every node's own arc fields become tasks, done by priority until none is left; an arc adds a
 * node, and that node more tasks. The target of an arc below a root prim is built as an index of its own (a frame),
 * without variants, and grafted in. Source: composition.md section 4; OpenUSD pcp/primIndex.cpp.
 */
import type { Layer } from '../sdf/layer.ts';
import { endsInVariant, hasPrefix, nameOf, parentPath, replacePrefix, ROOT_PATH, pathDepth, type Path } from '../sdf/path.ts';
import type { ArcType, CompositionError, ErrorSite } from './composition-error.ts';
import { ARC_FIELD, scanArcFields } from './compose-site.ts';
import { evaluateImpliedClasses, evaluateInherits, evaluateSpecializes, startOfImpliedClasses } from './eval-classes.ts';
import { evaluatePayloads, evaluateReferences, reportUnresolvedTarget } from './eval-references.ts';
import { evaluateImpliedRelocations, evaluateRelocations } from './eval-relocates.ts';
import { evaluateImpliedSpecializes } from './eval-specializes.ts';
import { evaluateFallbackVariant, evaluateAuthoredVariant, evaluateVariantSets, hasAncestralVariantSets } from './eval-variants.ts';
import { ARC, ARC_NAMES, cloneForChild, compareStrength, IndexNode } from './index-node.ts';
import { forEachNodeByInstanceability, isInstanceable } from './instanceable.ts';
import type { ExpressionVariables, LayerSource, LayerStack } from './layer-stack.ts';
import type { MapFunction } from './map-function.ts';

/** What indexing needs from its cache. */
export interface IndexEnvironment {
  readonly source: LayerSource;
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
export const ARC_OPTION = { contributes: 1, ancestral: 2, skipDuplicates: 4, skipIfDuplicate: 8, skipImpliedSpecializes: 16, skipExpressed: 32 } as const;

/** Nodes that one index may take to build, frames and all. The reference has 65,535 in an index; real ones have dozens. */
const MAX_NODES = 8192;
/** Arcs in a row, frames and all; functions that walk the tree recurse that deep. */
const MAX_CHAIN = 1000;
/** Targets below root prims that may lead to each other. */
const MAX_FRAMES = 100;
/** Names in the path of a target. */
const MAX_PATH_DEPTH = 1000;

export class PrimIndexer {
  readonly environment: IndexEnvironment;
  readonly outputs: IndexOutputs;
  readonly root: IndexNode;
  readonly frame: Frame | undefined;
  /** Layer stack that the outermost index is in. */
  readonly rootLayerStack: LayerStack;
  readonly #evaluatesImpliedSpecializes: boolean;
  readonly #evaluatesVariants: boolean;
  /** Tasks by kind; the mask tells which kinds have any. */
  readonly #tasks: (Task[] | undefined)[] = [];
  #kinds = 0;

  constructor(environment: IndexEnvironment, outputs: IndexOutputs, root: IndexNode, frame: Frame | undefined, rootLayerStack: LayerStack) {
    this.environment = environment;
    this.outputs = outputs;
    this.root = root;
    this.frame = frame;
    this.rootLayerStack = rootLayerStack;
    this.#evaluatesImpliedSpecializes = frame === undefined;
    this.#evaluatesVariants = frame === undefined;
  }

  /** Queues what the nodes found in the parent's index have at this level, then does all tasks. */
  run(): void {
    this.#addOwnTasks(this.root, false, false, 0);
    for (let kind = this.#nextKind(); kind >= 0; kind = this.#nextKind()) this.#do(kind, this.#take(kind));
  }

  addTask(kind: number, node: IndexNode, sitePath: Path = node.path, set = '', setNumber = 0): void {
    let tasks = this.#tasks[kind];
    if (tasks === undefined) {
      tasks = [];
      this.#tasks[kind] = tasks;
    }
    if (kind === TASK.impliedClasses || kind === TASK.impliedSpecializes) {
      for (let i = 0; i < tasks.length; i++) if ((tasks[i] as Task).node === node) return;
    }
    tasks.push({ node, sitePath, set, setNumber });
    this.#kinds |= 1 << kind;
  }

  /** Variants chosen now may hold selections: sets without an authored selection are looked at again. */
  retryVariants(): void {
    this.#promote(TASK.variantFallback, TASK.variantAuthored);
    this.#promote(TASK.variantNoneFound, TASK.variantAuthored);
    this.#promote(TASK.ancestralVariantFallback, TASK.ancestralVariantAuthored);
    this.#promote(TASK.ancestralVariantNoneFound, TASK.ancestralVariantAuthored);
  }

  #promote(from: number, to: number): void {
    const tasks = this.#tasks[from];
    if (tasks === undefined || tasks.length === 0) return;
    (this.#tasks[to] ??= []).push(...tasks.splice(0));
    this.#kinds = (this.#kinds & ~(1 << from)) | (1 << to);
  }

  #nextKind(): number {
    return this.#kinds === 0 ? -1 : 31 - Math.clz32(this.#kinds & -this.#kinds);
  }

  #take(kind: number): Task {
    const tasks = this.#tasks[kind] as Task[];
    let at = tasks.length - 1;
    if (at > 0) {
      if (kind === TASK.impliedClasses) {
        for (let i = 0; i < at; i++) if ((tasks[i] as Task).node.serial > (tasks[at] as Task).node.serial) at = i;
      } else if (kind >= TASK.ancestralVariantSets && kind !== TASK.impliedSpecializes && kind < TASK.unresolvedTarget) {
        for (let i = 0; i < tasks.length; i++) if (compareVariantTasks(tasks[i] as Task, tasks[at] as Task) < 0) at = i;
      }
    }
    const [task] = tasks.splice(at, 1) as [Task];
    if (tasks.length === 0) this.#kinds &= ~(1 << kind);
    return task;
  }

  #do(kind: number, task: Task): void {
    const { node } = task;
    switch (kind) {
      case TASK.relocations:
        return evaluateRelocations(this, node);
      case TASK.impliedRelocations:
        return evaluateImpliedRelocations(this, node);
      case TASK.references:
        return evaluateReferences(this, node);
      case TASK.payloads:
        return evaluatePayloads(this, node);
      case TASK.inherits:
        return evaluateInherits(this, node);
      case TASK.impliedClasses:
        return evaluateImpliedClasses(this, node);
      case TASK.specializes:
        return evaluateSpecializes(this, node);
      case TASK.impliedSpecializes:
        return evaluateImpliedSpecializes(this, node);
      case TASK.ancestralVariantSets:
        return evaluateVariantSets(this, node, true);
      case TASK.variantSets:
        return evaluateVariantSets(this, node, false);
      case TASK.ancestralVariantAuthored:
        return evaluateAuthoredVariant(this, task, true);
      case TASK.variantAuthored:
        return evaluateAuthoredVariant(this, task, false);
      case TASK.ancestralVariantFallback:
        return evaluateFallbackVariant(this, task, true);
      case TASK.variantFallback:
        return evaluateFallbackVariant(this, task, false);
      case TASK.unresolvedTarget:
        return reportUnresolvedTarget(this, node);
      default: // none-found tasks only wait to be looked at again
        return;
    }
  }

  /** Tasks for a node just added and all below it. */
  #addTasksFor(node: IndexNode, isGrafted: boolean, options: number): void {
    if ((options & ARC_OPTION.skipImpliedSpecializes) === 0) {
      if (node.isClassBased) {
        const start = startOfImpliedClasses(node);
        if (start !== undefined) this.addTask(TASK.impliedClasses, start);
      } else if (hasClassBasedChild(node)) this.addTask(TASK.impliedClasses, node);
      if (this.#evaluatesImpliedSpecializes) {
        const start = outermostSpecializes(node);
        if (start !== undefined) this.addTask(TASK.impliedSpecializes, start);
        else if (hasSpecializesChild(node)) this.addTask(TASK.impliedSpecializes, node);
      }
    }
    this.#addOwnTasks(node, true, isGrafted, options);
  }

  /**
   * Tasks for the arcs that nodes themselves author. Children last to first and node last, so that within a kind the
   * strongest is taken first.
   */
  #addOwnTasks(node: IndexNode, isNew: boolean, isGrafted: boolean, options: number): void {
    const { children } = node;
    for (let i = children.length - 1; i >= 0; i--) this.#addOwnTasks(children[i] as IndexNode, isNew, isGrafted, options);
    const mask = node.contributes ? scanArcFields(node.layerStack, node.path) : 0;
    if (this.#evaluatesVariants) {
      if ((mask & ARC_FIELD.variants) !== 0) this.addTask(TASK.variantSets, node);
      if (isGrafted && hasAncestralVariantSets(node)) this.addTask(TASK.ancestralVariantSets, node);
    }
    if (isNew && this.frame === undefined && (node.arc === ARC.reference || node.arc === ARC.payload)) this.addTask(TASK.unresolvedTarget, node);
    if ((options & ARC_OPTION.skipImpliedSpecializes) !== 0) return;
    if (!isGrafted && (options & ARC_OPTION.skipExpressed) === 0) {
      if ((mask & ARC_FIELD.specializes) !== 0) this.addTask(TASK.specializes, node);
      if ((mask & ARC_FIELD.inherits) !== 0) this.addTask(TASK.inherits, node);
      if ((mask & ARC_FIELD.payload) !== 0) this.addTask(TASK.payloads, node);
      if ((mask & ARC_FIELD.references) !== 0) this.addTask(TASK.references, node);
      if (node.layerStack.relocates !== undefined) this.addTask(TASK.relocations, node);
    }
    if (isNew && node.arc === ARC.relocate) this.addTask(TASK.impliedRelocations, node);
  }

  /**
   * Adds an arc from `parent` to a site.
   *
   * @param options bits of `ARC_OPTION`
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
    namespaceDepth: number = parent.depth,
  ): IndexNode | undefined {
    const { outputs } = this;
    if (this.isFull() || (this.frame?.level ?? 0) >= MAX_FRAMES || this.#chainLength(parent) >= MAX_CHAIN || pathDepth(path) > MAX_PATH_DEPTH) {
      this.#reportCapacity();
      return undefined;
    }
    if (this.#makesCycle(arc, parent, origin, layerStack, path)) return undefined;
    const skipDuplicates = (options & ARC_OPTION.skipDuplicates) !== 0 || (this.frame?.skipDuplicates ?? false);
    if ((skipDuplicates || (options & ARC_OPTION.skipIfDuplicate) !== 0) && this.#hasNodeAt(parent, layerStack, path)) return undefined;
    const contributes = (options & ARC_OPTION.contributes) !== 0;
    const isAncestral = (options & ARC_OPTION.ancestral) !== 0;
    let node: IndexNode;
    if (isAncestral) {
      const frame: Frame = { previous: this.frame, level: (this.frame?.level ?? 0) + 1, parentNode: parent, arc, mapToParent, layerStack, requestedPath: path, skipDuplicates };
      node = buildFrame(this.environment, outputs, layerStack, path, contributes, frame, this.rootLayerStack);
    } else {
      node = new IndexNode(layerStack, path, pathDepth(path));
      node.hasSpecs = layerStack.hasSpec(path);
      outputs.nodeCount++;
      if (!contributes) {
        node.isInert = true;
        node.restrictedDepth = 1;
      }
    }
    node.arc = arc;
    node.mapToParent = mapToParent;
    node.origin = origin;
    node.namespaceDepth = namespaceDepth;
    node.siblingNumber = siblingNumber;
    parent.insertChild(node);

    if (canBeCulled(node, this.rootLayerStack)) node.isCulled = true;
    else for (let p: IndexNode | undefined = parent; p !== undefined && p.isCulled; p = p.parent) p.isCulled = false;

    this.#addTasksFor(node, isAncestral, options);
    if (path === ROOT_PATH) node.makeSubtreeInert();
    return node;
  }

  /** Whether no more arcs may be added, which is then reported. Loops over authored lists end when it is so. */
  isFull(): boolean {
    if (this.outputs.nodeCount < MAX_NODES) return false;
    this.#reportCapacity();
    return true;
  }

  #chainLength(parent: IndexNode): number {
    let length = 0;
    let node: IndexNode | undefined = parent;
    let frame = this.frame;
    while (node !== undefined) {
      length++;
      node = node.parent;
      if (node === undefined && frame !== undefined) {
        node = frame.parentNode;
        frame = frame.previous;
      }
    }
    return length;
  }

  #reportCapacity(): void {
    const { errors } = this.outputs;
    if (!errors.some(({ kind }) => kind === 'IndexCapacityExceeded')) errors.push({ kind: 'IndexCapacityExceeded', site: siteOf(this.root), limit: MAX_NODES });
  }

  /** Looks through this index and those around it for arcs that lead back, and records the cycle. */
  #makesCycle(arc: number, parent: IndexNode, origin: IndexNode, layerStack: LayerStack, path: Path): boolean {
    if (arc === ARC.variant) return false;
    if ((arc === ARC.inherit || arc === ARC.specialize) && parent !== origin && this.#isBelowRelocate(parent)) return false;
    let node = parent;
    let target = path;
    let frame = this.frame;
    for (;;) {
      for (let n: IndexNode | undefined = node; n !== undefined; n = n.parent) {
        if (n.layerStack === layerStack && (hasPrefix(n.path, target) || hasPrefix(target, n.path))) {
          this.#reportCycle(arc, parent, layerStack, path);
          return true;
        }
      }
      if (frame === undefined) return false;
      target = rebase(target, node.root.path, frame.requestedPath);
      node = frame.parentNode;
      frame = frame.previous;
    }
  }

  /** Whether the first ancestor that is no implied class is a relocation. Its placeholders may have odd sites. */
  #isBelowRelocate(parent: IndexNode): boolean {
    let node: IndexNode | undefined = parent;
    let frame = this.frame;
    for (;;) {
      const arc: number = node.parent !== undefined ? node.arc : (frame?.arc ?? ARC.root);
      if (arc !== ARC.inherit && arc !== ARC.specialize) return arc === ARC.relocate;
      if (node.parent !== undefined) node = node.parent;
      else if (frame !== undefined) {
        node = frame.parentNode;
        frame = frame.previous;
      } else return false;
    }
  }

  #reportCycle(arc: number, parent: IndexNode, layerStack: LayerStack, path: Path): void {
    const cycle: (ErrorSite & { readonly arcType: ArcType })[] = [{ layer: layerStack.rootLayer.identifier, path, arcType: ARC_NAMES[arc] as ArcType }];
    let node: IndexNode = parent;
    let frame = this.frame;
    for (;;) {
      cycle.push({ ...siteOf(node), arcType: this.arcTypeOf(node, frame) });
      if (node.parent !== undefined) node = node.parent;
      else if (frame !== undefined) {
        node = frame.parentNode;
        frame = frame.previous;
      } else break;
    }
    this.outputs.errors.push({ kind: 'ArcCycle', cycle: cycle.reverse() });
  }

  /** The arc type a node has, or will have once its frame is grafted. */
  arcTypeOf(node: IndexNode, frame: Frame | undefined = this.frame): ArcType {
    return ARC_NAMES[this.arcOf(node, frame)] as ArcType;
  }

  arcOf(node: IndexNode, frame: Frame | undefined = this.frame): number {
    return node.parent === undefined && frame !== undefined ? frame.arc : node.arc;
  }

  /** Whether a contributing node has the site, in this index or in those around it. */
  #hasNodeAt(parent: IndexNode, layerStack: LayerStack, path: Path): boolean {
    let node = parent.root;
    let target = path;
    let frame = this.frame;
    for (;;) {
      if (findContributing(node, layerStack, target)) return true;
      if (frame === undefined) return false;
      target = rebase(target, node.path, frame.requestedPath);
      node = frame.parentNode.root;
      frame = frame.previous;
    }
  }
}

/** What a path in a frame becomes when the frame's root has reached the requested path. */
function rebase(path: Path, current: Path, requested: Path): Path {
  if (path === current) return requested;
  return hasPrefix(requested, current) ? replacePrefix(requested, current, path) : path;
}

function findContributing(node: IndexNode, layerStack: LayerStack, path: Path): boolean {
  if (node.layerStack === layerStack && node.path === path && node.canContributeSpecs) return true;
  for (const child of node.children) if (findContributing(child, layerStack, path)) return true;
  return false;
}

function compareVariantTasks(a: Task, b: Task): number {
  if (a.node !== b.node) return compareStrength(a.node, b.node);
  return a.sitePath.length - b.sitePath.length || a.setNumber - b.setNumber;
}

export function siteOf(node: IndexNode): ErrorSite {
  return { layer: node.layerStack.rootLayer.identifier, path: node.path };
}

export function hasClassBasedChild(node: IndexNode): boolean {
  const { children } = node;
  for (let i = 0; i < children.length; i++) if ((children[i] as IndexNode).isClassBased) return true;
  return false;
}

function hasSpecializesChild(node: IndexNode): boolean {
  const { children } = node;
  for (let i = 0; i < children.length; i++) if ((children[i] as IndexNode).arc === ARC.specialize) return true;
  return false;
}

function outermostSpecializes(node: IndexNode): IndexNode | undefined {
  let found: IndexNode | undefined;
  for (let n: IndexNode | undefined = node; n !== undefined; n = n.parent) if (n.arc === ARC.specialize) found = n;
  return found;
}

/** A root node without ancestors: the pseudo-root, or a variant. */
export function makeRootNode(layerStack: LayerStack, path: Path): IndexNode {
  const node = new IndexNode(layerStack, path, pathDepth(path));
  node.hasSpecs = layerStack.hasSpec(path);
  return node;
}

/** Builds the nodes of a composed prim from those of its parent. */
export function buildChildIndex(environment: IndexEnvironment, outputs: IndexOutputs, parentRoot: IndexNode, parentIsInstanceable: boolean, name: string): IndexNode {
  const root = descend(parentRoot, parentIsInstanceable, name, parentRoot.layerStack);
  if (root.children.length === 0 && !needsIndexer(root)) return root;
  const isProhibited = prohibit(root, outputs, undefined);
  if (!isProhibited) new PrimIndexer(environment, outputs, root, undefined, root.layerStack).run();
  return root;
}

/** Whether the only node of an index has anything to do. */
function needsIndexer(root: IndexNode): boolean {
  return root.layerStack.relocates !== undefined || (root.contributes && scanArcFields(root.layerStack, root.path) !== 0);
}

/** Builds the target of an arc with the opinions of its namespace ancestors. */
function buildFrame(
  environment: IndexEnvironment,
  outputs: IndexOutputs,
  layerStack: LayerStack,
  path: Path,
  contributes: boolean,
  frame: Frame,
  rootLayerStack: LayerStack,
): IndexNode {
  const names: string[] = [];
  let start = path;
  for (; start !== ROOT_PATH && !endsInVariant(start); start = parentPath(start)) names.push(nameOf(start));
  // A variant has no ancestors of its own: they are found with the prim that has it.
  let root = makeRootNode(layerStack, start);
  if (start !== ROOT_PATH) new PrimIndexer(environment, outputs, root, frame, layerStack).run();
  for (let i = names.length - 1; i >= 0 && outputs.nodeCount < MAX_NODES; i--) {
    const stack = i === 0 ? rootLayerStack : layerStack;
    root = descend(root, isInstanceable(root), names[i] as string, stack);
    outputs.nodeCount += countNodes(root);
    if (i === 0 && !contributes) {
      root.isInert = true;
      if (root.restrictedDepth === 0) root.restrictedDepth = root.depth;
    }
    // Of what a relocation brings along, only the subtrees that were moved elsewhere are left out: see `evaluateRelocations`.
    if (frame.arc === ARC.relocate || !prohibit(root, outputs, frame)) new PrimIndexer(environment, outputs, root, frame, stack).run();
  }
  return root;
}

function countNodes(node: IndexNode): number {
  let count = 1;
  for (const child of node.children) count += countNodes(child);
  return count;
}

/** The parent's nodes one level further down: what they bring to the child before its own arcs. */
function descend(parentRoot: IndexNode, parentIsInstanceable: boolean, name: string, rootLayerStack: LayerStack): IndexNode {
  const root = cloneForChild(parentRoot, name);
  if (parentIsInstanceable) {
    forEachNodeByInstanceability(root, (node, isInstanceableNode) => {
      if (isInstanceableNode) return false;
      node.isInert = true;
      if (node.restrictedDepth === 0) node.restrictedDepth = node.depth;
      return true;
    }, 1);
  }
  updateHasSpecs(root);
  if (root.children.length > 0) cullBelow(root, rootLayerStack);
  return root;
}

function updateHasSpecs(node: IndexNode): void {
  if (node.hasSpecs) node.hasSpecs = node.layerStack.hasSpec(node.path);
  const { children } = node;
  for (let i = 0; i < children.length; i++) updateHasSpecs(children[i] as IndexNode);
}

/** Specializes have copies elsewhere that must stay alike, so nothing below them is culled. */
function cullBelow(node: IndexNode, rootLayerStack: LayerStack): void {
  const { children } = node;
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as IndexNode;
    if (child.arc === ARC.specialize) continue;
    cullBelow(child, rootLayerStack);
    if (canBeCulled(child, rootLayerStack)) child.isCulled = true;
  }
}

/** Whether nothing at or below a node adds opinions, and nobody needs to know of the arc (section 6). */
function canBeCulled(node: IndexNode, rootLayerStack: LayerStack): boolean {
  if (node.isCulled) return true;
  if (node.parent === undefined || node.depthBelowIntroduction === 0) return false;
  if (node.arc === ARC.inherit && node.layerStack === rootLayerStack) {
    const origin = node.origin === node.parent ? node : node.originRoot;
    if (pathDepth(origin.pathAtIntroduction) !== 1) return false;
  }
  for (const child of node.children) if (!child.isCulled) return false;
  return !node.contributes;
}

/**
 * A prim with a contributing node at the source of a relocation must not exist: nothing of it contributes.
 *
 * @param frame the arc that wants it, which is then an error
 */
function prohibit(root: IndexNode, outputs: IndexOutputs, frame: Frame | undefined): boolean {
  const culprit = findRelocationSource(root);
  if (culprit === undefined) return false;
  if (frame !== undefined) {
    outputs.errors.push({
      kind: 'ArcToProhibitedChild',
      site: siteOf(frame.parentNode),
      target: { layer: frame.layerStack.rootLayer.identifier, path: frame.requestedPath },
      relocationSource: siteOf(culprit),
      arcType: ARC_NAMES[frame.arc] as ArcType,
    });
  }
  root.isInert = true;
  if (root.restrictedDepth === 0) root.restrictedDepth = root.depth;
  for (const child of root.children) elide(child);
  return true;
}

function findRelocationSource(node: IndexNode): IndexNode | undefined {
  const { relocates } = node.layerStack;
  if (relocates !== undefined && node.canContributeSpecs && relocates.incremental.has(node.path)) return node;
  for (const child of node.children) {
    const found = findRelocationSource(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Takes a whole subtree out of composition at this level. */
export function elide(node: IndexNode): void {
  node.isCulled = true;
  if (node.restrictedDepth === 0) node.restrictedDepth = node.depth;
  for (const child of node.children) elide(child);
}
