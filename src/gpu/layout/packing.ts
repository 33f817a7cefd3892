/** Unit vectors as two 16-bit signed normals on an octahedron, x in the low half. The WGSL twin is `shaders/packing.wgsl`. */
export function packOctahedral(x: number, y: number, z: number): number {
  const sum = Math.abs(x) + Math.abs(y) + Math.abs(z);
  if (!(sum > 0)) return 0;
  let u = x / sum;
  let v = y / sum;
  if (z < 0) {
    const folded = (1 - Math.abs(v)) * (u < 0 ? -1 : 1);
    v = (1 - Math.abs(u)) * (v < 0 ? -1 : 1);
    u = folded;
  }
  return (toSnorm16(u) & 0xffff) | (toSnorm16(v) << 16);
}

/** A tangent and its handedness: octahedral, with the lowest bit of v set where the bitangent is -cross(n, t). */
export function packTangent(x: number, y: number, z: number, handedness: number): number {
  return (packOctahedral(x, y, z) & ~0x10000) | (handedness < 0 ? 0x10000 : 0);
}

/** Inverse of `packOctahedral`, for tests and picking. */
export function unpackOctahedral(word: number): [number, number, number] {
  let u = Math.max(-1, ((word << 16) >> 16) / 32767);
  let v = Math.max(-1, (word >> 16) / 32767);
  const z = 1 - Math.abs(u) - Math.abs(v);
  const t = Math.max(-z, 0);
  u += u >= 0 ? -t : t;
  v += v >= 0 ? -t : t;
  const length = Math.hypot(u, v, z);
  return [u / length, v / length, z / length];
}

/** Two numbers in 0..1 as 16-bit unsigned normals, the first in the low half. */
export function packUnorm2x16(low: number, high: number): number {
  return (toUnorm16(low) | (toUnorm16(high) << 16)) >>> 0;
}

function toSnorm16(value: number): number {
  return Math.floor(value * 32767 + 0.5);
}

function toUnorm16(value: number): number {
  return value > 0 ? (value < 1 ? Math.floor(value * 65535 + 0.5) : 65535) : 0;
}
