// Light from all around: spherical harmonics for the diffuse part, a prefiltered cube for the specular part.
// The split-sum table holds the weights of f0 and f90; what single scattering loses comes back as diffuse-like light
// (C. Fdez-Aguera, "A Multiple-Scattering Microfacet Model for Real-Time Image-based Lighting", JCGT 8(1), 2019).

@group(0) @binding(2) var<uniform> irradiance: array<vec4f, 9>;  // order 2, cosine-convolved and divided by pi
@group(0) @binding(3) var environment: texture_2d_array<f32>;
@group(0) @binding(4) var split_sum: texture_2d<f32>;            // x: n.v, y: roughness
@group(0) @binding(5) var linear_sampler: sampler;

fn environment_irradiance(d: vec3f) -> vec3f {
  return max(vec3f(0.0),
    irradiance[0].rgb
    + irradiance[1].rgb * d.y + irradiance[2].rgb * d.z + irradiance[3].rgb * d.x
    + irradiance[4].rgb * (d.x * d.y) + irradiance[5].rgb * (d.y * d.z) + irradiance[6].rgb * (3.0 * d.z * d.z - 1.0)
    + irradiance[7].rgb * (d.x * d.z) + irradiance[8].rgb * (d.x * d.x - d.y * d.y));
}

fn environment_radiance(d: vec3f, roughness: f32) -> vec3f {
  let level = roughness * f32(textureNumLevels(environment) - 1u);
  return sample_cube(environment, linear_sampler, d, level);
}

fn respond_to_environment(surface: Surface, lobes: Lobes, v: vec3f) -> Response {
  let n = surface.normal;
  let n_v = clamp(dot(n, v), 1e-3, 1.0);
  let to_environment = shading.environment_from_world;
  let mirrored = to_environment * reflect(-v, n);
  let weights = textureSampleLevel(split_sum, linear_sampler, vec2f(n_v, surface.roughness), 0.0).xy;
  let single = lobes.f0 * weights.x + lobes.f90 * weights.y;
  let lost = 1.0 - (weights.x + weights.y);
  let average = lobes.f0 + (lobes.f90 - lobes.f0) * (1.0 / 21.0);
  let multiple = single * average * lost / (1.0 - average * lost);
  let around = environment_irradiance(to_environment * n);
  var specular = single * environment_radiance(mirrored, surface.roughness) + multiple * around;
  var diffuse = lobes.diffuse * (1.0 - single - multiple) * around;
  if (HAS_COAT && surface.clearcoat > 0.0) {
    let coat_weights = textureSampleLevel(split_sum, linear_sampler, vec2f(n_v, surface.clearcoat_roughness), 0.0).xy;
    let coat = surface.clearcoat * (lobes.coat_f0 * coat_weights.x + coat_weights.y);
    specular = specular * (1.0 - coat) + coat * environment_radiance(mirrored, surface.clearcoat_roughness);
    diffuse *= 1.0 - coat;
  }
  let strength = shading.environment_intensity * surface.occlusion;
  return Response(diffuse * strength, specular * strength);
}
