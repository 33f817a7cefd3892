/**
 * Whole-array jobs of the engine, one call per array: decoding, number parsing, mesh preparation.
 *
 * Each has a plain TypeScript form in a `*-reference.ts` file beside this one, which tells what it computes. The WebAssembly
 * form gives the same bits and serves once `initKernel` has answered true, for arrays large enough to be worth the copy into
 * its memory and as long as they fit there. `npm run bench:kernel` measures both; where WebAssembly is less than 1.3 times as
 * fast there is only the TypeScript form.
 */
import { bounds as boundsReference } from './bounds-reference.ts';
import { gather as gatherReference } from './gather-reference.ts';
import { floatToHalf as floatToHalfReference, halfToFloat as halfToFloatReference } from './half-reference.ts';
import {
  checkIntegers,
  decodeIntegers32 as decodeIntegers32Reference,
  decodeIntegers64 as decodeIntegers64Reference,
  integersError,
} from './integers-reference.ts';
import { KernelError } from './kernel-error.ts';
import { beginJob, DESK_BYTES, put, reserve, smallJob } from './kernel-module.ts';
import { lz4Capacity, lz4Decompress as lz4DecompressReference, lz4Error } from './lz4-reference.ts';
import { smoothNormals as smoothNormalsReference } from './normals-reference.ts';
import { parseNumbers as parseNumbersReference, type FailedNumbers, type NumberKind, type ParsedNumbers } from './numbers-reference.ts';
import { parseNumbersInWindows } from './numbers-windows.ts';
import { checkTangentShapes, tangents as tangentsReference } from './tangents-reference.ts';
import { countTriangles, markHoles, triangulate as triangulateReference, type Triangulation } from './triangulate-reference.ts';
import { checkStride, mostSteps, tableSize, weld as weldReference, type Weld } from './weld-reference.ts';

export { KernelError } from './kernel-error.ts';
export { initKernel, trimKernel, type KernelSource } from './kernel-module.ts';
export type { FailedNumbers, NumberKind, ParsedNumbers } from './numbers-reference.ts';
export type { Triangulation } from './triangulate-reference.ts';
export type { Weld } from './weld-reference.ts';

/** Below this many bytes a call into WebAssembly costs more than it saves. */
const LEAST_BYTES = 256;

/**
 * Above this many rows `weld` and `gather` wait for memory, not for the processor: WebAssembly gains nothing and costs a copy.
 * @public for bench/kernel.mjs
 */
export const MOST_ROWS = 2 ** 21;

/** Elements per turn of the jobs that go through an array once: what they touch stays in the core's cache. */
const CHUNK = 2 ** 14;

/** @see lz4-reference.ts; throws KernelError `kernel-lz4` on malformed blocks */
export function lz4Decompress(src: Uint8Array, dstLength: number): Uint8Array {
  const capacity = lz4Capacity(src.length, dstLength);
  const desk = src.length <= DESK_BYTES && capacity <= DESK_BYTES ? smallJob() : undefined;
  if (desk !== undefined) {
    desk.input.set(src);
    const written = desk.kernel.lz4Decompress(desk.inAddress, src.length, desk.middleAddress, capacity);
    if (written < 0) throw lz4Error(-1 - written);
    return desk.middle.slice(0, written);
  }
  const kernel = src.length < LEAST_BYTES ? undefined : beginJob();
  if (kernel !== undefined) {
    const from = put(kernel, src);
    const to = reserve(kernel, capacity);
    if (from !== 0 && to !== 0) {
      const written = kernel.lz4Decompress(from, src.length, to, capacity);
      if (written < 0) throw lz4Error(-1 - written);
      return new Uint8Array(kernel.memory.buffer, to, written).slice();
    }
  }
  return lz4DecompressReference(src, dstLength);
}

