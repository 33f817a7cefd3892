import { implicitAdapter, alongAxis, readAxis } from './implicit-adapter.ts';
import { unitCone } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

export const coneAdapter = implicitAdapter(['Cone'], ['height', 'radius'], (prim, time) => {
  const radius = readNumber(prim, 'radius', time, 1);
  return { key: 'cone', make: unitCone, matrix: alongAxis(readAxis(prim, time), radius, radius, readNumber(prim, 'height', time, 2) / 2) };
});
