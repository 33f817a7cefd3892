/** Scenes made of arithmetic, as the USD worker would send them: for tests and benchmarks of the renderer alone. */
import type {
  InstanceRows,
  MaterialId,
  MaterialInput,
  MaterialSnapshot,
  MeshId,
  MeshSnapshot,
  SceneChanges,
  StageId,
  TextureId,
  TextureInput,
  TextureSnapshot,
} from '../../src/share/protocol/scene.ts';
import { InstanceFlag, NONE_ID } from '../../src/share/protocol/scene.ts';

export const STAGE = 1 as StageId;

export function meshId(id: number): MeshId {
  return id as MeshId;
}

export function materialId(id: number): MaterialId {
  return id as MaterialId;
}

export function textureId(id: number): TextureId {
  return id as TextureId;
}

/** A mesh with every field filled in; normals default to +z. */
export function mesh(id: number, fields: Partial<MeshSnapshot> & Pick<MeshSnapshot, 'positions' | 'indices'>): MeshSnapshot {
  const { positions } = fields;
  const bounds: [number, number, number, number, number, number] = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    bounds[i % 3] = Math.min(bounds[i % 3]!, positions[i]!);
    bounds[3 + (i % 3)] = Math.max(bounds[3 + (i % 3)]!, positions[i]!);
  }
  const normals = new Float32Array(positions.length).map((_, i) => (i % 3 === 2 ? 1 : 0));
  return {
    id: meshId(id),
    label: `mesh ${id}`,
    normals,
    uvs: [],
    subsets: [{ firstTriangle: 0, triangleCount: fields.indices.length / 3, material: NONE_ID as MaterialId }],
    bounds,
    isDoubleSided: false,
    ...fields,
  };
}

/** Unit sphere, poles on z, with texture coordinates and tangents. */
export function sphere(id: number, columns: number, rows: number, radius = 1): MeshSnapshot {
  const count = (columns + 1) * (rows + 1);
  const positions = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const tangents = new Float32Array(count * 4);
  const uv = new Float32Array(count * 2);
  let vertex = 0;
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++, vertex++) {
      const longitude = (2 * Math.PI * column) / columns;
      const latitude = Math.PI * (row / rows - 0.5);
      const n = [Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)] as const;
      normals.set(n, vertex * 3);
      positions.set([n[0] * radius, n[1] * radius, n[2] * radius], vertex * 3);
      tangents.set([-Math.sin(longitude), Math.cos(longitude), 0, 1], vertex * 4);
      uv.set([column / columns, row / rows], vertex * 2);
    }
  }
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const a = row * (columns + 1) + column;
      const b = a + columns + 1;
      if (row > 0) indices.push(a, a + 1, b + 1);
      if (row < rows - 1) indices.push(a, b + 1, b);
    }
  }
  return mesh(id, { positions, normals, tangents, uvs: [uv], indices: new Uint32Array(indices) });
}

/** Rectangle in the xy plane, facing +z, texture coordinates 0..`repeats`. */
export function quad(id: number, width: number, height: number, repeats = 1, offset = 0): MeshSnapshot {
  const [x, y] = [width / 2, height / 2];
  const [low, high] = [offset, offset + repeats];
  return mesh(id, {
    positions: new Float32Array([-x, -y, 0, x, -y, 0, x, y, 0, -x, y, 0]),
    uvs: [new Float32Array([low, low, high, low, high, high, low, high])],
    tangents: new Float32Array([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]),
    indices: new Uint32Array([0, 1, 2, 0, 2, 3]),
  });
}

/** Cube of side 2, 12 triangles. */
export function cube(id: number): MeshSnapshot {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [-1, 1]) {
      const first = positions.length / 3;
      for (const [u, v] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const p = [0, 0, 0];
        p[axis] = side;
        p[(axis + 1) % 3] = u * side;
        p[(axis + 2) % 3] = v;
        positions.push(...p);
        normals.push(...[0, 1, 2].map((i) => (i === axis ? side : 0)));
      }
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return mesh(id, { positions: new Float32Array(positions), normals: new Float32Array(normals), indices: new Uint32Array(indices) });
}

