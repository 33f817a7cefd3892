// Draws a shared frame into the layer of an image: linear light with straight alpha, which the layer's view encodes.

struct Facts {
  target_size: vec2f,
  flags: u32,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<uniform> facts: Facts;

@fragment
fn fs_main(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let span = vec2f(textureDimensions(frame)) / facts.target_size;
  let color = frame_at(frame, position.xy / facts.target_size, span, facts.flags);
  if ((facts.flags & DATA) != 0u) {
    return color;
  }
  return vec4f(color.rgb / max(color.a, 1e-6), color.a);
}
