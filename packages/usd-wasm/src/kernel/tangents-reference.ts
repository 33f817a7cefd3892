import { KernelError } from './kernel-error.ts';
import { mostSteps, weld } from './weld-reference.ts';

/**
 * Tangents of triangles as MikkTSpace makes them (M. Mikkelsen, "Simulation of wrinkled surfaces revisited", 2008, and its
 * standard implementation, mikktspace.c; default angular threshold of 180°), so that normal maps baked elsewhere look right.
 *
 * Method: corners equal in position, normal and texture coordinate are one vertex. Each triangle has the derivatives of
 * position along s and t. Triangles around a vertex that are connected over shared edges and have the same orientation in
 * texture space form a group; a group's tangent is the angle-weighted mean of its triangles' derivatives in the vertex's
 * normal plane. Where directions in a group are exactly opposite, each corner averages only those not opposite to it.
 * Triangles without an area in texture space join any group; those without an area in space copy a neighbour's result.
 *
 * All arithmetic is f32, in the order of mikktspace.c, sums in triangle order. Angles come from a polynomial (below), so that
 * every machine gets the same bits. Groups of more than `MAX_SPLIT` triangles are not searched for opposite directions.
 *
 * @param positions unindexed triangles, shape [9·T]
 * @param normals unit length, shape [9·T]
 * @param uvs shape [6·T], v as authored
 * @returns per corner x, y, z and sign (±1; bitangent = sign · normal × tangent), shape [12·T]
 * @throws KernelError `kernel-length` when the shapes disagree
 */
export function tangents(positions: Float32Array, normals: Float32Array, uvs: Float32Array): Float32Array {
  const cornerCount = checkTangentShapes(positions, normals, uvs);
  const vertices = weld(tangentRows(positions, normals, uvs), 8);
  const triangles = new Triangles(positions, uvs, vertices.remap);
  matchEdges(triangles);
  const groups = buildGroups(triangles);
  const result = new Float32Array(cornerCount * 4);
  for (let corner = 0; corner < cornerCount; corner++) {
    result[corner * 4] = 1;
    result[corner * 4 + 3] = -1;
  }
  const scratch = new Float32Array(8 * groups.longest);
  for (let group = 0; group < groups.count; group++) {
    averageGroup(triangles, groups, group, positions, normals, scratch, result);
  }
  copyToDegenerate(triangles, vertices.first.length, result);
  return result;
}

/** Beyond this many triangles in one group the pairwise search would take too long for what it finds. */
const MAX_SPLIT = 512;
/** The smallest normal f32: lengths and areas below it count as none. */
const TINY = 1.1754943508222875e-38;

export function checkTangentShapes(positions: Float32Array, normals: Float32Array, uvs: Float32Array): number {
  const cornerCount = positions.length / 3;
  if (positions.length % 9 !== 0 || normals.length !== positions.length || uvs.length !== cornerCount * 2) {
    throw new KernelError(
      'kernel-length',
      0,
      `tangents need 9 position, 9 normal and 6 texture coordinate numbers per triangle, not ${positions.length}, ${normals.length} and ${uvs.length}`,
    );
  }
  return cornerCount;
}

/** Position, normal, texture coordinate of each corner; + 0 makes −0 equal 0. */
function tangentRows(positions: Float32Array, normals: Float32Array, uvs: Float32Array): Uint32Array {
  const rows = new Float32Array((positions.length / 3) * 8);
  for (let row = 0, i = 0, j = 0; row < rows.length; row += 8, i += 3, j += 2) {
    rows[row] = positions[i]! + 0;
    rows[row + 1] = positions[i + 1]! + 0;
    rows[row + 2] = positions[i + 2]! + 0;
    rows[row + 3] = normals[i]! + 0;
    rows[row + 4] = normals[i + 1]! + 0;
    rows[row + 5] = normals[i + 2]! + 0;
    rows[row + 6] = uvs[j]! + 0;
    rows[row + 7] = uvs[j + 1]! + 0;
  }
  return new Uint32Array(rows.buffer);
}

