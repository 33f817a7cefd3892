/** How a skeleton deforms one prim. Source: OpenUSD usdSkel/skinningQuery.cpp, usdSkel/bakeSkinning.cpp; schemas.md 4.4, 4.5. */
import { linearPart, multiply3, normalMatrix, normalMatrix4, type Matrix3d } from '../../gf/matrix3d.ts';
import { fromNumbers, multiply, multiplyAt, type Matrix4d } from '../../gf/matrix4d.ts';
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Interpolation } from '../geom/primvars.ts';
import { localTransform, worldTransform, worldTransformMightBeTimeVarying } from '../geom/xformable.ts';
import { readNumbers, readText, readTexts, readTuple } from '../value-readers.ts';
import { AnimMapper } from './anim-mapper.ts';
import type { SkelBinding } from './binding.ts';
import { BlendShapeQuery, type SubShapeWeight } from './blend-shape-query.ts';
import { normalizeVectors } from './blend-shapes.ts';
import { firstInvalidIndex, type Influences } from './influences.ts';
import { jointDualQuats, jointQuats, type JointQuats } from './joint-dual-quats.ts';
import { influenceShape, readInfluences } from './read-influences.ts';
import type { SkeletonQuery } from './skeleton-query.ts';
import { skinNormalsDualQuatInto, skinPointsDualQuatInto } from './skin-dual-quat.ts';
import { skinNormalsLinearInto, skinPointsLinearInto } from './skin-linear.ts';
import { IDENTITY, relativeTransform, skinTransform, transformNormals, transformPoints, type JointMotion } from './skin-transform.ts';
import { TimeSampled } from './time-sampled.ts';

/** How the transforms of several joints are blended. */
export type SkinningMethod = 'classicLinear' | 'dualQuaternion';

interface NormalMotion {
  readonly geomBind: Matrix3d;
  /** Linear: normal matrix of the bind transform, then that of the joint (shape [9·joints]). */
  readonly matrices: Float64Array | undefined;
  readonly quats: JointQuats | undefined;
}

/**
 * Made once for a prim, then asked for its shape at times. What does not vary is read once; what the skeleton does at a
 * time is computed once for all its prims.
 */
export class SkinningQuery {
  /** The skinned prim. */
  readonly prim: Prim;
  /** What binds it. */
  readonly binding: SkelBinding;
  /** What moves it. */
  readonly skeleton: SkeletonQuery;
  /** How it is moved. */
  readonly method: SkinningMethod;
  /** The prim's own order of joints, which indices refer to, if it has one. */
  readonly jointOrder: readonly string[] | undefined;
  /** Number of joints that move a point; 0 without influences. */
  readonly influencesPerPoint: number;
  /** All points have the same influences: the prim's transform is skinned, not its points. */
  readonly isRigid: boolean;
  /** Its blend shapes; undefined where it has none. */
  readonly blendShapes: BlendShapeQuery | undefined;
  readonly #problems = new Set<string>();
  readonly #jointMapper: AnimMapper | undefined;
  readonly #weightMapper: AnimMapper | undefined;
  readonly #geomBind: TimeSampled<Matrix4d>;
  readonly #influences: TimeSampled<Influences | undefined>;
  readonly #checked: TimeSampled<Influences | undefined>;
  readonly #motion: TimeSampled<JointMotion | undefined>;
  readonly #normalMotion: TimeSampled<NormalMotion | undefined>;
  readonly #localFromSkel: TimeSampled<Matrix4d | undefined>;
  readonly #parentFromSkel: TimeSampled<Matrix4d | undefined>;
  readonly #shares: TimeSampled<readonly SubShapeWeight[] | undefined>;

