// Halves one level of a texture layer by a box filter. Views decide the encoding: sRGB views give and take linear light.
// Odd sizes use three texels per axis with the weights of the exact box.

@group(0) @binding(0) var finer: texture_2d<f32>;

struct Fragment {
  @builtin(position) position: vec4f,
  @location(0) uv: vec2f,  // 0..1 over the target, v down
}

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> Fragment {
  let corner = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return Fragment(vec4f(corner * 2.0 - 1.0, 0.0, 1.0), vec2f(corner.x, 1.0 - corner.y));
}

@fragment
fn halve(in: Fragment) -> @location(0) vec4f {
  let size = vec2i(textureDimensions(finer));
  let texel = vec2i(in.position.xy);
  // A texel covers size / half texels of the finer level: 2, or 2 + 1 / half for odd sizes.
  let coarse = max(size / 2, vec2i(1));
  let span = vec2f(size) / vec2f(coarse);
  let begin = vec2f(texel) * span;
  let end = begin + span;
  let first = vec2i(floor(begin));
  var sum = vec4f(0.0);
  var weight = 0.0;
  for (var y = 0; y < 4; y++) {
    let row = first.y + y;
    let height = min(end.y, f32(row + 1)) - max(begin.y, f32(row));
    if (height <= 1e-4 || row >= size.y) { continue; }
    for (var x = 0; x < 4; x++) {
      let column = first.x + x;
      let width = min(end.x, f32(column + 1)) - max(begin.x, f32(column));
      if (width <= 1e-4 || column >= size.x) { continue; }
      sum += textureLoad(finer, vec2i(column, row), 0) * (width * height);
      weight += width * height;
    }
  }
  return sum / weight;
}

// Stretches an image to another size by linear filtering, held at the edges.
@fragment
fn resample(in: Fragment) -> @location(0) vec4f {
  let size = vec2i(textureDimensions(finer));
  let at = in.uv * vec2f(size) - 0.5;
  let low = clamp(vec2i(floor(at)), vec2i(0), size - 1);
  let high = clamp(vec2i(floor(at)) + 1, vec2i(0), size - 1);
  let f = fract(at);
  let top = mix(textureLoad(finer, low, 0), textureLoad(finer, vec2i(high.x, low.y), 0), f.x);
  let bottom = mix(textureLoad(finer, vec2i(low.x, high.y), 0), textureLoad(finer, high, 0), f.x);
  return mix(top, bottom, f.y);
}
