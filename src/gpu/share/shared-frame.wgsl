// Reads frames that other programs share, of any size, encoding and kind of alpha, at any size.

const ENCODED = 1u;        // sRGB transfer function
const DISPLAY_P3 = 2u;     // primaries
const PREMULTIPLIED = 4u;
const OPAQUE = 8u;         // alpha is not looked at
const DATA = 16u;          // no colours: taken as they are

// More texels per axis than these are not all looked at.
const MOST_TAPS = 16.0;

fn srgb_from_linear(c: vec3f) -> vec3f {
  let low = c * 12.92;
  let high = 1.055 * pow(max(c, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055;
  return select(high, low, c <= vec3f(0.0031308));
}

fn linear_from_srgb(c: vec3f) -> vec3f {
  return select(pow((max(c, vec3f(0.0)) + 0.055) / 1.055, vec3f(2.4)), c / 12.92, c <= vec3f(0.04045));
}

// Linear Display P3 to linear sRGB (CSS Color 4, 12.1).
const SRGB_FROM_P3 = mat3x3f(
  vec3f(1.2249401762805598, -0.042056954709688163, -0.019637554590334432),
  vec3f(-0.22494017628055996, 1.0420569547096881, -0.078636045550631889),
  vec3f(0.0, 0.0, 1.0982736001409663));

// Linear light of sRGB primaries, multiplied by alpha; data as it is.
fn texel_of(frame: texture_2d<f32>, at: vec2i, flags: u32) -> vec4f {
  let texel = textureLoad(frame, clamp(at, vec2i(0), vec2i(textureDimensions(frame)) - 1), 0);
  if ((flags & DATA) != 0u) {
    return texel;
  }
  let alpha = select(saturate(texel.a), 1.0, (flags & OPAQUE) != 0u);
  var color = texel.rgb;
  if ((flags & PREMULTIPLIED) != 0u) {
    color = color / max(alpha, 1e-6);
  }
  if ((flags & ENCODED) != 0u) {
    color = linear_from_srgb(color);
  }
  if ((flags & DISPLAY_P3) != 0u) {
    color = SRGB_FROM_P3 * color;
  }
  return vec4f(color * alpha, alpha);
}

// Texel and weight of a tap on one axis.
fn tap_of(begin: f32, width: f32, index: i32) -> vec2f {
  if (width > MOST_TAPS) {
    return vec2f(floor(begin + (f32(index) + 0.5) * (width / MOST_TAPS)), 1.0);
  }
  let texel = floor(begin) + f32(index);
  return vec2f(texel, min(begin + width, texel + 1.0) - max(begin, texel));
}

fn taps_of(begin: f32, width: f32) -> i32 {
  return select(i32(ceil(begin + width) - floor(begin)), i32(MOST_TAPS), width > MOST_TAPS);
}

// Mean of the texels that one texel of the target covers; between texels, where it covers less than one, linear.
// uv: 0..1, v down. span: texels of the frame per texel of the target.
fn frame_at(frame: texture_2d<f32>, uv: vec2f, span: vec2f, flags: u32) -> vec4f {
  let width = max(span, vec2f(1.0));
  let begin = uv * vec2f(textureDimensions(frame)) - width * 0.5;
  var sum = vec4f(0.0);
  var weight = 0.0;
  for (var y = 0; y < taps_of(begin.y, width.y); y++) {
    let row = tap_of(begin.y, width.y, y);
    for (var x = 0; x < taps_of(begin.x, width.x); x++) {
      let column = tap_of(begin.x, width.x, x);
      let part = row.y * column.y;
      if (part > 1e-4) {
        sum += texel_of(frame, vec2i(i32(column.x), i32(row.x)), flags) * part;
        weight += part;
      }
    }
  }
  return sum / max(weight, 1e-6);
}
