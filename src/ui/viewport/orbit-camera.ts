/**
 * The page's free camera: turns about a target, pans, dollies and zooms, with the stage's up axis upright.
 *
 * World space of the stage, right-handed. Azimuth 0 looks at the stage's front: from +Z for Y up, from -Y for Z up, as
 * usdview's free camera does; it grows counter-clockwise seen from above. Angles in radians, distances in stage units.
 * `goal` is where input has led; `shown` follows it exponentially, or at once where motion is unwanted.
 */
import { vec3 } from 'gl-matrix';
import type { CameraPose } from '../../share/protocol/renderer.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { centerOf, fitDistance, fitHeight, nearDistance, radiusOf, type FitView, type Vec3 } from './framing.ts';

export type UpAxis = 'Y' | 'Z';

const MAX_ELEVATION = (89.5 * Math.PI) / 180;

/** A free view in the stage's space: target and distance in stage units, angles as above. */
export interface FreeView {
  readonly target: Vec3;
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
  readonly fovYRadians: number;
}

/** How far input may lead. */
export interface OrbitLimits {
  readonly azimuth: readonly [min: number, max: number];
  readonly elevation: readonly [min: number, max: number];
  /** Beside what the scene's size allows. */
  readonly distance: readonly [min: number, max: number];
  readonly fovYRadians: readonly [min: number, max: number];
}

export const WIDEST_LIMITS: OrbitLimits = {
  azimuth: [-Infinity, Infinity],
  elevation: [-MAX_ELEVATION, MAX_ELEVATION],
  distance: [0, Infinity],
  fovYRadians: [(4 * Math.PI) / 180, (110 * Math.PI) / 180],
};

interface OrbitState {
  target: Vec3;
  azimuth: number;
  elevation: number;
  distance: number;
  fovYRadians: number;
  /** 0: perspective. */
  orthographicHeight: number;
}

/** Time constants of the approach to the goal, milliseconds: short under the hand, longer for a jump. */
const DRAG_MS = 38;
const JUMP_MS = 110;
/** Part of the picture that still counts as movement. */
const REST = 2e-4;
export const DEFAULT_FOV_Y = (36 * Math.PI) / 180;
/** Three-quarter view from the front, a little above. */
const FIRST_AZIMUTH = (28 * Math.PI) / 180;
const FIRST_ELEVATION = (14 * Math.PI) / 180;

export class OrbitCamera {
  #upAxis: UpAxis = 'Y';
  #goal = firstState();
  #shown = firstState();
  #held: CameraPose | undefined;
  #approachMs = DRAG_MS;
  #sceneCenter: Vec3 = [0, 0, 0];
  #sceneRadius = 1;
  #viewBeforeFraming: OrbitState | undefined;
  /** Parts of the picture's height that controls cover. */
  #coveredTop = 0;
  #coveredBottom = 0;
  #limits = WIDEST_LIMITS;

  get upAxis(): UpAxis {
    return this.#upAxis;
  }

  /** Looking through a pose given from outside (an authored camera), unturned so far. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  get fovYRadians(): number {
    return this.#goal.fovYRadians;
  }

  /** Back to the first view of a new stage. */
  reset(upAxis: UpAxis): void {
    this.#upAxis = upAxis;
    this.#held = undefined;
    this.#viewBeforeFraming = undefined;
    this.#goal = firstState();
    this.#shown = firstState();
  }

  /** Parts of the picture's height that controls cover: the target is shown in the middle of the rest. */
  setCovered(top: number, bottom: number): void {
    this.#coveredTop = Math.min(0.4, Math.max(0, top));
    this.#coveredBottom = Math.min(0.4, Math.max(0, bottom));
  }

  /** Bounds of everything visible: near distance and dolly limits come from them. */
  setSceneBounds(bounds: Aabb): void {
    this.#sceneCenter = centerOf(bounds);
    this.#sceneRadius = radiusOf(bounds);
  }

