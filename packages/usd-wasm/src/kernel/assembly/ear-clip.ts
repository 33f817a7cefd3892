import { alloc, mark, release } from './memory';

/** Ear clipping in f64, the steps of ear-clip-reference.ts; its tables are at the end of the arena and reused by the next face. */
const CLIP_TESTS: i32 = 1 << 27;
let tests: i32 = 0;

/** Where the running face's tables are. */
let xy: usize = 0;
let turns: usize = 0;
let previous: usize = 0;
let next: usize = 0;
let triangles: usize = 0;

export function resetBudget(): void {
  tests = CLIP_TESTS;
}

/** Result: 0 when memory is out; 1 when a fan is right; or the address of the triangles, valid until the next call. */
export function earClip(indices: usize, points: usize, count: u32): usize {
  const before = mark();
  xy = alloc(count * 16);
  turns = alloc(count * 8);
  previous = alloc(count * 4);
  next = alloc(count * 4);
  triangles = alloc(count * 12);
  const hasRoom = xy != 0 && turns != 0 && previous != 0 && next != 0 && triangles != 0;
  release(before);
  if (!hasRoom) return 0;
  if (!project(indices, points, count)) return 1;
  let hasReflex = false;
  for (let i: u32 = 0; i < count; i++) {
    const a = i == 0 ? count - 1 : i - 1;
    const c = i + 1 == count ? 0 : i + 1;
    const turn = turnAt(a, i, c);
    store<f64>(turns + (<usize>i << 3), turn);
    set(previous, i, a);
    set(next, i, c);
    if (turn < 0) hasReflex = true;
  }
  if (!hasReflex) return 1;
  clip(count);
  return triangles;
}

function clip(count: u32): void {
  let out = triangles;
  let remaining = count;
  let corner: u32 = 0;
  let misses: u32 = 0;
  let tolerance = 0;
  while (remaining > 3) {
    const a = get(previous, corner);
    const c = get(next, corner);
    const turn = load<f64>(turns + (<usize>corner << 3));
    if (!(tolerance == 2 || tests <= 0 || (turn > 0 && isEmpty(a, corner, c)) || (tolerance == 1 && turn == 0))) {
      corner = c;
      tests--;
      if (++misses >= remaining) {
        misses = 0;
        tolerance++;
      }
      continue;
    }
    store<u32>(out, a);
    store<u32>(out, corner, 4);
    store<u32>(out, c, 8);
    out += 12;
    set(next, a, c);
    set(previous, c, a);
    store<f64>(turns + (<usize>a << 3), turnAt(get(previous, a), a, c));
    store<f64>(turns + (<usize>c << 3), turnAt(a, c, get(next, c)));
    remaining--;
    misses = 0;
    tolerance = 0;
    corner = tests <= 0 ? c : get(next, c);
  }
  store<u32>(out, get(previous, corner));
  store<u32>(out, corner, 4);
  store<u32>(out, get(next, corner), 8);
}

// @ts-ignore: decorator
@inline
function get(array: usize, index: u32): u32 {
  return load<u32>(array + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function set(array: usize, index: u32, value: u32): void {
  store<u32>(array + (<usize>index << 2), value);
}

/** Result: false when the polygon has no area or is not finite. */
function project(indices: usize, points: usize, count: u32): bool {
  let nx: f64 = 0;
  let ny: f64 = 0;
  let nz: f64 = 0;
  const origin = points + get(indices, 0) * 12;
  const ox = <f64>load<f32>(origin);
  const oy = <f64>load<f32>(origin, 4);
  const oz = <f64>load<f32>(origin, 8);
  for (let i: u32 = 1; i + 1 < count; i++) {
    const b = points + get(indices, i) * 12;
    const c = points + get(indices, i + 1) * 12;
    const ux = <f64>load<f32>(b) - ox;
    const uy = <f64>load<f32>(b, 4) - oy;
    const uz = <f64>load<f32>(b, 8) - oz;
    const vx = <f64>load<f32>(c) - ox;
    const vy = <f64>load<f32>(c, 4) - oy;
    const vz = <f64>load<f32>(c, 8) - oz;
    nx += uy * vz - uz * vy;
    ny += uz * vx - ux * vz;
    nz += ux * vy - uy * vx;
  }
  const sizeX = abs<f64>(nx);
  const sizeY = abs<f64>(ny);
  const sizeZ = abs<f64>(nz);
  let u: usize = 0;
  let v: usize = 4;
  let facing = nz;
  if (sizeX >= sizeY && sizeX >= sizeZ) {
    u = 4;
    v = 8;
    facing = nx;
  } else if (sizeY >= sizeZ) {
    u = 8;
    v = 0;
    facing = ny;
  }
  if (!(abs<f64>(facing) > 0 && abs<f64>(facing) < Infinity)) return false;
  const sign: f64 = facing < 0 ? -1 : 1;
  for (let i: u32 = 0; i < count; i++) {
    const point = points + get(indices, i) * 12;
    const at = xy + (<usize>i << 4);
    store<f64>(at, <f64>load<f32>(point + u));
    store<f64>(at, sign * <f64>load<f32>(point + v), 8);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function x(corner: u32): f64 {
  return load<f64>(xy + (<usize>corner << 4));
}

// @ts-ignore: decorator
@inline
function y(corner: u32): f64 {
  return load<f64>(xy + (<usize>corner << 4), 8);
}

/** Positive: the outline turns left at b. */
function turnAt(a: u32, b: u32, c: u32): f64 {
  return (x(b) - x(a)) * (y(c) - y(b)) - (y(b) - y(a)) * (x(c) - x(b));
}

/** Whether no reflex corner of the rest lies in the triangle or on its edge. */
function isEmpty(a: u32, b: u32, c: u32): bool {
  const ax = x(a);
  const ay = y(a);
  const bx = x(b);
  const by = y(b);
  const cx = x(c);
  const cy = y(c);
  for (let i = get(next, c); i != a; i = get(next, i)) {
    tests--;
    if (load<f64>(turns + (<usize>i << 3)) > 0) continue;
    const px = x(i);
    const py = y(i);
    if (
      (bx - ax) * (py - ay) - (by - ay) * (px - ax) >= 0 &&
      (cx - bx) * (py - by) - (cy - by) * (px - bx) >= 0 &&
      (ax - cx) * (py - cy) - (ay - cy) * (px - cx) >= 0 &&
      !((px == ax && py == ay) || (px == bx && py == by) || (px == cx && py == cy))
    ) {
      return false;
    }
  }
  return true;
}
