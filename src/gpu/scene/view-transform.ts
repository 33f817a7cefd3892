import type { Aabb } from '../../share/protocol/scene.ts';
import type { CameraPose } from '../../share/protocol/renderer.ts';

/**
 * A camera as the kernels use it. "Relative" is world axes with the origin at the eye, which keeps single precision
 * where the camera is. Clip space has reversed Z: 1 at the near plane, 0 at infinity (perspective) or at the far side
 * of the scene (orthographic).
 */
export interface ViewTransform {
  /** 16 numbers, column-major for column vectors. */
  readonly clipFromRelative: Float32Array;
  readonly eye: readonly [number, number, number];
  readonly near: number;
  /** Unit view direction, world axes. */
  readonly forward: readonly [number, number, number];
  /** Left, right, bottom, top, near: unit normals pointing in, shape [5·4], relative space. */
  readonly planes: Float32Array;
  readonly isOrthographic: boolean;
}

/** Part of the picture, in normalised device coordinates; the whole picture when absent. */
export interface ViewWindow {
  readonly centerX: number;
  readonly centerY: number;
  /** Width and height as fractions of the picture's. */
  readonly width: number;
  readonly height: number;
}

type Vec3 = readonly [number, number, number];

/** @param bounds scene bounds, for the far side of orthographic views */
export function viewTransformOf(
  pose: CameraPose,
  width: number,
  height: number,
  bounds: Aabb | undefined,
  window?: ViewWindow,
): ViewTransform {
  const forward = normalize(subtract(pose.target, pose.eye), [0, 0, -1]);
  const right = normalize(cross(forward, pose.up), perpendicular(forward));
  const up = cross(right, forward);
  const aspect = height > 0 ? width / height : 1;
  const [shiftX, shiftY] = pose.shift ?? [0, 0];
  const isOrthographic = pose.orthographicHeight !== undefined;
  const near = Math.max(pose.near, 1e-30);
  // Window: scales and moves the clip plane so that the window fills it.
  const zoomX = 1 / (window?.width ?? 1);
  const zoomY = 1 / (window?.height ?? 1);
  const moveX = shiftX + (window?.centerX ?? 0);
  const moveY = shiftY + (window?.centerY ?? 0);
  const m = new Float32Array(16);
  const halfHeight = isOrthographic ? 0.5 * pose.orthographicHeight : Math.tan(0.5 * (pose.fovYRadians ?? DEFAULT_FOV));
  const sx = zoomX / (halfHeight * aspect);
  const sy = zoomY / halfHeight;
  // Rows of clip from relative: x, y, z, w as linear functions of the relative position.
  let rowZ: [number, number, number, number];
  let rowW: [number, number, number, number];
  if (isOrthographic) {
    const far = Math.max(near * 2, farthest(bounds, pose.eye, forward) * 1.01 + near);
    const scale = 1 / (far - near);
    rowZ = [-forward[0] * scale, -forward[1] * scale, -forward[2] * scale, far * scale];
    rowW = [0, 0, 0, 1];
  } else {
    rowZ = [0, 0, 0, near];
    rowW = [forward[0], forward[1], forward[2], 0];
  }
  const rowX = rowW.map((w, i) => sx * (right[i] ?? 0) - zoomX * moveX * w) as [number, number, number, number];
  const rowY = rowW.map((w, i) => sy * (up[i] ?? 0) - zoomY * moveY * w) as [number, number, number, number];
  for (let i = 0; i < 4; i++) {
    m[4 * i] = rowX[i]!;
    m[4 * i + 1] = rowY[i]!;
    m[4 * i + 2] = rowZ[i]!;
    m[4 * i + 3] = rowW[i]!;
  }
  const planes = new Float32Array(20);
  const setPlane = (plane: number, row: readonly number[]): void => {
    const length = Math.hypot(row[0]!, row[1]!, row[2]!) || 1;
    for (let i = 0; i < 4; i++) planes[4 * plane + i] = row[i]! / length;
  };
  setPlane(0, add(rowW, rowX, 1));
  setPlane(1, add(rowW, rowX, -1));
  setPlane(2, add(rowW, rowY, 1));
  setPlane(3, add(rowW, rowY, -1));
  setPlane(4, [forward[0], forward[1], forward[2], -near]);
  return {
    clipFromRelative: m,
    eye: [pose.eye[0], pose.eye[1], pose.eye[2]],
    near,
    forward,
    planes,
    isOrthographic,
  };
}

/** Distance along the view axis of what has this depth in clip space; Infinity at the far end of a perspective. */
export function viewDepthOf({ clipFromRelative: m, forward, near, isOrthographic }: ViewTransform, depth: number): number {
  if (!isOrthographic) return near / depth;
  const perUnit = m[2]! * forward[0] + m[6]! * forward[1] + m[10]! * forward[2];
  return (depth - m[14]!) / perUnit;
}

/** Range of depths along the view axis that the bounds cover, for sort keys. */
export function depthRange(bounds: Aabb | undefined, view: ViewTransform): readonly [nearest: number, farthest: number] {
  if (bounds === undefined) return [view.near, view.near + 1];
  let nearest = Infinity;
  let far = -Infinity;
  for (let corner = 0; corner < 8; corner++) {
    const depth = depthOfCorner(bounds, corner, view.eye, view.forward);
    nearest = Math.min(nearest, depth);
    far = Math.max(far, depth);
  }
  nearest = Math.max(nearest, 0);
  return [nearest, Math.max(far, nearest + 1e-6)];
}

const DEFAULT_FOV = Math.PI / 4;

function farthest(bounds: Aabb | undefined, eye: Vec3, forward: Vec3): number {
  if (bounds === undefined) return 1000;
  let far = 0;
  for (let corner = 0; corner < 8; corner++) far = Math.max(far, depthOfCorner(bounds, corner, eye, forward));
  return far;
}

function depthOfCorner(bounds: Aabb, corner: number, eye: Vec3, forward: Vec3): number {
  const x = bounds[corner & 1 ? 3 : 0] - eye[0];
  const y = bounds[corner & 2 ? 4 : 1] - eye[1];
  const z = bounds[corner & 4 ? 5 : 2] - eye[2];
  return x * forward[0] + y * forward[1] + z * forward[2];
}

function add(a: readonly number[], b: readonly number[], sign: number): number[] {
  return a.map((value, i) => value + sign * b[i]!);
}

function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalize(v: Vec3, fallback: Vec3): Vec3 {
  const length = Math.hypot(v[0], v[1], v[2]);
  return length > 1e-12 ? [v[0] / length, v[1] / length, v[2] / length] : fallback;
}

function perpendicular(v: Vec3): Vec3 {
  return Math.abs(v[0]) < 0.9 ? normalize(cross(v, [1, 0, 0]), [0, 1, 0]) : normalize(cross(v, [0, 1, 0]), [0, 0, 1]);
}
