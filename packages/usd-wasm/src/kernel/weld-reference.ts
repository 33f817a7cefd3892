import { KernelError } from './kernel-error.ts';

/** Welded rows. `remap[corner]` is the unique row a corner became; `first[unique]` a corner that has it, the earliest. */
export interface Weld {
  /** Corner → unique row (shape [corners]). */
  readonly remap: Uint32Array;
  /** Unique row → its earliest corner (shape [unique rows]). */
  readonly first: Uint32Array;
}

/**
 * Finds equal rows of 32-bit words, bit by bit (a caller who wants −0 = 0 makes them equal first).
 * Unique rows are numbered in order of first appearance. Method: open addressing, linear probing, at most half full; rows that
 * are made to land in one place are sorted instead.
 *
 * @param rows shape [N·stride]
 * @param stride words per row, at least 1
 */
export function weld(rows: Uint32Array, stride: number): Weld {
  checkStride(rows, stride);
  const count = rows.length / stride;
  const size = tableSize(count);
  const mask = size - 1;
  const table = new Uint32Array(size); // unique + 1; 0 is free
  const remap = new Uint32Array(count);
  const first = new Uint32Array(count);
  let unique = 0;
  let steps = mostSteps(count);
  for (let row = 0; row < count; row++) {
    const at = row * stride;
    let hash = 0;
    for (let k = 0; k < stride; k++) hash = Math.imul(hash ^ rows[at + k]!, 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const found = table[slot]!;
      if (found === 0) {
        first[unique] = row;
        remap[row] = unique++;
        table[slot] = unique;
        break;
      }
      const other = first[found - 1]! * stride;
      let k = 0;
      while (k < stride && rows[other + k] === rows[at + k]) k++;
      if (k === stride) {
        remap[row] = found - 1;
        break;
      }
      if (steps-- === 0) return weldBySorting(rows, stride);
      slot = (slot + 1) & mask;
    }
  }
  return { remap, first: first.slice(0, unique) };
}

/** Taken slots that may be passed in a table of so many entries: data that is not made to collide passes one or two each. */
export function mostSteps(count: number): number {
  return count * 16 + 1024;
}

function weldBySorting(rows: Uint32Array, stride: number): Weld {
  const compare = (a: number, b: number): number => {
    for (let i = a * stride, j = b * stride, end = i + stride; i < end; i++, j++) if (rows[i] !== rows[j]) return rows[i]! - rows[j]!;
    return 0;
  };
  const order = Uint32Array.from({ length: rows.length / stride }, (_, row) => row).sort((a, b) => compare(a, b) || a - b);
  const earliest = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    earliest[row] = i > 0 && compare(order[i - 1]!, row) === 0 ? earliest[order[i - 1]!]! : row;
  }
  const remap = new Uint32Array(order.length);
  const first: number[] = [];
  for (let row = 0; row < remap.length; row++) remap[row] = earliest[row] === row ? first.push(row) - 1 : remap[earliest[row]!]!;
  return { remap, first: Uint32Array.from(first) };
}

export function checkStride(rows: Uint32Array, stride: number): void {
  if (!Number.isInteger(stride) || stride < 1 || rows.length % stride !== 0) {
    throw new KernelError('kernel-length', 0, `${rows.length} words are not whole rows of ${stride}`);
  }
}

/** A power of two with room for twice the rows. */
export function tableSize(count: number): number {
  return 2 ** Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
}
