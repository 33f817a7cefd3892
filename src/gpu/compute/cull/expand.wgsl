// Turns the slots of one bin into triangles: each thread looks at the triangles of one slot and keeps those that are
// inside the frustum, turned to the viewer (or double-sided) and over a sample point. Rasterisers then never see what
// leaves no trace. A thread appends its triangles with one atomic; no barriers, which are what software adapters pay for
// most (10,000 meshes of 36 triangles: 300 ms with a thread per triangle and aggregated appends).
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
// Corners move by half a step when rasterisers snap them: 1/16 pixel at the coarsest (Vulkan's least
// subPixelPrecisionBits, SwiftShader's value), and a little for rounding.
const SNAP: f32 = 1.0 / 30.0;

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
  // Pixels, y down.
  let half_size = vec2f(0.5, -0.5) * view.size;
  let pa = a.xy / a.w * half_size;
  let ab = b.xy / b.w * half_size - pa;
  let ac = c.xy / c.w * half_size - pa;
  let area = ab.x * ac.y - ab.y * ac.x;
  if (culls && area * turn >= 0.0) {
    return false;
  }
  let origin = pa + 0.5 * view.size;
  let lowest = origin + min(vec2f(0.0), min(ab, ac)) - SNAP;
  let highest = origin + max(vec2f(0.0), max(ab, ac)) + SNAP;
  if (any(highest - lowest >= vec2f(1.0))) {
    return true;
  }
  return covers_sample(origin, ab, ac, area, lowest, highest);
}

// Sample points of a pixel (WebGPU, "Rasterization"), y down.
const SAMPLES = array(vec2f(0.375, 0.125), vec2f(0.875, 0.375), vec2f(0.125, 0.625), vec2f(0.625, 0.875));

// Whether a triangle smaller than a pixel may cover a sample point. In each of the (at most four) lattices of points
// one lies in its bounds at most; that one is held against the edges, moved out by the snap.
fn covers_sample(origin: vec2f, ab: vec2f, ac: vec2f, area: f32, lowest: vec2f, highest: vec2f) -> bool {
  let side = select(1.0, -1.0, area < 0.0);
  let bc = ac - ab;
  let slack = -SNAP * vec3f(abs(ab.x) + abs(ab.y), abs(bc.x) + abs(bc.y), abs(ac.x) + abs(ac.y));
  let count = select(1u, 4u, view.sample_columns > 1.0);
  for (var i = 0u; i < count; i++) {
    let offset = select(vec2f(0.5), SAMPLES[i], count == 4u);
    let point = ceil(lowest - offset) + offset;
    if (all(point <= highest)) {
      let q = point - origin;
      let r = q - ab;
      let edges = side * vec3f(ab.x * q.y - ab.y * q.x, bc.x * r.y - bc.y * r.x, ac.y * q.x - ac.x * q.y);
      if (all(edges >= slack)) {
        return true;
      }
    }
  }
  return false;
}

struct Corners {
  a: vec3f,  // relative space
  b: vec3f,
  c: vec3f,
}

fn corners_of(instance: Instance, cluster: Cluster, first_word: u32, triangle: u32) -> Corners {
  let word = first_word + triangle;
  let indices = page[word >> 2u][word & 3u];
  return Corners(
    relative_from_local(instance, view.eye, position(cluster, indices & 0xffu)),
    relative_from_local(instance, view.eye, position(cluster, (indices >> 8u) & 0xffu)),
    relative_from_local(instance, view.eye, position(cluster, (indices >> 16u) & 0xffu)));
}

@compute @workgroup_size(WORKGROUP)
fn expand(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let bin_index = drawn_bin.x;
  let bin = bins[bin_index];
  let slot_index = id.y * groups.x * WORKGROUP + id.x;
  if (slot_index >= min(atomicLoad(&counters.slots[bin_index]), bin.slot_capacity)) {
    return;
  }
  let slot = slots[bin.first_slot + slot_index];
  let entry_index = slot >> 3u;
  let entry = entries[entry_index];
  let cluster = clusters[entry.y];
  let instance = instances[entry.x];
  let vertex_count = (cluster.counts >> 8u) & 0xffu;
  let first_word = cluster.first_quad * 4u + vertex_count * (4u + attribute_stride(cluster.counts >> 16u));
  let is_double_sided = (cluster.counts & CLUSTER_DOUBLE_SIDED) != 0u;
  let is_mirrored = (instance.flags & INSTANCE_MIRRORED) != 0u;
  let first = (slot & 7u) * SLOT_TRIANGLES;
  let end = min(first + SLOT_TRIANGLES, cluster.counts & 0xffu);
  var kept = 0u;  // one bit per triangle
  for (var triangle = first; triangle < end; triangle++) {
    let corners = corners_of(instance, cluster, first_word, triangle);
    if (is_kept(
        view.clip_from_relative * vec4f(corners.a, 1.0),
        view.clip_from_relative * vec4f(corners.b, 1.0),
        view.clip_from_relative * vec4f(corners.c, 1.0),
        is_double_sided, is_mirrored)) {
      kept |= 1u << (triangle - first);
    }
  }
  if (kept == 0u) {
    return;
  }
  var place = atomicAdd(&counters.triangles[bin_index], countOneBits(kept));
  for (; kept != 0u; kept &= kept - 1u) {
    let triangle = first + firstTrailingBit(kept);
    if (place < bin.triangle_capacity) {
      triangles[bin.first_triangle + place] = (entry_index << 7u) | triangle;
      if (drawn_bin.y == 1u) {
        // Farthest first: ascending keys of 24 bits.
        let corners = corners_of(instance, cluster, first_word, triangle);
        let depth = dot(view.forward, (corners.a + corners.b + corners.c) * (1.0 / 3.0));
        let nearness = 1.0 - saturate((depth - view.sort_nearest) * view.sort_scale);
        keys[bin.first_triangle + place] = u32(nearness * 16777215.0);
      }
    }
    place++;
  }
}
