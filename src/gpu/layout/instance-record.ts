/** Byte twin of `Instance` in `shaders/scene.wgsl`: 16 words. */
export const INSTANCE_WORDS = 16;
export const INSTANCE_MESH_WORD = 12;
export const INSTANCE_MATERIAL_WORD = 13;
export const INSTANCE_PRIM_WORD = 14;
export const INSTANCE_FLAGS_WORD = 15;

/** Bits 0 to 4 are `InstanceFlag` of the scene protocol. */
export const INSTANCE_FLAG_MASK = 0x1f;
/** The transform has a negative determinant. */
export const INSTANCE_MIRRORED = 1 << 8;

/**
 * Writes the upper three rows of a 4x4 matrix (16 numbers, column-major for column vectors) as three vec4 rows.
 *
 * @param word first word of the instance's record
 * @returns `INSTANCE_MIRRORED` when the determinant is negative, else 0
 */
export function writeTransformInto(floats: Float32Array, word: number, matrix: Float32Array, offset: number): number {
  const xx = matrix[offset]!;
  const xy = matrix[offset + 1]!;
  const xz = matrix[offset + 2]!;
  const yx = matrix[offset + 4]!;
  const yy = matrix[offset + 5]!;
  const yz = matrix[offset + 6]!;
  const zx = matrix[offset + 8]!;
  const zy = matrix[offset + 9]!;
  const zz = matrix[offset + 10]!;
  floats[word] = xx;
  floats[word + 1] = yx;
  floats[word + 2] = zx;
  floats[word + 3] = matrix[offset + 12]!;
  floats[word + 4] = xy;
  floats[word + 5] = yy;
  floats[word + 6] = zy;
  floats[word + 7] = matrix[offset + 13]!;
  floats[word + 8] = xz;
  floats[word + 9] = yz;
  floats[word + 10] = zz;
  floats[word + 11] = matrix[offset + 14]!;
  const determinant = xx * (yy * zz - yz * zy) - yx * (xy * zz - xz * zy) + zx * (xy * yz - xz * yy);
  return determinant < 0 ? INSTANCE_MIRRORED : 0;
}
