import { alloc, mark, release } from './memory';

/**
 * MikkTSpace tangents: the steps, the order of operations and so the bits of tangents-reference.ts.
 * Tables of one step are released before the next; at most about 300 bytes per triangle are in use, inputs and result included.
 */
const PRESERVES_ORIENTATION: u32 = 1;
const JOINS_ANY: u32 = 2;
const DEGENERATE: u32 = 4;
const MAX_SPLIT: u32 = 512;
const TINY: f32 = 1.1754943508222875e-38;

/** Inputs and tables of the running job, three corners per triangle. */
let cornerCount: u32 = 0;
let positions: usize = 0;
let normals: usize = 0;
let uvs: usize = 0;
/** Vertex of a corner: the first corner equal to it. */
let vertices: usize = 0;
let flags: usize = 0;
let alongS: usize = 0;
let alongT: usize = 0;
let neighbors: usize = 0;
let groupOf: usize = 0;
let begins: usize = 0;
let members: usize = 0;
let orientations: usize = 0;

/** Result: 1, or 0 when memory is out. */
export function tangents(positionsIn: usize, normalsIn: usize, uvsIn: usize, corners: u32, result: usize): i32 {
  positions = positionsIn;
  normals = normalsIn;
  uvs = uvsIn;
  cornerCount = corners;
  const triangles = corners / 3;
  vertices = alloc(corners * 4);
  flags = alloc(triangles);
  alongS = alloc(triangles * 12);
  alongT = alloc(triangles * 12);
  neighbors = alloc(corners * 4);
  groupOf = alloc(corners * 4);
  if (vertices == 0 || flags == 0 || alongS == 0 || alongT == 0 || neighbors == 0 || groupOf == 0) return 0;
  memory.fill(alongS, 0, triangles * 12);
  memory.fill(alongT, 0, triangles * 12);
  memory.fill(neighbors, 0xff, corners * 4);
  memory.fill(groupOf, 0xff, corners * 4);
  if (!weldCorners()) return 0;
  let hasDegenerate = false;
  for (let t: u32 = 0; t < triangles; t++) {
    derive(t);
    if (load<u8>(flags + t) == DEGENERATE) hasDegenerate = true;
  }
  if (!matchEdges()) return 0;
  const groups = buildGroups();
  if (groups < 0) return 0;
  for (let corner: u32 = 0; corner < corners; corner++) v128.store(result + (corner << 4), f32x4(1, 0, 0, -1));
  let longest: u32 = 0;
  for (let group: u32 = 0; group < <u32>groups; group++) longest = max(longest, get(begins, group + 1) - get(begins, group));
  const scratch = alloc(longest * 32);
  if (scratch == 0) return 0;
  for (let group: u32 = 0; group < <u32>groups; group++) averageGroup(group, scratch, result);
  return hasDegenerate ? copyToDegenerate(result) : 1;
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

// @ts-ignore: decorator
@inline
function nextCorner(corner: u32): u32 {
  return corner % 3 == 2 ? corner - 2 : corner + 1;
}

// @ts-ignore: decorator
@inline
function previousCorner(corner: u32): u32 {
  return corner % 3 == 0 ? corner + 2 : corner - 1;
}

/** Slots for twice the entries. */
function tableMask(count: u32): u32 {
  let size: u32 = 16;
  while (size < count * 2 + 1) size <<= 1;
  return size - 1;
}

/** Taken slots that may be passed before the caller takes the way that no input makes slow; see weld-reference.ts. */
function mostSteps(): u32 {
  return cornerCount * 16 + 1024;
}

function weldCorners(): bool {
  const before = mark();
  const mask = tableMask(cornerCount);
  const table = alloc((mask + 1) << 2);
  if (table == 0) return false;
  memory.fill(table, 0, (mask + 1) << 2);
  let steps = mostSteps();
  for (let corner: u32 = 0; corner < cornerCount; corner++) {
    const position = positionOf(corner);
    const normal = normalOf(corner);
    const uv = uvOf(corner);
    const mixed = i32x4.add(i32x4.mul(position, i32x4(0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0)), i32x4.add(i32x4.mul(normal, i32x4(0x27d4eb2f, 0x165667b1, 0x2c1b3c6d, 0)), i32x4.mul(uv, i32x4(0x297a2d39, 0x7feb352d, 0, 0))));
    let hash = <u32>i32x4.extract_lane(mixed, 0) ^ rotl<u32>(i32x4.extract_lane(mixed, 1), 11) ^ rotl<u32>(i32x4.extract_lane(mixed, 2), 22);
    hash ^= hash >> 16;
    hash *= 0x85ebca6b;
    let slot = (hash ^ (hash >> 13)) & mask;
    for (;;) {
      const found = get(table, slot);
      if (found == 0) {
        set(table, slot, corner + 1);
        set(vertices, corner, corner);
        break;
      }
      const other = found - 1;
      const difference = v128.or(
        v128.or(v128.xor(position, positionOf(other)), v128.xor(normal, normalOf(other))),
        v128.xor(uv, uvOf(other)),
      );
      if (!v128.any_true(difference)) {
        set(vertices, corner, other);
        break;
      }
      if (steps-- == 0) return false;
      slot = (slot + 1) & mask;
    }
  }
  release(before);
  return true;
}

// @ts-ignore: decorator
@inline
function positionOf(corner: u32): v128 {
  return clean(v128.load(positions + corner * 12));
}

// @ts-ignore: decorator
@inline
function normalOf(corner: u32): v128 {
  return clean(v128.load(normals + corner * 12));
}

// @ts-ignore: decorator
@inline
function uvOf(corner: u32): v128 {
  return f32x4.add(v128.load64_zero(uvs + (corner << 3)), f32x4.splat(0));
}

/** Three lanes; −0 becomes 0. */
// @ts-ignore: decorator
@inline
function clean(v: v128): v128 {
  return v128.and(f32x4.add(v, f32x4.splat(0)), i32x4(-1, -1, -1, 0));
}

// @ts-ignore: decorator
@inline
function length(x: f32, y: f32, z: f32): f32 {
  return sqrt<f32>(x * x + y * y + z * z);
}

function derive(t: u32): void {
  const p = positions + t * 36;
  const ax = load<f32>(p);
  const ay = load<f32>(p, 4);
  const az = load<f32>(p, 8);
  const bx = load<f32>(p, 12);
  const by = load<f32>(p, 16);
  const bz = load<f32>(p, 20);
  const cx = load<f32>(p, 24);
  const cy = load<f32>(p, 28);
  const cz = load<f32>(p, 32);
  if ((ax == bx && ay == by && az == bz) || (bx == cx && by == cy && bz == cz) || (cx == ax && cy == ay && cz == az)) {
    store<u8>(flags + t, DEGENERATE);
    return;
  }
  const u = uvs + t * 24;
  const s1 = load<f32>(u, 8) - load<f32>(u);
  const t1 = load<f32>(u, 12) - load<f32>(u, 4);
  const s2 = load<f32>(u, 16) - load<f32>(u);
  const t2 = load<f32>(u, 20) - load<f32>(u, 4);
  const d1x = bx - ax;
  const d1y = by - ay;
  const d1z = bz - az;
  const d2x = cx - ax;
  const d2y = cy - ay;
  const d2z = cz - az;
  const area = s1 * t2 - t1 * s2;
  let flag = JOINS_ANY | (area > 0 ? PRESERVES_ORIENTATION : 0);
  const size = abs<f32>(area);
  if (size > TINY) {
    const sx = t2 * d1x - t1 * d2x;
    const sy = t2 * d1y - t1 * d2y;
    const sz = t2 * d1z - t1 * d2z;
    const tx = -s2 * d1x + s1 * d2x;
    const ty = -s2 * d1y + s1 * d2y;
    const tz = -s2 * d1z + s1 * d2z;
    const lengthS = length(sx, sy, sz);
    const lengthT = length(tx, ty, tz);
    const sign: f32 = area > 0 ? 1 : -1;
    const scaleS: f32 = lengthS > TINY ? sign / lengthS : 1;
    const scaleT: f32 = lengthT > TINY ? sign / lengthT : 1;
    const outS = alongS + t * 12;
    const outT = alongT + t * 12;
    store<f32>(outS, scaleS * sx);
    store<f32>(outS, scaleS * sy, 4);
    store<f32>(outS, scaleS * sz, 8);
    store<f32>(outT, scaleT * tx);
    store<f32>(outT, scaleT * ty, 4);
    store<f32>(outT, scaleT * tz, 8);
    if (lengthS / size > TINY && lengthT / size > TINY) flag &= ~JOINS_ANY;
  }
  store<u8>(flags + t, flag);
}

function matchEdges(): bool {
  const before = mark();
  const mask = tableMask(cornerCount);
  const table = alloc((mask + 1) << 2);
  const head = alloc(cornerCount * 4);
  const tail = alloc(cornerCount * 4);
  const waitingNext = alloc(cornerCount * 4);
  if (table == 0 || head == 0 || tail == 0 || waitingNext == 0) return false;
  memory.fill(table, 0, (mask + 1) << 2);
  memory.fill(head, 0xff, cornerCount * 4);
  memory.fill(waitingNext, 0xff, cornerCount * 4);
  let steps = mostSteps();
  for (let side: u32 = 0; side < cornerCount; side++) {
    const t = side / 3;
    if ((load<u8>(flags + t) & DEGENERATE) != 0) continue;
    const from = get(vertices, side);
    const to = get(vertices, nextCorner(side));
    const low = min(from, to);
    const high = max(from, to);
    let hash = (low * 0x9e3779b1) ^ (high * 0x85ebca6b);
    hash ^= hash >> 15;
    let slot = ((hash * 0x2c1b3c6d) >> 8) & mask;
    let edge: u32 = 0;
    for (;;) {
      const found = get(table, slot);
      if (found == 0) {
        set(table, slot, side + 1);
        edge = side;
        break;
      }
      edge = found - 1;
      const a = get(vertices, edge);
      const b = get(vertices, nextCorner(edge));
      if (min(a, b) == low && max(a, b) == high) break;
      if (steps-- == 0) return false;
      slot = (slot + 1) & mask;
    }
    const waiting = get(head, edge);
    if (<i32>waiting >= 0 && get(vertices, waiting) == to) {
      set(neighbors, waiting, t);
      set(neighbors, side, waiting / 3);
      set(head, edge, get(waitingNext, waiting));
    } else {
      if (<i32>waiting < 0) set(head, edge, side);
      else set(waitingNext, get(tail, edge), side);
      set(tail, edge, side);
    }
  }
  release(before);
  return true;
}

/** Result: the number of groups, −1 when memory is out. */
function buildGroups(): i32 {
  orientations = alloc(cornerCount);
  begins = alloc((cornerCount + 1) * 4);
  members = alloc(cornerCount * 4);
  const before = mark();
  const stack = alloc((cornerCount * 2 + 2) * 4);
  if (orientations == 0 || begins == 0 || members == 0 || stack == 0) return -1;
  let groups: u32 = 0;
  for (let corner: u32 = 0; corner < cornerCount; corner++) {
    const flag = <u32>load<u8>(flags + corner / 3);
    if ((flag & (JOINS_ANY | DEGENERATE)) != 0 || <i32>get(groupOf, corner) >= 0) continue;
    const side = flag & PRESERVES_ORIENTATION;
    store<u8>(orientations + groups, side);
    set(groupOf, corner, groups);
    const center = get(vertices, corner);
    let depth: u32 = 2;
    set(stack, 0, get(neighbors, previousCorner(corner)));
    set(stack, 1, get(neighbors, corner));
    while (depth > 0) {
      const other = get(stack, --depth);
      if (<i32>other < 0) continue;
      const base = other * 3;
      const at = get(vertices, base) == center ? base : get(vertices, base + 1) == center ? base + 1 : base + 2;
      if (<i32>get(groupOf, at) >= 0) continue;
      let otherFlag = <u32>load<u8>(flags + other);
      if ((otherFlag & JOINS_ANY) != 0 && <i32>(get(groupOf, base) & get(groupOf, base + 1) & get(groupOf, base + 2)) == -1) {
        otherFlag = (otherFlag & ~PRESERVES_ORIENTATION) | side;
        store<u8>(flags + other, otherFlag);
      }
      if ((otherFlag & PRESERVES_ORIENTATION) != side) continue;
      set(groupOf, at, groups);
      set(stack, depth++, get(neighbors, previousCorner(at)));
      set(stack, depth++, get(neighbors, at));
    }
    groups++;
  }
  // corners by group: begins[g + 1] counts, then sums, and is the place of the next corner while filling
  memory.fill(begins, 0, (groups + 1) * 4);
  for (let corner: u32 = 0; corner < cornerCount; corner++) {
    const group = get(groupOf, corner);
    if (<i32>group >= 0) set(begins, group, get(begins, group) + 1);
  }
  let sum: u32 = 0;
  for (let group: u32 = 0; group <= groups; group++) {
    const count = get(begins, group);
    set(begins, group, sum);
    sum += count;
  }
  const fill = stack;
  memory.copy(fill, begins, groups * 4);
  for (let corner: u32 = 0; corner < cornerCount; corner++) {
    const group = get(groupOf, corner);
    if (<i32>group < 0) continue;
    const place = get(fill, group);
    set(members, place, corner);
    set(fill, group, place + 1);
  }
  release(before);
  return groups;
}

/** `scratch` has per member: unit s and t in the normal plane, the angle at the corner, 1 if it joins any. */
function averageGroup(group: u32, scratch: usize, result: usize): void {
  const begin = get(begins, group);
  const count = get(begins, group + 1) - begin;
  const sign: f32 = load<u8>(orientations + group) == 1 ? 1 : -1;
  let isOneSided = true;
  let reference: usize = 0;
  for (let m: u32 = 0; m < count; m++) {
    const corner = get(members, begin + m);
    const t = corner / 3;
    const at = scratch + (m << 5);
    store<f32>(at, projectAndMeasure(at, corner, t), 24);
    const joins = (load<u8>(flags + t) & JOINS_ANY) != 0;
    store<u32>(at, joins, 28);
    if (joins) continue;
    if (reference == 0) reference = at;
    else if (isOneSided) isOneSided = dot3(reference, at) > <f32>0.01 && dot3(reference + 12, at + 12) > <f32>0.01;
  }
  const isSplit = !isOneSided && count <= MAX_SPLIT;
  for (let m: u32 = 0; m < count; m++) {
    const out = result + (get(members, begin + m) << 4);
    if (m > 0 && !isSplit) {
      v128.store(out, v128.load(result + (get(members, begin) << 4)));
      continue;
    }
    const mine = scratch + (m << 5);
    const compares = isSplit && load<u32>(mine, 28) == 0;
    let x: f32 = 0;
    let y: f32 = 0;
    let z: f32 = 0;
    for (let other: u32 = 0; other < count; other++) {
      const at = scratch + (other << 5);
      if (load<u32>(at, 28) != 0) continue;
      if (compares && other != m && !(dot3(mine, at) > -1 && dot3(mine + 12, at + 12) > -1)) continue;
      const angle = load<f32>(at, 24);
      x += angle * load<f32>(at);
      y += angle * load<f32>(at, 4);
      z += angle * load<f32>(at, 8);
    }
    const scale: f32 = isAny(x, y, z) ? 1 / length(x, y, z) : 1;
    store<f32>(out, scale * x);
    store<f32>(out, scale * y, 4);
    store<f32>(out, scale * z, 8);
    store<f32>(out, sign, 12);
  }
}

// @ts-ignore: decorator
@inline
function isAny(x: f32, y: f32, z: f32): bool {
  return abs<f32>(x) > TINY || abs<f32>(y) > TINY || abs<f32>(z) > TINY;
}

/**
 * Four vectors at once, x y z in a register each: along s, along t, and the triangle's edges to the corners before and after.
 * Stores the parts of the first two perpendicular to the normal, made unit length where they have any.
 * Result: the angle between the edges as seen along the normal, radians.
 */
function projectAndMeasure(into: usize, corner: u32, t: u32): f32 {
  const at = positions + corner * 12;
  const origin = v128.load(at);
  const before = f32x4.sub(v128.load(positions + previousCorner(corner) * 12), origin);
  const after = f32x4.sub(v128.load(positions + nextCorner(corner) * 12), origin);
  const s = v128.load(alongS + t * 12);
  const d = v128.load(alongT + t * 12);
  const normal = v128.load(normals + corner * 12);
  const nx = f32x4.shuffle(normal, normal, 0, 0, 0, 0);
  const ny = f32x4.shuffle(normal, normal, 1, 1, 1, 1);
  const nz = f32x4.shuffle(normal, normal, 2, 2, 2, 2);
  const xy = f32x4.shuffle(s, d, 0, 4, 1, 5);
  const edges = f32x4.shuffle(before, after, 0, 4, 1, 5);
  let x = f32x4.shuffle(xy, edges, 0, 1, 4, 5);
  let y = f32x4.shuffle(xy, edges, 2, 3, 6, 7);
  let z = f32x4.shuffle(f32x4.shuffle(s, d, 2, 6, 2, 6), f32x4.shuffle(before, after, 2, 6, 2, 6), 0, 1, 4, 5);
  const along = f32x4.add(f32x4.add(f32x4.mul(nx, x), f32x4.mul(ny, y)), f32x4.mul(nz, z));
  x = f32x4.sub(x, f32x4.mul(along, nx));
  y = f32x4.sub(y, f32x4.mul(along, ny));
  z = f32x4.sub(z, f32x4.mul(along, nz));
  const one = f32x4.splat(1);
  const tiny = f32x4.splat(TINY);
  const hasLength = v128.or(v128.or(f32x4.gt(f32x4.abs(x), tiny), f32x4.gt(f32x4.abs(y), tiny)), f32x4.gt(f32x4.abs(z), tiny));
  const lengths = f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z)));
  const scale = v128.bitselect(f32x4.div(one, lengths), one, hasLength);
  x = f32x4.mul(x, scale);
  y = f32x4.mul(y, scale);
  z = f32x4.mul(z, scale);
  // x y z of s, then of t
  const first = f32x4.shuffle(x, y, 0, 4, 1, 5);
  v128.store(into, f32x4.shuffle(first, z, 0, 1, 4, 2));
  v128.store64_lane(into + 16, f32x4.shuffle(first, z, 3, 5, 3, 5), 0);
  const products = f32x4.add(f32x4.add(swapEdges(x), swapEdges(y)), swapEdges(z));
  return arcCosine(<f64>f32x4.extract_lane(products, 0));
}

