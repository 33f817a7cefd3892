// Stable radix sort of the blended triangles of one bin, by 24-bit keys, eight bits a pass, lowest first. Each pass:
// histogram of every block, one exclusive scan over (digit, block), scatter. Ranks inside a block come from counting
// the equal digits before: BLOCK comparisons a thread, no subgroups needed, and the same order on every machine.

struct Step {
  bin: u32,
  shift: u32,
}

@group(0) @binding(0) var<storage, read> keys_in: array<u32>;
@group(0) @binding(1) var<storage, read> values_in: array<u32>;
@group(0) @binding(2) var<storage, read_write> keys_out: array<u32>;
@group(0) @binding(3) var<storage, read_write> values_out: array<u32>;
@group(0) @binding(4) var<storage, read_write> offsets: array<u32>;  // [digit * blocks + block]
@group(0) @binding(5) var<storage, read_write> counters: Counters;
@group(0) @binding(6) var<uniform> bins: array<Bin, MAX_BINS>;
@group(1) @binding(0) var<uniform> step: Step;

const BLOCK: u32 = 256u;
const DIGITS: u32 = 256u;

var<workgroup> digits: array<u32, BLOCK>;
var<workgroup> sums: array<u32, BLOCK>;
var<workgroup> histogram: array<atomic<u32>, DIGITS>;

fn element_count() -> u32 {
  return min(atomicLoad(&counters.triangles[step.bin]), bins[step.bin].triangle_capacity);
}

fn block_count() -> u32 {
  return (element_count() + BLOCK - 1u) / BLOCK;
}

fn block_of(group: vec3u, groups: vec3u) -> u32 {
  return group.y * groups.x + group.x;
}

@compute @workgroup_size(BLOCK)
fn count_digits(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = block_of(group, groups);
  let index = block * BLOCK + local;
  if (index < element_count()) {
    let digit = (keys_in[bins[step.bin].first_triangle + index] >> step.shift) & 0xffu;
    atomicAdd(&histogram[digit], 1u);
  }
  workgroupBarrier();
  if (block < block_count()) {
    offsets[local * block_count() + block] = atomicLoad(&histogram[local]);
  }
}

@compute @workgroup_size(BLOCK)
fn scan(@builtin(local_invocation_index) local: u32) {
  // Each thread owns one digit: a contiguous run of block counts.
  let blocks = block_count();
  var total = 0u;
  for (var block = 0u; block < blocks; block++) {
    let at = local * blocks + block;
    let count = offsets[at];
    offsets[at] = total;
    total += count;
  }
  sums[local] = total;
  workgroupBarrier();
  var before = 0u;
  for (var digit = 0u; digit < local; digit++) {
    before += sums[digit];
  }
  for (var block = 0u; block < blocks; block++) {
    offsets[local * blocks + block] += before;
  }
}

@compute @workgroup_size(BLOCK)
fn scatter(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let block = block_of(group, groups);
  let index = block * BLOCK + local;
  let first = bins[step.bin].first_triangle;
  let exists = index < element_count();
  var key = 0u;
  var value = 0u;
  var digit = DIGITS;
  if (exists) {
    key = keys_in[first + index];
    value = values_in[first + index];
    digit = (key >> step.shift) & 0xffu;
  }
  digits[local] = digit;
  workgroupBarrier();
  if (exists) {
    var rank = 0u;
    for (var i = 0u; i < local; i++) {
      rank += select(0u, 1u, digits[i] == digit);
    }
    let place = first + offsets[digit * block_count() + block] + rank;
    keys_out[place] = key;
    values_out[place] = value;
  }
}
