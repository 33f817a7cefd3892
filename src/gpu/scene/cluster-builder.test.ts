import { describe, expect, it } from 'vitest';
import { cube, materialId, mesh, meshId, quad, sphere } from '../../../tests/support/synthetic-scenes.ts';
import type { MeshSnapshot } from '../../share/protocol/scene.ts';
import {
  CLUSTER_DOUBLE_SIDED,
  CLUSTER_TRANSLUCENT,
  CLUSTER_WORDS,
  INHERITED_MATERIAL,
  MAX_CLUSTER_TRIANGLES,
  MAX_CLUSTER_VERTICES,
  attributeStride,
} from '../layout/cluster-record.ts';
import { unpackOctahedral } from '../layout/packing.ts';
import { ClusterBuilder } from './cluster-builder.ts';

interface Cluster {
  readonly material: number;
  readonly flags: number;
  readonly sphere: readonly [number, number, number, number];
  /** Corners as [x, y, z, normal word, ...attribute words]. */
  readonly triangles: readonly (readonly number[][])[];
}

/** Reads packed clusters back, independently of the packing code's loops. */
function build(snapshot: MeshSnapshot): { clusters: Cluster[]; dropped: number } {
  const builder = new ClusterBuilder();
  builder.begin(snapshot);
  const clusters: Cluster[] = [];
  for (let run = builder.step(); run !== undefined; run = builder.step()) {
    const floats = new Float32Array(run.words.buffer);
    const recordFloats = new Float32Array(run.records.buffer);
    for (let i = 0; i < run.clusterCount; i++) {
      const at = i * CLUSTER_WORDS;
      const counts = run.records[at + 5]!;
      const [triangleCount, vertexCount, streams] = [counts & 0xff, (counts >> 8) & 0xff, (counts >> 16) & 0xf];
      const first = run.records[at + 4]! * 4;
      const stride = attributeStride(streams);
      const attributes = first + vertexCount * 4;
      const firstTriangle = attributes + vertexCount * stride;
      expect(triangleCount).toBeLessThanOrEqual(MAX_CLUSTER_TRIANGLES);
      expect(vertexCount).toBeLessThanOrEqual(MAX_CLUSTER_VERTICES);
      expect(firstTriangle + triangleCount).toBeLessThanOrEqual(run.wordCount);
      const triangles = Array.from({ length: triangleCount }, (_, t) =>
        [0, 8, 16].map((shift) => {
          const vertex = (run.words[firstTriangle + t]! >> shift) & 0xff;
          if (vertex >= vertexCount) expect.fail(`triangle ${t} uses vertex ${vertex} of ${vertexCount}`);
          const p = first + vertex * 4;
          return [
            floats[p]!,
            floats[p + 1]!,
            floats[p + 2]!,
            run.words[p + 3]!,
            ...floats.subarray(attributes + vertex * stride, attributes + (vertex + 1) * stride),
          ];
        }),
      );
      const sphere = [0, 1, 2, 3].map((word) => recordFloats[at + word]!) as [number, number, number, number];
      clusters.push({ material: run.records[at + 6]!, flags: counts, sphere, triangles });
    }
  }
  return { clusters, dropped: builder.droppedTriangles };
}

