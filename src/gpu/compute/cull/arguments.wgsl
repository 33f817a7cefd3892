// Turns counters into arguments: dispatches for the next cull step, and one draw per bin.

@group(0) @binding(0) var<storage, read_write> counters: Counters;
@group(0) @binding(1) var<storage, read_write> arguments: array<u32>;
@group(0) @binding(2) var<uniform> bins: array<Bin, MAX_BINS>;

// Layout of `arguments`, in words. Twin: compute/cull/cull-pass.ts.
const WORK_DISPATCH: u32 = 0u;    // 3 words
const PLACE_DISPATCH: u32 = 4u;   // 3 words
const SLOT_DISPATCHES: u32 = 8u;  // 4 words per bin, 3 used
const DRAWS: u32 = 8u + 4u * MAX_BINS; // 4 words per bin
const SORTS: u32 = 8u + 8u * MAX_BINS; // 4 words per bin, 3 used: blocks of the sort
const SORT_BLOCK: u32 = 256u;
const THREADS_PER_GROUP: u32 = 64u;
const WIDEST: u32 = 32768u;       // workgroups in x

fn write_dispatch(word: u32, groups: u32) {
  let x = min(groups, WIDEST);
  arguments[word] = x;
  arguments[word + 1u] = select((groups + WIDEST - 1u) / WIDEST, 1u, x < WIDEST);
  arguments[word + 2u] = 1u;
}

@compute @workgroup_size(1)
fn write_work_dispatch() {
  write_dispatch(WORK_DISPATCH, atomicLoad(&counters.work));
}

// Counts of slots per distance become places, nearest first; and the dispatches that fill and read them.
@compute @workgroup_size(MAX_BINS)
fn write_slot_dispatches(@builtin(local_invocation_index) bin: u32) {
  var total = 0u;
  for (var depth = 0u; depth < DEPTHS; depth++) {
    total += atomicExchange(&counters.depths[bin * DEPTHS + depth], total);
  }
  atomicStore(&counters.slots[bin], total);
  let slots = min(total, bins[bin].slot_capacity);
  write_dispatch(SLOT_DISPATCHES + 4u * bin, (slots + THREADS_PER_GROUP - 1u) / THREADS_PER_GROUP);
  if (bin == 0u) {
    write_dispatch(PLACE_DISPATCH, (atomicLoad(&counters.entries) + THREADS_PER_GROUP - 1u) / THREADS_PER_GROUP);
  }
}

@compute @workgroup_size(MAX_BINS)
fn write_draws(@builtin(local_invocation_index) bin: u32) {
  let triangles = atomicLoad(&counters.triangles[bin]);
  if (triangles > bins[bin].triangle_capacity) {
    atomicAdd(&counters.dropped, triangles - bins[bin].triangle_capacity);
  }
  let word = DRAWS + 4u * bin;
  arguments[word] = 3u * min(triangles, bins[bin].triangle_capacity);
  arguments[word + 1u] = 1u;
  arguments[word + 2u] = 3u * bins[bin].first_triangle;
  arguments[word + 3u] = 0u;
  write_dispatch(SORTS + 4u * bin, (min(triangles, bins[bin].triangle_capacity) + SORT_BLOCK - 1u) / SORT_BLOCK);
}
