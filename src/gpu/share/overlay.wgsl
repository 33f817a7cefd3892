// Lays a shared frame over a picture, as browsers lay pictures over each other: sRGB encoded, multiplied by alpha.

struct Facts {
  corner: vec2f,  // of the frame in the picture, pixels
  size: vec2f,
  picture: vec2f,
  opacity: f32,
  flags: u32,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<uniform> facts: Facts;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let pixel = facts.corner + vec2f(f32(index & 1u), f32(index >> 1u)) * facts.size;
  return vec4f(pixel.x / facts.picture.x * 2.0 - 1.0, 1.0 - pixel.y / facts.picture.y * 2.0, 0.0, 1.0);
}

@fragment
fn fs_main(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let uv = (position.xy - facts.corner) / facts.size;
  let span = vec2f(textureDimensions(frame)) / facts.size;
  let light = frame_at(frame, uv, span, facts.flags);
  let color = srgb_from_linear(saturate(light.rgb / max(light.a, 1e-6)));
  return vec4f(color * light.a, light.a) * facts.opacity;
}
