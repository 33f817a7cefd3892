const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The nearest half-precision value (ties to even) of a number that is rounded to single precision first, as OpenUSD reads halfs. */
export function roundToHalf(value: number): number {
  single[0] = value;
  const rounded = single[0];
  const magnitude = Math.abs(rounded);
  if (!(magnitude < 65520)) return magnitude === magnitude ? Math.sign(rounded) * Infinity : NaN;
  // The spacing of halfs: 2^(exponent - 10), never below that of subnormals, 2^-24.
  const exponent = Math.max(((singleBits[0]! >>> 23) & 255) - 127, -14);
  const spacing = 2 ** (exponent - 10);
  const steps = rounded / spacing;
  const below = Math.floor(steps);
  const rest = steps - below;
  const nearest = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  // Keeps the sign of zero.
  return nearest === 0 ? (Object.is(rounded, -0) || rounded < 0 ? -0 : 0) : nearest * spacing;
}

/** Rounds every element in place. */
export function roundAllToHalf(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = roundToHalf(values[i]!);
  return values;
}
