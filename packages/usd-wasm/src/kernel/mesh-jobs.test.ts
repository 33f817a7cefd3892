import { expect, it } from 'vitest';
import { bounds, gather, KernelError, smoothNormals, weld } from './kernel.ts';

it('smoothNormals weighs triangles by area', () => {
  const points = Float32Array.of(
    0, 0, 0,
    2, 0, 0,
    0, 2, 0,
    0, 0, 1,
    9, 9, 9, // in no triangle
  ); // prettier-ignore
  const normals = smoothNormals(points, Uint32Array.of(0, 1, 2, 0, 2, 3)); // area 2 facing z, area 1 facing x
  expect(normals[0]).toBeCloseTo(1 / Math.hypot(1, 2), 6);
  expect(normals[2]).toBeCloseTo(2 / Math.hypot(1, 2), 6);
  expect([...normals.subarray(3, 6)]).toEqual([0, 0, 1]);
  expect([...normals.subarray(9, 15)]).toEqual([1, 0, 0, 0, 0, 1]);
});

it('smoothNormals and gather refuse indices outside', () => {
  expect(() => smoothNormals(new Float32Array(9), Uint32Array.of(0, 1, 3))).toThrow(KernelError);
  expect(() => gather(new Float32Array(6), 3, Uint32Array.of(0, 2))).toThrow(/index 2 at 1/u);
});

it('gather copies rows of any width', () => {
  for (const width of [1, 2, 3, 4, 9]) {
    const source = Float32Array.from({ length: width * 3 }, (_, i) => i);
    expect([...gather(source, width, Uint32Array.of(2, 0))]).toEqual([...source.slice(2 * width), ...source.slice(0, width)]);
  }
});

it('weld numbers unique rows by first appearance', () => {
  const { remap, first } = weld(Uint32Array.of(7, 1, 7, 2, 7, 1, 0, 0), 2);
  expect([...remap]).toEqual([0, 1, 0, 2]);
  expect([...first]).toEqual([0, 1, 3]);
  expect(() => weld(new Uint32Array(5), 2)).toThrow(KernelError);
});

it('bounds ignores points that are not finite and is empty without any', () => {
  expect([...bounds(Float32Array.of(1, -2, 3, NaN, 0, 0, 0, Infinity, 0, -1, 4, -0))]).toEqual([-1, -2, 0, 1, 4, 3]);
  expect([...bounds(new Float32Array(0))]).toEqual([Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity]);
});
