// Prefilters a cube of radiance for image-based light: half-size levels, GGX levels by filtered importance sampling
// (M. Colbert, J. Krivanek, GPU Gems 3, chapter 20), spherical harmonics of order 2, and the split-sum table.

@group(0) @binding(0) var source_faces: texture_2d_array<f32>;
@group(0) @binding(1) var target_faces: texture_storage_2d_array<rgba16float, write>;
@group(0) @binding(3) var source_sampler: sampler;
@group(0) @binding(4) var<uniform> step: Step;
@group(0) @binding(5) var<storage, read_write> harmonics: array<vec4f, 9>;
@group(0) @binding(6) var table: texture_storage_2d<rgba16float, write>;

struct Step {
  roughness: f32,
  sample_count: u32,
}

const PI: f32 = 3.14159265358979;

@compute @workgroup_size(8, 8)
fn halve(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(target_faces).x;
  if (id.x >= size || id.y >= size) {
    return;
  }
  // Around the texel's direction, also across edges: both faces of an edge get the same.
  let uv = texel_uv(id.xy, size);
  let reach = 0.5 / f32(size - 1u);
  var sum = vec3f(0.0);
  for (var i = 0u; i < 4u; i++) {
    let corner = vec2f(f32(i & 1u), f32(i >> 1u)) * 2.0 - 1.0;
    sum += sample_cube(source_faces, source_sampler, cube_direction(id.z, uv + reach * corner), 0.0);
  }
  textureStore(target_faces, id.xy, id.z, vec4f(sum * 0.25, 1.0));
}

// Low-discrepancy points (R2 sequence of M. Roberts).
fn point_of(i: u32) -> vec2f {
  return fract(vec2f(0.5) + f32(i) * vec2f(0.7548776662466927, 0.5698402909980532));
}

fn half_vector(point: vec2f, alpha: f32) -> vec3f {
  let cosine = sqrt((1.0 - point.y) / (1.0 + (alpha * alpha - 1.0) * point.y));
  let sine = sqrt(max(0.0, 1.0 - cosine * cosine));
  return vec3f(sine * cos(2.0 * PI * point.x), sine * sin(2.0 * PI * point.x), cosine);
}

@compute @workgroup_size(8, 8)
fn prefilter(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(target_faces).x;
  if (id.x >= size || id.y >= size) {
    return;
  }
  let n = cube_direction(id.z, texel_uv(id.xy, size));
  let alpha = step.roughness * step.roughness;
  let helper = select(vec3f(0.0, 0.0, 1.0), vec3f(1.0, 0.0, 0.0), abs(n.z) > 0.9);
  let x = normalize(cross(helper, n));
  let y = cross(n, x);
  let source_size = f32(textureDimensions(source_faces).x);
  let texel_angle = 4.0 * PI / (6.0 * source_size * source_size);
  var sum = vec3f(0.0);
  var weight = 0.0;
  for (var i = 0u; i < step.sample_count; i++) {
    let h = half_vector(point_of(i), alpha);
    // View along the normal: l is h mirrored.
    let n_l = 2.0 * h.z * h.z - 1.0;
    if (n_l > 0.0) {
      let l = 2.0 * h.z * h - vec3f(0.0, 0.0, 1.0);
      let d = (h.z * alpha) * h.z * alpha - h.z * h.z + 1.0;
      let density = alpha * alpha / (4.0 * PI * d * d);
      let angle = 1.0 / (f32(step.sample_count) * density + 1e-6);
      let level = clamp(0.5 * log2(angle / texel_angle) + 1.0, 0.0, f32(textureNumLevels(source_faces) - 1u));
      sum += n_l * sample_cube(source_faces, source_sampler, x * l.x + y * l.y + n * l.z, level);
      weight += n_l;
    }
  }
  textureStore(target_faces, id.xy, id.z, vec4f(sum / max(weight, 1e-6), 1.0));
}

const THREADS: u32 = 64u;
var<workgroup> partial: array<vec4f, THREADS>;

