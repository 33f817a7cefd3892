/** The pose of a skeleton at a time. Source: OpenUSD usdSkel/skeletonQuery.cpp, usdSkel/skelDefinition.cpp; schemas.md 4.2, 4.5. */
import { fromNumbers, identity, invert, multiplyAt, type Matrix4d } from '../../gf/matrix4d.ts';
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readNumbers, readTexts } from '../value-readers.ts';
import { AnimMapper } from './anim-mapper.ts';
import type { AnimQuery } from './anim-query.ts';
import { TimeSampled } from './time-sampled.ts';
import { concatJointTransforms, jointTopology, type Topology } from './topology.ts';

/**
 * Transforms of a skeleton's joints. Arrays have sixteen numbers a joint, for row vectors, in the skeleton's order of
 * joints; they are shared and not to be written to. Undefined means that there are none: `problems` says why.
 */
export class SkeletonQuery {
  /** The Skeleton. */
  readonly prim: Prim;
  /** Paths of the joints (shape [N]); every array of joints is in this order. */
  readonly jointOrder: readonly string[];
  /** Which joint is below which. */
  readonly topology: Topology;
  /** What drives the skeleton. */
  readonly animation: AnimQuery | undefined;
  /** World from joint where the skeleton was bound; undefined where unauthored or not one for each joint. */
  readonly bindTransforms: Float64Array | undefined;
  /** Parent from joint where nothing else is said; undefined where unauthored or not one for each joint. */
  readonly restTransforms: Float64Array | undefined;
  readonly #mapper: AnimMapper | undefined;
  readonly #hasRestOpinion: boolean;
  readonly #local: TimeSampled<Float64Array | undefined>;
  readonly #skel: TimeSampled<Float64Array | undefined>;
  readonly #skinning: TimeSampled<Float64Array | undefined>;
  #inverseBind: Float64Array | undefined;
  #skelRest: Float64Array | undefined;

  constructor(prim: Prim, animation: AnimQuery | undefined) {
    this.prim = prim;
    this.animation = animation;
    this.jointOrder = readTexts(prim.getAttribute('joints')?.getValue()) ?? [];
    this.topology = jointTopology(this.jointOrder);
    this.bindTransforms = matricesOf(prim, 'bindTransforms', this.jointOrder.length);
    this.restTransforms = matricesOf(prim, 'restTransforms', this.jointOrder.length);
    this.#hasRestOpinion = authoredAttribute(prim, 'restTransforms') !== undefined;
    this.#mapper = animation === undefined ? undefined : new AnimMapper(animation.jointOrder, this.jointOrder);
    const isVarying = this.jointTransformsMightBeTimeVarying;
    this.#local = new TimeSampled(isVarying, (time) => this.#computeLocal(time));
    this.#skel = new TimeSampled(isVarying, (time) => this.#computeSkel(time));
    this.#skinning = new TimeSampled(isVarying, (time) => this.#computeSkinning(time));
  }

  /** The joints can be posed: parents come before their children. */
  get isValid(): boolean {
    return this.topology.problem === undefined;
  }

  /** The animation drives at least one joint. */
  get hasMappableAnimation(): boolean {
    return this.#mapper !== undefined && !this.#mapper.isNull;
  }

