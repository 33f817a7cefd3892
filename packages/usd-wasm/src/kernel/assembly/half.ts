/** binary16 ↔ binary32, eight at a time into the slack. See half-reference.ts for the rules. */
export function halfToFloat(halfs: usize, floats: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 8) {
    const eight = v128.load(halfs + (i << 1));
    v128.store(floats + (i << 2), widen(i32x4.extend_low_i16x8_u(eight)));
    v128.store(floats + (i << 2), widen(i32x4.extend_high_i16x8_u(eight)), 16);
  }
}

// @ts-ignore: decorator
@inline
function widen(half: v128): v128 {
  const sign = i32x4.shl(v128.and(half, i32x4.splat(0x8000)), 16);
  const magnitude = v128.and(half, i32x4.splat(0x7fff));
  const rebias = i32x4.splat(112 << 23);
  let bits = i32x4.add(i32x4.shl(magnitude, 13), rebias);
  bits = i32x4.add(bits, v128.and(rebias, i32x4.gt_s(magnitude, i32x4.splat(0x7bff)))); // ∞ and NaN
  const small = f32x4.mul(f32x4.convert_i32x4_s(magnitude), f32x4.splat(5.9604644775390625e-8)); // 2^-24
  bits = v128.bitselect(small, bits, i32x4.lt_s(magnitude, i32x4.splat(0x400)));
  return v128.or(bits, sign);
}

export function floatToHalf(floats: usize, halfs: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 8) {
    const low = narrow(v128.load(floats + (i << 2)));
    const high = narrow(v128.load(floats + (i << 2), 16));
    v128.store(halfs + (i << 1), i16x8.narrow_i32x4_u(low, high));
  }
}

// @ts-ignore: decorator
@inline
function narrow(bits: v128): v128 {
  const magnitude = v128.and(bits, i32x4.splat(0x7fffffff));
  const sign = v128.and(i32x4.shr_u(bits, 16), i32x4.splat(0x8000));
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  let half = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff - 0x38000000)), odd), 13);
  // added to 1/2, a small number loses exactly the bits below the smallest half
  const small = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  half = v128.bitselect(small, half, i32x4.lt_s(magnitude, i32x4.splat(0x38800000)));
  half = v128.bitselect(i32x4.splat(0x7c00), half, i32x4.gt_s(magnitude, i32x4.splat(0x477fefff)));
  half = v128.bitselect(i32x4.splat(0x7e00), half, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
  return v128.or(half, sign);
}
