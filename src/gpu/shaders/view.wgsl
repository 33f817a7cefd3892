// One picture's view. "Relative" space: world axes, origin at the eye, stage units. Depth is reversed: 1 near, 0 far.
struct View {
  clip_from_relative: mat4x4f,
  eye: vec3f,               // world, stage units
  near: f32,                // stage units
  planes: array<vec4f, 5>,  // left right bottom top near; unit normals pointing in; relative space
  forward: vec3f,           // unit, world axes
  sort_nearest: f32,        // stage units along forward
  size: vec2f,              // pixels
  sample_columns: f32,      // columns of sample points in a pixel: 4 with MSAA 4x, else 1
  purposes: u32,            // bits that an instance's flags must meet
  instance_count: u32,      // rows of the instance table in use
  culls_back_faces: u32,    // 0 or 1
  sort_scale: f32,          // 1 / (farthest - nearest)
  is_orthographic: u32,     // 0 or 1
}
