/**
 * The observed prims of a stage and what the renderer was told of them.
 *
 * `build` makes a node for every prim that could be drawn (transform, visibility, purpose: cheap), `imagePending` asks the
 * adapters and sends geometry, in pieces. Later, `setTime` touches the nodes that may change with time, and `applyChanges`
 * rebuilds what an edit touched. Prototypes are spaces of their own: their geometry is made once, and every instance
 * becomes one row per mesh of its prototype.
 *
 * Ownership: a node holds uses of meshes and materials; `sweep` removes what lost its last use once a change is complete,
 * so that what is given back and asked for again within one change never leaves the renderer.
 */
import {
  computeBoundMaterial,
  hasPrefix,
  localTransform,
  ownPurpose,
  ownVisibility,
  parentPath,
  ROOT_PATH,
  SkelCache,
  type AssetResolver,
  type Path,
  type Prim,
  type Stage,
} from 'usd-wasm';
import type { StageOptions } from '../../share/protocol/engine.ts';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { Aabb, LightId, LightSnapshot } from '../../share/protocol/scene.ts';
import { ImagingNode } from './imaging-node.ts';
import type { Imaged, InheritedOpinions } from './imaging/adapter.ts';
import { SEGMENTS } from './imaging/implicit-shapes.ts';
import { MaterialStore } from './imaging/material-store.ts';
import { BoxBuilder, IDENTITY, isSameMatrix, multiplied } from './imaging/matrix.ts';
import { MeshStore } from './imaging/mesh-store.ts';
import { constantOf, readPrimvar } from './imaging/primvars.ts';
import { isAuthored } from './imaging/read-attribute.ts';
import { adapterOf } from './imaging/registry.ts';
import { TextureStore } from './imaging/texture-store.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { Pace } from './pace.ts';
import { RowExpander, RowWriter } from './rows.ts';
import { growBelow, growProxy, type BoundsContext } from './scene-bounds.ts';
import { seenPath, skeletonKey } from './skeleton-sharing.ts';
import { ChangeSet, FLAGGED, forEachNode, MOVED, REPLACED, SceneNode, Space } from './scene-node.ts';
import type { SceneWriter } from './scene-writer.ts';
import type { StageEdits } from './stage-edits.ts';

/** Prototypes within prototypes, at most. */
const MAX_DEPTH = 16;

export interface SceneCounts {
  readonly nodes: number;
  readonly meshes: number;
  readonly materials: number;
  readonly textures: number;
  readonly rows: number;
  readonly triangles: number;
}

export class Scene {
  readonly stage: Stage;
  readonly writer: SceneWriter;
  readonly textures: TextureStore;
  readonly materials: MaterialStore;
  readonly meshes: MeshStore;
  /** Skeletons and what they move, as the stage is now. */
  skeletons = new SkelCache();
  time: number;
  /** See `ImagingContext.segments`. */
  readonly segments: number;
  #report: (problem: ErrorInfo) => void;
  #stageSpace = new Space('', ROOT_PATH, undefined, undefined);
  #spaces = new Map<string, Space>();
  #nodes = new Map<Path, SceneNode>();
  #animated = new Set<SceneNode>();
  #pending: SceneNode[] = [];
  /** Some node has or had `skeletonPaths`. */
  #hasSkeletons = false;
  #handles: (SceneNode | undefined)[] = [];
  #freeHandles: number[] = [];
  #rows: RowExpander;
  #rowWriter: RowWriter;

  constructor(
    stage: Stage,
    time: number,
    writer: SceneWriter,
    resolver: AssetResolver,
    report: (problem: ErrorInfo) => void,
    { complexity = 'low', memoryBytes }: Pick<StageOptions, 'complexity' | 'memoryBytes'> = {},
  ) {
    this.stage = stage;
    this.time = time;
    this.writer = writer;
    this.segments = SEGMENTS[complexity];
    this.#report = report;
    this.textures = new TextureStore(writer, resolver, report, new MemoryBudget(memoryBytes));
    this.materials = new MaterialStore(writer, this.textures, (path) => stage.getPrimAtPath(path), report);
    this.meshes = new MeshStore(writer, this.materials, report, new MemoryBudget(memoryBytes));
    this.#rows = new RowExpander(report);
    this.#rowWriter = new RowWriter(writer);
  }