/** @see integers-reference.ts; throws KernelError `kernel-integers` when the bytes are too few */
export function decodeIntegers32(encoded: Uint8Array, count: number): Int32Array {
  checkIntegers(encoded.length, count, 4);
  const kernel = count < LEAST_BYTES ? undefined : beginJob();
  if (kernel !== undefined) {
    const from = put(kernel, encoded);
    const to = reserve(kernel, count * 4);
    if (from !== 0 && to !== 0) {
      const missing = kernel.decodeIntegers32(from, encoded.length, to, count);
      if (missing >= 0) throw integersError(missing, count);
      return new Int32Array(kernel.memory.buffer, to, count).slice();
    }
  }
  return decodeIntegers32Reference(encoded, count);
}

/**
 * Integers of one LZ4 block: `lz4Decompress`, then `decodeIntegers32`, without the encoded bytes leaving the kernel's memory.
 *
 * @param capacity bytes that the encoded integers take at most
 * @throws KernelError `kernel-lz4` on malformed blocks, `kernel-integers` when the bytes are too few
 */
export function decompressIntegers32(block: Uint8Array, capacity: number, count: number): Int32Array {
  const room = lz4Capacity(block.length, capacity);
  const desk = block.length <= DESK_BYTES && room <= DESK_BYTES && count * 4 <= DESK_BYTES ? smallJob() : undefined;
  if (desk !== undefined) {
    const { kernel, inAddress, middleAddress, outAddress } = desk;
    desk.input.set(block);
    const length = kernel.lz4Decompress(inAddress, block.length, middleAddress, room);
    if (length < 0) throw lz4Error(-1 - length);
    checkIntegers(length, count, 4);
    const missing = kernel.decodeIntegers32(middleAddress, length, outAddress, count);
    if (missing >= 0) throw integersError(missing, count);
    return desk.output.slice(0, count);
  }
  const kernel = count < LEAST_BYTES ? undefined : beginJob();
  if (kernel !== undefined) {
    const from = put(kernel, block);
    const middle = reserve(kernel, room);
    const to = reserve(kernel, count * 4);
    if (from !== 0 && middle !== 0 && to !== 0) {
      const length = kernel.lz4Decompress(from, block.length, middle, room);
      if (length < 0) throw lz4Error(-1 - length);
      checkIntegers(length, count, 4);
      const missing = kernel.decodeIntegers32(middle, length, to, count);
      if (missing >= 0) throw integersError(missing, count);
      return new Int32Array(kernel.memory.buffer, to, count).slice();
    }
  }
  return decodeIntegers32(lz4DecompressReference(block, capacity), count);
}

/** @see integers-reference.ts; throws KernelError `kernel-integers` when the bytes are too few */
export function decodeIntegers64(encoded: Uint8Array, count: number): BigInt64Array {
  checkIntegers(encoded.length, count, 8);
  const kernel = count < LEAST_BYTES ? undefined : beginJob();
  if (kernel !== undefined) {
    const from = put(kernel, encoded);
    const to = reserve(kernel, count * 8);
    if (from !== 0 && to !== 0) {
      const missing = kernel.decodeIntegers64(from, encoded.length, to, count);
      if (missing >= 0) throw integersError(missing, count);
      return new BigInt64Array(kernel.memory.buffer, to, count).slice();
    }
  }
  return decodeIntegers64Reference(encoded, count);
}

/** @see half-reference.ts */
export function halfToFloat(halfs: Uint16Array): Float32Array {
  const kernel = halfs.length < LEAST_BYTES ? undefined : beginJob();
  if (kernel === undefined) return halfToFloatReference(halfs);
  const from = reserve(kernel, CHUNK * 2);
  const to = reserve(kernel, CHUNK * 4);
  if (from === 0 || to === 0) return halfToFloatReference(halfs);
  const floats = new Float32Array(halfs.length);
  for (let at = 0; at < halfs.length; at += CHUNK) {
    const part = halfs.subarray(at, at + CHUNK);
    new Uint16Array(kernel.memory.buffer, from, part.length).set(part);
    kernel.halfToFloat(from, to, part.length);
    floats.set(new Float32Array(kernel.memory.buffer, to, part.length), at);
  }
  return floats;
}

