import {
  InstanceFlag,
  NONE_ID,
  type InstanceRows,
  type MaterialId,
  type MaterialSnapshot,
  type MeshId,
  type MeshSnapshot,
  type SceneChanges,
  type StageId,
  type TextureId,
  type TextureSnapshot,
} from '../../share/protocol/scene.ts';

/** No stage of the USD worker has this id. */
const WARM_UP_STAGE = -1 as StageId;

/** What the one triangle is covered with: each takes pipelines of its own. */
export type WarmUpSurface = 'plain' | 'textured' | 'blended';

/**
 * A scene of one triangle, drawn off screen before any file is opened. Drivers translate shaders again on their first
 * use (software ones take hundreds of milliseconds for it); here that happens while the user still chooses a file.
 */
export function warmUpScene(surface: WarmUpSurface): SceneChanges {
  const isTextured = surface !== 'plain';
  return {
    kind: 'sceneChanges',
    stage: WARM_UP_STAGE,
    sequence: 0,
    reset: { upAxis: 'Y', metersPerUnit: 1 },
    bounds: [0, 0, 0, 1, 1, 0],
    ...(isTextured ? { textures: [pixel()] } : {}),
    materials: [material(isTextured, surface === 'blended' ? 0.5 : 1)],
    meshes: [triangle()],
    instances: oneRow(),
  };
}

function triangle(): MeshSnapshot {
  return {
    id: 0 as MeshId,
    label: 'warm-up',
    positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
    normals: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1),
    uvs: [Float32Array.of(0, 0, 1, 0, 0, 1)],
    indices: Uint32Array.of(0, 1, 2),
    subsets: [{ firstTriangle: 0, triangleCount: 1, material: NONE_ID as MaterialId }],
    bounds: [0, 0, 0, 1, 1, 0],
    isDoubleSided: true,
  };
}

function oneRow(): InstanceRows {
  return {
    ids: Uint32Array.of(0),
    meshes: Uint32Array.of(0),
    materials: Uint32Array.of(0),
    prims: Uint32Array.of(0),
    flags: Uint32Array.of(InstanceFlag.visible | InstanceFlag.purposeDefault),
    worldFromLocal: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
}

function pixel(): TextureSnapshot {
  return {
    id: 0 as TextureId,
    label: 'warm-up',
    width: 1,
    height: 1,
    format: 'rgba8unorm',
    colorSpace: 'srgb',
    data: Uint8Array.of(255, 255, 255, 255),
  };
}

function material(isTextured: boolean, opacity: number): MaterialSnapshot {
  const input = (...value: number[]): { value: number[] } => ({ value });
  const texture = {
    texture: 0 as TextureId,
    uvSet: 0,
    channels: 'rgb',
    scale: [1, 1, 1, 1],
    bias: [0, 0, 0, 0],
    wrapS: 'repeat',
    wrapT: 'repeat',
    fallback: [0, 0, 0, 1],
  } as const;
  return {
    id: 0 as MaterialId,
    label: 'warm-up',
    useSpecularWorkflow: false,
    diffuseColor: isTextured ? { ...input(0.5, 0.5, 0.5), texture } : input(0.5, 0.5, 0.5),
    emissiveColor: input(0, 0, 0),
    specularColor: input(0, 0, 0),
    metallic: input(0),
    roughness: input(0.5),
    clearcoat: input(0),
    clearcoatRoughness: input(0.01),
    opacity: input(opacity),
    opacityThreshold: 0,
    opacityMode: 'transparent',
    ior: 1.5,
    normal: input(0, 0, 1),
    occlusion: input(1),
    usesVertexColor: false,
    usesVertexOpacity: false,
  };
}
