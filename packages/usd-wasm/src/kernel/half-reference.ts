/**
 * IEEE binary16 ↔ binary32. Widening is exact; narrowing rounds to nearest even, beyond ±65504 to infinity (from 65520 on).
 * A NaN stays a NaN; its payload is not kept.
 */
export function halfToFloat(halfs: Uint16Array): Float32Array {
  table ??= makeTable();
  const bits = new Uint32Array(halfs.length);
  for (let i = 0; i < halfs.length; i++) bits[i] = table[halfs[i]!]!;
  return new Float32Array(bits.buffer);
}

export function floatToHalf(floats: Float32Array): Uint16Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halfs = new Uint16Array(floats.length);
  for (let i = 0; i < halfs.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const magnitude = bits[i]! & 0x7fffffff;
    let half: number;
    if (magnitude > 0x7f800000) half = 0x7e00;
    else if (magnitude >= 0x477ff000) half = 0x7c00;
    else if (magnitude >= 0x38800000) half = (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
    else half = roundEven(Math.abs(floats[i]!) * 2 ** 24); // steps of the smallest half
    halfs[i] = sign | half;
  }
  return halfs;
}

/** 256 KiB, made when the first halfs are widened. */
let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  const bits = new Uint32Array(65536);
  const floats = new Float32Array(bits.buffer);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const mantissa = half & 1023;
    if (exponent === 31) bits[half] = ((half & 0x8000) << 16) | 0x7f800000 | (mantissa << 13);
    else if (exponent === 0) floats[half] = sign * mantissa * 2 ** -24;
    else floats[half] = sign * (1024 + mantissa) * 2 ** (exponent - 25);
  }
  return bits;
}

function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && (below & 1) === 1) ? below + 1 : below;
}
