/** The kernel module: one export per whole-array job. Addresses and lengths come from kernel.ts; bytes are checked here. */
export { alloc, reset } from './memory';
export { bounds } from './bounds';
export { decodeIntegers32, decodeIntegers64 } from './integers';
export { floatToHalf, halfToFloat } from './half';
export { gather } from './gather';
export { lz4Decompress } from './lz4';
export { parseNumbers, POWERS_OF_FIVE, SLOW_LIST } from './numbers';
export { smoothNormals } from './normals';
export { tangents } from './tangents';
export { invalidFaces, triangulate } from './triangulate';
export { weld } from './weld';
