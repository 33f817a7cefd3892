/** Distinct meshes for the benchmarks: bumpy spheres, each with its own shape. Deterministic. */

export interface BenchMesh {
  /** Shape [3·V]. */
  readonly positions: Float32Array;
  /** Shape [3·V], unit. */
  readonly normals: Float32Array;
  /** Shape [2·V]. */
  readonly uvs: Float32Array;
  /** Shape [3·T], counter-clockwise. */
  readonly indices: Uint32Array;
}

/** A sphere of `columns` × `rows` quads (2 · columns · rows triangles) of radius 0.4, dented by its seed. */
export function bumpySphere(seed: number, columns: number, rows: number): BenchMesh {
  const vertexCount = (columns + 1) * (rows + 1);
  const positions = new Float32Array(vertexCount * 3);
  const normals = new Float32Array(vertexCount * 3);
  const uvs = new Float32Array(vertexCount * 2);
  for (let row = 0, vertex = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++, vertex++) {
      const [u, v] = [column / columns, row / rows];
      const [longitude, latitude] = [u * Math.PI * 2, (v - 0.5) * Math.PI];
      const normal = [Math.cos(latitude) * Math.cos(longitude), Math.sin(latitude), -Math.cos(latitude) * Math.sin(longitude)] as const;
      const radius = 0.4 + 0.03 * Math.sin(seed + normal[0] * 5) * Math.cos(seed * 2 + normal[1] * 7);
      for (let axis = 0; axis < 3; axis++) {
        positions[vertex * 3 + axis] = normal[axis]! * radius;
        normals[vertex * 3 + axis] = normal[axis]!;
      }
      uvs[vertex * 2] = u;
      uvs[vertex * 2 + 1] = v;
    }
  }
  const indices = new Uint32Array(columns * rows * 6);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = row * (columns + 1) + column;
      const above = corner + columns + 1;
      for (const index of [corner, corner + 1, above + 1, corner, above + 1, above]) indices[at++] = index;
    }
  }
  return { positions, normals, uvs, indices };
}

/** Place of object `index` of `count` in a cube of unit cells around the origin. */
export function gridPosition(index: number, count: number): readonly [number, number, number] {
  const side = Math.ceil(Math.cbrt(count));
  const half = (side - 1) / 2;
  return [(index % side) - half, (Math.floor(index / side) % side) - half, Math.floor(index / (side * side)) - half];
}

/** Linear colour of object `index`. */
export function gridColor(index: number): readonly [number, number, number] {
  return [0.5 + 0.5 * Math.sin(index * 1.7), 0.5 + 0.5 * Math.sin(index * 2.3 + 2), 0.5 + 0.5 * Math.sin(index * 3.1 + 4)];
}

/** What a frame benchmark draws. */
export interface FrameCase {
  readonly kind: 'distinct' | 'instances';
  readonly count: number;
  readonly isMoving: boolean;
}

/** Milliseconds of JavaScript per frame: median and 90th percentile over the measured frames. */
export interface FrameFigures {
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly frames: number;
  readonly buildMs: number;
}

export function figuresOf(samples: readonly number[], buildMs: number): FrameFigures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { medianMs: at(0.5), p90Ms: at(0.9), frames: sorted.length, buildMs };
}
