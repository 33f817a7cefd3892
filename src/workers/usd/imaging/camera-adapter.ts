/** Cameras are not drawn; the adapter says whether their lens is animated. Their poses are made on demand. */
import { cameraFacts, type Prim } from 'usd-wasm';
import type { CameraPose } from '../../../share/protocol/renderer.ts';
import type { Aabb } from '../../../share/protocol/scene.ts';
import type { Imaged, PrimAdapter } from './adapter.ts';

const LENS = [
  'focalLength',
  'verticalAperture',
  'horizontalAperture',
  'verticalApertureOffset',
  'horizontalApertureOffset',
  'focusDistance',
  'clippingRange',
  'projection',
];

export const cameraAdapter: PrimAdapter = {
  typeNames: ['Camera'],
  isBounded: false,

  image(prim: Prim): Imaged {
    return { isAnimated: LENS.some((name) => prim.getAttribute(name)?.valueMightBeTimeVarying === true) };
  },
};

/**
 * The pose of an authored camera. Scale in its transform is left out, as OpenUSD does for the view matrix.
 *
 * @param bounds of the scene, undefined while unknown: the target is as far as its middle, so that turning begins sensibly
 */
export function cameraPose(prim: Prim, time: number, bounds: Aabb | undefined): CameraPose {
  const facts = cameraFacts(prim, time);
  const m = facts.transform;
  const eye = [m[12]!, m[13]!, m[14]!] as const;
  const up = unit(m[4]!, m[5]!, m[6]!, [0, 1, 0]);
  const back = unit(m[8]!, m[9]!, m[10]!, [0, 0, 1]);
  let distance = 0;
  if (bounds !== undefined) {
    for (let axis = 0; axis < 3; axis++) distance -= ((bounds[axis]! + bounds[axis + 3]!) / 2 - eye[axis]!) * back[axis]!;
  }
  if (!(distance > facts.near)) distance = facts.focusDistance > 0 ? facts.focusDistance : Math.max(facts.near * 10, 1);
  const target = [eye[0] - back[0] * distance, eye[1] - back[1] * distance, eye[2] - back[2] * distance] as const;
  const { window } = facts;
  const halfWidth = (window.right - window.left) / 2;
  const halfHeight = (window.top - window.bottom) / 2;
  const shift = [
    halfWidth > 0 ? (window.left + window.right) / 2 / halfWidth : 0,
    halfHeight > 0 ? (window.bottom + window.top) / 2 / halfHeight : 0,
  ] as const;
  return {
    eye,
    target,
    up,
    near: facts.near > 0 ? facts.near : 0.01,
    ...(facts.projection === 'orthographic' ? { orthographicHeight: halfHeight * 2 } : { fovYRadians: 2 * Math.atan(halfHeight) }),
    ...(shift[0] === 0 && shift[1] === 0 ? {} : { shift }),
  };
}

function unit(x: number, y: number, z: number, fallback: readonly [number, number, number]): readonly [number, number, number] {
  const length = Math.hypot(x, y, z);
  return length > 0 && Number.isFinite(length) ? [x / length, y / length, z / length] : fallback;
}
