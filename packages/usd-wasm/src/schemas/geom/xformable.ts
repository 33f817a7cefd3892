/**
 * Local and world transforms. Matrices are for row vectors (`gf/matrix4d.ts`): the most local op comes first in a product.
 * Source: OpenUSD usdGeom/xformable.cpp, usdGeom/xformOp.cpp; schemas.md 2.2.
 */
import { axisRotation, fromNumbers, fromQuat, identity, invert, multiply, scaling, translation, type Matrix4d } from '../../gf/matrix4d.ts';
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim, PrimFact } from '../../usd/prim.ts';
import { readNumber, readTexts, readTuple } from '../value-readers.ts';

/** A prim's own transform. */
export interface LocalTransform {
  /** Parent from local. */
  readonly matrix: Matrix4d;
  /** The transforms of all ancestors do not count. */
  readonly resetsStack: boolean;
  /** Some op may change with time. */
  readonly mightBeTimeVarying: boolean;
}

interface XformOps {
  readonly resetsStack: boolean;
  readonly mightBeTimeVarying: boolean;
  /** Outermost first, as authored. */
  readonly ops: readonly XformOp[];
}

interface XformOp {
  readonly attribute: Attribute;
  readonly type: string;
  readonly isInverse: boolean;
}

const RESET = '!resetXformStack!';
const INVERT = '!invert!';
const NO_OPS: XformOps = { resetsStack: false, mightBeTimeVarying: false, ops: [] };
/** Below this determinant OpenUSD does not invert a `transform` op. */
const SINGULAR = 1e-9;

const OPS: PrimFact<XformOps> = { compute: readOps };

/** Transform of a prim in its parent's space. Prims that are not xformable have none: identity. */
export function localTransform(prim: Prim, time?: number): LocalTransform {
  const { ops, resetsStack, mightBeTimeVarying } = xformOps(prim);
  let matrix: Matrix4d | undefined;
  for (let i = ops.length - 1; i >= 0; i--) {
    const op = ops[i] as XformOp;
    const outer = ops[i - 1];
    if (outer !== undefined && outer.attribute === op.attribute && outer.isInverse !== op.isInverse) {
      i--;
      continue;
    }
    const opMatrix = matrixOf(op, time);
    if (opMatrix !== undefined) matrix = matrix === undefined ? opMatrix : multiply(matrix, opMatrix);
  }
  return { matrix: matrix ?? identity(), resetsStack, mightBeTimeVarying };
}

/** Whether the transform of the prim itself or of an ancestor that counts may change with time. */
export function worldTransformMightBeTimeVarying(prim: Prim): boolean {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const { mightBeTimeVarying, resetsStack } = xformOps(p);
    if (mightBeTimeVarying) return true;
    if (resetsStack) return false;
  }
  return false;
}

/** Times of the samples of all ops of a prim's own transform, in no particular order; some may be there twice. */
export function xformTimeSamples(prim: Prim): number[] {
  return xformOps(prim).ops.flatMap(({ attribute }) => [...attribute.getTimeSamples()]);
}

/** Whether the transforms of all ancestors do not count. */
export function xformResetsStack(prim: Prim): boolean {
  return xformOps(prim).resetsStack;
}

/** World from local. In a prototype, world is the prototype's space. */
export function worldTransform(prim: Prim, time?: number): Matrix4d {
  let matrix: Matrix4d | undefined;
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const local = localTransform(p, time);
    matrix = matrix === undefined ? local.matrix : multiply(matrix, local.matrix);
    if (local.resetsStack) break;
  }
  return matrix ?? identity();
}

/** World transforms at one time, each computed once. */
export class TransformCache {
  /** Stage time; undefined takes default values. */
  readonly time: number | undefined;
  readonly #world = new Map<Prim, Matrix4d>();

  constructor(time?: number) {
    this.time = time;
  }

