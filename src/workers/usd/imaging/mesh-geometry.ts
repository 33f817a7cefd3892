/**
 * From the topology and primvars of a polygon mesh to triangles with one entry per vertex.
 *
 * Method. Faces are triangulated as positions in `faceVertexIndices` ("corners"), so that every kind of primvar can be
 * looked up. If all attributes live on points, the points are the vertices and only indices are mapped. Otherwise the
 * corners of one point are compared with each other by the bits of their values (or their index, where a primvar is
 * indexed): equal ones become one vertex. Chains per point need no hashing, since a point has few corners.
 *
 * Conventions: local space, right-handed, counter-clockwise front faces in the result.
 * Source: OpenUSD UsdGeomMesh, UsdGeomPrimvar (schemas.md 2.5, 2.6).
 */
import { bounds, smoothNormals, tangents, triangulate } from 'usd-wasm';
import { NONE_ID, type Aabb, type MaterialId, type MeshSnapshot, type MeshSubset } from '../../../share/protocol/scene.ts';
import { weldCorners } from './weld-corners.ts';

export type Interpolation = 'constant' | 'uniform' | 'varying' | 'vertex' | 'faceVarying';

/** Values of one primvar at one time. */
export interface PrimvarData {
  /** Shape [width·N]. */
  readonly values: Float32Array;
  readonly width: number;
  readonly interpolation: Interpolation;
  /** Rows of `values`; absent: not indexed. */
  readonly indices?: Int32Array;
}

export interface MeshSource {
  /** Shape [3·P]. May be a view on the file: it is copied. */
  readonly points: Float32Array;
  readonly faceVertexCounts: Int32Array;
  readonly faceVertexIndices: Int32Array;
  readonly holeIndices?: Int32Array;
  readonly isLeftHanded: boolean;
  readonly normals?: PrimvarData;
  /** Without authored normals: smooth (subdivision surfaces), or flat per face. */
  readonly isSmooth: boolean;
  /** In the order materials count them; undefined: the mesh has no such primvar. At most 2. */
  readonly uvs: readonly (PrimvarData | undefined)[];
  /** Width 3. */
  readonly color?: PrimvarData;
  /** Width 1. */
  readonly opacity?: PrimvarData;
  /** Faces with materials of their own; the first subset that names a face wins. */
  readonly subsets: readonly { readonly faces: Int32Array; readonly material: MaterialId }[];
  /** Index of the set in `uvs` that tangents are made for; undefined: no tangents. */
  readonly tangentUvs?: number;
}

export type MeshArrays = Pick<MeshSnapshot, 'positions' | 'normals' | 'tangents' | 'uvs' | 'colors' | 'indices' | 'subsets' | 'bounds'>;

/** Told of data that does not fit the topology. */
export type MeshProblem = (code: 'invalid-primvar' | 'invalid-topology', message: string) => void;

type Domain = 'mesh' | 'face' | 'point' | 'corner';
interface Attribute {
  readonly values: Float32Array;
  readonly width: number;
  readonly domain: Domain;
  readonly indices: Int32Array | undefined;
}

