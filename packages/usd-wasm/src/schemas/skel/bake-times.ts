/** When skinning is baked. Source: OpenUSD usdSkel/bakeSkinning.cpp. */
import type { Prim } from '../../usd/prim.ts';
import type { Stage } from '../../usd/stage.ts';
import { xformResetsStack, xformTimeSamples } from '../geom/xformable.ts';
import type { SkinningQuery } from './skinning-query.ts';
import type { SkeletonTargets } from './skel-cache.ts';

/** Times from `min` to `max`, both included, in the stage's time codes. */
export interface TimeInterval {
  /** First time code. */
  readonly min: number;
  /** Last time code. */
  readonly max: number;
}

/** What a prim has baked. */
export interface BakedParts {
  readonly points: boolean;
  readonly normals: boolean;
  readonly transform: boolean;
  readonly skinsPoints: boolean;
  readonly blends: boolean;
}

/** Frames between samples are left out where there are more. */
const MAX_FRAMES = 1_000_000;

/**
 * Times at which the prims of a skeleton are baked: every sample of what goes into them, and the frames of playback in between,
 * since what lies between two poses is not what lies between two shapes. Without samples, once at the default time.
 */
export function bakeTimes(
  stage: Stage,
  { skeleton, targets }: SkeletonTargets,
  partsOf: (target: SkinningQuery) => BakedParts,
  interval: TimeInterval,
): readonly (number | undefined)[] {
  const times = new Set<number>();
  const add = (samples: Iterable<number>): void => {
    for (const time of samples) if (time >= interval.min && time <= interval.max) times.add(time);
  };
  const addSamples = (prim: Prim, name: string): void => add(prim.getAttribute(name)?.getTimeSamples() ?? []);
  let usesJoints = false;
  for (const target of targets) {
    const { points, normals, transform, skinsPoints, blends } = partsOf(target);
    const { prim, binding } = target;
    if (points) addSamples(prim, 'points');
    if (normals) addSamples(prim, 'normals');
    if (blends) add(skeleton.animation?.blendShapeWeightsAttribute?.getTimeSamples() ?? []);
    if (!skinsPoints && !transform) continue;
    usesJoints = true;
    for (const attribute of [binding.geomBindTransform, binding.jointIndices, binding.jointWeights]) add(attribute?.getTimeSamples() ?? []);
    addWorldTransformSamples(skinsPoints ? prim : xformResetsStack(prim) ? undefined : prim.parent, add);
  }
  if (usesJoints) {
    for (const attribute of skeleton.animation?.jointTransformAttributes ?? []) add(attribute.getTimeSamples());
    addWorldTransformSamples(skeleton.prim, add);
  }
  if (times.size === 0) return [undefined];
  if (times.size > 1) {
    let first = Infinity;
    let last = -Infinity;
    for (const time of times) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    for (const frame of playbackFrames(stage, first, last)) times.add(frame);
  }
  return [...times].sort((a, b) => a - b);
}

/** Frames of the stage's playback between two times; OpenUSD plays one past the end. */
function playbackFrames(stage: Stage, first: number, last: number): number[] {
  const { startTimeCode, endTimeCode } = stage;
  if (startTimeCode === undefined || endTimeCode === undefined || !(endTimeCode >= startTimeCode)) return [];
  const step = Math.abs(stage.timeCodesPerSecond / stage.framesPerSecond);
  if (!Number.isFinite(step) || !(step > 1e-6)) return [];
  const from = Math.max(0, Math.ceil((first - startTimeCode) / step));
  const to = Math.min(Math.trunc((endTimeCode - startTimeCode) / step + 1), Math.floor((last - startTimeCode) / step));
  // Larger numbers of frames cannot be told apart.
  if (to - from > MAX_FRAMES || !Number.isSafeInteger(to)) return [];
  const frames: number[] = [];
  // Multiples of the step, so that errors do not add up.
  for (let i = from; i <= to; i++) frames.push(startTimeCode + step * i);
  return frames;
}

function addWorldTransformSamples(prim: Prim | undefined, add: (samples: Iterable<number>) => void): void {
  for (let p = prim; p !== undefined; p = p.parent) {
    add(xformTimeSamples(p));
    if (xformResetsStack(p)) return;
  }
}
