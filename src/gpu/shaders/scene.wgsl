// Records of the scene tables. Byte twins in TypeScript: gpu/layout/*-record.ts.
struct Instance {
  row_x: vec4f,  // world from local, three rows of a 3x4 matrix, stage units
  row_y: vec4f,
  row_z: vec4f,
  mesh: u32,     // row of the mesh table
  material: u32, // row of the material table
  prim: u32,     // handle for picking
  flags: u32,    // bit 0 visible, bits 1-4 purpose, bit 8 mirrored
}

struct Mesh {
  sphere: vec4f,      // local centre and radius
  first_cluster: u32,
  cluster_count: u32,
  spare_a: u32,
  spare_b: u32,
}

struct Cluster {
  sphere: vec4f,    // local centre and radius
  first_quad: u32,  // in units of four words, in its page
  counts: u32,      // triangles | vertices << 8 | streams << 16 | double-sided << 20 | translucent << 21
  material: u32,    // row of the material table, or INHERITED_MATERIAL
  page: u32,
}

const INSTANCE_VISIBLE: u32 = 1u;
const INSTANCE_MIRRORED: u32 = 256u;
const INHERITED_MATERIAL: u32 = 0xffffffffu;
const CLUSTER_DOUBLE_SIDED: u32 = 1u << 20u;
const CLUSTER_TRANSLUCENT: u32 = 1u << 21u;
const STREAM_UV0: u32 = 1u;
const STREAM_TANGENT: u32 = 2u;
const STREAM_UV1: u32 = 4u;
const STREAM_COLOR: u32 = 8u;

struct Material {
  diffuse_color: vec3f,        // linear
  metallic: f32,
  emissive_color: vec3f,       // linear radiance
  roughness: f32,
  specular_color: vec3f,       // linear
  ior: f32,
  clearcoat: f32,
  clearcoat_roughness: f32,
  opacity: f32,
  opacity_threshold: f32,
  normal: vec3f,               // tangent space
  occlusion: f32,
  flags: u32,                  // bits 0-1 alpha kind, see layout/material-record.ts
  first_texture: u32,
  texture_count: u32,
  spare: u32,
  spare_b: vec4u,
  spare_c: vec4u,
}

const ALPHA_OPAQUE: u32 = 0u;
const ALPHA_CUTOUT: u32 = 1u;
const ALPHA_BLEND: u32 = 2u;
const ALPHA_KINDS: u32 = 3u;
const MATERIAL_SPECULAR_WORKFLOW: u32 = 4u;
const MATERIAL_PRESENCE: u32 = 8u;
const MATERIAL_VERTEX_COLOR: u32 = 16u;
const MATERIAL_VERTEX_OPACITY: u32 = 32u;

struct MaterialTexture {
  place: u32,           // bucket (4 bits) | layer << 4 (12) | target << 16 (4) | channels << 20
  sampling: u32,        // wrap s (2 bits) | wrap t << 2 (2) | uv set << 4 | same sample as the one before << 12
  offset: vec2f,        // uv = transform * st + offset
  transform: vec4f,     // columns (a, b), (c, d)
  scale: vec4f,
  bias: vec4f,
}

fn relative_from_local(instance: Instance, eye: vec3f, p: vec3f) -> vec3f {
  return vec3f(
    dot(instance.row_x.xyz, p) + (instance.row_x.w - eye.x),
    dot(instance.row_y.xyz, p) + (instance.row_y.w - eye.y),
    dot(instance.row_z.xyz, p) + (instance.row_z.w - eye.z));
}

// Words of a vertex's attribute record: uv0 (2), tangent (1), uv1 (2), colour (2), each where its stream is present.
fn attribute_stride(streams: u32) -> u32 {
  return 2u * (streams & 1u) + ((streams >> 1u) & 1u) + 2u * ((streams >> 2u) & 1u) + 2u * ((streams >> 3u) & 1u);
}
