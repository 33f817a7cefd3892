/** Byte twin of `Shading` in `shaders/shading.wgsl`. */
export const TEXTURE_BUCKETS = 10;
export const MAX_LIGHTS = 64;
const LIGHT_WORDS = 16;
const SIZES_WORD = 12;
const FACTS_WORD = SIZES_WORD + 4 * TEXTURE_BUCKETS;
const LIGHTS_WORD = FACTS_WORD + 4;
export const SHADING_BYTES = (LIGHTS_WORD + MAX_LIGHTS * LIGHT_WORDS) * 4;

export const LightKind = { distant: 0, sphere: 1, rect: 2, disk: 3, cylinder: 4, point: 5 } as const;

/** A light as the shader sees it, world space. */
export interface LightFacts {
  readonly kind: number;
  /** Linear radiance; irradiance for distant lights; radiant intensity for points. */
  readonly color: readonly [number, number, number];
  /** World position; direction of travel (unit) for distant lights. */
  readonly position: readonly [number, number, number];
  readonly radius: number;
  readonly axisX: readonly [number, number, number];
  readonly axisY: readonly [number, number, number];
}

export interface ShadingFacts {
  /** Rotation, columns, shape [9]. */
  readonly environmentFromWorld: readonly number[];
  readonly environmentIntensity: number;
  readonly isLit: boolean;
  readonly textureSizes: readonly (readonly [number, number])[];
  readonly lights: readonly LightFacts[];
}

export function writeShadingInto(floats: Float32Array, words: Uint32Array, shading: ShadingFacts): void {
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 3; row++) floats[4 * column + row] = shading.environmentFromWorld[3 * column + row]!;
  }
  for (let bucket = 0; bucket < TEXTURE_BUCKETS; bucket++) {
    const [width, height] = shading.textureSizes[bucket] ?? [1, 1];
    floats[SIZES_WORD + 4 * bucket] = width;
    floats[SIZES_WORD + 4 * bucket + 1] = height;
  }
  floats[FACTS_WORD] = shading.environmentIntensity;
  words[FACTS_WORD + 1] = shading.isLit ? 1 : 0;
  const lightCount = Math.min(shading.lights.length, MAX_LIGHTS);
  words[FACTS_WORD + 2] = lightCount;
  for (let i = 0; i < lightCount; i++) {
    const light = shading.lights[i]!;
    const at = LIGHTS_WORD + i * LIGHT_WORDS;
    floats.set(light.color, at);
    words[at + 3] = light.kind;
    floats.set(light.position, at + 4);
    floats[at + 7] = light.radius;
    floats.set(light.axisX, at + 8);
    floats.set(light.axisY, at + 12);
  }
}
