/** Single IEEE binary16 numbers; whole arrays are the kernel's. */

/** The number a half's 16 bits stand for. */
export function halfBitsToNumber(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const magnitude =
    exponent === 31 ? (mantissa === 0 ? Infinity : NaN) : exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** The nearest half's 16 bits, ties to even. */
export function numberToHalfBits(value: number): number {
  float[0] = value;
  const bits = floatBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 255;
  const mantissa = bits & 0x7fffff;
  if (exponent === 255) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200 | (mantissa >>> 13));
  const half = exponent - 112;
  if (half >= 31) return sign | 0x7c00;
  if (half < -10) return sign;
  const full = half > 0 ? mantissa : mantissa | 0x800000;
  const shift = half > 0 ? 13 : 14 - half;
  const kept = (half > 0 ? half << 10 : 0) + (full >>> shift);
  const rest = full & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (kept + (rest > middle || (rest === middle && (kept & 1) === 1) ? 1 : 0));
}
