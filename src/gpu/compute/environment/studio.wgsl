// The built-in studio: a grey room with soft boxes, y up, neutral white. Writes radiance into level 0 of the source cube.

@group(0) @binding(0) var target_cube: texture_storage_2d_array<rgba16float, write>;

// A soft box: a rectangle on the plane at unit distance along `center`, with feathered edges.
fn soft_box(d: vec3f, center: vec3f, half_size: vec2f, feather: f32) -> f32 {
  let c = normalize(center);
  let side = normalize(cross(vec3f(0.0, 1.0, 0.0001), c));
  let up = cross(c, side);
  let ahead = dot(d, c);
  if (ahead <= 0.01) {
    return 0.0;
  }
  let p = abs(vec2f(dot(d, side), dot(d, up)) / ahead);
  let edge = smoothstep(half_size + feather, half_size - feather, p);
  return edge.x * edge.y;
}

fn studio_radiance(d: vec3f) -> vec3f {
  // Walls brighten towards the ceiling, the floor bounces a little warm light.
  let up = smoothstep(-0.15, 0.9, d.y);
  let down = smoothstep(0.05, -0.9, d.y);
  var radiance = mix(vec3f(0.36, 0.365, 0.375), vec3f(0.62, 0.64, 0.67), up);
  radiance = mix(radiance, vec3f(0.22, 0.21, 0.2), down);
  radiance += vec3f(7.0, 6.85, 6.6) * soft_box(d, vec3f(-0.75, 0.75, 0.65), vec2f(0.42, 0.42), 0.06);
  radiance += vec3f(2.1, 2.2, 2.35) * soft_box(d, vec3f(0.95, 0.35, 0.45), vec2f(0.32, 0.6), 0.08);
  radiance += vec3f(4.2, 4.3, 4.5) * soft_box(d, vec3f(0.35, 0.5, -0.95), vec2f(0.7, 0.16), 0.05);
  radiance += vec3f(1.6, 1.6, 1.6) * soft_box(d, vec3f(0.0, 1.0, 0.05), vec2f(0.55, 0.55), 0.2);
  return radiance;
}

@compute @workgroup_size(8, 8)
fn write_studio(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(target_cube).x;
  if (id.x >= size || id.y >= size) {
    return;
  }
  let uv = (vec2f(id.xy) + 0.5) * (2.0 / f32(size)) - 1.0;
  textureStore(target_cube, id.xy, id.z, vec4f(studio_radiance(cube_direction(id.z, uv)), 1.0));
}
