/** A point with more distinct corners than this is not searched further: only sharing is lost, never correctness. */
const MAX_CHAIN = 64;

/**
 * Joins corners of the same point whose keys are equal, word by word.
 *
 * @param points point of each corner, shape [C]; corners outside [0, pointCount) get vertex 0
 * @param keys   shape [C·stride]
 * @returns `remap`: vertex of each corner, shape [C]; `first`: a corner of each vertex, shape [V], in order of appearance
 */
export function weldCorners(
  points: Int32Array | Uint32Array,
  keys: Uint32Array,
  stride: number,
  pointCount: number,
): { remap: Uint32Array<ArrayBuffer>; first: Uint32Array<ArrayBuffer> } {
  const cornerCount = points.length;
  const remap = new Uint32Array(cornerCount);
  const first = new Uint32Array(cornerCount);
  const next = new Int32Array(cornerCount);
  const head = new Int32Array(pointCount).fill(-1);
  let vertexCount = 0;
  for (let corner = 0; corner < cornerCount; corner++) {
    const point = points[corner]!;
    if (point < 0 || point >= pointCount) continue;
    const key = corner * stride;
    let vertex = head[point]!;
    let tries = 0;
    while (vertex >= 0 && tries < MAX_CHAIN) {
      const other = first[vertex]! * stride;
      let k = 0;
      while (k < stride && keys[key + k] === keys[other + k]) k++;
      if (k === stride) break;
      vertex = next[vertex]!;
      tries++;
    }
    if (vertex < 0 || tries === MAX_CHAIN) {
      vertex = vertexCount++;
      first[vertex] = corner;
      next[vertex] = head[point]!;
      head[point] = vertex;
    }
    remap[corner] = vertex;
  }
  return { remap, first: first.slice(0, vertexCount) };
}