/** In lane 0: the product of lanes 2 and 3. */
// @ts-ignore: decorator
@inline
function swapEdges(v: v128): v128 {
  return f32x4.mul(f32x4.shuffle(v, v, 2, 2, 2, 2), f32x4.shuffle(v, v, 3, 3, 3, 3));
}

/** Abramowitz and Stegun 4.4.46. */
function arcCosine(cosine: f64): f32 {
  const x = min<f64>(abs<f64>(cosine), 1);
  let sum: f64 = -0.0012624911;
  sum = sum * x + 0.0066700901;
  sum = sum * x - 0.0170881256;
  sum = sum * x + 0.030891881;
  sum = sum * x - 0.0501743046;
  sum = sum * x + 0.0889789874;
  sum = sum * x - 0.2145988016;
  sum = sum * x + 1.570796305;
  let angle: f64 = sqrt<f64>(1 - x) * sum;
  if (cosine < 0) angle = 3.141592653589793 - angle;
  return <f32>angle;
}

// @ts-ignore: decorator
@inline
function dot3(a: usize, b: usize): f32 {
  return load<f32>(a) * load<f32>(b) + load<f32>(a, 4) * load<f32>(b, 4) + load<f32>(a, 8) * load<f32>(b, 8);
}

/** A degenerate triangle's corner takes what the first sound corner of its vertex has. */
function copyToDegenerate(result: usize): i32 {
  const sound = alloc(cornerCount * 4);
  if (sound == 0) return 0;
  memory.fill(sound, 0xff, cornerCount * 4);
  for (let corner = <i32>cornerCount - 1; corner >= 0; corner--) {
    if ((load<u8>(flags + corner / 3) & DEGENERATE) == 0) set(sound, get(vertices, corner), corner);
  }
  for (let corner: u32 = 0; corner < cornerCount; corner++) {
    if ((load<u8>(flags + corner / 3) & DEGENERATE) == 0) continue;
    const from = get(sound, get(vertices, corner));
    if (<i32>from >= 0) v128.store(result + (corner << 4), v128.load(result + (from << 4)));
  }
  return 1;
}