const constant = (...value: number[]): MaterialInput => ({ value });

export function textureInput(texture: number, channels: TextureInput['channels'], fields: Partial<TextureInput> = {}): TextureInput {
  return {
    texture: textureId(texture),
    uvSet: 0,
    channels,
    scale: [1, 1, 1, 1],
    bias: [0, 0, 0, 0],
    wrapS: 'repeat',
    wrapT: 'repeat',
    fallback: [0, 0, 0, 1],
    ...fields,
  };
}

/** UsdPreviewSurface with the schema's fallbacks where nothing is given. */
export function material(id: number, fields: Partial<MaterialSnapshot> = {}): MaterialSnapshot {
  return {
    id: materialId(id),
    label: `material ${id}`,
    useSpecularWorkflow: false,
    diffuseColor: constant(0.18, 0.18, 0.18),
    emissiveColor: constant(0, 0, 0),
    specularColor: constant(0, 0, 0),
    metallic: constant(0),
    roughness: constant(0.5),
    clearcoat: constant(0),
    clearcoatRoughness: constant(0.01),
    opacity: constant(1),
    opacityThreshold: 0,
    opacityMode: 'transparent',
    ior: 1.5,
    normal: constant(0, 0, 1),
    occlusion: constant(1),
    usesVertexColor: false,
    usesVertexOpacity: false,
    ...fields,
  };
}

/** A texture painted by a function of texel column and row, top row first. */
export function texture(
  id: number,
  width: number,
  height: number,
  paint: (x: number, y: number) => readonly [number, number, number, number],
  colorSpace: 'srgb' | 'raw' = 'srgb',
): TextureSnapshot {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 4);
  return { id: textureId(id), label: `texture ${id}`, width, height, format: 'rgba8unorm', colorSpace, data };
}

export interface Placement {
  readonly mesh: number;
  readonly material?: number;
  readonly at?: readonly [number, number, number];
  readonly scale?: number | readonly [number, number, number];
  readonly prim?: number;
  /** Radians about y. */
  readonly turn?: number;
  readonly flags?: number;
}

export function rows(placements: readonly Placement[], firstId = 0): InstanceRows {
  const count = placements.length;
  const result = {
    ids: new Uint32Array(count),
    meshes: new Uint32Array(count),
    materials: new Uint32Array(count),
    prims: new Uint32Array(count),
    flags: new Uint32Array(count),
    worldFromLocal: new Float32Array(count * 16),
  };
  for (const [i, placement] of placements.entries()) {
    result.ids[i] = firstId + i;
    result.meshes[i] = placement.mesh;
    result.materials[i] = placement.material ?? NONE_ID;
    result.prims[i] = placement.prim ?? firstId + i;
    result.flags[i] = placement.flags ?? InstanceFlag.visible | InstanceFlag.purposeDefault;
    const [x, y, z] = placement.at ?? [0, 0, 0];
    const [sx, sy, sz] =
      typeof placement.scale === 'number' ? [placement.scale, placement.scale, placement.scale] : (placement.scale ?? [1, 1, 1]);
    const [c, s] = [Math.cos(placement.turn ?? 0), Math.sin(placement.turn ?? 0)];
    result.worldFromLocal.set([c * sx, 0, -s * sx, 0, 0, sy, 0, 0, s * sz, 0, c * sz, 0, x, y, z, 1], 16 * i);
  }
  return result;
}

/** A first message of a stage. */
export function firstChanges(fields: Partial<SceneChanges>): SceneChanges {
  return {
    kind: 'sceneChanges',
    stage: STAGE,
    sequence: 0,
    reset: { upAxis: 'Y', metersPerUnit: 1 },
    milestone: 'complete',
    ...fields,
  };
}
