// Draws triangles of clusters by vertex pulling: three vertices per element of `triangles`, nothing bound as vertex
// buffer. Output: linear light with pre-multiplied alpha, into a multisampled HDR target; depth is reversed.

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> shading: Shading;
@group(1) @binding(0) var<storage, read> instances: array<Instance>;
@group(1) @binding(1) var<storage, read> clusters: array<Cluster>;
@group(1) @binding(2) var<storage, read> materials: array<Material>;
@group(1) @binding(3) var<storage, read> material_textures: array<MaterialTexture>;
@group(2) @binding(0) var<storage, read> entries: array<vec2u>;
@group(2) @binding(1) var<storage, read> triangles: array<u32>;
@group(2) @binding(2) var<storage, read> page: array<vec4u>;

// Features that the scene lacks are compiled away; what a software adapter does not run costs it nothing.
override HAS_TEXTURES: bool = true;
override HAS_LIGHTS: bool = true;
override HAS_COAT: bool = true;
override BUCKETS: u32 = 10u;

struct Varyings {
  @builtin(position) position: vec4f,
  @location(0) relative: vec3f,                        // relative space
  @location(1) normal: vec3f,                          // world axes, not unit
  @location(2) tangent: vec4f,                         // world axes and handedness; zero where there is none
  @location(3) uv: vec4f,                              // two sets, t up
  @location(4) color: vec4f,                           // linear
  @location(5) @interpolate(flat) material: u32,       // row of the material table
  @location(6) @interpolate(flat) prim: u32,           // handle for picking
}

fn page_word(word: u32) -> u32 {
  return page[word >> 2u][word & 3u];
}

fn page_pair(word: u32) -> vec2f {
  return bitcast<vec2f>(vec2u(page_word(word), page_word(word + 1u)));
}

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> Varyings {
  let payload = triangles[index / 3u];
  let entry = entries[payload >> 7u];
  let instance = instances[entry.x];
  let cluster = clusters[entry.y];
  let is_mirrored = (instance.flags & INSTANCE_MIRRORED) != 0u;
  let turn = index % 3u;
  // A mirrored instance turns its triangles around: corners in reverse order keep the front at the front.
  let corner = select(turn, 2u - turn, is_mirrored);
  let vertex_count = (cluster.counts >> 8u) & 0xffu;
  let streams = cluster.counts >> 16u;
  let first_attribute = cluster.first_quad * 4u + vertex_count * 4u;
  let stride = attribute_stride(streams);
  let local = (page_word(first_attribute + vertex_count * stride + (payload & 0x7fu)) >> (8u * corner)) & 0xffu;

  let packed = page[cluster.first_quad + local];
  let relative = relative_from_local(instance, view.eye, bitcast<vec3f>(packed.xyz));
  let column_x = vec3f(instance.row_x.x, instance.row_y.x, instance.row_z.x);
  let column_y = vec3f(instance.row_x.y, instance.row_y.y, instance.row_z.y);
  let column_z = vec3f(instance.row_x.z, instance.row_y.z, instance.row_z.z);
  let side = select(1.0, -1.0, is_mirrored);
  let normal = unpack_octahedral(packed.w);
  // Cofactors: the inverse transpose up to a positive factor once the mirroring is taken out.
  let world_normal = side * (cross(column_y, column_z) * normal.x + cross(column_z, column_x) * normal.y + cross(column_x, column_y) * normal.z);

  var out: Varyings;
  out.position = view.clip_from_relative * vec4f(relative, 1.0);
  out.relative = relative;
  out.normal = normalize(world_normal);
  out.material = select(cluster.material, instance.material, cluster.material == INHERITED_MATERIAL);
  out.prim = instance.prim;
  out.color = select(vec4f(1.0), vec4f(0.5, 0.5, 0.5, 1.0), out.material == 0u);
  var word = first_attribute + local * stride;
  if (HAS_TEXTURES) {
    if ((streams & STREAM_UV0) != 0u) {
      out.uv = vec4f(page_pair(word), 0.0, 0.0);
    }
    word += 2u * (streams & 1u);
    if ((streams & STREAM_TANGENT) != 0u) {
      let tangent_word = page_word(word);
      let tangent = unpack_octahedral(tangent_word);
      let handedness = select(1.0, -1.0, ((tangent_word >> 16u) & 1u) == 1u) * side;
      out.tangent = vec4f(normalize(column_x * tangent.x + column_y * tangent.y + column_z * tangent.z), handedness);
    }
    word += (streams >> 1u) & 1u;
    if ((streams & STREAM_UV1) != 0u) {
      out.uv = vec4f(out.uv.xy, page_pair(word));
    }
  }
  // Colours are the last two words.
  word = first_attribute + (local + 1u) * stride - 2u;
  if ((streams & STREAM_COLOR) != 0u) {
    out.color = vec4f(unpack2x16unorm(page_word(word)), unpack2x16unorm(page_word(word + 1u)));
  }
  return out;
}