/** @see half-reference.ts */
export function floatToHalf(floats: Float32Array): Uint16Array {
  const kernel = floats.length < LEAST_BYTES ? undefined : beginJob();
  if (kernel === undefined) return floatToHalfReference(floats);
  const from = reserve(kernel, CHUNK * 4);
  const to = reserve(kernel, CHUNK * 2);
  if (from === 0 || to === 0) return floatToHalfReference(floats);
  const halfs = new Uint16Array(floats.length);
  for (let at = 0; at < floats.length; at += CHUNK) {
    const part = floats.subarray(at, at + CHUNK);
    new Float32Array(kernel.memory.buffer, from, part.length).set(part);
    kernel.floatToHalf(from, to, part.length);
    halfs.set(new Uint16Array(kernel.memory.buffer, to, part.length), at);
  }
  return halfs;
}

/**
 * Parses the numbers of a USDA array from just behind its '[' to the matching ']'. @see numbers-reference.ts
 *
 * @param text UTF-8
 * @returns the values and the offset behind the ']'; or where the text is not a plain number array of that kind
 */
export function parseNumbers(text: Uint8Array, start: number, kind: NumberKind): ParsedNumbers | FailedNumbers {
  if (start < text.length && !text.subarray(start, start + LEAST_BYTES).includes(93)) {
    const parsed = parseNumbersInWindows(text, start, kind);
    if (parsed !== undefined) return parsed;
  }
  return parseNumbersReference(text, start, kind);
}

/** @see triangulate-reference.ts */
export function triangulate(
  faceVertexCounts: Int32Array,
  faceVertexIndices: Int32Array,
  points: Float32Array,
  holeIndices: Int32Array | undefined,
  leftHanded: boolean,
): Triangulation {
  const kernel = faceVertexIndices.length < LEAST_BYTES ? undefined : beginJob();
  if (kernel !== undefined) {
    const isHole = markHoles(holeIndices, faceVertexCounts.length);
    const room = countTriangles(faceVertexCounts, faceVertexIndices.length);
    const counts = put(kernel, faceVertexCounts);
    const indices = put(kernel, faceVertexIndices);
    const positions = put(kernel, points);
    const holes = isHole === undefined ? 0 : put(kernel, isHole);
    const corners = reserve(kernel, room * 12);
    const faces = reserve(kernel, room * 4);
    if (counts !== 0 && indices !== 0 && positions !== 0 && (isHole === undefined || holes !== 0) && corners !== 0 && faces !== 0) {
      const pointCount = Math.floor(points.length / 3);
      const { length: faceCount } = faceVertexCounts;
      const triangles = kernel.triangulate(counts, faceCount, indices, faceVertexIndices.length, positions, pointCount, holes, leftHanded, corners, faces); // prettier-ignore
      if (triangles >= 0) {
        return {
          corners: new Uint32Array(kernel.memory.buffer, corners, triangles * 3).slice(),
          faces: new Uint32Array(kernel.memory.buffer, faces, triangles).slice(),
          invalidFaces: kernel.invalidFaces(),
        };
      }
    }
  }
  return triangulateReference(faceVertexCounts, faceVertexIndices, points, holeIndices, leftHanded);
}

/** @see normals-reference.ts; throws KernelError `kernel-index` */
export function smoothNormals(points: Float32Array, indices: Uint32Array): Float32Array {
  const kernel = indices.length < LEAST_BYTES ? undefined : beginJob();
  const count = Math.floor(points.length / 3);
  if (kernel !== undefined) {
    const from = put(kernel, points);
    const by = put(kernel, indices);
    const to = reserve(kernel, count * 12);
    if (from !== 0 && by !== 0 && to !== 0) {
      const outcome = kernel.smoothNormals(from, count, by, indices.length, to);
      if (outcome >= 0) throw indexError(indices, outcome, count);
      if (outcome === -1) return new Float32Array(kernel.memory.buffer, to, count * 3).slice();
    }
  }
  return smoothNormalsReference(points, indices);
}

