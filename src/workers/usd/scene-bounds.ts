/** Boxes of what is drawn: exact where geometry was made, from extents where it is still to come. */
import { computeExtent, hasPrefix, localTransform, type Path } from 'usd-wasm';
import { BoxBuilder, multiplied, multiplyInto, type Matrix } from './imaging/matrix.ts';
import type { RowExpander, RowSink } from './rows.ts';
import { forEachNode, type Purpose, type SceneNode, type Space } from './scene-node.ts';

export interface BoundsContext {
  readonly time: number;
  readonly rows: RowExpander;
  /** Asks the adapter of a pending instancer for its instances. */
  imageEarly(node: SceneNode): void;
}

/** Grows the box by everything visible at and below a node of the stage. */
export function growBelow(root: SceneNode, box: BoxBuilder, context: BoundsContext): void {
  const sink: RowSink = {
    row: (mesh, _material, isVisible, purpose, matrix) => {
      if (isVisible && isFramed(purpose)) box.addBox(mesh.bounds, matrix);
    },
  };
  const estimates = new Map<Space, ArrayLike<number>>();
  forEachNode(root, (node) => {
    if (!node.isVisible) return;
    if (node.isPending) growEstimate(node, node.world, box, context, estimates);
    else if (node.rows !== undefined) context.rows.walk(node, sink);
  });
}

/** Grows the box by a prim below an instance: its node in the prototype, seen through the instance. */
export function growProxy(instance: SceneNode, below: string, box: BoxBuilder, context: BoundsContext): void {
  const root = instance.prototype?.root;
  if (root === undefined) return;
  const wanted = `${root.prim.path}${below}` as Path;
  forEachNode(root, (node) => {
    if (!hasPrefix(node.prim.path, wanted)) return;
    context.rows.walk(node, {
      row: (mesh, _material, _isVisible, _purpose, matrix) => box.addBox(mesh.bounds, multiplied(matrix, instance.world)),
    });
  });
}

function isFramed(purpose: Purpose | undefined): boolean {
  return purpose === undefined || purpose === 'default' || purpose === 'render';
}

function growEstimate(
  node: SceneNode,
  world: Matrix,
  box: BoxBuilder,
  context: BoundsContext,
  estimates: Map<Space, ArrayLike<number>>,
): void {
  if (!isFramed(node.purpose)) return;
  const { adapter, prototype } = node;
  if (adapter !== undefined && adapter.isBounded !== false) {
    const extent = computeExtent(node.prim, context.time);
    if (extent !== undefined) box.addBox([...extent.min, ...extent.max], world);
    else if (adapter.ownsChildren === true) {
      context.imageEarly(node);
      growInstances(node, world, box, context);
    }
  }
  if (prototype !== undefined) box.addBox(estimateOf(prototype, context, estimates), world);
}

/** Box of a prototype in its own space, once for all its instances. */
function estimateOf(space: Space, context: BoundsContext, estimates: Map<Space, ArrayLike<number>>): ArrayLike<number> {
  const known = estimates.get(space);
  if (known !== undefined) return known;
  const { box } = new BoxBuilder();
  estimates.set(space, box); // empty until it is done: a prototype that contains itself ends here
  const builder = new BoxBuilder();
  if (space.root !== undefined) {
    forEachNode(space.root, (node) => {
      if (node.isVisible) growEstimate(node, node.world, builder, context, estimates);
    });
  }
  box.set(builder.box);
  return box;
}

function growInstances(node: SceneNode, world: Matrix, box: BoxBuilder, context: BoundsContext): void {
  const instances = node.imaged?.instances;
  if (instances === undefined) return;
  const boxes = instances.prototypes.map((prim) => {
    const own = new BoxBuilder();
    const extent = computeExtent(prim, context.time);
    if (extent !== undefined) own.addBox([...extent.min, ...extent.max], localTransform(prim, context.time).matrix);
    // Prototypes that are groups count with their origin until their geometry is there.
    return own.isEmpty ? [0, 0, 0, 0, 0, 0] : own.box;
  });
  const placed = new Float64Array(16);
  for (let i = 0; i < instances.prototypeIndices.length; i++) {
    const own = boxes[instances.prototypeIndices[i]!];
    if (own !== undefined) box.addBox(own, multiplyInto(placed, instances.matrices, world, 0, i * 16));
  }
}
