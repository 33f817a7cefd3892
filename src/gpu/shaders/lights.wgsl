// Analytic lights. Area lights act from the point that matters most: the nearest to the mirrored view ray for the
// specular part (B. Karis, "Real Shading in Unreal Engine 4", 2013, "Representative point"), with the lobe widened by
// the light's angle so that energy is kept.

fn respond_to_light(surface: Surface, lobes: Lobes, light: Light, p: vec3f, v: vec3f) -> Response {
  var diffuse_direction = -light.position;
  var irradiance = light.color;
  var specular_direction = diffuse_direction;
  var widening = 0.0;
  if (light.kind != 0u) {
    let r = reflect(-v, surface.normal);
    let to_center = light.position - p;
    let distance_squared = max(dot(to_center, to_center), 1e-12);
    let distance = sqrt(distance_squared);
    diffuse_direction = to_center / distance;
    specular_direction = diffuse_direction;
    switch light.kind {
      case 1u: { // sphere: radiance seen under a disk of sin^2 = r^2 / d^2
        let sine_squared = min(light.radius * light.radius / distance_squared, 1.0);
        irradiance *= PI * sine_squared;
        let off = dot(to_center, r) * r - to_center;
        specular_direction = normalize(to_center + off * saturate(light.radius * inverseSqrt(max(dot(off, off), 1e-12))));
        widening = 0.5 * sqrt(sine_squared);
      }
      case 2u, 3u: { // rect and disk: one side, towards cross(y, x)
        let area = cross(light.axis_y, light.axis_x);
        let half_area = length(area);
        let facing = area / max(half_area, 1e-12);
        let surface_area = select(4.0, PI, light.kind == 3u) * half_area;
        let emitted = saturate(dot(-diffuse_direction, facing));
        // Bounded near the light: at most the half sphere it can fill.
        irradiance *= emitted * surface_area / (distance_squared + surface_area / PI);
        let along = dot(r, facing);
        let hit = select(to_center, r * (dot(to_center, facing) / min(along, -1e-4)), along < -1e-4) - to_center;
        var s = dot(hit, light.axis_x) / max(dot(light.axis_x, light.axis_x), 1e-12);
        var t = dot(hit, light.axis_y) / max(dot(light.axis_y, light.axis_y), 1e-12);
        if (light.kind == 3u) {
          let reach = max(1.0, length(vec2f(s, t)));
          s /= reach;
          t /= reach;
        }
        specular_direction = normalize(to_center + light.axis_x * clamp(s, -1.0, 1.0) + light.axis_y * clamp(t, -1.0, 1.0));
        widening = 0.25 * sqrt(surface_area / (distance_squared + surface_area));
      }
      case 4u: { // cylinder: nearest point of its axis, as a sphere there, with the projected area of the whole
        let axis_squared = max(dot(light.axis_x, light.axis_x), 1e-12);
        let along_view = dot(r, light.axis_x);
        let s = (dot(r, to_center) * along_view - dot(to_center, light.axis_x)) / max(axis_squared - along_view * along_view, 1e-9);
        let nearest = to_center + light.axis_x * clamp(s, -1.0, 1.0);
        specular_direction = normalize(nearest);
        let sine = length(cross(diffuse_direction, light.axis_x)) * inverseSqrt(axis_squared);
        let seen_area = 4.0 * light.radius * sqrt(axis_squared) * sine;
        irradiance *= seen_area / (distance_squared + seen_area / PI);
        widening = 0.5 * light.radius * inverseSqrt(dot(nearest, nearest) + light.radius * light.radius);
      }
      default: { // point: radiant intensity
        irradiance /= distance_squared;
      }
    }
  } else {
    widening = light.radius; // half angle
  }
  let alpha = max(surface.roughness * surface.roughness, MIN_ALPHA);
  let widened = saturate(alpha + widening);
  let energy = (alpha * alpha) / (widened * widened);
  let diffuse = respond(surface, lobes, v, diffuse_direction).diffuse;
  let specular = respond(surface, lobes, v, specular_direction).specular;
  return Response(diffuse * irradiance, specular * irradiance * energy);
}
