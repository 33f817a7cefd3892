/**
 * The WebAssembly module behind kernel.ts: loading, and the arena its jobs work in.
 *
 * There is one instance per thread. A job starts with `begin`, puts its arrays into the arena and reads its results out; every
 * step answers "no room" (0) rather than throwing, and the caller then does the job in script. Memory of a WebAssembly
 * instance never shrinks, so one that a large job has blown up is exchanged for a fresh one: by `trimKernel`, which a worker
 * calls when its work is done, or after a run of jobs that needed far less.
 *
 * The package is compiled without the DOM's types, so the few parts of the WebAssembly interface used here are declared here.
 */
import { fillPowersOfFive } from './powers-of-five.ts';

/** The module's bytes, a response that delivers them, or the compiled module. */
export type KernelSource = ArrayBuffer | ArrayBufferView | KernelResponse | Promise<KernelResponse> | object;

interface KernelResponse {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Exports of assembly/index.ts: addresses and sizes are bytes. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly POWERS_OF_FIVE: { readonly value: number };
  readonly SLOW_LIST: { readonly value: number };
  reset(): number;
  alloc(size: number): number;
  bounds(points: number, count: number, result: number): void;
  decodeIntegers32(encoded: number, length: number, values: number, count: number): number;
  decodeIntegers64(encoded: number, length: number, values: number, count: number): number;
  floatToHalf(floats: number, halfs: number, count: number): void;
  halfToFloat(halfs: number, floats: number, count: number): void;
  gather(source: number, rows: number, width: number, indices: number, count: number, result: number): number;
  lz4Decompress(src: number, srcLength: number, dst: number, capacity: number): number;
  parseNumbers(state: number, window: number, length: number, isLast: boolean, out: number, kind: number): number;
  smoothNormals(points: number, pointCount: number, indices: number, indexCount: number, normals: number): number;
  tangents(positions: number, normals: number, uvs: number, corners: number, result: number): number;
  triangulate(counts: number, faceCount: number, indices: number, indexCount: number, points: number, pointCount: number, holes: number, leftHanded: boolean, corners: number, faces: number): number; // prettier-ignore
  invalidFaces(): number;
  weld(rows: number, count: number, stride: number, table: number, mask: number, remap: number, first: number, steps: number): number;
}

/** The arena's own limit, 1 GiB; checked on this side too, because a larger size would wrap at 2^32. */
const MAX_BYTES = 2 ** 30;
/** An instance up to this size is kept in any case. */
const KEPT_BYTES = 32 * 2 ** 20;
/** Jobs after which the instance's size is compared with what they needed. */
const JOBS_PER_CHECK = 64;

let compiled: object | undefined;
let instance: KernelExports | undefined;
let jobs = 0;
let neededBytes = 0;
let desk: Desk | undefined;

/** Most bytes that a small job takes in, has in between, and gives. */
export const DESK_BYTES = 4096;
/** What vector loads and stores may run into behind each part. */
const DESK_SLACK = 64;

/**
 * Room for jobs of a few hundred bytes, of which a small crate has a dozen: at the start of the arena, in parts of fixed places, so that
 * nothing is reserved and no views are made. What lies in it is lost with the next job of any size.
 */
export interface Desk {
  readonly kernel: KernelExports;
  /** Where the three parts begin in the kernel's memory. */
  readonly inAddress: number;
  readonly middleAddress: number;
  readonly outAddress: number;
  /** Views on them. */
  readonly input: Uint8Array;
  readonly middle: Uint8Array;
  readonly output: Int32Array;
}

/**
 * Compiles and starts the module. Without a source, Node reads `kernel.wasm` beside the program; elsewhere there is none.
 *
 * @returns false when there is no source, no WebAssembly or no SIMD; a source that is broken rejects
 */
export async function initKernel(source?: KernelSource): Promise<boolean> {
  const api = webAssembly();
  const given = (await source) ?? readBesideProgram();
  if (api === undefined || given === undefined || !api.validate(SIMD_PROBE)) return false;
  compiled = await compile(api, given);
  instance = start(api, compiled);
  return true;
}

