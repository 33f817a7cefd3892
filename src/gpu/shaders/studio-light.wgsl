// The built-in studio: a grey room with soft boxes, y up, neutral white.

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
  // Walls brighten towards the ceiling, the floor bounces a little warm light. Levels give a white matte surface about
  // 1.1 towards the key light, 0.8 from the front and 0.15 from below.
  let up = smoothstep(-0.15, 0.9, d.y);
  let down = smoothstep(0.05, -0.9, d.y);
  var radiance = mix(vec3f(0.207, 0.21, 0.216), vec3f(0.29, 0.3, 0.315), up);
  radiance = mix(radiance, vec3f(0.155, 0.15, 0.143), down);
  radiance += vec3f(4.5, 4.4, 4.25) * soft_box(d, vec3f(-0.7, 0.75, 0.75), vec2f(0.4, 0.4), 0.06);
  radiance += vec3f(1.43, 1.5, 1.6) * soft_box(d, vec3f(0.95, 0.3, 0.5), vec2f(0.3, 0.6), 0.08);
  radiance += vec3f(2.55, 2.6, 2.7) * soft_box(d, vec3f(0.35, 0.5, -0.95), vec2f(0.7, 0.16), 0.05);
  radiance += vec3f(0.5, 0.5, 0.5) * soft_box(d, vec3f(0.0, 1.0, 0.05), vec2f(0.5, 0.5), 0.2);
  return radiance;
}
