import { expect, it } from 'vitest';
import { INHERITED_MATERIAL } from '../../layout/cluster-record.ts';
import type { StoredMesh } from '../../scene/mesh-store.ts';
import { layOutRegions, sumListSizes } from './list-sizes.ts';

it('lists are sized by pairs, pages and the material in effect', () => {
  const stored: StoredMesh = {
    firstCluster: 0,
    clusterCount: 200,
    triangleCount: 0,
    ranges: [],
    groups: [
      { page: 0, material: INHERITED_MATERIAL, isTranslucent: false, clusters: 150, slots: 1000, triangles: 16000 },
      { page: 1, material: 9, isTranslucent: false, clusters: 50, slots: 300, triangles: 4800 },
    ],
  };
  const sizes = sumListSizes(
    [
      { mesh: 0, material: 1, count: 3 },
      { mesh: 0, material: 2, count: 10 },
      { mesh: 7, material: 2, count: 1000 }, // not sent yet
    ],
    (id) => (id === 0 ? stored : undefined),
    (row) => (row === 2 ? 2 : row === 9 ? 1 : 0),
  );
  expect(sizes.entries).toBe(13 * 200);
  expect(sizes.work).toBe(13 * 4);
  // Bins: page 0 opaque, cut-out, blended; page 1 opaque, cut-out, ...
  expect([...sizes.triangles.subarray(0, 6)]).toEqual([3 * 16000, 0, 10 * 16000, 0, 13 * 4800, 0]);
});

it('regions share a list that is too small in proportion', () => {
  const wanted = new Float64Array([30, 0, 10]);
  expect([...layOutRegions(wanted, 100).size]).toEqual([30, 0, 10]);
  const tight = layOutRegions(wanted, 20);
  expect([[...tight.first], [...tight.size]]).toEqual([
    [0, 15, 15],
    [15, 0, 5],
  ]);
});
