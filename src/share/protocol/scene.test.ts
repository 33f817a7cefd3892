import { expect, test } from 'vitest';
import {
  transferOfEnvironmentChange,
  transferOfSceneChanges,
  type MaterialId,
  type MeshId,
  type SceneChanges,
  type StageId,
  type TextureId,
} from './scene.ts';

/** One of everything that holds a buffer. */
function changes(): SceneChanges {
  return {
    kind: 'sceneChanges',
    stage: 0 as StageId,
    sequence: 0,
    removedInstances: Uint32Array.of(9),
    textures: [{ id: 0 as TextureId, label: '', width: 1, height: 1, format: 'rgba8unorm', colorSpace: 'raw', data: new Uint8Array(4) }],
    meshes: [
      {
        id: 0 as MeshId,
        label: '',
        positions: new Float32Array(3),
        normals: new Float32Array(3),
        tangents: new Float32Array(4),
        uvs: [new Float32Array(2), new Float32Array(2)],
        colors: new Float32Array(4),
        indices: new Uint32Array(3),
        subsets: [{ firstTriangle: 0, triangleCount: 1, material: 0 as MaterialId }],
        bounds: [0, 0, 0, 0, 0, 0],
        isDoubleSided: false,
      },
    ],
    instances: {
      ids: new Uint32Array(1),
      meshes: new Uint32Array(1),
      materials: new Uint32Array(1),
      prims: new Uint32Array(1),
      flags: new Uint32Array(1),
      worldFromLocal: new Float32Array(16),
    },
    transforms: { ids: new Uint32Array(1), worldFromLocal: new Float32Array(16) },
    flags: { ids: new Uint32Array(1), flags: new Uint32Array(1) },
  };
}

/** Every typed array in a message, however deep. */
function arraysIn(value: unknown): ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arraysIn) : [];
}

test('every typed array of a change set moves with it', () => {
  const sent = changes();
  const arrays = arraysIn(sent);
  expect(arrays).toHaveLength(19);
  const received = structuredClone(sent, { transfer: transferOfSceneChanges(sent) });
  expect(arrays.every((array) => array.byteLength === 0)).toBe(true);
  expect(arraysIn(received).every((array) => array.byteLength > 0)).toBe(true);
});

test('a buffer that two arrays share is listed once', () => {
  const shared = new ArrayBuffer(32);
  const transfer = transferOfSceneChanges({
    kind: 'sceneChanges',
    stage: 0 as StageId,
    sequence: 0,
    flags: { ids: new Uint32Array(shared, 0, 4), flags: new Uint32Array(shared, 16, 4) },
  });
  expect(transfer).toEqual([shared]);
});

test('the texels of an environment move with it; none are listed where there is none', () => {
  const data = new Uint16Array(8);
  const picture = { label: '', width: 2, height: 1, format: 'rgba16float', colorSpace: 'raw', data } as const;
  structuredClone(picture, { transfer: transferOfEnvironmentChange({ kind: 'environmentChange', picture }) });
  expect(data.byteLength).toBe(0);
  expect(transferOfEnvironmentChange({ kind: 'environmentChange' })).toEqual([]);
});
