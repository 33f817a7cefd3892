/** Which frames a recording has: their cameras, time codes and timestamps. Nothing here draws. */
import type { CameraPose, SurfaceSize } from '../../share/protocol/renderer.ts';

export type RecordingKind = 'turntable' | 'animation' | 'live';
export type TurnDirection = 'right' | 'left';

export interface Turntable {
  readonly secondsPerTurn: number;
  readonly turns: number;
  /** Where the camera goes, seen from itself at the beginning. */
  readonly direction: TurnDirection;
}

/** Time codes of a stage, both ends included, as USD counts frames. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
  readonly timeCodesPerSecond: number;
}

/** When a frame is seen, microseconds from the beginning. Each is rounded by itself, so that no error adds up. */
export function frameTimes(index: number, framesPerSecond: number): { readonly timestampMicros: number; readonly durationMicros: number } {
  const timestampMicros = Math.round((index * 1e6) / framesPerSecond);
  return { timestampMicros, durationMicros: Math.round(((index + 1) * 1e6) / framesPerSecond) - timestampMicros };
}

/** Whole turns of whole frames, so that the frame after the last is the first again. */
export function turntableFrameCount({ secondsPerTurn, turns }: Turntable, framesPerSecond: number): number {
  return framesPerTurn(secondsPerTurn, framesPerSecond) * turns;
}

function framesPerTurn(secondsPerTurn: number, framesPerSecond: number): number {
  return Math.max(1, Math.round(secondsPerTurn * framesPerSecond));
}

/** Angle of a frame, radians from the first. */
export function turntableAngle(index: number, { secondsPerTurn, direction }: Turntable, framesPerSecond: number): number {
  const perTurn = framesPerTurn(secondsPerTurn, framesPerSecond);
  return ((direction === 'right' ? 1 : -1) * 2 * Math.PI * (index % perTurn)) / perTurn;
}

/** The pose, turned about the vertical line through its target. */
export function turnedPose(pose: CameraPose, upAxis: 'Y' | 'Z', angleRadians: number): CameraPose {
  if (angleRadians === 0) return pose;
  const { eye, target, up } = pose;
  const arm = turned([eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]], upAxis, angleRadians);
  return {
    ...pose,
    eye: [target[0] + arm[0], target[1] + arm[1], target[2] + arm[2]],
    up: turned(up, upAxis, angleRadians),
  };
}

type Vector = readonly [x: number, y: number, z: number];

/** Counter-clockwise, seen from above. */
function turned([x, y, z]: Vector, upAxis: 'Y' | 'Z', angleRadians: number): Vector {
  const [cos, sin] = [Math.cos(angleRadians), Math.sin(angleRadians)];
  return upAxis === 'Y' ? [x * cos + z * sin, y, z * cos - x * sin] : [x * cos - y * sin, x * sin + y * cos, z];
}

/** A frame for the start, and one each step as long as the end is not passed. */
export function animationFrameCount({ start, end, timeCodesPerSecond }: TimeRange, framesPerSecond: number): number {
  return Math.max(1, Math.floor(((end - start) * framesPerSecond) / timeCodesPerSecond + 1e-6) + 1);
}

export function animationTimeCode(index: number, { start, timeCodesPerSecond }: TimeRange, framesPerSecond: number): number {
  return start + (index * timeCodesPerSecond) / framesPerSecond;
}

/** Encoders halve the size of colours: both sides have to be even. What does not fit `limit` is made smaller as a whole. */
export function evenSize({ width, height }: SurfaceSize, limit: number): SurfaceSize {
  const scale = Math.min(1, limit / Math.max(width, height));
  const even = (side: number): number => Math.max(2, Math.round((side * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

/** How far it is, and how long it will take at the pace so far. */
export interface RecordingProgress {
  readonly frames: number;
  /** Undefined for as long as somebody wants. */
  readonly total: number | undefined;
  readonly elapsedSeconds: number;
  readonly dropped: number;
}

/** Undefined before anybody can know. */
export function secondsLeft({ frames, total, elapsedSeconds }: RecordingProgress): number | undefined {
  if (total === undefined || frames < 2 || elapsedSeconds < 1) return undefined;
  return (elapsedSeconds * (total - frames)) / frames;
}
