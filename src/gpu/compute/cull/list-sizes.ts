import { ALPHA_KINDS } from '../../layout/material-record.ts';
import { INHERITED_MATERIAL } from '../../layout/cluster-record.ts';
import { MAX_PAGES } from '../../resources/geometry-pages.ts';
import type { InstancePair } from '../../scene/instance-store.ts';
import type { StoredMesh } from '../../scene/mesh-store.ts';

export const MAX_BINS = MAX_PAGES * ALPHA_KINDS;
/** Twins of constants in cull.wgsl. */
const SMALL_MESH = 4;
const CLUSTERS_PER_ITEM = 64;

/** How many elements the lists of the cull kernels could need, were everything in view. */
export interface ListSizes {
  entries: number;
  work: number;
  /** Per bin, shape [MAX_BINS]. */
  readonly slots: Float64Array;
  readonly triangles: Float64Array;
}

/** Sums over the distinct (mesh, material) pairs, not over instances: a million instances of one mesh are one step. */
export function sumListSizes(
  pairs: Iterable<InstancePair>,
  meshOf: (id: number) => StoredMesh | undefined,
  alphaKindOf: (materialRow: number, isTranslucent: boolean) => number,
): ListSizes {
  const sizes: ListSizes = { entries: 0, work: 0, slots: new Float64Array(MAX_BINS), triangles: new Float64Array(MAX_BINS) };
  for (const pair of pairs) {
    const mesh = meshOf(pair.mesh);
    if (mesh === undefined) continue;
    if (mesh.clusterCount > SMALL_MESH) sizes.work += pair.count * Math.ceil(mesh.clusterCount / CLUSTERS_PER_ITEM);
    sizes.entries += pair.count * mesh.clusterCount;
    for (const group of mesh.groups) {
      const material = group.material === INHERITED_MATERIAL ? pair.material : group.material;
      const bin = group.page * ALPHA_KINDS + alphaKindOf(material, group.isTranslucent);
      sizes.slots[bin] = sizes.slots[bin]! + pair.count * group.slots;
      sizes.triangles[bin] = sizes.triangles[bin]! + pair.count * group.triangles;
    }
  }
  return sizes;
}

/** Regions of the bins in one list: everything where it fits, else shares in proportion. */
export function layOutRegions(
  wanted: Float64Array,
  capacity: number,
): { readonly first: Uint32Array; readonly size: Uint32Array; readonly total: number } {
  const sum = wanted.reduce((a, b) => a + b, 0);
  const share = sum > capacity ? capacity / sum : 1;
  const first = new Uint32Array(wanted.length);
  const size = new Uint32Array(wanted.length);
  let total = 0;
  for (let bin = 0; bin < wanted.length; bin++) {
    first[bin] = total;
    size[bin] = Math.floor(wanted[bin]! * share);
    total += size[bin]!;
  }
  return { first, size, total };
}