  /** Something that is drawn changes with time. */
  get isAnimated(): boolean {
    return this.#animated.size > 0 || this.materials.hasAnimated;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  get counts(): SceneCounts {
    let triangles = 0;
    for (const node of this.#nodes.values()) {
      if (node.rows !== undefined && node.isVisible) this.#rows.walk(node, { row: (mesh) => void (triangles += mesh.triangleCount) });
    }
    return {
      nodes: this.#nodes.size,
      meshes: this.meshes.count,
      materials: this.materials.count,
      textures: this.textures.count,
      rows: this.writer.instanceIds.count,
      triangles,
    };
  }

  /** Makes nodes for the whole stage. @throws CancelledError */
  async build(pace: Pace): Promise<void> {
    this.#stageSpace.root = this.#addNode(this.stage.pseudoRoot, this.#stageSpace, undefined);
    await this.#addDescendants(this.#stageSpace.root, pace);
  }

  pathOfHandle(handle: number): Path | undefined {
    return this.#handles[handle]?.prim.path;
  }

  /** Asks adapters for all pending nodes, what is seen first, and sends geometry as it comes. @throws CancelledError */
  async imagePending(pace: Pace, onProgress: (done: number, total: number) => void): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    const isSeen = (node: SceneNode): boolean =>
      node.isVisible && (node.purpose === undefined || node.purpose === 'default' || node.purpose === 'render');
    const order = [...pending.filter(isSeen), ...pending.filter((node) => !isSeen(node))];
    let done = 0;
    for (const node of order) {
      if (node.isPending) await this.#imageNode(node, pace);
      done++;
      if (pace.isDue()) onProgress(done, order.length);
      await this.#paceIfDue(pace);
    }
    onProgress(done, order.length);
  }

  /** Reads, decodes and sends the textures that wait. @throws CancelledError */
  async loadTextures(pace: Pace, onProgress: (done: number, total: number) => void): Promise<void> {
    const missing = await this.textures.load(pace, onProgress);
    if (missing.size > 0) this.materials.setMissing(missing, this.time);
  }

  /** Box of the visible default- and render-purpose prims: exact where geometry is made, else from extents. Below one path, or everywhere. */
  bounds(below: Path = ROOT_PATH): Aabb | undefined {
    const box = new BoxBuilder();
    const context: BoundsContext = { time: this.time, rows: this.#rows, imageEarly: (node) => this.#imageEarly(node) };
    const node = this.#nodes.get(below);
    if (node !== undefined) growBelow(node, box, context);
    else {
      let ancestor = below;
      while (ancestor !== ROOT_PATH && !this.#nodes.has(ancestor)) ancestor = parentPath(ancestor);
      const instance = this.#nodes.get(ancestor);
      if (instance !== undefined) growProxy(instance, below.slice(ancestor.length), box, context);
    }
    return box.result();
  }

  /** Samples what may change with time and sends one change set. @throws CancelledError */
  async setTime(time: number, pace: Pace): Promise<void> {
    this.time = time;
    this.materials.setTime(time);
    const changes = new ChangeSet();
    for (const node of this.#animated) {
      if ((node.isTransformAnimated || node.isVisibilityAnimated) && this.#sampleOwn(node)) this.#propagate(node, changes);
    }
    for (const node of this.#animated) {
      if (node.imaged?.isAnimated !== true) continue;
      changes.mark(node, this.#imageAgain(node));
      if (pace.isDue()) await pace.rest();
    }
    this.#writeChanged(changes);
    this.sweep();
  }

  /** Rebuilds what an edit touched; new geometry is left pending. The caller images it, and then calls `sweep`. */
  async applyChanges(changes: StageEdits, pace: Pace): Promise<void> {
    const { resynced } = changes;
    const infoPaths = changes.changedInfo;
    const isResynced = (path: string): boolean => resynced.some((root) => hasPrefix(path as Path, root));
    const isTouched = (path: string): boolean => isResynced(path) || infoPaths.includes(path as Path);
    const changed = new ChangeSet();

    const skinned = this.#skinnedBy((path) => isResynced(path) || infoPaths.some((root) => hasPrefix(path, root)));
    this.skeletons = new SkelCache();
    this.meshes.forget((path) => isTouched(path) || skinned.has(path));
    const affectedMaterials = this.materials.refresh(isTouched, this.time);
    this.#dropSpaces(
      (space) =>
        isResynced(space.rootPath) ||
        resynced.some((path) => hasPrefix(path, space.rootPath)) ||
        infoPaths.some((path) => hasPrefix(path, space.rootPath)),
    );
    for (const path of resynced) await this.#rebuild(path, pace);
    for (const path of infoPaths) {
      const node = this.#nodes.get(path);
      if (node === undefined) continue;
      if (this.#readOwn(node)) this.#propagate(node, changed);
      this.#markPending(node);
    }
    if (affectedMaterials.size > 0) {
      for (const space of [this.#stageSpace, ...this.#spaces.values()]) {
        if (space.root !== undefined)
          forEachNode(space.root, (node) => node.materialPaths.some((path) => affectedMaterials.has(path)) && this.#markPending(node));
      }
    }
    this.#writeChanged(changed);
  }

  /** Makes what skeletons move pending where one of these changed; returns the paths. */
  #skinnedBy(isChanged: (path: Path) => boolean): ReadonlySet<string> {
    const paths = new Set<string>();
    if (!this.#hasSkeletons) return paths;
    for (const { root } of [this.#stageSpace, ...this.#spaces.values()]) {
      if (root === undefined) continue;
      forEachNode(root, (node) => {
        if (!node.skeletonPaths.some(isChanged)) return;
        paths.add(node.prim.path);
        this.#markPending(node);
      });
    }
    return paths;
  }

  /** Reads visibility again at and below a prim; nothing is rebuilt. */
  applyVisibility(path: Path): void {
    const node = this.#nodes.get(path);
    const changes = new ChangeSet();
    if (node !== undefined && this.#readOwn(node)) this.#propagate(node, changes);
    this.#writeChanged(changes);
  }

  /** Removes what lost its last use. */
  sweep(): void {
    this.meshes.sweep();
    this.materials.sweep();
    this.textures.sweep();
  }

  // ---- nodes

  #addNode(prim: Prim, space: Space, parent: SceneNode | undefined): SceneNode {
    const handle = this.#freeHandles.pop() ?? this.#handles.length;
    const node = new SceneNode(prim, space, parent, adapterOf(prim), handle);
    this.#handles[handle] = node;
    parent?.children.push(node);
    if (space === this.#stageSpace) this.#nodes.set(prim.path, node);
    // The root of a native prototype stands for the instance, whose own transform and visibility count.
    if (prim.path !== ROOT_PATH && !prim.isPrototype) {
      if (isAuthored(prim, 'purpose')) node.ownPurpose = ownPurpose(prim);
      this.#readOwn(node);
    }
    node.purpose = node.ownPurpose ?? parent?.purpose ?? (space === this.#stageSpace ? 'default' : undefined);
    this.#derive(node);
    if (node.isTransformAnimated || node.isVisibilityAnimated) this.#animated.add(node);
    if (prim.isInstance) node.prototype = this.#prototypeSpace(prim, node);
    this.#markPending(node);
    return node;
  }

  async #addDescendants(root: SceneNode, pace: Pace): Promise<void> {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const first = node.children.length;
      if (node.adapter?.ownsChildren !== true && !node.prim.isInstance) {
        for (const child of drawnChildren(node)) this.#addNode(child, node.space, node);
      }
      for (let i = node.children.length - 1; i >= first; i--) stack.push(node.children[i] as SceneNode);
      if (node.prototype !== undefined) await this.#fillSpace(node.prototype, pace);
      if (pace.isDue()) await pace.rest();
    }
  }

  /** Local transform and visibility at the scene's time, and whether they are animated. Returns whether they changed. */
  #readOwn(node: SceneNode): boolean {
    const { prim } = node;
    const hasVisibility = isAuthored(prim, 'visibility');
    node.isVisibilityAnimated = hasVisibility && prim.isA('Imageable') && prim.getAttribute('visibility')?.valueMightBeTimeVarying === true;
    const isTransformed = this.#readTransform(node, isAuthored(prim, 'xformOpOrder'));
    return this.#readVisibility(node, hasVisibility) || isTransformed;
  }

  /** The same, of what is animated alone. */
  #sampleOwn(node: SceneNode): boolean {
    const isTransformed = node.isTransformAnimated && this.#readTransform(node, true);
    return (node.isVisibilityAnimated && this.#readVisibility(node, true)) || isTransformed;
  }

  #readTransform(node: SceneNode, hasOps: boolean): boolean {
    let matrix = IDENTITY;
    let resets = false;
    if (hasOps) {
      const local = localTransform(node.prim, this.time);
      if (!isSameMatrix(local.matrix, IDENTITY)) matrix = local.matrix;
      resets = local.resetsStack;
      node.isTransformAnimated = local.mightBeTimeVarying;
    }
    if (resets === node.resetsStack && isSameMatrix(matrix, node.local)) return false;
    node.local = matrix;
    node.resetsStack = resets;
    return true;
  }

  #readVisibility(node: SceneNode, hasVisibility: boolean): boolean {
    const isOwnVisible = !hasVisibility || ownVisibility(node.prim, this.time) !== 'invisible';
    if (isOwnVisible === node.isOwnVisible) return false;
    node.isOwnVisible = isOwnVisible;
    return true;
  }

  /** World transform and visibility from the parent's. Returns what changed. */
  #derive(node: SceneNode): number {
    const { parent } = node;
    const world = parent === undefined || node.resetsStack ? node.local : multiplied(node.local, parent.world);
    const isVisible = node.isOwnVisible && (parent?.isVisible ?? true);
    const what = (isSameMatrix(world, node.world) ? 0 : MOVED) | (isVisible === node.isVisible ? 0 : FLAGGED);
    node.world = world;
    node.isVisible = isVisible;
    if (what & MOVED && !world.every(Number.isFinite)) {
      const { path } = node.prim;
      this.#report({
        code: 'invalid-transform',
        severity: 'warning',
        message: `The transform of ${path} leads to numbers that are not finite; nothing is shown there`,
        path,
      });
    }
    return what;
  }

  #propagate(root: SceneNode, changes: ChangeSet): void {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const what = this.#derive(node);
      if (what === 0) continue;
      changes.mark(node, what);
      for (const child of node.children) stack.push(child);
    }
  }

  #markPending(node: SceneNode): void {
    if (node.isPending || (node.adapter === undefined && !node.prim.isInstance)) return;
    node.isPending = true;
    node.isFresh = false;
    this.#pending.push(node);
  }

  /** Takes nodes off the scene, from one down. */
  #removeSubtree(root: SceneNode): void {
    forEachNode(root, (node) => {
      this.#releaseImaged(node);
      if (node.rows !== undefined) this.writer.removeRows(node.rows);
      node.rows = undefined;
      if (node.lightId !== undefined) this.writer.removeLight(node.lightId);
      node.prototype?.users.delete(node);
      node.isPending = false;
      this.#animated.delete(node);
      this.#handles[node.handle] = undefined;
      this.#freeHandles.push(node.handle);
      if (node.space === this.#stageSpace) this.#nodes.delete(node.prim.path);
    });
    const siblings = root.parent?.children;
    if (siblings !== undefined) siblings.splice(siblings.indexOf(root), 1);
  }

  async #rebuild(path: Path, pace: Pace): Promise<void> {
    const old = this.#nodes.get(path);
    if (old !== undefined) this.#removeSubtree(old);
    if (path === ROOT_PATH) return this.build(pace);
    const parent = this.#nodes.get(parentPath(path));
    if (parent === undefined || parent.adapter?.ownsChildren === true) {
      // Below an instancer (or nowhere): prototypes were dropped already, and their users are pending.
      return;
    }
    const prim = drawnChildren(parent).find((child) => child.path === path);
    if (prim === undefined) {
      this.#markPending(parent); // subsets of a mesh are read with the mesh
      return;
    }
    await this.#addDescendants(this.#addNode(prim, parent.space, parent), pace);
  }

  // ---- prototypes

  #prototypeSpace(instance: Prim, user: SceneNode): Space | undefined {
    const { prototype } = instance;
    if (prototype === undefined) return undefined;
    return this.#space(prototype, this.#opinionsOf(instance, user), user);
  }

  #opinionsOf(instance: Prim, user: SceneNode): InheritedOpinions | undefined {
    const outer = user.space.inherited;
    const materialPath = computeBoundMaterial(instance, 'preview')?.path ?? outer?.materialPath ?? '';
    const color = readPrimvar(instance, 'displayColor', 3, this.time)?.data ?? outer?.color;
    const opacity = readPrimvar(instance, 'displayOpacity', 1, this.time)?.data ?? outer?.opacity;
    const rgb = constantOf(color);
    const alpha = constantOf(opacity);
    const bones = skeletonKey(this.stage.getPrimAtPath(seenPath(instance.path, user.space)) ?? instance);
    if (materialPath === '' && rgb === undefined && alpha === undefined && bones === undefined) return undefined;
    return {
      materialPath,
      color: rgb === undefined ? undefined : color,
      opacity: alpha === undefined ? undefined : opacity,
      seesSkeletons: bones !== undefined,
      key: `${materialPath} ${rgb?.join(',') ?? ''} ${alpha?.join(',') ?? ''} ${bones ?? ''}`,
    };
  }

  /** The space of a prototype, made (without its nodes) if it is new. Undefined: too deep. */
  #space(prototype: Prim, inherited: InheritedOpinions | undefined, user: SceneNode): Space | undefined {
    const depth = user.space.depth + 1;
    let isCycle = hasPrefix(user.prim.path, prototype.path);
    for (let outer: Space | undefined = user.space; outer !== undefined && !isCycle; outer = outer.around)
      isCycle = outer.rootPath === prototype.path;
    if (isCycle || depth > MAX_DEPTH) {
      const reason = isCycle
        ? `${user.prim.path} is an instance of something that contains it`
        : `Instances under ${user.prim.path} are nested more than ${MAX_DEPTH} deep`;
      this.#report({ code: 'instance-cycle', severity: 'error', message: `${reason}; the innermost are not shown`, path: user.prim.path });
      return undefined;
    }
    const key = `${prototype.path}\n${inherited?.key ?? ''}\n${depth}`;
    let space = this.#spaces.get(key);
    if (space === undefined) {
      space = new Space(key, prototype.path, inherited, user.space);
      this.#spaces.set(key, space);
    }
    space.users.add(user);
    return space;
  }

  /** Makes the nodes of a space that has none yet. */
  async #fillSpace(space: Space, pace: Pace): Promise<void> {
    if (space.root !== undefined) return;
    const prim = this.stage.getPrimAtPath(space.rootPath);
    if (prim === undefined) return;
    space.root = this.#addNode(prim, space, undefined);
    await this.#addDescendants(space.root, pace);
  }

  /** Forgets spaces, and makes what shows them pending. */
  #dropSpaces(isStale: (space: Space) => boolean): void {
    const stale = [...this.#spaces.values()].filter(isStale);
    for (let space = stale.pop(); space !== undefined; space = stale.pop()) {
      if (!this.#spaces.delete(space.key)) continue;
      for (const user of space.users) {
        if (user.prototype === space) user.prototype = undefined;
        if (user.space === this.#stageSpace) this.#markPending(user);
        else stale.push(user.space); // what holds a stale prototype is stale too
      }
      if (space.root !== undefined) this.#removeSubtree(space.root);
    }
  }

  // ---- imaging

  async #imageNode(node: SceneNode, pace: Pace): Promise<void> {
    if (node.prim.isInstance && node.prototype === undefined) node.prototype = this.#prototypeSpace(node.prim, node);
    const what = node.isFresh ? REPLACED : this.#imageAgain(node);
    node.isFresh = false;
    for (const space of [node.prototype, ...node.pointPrototypes]) {
      if (space === undefined) continue;
      await this.#fillSpace(space, pace);
      await this.#imageSpace(space, pace);
    }
    node.isPending = false;
    const changes = new ChangeSet();
    changes.mark(node, what | REPLACED);
    this.#writeChanged(changes);
  }

  async #imageSpace(space: Space, pace: Pace): Promise<void> {
    if (space.root === undefined) return;
    const nodes: SceneNode[] = [];
    forEachNode(space.root, (node) => node.isPending && nodes.push(node));
    for (const node of nodes) {
      if (node.isPending) await this.#imageNode(node, pace);
      await this.#paceIfDue(pace);
    }
  }

  #paceIfDue(pace: Pace): Promise<void> | undefined {
    return this.writer.isDue() || pace.isDue() ? this.writer.pace(pace) : undefined;
  }

  /** The adapter of a pending node is asked before its turn; it is not asked again then. */
  #imageEarly(node: SceneNode): void {
    if (node.isFresh) return;
    this.#imageAgain(node);
    node.isFresh = true;
  }

  /** Asks the adapter. Returns what changed about the node's rows. */
  #imageAgain(node: SceneNode): number {
    const { adapter } = node;
    if (adapter === undefined) return REPLACED;
    const before = { imaged: node.imaged, meshes: node.meshes, materials: node.materials };
    const context = new ImagingNode(this, node, this.#report);
    let imaged: Imaged | undefined;
    try {
      imaged = adapter.image(node.prim, context);
    } catch (error) {
      // One broken prim must not cost the rest of the stage.
      const reason = error instanceof Error ? error.message : String(error);
      this.#report({
        code: 'imaging-failed',
        severity: 'error',
        message: `${adapter.typeNames[0] ?? 'Prim'} ${node.prim.path} cannot be drawn: ${reason}`,
        path: node.prim.path,
      });
    }
    node.imaged = imaged;
    node.meshes = context.meshes;
    node.materials = context.materials;
    node.materialPaths = context.materialPaths;
    node.skeletonPaths = context.skeletonPaths;
    this.#hasSkeletons ||= context.skeletonPaths.length > 0;
    for (const mesh of before.meshes) this.meshes.release(mesh);
    for (const material of before.materials) this.materials.release(material);
    if (imaged?.isAnimated === true) this.#animated.add(node);
    if (node.space === this.#stageSpace) this.#putLight(node);
    node.pointPrototypes = imaged?.instances?.prototypes.map((prim) => this.#space(prim, undefined, node)) ?? [];
    return changeOfRows(before.imaged, imaged);
  }

  #putLight(node: SceneNode): void {
    const light = node.isVisible ? node.imaged?.light : undefined;
    if (light === undefined) {
      if (node.lightId !== undefined) this.writer.removeLight(node.lightId);
      node.lightId = undefined;
      return;
    }
    node.lightId ??= this.writer.lightIds.allocate() as LightId;
    this.writer.putLight({ ...light, id: node.lightId } as LightSnapshot);
  }

  #releaseImaged(node: SceneNode): void {
    for (const mesh of node.meshes) this.meshes.release(mesh);
    for (const material of node.materials) this.materials.release(material);
    for (const space of node.pointPrototypes) space?.users.delete(node);
    node.meshes = [];
    node.materials = [];
    node.pointPrototypes = [];
    node.imaged = undefined;
  }

  // ---- rows

  /** Sends rows of changed nodes; changes inside prototypes reach the nodes that show them. */
  #writeChanged(changes: ChangeSet): void {
    // Spaces added while this runs are visited too: prototypes that hold other prototypes.
    for (const space of changes.spaces) {
      space.flat = undefined;
      const what = (space.changed & REPLACED) === 0 ? MOVED | FLAGGED : REPLACED;
      for (const user of space.users) changes.mark(user, what);
    }
    for (const space of changes.spaces) space.changed = 0;
    for (const node of changes.nodes) {
      const what = node.changed;
      node.changed = 0;
      if (node.isPending) continue;
      if (node.imaged?.light !== undefined && (what & REPLACED) === 0) this.#imageAgain(node);
      this.#writeRows(node, what);
    }
  }

  #writeRows(node: SceneNode, what: number): void {
    const count = this.#rows.count(node);
    const { writer } = this;
    if (count !== (node.rows?.length ?? 0)) {
      if (node.rows !== undefined) writer.removeRows(node.rows);
      node.rows = count === 0 ? undefined : writer.instanceIds.allocateMany(count);
      what = REPLACED;
    }
    if (node.rows === undefined) return;
    this.#rowWriter.begin(node.rows, node.handle, what);
    this.#rows.walk(node, this.#rowWriter);
  }
}