/** @see weld-reference.ts */
export function weld(rows: Uint32Array, stride: number): Weld {
  checkStride(rows, stride);
  const count = rows.length / stride;
  const kernel = rows.length < LEAST_BYTES || count > MOST_ROWS ? undefined : beginJob();
  if (kernel !== undefined) {
    const slots = tableSize(count);
    const from = put(kernel, rows);
    const table = reserve(kernel, slots * 4);
    const remap = reserve(kernel, count * 4);
    const first = reserve(kernel, count * 4);
    if (from !== 0 && table !== 0 && remap !== 0 && first !== 0) {
      new Uint32Array(kernel.memory.buffer, table, slots).fill(0);
      const unique = kernel.weld(from, count, stride, table, slots - 1, remap, first, mostSteps(count));
      if (unique > 0) {
        return {
          remap: new Uint32Array(kernel.memory.buffer, remap, count).slice(),
          first: new Uint32Array(kernel.memory.buffer, first, unique).slice(),
        };
      }
    }
  }
  return weldReference(rows, stride);
}

/** @see tangents-reference.ts; throws KernelError `kernel-length` */
export function tangents(positions: Float32Array, normals: Float32Array, uvs: Float32Array): Float32Array {
  const corners = checkTangentShapes(positions, normals, uvs);
  const kernel = corners < 12 ? undefined : beginJob();
  if (kernel !== undefined) {
    const position = put(kernel, positions);
    const normal = put(kernel, normals);
    const uv = put(kernel, uvs);
    const to = reserve(kernel, corners * 16);
    if (position !== 0 && normal !== 0 && uv !== 0 && to !== 0 && kernel.tangents(position, normal, uv, corners, to) === 1) {
      return new Float32Array(kernel.memory.buffer, to, corners * 4).slice();
    }
  }
  return tangentsReference(positions, normals, uvs);
}

/** @see bounds-reference.ts */
export function bounds(points: Float32Array): Float32Array {
  const kernel = points.length < LEAST_BYTES ? undefined : beginJob();
  if (kernel === undefined) return boundsReference(points);
  const to = put(kernel, EMPTY_BOUNDS);
  const from = reserve(kernel, CHUNK * 12);
  if (from === 0 || to === 0) return boundsReference(points);
  for (let at = 0; at < points.length; at += CHUNK * 3) {
    const part = points.subarray(at, at + CHUNK * 3);
    new Float32Array(kernel.memory.buffer, from, part.length).set(part);
    kernel.bounds(from, Math.floor(part.length / 3), to);
  }
  return new Float32Array(kernel.memory.buffer, to, 6).map((value) => value + 0);
}

const EMPTY_BOUNDS = Float32Array.of(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity);

/** @see gather-reference.ts; throws KernelError `kernel-index` */
export function gather(source: Float32Array, width: number, indices: Uint32Array): Float32Array {
  const kernel = indices.length < LEAST_BYTES || indices.length > MOST_ROWS ? undefined : beginJob();
  if (kernel === undefined) return gatherReference(source, width, indices);
  const from = put(kernel, source);
  const by = reserve(kernel, CHUNK * 4);
  const to = reserve(kernel, CHUNK * width * 4);
  if (from === 0 || by === 0 || to === 0) return gatherReference(source, width, indices);
  const rows = Math.floor(source.length / width);
  const result = new Float32Array(indices.length * width);
  for (let at = 0; at < indices.length; at += CHUNK) {
    const part = indices.subarray(at, at + CHUNK);
    new Uint32Array(kernel.memory.buffer, by, part.length).set(part);
    const bad = kernel.gather(from, rows, width, by, part.length, to);
    if (bad >= 0) throw indexError(indices, at + bad, rows);
    result.set(new Float32Array(kernel.memory.buffer, to, part.length * width), at * width);
  }
  return result;
}

function indexError(indices: Uint32Array, at: number, limit: number): KernelError {
  return new KernelError('kernel-index', at, `index ${indices[at]!} at ${at} is outside the ${limit} there are`);
}
