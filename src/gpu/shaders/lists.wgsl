// Lists that the cull kernels hand on, per draw bin. Bin = page * ALPHA_KINDS + alpha kind.
//
//   entries    a cluster of an instance that may be seen
//   slots      up to 16 triangles of an entry: entry << 3 | sixteenth
//   triangles  a triangle that may be seen: entry << 7 | triangle of the cluster
//
// Each bin owns a region of slots and of triangles; what does not fit is counted in `dropped`. Slots lie roughly front to
// back, by DEPTHS steps of distance, so that most hidden fragments fail the depth test before they are shaded.
const MAX_BINS: u32 = 48u;
const DEPTHS: u32 = 64u;
const BIN_DEPTHS: u32 = 3072u;
const SLOT_TRIANGLES: u32 = 16u;

struct Bin {
  first_slot: u32,
  slot_capacity: u32,
  first_triangle: u32,
  triangle_capacity: u32,
}

struct Counters {
  entries: atomic<u32>,
  work: atomic<u32>,
  dropped: atomic<u32>,      // entries, slots and triangles that found no room
  instances: atomic<u32>,    // instances that may be seen
  slots: array<atomic<u32>, MAX_BINS>,
  triangles: array<atomic<u32>, MAX_BINS>,
  depths: array<atomic<u32>, BIN_DEPTHS>,  // [bin * DEPTHS + depth] slots wanted, then where the next one goes
}
