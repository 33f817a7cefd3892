/**
 * The scene as the USD worker sends it to the render worker: plain data over one MessagePort, one message per change
 * set, buffers transferred. The renderer knows nothing of USD beyond this file.
 *
 * Conventions: right-handed, stage axes as authored (the up axis is in `SceneInfo`), stage units. Matrices are 16
 * (or 12) numbers that are column-major for column vectors: the same sixteen numbers as USD's row-major row-vector
 * matrices, so nothing is transposed. Colours of constants are linear sRGB-primaries unless said otherwise.
 * Ids are handles handed out by the USD worker, dense from 0 and reused after removal, so they can index tables.
 */
export type StageId = number & { readonly __brand: 'StageId' };
export type MeshId = number & { readonly __brand: 'MeshId' };
export type MaterialId = number & { readonly __brand: 'MaterialId' };
export type TextureId = number & { readonly __brand: 'TextureId' };
export type LightId = number & { readonly __brand: 'LightId' };
/** Row of the instance table. */
export type InstanceId = number & { readonly __brand: 'InstanceId' };

/** No material, no texture. */
export const NONE_ID = 0xffffffff;

export type Aabb = readonly [minX: number, minY: number, minZ: number, maxX: number, maxY: number, maxZ: number];

/** Facts of the stage that the picture depends on. */
export interface SceneInfo {
  readonly upAxis: 'Y' | 'Z';
  readonly metersPerUnit: number;
}

/** Triangles of one mesh in its local space, ready to pack: one entry per welded vertex. */
export interface MeshSnapshot {
  readonly id: MeshId;
  /** For messages only. */
  readonly label: string;
  /** Shape [3·V], local space. */
  readonly positions: Float32Array;
  /** Unit normals, shape [3·V]. */
  readonly normals: Float32Array;
  /** MikkTSpace tangents, xyz and handedness, shape [4·V]; absent where no material needs them. */
  readonly tangents?: Float32Array;
  /** Texture coordinate sets, each shape [2·V], USD's convention (t up). At most 2. Index = `uvSet` of texture inputs. */
  readonly uvs: readonly Float32Array[];
  /** displayColor and displayOpacity per vertex: linear RGBA, shape [4·V]; absent: white, opaque. */
  readonly colors?: Float32Array;
  /** Triangle vertex indices, shape [3·T], counter-clockwise seen from the front (left-handed meshes are flipped by the sender). */
  readonly indices: Uint32Array;
  /** Triangle ranges by material, ascending, covering all triangles. One range: the whole mesh. */
  readonly subsets: readonly MeshSubset[];
  /** Bounds of the points. */
  readonly bounds: Aabb;
  readonly isDoubleSided: boolean;
}

export interface MeshSubset {
  readonly firstTriangle: number;
  readonly triangleCount: number;
  /** NONE_ID: the instance's material. */
  readonly material: MaterialId;
}

/** Bits of `InstanceTable.flags`. Purpose bits: exactly one is set. */
export const InstanceFlag = {
  visible: 1 << 0,
  purposeDefault: 1 << 1,
  purposeRender: 1 << 2,
  purposeProxy: 1 << 3,
  purposeGuide: 1 << 4,
} as const;

/** Rows to write into the instance table: parallel columns, one entry per row. Rows of one PointInstancer are many rows. */
export interface InstanceRows {
  readonly ids: Uint32Array;
  readonly meshes: Uint32Array;
  /** NONE_ID: default material with the mesh's colours. */
  readonly materials: Uint32Array;
  /** Prim handle for picking (the USD worker keeps the path), one per row. */
  readonly prims: Uint32Array;
  readonly flags: Uint32Array;
  /** Local to world, shape [16·N]. Mirroring (negative determinant) is found by the renderer. */
  readonly worldFromLocal: Float32Array;
}

/** Transforms alone: what animation sends. */
export interface InstanceTransforms {
  readonly ids: Uint32Array;
  /** Shape [16·N]. */
  readonly worldFromLocal: Float32Array;
}

export interface InstanceFlags {
  readonly ids: Uint32Array;
  readonly flags: Uint32Array;
}

/** One input of UsdPreviewSurface: a constant, and optionally a texture that replaces it. */
export interface MaterialInput {
  /** The constant (or the schema's fallback): 1 or 3 numbers, linear. */
  readonly value: readonly number[];
  readonly texture?: TextureInput;
}

export type WrapMode = 'black' | 'clamp' | 'repeat' | 'mirror';

/** A UsdUVTexture read by one input. Sampled value = texel · scale + bias, then the channels are picked. */
export interface TextureInput {
  readonly texture: TextureId;
  /** Index into the mesh's `uvs`. */
  readonly uvSet: 0 | 1;
  readonly channels: 'r' | 'g' | 'b' | 'a' | 'rgb';
  readonly scale: readonly [number, number, number, number];
  readonly bias: readonly [number, number, number, number];
  readonly wrapS: WrapMode;
  readonly wrapT: WrapMode;
  /** UsdTransform2d as 2x3 affine, `[a b c d tx ty]`: u' = a·u + c·v + tx, v' = b·u + d·v + ty. Identity when absent. */
  readonly uvTransform?: readonly [number, number, number, number, number, number];
  /** Value while the texture is missing or not decoded. */
  readonly fallback: readonly [number, number, number, number];
}

