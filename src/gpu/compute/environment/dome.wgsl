// A dome light as environment: a colour, times a latitude-longitude picture where there is one. Writes radiance into
// level 0 of the source cube, in world axes.

struct Dome {
  local_from_world: mat3x3f,  // rotation
  color: vec3f,               // linear radiance
  layer: i32,                 // of the picture's array; -1: colour alone
  more: vec3f,                // linear radiance of other domes, the same all around
  level: f32,                 // mip level whose texels are about as large as the cube's
}

@group(0) @binding(0) var target_cube: texture_storage_2d_array<rgba16float, write>;
@group(0) @binding(1) var<uniform> dome: Dome;
@group(0) @binding(2) var picture: texture_2d_array<f32>;
@group(0) @binding(3) var picture_sampler: sampler;

const PI: f32 = 3.14159265358979;

@compute @workgroup_size(8, 8)
fn write_dome(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(target_cube).x;
  if (id.x >= size || id.y >= size) {
    return;
  }
  var radiance = dome.color;
  if (dome.layer >= 0) {
    let d = dome.local_from_world * cube_direction(id.z, texel_uv(id.xy, size));
    let longitude = atan2(d.x, d.z);
    let latitude = asin(clamp(d.y, -1.0, 1.0));
    let uv = vec2f(0.5 - longitude / (2.0 * PI), 0.5 - latitude / PI);
    radiance *= textureSampleLevel(picture, picture_sampler, uv, u32(dome.layer), dome.level).rgb;
  }
  textureStore(target_cube, id.xy, id.z, vec4f(min(radiance + dome.more, vec3f(60000.0)), 1.0));
}
