// Texture arrays by size and format. One repeating sampler; the other wrap modes are made here, exactly:
// mirrored coordinates are folded and clamped ones held half a texel inside (of the mip level that is read), so the
// filter never reaches the opposite edge; `black` fades the clamped sample as a filter over a black border does.

@group(3) @binding(0) var texture_sampler: sampler;
@group(3) @binding(1) var bucket_0: texture_2d_array<f32>;
@group(3) @binding(2) var bucket_1: texture_2d_array<f32>;
@group(3) @binding(3) var bucket_2: texture_2d_array<f32>;
@group(3) @binding(4) var bucket_3: texture_2d_array<f32>;
@group(3) @binding(5) var bucket_4: texture_2d_array<f32>;
@group(3) @binding(6) var bucket_5: texture_2d_array<f32>;
@group(3) @binding(7) var bucket_6: texture_2d_array<f32>;
@group(3) @binding(8) var bucket_7: texture_2d_array<f32>;
@group(3) @binding(9) var bucket_8: texture_2d_array<f32>;
@group(3) @binding(10) var bucket_9: texture_2d_array<f32>;

const WRAP_REPEAT: u32 = 0u;
const WRAP_MIRROR: u32 = 1u;
const WRAP_CLAMP: u32 = 2u;
const WRAP_BLACK: u32 = 3u;

// BUCKETS, a pipeline constant, says how many arrays are in use.
fn sample_bucket(bucket: u32, layer: u32, uv: vec2f, dx: vec2f, dy: vec2f) -> vec4f {
  if (BUCKETS <= 2u) {
    if (bucket == 0u) {
      return textureSampleGrad(bucket_0, texture_sampler, uv, layer, dx, dy);
    }
    return textureSampleGrad(bucket_1, texture_sampler, uv, layer, dx, dy);
  }
  if (BUCKETS <= 4u) {
    switch bucket {
      case 0u: { return textureSampleGrad(bucket_0, texture_sampler, uv, layer, dx, dy); }
      case 1u: { return textureSampleGrad(bucket_1, texture_sampler, uv, layer, dx, dy); }
      case 2u: { return textureSampleGrad(bucket_2, texture_sampler, uv, layer, dx, dy); }
      default: { return textureSampleGrad(bucket_3, texture_sampler, uv, layer, dx, dy); }
    }
  }
  switch bucket {
    case 0u: { return textureSampleGrad(bucket_0, texture_sampler, uv, layer, dx, dy); }
    case 1u: { return textureSampleGrad(bucket_1, texture_sampler, uv, layer, dx, dy); }
    case 2u: { return textureSampleGrad(bucket_2, texture_sampler, uv, layer, dx, dy); }
    case 3u: { return textureSampleGrad(bucket_3, texture_sampler, uv, layer, dx, dy); }
    case 4u: { return textureSampleGrad(bucket_4, texture_sampler, uv, layer, dx, dy); }
    case 5u: { return textureSampleGrad(bucket_5, texture_sampler, uv, layer, dx, dy); }
    case 6u: { return textureSampleGrad(bucket_6, texture_sampler, uv, layer, dx, dy); }
    case 7u: { return textureSampleGrad(bucket_7, texture_sampler, uv, layer, dx, dy); }
    case 8u: { return textureSampleGrad(bucket_8, texture_sampler, uv, layer, dx, dy); }
    default: { return textureSampleGrad(bucket_9, texture_sampler, uv, layer, dx, dy); }
  }
}

// x: coordinate to sample at, y: how much of the filter lies inside the image (1 unless the mode is black).
// Twin with a test: math/wrap.ts.
fn wrap_coordinate(u: f32, mode: u32, texel: f32) -> vec2f {
  if (mode == WRAP_REPEAT) {
    return vec2f(u, 1.0);
  }
  let inset = min(0.5 * texel, 0.5);
  if (mode == WRAP_MIRROR) {
    let folded = abs(u - 2.0 * floor(0.5 * u + 0.5));
    return vec2f(clamp(folded, inset, 1.0 - inset), 1.0);
  }
  let held = clamp(u, inset, 1.0 - inset);
  if (mode == WRAP_CLAMP) {
    return vec2f(held, 1.0);
  }
  return vec2f(held, saturate((0.5 - abs(u - 0.5)) / texel + 0.5));
}

// uv: t down. Filtered texel in linear light, before scale and bias.
fn sample_place(place: u32, sampling: u32, uv: vec2f, dx: vec2f, dy: vec2f) -> vec4f {
  let bucket = place & 15u;
  let size = shading.texture_sizes[bucket].xy;
  let across = max(dot(dx * size, dx * size), dot(dy * size, dy * size));
  let level = ceil(clamp(0.5 * log2(max(across, 1e-12)), 0.0, 14.0));
  let texel = min(vec2f(1.0), exp2(level) / size);
  let s = wrap_coordinate(uv.x, sampling & 3u, texel.x);
  let t = wrap_coordinate(uv.y, (sampling >> 2u) & 3u, texel.y);
  return sample_bucket(bucket, (place >> 4u) & 0xfffu, vec2f(s.x, t.x), dx, dy) * (s.y * t.y);
}
