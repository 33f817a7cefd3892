/** What a SkelAnimation says at a time. Source: OpenUSD usdSkel/animQueryImpl.cpp; schemas.md 4.2. */
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim } from '../../usd/prim.ts';
import { readNumbers, readTexts } from '../value-readers.ts';
import { TimeSampled } from './time-sampled.ts';

/** Reads a SkelAnimation: joint transforms and weights of blend shapes over time. Source: OpenUSD usdSkel/animQuery.h. */
export class AnimQuery {
  /** The SkelAnimation. */
  readonly prim: Prim;
  /** Joints that it drives, by their paths (shape [N]). */
  readonly jointOrder: readonly string[];
  /** Blend shapes that it drives, by name (shape [M]). */
  readonly blendShapeOrder: readonly string[];
  readonly #translations: Attribute | undefined;
  readonly #rotations: Attribute | undefined;
  readonly #scales: Attribute | undefined;
  readonly #weights: Attribute | undefined;
  readonly #transforms: TimeSampled<Float64Array | undefined>;

  /** @param prim a SkelAnimation */
  constructor(prim: Prim) {
    this.prim = prim;
    this.jointOrder = readTexts(prim.getAttribute('joints')?.getValue()) ?? [];
    this.blendShapeOrder = readTexts(prim.getAttribute('blendShapes')?.getValue()) ?? [];
    this.#translations = prim.getAttribute('translations');
    this.#rotations = prim.getAttribute('rotations');
    this.#scales = prim.getAttribute('scales');
    this.#weights = prim.getAttribute('blendShapeWeights');
    const isVarying = this.jointTransformAttributes.some((attribute) => attribute.valueMightBeTimeVarying);
    this.#transforms = new TimeSampled(isVarying, (time) => this.#computeTransforms(time));
  }

  /** `translations`, `rotations` and `scales`. */
  get jointTransformAttributes(): readonly Attribute[] {
    return [this.#translations, this.#rotations, this.#scales].filter((attribute) => attribute !== undefined);
  }

  /** `blendShapeWeights`, where it has a value. */
  get blendShapeWeightsAttribute(): Attribute | undefined {
    return this.#weights;
  }

  /** Some of `translations`, `rotations` and `scales` may change with time. */
  get jointTransformsMightBeTimeVarying(): boolean {
    return this.#transforms.isVarying;
  }

  /** The weights may change with time. */
  get blendShapeWeightsMightBeTimeVarying(): boolean {
    return this.#weights?.valueMightBeTimeVarying === true;
  }

  /**
   * Parent from joint, in the animation's order: scale, then rotation, then translation. Shared: not to be written to.
   *
   * @returns shape [16·N], or undefined where a component is missing or the arrays differ in length
   */
  jointLocalTransforms(time?: number): Float64Array | undefined {
    return this.#transforms.at(time);
  }

  /** Weights in the animation's order of blend shapes (shape [N]); undefined where there are none. */
  blendShapeWeights(time?: number): ArrayLike<number> | undefined {
    return readNumbers(this.#weights?.getValue(time));
  }

  #computeTransforms(time: number | undefined): Float64Array | undefined {
    const translations = readNumbers(this.#translations?.getValue(time));
    const rotations = readNumbers(this.#rotations?.getValue(time));
    const scales = readNumbers(this.#scales?.getValue(time));
    if (translations === undefined || rotations === undefined || scales === undefined) return undefined;
    const count = this.jointOrder.length;
    if (count === 0 || translations.length !== count * 3 || rotations.length !== count * 4 || scales.length !== count * 3) return undefined;
    const out = new Float64Array(count * 16);
    for (let joint = 0; joint < count; joint++) makeTransformInto(out, joint, translations, rotations, scales);
    return out;
  }
}

/** Whether a prim may be an animation source. */
export function isSkelAnimation(prim: Prim): boolean {
  return prim.isA('SkelAnimation');
}

/** Writes scale · rotation · translation of one joint. The quaternion (i, j, k, real) counts as it is, not normalised. */
function makeTransformInto(
  out: Float64Array,
  joint: number,
  translations: ArrayLike<number>,
  rotations: ArrayLike<number>,
  scales: ArrayLike<number>,
): void {
  const i = rotations[joint * 4]!;
  const j = rotations[joint * 4 + 1]!;
  const k = rotations[joint * 4 + 2]!;
  const r = rotations[joint * 4 + 3]!;
  const sx = scales[joint * 3]!;
  const sy = scales[joint * 3 + 1]!;
  const sz = scales[joint * 3 + 2]!;
  const o = joint * 16;
  out[o] = (1 - 2 * (j * j + k * k)) * sx;
  out[o + 1] = 2 * (i * j + k * r) * sx;
  out[o + 2] = 2 * (k * i - j * r) * sx;
  out[o + 4] = 2 * (i * j - k * r) * sy;
  out[o + 5] = (1 - 2 * (k * k + i * i)) * sy;
  out[o + 6] = 2 * (j * k + i * r) * sy;
  out[o + 8] = 2 * (k * i + j * r) * sz;
  out[o + 9] = 2 * (j * k - i * r) * sz;
  out[o + 10] = (1 - 2 * (j * j + i * i)) * sz;
  out[o + 12] = translations[joint * 3]!;
  out[o + 13] = translations[joint * 3 + 1]!;
  out[o + 14] = translations[joint * 3 + 2]!;
  out[o + 15] = 1;
}
