// Cube maps as arrays of six faces, filtered without help of the hardware: texel centres of the border lie exactly on
// the edges of the cube, so neighbouring faces hold the same colours there and a clamped linear filter has no seams.
// (Hardware filtering across edges is optional in practice: SwiftShader mixes in black.)
// Face order +x -x +y -y +z -z; uv in -1..1 with v down.

fn cube_direction(face: u32, uv: vec2f) -> vec3f {
  switch face {
    case 0u: { return normalize(vec3f(1.0, -uv.y, -uv.x)); }
    case 1u: { return normalize(vec3f(-1.0, -uv.y, uv.x)); }
    case 2u: { return normalize(vec3f(uv.x, 1.0, uv.y)); }
    case 3u: { return normalize(vec3f(uv.x, -1.0, -uv.y)); }
    case 4u: { return normalize(vec3f(uv.x, -uv.y, 1.0)); }
    default: { return normalize(vec3f(-uv.x, -uv.y, -1.0)); }
  }
}

// uv of a texel of a face of `size` texels.
fn texel_uv(texel: vec2u, size: u32) -> vec2f {
  return vec2f(texel) * (2.0 / f32(size - 1u)) - 1.0;
}

struct CubePlace {
  uv: vec2f,
  face: u32,
}

fn cube_place(d: vec3f) -> CubePlace {
  let a = abs(d);
  if (a.x >= a.y && a.x >= a.z) {
    return CubePlace(vec2f(select(d.z, -d.z, d.x > 0.0), -d.y) / a.x, select(1u, 0u, d.x > 0.0));
  }
  if (a.y >= a.z) {
    return CubePlace(vec2f(d.x, select(-d.z, d.z, d.y > 0.0)) / a.y, select(3u, 2u, d.y > 0.0));
  }
  return CubePlace(vec2f(select(-d.x, d.x, d.z > 0.0), -d.y) / a.z, select(5u, 4u, d.z > 0.0));
}

// Colour in direction `d` at one level of `size` texels a face.
fn sample_cube_level(faces: texture_2d_array<f32>, linear: sampler, place: CubePlace, level: f32, size: f32) -> vec3f {
  let uv = place.uv * (0.5 * (size - 1.0) / size) + 0.5;
  return textureSampleLevel(faces, linear, uv, place.face, level).rgb;
}

fn sample_cube(faces: texture_2d_array<f32>, linear: sampler, d: vec3f, level: f32) -> vec3f {
  let place = cube_place(d);
  let lower = floor(level);
  let size = f32(textureDimensions(faces).x) * exp2(-lower);
  let sharp = sample_cube_level(faces, linear, place, lower, size);
  if (level == lower) {
    return sharp;
  }
  return mix(sharp, sample_cube_level(faces, linear, place, lower + 1.0, 0.5 * size), level - lower);
}