  constructor(binding: SkelBinding, skeleton: SkeletonQuery) {
    const { prim, jointIndices, jointWeights, geomBindTransform } = binding;
    this.prim = prim;
    this.binding = binding;
    this.skeleton = skeleton;
    this.method = readMethod(binding.skinningMethod, this.#problems);
    this.jointOrder = readTexts(binding.joints?.getValue());
    this.#jointMapper = this.jointOrder === undefined ? undefined : new AnimMapper(skeleton.jointOrder, this.jointOrder);
    const shape = influenceShape(binding, this.#problems);
    this.influencesPerPoint = shape?.perPoint ?? 0;
    this.isRigid = shape?.isConstant === true;

    const shapeOrder = readTexts(binding.blendShapes?.getValue());
    const { animation } = skeleton;
    if (shapeOrder !== undefined && binding.blendShapeTargets !== undefined) {
      this.blendShapes = new BlendShapeQuery(prim, binding.blendShapeTargets.getTargets());
      for (const problem of this.blendShapes.problems) this.#problems.add(problem);
      if (animation !== undefined) this.#weightMapper = new AnimMapper(animation.blendShapeOrder, shapeOrder);
    }

    const varies = (attribute: Attribute | undefined): boolean => attribute?.valueMightBeTimeVarying === true;
    const jointsVary = skeleton.jointTransformsMightBeTimeVarying || varies(geomBindTransform);
    const skelVaries = worldTransformMightBeTimeVarying(skeleton.prim);
    this.#geomBind = new TimeSampled(varies(geomBindTransform), (time) => readMatrix(geomBindTransform, time));
    this.#influences = new TimeSampled(varies(jointIndices) || varies(jointWeights), (time) =>
      shape === undefined ? undefined : readInfluences(binding, shape, time, this.#problems),
    );
    this.#checked = new TimeSampled(this.#influences.isVarying, (time) => this.#checkInfluences(time));
    this.#motion = new TimeSampled(jointsVary, (time) => this.#computeMotion(time));
    this.#normalMotion = new TimeSampled(jointsVary, (time) => this.#computeNormalMotion(time));
    this.#localFromSkel = new TimeSampled(skelVaries || worldTransformMightBeTimeVarying(prim), (time) =>
      relativeTransform(worldTransform(skeleton.prim, time), worldTransform(prim, time)),
    );
    this.#parentFromSkel = new TimeSampled(skelVaries || worldTransformMightBeTimeVarying(prim), (time) =>
      this.#computeParentFromSkel(time),
    );
    this.#shares = new TimeSampled(animation?.blendShapeWeightsMightBeTimeVarying === true, (time) => this.#computeShares(time));
  }

  /** Joints move the prim, or its points. */
  get hasJointInfluences(): boolean {
    return this.influencesPerPoint > 0;
  }

  /** Joints move the prim's points, rather than the prim as a whole. */
  get skinsPoints(): boolean {
    return this.hasJointInfluences && !this.isRigid && this.skeleton.hasPose && this.prim.isA('PointBased');
  }

  /** Joints move the prim as a whole. */
  get skinsTransform(): boolean {
    return this.isRigid && this.skeleton.hasPose;
  }

  /** Blend shapes with weights from an animation move the prim's points. */
  get blendsPoints(): boolean {
    return this.#hasWeights && this.blendShapes?.hasPointOffsets === true && this.prim.isA('PointBased');
  }

  /** Blend shapes with weights from an animation turn the prim's normals. */
  get blendsNormals(): boolean {
    return this.#hasWeights && this.blendShapes?.hasNormalOffsets === true && this.prim.isA('PointBased');
  }