  /** Holds input, and where the camera goes, within limits. */
  setLimits(limits: OrbitLimits): void {
    this.#limits = limits;
    if (this.#held === undefined) this.#limit();
  }

  /** Turns about the target. */
  orbit(azimuthDelta: number, elevationDelta: number): void {
    this.#release();
    this.#goal.azimuth += azimuthDelta;
    this.#goal.elevation += elevationDelta;
    this.#limit();
    this.#approachMs = DRAG_MS;
  }

  /** Moves eye and target in the picture plane, so that what is at the target follows a hand that moved by these parts of the picture height. */
  pan(rightParts: number, upParts: number): void {
    this.#release();
    const { right, up } = basisOf(this.#goal, this.#upAxis);
    const height = pictureHeightAtTarget(this.#goal);
    vec3.scaleAndAdd(this.#goal.target, this.#goal.target, right, -rightParts * height);
    vec3.scaleAndAdd(this.#goal.target, this.#goal.target, up, -upParts * height);
    this.#approachMs = DRAG_MS;
  }

  /** Scales the distance to the target; below 1 comes nearer. */
  dolly(factor: number): void {
    this.#release();
    const goal = this.#goal;
    if (goal.orthographicHeight > 0) goal.orthographicHeight *= factor;
    goal.distance = Math.min(this.#sceneRadius * 200, Math.max(this.#sceneRadius * 1e-4, goal.distance * factor));
    this.#limit();
    this.#approachMs = DRAG_MS;
  }

  /** Scales the field of view; below 1 narrows it. */
  zoom(factor: number): void {
    this.#release();
    const goal = this.#goal;
    if (goal.orthographicHeight > 0) goal.orthographicHeight *= factor;
    goal.fovYRadians *= factor;
    this.#limit();
    this.#approachMs = DRAG_MS;
  }

  /** Turns the orbit about another point: the picture's middle moves there. */
  setTarget(target: Vec3): void {
    this.#release();
    this.#goal.target = [...target];
    this.#approachMs = JUMP_MS;
  }

  /** Fits a box into the picture without turning. `aspect` is width over height. */
  frame(bounds: Aabb, aspect: number): void {
    this.#release();
    this.#viewBeforeFraming = cloneState(this.#goal);
    const freeHeight = 1 - this.#coveredTop - this.#coveredBottom;
    const view: FitView = { ...basisOf(this.#goal, this.#upAxis), fovYRadians: this.#goal.fovYRadians, aspect, freeHeight };
    this.#goal.target = centerOf(bounds);
    this.#goal.distance = fitDistance(bounds, view);
    if (this.#goal.orthographicHeight > 0) this.#goal.orthographicHeight = fitHeight(bounds, view);
    this.#approachMs = JUMP_MS;
  }

  /** The pose that framing would lead to in a picture without controls over it, without moving. */
  framedPose(bounds: Aabb, aspect: number): CameraPose {
    const state = cloneState(this.#goal);
    const view: FitView = { ...basisOf(state, this.#upAxis), fovYRadians: state.fovYRadians, aspect, freeHeight: 1 };
    state.target = centerOf(bounds);
    state.distance = fitDistance(bounds, view);
    return this.#poseOf(state, false);
  }

  /** Back to the view before the last framing, and forth again. */
  toggleFraming(): void {
    if (this.#viewBeforeFraming === undefined) return;
    const current = cloneState(this.#goal);
    this.#release();
    this.#goal = this.#viewBeforeFraming;
    this.#viewBeforeFraming = current;
    this.#approachMs = JUMP_MS;
  }

  /** Looks through exactly this pose (roll and lens shift included) until the next movement, which starts from it. */
  hold(pose: CameraPose): void {
    this.#held = pose;
  }

  /** Where input has led. */
  get view(): FreeView {
    return freeView(this.#goal);
  }

  /** Where the camera is on its way there. */
  get shownView(): FreeView {
    return freeView(this.#shown);
  }

  /** Moves to a view. Parts that are left out are those of now. */
  moveTo(view: Partial<FreeView>): void {
    this.#release();
    const goal = { ...this.#goal, ...view };
    this.#goal = { ...goal, target: [...goal.target], orthographicHeight: 0 };
    this.#limit();
    this.#approachMs = JUMP_MS;
  }

  /** Stands at a view at once. Parts that are left out are those of now. */
  setView(view: Partial<FreeView>): void {
    this.moveTo(view);
    this.snap();
  }

  /** Ends all movement at the goal. */
  snap(): void {
    this.#shown = cloneState(this.#goal);
  }

  /** Moves what is shown towards the goal. Returns whether it still moves. */
  step(elapsedMs: number): boolean {
    if (this.#held !== undefined) return false;
    const share = 1 - Math.exp(-elapsedMs / this.#approachMs);
    const [shown, goal] = [this.#shown, this.#goal];
    vec3.lerp(shown.target, shown.target, goal.target, share);
    shown.azimuth += (goal.azimuth - shown.azimuth) * share;
    shown.elevation += (goal.elevation - shown.elevation) * share;
    // Ratios, not differences: a dolly out looks as fast as a dolly in.
    shown.distance *= (goal.distance / shown.distance) ** share;
    shown.fovYRadians *= (goal.fovYRadians / shown.fovYRadians) ** share;
    shown.orthographicHeight += (goal.orthographicHeight - shown.orthographicHeight) * share;
    if (this.#isAtRest()) {
      this.snap();
      return false;
    }
    return true;
  }

  /** The camera as shown now. */
  pose(): CameraPose {
    return this.#held ?? this.#poseOf(this.#shown);
  }

  /** The camera once all movement has ended, for a picture without controls over it. */
  goalPose(): CameraPose {
    return this.#held ?? this.#poseOf(this.#goal, false);
  }

  #limit(): void {
    const { azimuth, elevation, distance, fovYRadians } = this.#limits;
    const goal = this.#goal;
    goal.azimuth = clamp(goal.azimuth, azimuth);
    goal.elevation = clamp(clamp(goal.elevation, elevation), WIDEST_LIMITS.elevation);
    goal.distance = clamp(goal.distance, distance);
    goal.fovYRadians = clamp(goal.fovYRadians, fovYRadians);
  }

  #isAtRest(): boolean {
    const [shown, goal] = [this.#shown, this.#goal];
    return (
      vec3.distance(shown.target, goal.target) < REST * pictureHeightAtTarget(goal) &&
      Math.abs(shown.azimuth - goal.azimuth) < REST &&
      Math.abs(shown.elevation - goal.elevation) < REST &&
      Math.abs(shown.distance / goal.distance - 1) < REST &&
      Math.abs(shown.fovYRadians / goal.fovYRadians - 1) < REST &&
      Math.abs(shown.orthographicHeight - goal.orthographicHeight) <= REST * goal.orthographicHeight
    );
  }

  #poseOf(state: OrbitState, isCovered = true): CameraPose {
    // The picture's centre moves, so that the target leaves it for the middle of what is free.
    const shift = isCovered ? this.#coveredTop - this.#coveredBottom : 0;
    const { back } = basisOf(state, this.#upAxis);
    const eye = along(state.target, back, state.distance);
    const near = nearDistance(vec3.distance(eye, this.#sceneCenter), this.#sceneRadius);
    return {
      eye,
      target: [...state.target],
      up: this.#upAxis === 'Y' ? [0, 1, 0] : [0, 0, 1],
      near,
      ...(shift === 0 ? {} : { shift: [0, shift] }),
      ...(state.orthographicHeight > 0 ? { orthographicHeight: state.orthographicHeight } : { fovYRadians: state.fovYRadians }),
    };
  }

  /** Takes over from a held pose: same eye and direction, upright, turning about what lies at the scene's depth. */
  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    const eye: Vec3 = [...held.eye];
    const forward = along(held.target, eye, -1);
    const given = vec3.length(forward);
    if (!(given > 0)) return;
    vec3.scale(forward, forward, 1 / given);
    const toScene = vec3.dot(along(this.#sceneCenter, eye, -1), forward);
    const distance = toScene > this.#sceneRadius * 0.05 ? toScene : Math.max(given, this.#sceneRadius * 0.05);
    const [x, y, z] = this.#upAxis === 'Y' ? [-forward[0], -forward[1], -forward[2]] : [-forward[0], -forward[2], forward[1]];
    const azimuth = Math.atan2(x, z);
    const turns = Math.round((this.#goal.azimuth - azimuth) / (2 * Math.PI));
    this.#goal = {
      target: along(eye, forward, distance),
      azimuth: azimuth + turns * 2 * Math.PI,
      elevation: Math.min(MAX_ELEVATION, Math.max(-MAX_ELEVATION, Math.asin(Math.min(1, Math.max(-1, y))))),
      distance,
      fovYRadians: held.fovYRadians ?? DEFAULT_FOV_Y,
      orthographicHeight: held.fovYRadians === undefined ? (held.orthographicHeight ?? 0) : 0,
    };
    this.#shown = cloneState(this.#goal);
  }
}

function firstState(): OrbitState {
  return {
    target: [0, 0, 0],
    azimuth: FIRST_AZIMUTH,
    elevation: FIRST_ELEVATION,
    distance: 4,
    fovYRadians: DEFAULT_FOV_Y,
    orthographicHeight: 0,
  };
}

function freeView({ target, azimuth, elevation, distance, fovYRadians }: OrbitState): FreeView {
  return { target: [...target], azimuth, elevation, distance, fovYRadians };
}

function clamp(value: number, [min, max]: readonly [number, number]): number {
  return Math.min(max, Math.max(min, value));
}

function cloneState(state: OrbitState): OrbitState {
  return { ...state, target: [...state.target] };
}

/** `from + direction · distance`. */
function along(from: readonly [number, number, number], direction: Vec3, distance: number): Vec3 {
  return [from[0] + direction[0] * distance, from[1] + direction[1] * distance, from[2] + direction[2] * distance];
}

/** Height of the picture plane through the target, stage units. */
function pictureHeightAtTarget(state: OrbitState): number {
  return state.orthographicHeight > 0 ? state.orthographicHeight : 2 * Math.tan(state.fovYRadians / 2) * state.distance;
}

/** Unit vectors of the camera in world space. */
function basisOf(state: OrbitState, upAxis: UpAxis): { right: Vec3; up: Vec3; back: Vec3 } {
  const [sinA, cosA, sinE, cosE] = [Math.sin(state.azimuth), Math.cos(state.azimuth), Math.sin(state.elevation), Math.cos(state.elevation)];
  // In a Y-up frame; (x, y, z) becomes (x, -z, y) where Z is up.
  const place = (x: number, y: number, z: number): Vec3 => (upAxis === 'Y' ? [x, y, z] : [x, -z, y]);
  return { right: place(cosA, 0, -sinA), up: place(-sinA * sinE, cosE, -cosA * sinE), back: place(sinA * cosE, sinE, cosA * cosE) };
}
