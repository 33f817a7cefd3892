import { expect, it } from 'vitest';
import * as kernel from './kernel.ts';

/** The forms agree in the browser too, where other compilers run both. The exhaustive comparison is tests/property/kernel-equals-reference. */
it('kernel jobs fetched in a browser give the bits of their TypeScript forms', async () => {
  const results = (): unknown[] => {
    const points = Float32Array.from({ length: 9000 }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 43.7));
    const uvs = Float32Array.from({ length: 6000 }, (_, i) => Math.fround(Math.cos(i * 78.233)));
    const normals = Float32Array.from({ length: 9000 }, (_, i) => (i % 3 === 2 ? 1 : 0));
    const indices = Uint32Array.from({ length: 6000 }, (_, i) => (i * 7919) % 3000);
    const quads = Int32Array.from(indices);
    const text = new TextEncoder().encode(`${Array.from(points, (x, i) => `(${x}, ${x * i}e${(i % 40) - 20}, ${i})`).join(', ')}]`);
    return [
      kernel.parseNumbers(text, 0, 'f32'),
      kernel.parseNumbers(text, 0, 'f64'),
      kernel.halfToFloat(kernel.floatToHalf(points)),
      kernel.triangulate(new Int32Array(1500).fill(4), quads, points, undefined, false),
      kernel.triangulate(new Int32Array(600).fill(10), quads, points, Int32Array.of(3), true),
      kernel.smoothNormals(points, indices),
      kernel.weld(new Uint32Array(points.map(Math.trunc).buffer), 3),
      kernel.tangents(points, normals, uvs),
      kernel.bounds(points),
      kernel.gather(points, 3, indices),
    ];
  };
  const fromScript = results();
  expect(await kernel.initKernel(fetch(new URL('./kernel.wasm', import.meta.url)))).toBe(true);
  expect(results()).toEqual(fromScript);
});
