/**
 * Whole-array jobs of the engine, one call per array: decoding, number parsing, mesh preparation.
 *
 * Each has a plain TypeScript form in a `*-reference.ts` file beside this one, which tells what it computes.
 */
export { KernelError, type KernelErrorCode } from './kernel-error.ts';
export { lz4Decompress } from './lz4-reference.ts';
export { decodeIntegers32, decodeIntegers64 } from './integers-reference.ts';
export { floatToHalf, halfToFloat } from './half-reference.ts';
export { parseNumbers, type FailedNumbers, type NumberKind, type ParsedNumbers } from './numbers-reference.ts';
export { triangulate, type Triangulation } from './triangulate-reference.ts';
export { smoothNormals } from './normals-reference.ts';
export { weld, type Weld } from './weld-reference.ts';
export { tangents } from './tangents-reference.ts';
export { bounds } from './bounds-reference.ts';
export { gather } from './gather-reference.ts';

/** The module's bytes, a response that delivers them, or the compiled module. */
export type KernelSource =
  | ArrayBuffer
  | ArrayBufferView
  | { arrayBuffer(): Promise<ArrayBuffer> }
  | Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>
  | object;

/** Prepares the WebAssembly module; false: the TypeScript forms serve. */
export async function initKernel(_source?: KernelSource): Promise<boolean> {
  return false;
}
