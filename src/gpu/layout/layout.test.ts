import { describe, expect, it } from 'vitest';
import type { MaterialSnapshot, TextureInput } from '../../share/protocol/scene.ts';
import { layoutOf } from '../../../tests/support/wgsl-layout.ts';
import { material, textureInput } from '../../../tests/support/synthetic-scenes.ts';
import listsWgsl from '../shaders/lists.wgsl?raw';
import sceneWgsl from '../shaders/scene.wgsl?raw';
import shadingWgsl from '../shaders/shading.wgsl?raw';
import viewWgsl from '../shaders/view.wgsl?raw';
import { viewTransformOf } from '../scene/view-transform.ts';
import {
  CLUSTER_COUNTS_WORD,
  CLUSTER_FIRST_QUAD_WORD,
  CLUSTER_MATERIAL_WORD,
  CLUSTER_PAGE_WORD,
  CLUSTER_WORDS,
  MESH_CLUSTER_COUNT_WORD,
  MESH_FIRST_CLUSTER_WORD,
  MESH_WORDS,
} from './cluster-record.ts';
import {
  INSTANCE_FLAGS_WORD,
  INSTANCE_MATERIAL_WORD,
  INSTANCE_MESH_WORD,
  INSTANCE_MIRRORED,
  INSTANCE_PRIM_WORD,
  INSTANCE_WORDS,
  writeTransformInto,
} from './instance-record.ts';
import {
  MATERIAL_FIRST_TEXTURE_WORD,
  MATERIAL_FLAGS_WORD,
  MATERIAL_TEXTURE_COUNT_WORD,
  MATERIAL_TEXTURE_WORDS,
  MATERIAL_WORDS,
  TEXTURE_SAME_SAMPLE,
  coverageOf,
  writeMaterialInto,
  writeMaterialTexturesInto,
} from './material-record.ts';
import { SHADING_BYTES, writeShadingInto } from './shading-uniforms.ts';
import { VIEW_BYTES, writeViewInto } from './view-uniforms.ts';

const words = (count: number): [Float32Array, Uint32Array] => {
  const floats = new Float32Array(count);
  return [floats, new Uint32Array(floats.buffer)];
};

