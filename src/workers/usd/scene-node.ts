/** What the scene keeps of one prim, and of the spaces prims are in. */
import type { Path, Prim } from 'usd-wasm';
import type { LightId, MaterialId } from '../../share/protocol/scene.ts';
import type { Imaged, InheritedOpinions, MeshEntry, PrimAdapter } from './imaging/adapter.ts';
import type { MaterialEntry } from './imaging/material-store.ts';
import { IDENTITY, type Matrix } from './imaging/matrix.ts';

export type Purpose = 'default' | 'render' | 'proxy' | 'guide';

/** One row as a prototype hands it out, in the space of the prototype. */
export interface FlatItem {
  readonly mesh: MeshEntry;
  readonly material: MaterialId;
  readonly matrix: Matrix;
  readonly isVisible: boolean;
  /** Undefined: that of the instance. */
  readonly purpose: Purpose | undefined;
}

/** A frame of reference with its own nodes: the stage, or a prototype as one kind of instance sees it. */
export class Space {
  /** '' for the stage. */
  readonly key: string;
  readonly rootPath: Path;
  readonly inherited: InheritedOpinions | undefined;
  root: SceneNode | undefined;
  /** Nodes whose rows show this space. */
  readonly users = new Set<SceneNode>();
  /** What changed within, while a change is under way: bits as in `ChangeSet`. */
  changed = 0;
  /** Rows of everything in it, made when asked for. */
  flat: readonly FlatItem[] | undefined;
  /** The space of its first user. */
  readonly around: Space | undefined;
  /** How many prototypes lie around it. */
  readonly depth: number;

  constructor(key: string, rootPath: Path, inherited: InheritedOpinions | undefined, around: Space | undefined) {
    this.key = key;
    this.rootPath = rootPath;
    this.inherited = inherited;
    this.around = around;
    this.depth = around === undefined ? 0 : around.depth + 1;
  }
}

/** One observed prim. Plain state: `Scene` does the work. */
export class SceneNode {
  prim: Prim;
  readonly space: Space;
  readonly parent: SceneNode | undefined;
  readonly children: SceneNode[] = [];
  readonly adapter: PrimAdapter | undefined;
  /** Handle for picking; rows of instances carry that of the instance. */
  readonly handle: number;

  local: Matrix = IDENTITY;
  resetsStack = false;
  /** Space from local. */
  world: Matrix = IDENTITY;
  isOwnVisible = true;
  isVisible = true;
  ownPurpose: Purpose | undefined;
  /** Undefined inside prototypes where nothing is authored: that of the instance. */
  purpose: Purpose | undefined;
  isTransformAnimated = false;
  isVisibilityAnimated = false;

  /** What changed about its rows, while a change is under way: bits as in `ChangeSet`. */
  changed = 0;
  isPending = false;
  /** Pending, but the adapter was asked already, for its bounds. */
  isFresh = false;
  imaged: Imaged | undefined;
  meshes: MeshEntry[] = [];
  materials: MaterialEntry[] = [];
  /** Materials that were looked for, usable or not. */
  materialPaths: Path[] = [];
  /** What moves it by bones: a change of these, or above them, is one of the node. */
  skeletonPaths: Path[] = [];
  /** What a native instance shows. */
  prototype: Space | undefined;
  /** What a PointInstancer places, by prototype index. */
  pointPrototypes: (Space | undefined)[] = [];
  lightId: LightId | undefined;
  /** Ids of its rows in the instance table; stage space only. */
  rows: Uint32Array | undefined;

  constructor(prim: Prim, space: Space, parent: SceneNode | undefined, adapter: PrimAdapter | undefined, handle: number) {
    this.prim = prim;
    this.space = space;
    this.parent = parent;
    this.adapter = adapter;
    this.handle = handle;
  }
}

/** What changed about rows. */
export const MOVED = 1;
export const FLAGGED = 2;
export const REPLACED = 4;

/** Nodes whose rows must be sent again, and prototypes whose users' rows must. */
export class ChangeSet {
  readonly nodes: SceneNode[] = [];
  readonly spaces: Space[] = [];

  mark(node: SceneNode, what: number): void {
    if (what === 0) return;
    const { space } = node;
    if (space.key === '') {
      if (node.changed === 0) this.nodes.push(node);
      node.changed |= what;
    } else {
      if (space.changed === 0) this.spaces.push(space);
      space.changed |= what;
    }
  }
}

/** Depth first, the node itself first. */
export function forEachNode(root: SceneNode, visit: (node: SceneNode) => void): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    visit(node);
    for (const child of node.children) stack.push(child);
  }
}
