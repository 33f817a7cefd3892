/** Where points of the stage are in the picture. */
import type { CameraPose } from '../../share/protocol/renderer.ts';

type Triple = readonly [number, number, number];

export interface Projected {
  /** Parts of the width from the left and of the height from the top; outside 0 to 1 it is not in the picture. */
  readonly x: number;
  readonly y: number;
  /** Distance along the line of sight, stage units; not positive behind the camera. */
  readonly depth: number;
}

/** @param aspect width over height of the picture */
export function project(point: Triple, pose: CameraPose, aspect: number): Projected {
  const forward = unit(subtract(pose.target, pose.eye));
  const right = unit(cross(forward, pose.up));
  const up = cross(right, forward);
  const relative = subtract(point, pose.eye);
  const depth = dot(relative, forward);
  const halfHeight = pose.orthographicHeight === undefined ? Math.tan((pose.fovYRadians ?? 1) / 2) * depth : pose.orthographicHeight / 2;
  const [shiftX, shiftY] = pose.shift ?? [0, 0];
  const x = dot(relative, right) / (halfHeight * aspect) - shiftX;
  const y = dot(relative, up) / halfHeight - shiftY;
  return { x: (x + 1) / 2, y: (1 - y) / 2, depth };
}

/** Whether a surface that looks along `normal` shows its front to the camera. */
export function facesCamera(point: Triple, normal: Triple, pose: CameraPose): boolean {
  const towardsEye = pose.orthographicHeight === undefined ? subtract(pose.eye, point) : subtract(pose.eye, pose.target);
  return dot(towardsEye, normal) > 0;
}

function subtract(a: Triple, b: Triple): Triple {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Triple): Triple {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
}
