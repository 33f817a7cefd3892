import { earClip, resetBudget } from './ear-clip';

/** The running job; see triangulate-reference.ts. */
let indices: usize = 0;
let points: usize = 0;
let corners: usize = 0;
let faces: usize = 0;
let triangles: u32 = 0;
/** Byte offset of the second corner of a triangle: 4, or 8 to turn it over. */
let second: usize = 4;
let invalid: u32 = 0;

/**
 * @param holes one byte per face, or 0
 * @param cornersOut room for all triangles, 12 bytes each
 * @returns triangles written, −1 when memory is out; then see `invalidFaces`
 */
export function triangulate(counts: usize, faceCount: u32, indicesIn: usize, indexCount: u32, pointsIn: usize, pointCount: u32, holes: usize, leftHanded: bool, cornersOut: usize, facesOut: usize): i32 {
  indices = indicesIn;
  points = pointsIn;
  corners = cornersOut;
  faces = facesOut;
  triangles = 0;
  second = leftHanded ? 8 : 4;
  invalid = 0;
  resetBudget();
  let base: u32 = 0;
  for (let face: u32 = 0; face < faceCount; face++) {
    const count = load<u32>(counts + (<usize>face << 2));
    if (count > indexCount - base) {
      // a negative count is a large one here; where the following faces begin is unknown
      invalid += faceCount - face;
      break;
    }
    const first = base;
    base += count;
    if (count < 3 || (holes != 0 && load<u8>(holes + face) != 0)) continue;
    if (!isInside(first, count, pointCount)) {
      invalid++;
      continue;
    }
    if (count == 3) emit(face, first, first + 1, first + 2);
    else if (count == 4) cutQuad(face, first);
    else if (!cutPolygon(face, first, count)) return -1;
  }
  return triangles;
}

export function invalidFaces(): u32 {
  return invalid;
}

// @ts-ignore: decorator
@inline
function index(corner: u32): u32 {
  return load<u32>(indices + (<usize>corner << 2));
}

function isInside(first: u32, count: u32, pointCount: u32): bool {
  for (let i = first; i < first + count; i++) if (index(i) >= pointCount) return false;
  return true;
}

// @ts-ignore: decorator
@inline
function emit(face: u32, a: u32, b: u32, c: u32): void {
  const p = index(a);
  const q = index(b);
  const r = index(c);
  if (p == q || q == r || r == p) return;
  const at = corners + <usize>triangles * 12;
  store<u32>(at, a);
  store<u32>(at + second, b);
  store<u32>(at + 12 - second, c);
  store<u32>(faces + (<usize>triangles << 2), face);
  triangles++;
}

function cutQuad(face: u32, first: u32): void {
  const p0 = points + index(first) * 12;
  const p1 = points + index(first + 1) * 12;
  const p2 = points + index(first + 2) * 12;
  const p3 = points + index(first + 3) * 12;
  const x0 = <f64>load<f32>(p0);
  const y0 = <f64>load<f32>(p0, 4);
  const z0 = <f64>load<f32>(p0, 8);
  const dx = <f64>load<f32>(p2) - x0;
  const dy = <f64>load<f32>(p2, 4) - y0;
  const dz = <f64>load<f32>(p2, 8) - z0;
  const ux = <f64>load<f32>(p1) - x0;
  const uy = <f64>load<f32>(p1, 4) - y0;
  const uz = <f64>load<f32>(p1, 8) - z0;
  const vx = <f64>load<f32>(p3) - x0;
  const vy = <f64>load<f32>(p3, 4) - y0;
  const vz = <f64>load<f32>(p3, 8) - z0;
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
    emit(face, first + 1, first + 2, first + 3);
    emit(face, first + 1, first + 3, first);
  } else {
    emit(face, first, first + 1, first + 2);
    emit(face, first, first + 2, first + 3);
  }
}

/** Result: false when memory is out. */
function cutPolygon(face: u32, first: u32, count: u32): bool {
  const ears = earClip(indices + (<usize>first << 2), points, count);
  if (ears == 0) return false;
  if (ears == 1) {
    for (let i: u32 = 1; i + 1 < count; i++) emit(face, first, first + i, first + i + 1);
  } else {
    const end = ears + <usize>(count - 2) * 12;
    for (let ear = ears; ear < end; ear += 12) emit(face, first + load<u32>(ear), first + load<u32>(ear, 4), first + load<u32>(ear, 8));
  }
  return true;
}
