/**
 * Inputs of the shaders that OpenUSD brings along, with their types. Source: OpenUSD usdShade (resources/shaders)
 * shaderDefs.usda; UsdPreviewSurface specification 2.6.
 */

const PREVIEW_SURFACE: Readonly<Record<string, string>> = {
  diffuseColor: 'color3f',
  emissiveColor: 'color3f',
  useSpecularWorkflow: 'int',
  specularColor: 'color3f',
  metallic: 'float',
  roughness: 'float',
  clearcoat: 'float',
  clearcoatRoughness: 'float',
  opacity: 'float',
  opacityMode: 'token',
  opacityThreshold: 'float',
  ior: 'float',
  normal: 'normal3f',
  displacement: 'float',
  occlusion: 'float',
};

const UV_TEXTURE: Readonly<Record<string, string>> = {
  file: 'asset',
  st: 'float2',
  wrapS: 'token',
  wrapT: 'token',
  fallback: 'float4',
  scale: 'float4',
  bias: 'float4',
  sourceColorSpace: 'token',
};

const TRANSFORM_2D: Readonly<Record<string, string>> = { in: 'float2', rotation: 'float', scale: 'float2', translation: 'float2' };

/** Suffix of `UsdPrimvarReader_…` → type of its fallback. */
const PRIMVAR_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  int: 'int',
  float: 'float',
  float2: 'float2',
  float3: 'float3',
  float4: 'float4',
  point: 'point3f',
  normal: 'normal3f',
  vector: 'vector3f',
  matrix: 'matrix4d',
};

const DEFINITIONS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    UsdPreviewSurface: PREVIEW_SURFACE,
    UsdUVTexture: UV_TEXTURE,
    UsdTransform2d: TRANSFORM_2D,
    ...Object.fromEntries(
      Object.entries(PRIMVAR_TYPES).map(([suffix, type]) => [`UsdPrimvarReader_${suffix}`, { varname: 'string', fallback: type }]),
    ),
  }).map(([id, inputs]) => [id, new Map(Object.entries(inputs))]),
);

const NO_INPUTS: ReadonlyMap<string, string> = new Map();

/**
 * Input name (without `inputs:`) → type name. Undefined for shaders that nobody has heard of. Nodes of MaterialX are known
 * by their prefix, their inputs are not.
 */
export function shaderInputTypes(id: string): ReadonlyMap<string, string> | undefined {
  return DEFINITIONS.get(id) ?? (id.startsWith('ND_') ? NO_INPUTS : undefined);
}