/** Returns undefined when nothing can be drawn (no points, no faces, only holes). */
export function buildMesh(source: MeshSource, report: MeshProblem): MeshArrays | undefined {
  const { points, faceVertexCounts: counts, faceVertexIndices: faceVertices } = source;
  const pointCount = Math.floor(points.length / 3);
  const { corners, faces } = triangles(source, pointCount, report);
  if (corners.length === 0 || pointCount === 0) return undefined;
  const subsets = groupBySubset(source, corners, faces);

  const sizes = { mesh: 1, face: counts.length, point: pointCount, corner: faceVertices.length };
  const resolve = (primvar: PrimvarData | undefined, label: string): Attribute | undefined =>
    primvar === undefined ? undefined : resolveAttribute(primvar, label, sizes, faceVertices, report);
  let normals = resolve(source.normals, 'normals');
  const uvs = source.uvs.map((uv, i) => resolve(uv, `texture coordinates ${i}`));
  const color = resolve(source.color, 'displayColor');
  const opacity = resolve(source.opacity, 'displayOpacity');

  const cornerPoints = mapIndices(corners, faceVertices);
  if (normals === undefined) {
    normals = source.isSmooth
      ? { values: smoothNormals(points, cornerPoints), width: 3, domain: 'point', indices: undefined }
      : { values: faceNormals(points, counts, faceVertices, source.isLeftHanded), width: 3, domain: 'face', indices: undefined };
  }

  const attributes = [normals, ...uvs, color, opacity].filter((a) => a !== undefined);
  const splits = attributes.filter((a) => a.domain === 'corner' || a.domain === 'face');
  let vertexCorner: Uint32Array | undefined; // vertex → corner; undefined: vertices are points
  let indices: Uint32Array;
  let faceOfCorner: Uint32Array | undefined;
  if (splits.length === 0) {
    indices = cornerPoints;
  } else {
    if (splits.some((a) => a.domain === 'face')) faceOfCorner = facesOfCorners(counts, faceVertices.length);
    const { keys, stride } = cornerKeys(splits, faceVertices.length, faceOfCorner);
    const welded = weldCorners(faceVertices, keys, stride, pointCount);
    vertexCorner = welded.first;
    indices = mapIndices(corners, welded.remap);
  }

  const vertexCount = vertexCorner?.length ?? pointCount;
  const spread = (attribute: Attribute): Float32Array<ArrayBuffer> =>
    spreadAttribute(attribute, vertexCount, vertexCorner, faceVertices, faceOfCorner);
  const positions = spread({ values: points, width: 3, domain: 'point', indices: undefined });
  const arrays: { -readonly [K in keyof MeshArrays]: MeshArrays[K] } = {
    positions,
    normals: normalized(spread(normals)),
    uvs: spreadUvs(uvs, vertexCount, spread),
    indices,
    subsets,
    bounds: boundsOf(points),
  };
  if (color !== undefined || opacity !== undefined) {
    arrays.colors = joinColors(
      color === undefined ? undefined : spread(color),
      opacity === undefined ? undefined : spread(opacity),
      vertexCount,
    );
  }
  const tangentUvs = source.tangentUvs === undefined ? undefined : arrays.uvs[source.tangentUvs];
  return tangentUvs === undefined ? arrays : withTangents(arrays, tangentUvs);
}

/** Bounds of points; an empty box (min > max) becomes the origin. */
export function boundsOf(points: Float32Array): Aabb {
  const [minX = 0, minY = 0, minZ = 0, maxX = 0, maxY = 0, maxZ = 0] = bounds(points);
  return minX <= maxX ? [minX, minY, minZ, maxX, maxY, maxZ] : [0, 0, 0, 0, 0, 0];
}

function triangles(source: MeshSource, pointCount: number, report: MeshProblem): { corners: Uint32Array; faces: Uint32Array } {
  const { faceVertexCounts: counts, faceVertexIndices: faceVertices } = source;
  let sum = 0;
  let areTriangles = source.holeIndices === undefined || source.holeIndices.length === 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]!;
    if (counts[i] !== 3) areTriangles = false;
  }
  let invalid = 0;
  for (let i = 0; i < faceVertices.length; i++) if (faceVertices[i]! < 0 || faceVertices[i]! >= pointCount) invalid++;
  if (invalid > 0)
    report(
      'invalid-topology',
      `${invalid} of ${faceVertices.length} face vertex indices are outside the ${pointCount} points; their faces are not drawn`,
    );
  if (sum !== faceVertices.length)
    report('invalid-topology', `the face vertex counts add up to ${sum}, but there are ${faceVertices.length} face vertex indices`);
  if (areTriangles && invalid === 0 && sum === faceVertices.length && !source.isLeftHanded) {
    const corners = new Uint32Array(sum);
    for (let i = 0; i < sum; i++) corners[i] = i;
    const faces = new Uint32Array(counts.length);
    for (let i = 0; i < faces.length; i++) faces[i] = i;
    return { corners, faces };
  }
  return triangulate(counts, faceVertices, source.points, source.holeIndices, source.isLeftHanded);
}