describe('ClusterBuilder', () => {
  it('keeps every triangle of a large mesh, in order', () => {
    const snapshot = sphere(0, 150, 90);
    const { clusters } = build(snapshot);
    const corners = clusters.flatMap((cluster) => cluster.triangles.flat());
    expect(corners).toHaveLength(snapshot.indices.length);
    for (let i = 0; i < corners.length; i += 997) {
      const vertex = snapshot.indices[i]!;
      expect(corners[i]!.slice(0, 3)).toEqual([...snapshot.positions.subarray(3 * vertex, 3 * vertex + 3)]);
      const normal = unpackOctahedral(corners[i]![3]!);
      for (let k = 0; k < 3; k++) expect(normal[k]).toBeCloseTo(snapshot.normals[3 * vertex + k]!, 3);
      // Attributes: uv (2 floats), tangent (1 word).
      expect(corners[i]!.slice(4, 6)).toEqual([...snapshot.uvs[0]!.subarray(2 * vertex, 2 * vertex + 2)]);
    }
  });

  it('fills clusters of a grid to the brim', () => {
    const { clusters } = build(sphere(0, 128, 64));
    const mean = clusters.reduce((sum, cluster) => sum + cluster.triangles.length, 0) / clusters.length;
    expect(mean).toBeGreaterThan(120);
  });

  it('bounds every cluster by its sphere', () => {
    for (const { sphere: bound, triangles } of build(sphere(0, 64, 32)).clusters) {
      for (const corner of triangles.flat()) {
        const distance = Math.hypot(corner[0]! - bound[0], corner[1]! - bound[1], corner[2]! - bound[2]);
        if (distance > bound[3] * 1.00001) expect.fail(`a corner lies ${distance} from the centre, radius ${bound[3]}`);
      }
    }
  });

  it('never mixes subsets in a cluster and leaves the instance its material', () => {
    const snapshot = cube(0);
    const { clusters } = build({
      ...snapshot,
      subsets: [
        { firstTriangle: 0, triangleCount: 5, material: materialId(6) },
        { firstTriangle: 5, triangleCount: 7, material: 0xffffffff as ReturnType<typeof materialId> },
      ],
    });
    expect(clusters.map((cluster) => [cluster.material, cluster.triangles.length])).toEqual([
      [7, 5], // row of material 6
      [INHERITED_MATERIAL, 7],
    ]);
  });

  it('stays within 255 vertices where no triangle shares any', () => {
    const count = 300;
    const positions = new Float32Array(count * 9).map((_, i) => i);
    const { clusters } = build(mesh(0, { positions, indices: Uint32Array.from({ length: count * 3 }, (_, i) => i) }));
    expect(clusters.map((cluster) => cluster.triangles.length)).toEqual([85, 85, 85, 45]);
  });

  it('leaves out triangles that point outside the points', () => {
    const snapshot = quad(0, 1, 1);
    const { clusters, dropped } = build({
      ...snapshot,
      indices: new Uint32Array([0, 1, 2, 0, 2, 4, 0xffffffff, 1, 2, 0, 2, 3]),
      subsets: [{ firstTriangle: 0, triangleCount: 99, material: materialId(0) }],
    });
    expect(clusters[0]!.triangles).toHaveLength(2);
    expect(dropped).toBe(2);
  });

  it('takes degenerate triangles as they come', () => {
    const snapshot = quad(0, 1, 1);
    const { clusters } = build({
      ...snapshot,
      indices: new Uint32Array([1, 1, 1, 2, 0, 2]),
      subsets: [{ firstTriangle: 0, triangleCount: 2, material: materialId(0) }],
    });
    expect(clusters[0]!.triangles.map((corners) => corners.map((corner) => corner[0]))).toEqual([
      [0.5, 0.5, 0.5],
      [0.5, -0.5, 0.5],
    ]);
  });

  it('marks double-sided and translucent clusters', () => {
    const snapshot = quad(0, 1, 1);
    const plain = build(snapshot).clusters[0]!.flags;
    expect(plain & (CLUSTER_DOUBLE_SIDED | CLUSTER_TRANSLUCENT)).toBe(0);
    const colors = new Float32Array([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 1, 1, 1, 1]);
    const marked = build({ ...snapshot, colors, isDoubleSided: true }).clusters[0]!.flags;
    expect(marked & CLUSTER_DOUBLE_SIDED).not.toBe(0);
    expect(marked & CLUSTER_TRANSLUCENT).not.toBe(0);
  });

  it('is reused from mesh to mesh', () => {
    const builder = new ClusterBuilder();
    for (const snapshot of [sphere(0, 32, 16), quad(1, 1, 1), sphere(2, 64, 8)]) {
      builder.begin(snapshot);
      let triangles = 0;
      for (let run = builder.step(); run !== undefined; run = builder.step()) {
        for (let i = 0; i < run.clusterCount; i++) triangles += run.records[i * CLUSTER_WORDS + 5]! & 0xff;
      }
      expect(triangles, `mesh ${meshId(snapshot.id)}`).toBe(snapshot.indices.length / 3);
    }
  });
});
