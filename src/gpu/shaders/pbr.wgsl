// UsdPreviewSurface's response: Lambert, GGX with Smith height-correlated masking, Schlick Fresnel, clear coat.
// Linear colours. Directions are unit vectors that point away from the surface.

const PI: f32 = 3.14159265358979;
// Lobes narrower than this fall between pixels and sparkle.
const MIN_ALPHA: f32 = 0.002;

struct Surface {
  diffuse_color: vec3f,
  emissive_color: vec3f,
  specular_color: vec3f,
  normal: vec3f,
  metallic: f32,
  roughness: f32,
  clearcoat: f32,
  clearcoat_roughness: f32,
  opacity: f32,
  occlusion: f32,
  ior: f32,
  flags: u32,
}

struct Lobes {
  diffuse: vec3f,
  f0: vec3f,
  f90: vec3f,
  coat_f0: f32,
}

fn lobes_of(surface: Surface) -> Lobes {
  let ratio = (1.0 - surface.ior) / (1.0 + surface.ior);
  let r0 = ratio * ratio;
  if ((surface.flags & MATERIAL_SPECULAR_WORKFLOW) != 0u) {
    return Lobes(surface.diffuse_color, surface.specular_color, vec3f(1.0), r0);
  }
  let tint = mix(vec3f(1.0), surface.diffuse_color, surface.metallic);
  return Lobes(surface.diffuse_color * (1.0 - surface.metallic), mix(r0 * tint, tint, surface.metallic), tint, r0);
}

// GGX distribution times masking, divided by 4 n.l n.v.
fn ggx(alpha: f32, n_l: f32, n_v: f32, n_h: f32) -> f32 {
  let a2 = alpha * alpha;
  let d = n_h * n_h * (a2 - 1.0) + 1.0;
  let distribution = a2 / (PI * d * d);
  let masking = 0.5 / max(n_l * sqrt(n_v * n_v * (1.0 - a2) + a2) + n_v * sqrt(n_l * n_l * (1.0 - a2) + a2), 1e-6);
  return distribution * masking;
}

fn schlick(e_h: f32) -> f32 {
  let x = 1.0 - saturate(e_h);
  let x2 = x * x;
  return x2 * x2 * x;
}

struct Response {
  diffuse: vec3f,
  specular: vec3f,
}

// Light of unit irradiance on a facing surface, from one direction.
fn respond(surface: Surface, lobes: Lobes, v: vec3f, l: vec3f) -> Response {
  let n = surface.normal;
  let n_l = saturate(dot(n, l));
  let n_v = max(dot(n, v), 1e-3);
  let h = normalize(l + v);
  let n_h = saturate(dot(n, h));
  let fresnel = schlick(dot(v, h));
  let f = mix(lobes.f0, lobes.f90, fresnel);
  let alpha = max(surface.roughness * surface.roughness, MIN_ALPHA);
  var specular = f * ggx(alpha, n_l, n_v, n_h);
  var diffuse = lobes.diffuse * (1.0 - f) * (1.0 / PI);
  if (HAS_COAT && surface.clearcoat > 0.0) {
    let coat_f = surface.clearcoat * mix(lobes.coat_f0, 1.0, fresnel);
    let coat_alpha = max(surface.clearcoat_roughness * surface.clearcoat_roughness, MIN_ALPHA);
    specular = specular * (1.0 - coat_f) + vec3f(coat_f * ggx(coat_alpha, n_l, n_v, n_h));
    diffuse *= 1.0 - coat_f;
  }
  return Response(diffuse * n_l, specular * n_l);
}
