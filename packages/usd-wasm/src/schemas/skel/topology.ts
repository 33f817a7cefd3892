/** Parents of joints. Source: OpenUSD usdSkel/topology.cpp; schemas.md 4.2. */
import { multiplyAt, type Matrix4d } from '../../gf/matrix4d.ts';

/** Which joint is below which. */
export interface Topology {
  /** Parent of each joint, -1 for a root (shape [N]). */
  readonly parentIndices: Int32Array;
  /** Why the joints cannot be posed, in words: a joint comes before its parent, or is there twice. */
  readonly problem: string | undefined;
}

interface JointNode {
  readonly children: Map<string, JointNode>;
  index: number;
}

/**
 * Topology of joints named by path, such as `Hips/Spine/Neck`. A joint's parent is its nearest ancestor in the list:
 * where only `A` and `A/B/C` are listed, `A` is the parent of `A/B/C`.
 */
export function jointTopology(joints: readonly string[]): Topology {
  const root: JointNode = { children: new Map(), index: -1 };
  joints.forEach((joint, index) => (openNode(root, joint).index = index));
  const parentIndices = new Int32Array(joints.length);
  let problem: string | undefined;
  joints.forEach((joint, index) => {
    const parent = nearestAncestor(root, joint);
    parentIndices[index] = parent;
    if (parent >= index) problem ??= `joint ${index} <${joint}> comes before its parent <${joints[parent] ?? ''}>`;
  });
  return { parentIndices, problem };
}

/**
 * Joint transforms in skeleton space (or, with `root`, in the space it leads to) from local ones: parents come first.
 *
 * @param local parent from joint, shape [16·N]
 * @returns shape [16·N]
 */
export function concatJointTransforms(parentIndices: Int32Array, local: Float64Array, root?: Matrix4d): Float64Array {
  const out = new Float64Array(local.length);
  for (let joint = 0; joint < parentIndices.length; joint++) {
    const parent = parentIndices[joint]!;
    if (parent >= 0) multiplyAt(out, joint * 16, local, joint * 16, out, parent * 16);
    else if (root !== undefined) multiplyAt(out, joint * 16, local, joint * 16, root, 0);
    else for (let i = joint * 16; i < joint * 16 + 16; i++) out[i] = local[i]!;
  }
  return out;
}

function openNode(root: JointNode, joint: string): JointNode {
  let node = root;
  for (const name of joint.split('/')) {
    let child = node.children.get(name);
    if (child === undefined) node.children.set(name, (child = { children: new Map(), index: -1 }));
    node = child;
  }
  return node;
}

function nearestAncestor(root: JointNode, joint: string): number {
  let nearest = -1;
  let node: JointNode | undefined = root;
  const names = joint.split('/');
  for (let i = 0; i < names.length - 1 && node !== undefined; i++) {
    node = node.children.get(names[i] as string);
    if (node !== undefined && node.index >= 0) nearest = node.index;
  }
  return nearest;
}