/** Sorts triangles by subset, in place; returns the ranges. Faces in no subset come first. */
function groupBySubset(source: MeshSource, corners: Uint32Array, faces: Uint32Array): MeshSubset[] {
  const triangleCount = faces.length;
  const whole: MeshSubset[] = [{ firstTriangle: 0, triangleCount, material: NONE_ID as MaterialId }];
  if (source.subsets.length === 0) return whole;
  const faceCount = source.faceVertexCounts.length;
  const groupOfFace = new Uint32Array(faceCount);
  source.subsets.forEach((subset, i) => {
    for (const face of subset.faces) if (face >= 0 && face < faceCount && groupOfFace[face] === 0) groupOfFace[face] = i + 1;
  });
  const starts = new Uint32Array(source.subsets.length + 2);
  for (let t = 0; t < triangleCount; t++) starts[groupOfFace[faces[t]!]! + 1]!++;
  for (let g = 1; g < starts.length; g++) starts[g]! += starts[g - 1]!;
  const ranges: MeshSubset[] = [];
  for (let g = 0; g + 1 < starts.length; g++) {
    const count = starts[g + 1]! - starts[g]!;
    if (count > 0)
      ranges.push({
        firstTriangle: starts[g]!,
        triangleCount: count,
        material: g === 0 ? (NONE_ID as MaterialId) : source.subsets[g - 1]!.material,
      });
  }
  const cornersBefore = corners.slice();
  const facesBefore = faces.slice();
  const cursor = starts.slice();
  for (let t = 0; t < triangleCount; t++) {
    const face = facesBefore[t]!;
    const to = cursor[groupOfFace[face]!]!++;
    faces[to] = face;
    corners[to * 3] = cornersBefore[t * 3]!;
    corners[to * 3 + 1] = cornersBefore[t * 3 + 1]!;
    corners[to * 3 + 2] = cornersBefore[t * 3 + 2]!;
  }
  return ranges;
}

function resolveAttribute(
  primvar: PrimvarData,
  label: string,
  sizes: Record<Domain, number>,
  faceVertices: Int32Array,
  report: MeshProblem,
): Attribute | undefined {
  const { width, interpolation } = primvar;
  let domain: Domain =
    interpolation === 'constant' ? 'mesh' : interpolation === 'uniform' ? 'face' : interpolation === 'faceVarying' ? 'corner' : 'point';
  const needed = sizes[domain];
  const valueCount = Math.floor(primvar.values.length / width);
  let { values, indices } = primvar;
  if ((indices?.length ?? valueCount) < needed || valueCount === 0) {
    report(
      'invalid-primvar',
      `${label} with interpolation ${interpolation} need ${needed} elements, but there are ${indices?.length ?? valueCount}; they are ignored`,
    );
    return undefined;
  }
  if (indices !== undefined) {
    let invalid = 0;
    for (let i = 0; i < needed; i++) if (indices[i]! < 0 || indices[i]! >= valueCount) invalid++;
    if (invalid > 0) {
      report('invalid-primvar', `${invalid} indices of ${label} are outside the ${valueCount} values; zero is used for them`);
      const padded = new Float32Array(values.length + width);
      padded.set(values);
      values = padded;
      indices = indices.map((index) => (index < 0 || index >= valueCount ? valueCount : index));
    }
    // Exporters often repeat the mesh's own indices: then the values belong to the points.
    if (domain === 'corner' && valueCount >= sizes.point && isSame(indices, faceVertices)) {
      domain = 'point';
      indices = undefined;
    }
  }
  return { values, width, domain, indices };
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `table[indices[i]]` for each i. Entries outside the table give 0. */
function mapIndices(indices: Uint32Array, table: Uint32Array | Int32Array): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) result[i] = table[indices[i]!]!;
  return result;
}

