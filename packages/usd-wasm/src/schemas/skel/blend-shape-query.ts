/** The blend shapes of a prim, with their in-betweens. Source: OpenUSD usdSkel/blendShapeQuery.cpp, usdSkel/inbetweenShape.cpp; schemas.md 4.6. */
import type { Path } from '../../sdf/path.ts';
import type { Prim } from '../../usd/prim.ts';
import { readNumber, readNumbers } from '../value-readers.ts';
import { applyBlendShape } from './blend-shapes.ts';

/** A shape that a blend shape passes through at a weight. */
export interface SubShape {
  /** Weight of the blend shape at which this shape is reached. */
  readonly weight: number;
  /** Name of the in-between; undefined for the blend shape itself and for the shape of weight 0. */
  readonly inbetween: string | undefined;
  /** Shape [3·M]; undefined for the shape of weight 0, which moves nothing. */
  readonly offsets: ArrayLike<number> | undefined;
  /** Shape [3·M], as `offsets`; undefined where there are none. */
  readonly normalOffsets: ArrayLike<number> | undefined;
}

interface BlendShape {
  readonly pointIndices: ArrayLike<number>;
  /** By weight. Empty where the target is no active BlendShape. */
  readonly subShapes: readonly SubShape[];
}

/** A share that a sub-shape has in the result. */
export interface SubShapeWeight {
  /** Position in the order of blend shapes. */
  readonly blendShape: number;
  /** The shape. */
  readonly subShape: SubShape;
  /** Factor on its offsets. */
  readonly weight: number;
}

const EPSILON = 1e-6;
const PREFIX = 'inbetweens:';
const NORMALS = ':normalOffsets';
const NO_NUMBERS = new Float32Array(0);

/** The blend shapes of a prim, and what their weights do to points. Source: OpenUSD usdSkel/blendShapeQuery.h. */
export class BlendShapeQuery {
  /** In the order of `skel:blendShapeTargets`. */
  readonly #shapes: readonly BlendShape[];
  /** What is wrong with the shapes, in words. */
  readonly problems: readonly string[];

  /** @param targets those of `skel:blendShapeTargets` of the prim */
  constructor(prim: Prim, targets: readonly Path[]) {
    const problems: string[] = [];
    this.#shapes = targets.map((target) => {
      const shape = prim.stage.getPrimAtPath(target);
      if (shape?.isA('BlendShape') === true) return readBlendShape(shape, problems);
      problems.push(`blend shape target <${target}> is no BlendShape`);
      return { pointIndices: NO_NUMBERS, subShapes: [] };
    });
    this.problems = problems;
  }

  /** Targets, those that are no BlendShape too. */
  get blendShapeCount(): number {
    return this.#shapes.length;
  }

  /** Some shape moves points. */
  get hasPointOffsets(): boolean {
    return this.#shapes.some((shape) => shape.subShapes.some((subShape) => subShape.offsets !== undefined && subShape.offsets.length > 0));
  }

  /** Some shape turns normals. */
  get hasNormalOffsets(): boolean {
    return this.#shapes.some((shape) =>
      shape.subShapes.some((subShape) => subShape.normalOffsets !== undefined && subShape.normalOffsets.length > 0),
    );
  }

  /** The sub-shapes of a blend shape by weight. */
  subShapes(blendShape: number): readonly SubShape[] {
    return this.#shapes[blendShape]?.subShapes ?? [];
  }

  /**
   * Shares of the sub-shapes: of each blend shape the two that its weight lies between; beyond the outermost ones these go on straight.
   *
   * @param weights one for each blend shape
   * @returns undefined where there is not one for each
   */
  subShapeWeights(weights: ArrayLike<number>): SubShapeWeight[] | undefined {
    if (weights.length !== this.#shapes.length) return undefined;
    const result: SubShapeWeight[] = [];
    this.#shapes.forEach(({ subShapes }, blendShape) => {
      if (subShapes.length < 2) return;
      const w = weights[blendShape]!;
      let upperIndex = subShapes.findIndex((subShape) => subShape.weight > w);
      if (upperIndex < 0) upperIndex = subShapes.length - 1;
      upperIndex = Math.max(upperIndex, 1);
      const lower = subShapes[upperIndex - 1] as SubShape;
      const upper = subShapes[upperIndex] as SubShape;
      const delta = upper.weight - lower.weight;
      if (!(delta > EPSILON)) return;
      const alpha = Math.fround((w - lower.weight) / delta);
      if (lower.offsets !== undefined && Math.abs(alpha - 1) >= EPSILON)
        result.push({ blendShape, subShape: lower, weight: Math.fround(1 - alpha) });
      if (upper.offsets !== undefined && Math.abs(alpha) >= EPSILON) result.push({ blendShape, subShape: upper, weight: alpha });
    });
    return result;
  }

  /** Adds the offsets of the shares to points, in place; false where a shape does not fit them. */
  deformPoints(shares: readonly SubShapeWeight[], points: Float32Array): boolean {
    return this.#apply(shares, 'offsets', points);
  }

  /** Adds the normal offsets of the shares to vectors, one for each point, in place; the sums are not made unit length. */
  deformNormals(shares: readonly SubShapeWeight[], normals: Float32Array): boolean {
    return this.#apply(shares, 'normalOffsets', normals);
  }

  #apply(shares: readonly SubShapeWeight[], which: 'offsets' | 'normalOffsets', vectors: Float32Array): boolean {
    for (const { blendShape, subShape, weight } of shares) {
      const offsets = subShape[which];
      if (offsets === undefined || offsets.length === 0) continue;
      if (!applyBlendShape(weight, offsets, this.#shapes[blendShape]?.pointIndices ?? NO_NUMBERS, vectors)) return false;
    }
    return true;
  }
}

function readBlendShape(prim: Prim, problems: string[]): BlendShape {
  const numbers = (name: string): ArrayLike<number> => readNumbers(prim.getAttribute(name)?.getValue()) ?? NO_NUMBERS;
  const pointIndices = numbers('pointIndices');
  if (!prim.isActive) return { pointIndices, subShapes: [] };
  const subShapes: SubShape[] = [
    { weight: 0, inbetween: undefined, offsets: undefined, normalOffsets: undefined },
    { weight: 1, inbetween: undefined, offsets: numbers('offsets'), normalOffsets: numbers('normalOffsets') },
  ];
  for (const name of prim.getAuthoredPropertyNames()) {
    if (!name.startsWith(PREFIX) || name.endsWith(NORMALS)) continue;
    const attribute = prim.getAttribute(name);
    const weight = readNumber(attribute?.getMetadata('weight'));
    if (attribute === undefined || weight === undefined) continue;
    if (Math.abs(weight) < EPSILON || Math.abs(weight - 1) < EPSILON || !Number.isFinite(weight)) {
      problems.push(`in-between <${attribute.path}> has the weight ${weight}, which the blend shape itself has`);
      continue;
    }
    subShapes.push({ weight, inbetween: name.slice(PREFIX.length), offsets: numbers(name), normalOffsets: numbers(name + NORMALS) });
  }
  return { pointIndices, subShapes: subShapes.sort((a, b) => a.weight - b.weight) };
}
