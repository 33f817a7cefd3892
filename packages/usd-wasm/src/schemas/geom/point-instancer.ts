/** Point instancers. Source: OpenUSD usdGeom/pointInstancer.cpp; schemas.md 2.9. */
import { identity, multiply, rotation, type Matrix4d } from '../../gf/matrix4d.ts';
import type { Path } from '../../sdf/path.ts';
import type { Attribute } from '../../usd/attribute.ts';
import { bracketingSamples } from '../../usd/interpolation.ts';
import type { Prim } from '../../usd/prim.ts';
import { makeListOp } from '../../sdf/list-op.ts';
import { valueAs } from '../../vt/value.ts';
import { readNumbers } from '../value-readers.ts';
import { localTransform } from './xformable.ts';

/** The instances of a PointInstancer at a time. */
export interface PointInstances {
  /** Targets of `prototypes`, by prototype index. */
  readonly prototypes: readonly Path[];
  /** Instances that are drawn: neither hidden nor deactivated, with a prototype. */
  readonly count: number;
  /** Prototype of each drawn instance (shape [N]). */
  readonly prototypeIndices: Int32Array;
  /** Instancer from prototype, each 16 numbers for row vectors (shape [16·N]). */
  readonly transforms: Float64Array;
  /** Position of each drawn instance in the authored arrays (shape [N]). */
  readonly sourceIndices: Int32Array;
  /** What was wrong with the arrays, in words. */
  readonly warnings: readonly string[];
}

/** What the transforms include. */
export interface PointInstancesOptions {
  /** Whether the prototype root's own local transform is part of each transform; true by default. */
  readonly includePrototypeTransform?: boolean;
}

/** The instances at a time. */
export function pointInstances(
  prim: Prim,
  time?: number,
  { includePrototypeTransform = true }: PointInstancesOptions = {},
): PointInstances {
  const warnings: string[] = [];
  const prototypes = prim.getRelationship('prototypes')?.getForwardedTargets() ?? [];
  const protoIndices = numbersAt(prim, 'protoIndices', time) ?? new Int32Array(0);
  const total = protoIndices.length;
  const motion = sampleMotion(prim, time, total, warnings);
  const none = {
    prototypes,
    count: 0,
    prototypeIndices: new Int32Array(0),
    transforms: new Float64Array(0),
    sourceIndices: new Int32Array(0),
    warnings,
  };
  if (total === 0) return none;
  if (motion === undefined) return none;

  const hidden = hiddenIds(prim, time);
  const ids = hidden.size === 0 ? undefined : numbersAt(prim, 'ids', time);
  const locals = prototypes.map((path) => {
    const root = includePrototypeTransform ? prim.stage.getPrimAtPath(path) : undefined;
    return root === undefined ? undefined : nonIdentity(localTransform(root, time).matrix);
  });
  const prototypeIndices = new Int32Array(total);
  const sourceIndices = new Int32Array(total);
  const transforms = new Float64Array(total * 16);
  let count = 0;
  let outside = 0;
  for (let i = 0; i < total; i++) {
    const prototype = protoIndices[i]!;
    if (!(prototype >= 0 && prototype < prototypes.length)) {
      outside++;
      continue;
    }
    if (hidden.size > 0 && hidden.has(ids !== undefined && ids.length === total ? ids[i]! : i)) continue;
    prototypeIndices[count] = prototype;
    sourceIndices[count] = i;
    writeTransform(transforms, count * 16, motion, i, locals[prototype]);
    count++;
  }
  if (outside > 0) warnings.push(`${outside} of ${total} protoIndices lie outside the ${prototypes.length} prototypes`);
  return {
    prototypes,
    count,
    prototypeIndices: prototypeIndices.subarray(0, count),
    transforms: transforms.subarray(0, count * 16),
    sourceIndices: sourceIndices.subarray(0, count),
    warnings,
  };
}

/** Whether any array of instances may change with time. */
export function pointInstancesMightBeTimeVarying(prim: Prim): boolean {
  return [
    'protoIndices',
    'positions',
    'orientations',
    'orientationsf',
    'scales',
    'velocities',
    'accelerations',
    'angularVelocities',
    'invisibleIds',
    'ids',
  ].some((name) => prim.getAttribute(name)?.valueMightBeTimeVarying === true);
}

interface Motion {
  readonly positions: ArrayLike<number>;
  readonly orientations: ArrayLike<number> | undefined;
  readonly scales: ArrayLike<number> | undefined;
  readonly velocities: ArrayLike<number> | undefined;
  readonly accelerations: ArrayLike<number> | undefined;
  /** Degrees per second. */
  readonly angularVelocities: ArrayLike<number> | undefined;
  /** Seconds since the sample that positions come from, and since that of orientations. */
  readonly positionSeconds: number;
  readonly orientationSeconds: number;
}

