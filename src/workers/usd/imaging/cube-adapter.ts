import { implicitAdapter, alongAxis } from './implicit-adapter.ts';
import { unitCube } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

export const cubeAdapter = implicitAdapter(['Cube'], ['size'], (prim, time) => {
  const half = readNumber(prim, 'size', time, 2) / 2;
  return { key: 'cube', make: unitCube, matrix: alongAxis('Z', half, half, half) };
});
