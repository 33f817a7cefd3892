import { KernelError } from './kernel-error.ts';

/**
 * Rows of a table by index: row i of the result is row `indices[i]` of `source`.
 *
 * @param source shape [R·width]
 * @param width numbers per row, at least 1
 * @param indices shape [N], each < R
 * @returns shape [N·width]
 * @throws KernelError `kernel-index` when an index is outside the source
 */
export function gather(source: Float32Array, width: number, indices: Uint32Array): Float32Array {
  const rows = Math.floor(source.length / width);
  checkIndices(indices, rows);
  const count = indices.length;
  const result = new Float32Array(count * width);
  if (width === 2) {
    for (let i = 0, out = 0; i < count; i++, out += 2) {
      const from = indices[i]! * 2;
      result[out] = source[from]!;
      result[out + 1] = source[from + 1]!;
    }
  } else if (width === 3) {
    for (let i = 0, out = 0; i < count; i++, out += 3) {
      const from = indices[i]! * 3;
      result[out] = source[from]!;
      result[out + 1] = source[from + 1]!;
      result[out + 2] = source[from + 2]!;
    }
  } else {
    for (let i = 0, out = 0; i < count; i++) {
      const from = indices[i]! * width;
      for (let k = 0; k < width; k++) result[out++] = source[from + k]!;
    }
  }
  return result;
}

/** One pass ahead of the work: a typed array would answer `undefined` and give NaN. */
export function checkIndices(indices: Uint32Array, limit: number): void {
  let highest = -1;
  for (let i = 0; i < indices.length; i++) if (indices[i]! > highest) highest = indices[i]!;
  if (highest >= limit) {
    const at = indices.findIndex((index) => index >= limit);
    throw new KernelError('kernel-index', at, `index ${indices[at]!} at ${at} is outside the ${limit} there are`);
  }
}
