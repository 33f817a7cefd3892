import { implicitAdapter, readAxis } from './implicit-adapter.ts';
import { unitPlane } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

/** Axis Z: width along X, length along Y; Y: along X and Z; X: along Z and Y. The normal is the axis. */
export const planeAdapter = implicitAdapter(['Plane'], ['width', 'length'], (prim, time) => {
  const w = readNumber(prim, 'width', time, 2) / 2;
  const l = readNumber(prim, 'length', time, 2) / 2;
  const axis = readAxis(prim, time);
  // Width and length are turned so that width × length is the axis (the rectangle is symmetric, only the normal matters).
  const matrix =
    axis === 'Z'
      ? Float64Array.of(w, 0, 0, 0, 0, l, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
      : axis === 'Y'
        ? Float64Array.of(w, 0, 0, 0, 0, 0, -l, 0, 0, 1, 0, 0, 0, 0, 0, 1)
        : Float64Array.of(0, 0, -w, 0, 0, l, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1);
  return { key: 'plane', make: unitPlane, matrix };
});
