/** Range of the kernel's table; the powers of ten that 19 digits are scaled by. */
const LEAST_POWER = -64;
const GREATEST_POWER = 40;

/**
 * 5^q for q from −64 to 40 as 128 bits with the highest bit set: truncated, but rounded up for −27 ≤ q < 0,
 * where that makes exact quotients come out exact.
 * Two words each, high first. Source: Lemire, "Number parsing at a gigabyte per second", 2021, section 5.
 */
export function fillPowersOfFive(table: BigUint64Array): void {
  let at = 0;
  for (let q = LEAST_POWER; q <= GREATEST_POWER; q++) {
    const power = 5n ** BigInt(Math.abs(q));
    const bits = BigInt(power.toString(2).length);
    const scaled =
      q < 0 ? (1n << (bits + 127n)) / power + (q < -27 ? 0n : 1n) : bits > 128n ? power >> (bits - 128n) : power << (128n - bits);
    table[at++] = scaled >> 64n;
    table[at++] = scaled & 0xffffffffffffffffn;
  }
}