const PRESERVES_ORIENTATION = 1;
/** No area in texture space: follows whatever group finds it. */
const JOINS_ANY = 2;
/** Two corners in one place: no part in anything. */
const DEGENERATE = 4;

const f = Math.fround;

class Triangles {
  readonly count: number;
  /** Vertex of each corner, shape [3·T]. */
  readonly vertex: Uint32Array;
  readonly flags: Uint8Array;
  /** Unit derivatives of position along s and t, shape [3·T] each. */
  readonly alongS: Float32Array;
  readonly alongT: Float32Array;
  /** Triangle over the edge from corner i to the next one, −1 for none, shape [3·T]. */
  readonly neighbor: Int32Array;

  constructor(positions: Float32Array, uvs: Float32Array, vertex: Uint32Array) {
    this.count = vertex.length / 3;
    this.vertex = vertex;
    this.flags = new Uint8Array(this.count);
    this.alongS = new Float32Array(vertex.length);
    this.alongT = new Float32Array(vertex.length);
    this.neighbor = new Int32Array(vertex.length).fill(-1);
    for (let t = 0; t < this.count; t++) this.#derive(positions, uvs, t);
  }

  #derive(positions: Float32Array, uvs: Float32Array, t: number): void {
    const p = t * 9;
    const ax = positions[p]!;
    const ay = positions[p + 1]!;
    const az = positions[p + 2]!;
    const bx = positions[p + 3]!;
    const by = positions[p + 4]!;
    const bz = positions[p + 5]!;
    const cx = positions[p + 6]!;
    const cy = positions[p + 7]!;
    const cz = positions[p + 8]!;
    if ((ax === bx && ay === by && az === bz) || (bx === cx && by === cy && bz === cz) || (cx === ax && cy === ay && cz === az)) {
      this.flags[t] = DEGENERATE;
      return;
    }
    const u = t * 6;
    const s1 = f(uvs[u + 2]! - uvs[u]!);
    const t1 = f(uvs[u + 3]! - uvs[u + 1]!);
    const s2 = f(uvs[u + 4]! - uvs[u]!);
    const t2 = f(uvs[u + 5]! - uvs[u + 1]!);
    const d1x = f(bx - ax);
    const d1y = f(by - ay);
    const d1z = f(bz - az);
    const d2x = f(cx - ax);
    const d2y = f(cy - ay);
    const d2z = f(cz - az);
    const area = f(f(s1 * t2) - f(t1 * s2)); // twice the signed area in texture space
    let flags = JOINS_ANY | (area > 0 ? PRESERVES_ORIENTATION : 0);
    if (Math.abs(area) > TINY) {
      const sx = f(f(t2 * d1x) - f(t1 * d2x));
      const sy = f(f(t2 * d1y) - f(t1 * d2y));
      const sz = f(f(t2 * d1z) - f(t1 * d2z));
      const tx = f(f(-s2 * d1x) + f(s1 * d2x));
      const ty = f(f(-s2 * d1y) + f(s1 * d2y));
      const tz = f(f(-s2 * d1z) + f(s1 * d2z));
      const lengthS = length(sx, sy, sz);
      const lengthT = length(tx, ty, tz);
      const sign = area > 0 ? 1 : -1;
      const out = t * 3;
      const scaleS = lengthS > TINY ? f(sign / lengthS) : 1;
      const scaleT = lengthT > TINY ? f(sign / lengthT) : 1;
      this.alongS[out] = scaleS * sx;
      this.alongS[out + 1] = scaleS * sy;
      this.alongS[out + 2] = scaleS * sz;
      this.alongT[out] = scaleT * tx;
      this.alongT[out + 1] = scaleT * ty;
      this.alongT[out + 2] = scaleT * tz;
      const size = Math.abs(area);
      if (f(lengthS / size) > TINY && f(lengthT / size) > TINY) flags &= ~JOINS_ANY;
    }
    this.flags[t] = flags;
  }
}

/**
 * Pairs triangles over edges walked in opposite directions. On an edge of more than two, the earliest of each direction pair
 * up first: unpaired sides wait in a queue per edge, and only one direction can be waiting at a time.
 */
