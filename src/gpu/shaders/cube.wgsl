// Directions of cube map texels: face order +x -x +y -y +z -z, uv in -1..1 with v down.
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
