/** Byte twin of `Cluster` in `shaders/scene.wgsl`: 8 words. */
export const CLUSTER_WORDS = 8;
/** Words 0 to 3: bounding sphere in the mesh's space, centre and radius. */
export const CLUSTER_FIRST_QUAD_WORD = 4;
/** Triangle count | vertex count << 8 | streams << 16 | flags << 20. */
export const CLUSTER_COUNTS_WORD = 5;
/** Row of the material table, or `INHERITED_MATERIAL`. */
export const CLUSTER_MATERIAL_WORD = 6;
export const CLUSTER_PAGE_WORD = 7;

export const INHERITED_MATERIAL = 0xffffffff;
export const MAX_CLUSTER_TRIANGLES = 128;
export const MAX_CLUSTER_VERTICES = 255;

/** Optional attributes of a vertex, in the order in which they lie in its attribute record. */
export const Stream = { uv0: 1, tangent: 2, uv1: 4, color: 8 } as const;
/** In word 5. */
export const CLUSTER_STREAMS_SHIFT = 16;
export const CLUSTER_DOUBLE_SIDED = 1 << 20;
/** Some vertex has an alpha below 1. */
export const CLUSTER_TRANSLUCENT = 1 << 21;

/** Words of one vertex's attribute record. */
export function attributeStride(streams: number): number {
  return (
    (streams & Stream.uv0 ? 2 : 0) + (streams & Stream.tangent ? 1 : 0) + (streams & Stream.uv1 ? 2 : 0) + (streams & Stream.color ? 2 : 0)
  );
}

/** Byte twin of `Mesh` in `shaders/scene.wgsl`: bounding sphere, first cluster, cluster count, two spare words. */
export const MESH_WORDS = 8;
export const MESH_FIRST_CLUSTER_WORD = 4;
export const MESH_CLUSTER_COUNT_WORD = 5;