  /** What the skeleton makes of the points or normals may change with time, apart from the points and normals themselves. */
  get deformationMightBeTimeVarying(): boolean {
    return (
      (this.skinsPoints && (this.#motion.isVarying || this.#influences.isVarying || this.#localFromSkel.isVarying)) ||
      ((this.blendsPoints || this.blendsNormals) && this.#shares.isVarying)
    );
  }

  /** The skinned transform may change with time. */
  get transformMightBeTimeVarying(): boolean {
    return this.skinsTransform && (this.#motion.isVarying || this.#influences.isVarying || this.#parentFromSkel.isVarying);
  }

  /** What was found wrong so far, in words: ask again after asking for points. */
  get problems(): readonly string[] {
    return [...this.skeleton.problems, ...this.#problems];
  }

  /** Skeleton from geometry in its bind pose; the identity where unauthored. Shared. */
  geomBindTransform(time?: number): Matrix4d {
    return this.#geomBind.at(time);
  }

  /** Influences as authored; undefined where there are none or their arrays do not fit. Indices need not name joints. Shared. */
  jointInfluences(time?: number): Influences | undefined {
    return this.#influences.at(time);
  }

  /** Skinning transforms in the prim's order of joints (shape [16·joints]). */
  skinningTransforms(time?: number): Float64Array | undefined {
    const transforms = this.skeleton.skinningTransforms(time);
    return transforms === undefined ? undefined : (this.#jointMapper?.remapTransforms(transforms) ?? transforms);
  }

  /** Shares of blend shapes at a time. */
  blendShapeShares(time?: number): readonly SubShapeWeight[] {
    return this.#shares.at(time) ?? [];
  }

  /**
   * Points as blend shapes and joints move them, in the prim's local space.
   *
   * @param out shape [3·N]; receives the points as they are where nothing moves them
   * @param points at rest (shape [3·N])
   * @returns whether something moved them; `problems` says what failed
   */
  skinPointsInto(out: Float32Array, points: Float32Array, time?: number): boolean {
    out.set(points);
    let isDeformed = false;
    const { blendShapes } = this;
    const shares = this.blendsPoints ? this.#shares.at(time) : undefined;
    if (blendShapes !== undefined && shares !== undefined) {
      isDeformed = blendShapes.deformPoints(shares, out);
      if (!isDeformed) {
        this.#problems.add('a blend shape has other sizes than the points, or names points that do not exist');
        out.set(points);
      }
    }
    if (!this.skinsPoints) return isDeformed;
    const motion = this.#motion.at(time);
    const influences = this.#influencesFor(points.length / 3, time);
    const localFromSkel = this.#localFromSkel.at(time);
    if (motion === undefined || influences === undefined || localFromSkel === undefined) return isDeformed;
    if (motion.dualQuats !== undefined) skinPointsDualQuatInto(out, out, motion.geomBind, motion.dualQuats, influences);
    else if (motion.matrices !== undefined) skinPointsLinearInto(out, out, motion.matrices, influences);
    if (localFromSkel !== IDENTITY) transformPoints(out, localFromSkel);
    return true;
  }

  /**
   * Normals as blend shapes and joints turn them, in the prim's local space.
   *
   * @param out as `skinPointsInto`
   * @param normals shape [3·N]: one for each point, or for each corner of a mesh (`faceVarying`)
   * @returns whether something turned them
   */
  skinNormalsInto(out: Float32Array, normals: Float32Array, interpolation: Interpolation, time?: number): boolean {
    out.set(normals);
    const isFaceVarying = interpolation === 'faceVarying';
    if (!isFaceVarying && interpolation !== 'vertex' && interpolation !== 'varying') return false;
    const corners = isFaceVarying ? this.#pointsOfCorners(normals.length / 3, time) : undefined;
    if (isFaceVarying && corners === undefined) return false;
    const isBlended = this.blendsNormals && this.#blendNormals(out, corners, time);
    if (!this.skinsPoints) return isBlended;
    const motion = this.#normalMotion.at(time);
    const influences = corners === undefined ? this.#influencesFor(normals.length / 3, time) : this.#checked.at(time);
    const localFromSkel = this.#localFromSkel.at(time);
    if (motion === undefined || influences === undefined || localFromSkel === undefined) return isBlended;
    const pointOfNormal = corners === undefined ? undefined : clampedPoints(corners, influences);
    if (motion.quats !== undefined) skinNormalsDualQuatInto(out, out, motion.geomBind, motion.quats, influences, pointOfNormal);
    else if (motion.matrices !== undefined) skinNormalsLinearInto(out, out, motion.matrices, influences, pointOfNormal);
    if (localFromSkel !== IDENTITY) transformNormals(out, normalMatrix4(localFromSkel));
    return true;
  }

  /** The prim's points at a time, deformed; undefined where it has none. */
  skinnedPoints(time?: number): Float32Array | undefined {
    const points = readNumbers(this.prim.getAttribute('points')?.getValue(time));
    if (points === undefined) return undefined;
    const rest = points instanceof Float32Array ? points : Float32Array.from(points);
    const out = new Float32Array(rest.length);
    this.skinPointsInto(out, rest, time);
    return out;
  }

  /** Parent from local of a rigidly bound prim; undefined where no joints move it. Replaces the prim's own transform. */
  skinnedTransform(time?: number): Matrix4d | undefined {
    const parentFromSkel = this.skinsTransform ? this.#parentFromSkel.at(time) : undefined;
    const motion = parentFromSkel === undefined ? undefined : this.#motion.at(time);
    const influences = this.#checked.at(time);
    if (parentFromSkel === undefined || motion === undefined || influences === undefined) return undefined;
    return multiply(skinTransform(motion, influences), parentFromSkel);
  }

  get #hasWeights(): boolean {
    return this.#weightMapper !== undefined && this.skeleton.animation?.blendShapeWeightsAttribute?.hasAuthoredValue === true;
  }

  #computeShares(time: number | undefined): readonly SubShapeWeight[] | undefined {
    const weights = this.skeleton.animation?.blendShapeWeights(time);
    const { blendShapes } = this;
    const mapper = this.#weightMapper;
    if (weights === undefined || mapper === undefined || blendShapes === undefined) return undefined;
    const own = new Float32Array(mapper.size);
    mapper.remapInto(own, weights, 1);
    const shares = blendShapes.subShapeWeights(own);
    if (shares === undefined)
      this.#problems.add(`skel:blendShapes names ${own.length} shapes, skel:blendShapeTargets ${blendShapes.blendShapeCount}`);
    return shares;
  }

  /** Influences whose indices name joints: one that does not means that the arrays belong to another skeleton. */
  #checkInfluences(time: number | undefined): Influences | undefined {
    const influences = this.#influences.at(time);
    if (influences === undefined) return undefined;
    const jointCount = this.jointOrder?.length ?? this.skeleton.jointOrder.length;
    const invalid = firstInvalidIndex(influences.indices, jointCount);
    if (invalid < 0) return influences;
    this.#problems.add(`joint index ${influences.indices[invalid]!} at ${invalid} names none of the ${jointCount} joints`);
    return undefined;
  }

  #influencesFor(pointCount: number, time: number | undefined): Influences | undefined {
    const influences = this.#checked.at(time);
    if (influences === undefined || influences.indices.length === pointCount * influences.perPoint) return influences;
    this.#problems.add(`${influences.indices.length} joint indices, expected ${influences.perPoint} for each of ${pointCount} points`);
    return undefined;
  }

  #computeMotion(time: number | undefined): JointMotion | undefined {
    const joints = this.skinningTransforms(time);
    if (joints === undefined) return undefined;
    const geomBind = this.#geomBind.at(time);
    if (this.method === 'dualQuaternion') return { geomBind, joints, matrices: undefined, dualQuats: jointDualQuats(joints) };
    const matrices = new Float64Array(joints.length);
    for (let o = 0; o < joints.length; o += 16) multiplyAt(matrices, o, geomBind, 0, joints, o);
    return { geomBind, joints, matrices, dualQuats: undefined };
  }

  #computeNormalMotion(time: number | undefined): NormalMotion | undefined {
    const joints = this.skinningTransforms(time);
    if (joints === undefined) return undefined;
    const geomBind = normalMatrix4(this.#geomBind.at(time));
    const isLinear = this.method === 'classicLinear';
    const matrices = new Float64Array((joints.length / 16) * 9);
    for (let joint = 0; joint * 16 < joints.length; joint++) {
      const turned = normalMatrix(linearPart(joints, joint * 16));
      matrices.set(isLinear ? multiply3(geomBind, turned) : turned, joint * 9);
    }
    return isLinear ? { geomBind, matrices, quats: undefined } : { geomBind, matrices: undefined, quats: jointQuats(matrices) };
  }

  #computeParentFromSkel(time: number | undefined): Matrix4d | undefined {
    const { parent } = this.prim;
    const isRoot = parent === undefined || localTransform(this.prim, time).resetsStack;
    return relativeTransform(worldTransform(this.skeleton.prim, time), isRoot ? IDENTITY : worldTransform(parent, time));
  }

