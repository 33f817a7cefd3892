import { earClip, makeClipBudget, type ClipBudget } from './ear-clip-reference.ts';

/** Faces as triangles. */
export interface Triangulation {
  /** Positions in `faceVertexIndices` ("face-vertices"), three per triangle, shape [3·T]. */
  readonly corners: Uint32Array;
  /** The face each triangle came from, shape [T], ascending. */
  readonly faces: Uint32Array;
  /** Faces left out because an index is outside the points or the counts ask for more indices than there are. */
  readonly invalidFaces: number;
}

/**
 * Triangulates polygon faces. Convex faces become fans around their first vertex (as in Hydra), concave quads are cut along
 * the other diagonal, larger concave faces by clipping ears. Left out: faces with fewer than three corners, holes, invalid
 * faces (counted), and triangles that use one point twice. The result is right-handed (counter-clockwise).
 *
 * @param faceVertexCounts corners per face, shape [F]
 * @param faceVertexIndices point indices, faces concatenated, shape [Σ counts]
 * @param points shape [3·P]; decide where a face is cut, so the same points give the same triangles
 * @param holeIndices faces not to draw, any order
 * @param leftHanded the faces are wound clockwise and are turned over
 */
export function triangulate(
  faceVertexCounts: Int32Array,
  faceVertexIndices: Int32Array,
  points: Float32Array,
  holeIndices: Int32Array | undefined,
  leftHanded: boolean,
): Triangulation {
  const faceCount = faceVertexCounts.length;
  const pointCount = Math.floor(points.length / 3);
  const isHole = markHoles(holeIndices, faceCount);
  const corners = new Uint32Array(3 * countTriangles(faceVertexCounts, faceVertexIndices.length));
  const faces = new Uint32Array(corners.length / 3);
  const output: Output = { corners, faces, count: 0, second: leftHanded ? 2 : 1 };
  const budget = makeClipBudget();
  let invalidFaces = 0;
  let base = 0;
  for (let face = 0; face < faceCount; face++) {
    const count = faceVertexCounts[face]!;
    if (count < 0 || count > faceVertexIndices.length - base) {
      invalidFaces += faceCount - face; // where the following faces begin is unknown
      break;
    }
    const first = base;
    base += count;
    if (count < 3 || isHole?.[face] === 1) continue;
    if (!isInside(faceVertexIndices, first, count, pointCount)) {
      invalidFaces++;
      continue;
    }
    if (count === 3) emit(output, faceVertexIndices, face, first, first + 1, first + 2);
    else if (count === 4) cutQuad(output, faceVertexIndices, points, face, first);
    else cutPolygon(output, faceVertexIndices, points, face, first, count, budget);
  }
  return { corners: corners.slice(0, output.count * 3), faces: faces.slice(0, output.count), invalidFaces };
}

interface Output {
  readonly corners: Uint32Array;
  readonly faces: Uint32Array;
  count: number;
  /** Where the second corner goes: 1, or 2 to turn the triangle over. */
  readonly second: 1 | 2;
}

function emit(output: Output, indices: Int32Array, face: number, a: number, b: number, c: number): void {
  if (indices[a] === indices[b] || indices[b] === indices[c] || indices[c] === indices[a]) return;
  const at = output.count * 3;
  output.corners[at] = a;
  output.corners[at + output.second] = b;
  output.corners[at + 3 - output.second] = c;
  output.faces[output.count++] = face;
}

/** The first diagonal cuts a quad well unless one of its halves points against the whole. */
function cutQuad(output: Output, indices: Int32Array, points: Float32Array, face: number, first: number): void {
  const p0 = indices[first]! * 3;
  const p1 = indices[first + 1]! * 3;
  const p2 = indices[first + 2]! * 3;
  const p3 = indices[first + 3]! * 3;
  const x0 = points[p0]!;
  const y0 = points[p0 + 1]!;
  const z0 = points[p0 + 2]!;
  const dx = points[p2]! - x0;
  const dy = points[p2 + 1]! - y0;
  const dz = points[p2 + 2]! - z0;
  const ux = points[p1]! - x0;
  const uy = points[p1 + 1]! - y0;
  const uz = points[p1 + 2]! - z0;
  const vx = points[p3]! - x0;
  const vy = points[p3 + 1]! - y0;
  const vz = points[p3 + 2]! - z0;
  const ax = uy * dz - uz * dy;
  const ay = uz * dx - ux * dz;
  const az = ux * dy - uy * dx;
  const bx = dy * vz - dz * vy;
  const by = dz * vx - dx * vz;
  const bz = dx * vy - dy * vx;
  const nx = ax + bx;
  const ny = ay + by;
  const nz = az + bz;
  if (ax * nx + ay * ny + az * nz < 0 || bx * nx + by * ny + bz * nz < 0) {
    emit(output, indices, face, first + 1, first + 2, first + 3);
    emit(output, indices, face, first + 1, first + 3, first);
  } else {
    emit(output, indices, face, first, first + 1, first + 2);
    emit(output, indices, face, first, first + 2, first + 3);
  }
}

function cutPolygon(
  output: Output,
  indices: Int32Array,
  points: Float32Array,
  face: number,
  first: number,
  count: number,
  budget: ClipBudget,
): void {
  const ears = earClip(indices, points, first, count, budget);
  if (ears === undefined) {
    for (let i = 1; i + 1 < count; i++) emit(output, indices, face, first, first + i, first + i + 1);
  } else {
    for (let i = 0; i < ears.length; i += 3) emit(output, indices, face, first + ears[i]!, first + ears[i + 1]!, first + ears[i + 2]!);
  }
}

function isInside(indices: Int32Array, first: number, count: number, pointCount: number): boolean {
  for (let i = first; i < first + count; i++) if (indices[i]! < 0 || indices[i]! >= pointCount) return false;
  return true;
}

export function markHoles(holeIndices: Int32Array | undefined, faceCount: number): Uint8Array | undefined {
  if (holeIndices === undefined || holeIndices.length === 0) return undefined;
  const isHole = new Uint8Array(faceCount);
  for (const face of holeIndices) if (face >= 0 && face < faceCount) isHole[face] = 1;
  return isHole;
}

/** Upper bound of the triangles, holes included; bounded by the indices that are there, whatever the counts claim. */
export function countTriangles(faceVertexCounts: Int32Array, indexCount: number): number {
  let triangles = 0;
  let used = 0;
  for (const count of faceVertexCounts) {
    used += count;
    if (count < 0 || used > indexCount) break;
    if (count > 2) triangles += count - 2;
  }
  return triangles;
}
