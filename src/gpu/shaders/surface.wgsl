// Reads a material for a fragment: constants, then every input's texture. One sample site, in a loop, keeps the code
// small; inputs that read the same texels as the one before share its sample.

const TARGET_NORMAL: u32 = 0u;
const TARGET_OCCLUSION: u32 = 1u;
const TARGET_ROUGHNESS: u32 = 2u;
const TARGET_METALLIC: u32 = 3u;
const TARGET_SPECULAR: u32 = 4u;
const TARGET_CLEARCOAT: u32 = 5u;
const TARGET_CLEARCOAT_ROUGHNESS: u32 = 6u;
const TARGET_EMISSIVE: u32 = 7u;
const TARGET_DIFFUSE: u32 = 8u;
const CHANNELS_RGB: u32 = 4u;
const SAME_SAMPLE: u32 = 1u << 12u;

fn read_surface(in: Varyings) -> Surface {
  let material = materials[in.material];
  let uv_dx = dpdx(in.uv);
  let uv_dy = dpdy(in.uv);
  var s: Surface;
  s.diffuse_color = material.diffuse_color;
  s.emissive_color = material.emissive_color;
  s.specular_color = material.specular_color;
  s.metallic = material.metallic;
  s.roughness = material.roughness;
  s.clearcoat = material.clearcoat;
  s.clearcoat_roughness = material.clearcoat_roughness;
  s.opacity = material.opacity;
  s.occlusion = material.occlusion;
  s.ior = material.ior;
  s.flags = material.flags;
  var tangent_normal = material.normal;
  if (HAS_TEXTURES) {
    var texel = vec4f(0.0);
    for (var i = 0u; i < material.texture_count; i++) {
      let record = material_textures[material.first_texture + i];
      if ((record.sampling & SAME_SAMPLE) == 0u) {
        let is_second = (record.sampling & 16u) != 0u;
        let st = select(in.uv.xy, in.uv.zw, is_second);
        let dx = select(uv_dx.xy, uv_dx.zw, is_second);
        let dy = select(uv_dy.xy, uv_dy.zw, is_second);
        let turn = mat2x2f(record.transform.xy, record.transform.zw);
        let uv = turn * st + record.offset;
        let down = vec2f(1.0, -1.0);
        texel = sample_place(record.place, record.sampling, vec2f(uv.x, 1.0 - uv.y), turn * dx * down, turn * dy * down);
      }
      let value = texel * record.scale + record.bias;
      let channels = record.place >> 20u;
      var scalar = value.x;
      if (channels < CHANNELS_RGB) {
        scalar = value[channels];
      }
      let color = select(vec3f(scalar), value.rgb, channels == CHANNELS_RGB);
      switch (record.place >> 16u) & 15u {
        case TARGET_NORMAL: { tangent_normal = color; }
        case TARGET_OCCLUSION: { s.occlusion = scalar; }
        case TARGET_ROUGHNESS: { s.roughness = scalar; }
        case TARGET_METALLIC: { s.metallic = scalar; }
        case TARGET_SPECULAR: { s.specular_color = color; }
        case TARGET_CLEARCOAT: { s.clearcoat = scalar; }
        case TARGET_CLEARCOAT_ROUGHNESS: { s.clearcoat_roughness = scalar; }
        case TARGET_EMISSIVE: { s.emissive_color = color; }
        case TARGET_DIFFUSE: { s.diffuse_color = color; }
        default: { s.opacity = scalar; }
      }
    }
  }
  if ((material.flags & MATERIAL_VERTEX_COLOR) != 0u) {
    s.diffuse_color *= in.color.rgb;
  }
  if ((material.flags & MATERIAL_VERTEX_OPACITY) != 0u) {
    s.opacity *= in.color.a;
  }
  s.diffuse_color = max(s.diffuse_color, vec3f(0.0));
  s.metallic = saturate(s.metallic);
  s.roughness = saturate(s.roughness);
  s.clearcoat = saturate(s.clearcoat);
  s.clearcoat_roughness = saturate(s.clearcoat_roughness);
  s.opacity = saturate(s.opacity);
  s.occlusion = saturate(s.occlusion);
  // MikkTSpace: the interpolated frame is used as it is, only the result is normalised.
  s.normal = in.normal;
  if (in.tangent.w != 0.0) {
    let bitangent = sign(in.tangent.w) * cross(in.normal, in.tangent.xyz);
    s.normal = in.tangent.xyz * tangent_normal.x + bitangent * tangent_normal.y + in.normal * tangent_normal.z;
  }
  s.normal = normalize(s.normal);
  return s;
}
