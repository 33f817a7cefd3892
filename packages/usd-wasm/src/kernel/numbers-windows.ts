import { beginJob, put, reserve, type KernelExports } from './kernel-module.ts';
import { shapeOf, slowNumber, type FailedNumbers, type NumberKind, type ParsedNumbers } from './numbers-reference.ts';

/** The first window is small, as most arrays are; later ones grow to what a core's cache holds. */
const FIRST_WINDOW = 2 ** 12;
const WINDOW = 2 ** 17;
/** What the kernel may read behind a window. */
const GUARD = 16;

const DONE = 0;
const WANTS_MORE = 1;
const KINDS = { f32: 0, f64: 1, i32: 2 } as const;

/**
 * Runs the number kernel over the text, a window at a time, so that the text as a whole is never copied into its memory.
 * Values pile up there and are copied out once.
 *
 * @returns undefined when the kernel cannot do it: not loaded, no room, or something in the text larger than a window
 */
export function parseNumbersInWindows(text: Uint8Array, start: number, kind: NumberKind): ParsedNumbers | FailedNumbers | undefined {
  const kernel = beginJob();
  if (kernel === undefined) return undefined;
  const state = put(kernel, new Uint32Array(STATE_WORDS));
  const window = reserve(kernel, WINDOW + GUARD);
  if (state === 0 || window === 0) return undefined;
  const width = kind === 'f64' ? 8 : 4;
  /** Bytes of values that have room; the arena's last allocation, made longer by allocating behind it. */
  let room = 0;
  let out = 0;
  let at = start;
  let size = FIRST_WINDOW;
  for (;;) {
    const length = Math.min(size, text.length - at);
    const isLast = at + length === text.length;
    const needed = (read(kernel, state, COUNT) + (length >> 1) + 1) * width;
    if (needed > room) {
      const missing = needed - room + (room >> 1);
      const more = reserve(kernel, missing);
      if (more === 0) return undefined;
      if (out === 0) out = more;
      room = more + missing - out;
    }
    const bytes = new Uint8Array(kernel.memory.buffer, window, length + GUARD);
    bytes.set(text.subarray(at, at + length));
    bytes.fill(0, length);
    const status = kernel.parseNumbers(state, window, length, isLast, out, KINDS[kind]);
    const consumed = read(kernel, state, CONSUMED);
    resolveSlow(kernel, state, text, at, out, kind);
    if (status === WANTS_MORE) {
      if (consumed === 0 && size === WINDOW) return undefined;
      size = Math.min(size * 4, WINDOW);
      at += consumed;
      continue;
    }
    at += consumed;
    if (status !== DONE) return { failedAt: at };
    const count = read(kernel, state, COUNT);
    const values = view(kernel, out, count, kind).slice();
    const shape = shapeOf(read(kernel, state, LEVEL) - 1, read(kernel, state, DIMENSION), read(kernel, state, COLUMNS));
    return { values, end: at, shape };
  }
}

/** Words of the kernel's state, see assembly/numbers.ts. */
const COUNT = 0;
const CONSUMED = 1;
const LEVEL = 3;
const DIMENSION = 4;
const COLUMNS = 5;
const SLOW_COUNT = 10;
const STATE_WORDS = 11;

function read(kernel: KernelExports, state: number, word: number): number {
  return new Uint32Array(kernel.memory.buffer, state, STATE_WORDS)[word]!;
}

/** Numbers that the kernel cannot round for certain: it lists index, offset in the window and length. */
function resolveSlow(kernel: KernelExports, state: number, text: Uint8Array, at: number, out: number, kind: NumberKind): void {
  const slow = read(kernel, state, SLOW_COUNT);
  if (slow === 0) return;
  const list = new Uint32Array(kernel.memory.buffer, kernel.SLOW_LIST.value, slow * 3);
  const values = view(kernel, out, read(kernel, state, COUNT), kind);
  for (let i = 0; i < list.length; i += 3) {
    const begin = at + list[i + 1]!;
    values[list[i]!] = slowNumber(text, begin, begin + list[i + 2]!);
  }
}

function view(kernel: KernelExports, address: number, count: number, kind: NumberKind): Float32Array | Float64Array | Int32Array {
  const { buffer } = kernel.memory;
  return kind === 'f32'
    ? new Float32Array(buffer, address, count)
    : kind === 'f64'
      ? new Float64Array(buffer, address, count)
      : new Int32Array(buffer, address, count);
}
