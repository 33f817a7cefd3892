/**
 * 4x4 matrices of doubles, row-major for row vectors (`p' = p · M`, translation in row 3), as UsdGeom has them. The
 * sixteen numbers are what WGSL wants as column-major, so they are handed on without a transpose; this folder is where
 * f64 becomes f32.
 */
export type Matrix = Float64Array;

export const IDENTITY: Matrix = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** `out = a · b`: a acts first. `out` must not be `a` or `b`. Offsets count numbers. */
export function multiplyInto(out: Matrix, a: Matrix, b: Matrix, outOffset = 0, aOffset = 0, bOffset = 0): Matrix {
  const b0 = b[bOffset]!,
    b1 = b[bOffset + 1]!,
    b2 = b[bOffset + 2]!,
    b3 = b[bOffset + 3]!;
  const b4 = b[bOffset + 4]!,
    b5 = b[bOffset + 5]!,
    b6 = b[bOffset + 6]!,
    b7 = b[bOffset + 7]!;
  const b8 = b[bOffset + 8]!,
    b9 = b[bOffset + 9]!,
    b10 = b[bOffset + 10]!,
    b11 = b[bOffset + 11]!;
  const b12 = b[bOffset + 12]!,
    b13 = b[bOffset + 13]!,
    b14 = b[bOffset + 14]!,
    b15 = b[bOffset + 15]!;
  for (let row = 0; row < 16; row += 4) {
    const x = a[aOffset + row]!,
      y = a[aOffset + row + 1]!,
      z = a[aOffset + row + 2]!,
      w = a[aOffset + row + 3]!;
    out[outOffset + row] = x * b0 + y * b4 + z * b8 + w * b12;
    out[outOffset + row + 1] = x * b1 + y * b5 + z * b9 + w * b13;
    out[outOffset + row + 2] = x * b2 + y * b6 + z * b10 + w * b14;
    out[outOffset + row + 3] = x * b3 + y * b7 + z * b11 + w * b15;
  }
  return out;
}

/** `a · b`, new. Identities are passed through without a copy. */
export function multiplied(a: Matrix, b: Matrix): Matrix {
  if (a === IDENTITY) return b;
  if (b === IDENTITY) return a;
  return multiplyInto(new Float64Array(16), a, b);
}

export function isSameMatrix(a: Matrix, b: Matrix): boolean {
  if (a === b) return true;
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Grows an axis-aligned box, `[minX … maxZ]`. */
export class BoxBuilder {
  readonly box = Float64Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity);

  get isEmpty(): boolean {
    return !(this.box[0]! <= this.box[3]!);
  }

  /** Adds a box moved by a matrix (the box around the moved box). Empty and non-finite boxes add nothing. */
  addBox(box: ArrayLike<number>, matrix: Matrix, offset = 0): void {
    if (!(box[0]! <= box[3]! && box[1]! <= box[4]! && box[2]! <= box[5]!)) return;
    const own = this.box;
    const cx = (box[0]! + box[3]!) / 2,
      cy = (box[1]! + box[4]!) / 2,
      cz = (box[2]! + box[5]!) / 2;
    const hx = (box[3]! - box[0]!) / 2,
      hy = (box[4]! - box[1]!) / 2,
      hz = (box[5]! - box[2]!) / 2;
    for (let axis = 0; axis < 3; axis++) {
      const m0 = matrix[offset + axis]!,
        m1 = matrix[offset + 4 + axis]!,
        m2 = matrix[offset + 8 + axis]!;
      const center = cx * m0 + cy * m1 + cz * m2 + matrix[offset + 12 + axis]!;
      const half = hx * Math.abs(m0) + hy * Math.abs(m1) + hz * Math.abs(m2);
      if (!Number.isFinite(center) || !Number.isFinite(half)) return;
      if (center - half < own[axis]!) own[axis] = center - half;
      if (center + half > own[axis + 3]!) own[axis + 3] = center + half;
    }
  }

  result(): readonly [number, number, number, number, number, number] | undefined {
    if (this.isEmpty) return undefined;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = this.box;
    return [a, b, c, d, e, f];
  }
}