// Real spherical harmonics of order 2 without their constants.
fn basis(index: u32, d: vec3f) -> f32 {
  switch index {
    case 0u: { return 1.0; }
    case 1u: { return d.y; }
    case 2u: { return d.z; }
    case 3u: { return d.x; }
    case 4u: { return d.x * d.y; }
    case 5u: { return d.y * d.z; }
    case 6u: { return 3.0 * d.z * d.z - 1.0; }
    case 7u: { return d.x * d.z; }
    default: { return d.x * d.x - d.y * d.y; }
  }
}

// One workgroup per coefficient, over all texels of a small level: irradiance / pi as a polynomial
// (R. Ramamoorthi, P. Hanrahan, "An Efficient Representation for Irradiance Environment Maps", 2001).
@compute @workgroup_size(THREADS)
fn project(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  let size = textureDimensions(source_faces).x;
  var sum = vec4f(0.0);
  for (var i = local; i < size * size * 6u; i += THREADS) {
    let face = i / (size * size);
    let texel = vec2u(i % size, (i / size) % size);
    let uv = texel_uv(texel, size);
    let r2 = 1.0 + dot(uv, uv);
    // Texels of the border count half here and half on the neighbour.
    let share = select(vec2f(1.0), vec2f(0.5), abs(uv) > vec2f(0.9999));
    let solid_angle = share.x * share.y / (r2 * sqrt(r2));
    sum += vec4f(textureLoad(source_faces, texel, face, 0).rgb * basis(group.x, cube_direction(face, uv)), 1.0) * solid_angle;
  }
  partial[local] = sum;
  workgroupBarrier();
  if (local == 0u) {
    var gathered = vec4f(0.0);
    for (var i = 0u; i < THREADS; i++) {
      gathered += partial[i];
    }
    let total = gathered.rgb * (4.0 * PI / gathered.w);
    // Squared constants of the basis, times the cosine lobe's factor over pi: 1, 2/3, 1/4 per order.
    var scale = 0.282095 * 0.282095;
    if (group.x >= 1u) { scale = 0.488603 * 0.488603 * (2.0 / 3.0); }
    if (group.x >= 4u) { scale = 1.092548 * 1.092548 * 0.25; }
    if (group.x == 6u) { scale = 0.315392 * 0.315392 * 0.25; }
    if (group.x == 8u) { scale = 0.546274 * 0.546274 * 0.25; }
    harmonics[group.x] = vec4f(total * scale, 0.0);
  }
}

// Split-sum table: weights of f0 and f90 for (n.v, roughness).
@compute @workgroup_size(8, 8)
fn integrate(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(table);
  if (any(id.xy >= size)) {
    return;
  }
  // Texel centres span 0..1 so that clamped sampling at 0 and 1 is right.
  let n_v = max((f32(id.x) + 0.5) / f32(size.x), 1e-3);
  let roughness = (f32(id.y) + 0.5) / f32(size.y);
  let alpha = max(roughness * roughness, 1e-4);
  let v = vec3f(sqrt(1.0 - n_v * n_v), 0.0, n_v);
  var weights = vec2f(0.0);
  for (var i = 0u; i < step.sample_count; i++) {
    let h = half_vector(point_of(i), alpha);
    let v_h = dot(v, h);
    let n_l = 2.0 * v_h * h.z - v.z;
    if (n_l > 0.0 && v_h > 0.0) {
      let a2 = alpha * alpha;
      let masking = 0.5 / (n_l * sqrt(n_v * n_v * (1.0 - a2) + a2) + n_v * sqrt(n_l * n_l * (1.0 - a2) + a2));
      let visible = masking * 4.0 * n_l * v_h / max(h.z, 1e-4);
      let fresnel = pow(1.0 - v_h, 5.0);
      weights += vec2f((1.0 - fresnel) * visible, fresnel * visible);
    }
  }
  textureStore(table, id.xy, vec4f(weights / f32(step.sample_count), 0.0, 1.0));
}
