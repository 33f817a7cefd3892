// The environment as the background: where nothing else was drawn, light from the far side of the view. Linear light out.

struct Skybox {
  environment_from_world: mat3x3f,  // rotation; the environment is y up, its picture's middle towards +z
  color: vec3f,                     // factor on linear radiance
  layer: i32,                       // of the picture's array; -1: the colour alone
  more: vec3f,                      // linear radiance added all around
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> skybox: Skybox;
@group(0) @binding(2) var picture: texture_2d_array<f32>;
@group(0) @binding(3) var picture_sampler: sampler;

override SHOWS_STUDIO: bool = false;

const PI: f32 = 3.14159265358979;
// Rays of an orthographic camera are parallel and would show one point of the sky: it gets those of a lens of 40 degrees.
const ORTHOGRAPHIC_TANGENT: f32 = 0.36397;

struct Fragment {
  @builtin(position) position: vec4f,
  @location(0) direction: vec3f,  // world axes, any length; linear over the picture
}

@vertex
fn vs_skybox(@builtin(vertex_index) index: u32) -> Fragment {
  let at = vec2f(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
  let m = view.clip_from_relative;
  let x_row = vec3f(m[0].x, m[1].x, m[2].x);
  let y_row = vec3f(m[0].y, m[1].y, m[2].y);
  var direction: vec3f;
  if (view.is_orthographic == 1u) {
    let reach = ORTHOGRAPHIC_TANGENT * vec2f(view.size.x / view.size.y, 1.0) * at;
    direction = view.forward + normalize(x_row) * reach.x + normalize(y_row) * reach.y;
  } else {
    // The relative position of depth 1 that lands here: the rows of x, y and w, inverted.
    let w_row = vec3f(m[0].w, m[1].w, m[2].w);
    let across = cross(x_row, y_row);
    direction = (at.x * cross(y_row, w_row) + at.y * cross(w_row, x_row) + across) / dot(across, w_row);
  }
  // Depth 0 is infinitely far.
  return Fragment(vec4f(at, 0.0, 1.0), direction);
}

@fragment
fn fs_skybox(in: Fragment) -> @location(0) vec4f {
  let d = skybox.environment_from_world * normalize(in.direction);
  var radiance = skybox.color;
  if (SHOWS_STUDIO) {
    radiance *= studio_radiance(d);
  } else if (skybox.layer >= 0) {
    let uv = vec2f(0.5 - atan2(d.x, d.z) / (2.0 * PI), 0.5 - asin(clamp(d.y, -1.0, 1.0)) / PI);
    // Of the direction, which has no seam where the coordinates have one.
    let pixel_angle = max(length(dpdx(d)), length(dpdy(d)));
    let level = log2(max(pixel_angle * f32(textureDimensions(picture).x) / (2.0 * PI), 1.0));
    radiance *= textureSampleLevel(picture, picture_sampler, uv, u32(skybox.layer), level).rgb;
  }
  return vec4f(clamp(radiance + skybox.more, vec3f(0.0), vec3f(60000.0)), 1.0);
}
