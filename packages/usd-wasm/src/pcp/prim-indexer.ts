/**
 * Builds prim indexes: the composition algorithm.
 *
 * An index begins as a copy of the index of the namespace parent, one level further down, so that arcs of ancestors are
 * not found again. Then every node's own arc fields become tasks, done by priority until none is left; an arc adds a
 * node, and that node more tasks. The target of an arc below a root prim is built as an index of its own (a frame),
 * without variants, and grafted in. Source: composition.md section 4; OpenUSD pcp/primIndex.cpp.
 */
import { ARC_FIELD } from '../sdf/arc-fields.ts';
import { endsInVariant, hasPrefix, nameOf, parentPath, pathDepth, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { ArcType, ErrorSite } from './composition-error.ts';
import { scanArcFields } from './compose-site.ts';
import { canBeCulled, descend, prohibit } from './descend.ts';
import { evaluateImpliedClasses, evaluateInherits, evaluateSpecializes, startOfImpliedClasses } from './eval-classes.ts';
import { evaluatePayloads, evaluateReferences, reportUnresolvedTarget } from './eval-references.ts';
import { evaluateImpliedRelocations, evaluateRelocations } from './eval-relocates.ts';
import { evaluateImpliedSpecializes } from './eval-specializes.ts';
import { evaluateAuthoredVariant, evaluateFallbackVariant, evaluateVariantSets, hasAncestralVariantSets } from './eval-variants.ts';
import { ARC, ARC_NAMES, countNodes, IndexNode, makeRootNode } from './index-node.ts';
import { ARC_OPTION, siteOf, TASK, type Frame, type IndexEnvironment, type Indexing, type IndexOutputs, type Task } from './indexing.ts';
import { isInstanceable } from './instanceable.ts';
import type { LayerStack } from './layer-stack.ts';
import type { MapFunction } from './map-function.ts';
import { compareStrength, insertChild } from './strength.ts';
import type { ReadLimits } from '../tf/read-limits.ts';

/** Cycles that are told of one prim. Where all refer to all there are as many as there are orders of them. */
const MOST_CYCLES = 256;

export class PrimIndexer implements Indexing {
  readonly environment: IndexEnvironment;
  readonly outputs: IndexOutputs;
  readonly root: IndexNode;
  readonly frame: Frame | undefined;
  /** Layer stack that the outermost index is in. */
  readonly rootLayerStack: LayerStack;
  selections: Map<string, string | undefined> | undefined;
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
    const task = tasks[at] as Task;
    if (at === tasks.length - 1) tasks.pop();
    else tasks.splice(at, 1);
    if (tasks.length === 0) this.#kinds &= ~(1 << kind);
    return task;
  }

  #do(kind: number, task: Task): void {
    if (kind < TASK.ancestralVariantSets || kind === TASK.impliedSpecializes) this.selections = undefined;
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
      } else if (node.hasClassBasedChild) this.addTask(TASK.impliedClasses, node);
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
    if (isNew && this.frame === undefined && (node.arc === ARC.reference || node.arc === ARC.payload))
      this.addTask(TASK.unresolvedTarget, node);
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
    if (this.isFull()) return undefined;
    const { limits } = this.environment;
    const exceeded =
      (this.frame?.level ?? 0) >= limits.ancestralArcDepth
        ? 'ancestralArcDepth'
        : this.#chainLength(parent) >= limits.arcDepth
          ? 'arcDepth'
          : pathDepth(path) > limits.namespaceDepth
            ? 'namespaceDepth'
            : undefined;
    if (exceeded !== undefined) {
      this.#reportCapacity(exceeded);
      return undefined;
    }
    if (this.#makesCycle(arc, parent, origin, layerStack, path)) return undefined;
    const skipDuplicates = (options & ARC_OPTION.skipDuplicates) !== 0 || (this.frame?.skipDuplicates ?? false);
    if ((skipDuplicates || (options & ARC_OPTION.skipIfDuplicate) !== 0) && this.#hasNodeAt(parent, layerStack, path)) return undefined;
    const contributes = (options & ARC_OPTION.contributes) !== 0;
    const isAncestral = (options & ARC_OPTION.ancestral) !== 0;
    let node: IndexNode;
    if (isAncestral) {
      const frame: Frame = {
        previous: this.frame,
        level: (this.frame?.level ?? 0) + 1,
        parentNode: parent,
        arc,
        mapToParent,
        layerStack,
        requestedPath: path,
        skipDuplicates,
      };
      node = buildFrame(this.environment, outputs, layerStack, path, contributes, frame, this.rootLayerStack);
      this.environment.arcs.count += graftWork(node);
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
    insertChild(parent, node);
    this.selections = undefined;

    if (canBeCulled(node, this.rootLayerStack)) node.isCulled = true;
    else for (let p: IndexNode | undefined = parent; p !== undefined && p.isCulled; p = p.parent) p.isCulled = false;

    this.#addTasksFor(node, isAncestral, options);
    if (path === ROOT_PATH) node.makeSubtreeInert();
    return node;
  }

  isFull(): boolean {
    const { limits, arcs } = this.environment;
    const { nodeCount } = this.outputs;
    if (nodeCount >= limits.arcsPerPrim) this.#reportCapacity('arcsPerPrim');
    else if (arcs.count + nodeCount >= arcs.most) this.#reportCapacity(arcs.most < limits.arcs ? 'arcsPerByte' : 'arcs');
    else return false;
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

  #reportCapacity(limit: keyof ReadLimits): void {
    const { errors } = this.outputs;
    if (!errors.some(({ kind }) => kind === 'IndexCapacityExceeded'))
      errors.push({ kind: 'IndexCapacityExceeded', site: siteOf(this.root), limit, allowed: this.environment.limits[limit] });
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
    // looked for at every arc: where many prims refer to each other, most of the work is refusing
    this.environment.arcs.count++;
    if (this.outputs.errors.length >= MOST_CYCLES) return;
    const cycle: (ErrorSite & { readonly arcType: ArcType })[] = [
      { layer: layerStack.rootLayer.identifier, path, arcType: ARC_NAMES[arc] as ArcType },
    ];
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
  for (let i = names.length - 1; i >= 0 && outputs.nodeCount < environment.limits.arcsPerPrim; i--) {
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

/** What it takes to graft an index, in nodes: all maps in it are composed anew, and each pair of a map is held against all others. */
function graftWork(node: IndexNode): number {
  const { length } = node.mapToRoot.pairs;
  let work = 1 + ((length * length) >> 4);
  for (const child of node.children) work += graftWork(child);
  return work;
}
