import type { MaterialId, MaterialInput, MaterialSnapshot, TextureId, TextureInput, WrapMode } from '../../share/protocol/scene.ts';

/** Byte twin of `Material` in `shaders/scene.wgsl`: 32 words. Row 0 is the default material; ids follow at `id + 1`. */
export const MATERIAL_WORDS = 32;
/** Byte twin of `MaterialTexture` in `shaders/scene.wgsl`: 16 words, one per input that reads a texture. */
export const MATERIAL_TEXTURE_WORDS = 16;
export const MATERIAL_FLAGS_WORD = 20;
export const MATERIAL_FIRST_TEXTURE_WORD = 21;
export const MATERIAL_TEXTURE_COUNT_WORD = 22;

/** Low two bits of the flags: how coverage is found. The number is also the pipeline of the draw bin. */
export const AlphaKind = { opaque: 0, cutout: 1, blend: 2 } as const;
export const ALPHA_KINDS = 3;
export const MaterialFlag = {
  specularWorkflow: 1 << 2,
  presence: 1 << 3,
  vertexColor: 1 << 4,
  /** Blends where a cluster has translucent vertices. */
  vertexOpacity: 1 << 5,
} as const;

/** Order is the order of sampling: neighbours that read the same texels share one sample. */
export const INPUT_TARGETS = [
  'normal',
  'occlusion',
  'roughness',
  'metallic',
  'specularColor',
  'clearcoat',
  'clearcoatRoughness',
  'emissiveColor',
  'diffuseColor',
  'opacity',
] as const satisfies readonly (keyof MaterialSnapshot)[];

const WRAPS: readonly WrapMode[] = ['repeat', 'mirror', 'clamp', 'black'];
const CHANNELS: readonly TextureInput['channels'][] = ['r', 'g', 'b', 'a', 'rgb'];
/** Bits of word 1 of a texture record. */
export const TEXTURE_SAME_SAMPLE = 1 << 12;

/** Where a texture lies: bucket and layer of the bound arrays. */
export interface TexturePlace {
  readonly bucket: number;
  readonly layer: number;
}

export function materialRow(id: MaterialId): number {
  return id + 1;
}

/** Unbound gprims: what usdview shows, the display colour or a middle grey. */
export function writeDefaultMaterialInto(words: Uint32Array, floats: Float32Array, word: number): void {
  words.fill(0, word, word + MATERIAL_WORDS);
  floats.set([1, 1, 1, 0], word);
  floats.set([0, 0, 0, 0.5], word + 4);
  floats.set([0, 0, 0, 1.5], word + 8);
  floats.set([0, 0.01, 1, 0], word + 12);
  floats.set([0, 0, 1, 1], word + 16);
  words[word + MATERIAL_FLAGS_WORD] = AlphaKind.opaque | MaterialFlag.vertexColor | MaterialFlag.vertexOpacity;
}

/** How a material covers, and below which opacity cut-outs have holes. */
export interface Coverage {
  readonly kind: number;
  readonly threshold: number;
}

/**
 * How a material covers: a threshold means cut-out, an opacity that can be below one means blending. Many exporters
 * connect the opacity of everything to the alpha of its picture; where that is one all over, the surface is opaque (or
 * cut off at the border, for the wrap mode `black`).
 *
 * @param leastAlphaOf least alpha of a texture, 0..1; undefined while it is not there and its fallback stands in
 */
export function coverageOf(material: MaterialSnapshot, leastAlphaOf: (id: TextureId) => number | undefined): Coverage {
  if (material.opacityThreshold > 0) return { kind: AlphaKind.cutout, threshold: material.opacityThreshold };
  const opaque = { kind: AlphaKind.opaque, threshold: 0 };
  const blend = { kind: AlphaKind.blend, threshold: 0 };
  const { texture } = material.opacity;
  if (texture === undefined) return (material.opacity.value[0] ?? 1) >= 1 ? opaque : blend;
  const least = leastAlphaOf(texture.texture);
  if (least === undefined) return (constantOf(material.opacity)[0] ?? 1) >= 1 ? opaque : blend;
  if (texture.channels !== 'a' || least * texture.scale[3] + texture.bias[3] < 1 || texture.scale[3] < 0) return blend;
  return texture.wrapS === 'black' || texture.wrapT === 'black' ? { kind: AlphaKind.cutout, threshold: 0.5 } : opaque;
}

/**
 * Writes the constants of a material.
 *
 * @param word first word of its record in the material table
 */