  #blendNormals(out: Float32Array, corners: Int32Array | undefined, time: number | undefined): boolean {
    const { blendShapes } = this;
    const shares = this.#shares.at(time);
    if (blendShapes === undefined || shares === undefined) return false;
    if (corners === undefined) {
      const rest = Float32Array.from(out);
      if (blendShapes.deformNormals(shares, out)) {
        normalizeVectors(out);
        return true;
      }
      out.set(rest);
      return false;
    }
    // What a point's offset is, each of its corners takes.
    let pointCount = 0;
    for (const point of corners) pointCount = Math.max(pointCount, point + 1);
    const offsets = new Float32Array(pointCount * 3);
    if (!blendShapes.deformNormals(shares, offsets)) return false;
    for (let corner = 0; corner < corners.length; corner++) {
      const point = corners[corner]!;
      if (point >= 0) for (let c = 0; c < 3; c++) out[corner * 3 + c] = out[corner * 3 + c]! + offsets[point * 3 + c]!;
    }
    normalizeVectors(out);
    return true;
  }

  #pointsOfCorners(cornerCount: number, time: number | undefined): Int32Array | undefined {
    const corners = readNumbers(this.prim.getAttribute('faceVertexIndices')?.getValue(time));
    return corners instanceof Int32Array && corners.length === cornerCount ? corners : undefined;
  }
}

/** Points of corners, with the first point for those that have no influences. */
function clampedPoints(corners: Int32Array, { indices, perPoint }: Influences): Int32Array {
  const pointCount = indices.length / perPoint;
  let out = corners;
  for (let i = 0; i < corners.length; i++) {
    if (corners[i]! >= 0 && corners[i]! < pointCount) continue;
    if (out === corners) out = Int32Array.from(corners);
    out[i] = 0;
  }
  return out;
}

function readMethod(attribute: Attribute | undefined, problems: Set<string>): SkinningMethod {
  const method = readText(attribute?.getValue()) ?? 'classicLinear';
  if (method === 'classicLinear' || method === 'dualQuaternion') return method;
  problems.add(`skinning method "${method}" is unknown; classicLinear is taken`);
  return 'classicLinear';
}

function readMatrix(attribute: Attribute | undefined, time: number | undefined): Matrix4d {
  const tuple = readTuple(attribute?.getValue(time), 16);
  return tuple === undefined ? IDENTITY : fromNumbers(tuple);
}
