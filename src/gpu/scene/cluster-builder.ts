import type { MeshSnapshot } from '../../share/protocol/scene.ts';
import { NONE_ID } from '../../share/protocol/scene.ts';
import {
  CLUSTER_COUNTS_WORD,
  CLUSTER_DOUBLE_SIDED,
  CLUSTER_FIRST_QUAD_WORD,
  CLUSTER_MATERIAL_WORD,
  CLUSTER_STREAMS_SHIFT,
  CLUSTER_TRANSLUCENT,
  CLUSTER_WORDS,
  INHERITED_MATERIAL,
  MAX_CLUSTER_TRIANGLES,
  MAX_CLUSTER_VERTICES,
  Stream,
  attributeStride,
} from '../layout/cluster-record.ts';
import { packOctahedral, packTangent, packUnorm2x16 } from '../layout/packing.ts';
import { materialRow } from '../layout/material-record.ts';

/** Packed clusters of one step. The arrays belong to the builder and are overwritten by the next step. */
export interface PackedRun {
  /** Vertices, attributes and triangles, cluster after cluster; each cluster starts at a multiple of four words. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly wordCount: number;
  /** Cluster records with `firstQuad` relative to the run and no page yet. */
  readonly records: Uint32Array<ArrayBuffer>;
  readonly clusterCount: number;
}

/** Words that one cluster needs at most. */
const MAX_CLUSTER_WORDS = MAX_CLUSTER_VERTICES * (4 + 7) + MAX_CLUSTER_TRIANGLES + 3;
const MAX_RUN_CLUSTERS = 256;

/**
 * Splits a mesh into clusters of at most 128 triangles and 255 vertices, in index order, and packs them.
 *
 * This is the first stage of progressive quality: runs of triangles as they come, no reordering, about as fast as
 * memory. Per cluster the words are
 *
 *     positions and normals  4 words per vertex: x y z (f32), normal (octahedral 2 x snorm16)
 *     attributes             `attributeStride` words per vertex, see `Stream`
 *     triangles              1 word each: three 8-bit local vertex indices, the first in the low byte
 *     padding                to a multiple of four words
 *
 * Triangles with an index outside the points are left out and counted. A builder is reused for all meshes; a step makes
 * no objects per triangle or vertex.
 */
export class ClusterBuilder {
  /** Triangles left out because an index was outside the points, since `begin`. */
  droppedTriangles = 0;
  #words = new Uint32Array(MAX_RUN_CLUSTERS * MAX_CLUSTER_WORDS);
  #floats = new Float32Array(this.#words.buffer);
  #records = new Uint32Array(MAX_RUN_CLUSTERS * CLUSTER_WORDS);
  #recordFloats = new Float32Array(this.#records.buffer);
  /** Per mesh vertex: serial of the cluster that last used it << 8 | local index there. */
  #localOf = new Uint32Array(0);
  #serial = 0;
  #vertices = new Uint32Array(MAX_CLUSTER_VERTICES + 1);
  #triangles = new Uint32Array(MAX_CLUSTER_TRIANGLES);
  #mesh: MeshSnapshot | undefined;
  #streams = 0;
  #subset = 0;
  #triangle = 0;

  begin(mesh: MeshSnapshot): void {
    const vertexCount = Math.floor(mesh.positions.length / 3);
    this.#mesh = mesh;
    this.#subset = 0;
    this.#triangle = mesh.subsets[0]?.firstTriangle ?? 0;
    this.droppedTriangles = 0;
    this.#streams = streamsOf(mesh);
    if (this.#localOf.length < vertexCount) {
      this.#localOf = new Uint32Array(Math.max(vertexCount, this.#localOf.length * 2));
      this.#serial = 0;
    }
  }