/** Gives the memory of large jobs back. */
export function trimKernel(): void {
  if (instance === undefined || compiled === undefined || instance.memory.buffer.byteLength <= KEPT_BYTES) return;
  instance = start(webAssembly()!, compiled);
  desk = undefined;
}

/** The module with an empty arena; undefined while script serves. */
export function beginJob(): KernelExports | undefined {
  if (instance === undefined) return undefined;
  neededBytes = Math.max(neededBytes, instance.reset());
  if (++jobs === JOBS_PER_CHECK) {
    if (neededBytes < instance.memory.buffer.byteLength / 4) trimKernel();
    jobs = 0;
    neededBytes = 0;
    instance.reset();
  }
  return instance;
}

/** The module and room for a small job; undefined while script serves. */
export function smallJob(): Desk | undefined {
  // memory that grew leaves views without length behind
  if (desk !== undefined && desk.kernel === instance && desk.input.length > 0) return desk;
  desk = instance === undefined ? undefined : makeDesk(instance);
  return desk;
}

function makeDesk(kernel: KernelExports): Desk | undefined {
  neededBytes = Math.max(neededBytes, kernel.reset());
  const part = DESK_BYTES + DESK_SLACK;
  const inAddress = kernel.alloc(3 * part);
  if (inAddress === 0) return undefined;
  const { buffer } = kernel.memory;
  const middleAddress = inAddress + part;
  const outAddress = middleAddress + part;
  return {
    kernel,
    inAddress,
    middleAddress,
    outAddress,
    input: new Uint8Array(buffer, inAddress, DESK_BYTES),
    middle: new Uint8Array(buffer, middleAddress, DESK_BYTES),
    output: new Int32Array(buffer, outAddress, DESK_BYTES / 4),
  };
}

/** Address of `size` bytes of the arena, not cleared; 0: no room. */
export function reserve(kernel: KernelExports, size: number): number {
  return size <= MAX_BYTES ? kernel.alloc(size) : 0;
}

/** Copies an array into the arena; 0: no room. */
export function put(kernel: KernelExports, array: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array): number {
  const address = reserve(kernel, array.byteLength);
  if (address !== 0) {
    new Uint8Array(kernel.memory.buffer, address, array.byteLength).set(
      array instanceof Uint8Array ? array : new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
  }
  return address;
}

function start(api: WebAssemblyApi, module: object): KernelExports {
  const kernel = new api.Instance(module, {}).exports as KernelExports;
  fillPowersOfFive(new BigUint64Array(kernel.memory.buffer, kernel.POWERS_OF_FIVE.value));
  return kernel;
}

async function compile(api: WebAssemblyApi, source: object): Promise<object> {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return api.compile(source as ArrayBuffer);
  if (!('arrayBuffer' in source)) return source;
  const response = source as KernelResponse & { readonly headers?: { get(name: string): string | null } };
  // a server that does not know the type is no reason to go without
  if (response.headers?.get('content-type') === 'application/wasm' && api.compileStreaming !== undefined)
    return api.compileStreaming(response);
  return api.compile(await response.arrayBuffer());
}

function readBesideProgram(): Uint8Array | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: 'node:fs'): FileSystem } };
  const files = process?.getBuiltinModule?.('node:fs');
  if (files === undefined) return undefined;
  const name = './kernel.wasm'; // not a literal in the call, which a bundler would take for an asset of the page
  const url = new URL(name, import.meta.url);
  return files.existsSync(url) ? files.readFileSync(url) : undefined;
}

/** What is used of Node's file system. */
interface FileSystem {
  existsSync(url: URL): boolean;
  readFileSync(url: URL): Uint8Array;
}

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: ArrayBuffer): Promise<object>;
  compileStreaming?(response: KernelResponse): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
}

/** A module of one function that splats a zero: valid only where there is SIMD. */
const SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, // magic, version
  1, 5, 1, 96, 0, 1, 123, // type: () → v128
  3, 2, 1, 0, // function of that type
  10, 8, 1, 6, 0, 65, 0, 253, 15, 11, // i32.const 0, i8x16.splat, end
); // prettier-ignore