function facesOfCorners(counts: Int32Array, cornerCount: number): Uint32Array {
  const result = new Uint32Array(cornerCount);
  let corner = 0;
  for (let face = 0; face < counts.length && corner < cornerCount; face++) {
    const end = Math.min(corner + Math.max(0, counts[face]!), cornerCount);
    while (corner < end) result[corner++] = face;
  }
  return result;
}

/** Words by which corners of one point differ: value bits, or an index where there is one. */
function cornerKeys(
  attributes: readonly Attribute[],
  cornerCount: number,
  faceOfCorner: Uint32Array | undefined,
): { keys: Uint32Array; stride: number } {
  let stride = 0;
  for (const a of attributes) stride += a.domain === 'corner' && a.indices === undefined ? a.width : 1;
  const keys = new Uint32Array(cornerCount * stride);
  let column = 0;
  for (const a of attributes) {
    if (a.domain === 'face') {
      for (let i = 0, to = column; i < cornerCount; i++, to += stride) keys[to] = faceOfCorner![i]!;
      column++;
    } else if (a.indices !== undefined) {
      for (let i = 0, to = column; i < cornerCount; i++, to += stride) keys[to] = a.indices[i]!;
      column++;
    } else {
      const bits = wordsOf(a.values);
      const { width } = a;
      for (let i = 0, from = 0, to = column; i < cornerCount; i++, from += width, to += stride) {
        for (let k = 0; k < width; k++) keys[to + k] = bits[from + k]!;
      }
      column += width;
    }
  }
  return { keys, stride };
}

/** The bits of floats. */
function wordsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Values per vertex, a new array of its own buffer. */
function spreadAttribute(
  a: Attribute,
  vertexCount: number,
  vertexCorner: Uint32Array | undefined,
  faceVertices: Int32Array,
  faceOfCorner: Uint32Array | undefined,
): Float32Array<ArrayBuffer> {
  const { values, width, domain, indices } = a;
  const length = vertexCount * width;
  if (domain === 'point' && vertexCorner === undefined && indices === undefined) {
    const copy = new Float32Array(length);
    copy.set(values.length === length ? values : values.subarray(0, length));
    return copy;
  }
  const result = new Float32Array(length);
  if (domain === 'mesh') {
    const row = (indices?.[0] ?? 0) * width;
    for (let k = 0; k < width; k++) {
      const value = values[row + k]!;
      for (let to = k; to < length; to += width) result[to] = value;
    }
    return result;
  }
  for (let vertex = 0, to = 0; vertex < vertexCount; vertex++, to += width) {
    let row: number;
    if (vertexCorner === undefined) row = vertex;
    else {
      const corner = vertexCorner[vertex]!;
      row = domain === 'corner' ? corner : domain === 'face' ? faceOfCorner![corner]! : faceVertices[corner]!;
    }
    if (indices !== undefined) row = indices[row]!;
    const from = row * width;
    result[to] = values[from]!;
    if (width > 1) result[to + 1] = values[from + 1]!;
    if (width > 2) result[to + 2] = values[from + 2]!;
  }
  return result;
}

function spreadUvs(
  uvs: readonly (Attribute | undefined)[],
  vertexCount: number,
  spread: (attribute: Attribute) => Float32Array,
): Float32Array[] {
  const result: Float32Array[] = [];
  for (const [i, uv] of uvs.entries()) {
    if (uv !== undefined) result[i] = spread(uv);
  }
  for (let i = 0; i < result.length; i++) result[i] ??= new Float32Array(vertexCount * 2);
  return result;
}