/** UsdPreviewSurface, every input (schemas.md, "UsdPreviewSurface"). */
export interface MaterialSnapshot {
  readonly id: MaterialId;
  readonly label: string;
  readonly useSpecularWorkflow: boolean;
  readonly diffuseColor: MaterialInput;
  readonly emissiveColor: MaterialInput;
  readonly specularColor: MaterialInput;
  readonly metallic: MaterialInput;
  readonly roughness: MaterialInput;
  readonly clearcoat: MaterialInput;
  readonly clearcoatRoughness: MaterialInput;
  readonly opacity: MaterialInput;
  readonly opacityThreshold: number;
  /** `presence` fades specular too, `transparent` keeps it (UsdPreviewSurface 2.6). */
  readonly opacityMode: 'transparent' | 'presence';
  readonly ior: number;
  /** Tangent-space normal; constant (0, 0, 1). Scale and bias as authored (usually 2 and -1). */
  readonly normal: MaterialInput;
  readonly occlusion: MaterialInput;
  /** Multiply diffuseColor and opacity by the mesh's vertex colours (no surface bound, or a primvar reader of displayColor). */
  readonly usesVertexColor: boolean;
  /** Same for opacity: displayOpacity or vertex alpha. */
  readonly usesVertexOpacity: boolean;
}

/** Pixels of one image, top row first, exact: not premultiplied, not colour-converted. */
export interface TextureSnapshot {
  readonly id: TextureId;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Four channels always. 8-bit unorm, or half floats for 16-bit and HDR images. */
  readonly format: 'rgba8unorm' | 'rgba16float';
  /** How texels become linear: `srgb` decodes RGB (never alpha). */
  readonly colorSpace: 'srgb' | 'raw';
  /** Shape [height·width·4]. Uint16Array holds half bits. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * A picture all around the scene, latitude-longitude: its middle lies towards +Z of a Y-up stage (-Y of a Z-up one), its top
 * row is up, as a dome light without a transform has it.
 */
export type EnvironmentPicture = Omit<TextureSnapshot, 'id'>;

/** A light of the stage, in world space. Intensities follow UsdLux: colour · intensity · 2^exposure, already multiplied. */
export type LightSnapshot = {
  readonly id: LightId;
  readonly label: string;
  /** Linear RGB radiance factor. */
  readonly color: readonly [number, number, number];
} & (
  | { readonly kind: 'distant'; readonly direction: readonly [number, number, number]; readonly angleRadians: number }
  | {
      readonly kind: 'sphere';
      readonly position: readonly [number, number, number];
      readonly radius: number;
      readonly isNormalized: boolean;
      readonly treatAsPoint: boolean;
    }
  | {
      readonly kind: 'rect' | 'disk' | 'cylinder';
      readonly worldFromLocal: Float32Array;
      readonly size: readonly [number, number];
      readonly isNormalized: boolean;
    }
  | { readonly kind: 'dome'; readonly worldFromLocal: Float32Array; readonly texture?: TextureId }
);

/**
 * One change set. Applied whole, in the order: removals, textures, materials, meshes, rows, transforms, flags, lights.
 * Everything is optional; what is absent is unchanged. `sequence` counts up by one per stage.
 */
export interface SceneChanges {
  readonly kind: 'sceneChanges';
  readonly stage: StageId;
  readonly sequence: number;
  /** First message of a stage: forget everything before it. */
  readonly reset?: SceneInfo;
  readonly removedMeshes?: readonly MeshId[];
  readonly removedMaterials?: readonly MaterialId[];
  readonly removedTextures?: readonly TextureId[];
  readonly removedLights?: readonly LightId[];
  readonly removedInstances?: Uint32Array;
  readonly textures?: readonly TextureSnapshot[];
  readonly materials?: readonly MaterialSnapshot[];
  readonly meshes?: readonly MeshSnapshot[];
  readonly instances?: InstanceRows;
  readonly transforms?: InstanceTransforms;
  readonly flags?: InstanceFlags;
  readonly lights?: readonly LightSnapshot[];
  /** Bounds of all visible default- and render-purpose instances, world space; for framing, ground and far distances. */
  readonly bounds?: Aabb;
  /** Set on the last message of a load: geometry, or everything, has now been sent. */
  readonly milestone?: 'geometry' | 'complete';
}

/** The picture that the user gave, or none any more. Belongs to no stage: stays when another one comes. Not acknowledged. */
export interface EnvironmentChange {
  readonly kind: 'environmentChange';
  readonly picture?: EnvironmentPicture;
}

/** USD worker → render worker. */
export type SceneMessage = SceneChanges | EnvironmentChange;

/** Render worker → USD worker, on the same port: back-pressure. The sender keeps at most a few messages unacknowledged. */
export interface SceneAck {
  readonly kind: 'sceneAck';
  readonly stage: StageId;
  readonly sequence: number;
}

export function transferOfEnvironmentChange({ picture }: EnvironmentChange): Transferable[] {
  return picture?.data.buffer instanceof ArrayBuffer ? [picture.data.buffer] : [];
}

/** Buffers to transfer with a change set: every typed array in it, each once. The sender must drop them. */
export function transferOfSceneChanges(changes: SceneChanges): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  const add = (array: ArrayBufferView | undefined): void => {
    if (array !== undefined && array.buffer instanceof ArrayBuffer) buffers.add(array.buffer);
  };
  add(changes.removedInstances);
  for (const texture of changes.textures ?? []) add(texture.data);
  for (const mesh of changes.meshes ?? []) {
    add(mesh.positions);
    add(mesh.normals);
    add(mesh.tangents);
    add(mesh.colors);
    add(mesh.indices);
    for (const uv of mesh.uvs) add(uv);
  }
  const rows = changes.instances;
  for (const column of [rows?.ids, rows?.meshes, rows?.materials, rows?.prims, rows?.flags, rows?.worldFromLocal]) add(column);
  add(changes.transforms?.ids);
  add(changes.transforms?.worldFromLocal);
  add(changes.flags?.ids);
  add(changes.flags?.flags);
  return [...buffers];
}