function matchEdges(triangles: Triangles): void {
  const { vertex, neighbor, flags } = triangles;
  const sides = vertex.length;
  const edges = edgesOfSides(vertex, flags);
  const head = new Int32Array(sides).fill(-1);
  const tail = new Int32Array(sides);
  const waitingNext = new Int32Array(sides).fill(-1);
  for (let side = 0; side < sides; side++) {
    const t = Math.floor(side / 3);
    if ((flags[t]! & DEGENERATE) !== 0) continue;
    const to = vertex[nextCorner(side)]!;
    // stays when it is paired: `head` tells who waits
    const edge = edges[side]!;
    const waiting = head[edge]!;
    if (waiting >= 0 && vertex[waiting] === to) {
      neighbor[waiting] = t;
      neighbor[side] = Math.floor(waiting / 3);
      head[edge] = waitingNext[waiting]!;
    } else {
      if (waiting < 0) head[edge] = side;
      else waitingNext[tail[edge]!] = side;
      tail[edge] = side;
    }
  }
}

/** Per side, one that stands for all between the same two vertices. Those of degenerate triangles do not count. */
function edgesOfSides(vertex: Uint32Array, flags: Uint8Array): Int32Array {
  const sides = vertex.length;
  const edges = new Int32Array(sides);
  const mask = 2 ** Math.max(4, Math.ceil(Math.log2(sides * 2 + 1))) - 1;
  /** Side + 1 that stands for an edge; 0 is free. */
  const table = new Uint32Array(mask + 1);
  let steps = mostSteps(sides);
  for (let side = 0; side < sides; side++) {
    if ((flags[Math.floor(side / 3)]! & DEGENERATE) !== 0) continue;
    const from = vertex[side]!;
    const to = vertex[nextCorner(side)]!;
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = (Math.imul(hash, 0x2c1b3c6d) >>> 8) & mask;
    for (;;) {
      const found = table[slot]!;
      if (found === 0) {
        table[slot] = side + 1;
        edges[side] = side;
        break;
      }
      const a = vertex[found - 1]!;
      const b = vertex[nextCorner(found - 1)]!;
      if (Math.min(a, b) === low && Math.max(a, b) === high) {
        edges[side] = found - 1;
        break;
      }
      if (steps-- === 0) return edgesBySorting(vertex);
      slot = (slot + 1) & mask;
    }
  }
  return edges;
}

function edgesBySorting(vertex: Uint32Array): Int32Array {
  const keys = Float64Array.from(vertex, (from, side) => {
    const to = vertex[nextCorner(side)]!;
    return Math.min(from, to) * vertex.length + Math.max(from, to); // below 2^53 for any mesh that fits in memory
  });
  const order = Uint32Array.from(vertex, (_, side) => side).sort((a, b) => keys[a]! - keys[b]! || a - b);
  const edges = new Int32Array(vertex.length);
  for (let i = 0; i < order.length; i++) {
    const side = order[i]!;
    edges[side] = i > 0 && keys[order[i - 1]!] === keys[side] ? edges[order[i - 1]!]! : side;
  }
  return edges;
}

interface Groups {
  readonly count: number;
  /** Group of each corner, −1 for none, shape [3·T]. */
  readonly ofCorner: Int32Array;
  /** Where a group's corners begin in `corners`, shape [count + 1]. */
  readonly begin: Uint32Array;
  /** Corners by group, ascending. */
  readonly corners: Uint32Array;
  /** Orientation of each group, 1: preserved. */
  readonly orientation: Uint8Array;
  readonly longest: number;
}

