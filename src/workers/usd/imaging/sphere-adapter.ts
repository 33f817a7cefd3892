import { implicitAdapter, alongAxis } from './implicit-adapter.ts';
import { unitSphere } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

export const sphereAdapter = implicitAdapter(['Sphere'], ['radius'], (prim, time) => {
  const radius = readNumber(prim, 'radius', time, 1);
  return { key: 'sphere', make: unitSphere, matrix: alongAxis('Z', radius, radius, radius) };
});
