// Facts that all fragments of a picture share. Byte twin: layout/shading-uniforms.ts.
const TEXTURE_BUCKETS: u32 = 10u;
const MAX_LIGHTS: u32 = 64u;

struct Light {
  color: vec3f,     // linear radiance; irradiance of a distant light
  kind: u32,        // 0 distant, 1 sphere, 2 rect, 3 disk, 4 cylinder, 5 point
  position: vec3f,  // world; direction of travel for distant lights (unit)
  radius: f32,      // world units; sphere, disk and cylinder
  axis_x: vec3f,    // world, half extent along local x: rect, cylinder (its axis)
  spare_a: f32,
  axis_y: vec3f,    // world, half extent along local y: rect
  spare_b: f32,
}

struct Shading {
  environment_from_world: mat3x3f,
  texture_sizes: array<vec4f, TEXTURE_BUCKETS>,  // texels: width, height of the layers of a bucket
  environment_intensity: f32,
  is_lit: u32,                     // 0: base colour as it is
  light_count: u32,
  spare: u32,
  lights: array<Light, MAX_LIGHTS>,
}
