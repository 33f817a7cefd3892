/** Small vectors as plain number lists, double precision. */
export type Vec3 = readonly [number, number, number];

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

export function length(a: readonly number[]): number {
  return Math.sqrt(dot(a, a));
}

/** Unit vector, or the input where its length is zero. */
export function normalize(a: Vec3): Vec3 {
  const l = length(a);
  return l === 0 ? a : [a[0] / l, a[1] / l, a[2] / l];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
