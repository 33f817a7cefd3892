/** From the words of camera attributes to a view of the stage. */
import type { Aabb } from '../../share/protocol/scene.ts';
import type { CameraOrbit, CameraTarget, FieldOfView } from '../../share/view-state/camera.ts';
import { AUTO, type Auto, type Length } from '../../share/view-state/quantity.ts';
import { centerOf, fitDistance, type FitView, type Vec3 } from '../../ui/viewport/framing.ts';
import { DEFAULT_FOV_Y, WIDEST_LIMITS, type FreeView, type OrbitLimits } from '../../ui/viewport/orbit-camera.ts';
import { metersFromStage, stageFromMeters, type StageSpace } from './stage-space.ts';

export interface CameraWords {
  readonly orbit: CameraOrbit;
  readonly target: CameraTarget;
  readonly fieldOfView: FieldOfView;
}

export interface LimitWords {
  readonly minOrbit: CameraOrbit;
  readonly maxOrbit: CameraOrbit;
  readonly minFieldOfView: FieldOfView;
  readonly maxFieldOfView: FieldOfView;
}

export interface FittedScene {
  readonly space: StageSpace;
  readonly bounds: Aabb;
  /** Width over height of the picture. */
  readonly aspect: number;
  /** 100% has to hold from all sides, not only from the one looked from. */
  readonly isTurning: boolean;
}

const DEFAULT_POLAR = (75 * Math.PI) / 180;
/** Sides looked at for a turning camera: a box seen from between two of them is hardly larger. */
const SIDES = 24;

export function viewOf(words: CameraWords, scene: FittedScene): FreeView {
  const { orbit, target, fieldOfView } = words;
  const azimuth = orbit.azimuthRadians === AUTO ? 0 : orbit.azimuthRadians;
  const elevation = Math.PI / 2 - (orbit.polarRadians === AUTO ? DEFAULT_POLAR : orbit.polarRadians);
  const fovYRadians = fieldOfView === AUTO ? DEFAULT_FOV_Y : fieldOfView;
  return {
    azimuth,
    elevation,
    fovYRadians,
    target: targetOf(target, scene),
    distance: distanceOf(orbit.radius, fittingDistance(azimuth, elevation, fovYRadians, scene), scene.space),
  };
}

export function limitsOf(words: LimitWords, view: FreeView, scene: FittedScene): OrbitLimits {
  const { minOrbit, maxOrbit, minFieldOfView, maxFieldOfView } = words;
  const fitting = fittingDistance(view.azimuth, view.elevation, view.fovYRadians, scene);
  const radius = (length: Length | Auto, otherwise: number): number =>
    length === AUTO ? otherwise : distanceOf(length, fitting, scene.space);
  const angle = (radians: number | Auto, otherwise: number): number => (radians === AUTO ? otherwise : radians);
  return {
    azimuth: [angle(minOrbit.azimuthRadians, -Infinity), angle(maxOrbit.azimuthRadians, Infinity)],
    // A small polar angle is high up.
    elevation: [Math.PI / 2 - angle(maxOrbit.polarRadians, Math.PI), Math.PI / 2 - angle(minOrbit.polarRadians, 0)],
    distance: [radius(minOrbit.radius, 0), radius(maxOrbit.radius, Infinity)],
    fovYRadians: [angle(minFieldOfView, WIDEST_LIMITS.fovYRadians[0]), angle(maxFieldOfView, WIDEST_LIMITS.fovYRadians[1])],
  };
}

function targetOf(words: CameraTarget, { bounds, space }: FittedScene): Vec3 {
  const middle = metersFromStage(centerOf(bounds), space);
  const [x, y, z] = words;
  return stageFromMeters([x === AUTO ? middle[0] : x, y === AUTO ? middle[1] : y, z === AUTO ? middle[2] : z], space);
}

function distanceOf(radius: Length | Auto, fitting: number, { metersPerUnit }: StageSpace): number {
  if (radius === AUTO) return fitting;
  return radius.unit === '%' ? radius.value * fitting : radius.value / metersPerUnit;
}

/** Distance at which everything fits into the picture, stage units. */
function fittingDistance(
  azimuth: number,
  elevation: number,
  fovYRadians: number,
  { bounds, aspect, space, isTurning }: FittedScene,
): number {
  let distance = 0;
  for (let side = 0; side < (isTurning ? SIDES : 1); side++) {
    const view: FitView = { ...basis(azimuth + (side * 2 * Math.PI) / SIDES, elevation, space), fovYRadians, aspect, freeHeight: 1 };
    distance = Math.max(distance, fitDistance(bounds, view));
  }
  return distance;
}

function basis(azimuth: number, elevation: number, { upAxis }: StageSpace): Pick<FitView, 'right' | 'up' | 'back'> {
  const [sinA, cosA, sinE, cosE] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  const place = (x: number, y: number, z: number): Vec3 => (upAxis === 'Y' ? [x, y, z] : [x, -z, y]);
  return { right: place(cosA, 0, -sinA), up: place(-sinA * sinE, cosE, -cosA * sinE), back: place(sinA * cosE, sinE, cosA * cosE) };
}