export function writeMaterialInto(
  words: Uint32Array,
  floats: Float32Array,
  word: number,
  material: MaterialSnapshot,
  coverage: Coverage,
  firstTexture: number,
  textureCount: number,
): void {
  words.fill(0, word, word + MATERIAL_WORDS);
  const color = (input: MaterialInput, at: number): void => {
    const value = constantOf(input);
    for (let i = 0; i < 3; i++) floats[word + at + i] = value[Math.min(i, value.length - 1)] ?? 0;
  };
  const scalar = (input: MaterialInput, at: number): void => {
    floats[word + at] = constantOf(input)[0] ?? 0;
  };
  color(material.diffuseColor, 0);
  scalar(material.metallic, 3);
  color(material.emissiveColor, 4);
  scalar(material.roughness, 7);
  color(material.specularColor, 8);
  floats[word + 11] = material.ior;
  scalar(material.clearcoat, 12);
  scalar(material.clearcoatRoughness, 13);
  scalar(material.opacity, 14);
  floats[word + 15] = coverage.threshold;
  color(material.normal, 16);
  scalar(material.occlusion, 19);
  words[word + MATERIAL_FLAGS_WORD] =
    coverage.kind |
    (material.useSpecularWorkflow ? MaterialFlag.specularWorkflow : 0) |
    (material.opacityMode === 'presence' ? MaterialFlag.presence : 0) |
    (material.usesVertexColor ? MaterialFlag.vertexColor : 0) |
    (material.usesVertexOpacity ? MaterialFlag.vertexOpacity : 0);
  words[word + MATERIAL_FIRST_TEXTURE_WORD] = firstTexture;
  words[word + MATERIAL_TEXTURE_COUNT_WORD] = textureCount;
}

/** The constant of an input; an input with a texture stands at the texture's fallback until the texture is there. */
function constantOf(input: MaterialInput): readonly number[] {
  const texture = input.texture;
  if (texture === undefined) return input.value;
  const scaled = texture.fallback.map((value, i) => value * texture.scale[i]! + texture.bias[i]!);
  if (texture.channels === 'rgb') return scaled.slice(0, 3);
  return [scaled[CHANNELS.indexOf(texture.channels)]!];
}

/** Textures that a material reads, each once. */
export function texturesOf(material: MaterialSnapshot): TextureId[] {
  const ids = new Set<TextureId>();
  for (const target of INPUT_TARGETS) {
    const texture = material[target].texture;
    if (texture !== undefined) ids.add(texture.texture);
  }
  return [...ids];
}

/**
 * Writes one record per input whose texture is there, in the order of `INPUT_TARGETS`.
 *
 * @param word first word of the first record
 * @returns how many were written
 */
export function writeMaterialTexturesInto(
  words: Uint32Array,
  floats: Float32Array,
  word: number,
  material: MaterialSnapshot,
  placeOf: (id: TextureId) => TexturePlace | undefined,
): number {
  let at = word;
  let previous: TextureInput | undefined;
  for (const [target, name] of INPUT_TARGETS.entries()) {
    const texture = material[name].texture;
    const place = texture === undefined ? undefined : placeOf(texture.texture);
    if (texture === undefined || place === undefined) continue;
    words[at] = place.bucket | (place.layer << 4) | (target << 16) | (CHANNELS.indexOf(texture.channels) << 20);
    words[at + 1] =
      WRAPS.indexOf(texture.wrapS) |
      (WRAPS.indexOf(texture.wrapT) << 2) |
      (texture.uvSet << 4) |
      (previous !== undefined && readsSameTexels(previous, texture) ? TEXTURE_SAME_SAMPLE : 0);
    const transform = texture.uvTransform ?? IDENTITY;
    floats[at + 2] = transform[4];
    floats[at + 3] = transform[5];
    floats.set(transform.slice(0, 4), at + 4);
    floats.set(texture.scale, at + 8);
    floats.set(texture.bias, at + 12);
    previous = texture;
    at += MATERIAL_TEXTURE_WORDS;
  }
  return (at - word) / MATERIAL_TEXTURE_WORDS;
}

const IDENTITY = [1, 0, 0, 1, 0, 0] as const;

function readsSameTexels(a: TextureInput, b: TextureInput): boolean {
  const s = a.uvTransform ?? IDENTITY;
  const t = b.uvTransform ?? IDENTITY;
  return (
    a.texture === b.texture && a.uvSet === b.uvSet && a.wrapS === b.wrapS && a.wrapT === b.wrapT && s.every((value, i) => value === t[i])
  );
}