  /** Some opinion says where the joints are: an animation, or rest transforms. */
  get hasPose(): boolean {
    return this.isValid && (this.hasMappableAnimation || this.#hasRestOpinion);
  }

  /** The animation may move joints over time. */
  get jointTransformsMightBeTimeVarying(): boolean {
    return this.hasMappableAnimation && this.animation?.jointTransformsMightBeTimeVarying === true;
  }

  /** What keeps joints from being posed or points from being skinned, in words. */
  get problems(): readonly string[] {
    const { topology, jointOrder } = this;
    const problems = topology.problem === undefined ? [] : [topology.problem];
    if (jointOrder.length === 0) return problems;
    if (this.bindTransforms === undefined) problems.push(`bindTransforms are not ${jointOrder.length} matrices, one for each joint`);
    if (this.restTransforms === undefined && (this.#mapper === undefined || this.#mapper.isSparse))
      problems.push(
        `restTransforms are not ${jointOrder.length} matrices, one for each joint, and the animation does not move every joint`,
      );
    return problems;
  }

  /** Parent from joint: the animation's where it has any, else at rest. */
  jointLocalTransforms(time?: number): Float64Array | undefined {
    return this.#local.at(time);
  }

  /** Skeleton from joint. */
  jointSkelTransforms(time?: number): Float64Array | undefined {
    return this.#skel.at(time);
  }

  /** Skeleton from joint at rest. */
  jointSkelRestTransforms(): Float64Array | undefined {
    if (!this.isValid || this.restTransforms === undefined) return undefined;
    return (this.#skelRest ??= concatJointTransforms(this.topology.parentIndices, this.restTransforms));
  }

  /** World from joint. @param world world from skeleton at that time */
  jointWorldTransforms(world: Matrix4d, time?: number): Float64Array | undefined {
    const local = this.jointLocalTransforms(time);
    return local === undefined ? undefined : concatJointTransforms(this.topology.parentIndices, local, world);
  }

  /** Joint transforms relative to rest: `local · inverse(rest)`. The identity without an animation. */
  jointRestRelativeTransforms(time?: number): Float64Array | undefined {
    if (!this.hasMappableAnimation) return inverses(new Float64Array(0), this.jointOrder.length);
    const local = this.jointLocalTransforms(time);
    if (local === undefined || this.restTransforms === undefined) return undefined;
    const inverseRest = inverses(this.restTransforms, this.jointOrder.length);
    const out = new Float64Array(local.length);
    for (let o = 0; o < out.length; o += 16) multiplyAt(out, o, local, o, inverseRest, o);
    return out;
  }

  /** What each joint does to points in its bind pose: `inverse(bind) · skel`. */
  skinningTransforms(time?: number): Float64Array | undefined {
    return this.#skinning.at(time);
  }

  #computeLocal(time: number | undefined): Float64Array | undefined {
    if (!this.isValid) return undefined;
    const mapper = this.#mapper;
    const animated = mapper === undefined || mapper.isNull ? undefined : this.animation?.jointLocalTransforms(time);
    if (mapper === undefined || animated === undefined) return this.restTransforms;
    if (!mapper.isSparse) return mapper.remapTransforms(animated);
    if (this.restTransforms === undefined) return undefined;
    const local = Float64Array.from(this.restTransforms);
    mapper.remapInto(local, animated, 16);
    return local;
  }

  #computeSkel(time: number | undefined): Float64Array | undefined {
    const local = this.#local.at(time);
    return local === undefined ? undefined : concatJointTransforms(this.topology.parentIndices, local);
  }

  #computeSkinning(time: number | undefined): Float64Array | undefined {
    const skel = this.#skel.at(time);
    if (skel === undefined || this.bindTransforms === undefined) return undefined;
    const inverseBind = (this.#inverseBind ??= inverses(this.bindTransforms, this.jointOrder.length));
    const out = new Float64Array(skel.length);
    for (let o = 0; o < out.length; o += 16) multiplyAt(out, o, inverseBind, o, skel, o);
    return out;
  }
}

/** Inverses of `count` matrices; those that have none, or are not there, are the identity. */
function inverses(matrices: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count * 16);
  for (let o = 0; o < out.length; o += 16) {
    const inverse = o < matrices.length ? invert(fromNumbers(matrices.subarray(o, o + 16))) : undefined;
    out.set(inverse ?? identity(), o);
  }
  return out;
}

function matricesOf(prim: Prim, name: string, count: number): Float64Array | undefined {
  const value = prim.getAttribute(name)?.getValue();
  const numbers = readNumbers(value) ?? new Float64Array(0);
  if (numbers.length !== count * 16) return undefined;
  return numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
}