/**
 * Children that may be drawn or hold something that is: not materials, shaders or subsets. Prototypes often lie below an `over`
 * or `class`, so that they are not drawn where they are; what counts in them is their own specifier.
 */
function drawnChildren({ prim, space }: SceneNode): readonly Prim[] {
  const children =
    space.key === '' ? prim.children : prim.allChildren.filter((child) => child.isActive && child.isLoaded && child.specifier === 'def');
  return children.filter((child) => !child.isA('Typed') || child.isA('Imageable'));
}

function changeOfRows(before: Imaged | undefined, after: Imaged | undefined): number {
  if (before === undefined || after === undefined) return REPLACED;
  const a = before.drawables ?? [];
  const b = after.drawables ?? [];
  let what = before.instances === undefined && after.instances === undefined ? 0 : samePrototypes(before, after) ? MOVED : REPLACED;
  if (a.length !== b.length) return REPLACED;
  for (const [i, drawable] of b.entries()) {
    const old = a[i]!;
    if (old.mesh !== drawable.mesh || old.material !== drawable.material) return REPLACED;
    if (!isSameMatrix(old.matrix ?? IDENTITY, drawable.matrix ?? IDENTITY)) what |= MOVED;
  }
  return what;
}

function samePrototypes(before: Imaged, after: Imaged): boolean {
  const a = before.instances?.prototypeIndices;
  const b = after.instances?.prototypeIndices;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
