/** Cameras. Source: OpenUSD usdGeom/camera.cpp, base/gf/camera.cpp; schemas.md 2.10. */
import type { Matrix4d } from '../../gf/matrix4d.ts';
import type { Prim } from '../../usd/prim.ts';
import { numberAt, readNumbers, readTuple, textAt } from '../value-readers.ts';
import { worldTransform } from './xformable.ts';

/** A camera, ready to draw with. Source: OpenUSD usdGeom/camera.h, gf/camera.h. */
export interface CameraFacts {
  /** `perspective` where unauthored. */
  readonly projection: 'perspective' | 'orthographic';
  /** World from camera, as authored (scale included). Looks along -Z, +Y up. */
  readonly transform: Matrix4d;
  /** In tenths of a scene unit, as are the offsets and the focal length. */
  readonly horizontalAperture: number;
  /** In tenths of a scene unit. */
  readonly verticalAperture: number;
  /** In tenths of a scene unit, to the right. */
  readonly horizontalApertureOffset: number;
  /** In tenths of a scene unit, up. */
  readonly verticalApertureOffset: number;
  /** In tenths of a scene unit. */
  readonly focalLength: number;
  /** Scene units. */
  readonly near: number;
  /** Scene units. */
  readonly far: number;
  /** Four numbers a plane: kept where a·x + b·y + c·z + d >= 0 in camera space. */
  readonly clippingPlanes: Float32Array;
  /** 0: no depth of field. */
  readonly fStop: number;
  /** Scene units. */
  readonly focusDistance: number;
  /** Full angles, of perspective cameras. */
  readonly horizontalFovRadians: number;
  /** Full angle, of perspective cameras. */
  readonly verticalFovRadians: number;
  /** What the frame shows: at distance 1 of a perspective camera, at any distance of an orthographic one. Scene units. */
  readonly window: { readonly left: number; readonly right: number; readonly bottom: number; readonly top: number };
  /** Factor on linear colour by the camera's exposure attributes; 1 where none is authored. */
  readonly exposureScale: number;
}

/** Tenths of a scene unit that apertures are measured in. */
const APERTURE_UNIT = 0.1;

/** Reads a camera. @param time stage time; undefined takes default values */
export function cameraFacts(prim: Prim, time?: number): CameraFacts {
  const horizontalAperture = numberAt(prim, 'horizontalAperture', time, 20.955);
  const verticalAperture = numberAt(prim, 'verticalAperture', time, 15.2908);
  const horizontalApertureOffset = numberAt(prim, 'horizontalApertureOffset', time, 0);
  const verticalApertureOffset = numberAt(prim, 'verticalApertureOffset', time, 0);
  const focalLength = numberAt(prim, 'focalLength', time, 50);
  const projection = textAt(prim, 'projection', time, 'perspective') === 'orthographic' ? 'orthographic' : 'perspective';
  const [near, far] = readTuple(prim.getAttribute('clippingRange')?.getValue(time), 2) ?? [1, 1_000_000];
  const planes = readNumbers(prim.getAttribute('clippingPlanes')?.getValue(time));
  const unit = projection === 'orthographic' ? APERTURE_UNIT : focalLength === 0 ? 1 : 1 / focalLength;
  return {
    projection,
    transform: worldTransform(prim, time),
    horizontalAperture,
    verticalAperture,
    horizontalApertureOffset,
    verticalApertureOffset,
    focalLength,
    near: near as number,
    far: far as number,
    clippingPlanes: planes instanceof Float32Array ? planes : Float32Array.from(planes ?? []),
    fStop: numberAt(prim, 'fStop', time, 0),
    focusDistance: numberAt(prim, 'focusDistance', time, 0),
    horizontalFovRadians: fieldOfView(horizontalAperture, focalLength),
    verticalFovRadians: fieldOfView(verticalAperture, focalLength),
    window: {
      left: (horizontalApertureOffset - horizontalAperture / 2) * unit,
      right: (horizontalApertureOffset + horizontalAperture / 2) * unit,
      bottom: (verticalApertureOffset - verticalAperture / 2) * unit,
      top: (verticalApertureOffset + verticalAperture / 2) * unit,
    },
    exposureScale: exposureScale(prim, time),
  };
}

function fieldOfView(aperture: number, focalLength: number): number {
  return 2 * Math.atan2(aperture / 2, focalLength === 0 ? 1 : focalLength);
}

function exposureScale(prim: Prim, time: number | undefined): number {
  const fStop = numberAt(prim, 'exposure:fStop', time, 1);
  const linear =
    numberAt(prim, 'exposure:responsivity', time, 1) *
    numberAt(prim, 'exposure:time', time, 1) *
    (numberAt(prim, 'exposure:iso', time, 100) / 100) *
    2 ** numberAt(prim, 'exposure', time, 0);
  return fStop > 0 ? linear / (fStop * fStop) : linear;
}
