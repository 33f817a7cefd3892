/** Which joints move a point, and how much. Source: OpenUSD usdSkel/utils.cpp; schemas.md 4.4. */
export interface Influences {
  /** Joint of each influence (shape [points · perPoint], or [perPoint] where constant). */
  readonly indices: Int32Array;
  /** Weight of each influence, as `indices`. */
  readonly weights: Float32Array;
  /** Influences of one point. */
  readonly perPoint: number;
  /** Every point has the same influences. */
  readonly isConstant: boolean;
}

/** Position of the first index that names no joint, or -1. */
export function firstInvalidIndex(indices: Int32Array, jointCount: number): number {
  for (let i = 0; i < indices.length; i++) if (indices[i]! < 0 || indices[i]! >= jointCount) return i;
  return -1;
}

/** Scales the weights of each point to a sum of one; weights that sum up to nothing become zero. In place. */
export function normalizeWeights(weights: Float32Array, perPoint: number): void {
  for (let start = 0; start + perPoint <= weights.length; start += perPoint) {
    let sum = 0;
    for (let i = start; i < start + perPoint; i++) sum += weights[i]!;
    const scale = Math.abs(sum) > FLOAT_EPSILON ? 1 / sum : 0;
    for (let i = start; i < start + perPoint; i++) weights[i] = weights[i]! * scale;
  }
}

/** The influences of each point by falling weight, so that the first ones matter most; equal weights by falling joint. */
export function sortInfluences({ indices, weights, perPoint, isConstant }: Influences): Influences {
  const sorted = { indices: Int32Array.from(indices), weights: Float32Array.from(weights), perPoint, isConstant };
  const order = new Uint32Array(perPoint);
  for (let start = 0; start + perPoint <= indices.length; start += perPoint) {
    for (let i = 0; i < perPoint; i++) order[i] = start + i;
    order.sort((a, b) => weights[b]! - weights[a]! || indices[b]! - indices[a]!);
    for (let i = 0; i < perPoint; i++) {
      sorted.indices[start + i] = indices[order[i]!]!;
      sorted.weights[start + i] = weights[order[i]!]!;
    }
  }
  return sorted;
}

/**
 * The influences with another number per point: further ones are of no weight; where some are cut off, the weights that are left are
 * normalised. Sort first to keep those that matter most.
 */
export function resizeInfluences({ indices, weights, perPoint, isConstant }: Influences, count: number): Influences {
  const points = Math.floor(indices.length / perPoint);
  const resized = { indices: new Int32Array(points * count), weights: new Float32Array(points * count), perPoint: count, isConstant };
  const kept = Math.min(count, perPoint);
  for (let point = 0; point < points; point++) {
    for (let i = 0; i < kept; i++) {
      resized.indices[point * count + i] = indices[point * perPoint + i]!;
      resized.weights[point * count + i] = weights[point * perPoint + i]!;
    }
  }
  if (count < perPoint) normalizeWeights(resized.weights, count);
  return resized;
}

const FLOAT_EPSILON = 2 ** -23;
