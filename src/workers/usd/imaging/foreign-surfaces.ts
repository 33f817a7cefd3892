/**
 * Surfaces other than UsdPreviewSurface, as far as one can stand in for them: which of their inputs plays which part.
 * Source: MaterialX 1.38/1.39 node definitions (schemas.md 3.7).
 */
type Role =
  | 'diffuseColor'
  | 'emissiveColor'
  | 'metallic'
  | 'roughness'
  | 'clearcoat'
  | 'clearcoatRoughness'
  | 'opacity'
  | 'normal'
  | 'occlusion';
/** Input, its default, and an input that multiplies it with its default. */
type RoleInput = readonly [name: string, fallback: readonly number[], weight?: string, weightFallback?: number];

export interface ForeignSurface {
  readonly inputs: Readonly<Partial<Record<Role, RoleInput>>>;
  readonly ior?: string;
  /** Weight of refraction. */
  readonly transmission?: string;
  readonly opacityThreshold?: string;
}

const GREY = [0.8, 0.8, 0.8];
const WHITE = [1, 1, 1];
const BLACK = [0, 0, 0];
const UP = [0, 0, 1];

export const FOREIGN_SURFACES: Readonly<Record<string, ForeignSurface | undefined>> = {
  ND_standard_surface_surfaceshader: {
    inputs: {
      diffuseColor: ['base_color', GREY, 'base', 1],
      emissiveColor: ['emission_color', WHITE, 'emission', 0],
      metallic: ['metalness', [0]],
      roughness: ['specular_roughness', [0.2]],
      clearcoat: ['coat', [0]],
      clearcoatRoughness: ['coat_roughness', [0.1]],
      opacity: ['opacity', WHITE],
      normal: ['normal', UP],
    },
    ior: 'specular_IOR',
    transmission: 'transmission',
  },
  ND_open_pbr_surface_surfaceshader: {
    inputs: {
      diffuseColor: ['base_color', GREY, 'base_weight', 1],
      emissiveColor: ['emission_color', WHITE, 'emission_luminance', 0],
      metallic: ['base_metalness', [0]],
      roughness: ['specular_roughness', [0.3]],
      clearcoat: ['coat_weight', [0]],
      clearcoatRoughness: ['coat_roughness', [0]],
      opacity: ['geometry_opacity', [1]],
      normal: ['geometry_normal', UP],
    },
    ior: 'specular_ior',
    transmission: 'transmission_weight',
  },
  ND_gltf_pbr_surfaceshader: {
    inputs: {
      diffuseColor: ['base_color', WHITE],
      emissiveColor: ['emissive', BLACK, 'emissive_strength', 1],
      metallic: ['metallic', [1]],
      roughness: ['roughness', [1]],
      clearcoat: ['clearcoat', [0]],
      clearcoatRoughness: ['clearcoat_roughness', [0]],
      opacity: ['alpha', [1]],
      normal: ['normal', UP],
      occlusion: ['occlusion', [1]],
    },
    ior: 'ior',
    transmission: 'transmission',
  },
  ND_realitykit_pbr_surfaceshader: {
    inputs: {
      diffuseColor: ['baseColor', [0.18, 0.18, 0.18]],
      emissiveColor: ['emissiveColor', BLACK],
      metallic: ['metallic', [0]],
      roughness: ['roughness', [0.5]],
      clearcoat: ['clearcoat', [0]],
      clearcoatRoughness: ['clearcoatRoughness', [0.01]],
      opacity: ['opacity', [1]],
      normal: ['normal', UP],
      occlusion: ['ambientOcclusion', [1]],
    },
    opacityThreshold: 'opacityThreshold',
  },
  ND_surface_unlit: {
    inputs: { diffuseColor: ['', BLACK], emissiveColor: ['emission_color', WHITE, 'emission', 1], opacity: ['opacity', [1]] },
  },
  ND_realitykit_unlit_surfaceshader: {
    inputs: { diffuseColor: ['', BLACK], emissiveColor: ['color', WHITE], opacity: ['opacity', [1]] },
    opacityThreshold: 'opacityThreshold',
  },
};
