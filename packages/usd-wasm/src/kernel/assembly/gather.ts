/** Rows by index. Result: −1, or the position of an index that is outside. */
export function gather(source: usize, rows: u32, width: u32, indices: usize, count: u32, result: usize): i32 {
  const bad = findOutside(indices, count, rows);
  if (bad >= 0) return bad;
  if (width == 3) {
    for (let i: u32 = 0; i < count; i++) {
      v128.store(result + i * 12, v128.load(source + load<u32>(indices + (i << 2)) * 12));
    }
  } else if (width == 2) {
    for (let i: u32 = 0; i < count; i++) {
      store<u64>(result + (i << 3), load<u64>(source + (load<u32>(indices + (i << 2)) << 3)));
    }
  } else if (width == 4) {
    for (let i: u32 = 0; i < count; i++) {
      v128.store(result + (i << 4), v128.load(source + (load<u32>(indices + (i << 2)) << 4)));
    }
  } else {
    for (let i: u32 = 0; i < count; i++) {
      const from = source + load<u32>(indices + (i << 2)) * width * 4;
      const to = result + i * width * 4;
      for (let k: u32 = 0; k < width; k++) store<f32>(to + (k << 2), load<f32>(from + (k << 2)));
    }
  }
  return -1;
}

/** Position of the first index ≥ limit, −1 when all are inside. */
export function findOutside(indices: usize, count: u32, limit: u32): i32 {
  let highest = i32x4.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) highest = i32x4.max_u(highest, v128.load(indices + (i << 2)));
  let top = max(max(<u32>i32x4.extract_lane(highest, 0), <u32>i32x4.extract_lane(highest, 1)), max(<u32>i32x4.extract_lane(highest, 2), <u32>i32x4.extract_lane(highest, 3)));
  for (; i < count; i++) top = max(top, load<u32>(indices + (i << 2)));
  if (count == 0 || top < limit) return -1;
  for (i = 0; load<u32>(indices + (i << 2)) < limit; i++) {}
  return i;
}