describe('records are as large as their structs and members lie where they are written', () => {
  it('Instance', () => {
    const { size, offsets } = layoutOf(sceneWgsl, 'Instance');
    expect(size).toBe(INSTANCE_WORDS * 4);
    expect([offsets['mesh'], offsets['material'], offsets['prim'], offsets['flags']]).toEqual(
      [INSTANCE_MESH_WORD, INSTANCE_MATERIAL_WORD, INSTANCE_PRIM_WORD, INSTANCE_FLAGS_WORD].map((word) => word * 4),
    );
  });

  it('Mesh', () => {
    const { size, offsets } = layoutOf(sceneWgsl, 'Mesh');
    expect(size).toBe(MESH_WORDS * 4);
    expect([offsets['first_cluster'], offsets['cluster_count']]).toEqual([MESH_FIRST_CLUSTER_WORD * 4, MESH_CLUSTER_COUNT_WORD * 4]);
  });

  it('Cluster', () => {
    const { size, offsets } = layoutOf(sceneWgsl, 'Cluster');
    expect(size).toBe(CLUSTER_WORDS * 4);
    expect([offsets['first_quad'], offsets['counts'], offsets['material'], offsets['page']]).toEqual(
      [CLUSTER_FIRST_QUAD_WORD, CLUSTER_COUNTS_WORD, CLUSTER_MATERIAL_WORD, CLUSTER_PAGE_WORD].map((word) => word * 4),
    );
  });

  it('Material', () => {
    const { size, offsets } = layoutOf(sceneWgsl, 'Material');
    expect(size).toBe(MATERIAL_WORDS * 4);
    expect([offsets['flags'], offsets['first_texture'], offsets['texture_count']]).toEqual(
      [MATERIAL_FLAGS_WORD, MATERIAL_FIRST_TEXTURE_WORD, MATERIAL_TEXTURE_COUNT_WORD].map((word) => word * 4),
    );
    const [floats, ints] = words(MATERIAL_WORDS);
    const value = (...numbers: number[]): { value: number[] } => ({ value: numbers });
    writeMaterialInto(
      ints,
      floats,
      0,
      material(3, {
        diffuseColor: value(1, 2, 3),
        metallic: value(4),
        emissiveColor: value(5, 6, 7),
        roughness: value(8),
        specularColor: value(9, 10, 11),
        ior: 12,
        clearcoat: value(13),
        clearcoatRoughness: value(14),
        opacity: value(15),
        normal: value(17, 18, 19),
        occlusion: value(20),
      }),
      { kind: 1, threshold: 16 },
      21,
      22,
    );
    const at = (member: string): number => floats[offsets[member]! / 4]!;
    expect(
      [
        'diffuse_color',
        'metallic',
        'emissive_color',
        'roughness',
        'specular_color',
        'ior',
        'clearcoat',
        'clearcoat_roughness',
        'opacity',
        'opacity_threshold',
        'normal',
        'occlusion',
      ].map(at),
    ).toEqual([1, 4, 5, 8, 9, 12, 13, 14, 15, 16, 17, 20]);
  });

  it('MaterialTexture', () => {
    const { size, offsets } = layoutOf(sceneWgsl, 'MaterialTexture');
    expect(size).toBe(MATERIAL_TEXTURE_WORDS * 4);
    const [floats, ints] = words(MATERIAL_TEXTURE_WORDS);
    const texture = textureInput(7, 'g', {
      uvSet: 1,
      wrapS: 'mirror',
      wrapT: 'black',
      uvTransform: [1, 2, 3, 4, 5, 6],
      scale: [7, 8, 9, 10],
      bias: [11, 12, 13, 14],
    });
    const count = writeMaterialTexturesInto(ints, floats, 0, material(0, { roughness: { value: [1], texture } }), () => ({
      bucket: 3,
      layer: 9,
    }));
    expect(count).toBe(1);
    const roughness = 2;
    expect(ints[offsets['place']! / 4]).toBe(3 | (9 << 4) | (roughness << 16) | (1 << 20));
    expect(ints[offsets['sampling']! / 4]).toBe(1 | (3 << 2) | (1 << 4));
    const vector = (member: string, length: number): number[] => [...floats.subarray(offsets[member]! / 4, offsets[member]! / 4 + length)];
    expect(vector('offset', 2)).toEqual([5, 6]);
    expect(vector('transform', 4)).toEqual([1, 2, 3, 4]);
    expect(vector('scale', 4)).toEqual([7, 8, 9, 10]);
    expect(vector('bias', 4)).toEqual([11, 12, 13, 14]);
  });

  it('View', () => {
    const { size, offsets } = layoutOf(viewWgsl, 'View');
    expect(size).toBe(VIEW_BYTES);
    const [floats, ints] = words(VIEW_BYTES / 4);
    const transform = viewTransformOf({ eye: [1, 2, 3], target: [1, 2, 2], up: [0, 1, 0], near: 0.5, fovYRadians: 1 }, 64, 48, undefined);
    writeViewInto(floats, ints, {
      transform,
      width: 64,
      height: 48,
      sampleColumns: 4,
      purposes: 6,
      instanceCount: 77,
      cullsBackFaces: true,
      nearestDepth: 2,
      farthestDepth: 6,
    });
    const at = (member: string): number => floats[offsets[member]! / 4]!;
    expect(['eye', 'near', 'size', 'sample_columns', 'sort_nearest', 'sort_scale'].map(at)).toEqual([1, 0.5, 64, 4, 2, 0.25]);
    expect(floats.subarray(offsets['forward']! / 4, offsets['forward']! / 4 + 3)).toEqual(new Float32Array([0, 0, -1]));
    expect(['purposes', 'instance_count', 'culls_back_faces', 'is_orthographic'].map((member) => ints[offsets[member]! / 4])).toEqual([
      6, 77, 1, 0,
    ]);
    // Last plane: nearer than the near distance is outside.
    expect(floats.subarray(offsets['planes']! / 4 + 16, offsets['planes']! / 4 + 20)).toEqual(new Float32Array([0, 0, -1, -0.5]));
  });

  it('Shading', () => {
    const { size, offsets } = layoutOf(shadingWgsl, 'Shading');
    expect(size).toBe(SHADING_BYTES);
    const [floats, ints] = words(SHADING_BYTES / 4);
    const light = { kind: 2, color: [1, 2, 3], position: [4, 5, 6], radius: 7, axisX: [8, 9, 10], axisY: [11, 12, 13] } as const;
    writeShadingInto(floats, ints, {
      environmentFromWorld: [1, 0, 0, 0, 0, -1, 0, 1, 0],
      environmentIntensity: 3,
      isLit: true,
      textureSizes: [
        [9, 8],
        [7, 6],
      ],
      lights: [light, light],
    });
    expect(floats[offsets['environment_intensity']! / 4]).toBe(3);
    expect([ints[offsets['is_lit']! / 4], ints[offsets['light_count']! / 4]]).toEqual([1, 2]);
    expect(floats[offsets['texture_sizes']! / 4 + 4]).toBe(7);
    const second = layoutOf(shadingWgsl, 'Light');
    const start = (offsets['lights']! + second.size) / 4;
    const at = (member: string): number => floats[start + second.offsets[member]! / 4]!;
    expect(['color', 'position', 'radius', 'axis_x', 'axis_y'].map(at)).toEqual([1, 4, 7, 8, 11]);
    expect(ints[start + second.offsets['kind']! / 4]).toBe(2);
  });

  it('Bin and Counters', () => {
    expect(layoutOf(listsWgsl, 'Bin').size).toBe(16);
    expect(layoutOf(listsWgsl, 'Counters').offsets).toEqual({
      entries: 0,
      work: 4,
      dropped: 8,
      instances: 12,
      slots: 16,
      triangles: 16 + 48 * 4,
      depths: 16 + 2 * 48 * 4,
    });
  });
});

