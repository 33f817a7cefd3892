// Culling in two steps: instances against the frustum, then their clusters. Survivors become entries, and when their
// number at each distance is known, slots.
// Meshes of up to SMALL_MESH clusters are expanded by the thread of their instance; larger ones become work items of
// CLUSTERS_PER_ITEM clusters, one workgroup each, so that one huge mesh is as parallel as a million small ones.

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> instances: array<Instance>;
@group(0) @binding(2) var<storage, read> meshes: array<Mesh>;
@group(0) @binding(3) var<storage, read> clusters: array<Cluster>;
@group(0) @binding(4) var<storage, read> materials: array<Material>;
@group(1) @binding(0) var<storage, read_write> counters: Counters;
@group(1) @binding(1) var<storage, read_write> entries: array<vec2u>;
@group(1) @binding(2) var<storage, read_write> slots: array<u32>;
@group(1) @binding(3) var<storage, read_write> work: array<vec2u>;
@group(1) @binding(4) var<uniform> bins: array<Bin, MAX_BINS>;

const WORKGROUP: u32 = 64u;
const SMALL_MESH: u32 = 4u;
const CLUSTERS_PER_ITEM: u32 = 64u;

struct Sphere {
  center: vec3f,  // relative space
  radius: f32,
}

fn sphere_in_view(instance: Instance, local: vec4f) -> Sphere {
  let x = vec3f(instance.row_x.x, instance.row_y.x, instance.row_z.x);
  let y = vec3f(instance.row_x.y, instance.row_y.y, instance.row_z.y);
  let z = vec3f(instance.row_x.z, instance.row_y.z, instance.row_z.z);
  // The largest column is the scale of rotations and uniform scales; the Frobenius norm bounds shears as well.
  let longest = max(dot(x, x), max(dot(y, y), dot(z, z)));
  let skew = abs(dot(x, y)) + abs(dot(y, z)) + abs(dot(z, x));
  let scale = sqrt(longest + skew);
  return Sphere(relative_from_local(instance, view.eye, local.xyz), local.w * scale);
}

fn is_outside(sphere: Sphere) -> bool {
  var nearest = 1e38;
  for (var i = 0u; i < 5u; i++) {
    nearest = min(nearest, dot(view.planes[i].xyz, sphere.center) + view.planes[i].w);
  }
  return nearest < -sphere.radius;
}

fn emit(instance_index: u32, instance: Instance, cluster_index: u32, cluster: Cluster) {
  let entry = atomicAdd(&counters.entries, 1u);
  if (entry >= arrayLength(&entries)) {
    atomicAdd(&counters.dropped, 1u);
    return;
  }
  entries[entry] = vec2u(instance_index, cluster_index);
  atomicAdd(&counters.depths[bin_depth(instance, cluster)], slots_of(cluster));
}

fn slots_of(cluster: Cluster) -> u32 {
  return ((cluster.counts & 0xffu) + SLOT_TRIANGLES - 1u) / SLOT_TRIANGLES;
}

fn bin_depth(instance: Instance, cluster: Cluster) -> u32 {
  let material = select(cluster.material, instance.material, cluster.material == INHERITED_MATERIAL);
  let flags = materials[material].flags;
  var kind = flags & 3u;
  if (kind == ALPHA_OPAQUE && (flags & MATERIAL_VERTEX_OPACITY) != 0u && (cluster.counts & CLUSTER_TRANSLUCENT) != 0u) {
    kind = ALPHA_BLEND;
  }
  let distance = dot(view.forward, relative_from_local(instance, view.eye, cluster.sphere.xyz));
  let depth = saturate((distance - view.sort_nearest) * view.sort_scale);
  return (cluster.page * ALPHA_KINDS + kind) * DEPTHS + min(u32(depth * f32(DEPTHS)), DEPTHS - 1u);
}

@compute @workgroup_size(WORKGROUP)
fn place_slots(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let entry_index = id.y * groups.x * WORKGROUP + id.x;
  if (entry_index >= min(atomicLoad(&counters.entries), arrayLength(&entries))) {
    return;
  }
  let entry = entries[entry_index];
  let cluster = clusters[entry.y];
  let place = bin_depth(instances[entry.x], cluster);
  let bin = bins[place / DEPTHS];
  let wanted = slots_of(cluster);
  let first = atomicAdd(&counters.depths[place], wanted);
  if (first + wanted > bin.slot_capacity) {
    atomicAdd(&counters.dropped, 1u);
  }
  for (var i = 0u; i < wanted; i++) {
    if (first + i < bin.slot_capacity) {
      slots[bin.first_slot + first + i] = (entry_index << 3u) | i;
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn cull_instances(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.y * groups.x * WORKGROUP + id.x;
  if (index >= view.instance_count) {
    return;
  }
  let instance = instances[index];
  if ((instance.flags & INSTANCE_VISIBLE) == 0u || (instance.flags & view.purposes) == 0u) {
    return;
  }
  let mesh = meshes[instance.mesh];
  if (mesh.cluster_count == 0u || is_outside(sphere_in_view(instance, mesh.sphere))) {
    return;
  }
  atomicAdd(&counters.instances, 1u);
  if (mesh.cluster_count <= SMALL_MESH) {
    for (var i = 0u; i < mesh.cluster_count; i++) {
      let cluster = clusters[mesh.first_cluster + i];
      // The only cluster of a mesh is where the mesh is.
      if (mesh.cluster_count == 1u || !is_outside(sphere_in_view(instance, cluster.sphere))) {
        emit(index, instance, mesh.first_cluster + i, cluster);
      }
    }
  } else {
    let wanted = (mesh.cluster_count + CLUSTERS_PER_ITEM - 1u) / CLUSTERS_PER_ITEM;
    let first = atomicAdd(&counters.work, wanted);
    for (var i = 0u; i < wanted; i++) {
      if (first + i < arrayLength(&work)) {
        work[first + i] = vec2u(index, i * CLUSTERS_PER_ITEM);
      } else {
        atomicAdd(&counters.dropped, 1u);
      }
    }
  }
}

@compute @workgroup_size(CLUSTERS_PER_ITEM)
fn cull_clusters(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let item_index = group.y * groups.x + group.x;
  if (item_index >= min(atomicLoad(&counters.work), arrayLength(&work))) {
    return;
  }
  let item = work[item_index];
  let instance = instances[item.x];
  let mesh = meshes[instance.mesh];
  let offset = item.y + local;
  if (offset >= mesh.cluster_count) {
    return;
  }
  let cluster = clusters[mesh.first_cluster + offset];
  if (!is_outside(sphere_in_view(instance, cluster.sphere))) {
    emit(item.x, instance, mesh.first_cluster + offset, cluster);
  }
}
