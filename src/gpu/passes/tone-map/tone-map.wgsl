// From linear HDR light with pre-multiplied alpha to display values: exposure, tone curve, background, sRGB encoding.
// Output has pre-multiplied alpha in sRGB encoding, as canvases want it.

struct Finish {
  background: vec4f,  // sRGB encoded, not pre-multiplied
  exposure: f32,      // factor on light
}

@group(0) @binding(0) var light: texture_2d<f32>;
@group(0) @binding(1) var<uniform> finish: Finish;

// 0 neutral, 1 plain sRGB, 2 ACES, 3 AgX. A constant of the pipeline: software adapters run every branch of a shader.
override CURVE: u32 = 0u;

// Khronos PBR Neutral tone mapper (KhronosGroup/ToneMapping, 2024).
fn neutral(light_in: vec3f) -> vec3f {
  let start = 0.8 - 0.04;
  let x = min(light_in.r, min(light_in.g, light_in.b));
  let offset = select(0.04, x - 6.25 * x * x, x < 0.08);
  let color = light_in - offset;
  let peak = max(color.r, max(color.g, color.b));
  if (peak < start) {
    return color;
  }
  let d = 1.0 - start;
  let compressed = 1.0 - d * d / (peak + d - start);
  let scaled = color * (compressed / peak);
  let g = 1.0 - 1.0 / (0.15 * (peak - compressed) + 1.0);
  return mix(scaled, vec3f(compressed), g);
}

// ACES filmic, the fit of RRT and ODT by S. Hill.
fn aces(light_in: vec3f) -> vec3f {
  let into = mat3x3f(vec3f(0.59719, 0.076, 0.0284), vec3f(0.35458, 0.90834, 0.13383), vec3f(0.04823, 0.01566, 0.83777));
  let out_of = mat3x3f(vec3f(1.60475, -0.10208, -0.00327), vec3f(-0.53108, 1.10813, -0.07276), vec3f(-0.07367, -0.00605, 1.07602));
  let v = into * (light_in / 0.6);
  let fitted = (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.432951) + 0.238081);
  return saturate(out_of * fitted);
}

// AgX base (T. Sobotka), polynomial fit of its contrast curve by B. Wrensch; result is linear again.
fn agx(light_in: vec3f) -> vec3f {
  let into = mat3x3f(
    vec3f(0.842479062253094, 0.0423282422610123, 0.0423756549057051),
    vec3f(0.0784335999999992, 0.878468636469772, 0.0784336),
    vec3f(0.0792237451477643, 0.0791661274605434, 0.879142973793104));
  let out_of = mat3x3f(
    vec3f(1.19687900512017, -0.0528968517574562, -0.0529716355144438),
    vec3f(-0.0980208811401368, 1.15190312990417, -0.0980434501171241),
    vec3f(-0.0990297440797205, -0.0989611768448433, 1.15107367264116));
  let low = -12.47393;
  let high = 4.026069;
  let x = saturate((clamp(log2(max(into * light_in, vec3f(1e-10))), vec3f(low), vec3f(high)) - low) / (high - low));
  let x2 = x * x;
  let x4 = x2 * x2;
  let curved = 15.5 * x4 * x2 - 40.14 * x4 * x + 31.96 * x4 - 6.868 * x2 * x + 0.4298 * x2 + 0.1191 * x - 0.00232;
  return pow(max(out_of * curved, vec3f(0.0)), vec3f(2.2));
}

fn srgb_from_linear(c: vec3f) -> vec3f {
  let low = c * 12.92;
  let high = 1.055 * pow(max(c, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055;
  return select(high, low, c <= vec3f(0.0031308));
}

fn linear_from_srgb(c: vec3f) -> vec3f {
  return select(pow((c + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

fn mapped(light_in: vec3f) -> vec3f {
  if (CURVE == 0u) {
    return saturate(neutral(light_in));
  } else if (CURVE == 2u) {
    return aces(light_in);
  } else if (CURVE == 3u) {
    return saturate(agx(light_in));
  }
  return saturate(light_in);
}

@fragment
fn fs_main(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let texel = textureLoad(light, vec2u(position.xy), 0);
  let coverage = saturate(texel.a);
  let exposed = max(texel.rgb, vec3f(0.0)) * finish.exposure;
  // Tone curves want light that is not scaled by coverage. Light beyond the coverage (a highlight on clear glass) counts
  // as coverage of its own, so that it is not lost.
  let brightest = max(exposed.r, max(exposed.g, exposed.b));
  let weight = max(coverage, min(brightest, 1.0));
  let front = mapped(exposed / max(weight, 1e-6)) * weight;
  let behind = (1.0 - coverage) * finish.background.a;
  let over = front + linear_from_srgb(finish.background.rgb) * behind;
  let alpha = saturate(max(coverage + behind, max(over.r, max(over.g, over.b))));
  let encoded = srgb_from_linear(saturate(over / max(alpha, 1e-6)));
  // Where nothing is drawn the background goes through unchanged, bit by bit.
  return vec4f(select(encoded, finish.background.rgb, weight <= 0.0) * alpha, alpha);
}