/** Walks from each corner over shared edges around its vertex. The order decides whom a `JOINS_ANY` triangle follows. */
function buildGroups(triangles: Triangles): Groups {
  const { vertex, neighbor, flags } = triangles;
  const ofCorner = new Int32Array(vertex.length).fill(-1);
  const orientation = new Uint8Array(vertex.length);
  const stack: number[] = [];
  let count = 0;
  for (let corner = 0; corner < vertex.length; corner++) {
    const t = Math.floor(corner / 3);
    if ((flags[t]! & (JOINS_ANY | DEGENERATE)) !== 0 || ofCorner[corner]! >= 0) continue;
    const group = count++;
    const side = flags[t]! & PRESERVES_ORIENTATION;
    orientation[group] = side;
    ofCorner[corner] = group;
    const center = vertex[corner]!;
    stack.push(neighbor[previousCorner(corner)]!, neighbor[corner]!);
    while (stack.length > 0) {
      const other = stack.pop()!;
      if (other < 0) continue;
      const base = other * 3;
      const at = vertex[base] === center ? base : vertex[base + 1] === center ? base + 1 : base + 2;
      if (ofCorner[at]! >= 0) continue;
      if ((flags[other]! & JOINS_ANY) !== 0 && ofCorner[base]! < 0 && ofCorner[base + 1]! < 0 && ofCorner[base + 2]! < 0) {
        flags[other] = (flags[other]! & ~PRESERVES_ORIENTATION) | side;
      }
      if ((flags[other]! & PRESERVES_ORIENTATION) !== side) continue;
      ofCorner[at] = group;
      stack.push(neighbor[previousCorner(at)]!, neighbor[at]!);
    }
  }
  const begin = new Uint32Array(count + 1);
  for (const group of ofCorner) if (group >= 0) begin[group + 1]!++;
  let longest = 0;
  for (let group = 0; group < count; group++) {
    longest = Math.max(longest, begin[group + 1]!);
    begin[group + 1]! += begin[group]!;
  }
  const fill = begin.slice();
  const corners = new Uint32Array(begin[count]!);
  for (let corner = 0; corner < ofCorner.length; corner++) if (ofCorner[corner]! >= 0) corners[fill[ofCorner[corner]!]!++] = corner;
  return { count, ofCorner, begin, corners, orientation, longest };
}

/** Per member of a group in `scratch`: unit s and t in the normal plane, the angle at the corner, whether it joins any. */
function averageGroup(
  triangles: Triangles,
  groups: Groups,
  group: number,
  positions: Float32Array,
  normals: Float32Array,
  scratch: Float32Array,
  result: Float32Array,
): void {
  const { flags, alongS, alongT } = triangles;
  const begin = groups.begin[group]!;
  const members = groups.begin[group + 1]! - begin;
  const sign = groups.orientation[group] === 1 ? 1 : -1;
  let isOneSided = true;
  let reference = -1;
  for (let m = 0; m < members; m++) {
    const corner = groups.corners[begin + m]!;
    const t = Math.floor(corner / 3);
    const n = corner * 3;
    const nx = normals[n]!;
    const ny = normals[n + 1]!;
    const nz = normals[n + 2]!;
    const at = m * 8;
    projectInto(scratch, at, alongS[t * 3]!, alongS[t * 3 + 1]!, alongS[t * 3 + 2]!, nx, ny, nz);
    projectInto(scratch, at + 3, alongT[t * 3]!, alongT[t * 3 + 1]!, alongT[t * 3 + 2]!, nx, ny, nz);
    scratch[at + 6] = angleAt(positions, corner, nx, ny, nz);
    scratch[at + 7] = (flags[t]! & JOINS_ANY) !== 0 ? 1 : 0;
    if (scratch[at + 7] === 1) continue;
    if (reference < 0) reference = at;
    else if (isOneSided) isOneSided = dot3(scratch, reference, at) > 0.01 && dot3(scratch, reference + 3, at + 3) > 0.01;
  }
  const isSplit = !isOneSided && members <= MAX_SPLIT;
  for (let m = 0; m < members; m++) {
    const out = groups.corners[begin + m]! * 4;
    if (m > 0 && !isSplit) {
      const same = groups.corners[begin]! * 4;
      result.copyWithin(out, same, same + 4);
      continue;
    }
    let x = 0;
    let y = 0;
    let z = 0;
    for (let other = 0; other < members; other++) {
      const at = other * 8;
      if (scratch[at + 7] === 1) continue;
      if (isSplit && other !== m && scratch[m * 8 + 7] === 0) {
        if (!(dot3(scratch, m * 8, at) > -1 && dot3(scratch, m * 8 + 3, at + 3) > -1)) continue;
      }
      const angle = scratch[at + 6]!;
      x = f(x + f(angle * scratch[at]!));
      y = f(y + f(angle * scratch[at + 1]!));
      z = f(z + f(angle * scratch[at + 2]!));
    }
    const size = length(x, y, z);
    const scale = Math.abs(x) > TINY || Math.abs(y) > TINY || Math.abs(z) > TINY ? f(1 / size) : 1;
    result[out] = scale * x;
    result[out + 1] = scale * y;
    result[out + 2] = scale * z;
    result[out + 3] = sign;
  }
}