function sampleMotion(prim: Prim, time: number | undefined, total: number, warnings: string[]): Motion | undefined {
  const checked = (name: string, width: number, at = time): ArrayLike<number> | undefined => {
    const numbers = numbersAt(prim, name, at);
    if (numbers === undefined || numbers.length === 0) return undefined;
    if (numbers.length === total * width) return numbers;
    warnings.push(`${name} has ${numbers.length / width} elements for ${total} instances`);
    return undefined;
  };
  const positionSample = sampleBefore(prim.getAttribute('positions'), prim.getAttribute('velocities'), time);
  const velocities = positionSample === undefined ? undefined : checked('velocities', 3, positionSample);
  const positions = checked('positions', 3, velocities === undefined ? time : positionSample);
  if (positions === undefined) {
    if (total > 0 && warnings.length === 0) warnings.push(`no positions for ${total} instances`);
    return undefined;
  }
  const single = numbersAt(prim, 'orientationsf', time);
  const orientationName = single !== undefined && single.length > 0 ? 'orientationsf' : 'orientations';
  const orientationSample = sampleBefore(prim.getAttribute(orientationName), prim.getAttribute('angularVelocities'), time);
  const angularVelocities = orientationSample === undefined ? undefined : checked('angularVelocities', 3, orientationSample);
  const perSecond = prim.stage.timeCodesPerSecond;
  return {
    positions,
    orientations: checked(orientationName, 4, angularVelocities === undefined ? time : orientationSample),
    scales: checked('scales', 3),
    velocities,
    accelerations: velocities === undefined ? undefined : checked('accelerations', 3, positionSample),
    angularVelocities,
    positionSeconds: velocities === undefined ? 0 : ((time as number) - (positionSample as number)) / perSecond,
    orientationSeconds: angularVelocities === undefined ? 0 : ((time as number) - (orientationSample as number)) / perSecond,
  };
}

/** The sample time of `base` that rates are applied from: the lower bracket, where `rate` has a sample at it too. */
function sampleBefore(base: Attribute | undefined, rate: Attribute | undefined, time: number | undefined): number | undefined {
  if (time === undefined || base === undefined || rate === undefined) return undefined;
  const times = base.getTimeSamples();
  const rateTimes = rate.getTimeSamples();
  if (times.length === 0 || rateTimes.length === 0) return undefined;
  const lower = times[bracketingSamples(times, time)[0]]!;
  const rateLower = rateTimes[bracketingSamples(rateTimes, time)[0]]!;
  return lower === rateLower ? lower : undefined;
}

function hiddenIds(prim: Prim, time: number | undefined): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const id of numbersAt(prim, 'invisibleIds', time) ?? []) ids.add(id);
  const inactive = valueAs(prim.getMetadata('inactiveIds'), 'int64ListOp') ?? makeListOp<bigint>();
  for (const id of inactive.explicitItems) ids.add(Number(id));
  return ids;
}

/** prototype · scale · rotation · spin · translation, written in place: there may be millions. */
function writeTransform(out: Float64Array, at: number, motion: Motion, i: number, local: Matrix4d | undefined): void {
  const { positions, orientations, scales, velocities, accelerations, angularVelocities, positionSeconds: s, orientationSeconds } = motion;
  out[at] = out[at + 5] = out[at + 10] = out[at + 15] = 1;
  if (orientations !== undefined) {
    writeRotation(out, at, orientations, i * 4);
    if (angularVelocities !== undefined) {
      const x = angularVelocities[i * 3]!;
      const y = angularVelocities[i * 3 + 1]!;
      const z = angularVelocities[i * 3 + 2]!;
      const speed = Math.hypot(x, y, z);
      if (speed > 0)
        out.set(
          multiply(out.slice(at, at + 16), rotation([x / speed, y / speed, z / speed], (speed * orientationSeconds * Math.PI) / 180)),
          at,
        );
    }
  }
  if (scales !== undefined) {
    for (let row = 0; row < 3; row++) for (let column = 0; column < 3; column++) out[at + row * 4 + column]! *= scales[i * 3 + row]!;
  }
  for (let c = 0; c < 3; c++) {
    let p = positions[i * 3 + c]!;
    if (velocities !== undefined) p += velocities[i * 3 + c]! * s;
    if (accelerations !== undefined) p += 0.5 * accelerations[i * 3 + c]! * s * s;
    out[at + 12 + c] = p;
  }
  if (local !== undefined) out.set(multiply(local, out.slice(at, at + 16)), at);
}

/** Upper 3x3 part of the rotation of a quaternion, as `fromQuat` has it: the real part alone gives the angle. */
function writeRotation(out: Float64Array, at: number, quats: ArrayLike<number>, from: number): void {
  const i = quats[from]!;
  const j = quats[from + 1]!;
  const k = quats[from + 2]!;
  const length = Math.sqrt(i * i + j * j + k * k);
  if (length < 1e-10) return;
  const x = i / length;
  const y = j / length;
  const z = k / length;
  const cosHalf = Math.min(1, Math.max(-1, quats[from + 3]!));
  const c = 2 * cosHalf * cosHalf - 1;
  const s = 2 * cosHalf * Math.sqrt(1 - cosHalf * cosHalf);
  const t = 1 - c;
  out[at] = t * x * x + c;
  out[at + 1] = t * x * y + s * z;
  out[at + 2] = t * x * z - s * y;
  out[at + 4] = t * x * y - s * z;
  out[at + 5] = t * y * y + c;
  out[at + 6] = t * y * z + s * x;
  out[at + 8] = t * x * z + s * y;
  out[at + 9] = t * y * z - s * x;
  out[at + 10] = t * z * z + c;
}

function nonIdentity(m: Matrix4d): Matrix4d | undefined {
  const unit = identity();
  return m.every((value, i) => value === unit[i]) ? undefined : m;
}

function numbersAt(prim: Prim, name: string, time: number | undefined): ReturnType<typeof readNumbers> {
  return readNumbers(prim.getAttribute(name)?.getValue(time));
}