function joinColors(rgb: Float32Array | undefined, alpha: Float32Array | undefined, vertexCount: number): Float32Array<ArrayBuffer> {
  const colors = new Float32Array(vertexCount * 4).fill(1);
  if (rgb !== undefined) {
    for (let i = 0; i < vertexCount; i++) {
      colors[i * 4] = rgb[i * 3]!;
      colors[i * 4 + 1] = rgb[i * 3 + 1]!;
      colors[i * 4 + 2] = rgb[i * 3 + 2]!;
    }
  }
  if (alpha !== undefined) for (let i = 0; i < vertexCount; i++) colors[i * 4 + 3] = alpha[i]!;
  return colors;
}

/** In place. Zero and non-finite normals become +Z, so that no NaN reaches a shader. */
function normalized(normals: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  for (let i = 0; i < normals.length; i += 3) {
    let x = normals[i]!;
    let y = normals[i + 1]!;
    let z = normals[i + 2]!;
    let squared = x * x + y * y + z * z;
    if (Math.abs(squared - 1) < 1e-6) continue;
    if (!(squared > 1e-60 && squared < 1e60)) {
      // Squares of very long and very short vectors would leave the numbers.
      const longest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
      const isUsable = longest > 0 && longest < Infinity;
      x = isUsable ? x / longest : 0;
      y = isUsable ? y / longest : 0;
      z = isUsable ? z / longest : 1;
      squared = x * x + y * y + z * z;
    }
    const scale = 1 / Math.sqrt(squared);
    normals[i] = x * scale;
    normals[i + 1] = y * scale;
    normals[i + 2] = z * scale;
  }
  return normals;
}

/** Newell's normal of every face, shape [3·F], not normalised. */
function faceNormals(points: Float32Array, counts: Int32Array, faceVertices: Int32Array, isLeftHanded: boolean): Float32Array {
  const result = new Float32Array(counts.length * 3);
  const sign = isLeftHanded ? -1 : 1;
  let start = 0;
  for (let face = 0; face < counts.length; face++) {
    const end = Math.min(start + Math.max(0, counts[face]!), faceVertices.length);
    let nx = 0;
    let ny = 0;
    let nz = 0;
    for (let i = start; i < end; i++) {
      const a = faceVertices[i]! * 3;
      const b = faceVertices[i + 1 < end ? i + 1 : start]! * 3;
      if (a < 0 || b < 0 || a >= points.length || b >= points.length) continue;
      nx += (points[a + 1]! - points[b + 1]!) * (points[a + 2]! + points[b + 2]!);
      ny += (points[a + 2]! - points[b + 2]!) * (points[a]! + points[b]!);
      nz += (points[a]! - points[b]!) * (points[a + 1]! + points[b + 1]!);
    }
    result[face * 3] = nx * sign;
    result[face * 3 + 1] = ny * sign;
    result[face * 3 + 2] = nz * sign;
    start = end;
  }
  return result;
}

/** Adds tangents, splitting vertices where their corners have different ones. */
function withTangents(mesh: MeshArrays, uvs: Float32Array): MeshArrays {
  const { indices } = mesh;
  const perCorner = tangents(gatherRows(mesh.positions, 3, indices), gatherRows(mesh.normals, 3, indices), gatherRows(uvs, 2, indices));
  const { remap, first } = weldCorners(indices, wordsOf(perCorner), 4, mesh.positions.length / 3);
  const oldVertex = mapIndices(first, indices);
  return {
    positions: gatherRows(mesh.positions, 3, oldVertex),
    normals: gatherRows(mesh.normals, 3, oldVertex),
    tangents: gatherRows(perCorner, 4, first),
    uvs: mesh.uvs.map((set) => gatherRows(set, 2, oldVertex)),
    ...(mesh.colors === undefined ? {} : { colors: gatherRows(mesh.colors, 4, oldVertex) }),
    indices: remap,
    subsets: mesh.subsets,
    bounds: mesh.bounds,
  };
}

function gatherRows(source: Float32Array, width: number, rows: Uint32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows.length * width);
  for (let i = 0, to = 0; i < rows.length; i++, to += width) {
    const from = rows[i]! * width;
    for (let k = 0; k < width; k++) result[to + k] = source[from + k]!;
  }
  return result;
}
