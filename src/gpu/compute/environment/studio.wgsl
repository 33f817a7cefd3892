// The built-in studio as environment: radiance into level 0 of the source cube.

@group(0) @binding(0) var target_cube: texture_storage_2d_array<rgba16float, write>;

@compute @workgroup_size(8, 8)
fn write_studio(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(target_cube).x;
  if (id.x >= size || id.y >= size) {
    return;
  }
  let d = cube_direction(id.z, texel_uv(id.xy, size));
  textureStore(target_cube, id.xy, id.z, vec4f(studio_radiance(d), 1.0));
}
