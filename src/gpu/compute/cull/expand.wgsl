// Turns the slots of one bin into triangles: each thread looks at one triangle and keeps it unless it is outside the
// frustum, turned away (single-sided meshes) or between sample points. Rasterisers then never see what leaves no trace.
//
// Facing is decided here, so the draw pipelines cull nothing.

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> instances: array<Instance>;
@group(0) @binding(2) var<storage, read> clusters: array<Cluster>;
@group(1) @binding(0) var<storage, read_write> counters: Counters;
@group(1) @binding(1) var<storage, read> entries: array<vec2u>;
@group(1) @binding(2) var<storage, read> slots: array<u32>;
@group(1) @binding(3) var<storage, read_write> triangles: array<u32>;
@group(1) @binding(4) var<storage, read_write> keys: array<u32>;
@group(1) @binding(5) var<uniform> bins: array<Bin, MAX_BINS>;
@group(2) @binding(0) var<storage, read> page: array<vec4u>;
@group(2) @binding(1) var<uniform> drawn_bin: vec4u;  // x: bin, y: 1 where sort keys are wanted

const WORKGROUP: u32 = 64u;
const SLOTS_PER_GROUP: u32 = 4u;
// Rasterisers snap corners to 1/16 pixel at the coarsest (Vulkan's least subPixelPrecisionBits, SwiftShader's value).
const SNAP: f32 = 1.0 / 16.0;

var<workgroup> kept: atomic<u32>;
var<workgroup> first_kept: u32;

fn position(cluster: Cluster, vertex: u32) -> vec3f {
  return bitcast<vec3f>(page[cluster.first_quad + vertex].xyz);
}

fn is_kept(a: vec4f, b: vec4f, c: vec4f, is_double_sided: bool, is_mirrored: bool) -> bool {
  // Outside one side of the frustum with all corners. Infinite far: no far side.
  let w = vec3f(a.w, b.w, c.w);
  let x = vec3f(a.x, b.x, c.x);
  let y = vec3f(a.y, b.y, c.y);
  let z = vec3f(a.z, b.z, c.z);
  if (all(x > w) || all(x < -w) || all(y > w) || all(y < -w) || all(z > w)) {
    return false;
  }
  let turn = select(1.0, -1.0, is_mirrored);
  let culls = view.culls_back_faces == 1u && !is_double_sided;
  if (any(w <= vec3f(1e-20)) || any(z > w)) {
    // Crosses the near plane: facing by the homogeneous determinant, no screen bounds.
    let facing = dot(vec3f(a.x, a.y, a.w), cross(vec3f(b.x, b.y, b.w), vec3f(c.x, c.y, c.w)));
    return !culls || facing * turn > 0.0;
  }
  let half_size = 0.5 * view.size;
  let pa = a.xy / a.w * half_size;
  let pb = b.xy / b.w * half_size;
  let pc = c.xy / c.w * half_size;
  let ab = pb - pa;
  let ac = pc - pa;
  let area = ab.x * ac.y - ab.y * ac.x;
  if (culls && area * turn <= 0.0) {
    return false;
  }
  // Sample points lie on columns and rows at (k + 1/2) / sample_columns pixels.
  let lowest = (min(pa, min(pb, pc)) + half_size - SNAP) * view.sample_columns - 0.5;
  let highest = (max(pa, max(pb, pc)) + half_size + SNAP) * view.sample_columns - 0.5;
  return all(ceil(lowest) <= floor(highest));
}

@compute @workgroup_size(WORKGROUP)
fn expand(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let bin_index = drawn_bin.x;
  let bin = bins[bin_index];
  let slot_index = (group.y * groups.x + group.x) * SLOTS_PER_GROUP + local / SLOT_TRIANGLES;
  var is_seen = false;
  var payload = 0u;
  var depth = 0.0;
  if (slot_index < min(atomicLoad(&counters.slots[bin_index]), bin.slot_capacity)) {
    let slot = slots[bin.first_slot + slot_index];
    let entry_index = slot >> 3u;
    let entry = entries[entry_index];
    let cluster = clusters[entry.y];
    let triangle = (slot & 7u) * SLOT_TRIANGLES + local % SLOT_TRIANGLES;
    if (triangle < (cluster.counts & 0xffu)) {
      let instance = instances[entry.x];
      let vertex_count = (cluster.counts >> 8u) & 0xffu;
      let word = cluster.first_quad * 4u + vertex_count * (4u + attribute_stride(cluster.counts >> 16u)) + triangle;
      let corners = page[word >> 2u][word & 3u];
      let a = relative_from_local(instance, view.eye, position(cluster, corners & 0xffu));
      let b = relative_from_local(instance, view.eye, position(cluster, (corners >> 8u) & 0xffu));
      let c = relative_from_local(instance, view.eye, position(cluster, (corners >> 16u) & 0xffu));
      is_seen = is_kept(
        view.clip_from_relative * vec4f(a, 1.0),
        view.clip_from_relative * vec4f(b, 1.0),
        view.clip_from_relative * vec4f(c, 1.0),
        (cluster.counts & CLUSTER_DOUBLE_SIDED) != 0u,
        (instance.flags & INSTANCE_MIRRORED) != 0u);
      payload = (entry_index << 7u) | triangle;
      depth = dot(view.forward, (a + b + c) * (1.0 / 3.0));
    }
  }
  var place = 0u;
  if (is_seen) {
    place = atomicAdd(&kept, 1u);
  }
  workgroupBarrier();
  if (local == 0u) {
    first_kept = atomicAdd(&counters.triangles[bin_index], atomicLoad(&kept));
  }
  workgroupBarrier();
  place += first_kept;
  if (is_seen && place < bin.triangle_capacity) {
    triangles[bin.first_triangle + place] = payload;
    if (drawn_bin.y == 1u) {
      // Farthest first: ascending keys of 24 bits.
      let nearness = 1.0 - saturate((depth - view.sort_nearest) * view.sort_scale);
      keys[bin.first_triangle + place] = u32(nearness * 16777215.0);
    }
  }
}