  /** Packs the next clusters of the mesh, at most about 32,000 triangles; undefined at its end. */
  step(): PackedRun | undefined {
    const mesh = this.#mesh;
    if (mesh === undefined) return undefined;
    const triangleTotal = Math.floor(mesh.indices.length / 3);
    let clusterCount = 0;
    let word = 0;
    while (clusterCount < MAX_RUN_CLUSTERS) {
      const subset = mesh.subsets[this.#subset];
      if (subset === undefined) break;
      const end = Math.min(subset.firstTriangle + subset.triangleCount, triangleTotal);
      if (this.#triangle >= end) {
        this.#subset++;
        this.#triangle = mesh.subsets[this.#subset]?.firstTriangle ?? 0;
        continue;
      }
      const counts = this.#gather(mesh, end);
      if (counts === 0) continue;
      const record = clusterCount * CLUSTER_WORDS;
      this.#records[record + CLUSTER_FIRST_QUAD_WORD] = word >> 2;
      this.#records[record + CLUSTER_MATERIAL_WORD] = subset.material === NONE_ID ? INHERITED_MATERIAL : materialRow(subset.material);
      this.#records[record + CLUSTER_WORDS - 1] = 0;
      word = this.#pack(mesh, counts & 0xff, counts >> 8, word, record);
      clusterCount++;
    }
    if (clusterCount === 0) {
      this.#mesh = undefined;
      return undefined;
    }
    return { words: this.#words, wordCount: word, records: this.#records, clusterCount };
  }

  /** Takes triangles until the cluster is full; returns triangle count | vertex count << 8. */
  #gather(mesh: MeshSnapshot, end: number): number {
    if (this.#serial >= 0xfffffe) {
      this.#localOf.fill(0);
      this.#serial = 0;
    }
    const serial = ++this.#serial;
    const localOf = this.#localOf;
    const indices = mesh.indices;
    const vertices = this.#vertices;
    const vertexTotal = mesh.positions.length / 3;
    let triangleCount = 0;
    let vertexCount = 0;
    let triangle = this.#triangle;
    while (triangle < end && triangleCount < MAX_CLUSTER_TRIANGLES) {
      const a = indices[3 * triangle]!;
      const b = indices[3 * triangle + 1]!;
      const c = indices[3 * triangle + 2]!;
      if (a >= vertexTotal || b >= vertexTotal || c >= vertexTotal) {
        triangle++;
        this.droppedTriangles++;
        continue;
      }
      let la = localOf[a]!;
      let lb = localOf[b]!;
      let lc = localOf[c]!;
      const added = (la >>> 8 === serial ? 0 : 1) + (lb >>> 8 === serial ? 0 : 1) + (lc >>> 8 === serial ? 0 : 1);
      if (vertexCount + added > MAX_CLUSTER_VERTICES) break;
      if (added > 0) {
        if (la >>> 8 !== serial) {
          la = (serial << 8) | vertexCount;
          localOf[a] = la;
          vertices[vertexCount++] = a;
          if (b === a) lb = la;
          if (c === a) lc = la;
        }
        if (lb >>> 8 !== serial) {
          lb = (serial << 8) | vertexCount;
          localOf[b] = lb;
          vertices[vertexCount++] = b;
          if (c === b) lc = lb;
        }
        if (lc >>> 8 !== serial) {
          lc = (serial << 8) | vertexCount;
          localOf[c] = lc;
          vertices[vertexCount++] = c;
        }
      }
      this.#triangles[triangleCount++] = (la & 0xff) | ((lb & 0xff) << 8) | ((lc & 0xff) << 16);
      triangle++;
    }
    this.#triangle = triangle;
    return triangleCount | (vertexCount << 8);
  }

  #pack(mesh: MeshSnapshot, triangleCount: number, vertexCount: number, firstWord: number, record: number): number {
    const words = this.#words;
    const floats = this.#floats;
    const vertices = this.#vertices;
    const { positions, normals, tangents, colors } = mesh;
    const uv0 = mesh.uvs[0];
    const uv1 = mesh.uvs[1];
    const streams = this.#streams;
    let word = firstWord;
    let minX = Infinity;
    let minY = Infinity;
    let minZ = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    let maxZ = -Infinity;
    for (let i = 0; i < vertexCount; i++) {
      const at = 3 * vertices[i]!;
      const x = positions[at]!;
      const y = positions[at + 1]!;
      const z = positions[at + 2]!;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
      if (z < minZ) minZ = z;
      if (z > maxZ) maxZ = z;
      floats[word] = x;
      floats[word + 1] = y;
      floats[word + 2] = z;
      words[word + 3] = packOctahedral(normals[at]!, normals[at + 1]!, normals[at + 2]!);
      word += 4;
    }
    let flags = mesh.isDoubleSided ? CLUSTER_DOUBLE_SIDED : 0;
    // One loop per stream: branches inside cost more than walking the vertices again.
    const stride = attributeStride(streams);
    const end = word + vertexCount * stride;
    if (streams & Stream.uv0) {
      for (let i = 0, at = word; i < vertexCount; i++, at += stride) {
        const vertex = 2 * vertices[i]!;
        floats[at] = uv0![vertex]!;
        floats[at + 1] = uv0![vertex + 1]!;
      }
      word += 2;
    }
    if (streams & Stream.tangent) {
      for (let i = 0, at = word; i < vertexCount; i++, at += stride) {
        const vertex = 4 * vertices[i]!;
        words[at] = packTangent(tangents![vertex]!, tangents![vertex + 1]!, tangents![vertex + 2]!, tangents![vertex + 3]!);
      }
      word += 1;
    }
    if (streams & Stream.uv1) {
      for (let i = 0, at = word; i < vertexCount; i++, at += stride) {
        const vertex = 2 * vertices[i]!;
        floats[at] = uv1![vertex]!;
        floats[at + 1] = uv1![vertex + 1]!;
      }
      word += 2;
    }
    if (streams & Stream.color) {
      for (let i = 0, at = word; i < vertexCount; i++, at += stride) {
        const vertex = 4 * vertices[i]!;
        words[at] = packUnorm2x16(colors![vertex]!, colors![vertex + 1]!);
        words[at + 1] = packUnorm2x16(colors![vertex + 2]!, colors![vertex + 3]!);
        if (colors![vertex + 3]! < 1) flags |= CLUSTER_TRANSLUCENT;
      }
    }
    word = end;
    words.set(this.#triangles.subarray(0, triangleCount), word);
    word += triangleCount;
    while ((word & 3) !== 0) words[word++] = 0;

    const cx = 0.5 * (minX + maxX);
    const cy = 0.5 * (minY + maxY);
    const cz = 0.5 * (minZ + maxZ);
    let squared = 0;
    for (let i = 0, at = firstWord; i < vertexCount; i++, at += 4) {
      const dx = floats[at]! - cx;
      const dy = floats[at + 1]! - cy;
      const dz = floats[at + 2]! - cz;
      const d = dx * dx + dy * dy + dz * dz;
      if (d > squared) squared = d;
    }
    this.#recordFloats[record] = cx;
    this.#recordFloats[record + 1] = cy;
    this.#recordFloats[record + 2] = cz;
    this.#recordFloats[record + 3] = Math.sqrt(squared);
    this.#records[record + CLUSTER_COUNTS_WORD] = triangleCount | (vertexCount << 8) | (streams << CLUSTER_STREAMS_SHIFT) | flags;
    return word;
  }
}

/** Which optional attributes a mesh has in full. */
export function streamsOf(mesh: MeshSnapshot): number {
  const vertexCount = mesh.positions.length / 3;
  let streams = 0;
  if ((mesh.uvs[0]?.length ?? 0) >= 2 * vertexCount) streams |= Stream.uv0;
  if ((mesh.tangents?.length ?? 0) >= 4 * vertexCount) streams |= Stream.tangent;
  if ((mesh.uvs[1]?.length ?? 0) >= 2 * vertexCount) streams |= Stream.uv1;
  if ((mesh.colors?.length ?? 0) >= 4 * vertexCount) streams |= Stream.color;
  return streams;
}
