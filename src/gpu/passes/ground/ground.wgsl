// Soft shadow of the model on an invisible ground. A height map, drawn from below, holds how near the lowest surface is
// to the ground; blurred, it darkens the ground. Output of `shade` is black light with the shadow as coverage.

struct Ground {
  center: vec3f,     // world, stage units
  strength: f32,     // darkest coverage
  axis_x: vec3f,     // world, half the side of the square
  blur_texels: f32,  // between taps of the blur
  axis_y: vec3f,
  spare_b: f32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> ground: Ground;
@group(0) @binding(2) var map: texture_2d<f32>;
@group(0) @binding(3) var map_sampler: sampler;

override BLURS_ROWS: bool = false;

struct Fragment {
  @builtin(position) position: vec4f,
  @location(0) uv: vec2f,
}

@vertex
fn vs_screen(@builtin(vertex_index) index: u32) -> Fragment {
  let corner = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return Fragment(vec4f(corner * 2.0 - 1.0, 0.0, 1.0), vec2f(corner.x, 1.0 - corner.y));
}

@fragment
fn blur(in: Fragment) -> @location(0) vec4f {
  let texel = ground.blur_texels / vec2f(textureDimensions(map));
  let direction = select(vec2f(0.0, texel.y), vec2f(texel.x, 0.0), BLURS_ROWS);
  var sum = 0.0;
  var weight = 0.0;
  for (var i = -6; i <= 6; i++) {
    let w = exp(-f32(i * i) / 14.0);
    sum += w * textureSampleLevel(map, map_sampler, in.uv + direction * f32(i), 0.0).r;
    weight += w;
  }
  return vec4f(sum / weight);
}

@vertex
fn vs_ground(@builtin(vertex_index) index: u32) -> Fragment {
  var corners = array(0u, 1u, 2u, 2u, 1u, 3u);
  let corner = corners[index];
  let at = vec2f(f32(corner & 1u), f32(corner >> 1u)) * 2.0 - 1.0;
  let relative = ground.center - view.eye + ground.axis_x * at.x + ground.axis_y * at.y;
  return Fragment(view.clip_from_relative * vec4f(relative, 1.0), at * vec2f(0.5, -0.5) + 0.5);
}

@fragment
fn shade(in: Fragment) -> @location(0) vec4f {
  let shadow = textureSampleLevel(map, map_sampler, in.uv, 0.0).r;
  // Nothing may end at the border of the map.
  let from_center = length(in.uv * 2.0 - 1.0);
  return vec4f(0.0, 0.0, 0.0, ground.strength * shadow * smoothstep(1.0, 0.75, from_center));
}
