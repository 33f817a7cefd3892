// Reads one texel in the middle of a shared frame, as a texture or as an external texture. Colours go out as they came in.
@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var external_frame: texture_external;

@vertex
fn vs_main(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1u) * 4 - 1, f32(i >> 1u) * 4 - 1, 0, 1);
}

@fragment
fn fs_texture() -> @location(0) vec4f {
  return textureLoad(frame, textureDimensions(frame) / 2, 0);
}

@fragment
fn fs_external() -> @location(0) vec4f {
  return textureLoad(external_frame, textureDimensions(external_frame) / 2);
}
