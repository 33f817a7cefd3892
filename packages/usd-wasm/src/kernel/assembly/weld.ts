/**
 * Equal rows of words; see weld-reference.ts. `table` is cleared, a power of two of slots.
 * Result: number of unique rows, 0 when more than `steps` taken slots had to be passed.
 */
export function weld(rows: usize, count: u32, stride: u32, table: usize, mask: u32, remap: usize, first: usize, steps: u32): u32 {
  let unique: u32 = 0;
  const bytes = stride << 2;
  for (let row: u32 = 0; row < count; row++) {
    const at = rows + row * bytes;
    let hash: u32 = 0;
    for (let k: u32 = 0; k < bytes; k += 4) hash = ((hash ^ load<u32>(at + k)) * 0x9e3779b1) ^ (hash >> 15);
    hash ^= hash >> 16;
    hash *= 0x85ebca6b;
    let slot = (hash ^ (hash >> 13)) & mask;
    for (;;) {
      const found = load<u32>(table + (slot << 2));
      if (found == 0) {
        store<u32>(first + (unique << 2), row);
        store<u32>(remap + (row << 2), unique++);
        store<u32>(table + (slot << 2), unique);
        break;
      }
      if (isSame(rows + load<u32>(first + ((found - 1) << 2)) * bytes, at, bytes)) {
        store<u32>(remap + (row << 2), found - 1);
        break;
      }
      if (steps-- == 0) return 0;
      slot = (slot + 1) & mask;
    }
  }
  return unique;
}

// @ts-ignore: decorator
@inline
function isSame(a: usize, b: usize, bytes: u32): bool {
  let k: u32 = 0;
  for (; k + 16 <= bytes; k += 16) {
    if (v128.any_true(v128.xor(v128.load(a + k), v128.load(b + k)))) return false;
  }
  for (; k < bytes; k += 4) if (load<u32>(a + k) != load<u32>(b + k)) return false;
  return true;
}