/** The part of v perpendicular to n, of unit length where it has any. */
function projectInto(into: Float32Array, at: number, vx: number, vy: number, vz: number, nx: number, ny: number, nz: number): void {
  const along = f(f(f(nx * vx) + f(ny * vy)) + f(nz * vz));
  const x = f(vx - f(along * nx));
  const y = f(vy - f(along * ny));
  const z = f(vz - f(along * nz));
  const scale = Math.abs(x) > TINY || Math.abs(y) > TINY || Math.abs(z) > TINY ? f(1 / length(x, y, z)) : 1;
  into[at] = scale * x;
  into[at + 1] = scale * y;
  into[at + 2] = scale * z;
}

const edgeIn = new Float32Array(6);

/** Angle of a triangle's corner as seen along n, radians. */
function angleAt(positions: Float32Array, corner: number, nx: number, ny: number, nz: number): number {
  const p = corner * 3;
  const before = previousCorner(corner) * 3;
  const after = nextCorner(corner) * 3;
  const x = positions[p]!;
  const y = positions[p + 1]!;
  const z = positions[p + 2]!;
  projectInto(edgeIn, 0, f(positions[before]! - x), f(positions[before + 1]! - y), f(positions[before + 2]! - z), nx, ny, nz);
  projectInto(edgeIn, 3, f(positions[after]! - x), f(positions[after + 1]! - y), f(positions[after + 2]! - z), nx, ny, nz);
  return arcCosine(dot3(edgeIn, 0, 3));
}

/** Abramowitz and Stegun 4.4.46, absolute error under 2e-8; evaluated in f64, given as f32. */
function arcCosine(cosine: number): number {
  const x = Math.min(Math.abs(cosine), 1);
  let sum = -0.0012624911;
  sum = sum * x + 0.0066700901;
  sum = sum * x - 0.0170881256;
  sum = sum * x + 0.030891881;
  sum = sum * x - 0.0501743046;
  sum = sum * x + 0.0889789874;
  sum = sum * x - 0.2145988016;
  sum = sum * x + 1.570796305;
  const angle = Math.sqrt(1 - x) * sum;
  return f(cosine < 0 ? Math.PI - angle : angle);
}

/** A degenerate triangle's corner takes what the first sound corner of its vertex has. */
function copyToDegenerate(triangles: Triangles, vertexCount: number, result: Float32Array): void {
  const { vertex, flags } = triangles;
  if (!flags.includes(DEGENERATE)) return;
  const sound = new Int32Array(vertexCount).fill(-1);
  for (let corner = vertex.length - 1; corner >= 0; corner--) {
    if ((flags[Math.floor(corner / 3)]! & DEGENERATE) === 0) sound[vertex[corner]!] = corner;
  }
  for (let corner = 0; corner < vertex.length; corner++) {
    const from = sound[vertex[corner]!]!;
    if (from >= 0 && (flags[Math.floor(corner / 3)]! & DEGENERATE) !== 0) result.copyWithin(corner * 4, from * 4, from * 4 + 4);
  }
}

function nextCorner(corner: number): number {
  return corner % 3 === 2 ? corner - 2 : corner + 1;
}

function previousCorner(corner: number): number {
  return corner % 3 === 0 ? corner + 2 : corner - 1;
}

function length(x: number, y: number, z: number): number {
  return f(Math.sqrt(f(f(f(x * x) + f(y * y)) + f(z * z))));
}

function dot3(values: Float32Array, a: number, b: number): number {
  return f(f(f(values[a]! * values[b]!) + f(values[a + 1]! * values[b + 1]!)) + f(values[a + 2]! * values[b + 2]!));
}