describe('writeTransformInto', () => {
  it('turns columns into rows and finds mirroring', () => {
    const floats = new Float32Array(16);
    const m = new Float32Array([1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 10, 0, 11, 12, 13, 1]);
    expect(writeTransformInto(floats, 0, m, 0)).toBe(INSTANCE_MIRRORED);
    expect([...floats.subarray(0, 12)]).toEqual([1, 4, 7, 11, 2, 5, 8, 12, 3, 6, 10, 13]);
  });
});

describe('materials', () => {
  it('cover by threshold first, then by opacity', () => {
    const half = { value: [0.5] };
    const kind = (fields: Partial<MaterialSnapshot>, leastAlpha?: number): number[] => {
      const coverage = coverageOf(material(0, fields), () => leastAlpha);
      return [coverage.kind, coverage.threshold];
    };
    expect(kind({})).toEqual([0, 0]);
    expect(kind({ opacityThreshold: 0.1, opacity: half })).toEqual([1, 0.1]);
    expect(kind({ opacity: half })).toEqual([2, 0]);
  });

  it('cover whole where the picture of their opacity does', () => {
    const kind = (fields: Partial<TextureInput>, leastAlpha?: number, channels: TextureInput['channels'] = 'a'): number[] => {
      const coverage = coverageOf(material(0, { opacity: { value: [1], texture: textureInput(0, channels, fields) } }), () => leastAlpha);
      return [coverage.kind, coverage.threshold];
    };
    expect(kind({}, 1)).toEqual([0, 0]);
    expect(kind({}, 0.996)).toEqual([2, 0]);
    // Black outside the picture is a hole.
    expect(kind({ wrapT: 'black' }, 1)).toEqual([1, 0.5]);
    // Other channels are not looked at.
    expect(kind({}, 1, 'r')).toEqual([2, 0]);
    expect(kind({ scale: [1, 1, 1, 0.5] }, 1)).toEqual([2, 0]);
    // Not there yet: the fallback.
    expect(kind({})).toEqual([0, 0]);
    expect(kind({ fallback: [1, 1, 1, 0] })).toEqual([2, 0]);
  });

  it('share a sample between neighbours that read the same texels', () => {
    const [floats, ints] = words(4 * MATERIAL_TEXTURE_WORDS);
    const packed = material(0, {
      occlusion: { value: [1], texture: textureInput(5, 'r') },
      roughness: { value: [1], texture: textureInput(5, 'g') },
      metallic: { value: [1], texture: textureInput(5, 'b', { wrapS: 'clamp' }) },
    });
    expect(writeMaterialTexturesInto(ints, floats, 0, packed, () => ({ bucket: 0, layer: 0 }))).toBe(3);
    const sampling = [0, 1, 2].map((i) => (ints[i * MATERIAL_TEXTURE_WORDS + 1]! & TEXTURE_SAME_SAMPLE) !== 0);
    // The third wraps differently.
    expect(sampling).toEqual([false, true, false]);
  });

  it('stand at the fallback, scaled, while a texture is missing', () => {
    const [floats, ints] = words(MATERIAL_WORDS);
    const texture = textureInput(5, 'g', { fallback: [0, 0.25, 0, 1], scale: [1, 2, 1, 1], bias: [0, 0.125, 0, 0] });
    const waiting = material(0, { roughness: { value: [0.9], texture } });
    writeMaterialInto(ints, floats, 0, waiting, { kind: 0, threshold: 0 }, 0, 0);
    expect(floats[7]).toBe(0.625);
    expect(writeMaterialTexturesInto(ints, floats, 0, waiting, () => undefined)).toBe(0);
  });
});