@fragment
fn fs_main(in: Varyings, @builtin(front_facing) is_front: bool) -> @location(0) vec4f {
  return shade(in, read_surface(in), is_front);
}

@fragment
fn fs_opaque(in: Varyings, @builtin(front_facing) is_front: bool) -> @location(0) vec4f {
  var surface = read_surface(in);
  surface.opacity = 1.0;
  return shade(in, surface, is_front);
}

// An entry point of its own: a shader with a discard in it, reached or not, may lose the early depth test.
@fragment
fn fs_cutout(in: Varyings, @builtin(front_facing) is_front: bool) -> @location(0) vec4f {
  var surface = read_surface(in);
  if (surface.opacity < materials[in.material].opacity_threshold) {
    discard;
  }
  surface.opacity = 1.0;
  return shade(in, surface, is_front);
}

// The solid parts of blended surfaces, drawn with depth before the rest: what lies behind them need not be sorted.
@fragment
fn fs_solid(in: Varyings, @builtin(front_facing) is_front: bool) -> @location(0) vec4f {
  var surface = read_surface(in);
  if (surface.opacity < 0.998) {
    discard;
  }
  surface.opacity = 1.0;
  return shade(in, surface, is_front);
}

fn shade(in: Varyings, surface_in: Surface, is_front: bool) -> vec4f {
  var surface = surface_in;
  if (shading.is_lit == 0u) {
    let flat_color = surface.diffuse_color + surface.emissive_color;
    return vec4f(flat_color * surface.opacity, surface.opacity);
  }
  surface.normal = select(-surface.normal, surface.normal, is_front);
  let v = normalize(select(-in.relative, -view.forward, view.is_orthographic == 1u));
  let lobes = lobes_of(surface);
  var response = respond_to_environment(surface, lobes, v);
  if (HAS_LIGHTS) {
    for (var i = 0u; i < shading.light_count; i++) {
      let lit = respond_to_light(surface, lobes, shading.lights[i], in.relative + view.eye, v);
      response.diffuse += lit.diffuse;
      response.specular += lit.specular;
    }
  }
  let specular = response.specular + surface.emissive_color;
  let presence = select(1.0, surface.opacity, (surface.flags & MATERIAL_PRESENCE) != 0u);
  // Half floats end at 65504.
  return vec4f(min(response.diffuse * surface.opacity + specular * presence, vec3f(60000.0)), surface.opacity);
}

// Prim handles instead of light: what lies under a pixel. Clear glass is solid.
@fragment
fn fs_pick(in: Varyings) -> @location(0) u32 {
  return in.prim;
}

// Cut-outs have their holes.
@fragment
fn fs_pick_cutout(in: Varyings) -> @location(0) u32 {
  if (read_surface(in).opacity < materials[in.material].opacity_threshold) {
    discard;
  }
  return in.prim;
}

// Seen from the ground upwards: 1 where a surface touches the ground, 0 at the height that the view's sort range ends at.
fn nearness_to_ground(in: Varyings) -> vec4f {
  let nearness = 1.0 - saturate(dot(in.relative, view.forward) * view.sort_scale);
  return vec4f(nearness * nearness);
}

@fragment
fn fs_height(in: Varyings) -> @location(0) vec4f {
  return nearness_to_ground(in);
}

@fragment
fn fs_height_cutout(in: Varyings) -> @location(0) vec4f {
  if (read_surface(in).opacity < materials[in.material].opacity_threshold) {
    discard;
  }
  return nearness_to_ground(in);
}