  /** World from local. The matrix is shared: not to be written to. */
  worldTransform(prim: Prim): Matrix4d {
    let world = this.#world.get(prim);
    if (world === undefined) {
      const { matrix, resetsStack } = localTransform(prim, this.time);
      const parent = resetsStack ? undefined : prim.parent;
      world = parent === undefined ? matrix : multiply(matrix, this.worldTransform(parent));
      this.#world.set(prim, world);
    }
    return world;
  }
}

/** Names of ops in `xformOpOrder` that have no attribute. */
export function missingXformOps(prim: Prim): string[] {
  const order = readTexts(prim.getAttribute('xformOpOrder')?.getValue()) ?? [];
  return order.filter((name) => name !== RESET && prim.getAttribute(attributeName(name)) === undefined);
}

function xformOps(prim: Prim): XformOps {
  return prim.hasAuthoredProperty('xformOpOrder') && prim.isA('Xformable') ? prim.fact(OPS) : NO_OPS;
}

function readOps(prim: Prim): XformOps {
  const order = readTexts(prim.getAttribute('xformOpOrder')?.getValue());
  if (order === undefined || order.length === 0) return NO_OPS;
  const reset = order.lastIndexOf(RESET);
  const ops: XformOp[] = [];
  for (const name of order.slice(reset + 1)) {
    const attribute = prim.getAttribute(attributeName(name));
    const type = /^xformOp:(\w+)/.exec(attributeName(name))?.[1];
    if (attribute !== undefined && type !== undefined) ops.push({ attribute, type, isInverse: name.startsWith(INVERT) });
  }
  return { resetsStack: reset >= 0, mightBeTimeVarying: ops.some((op) => op.attribute.valueMightBeTimeVarying), ops };
}

function attributeName(opName: string): string {
  return opName.startsWith(INVERT) ? opName.slice(INVERT.length) : opName;
}

function matrixOf({ attribute, type, isInverse }: XformOp, time: number | undefined): Matrix4d | undefined {
  const value = attribute.getValue(time);
  if (value === undefined) return undefined;
  switch (type) {
    case 'translate': {
      const v = readTuple(value, 3);
      const sign = isInverse ? -1 : 1;
      return v && translation(sign * v[0]!, sign * v[1]!, sign * v[2]!);
    }
    case 'scale': {
      const v = readTuple(value, 3);
      return v && (isInverse ? scaling(1 / v[0]!, 1 / v[1]!, 1 / v[2]!) : scaling(v[0]!, v[1]!, v[2]!));
    }
    case 'orient': {
      const q = readTuple(value, 4);
      return q && fromQuat(isInverse ? [-q[0]!, -q[1]!, -q[2]!, q[3]!] : q);
    }
    case 'transform': {
      const m = readTuple(value, 16);
      return m && (isInverse ? invert(fromNumbers(m), SINGULAR) : fromNumbers(m));
    }
    default:
      return axisOpMatrix(type, isInverse, readNumber(value), readTuple(value, 3));
  }
}

function axisOpMatrix(
  type: string,
  isInverse: boolean,
  scalar: number | undefined,
  angles: readonly number[] | undefined,
): Matrix4d | undefined {
  const match = /^(translate|scale|rotate)([XYZ]{1,3})$/.exec(type);
  if (match === null) return undefined;
  const axes = Array.from(match[2] as string, (letter) => (letter.charCodeAt(0) - 88) as 0 | 1 | 2);
  if (axes.length === 1) {
    if (scalar === undefined) return undefined;
    const axis = axes[0] as 0 | 1 | 2;
    if (match[1] === 'rotate') return axisRotation(axis, radians(isInverse ? -scalar : scalar));
    const m = identity();
    if (match[1] === 'translate') m[12 + axis] = isInverse ? -scalar : scalar;
    else m[axis * 5] = isInverse ? 1 / scalar : scalar;
    return m;
  }
  if (match[1] !== 'rotate' || axes.length !== 3 || angles === undefined) return undefined;
  const turns = axes.map((axis) => axisRotation(axis, radians(isInverse ? -angles[axis]! : angles[axis]!)));
  if (isInverse) turns.reverse();
  return multiply(multiply(turns[0] as Matrix4d, turns[1] as Matrix4d), turns[2] as Matrix4d);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
