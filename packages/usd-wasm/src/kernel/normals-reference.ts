import { checkIndices } from './gather-reference.ts';

/**
 * Smooth normals per point, weighted by triangle area, as Hydra weighs them (OpenUSD hd/smoothNormals.cpp); f32 arithmetic.
 *
 * @param points shape [3·P]
 * @param indices right-handed triangles, point indices, shape [3·T]
 * @returns unit normals, shape [3·P]; (0, 0, 1) at points that only lie in triangles without area, or in none
 * @throws KernelError `kernel-index` when an index is outside the points
 */
export function smoothNormals(points: Float32Array, indices: Uint32Array): Float32Array {
  const count = Math.floor(points.length / 3);
  checkIndices(indices, count);
  const normals = new Float32Array(count * 3);
  const f = Math.fround;
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const a = indices[t]! * 3;
    const b = indices[t + 1]! * 3;
    const c = indices[t + 2]! * 3;
    const ax = points[a]!;
    const ay = points[a + 1]!;
    const az = points[a + 2]!;
    const ux = f(points[b]! - ax);
    const uy = f(points[b + 1]! - ay);
    const uz = f(points[b + 2]! - az);
    const vx = f(points[c]! - ax);
    const vy = f(points[c + 1]! - ay);
    const vz = f(points[c + 2]! - az);
    const nx = f(f(uy * vz) - f(uz * vy));
    const ny = f(f(uz * vx) - f(ux * vz));
    const nz = f(f(ux * vy) - f(uy * vx));
    normals[a] = normals[a]! + nx;
    normals[a + 1] = normals[a + 1]! + ny;
    normals[a + 2] = normals[a + 2]! + nz;
    normals[b] = normals[b]! + nx;
    normals[b + 1] = normals[b + 1]! + ny;
    normals[b + 2] = normals[b + 2]! + nz;
    normals[c] = normals[c]! + nx;
    normals[c + 1] = normals[c + 1]! + ny;
    normals[c + 2] = normals[c + 2]! + nz;
  }
  for (let i = 0; i < normals.length; i += 3) {
    const x = normals[i]!;
    const y = normals[i + 1]!;
    const z = normals[i + 2]!;
    const length = f(Math.sqrt(f(f(f(x * x) + f(y * y)) + f(z * z))));
    if (length > 0 && length < Infinity) {
      normals[i] = x / length;
      normals[i + 1] = y / length;
      normals[i + 2] = z / length;
    } else {
      normals[i] = 0;
      normals[i + 1] = 0;
      normals[i + 2] = 1;
    }
  }
  return normals;
}
