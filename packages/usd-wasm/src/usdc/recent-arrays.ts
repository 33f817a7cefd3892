import type { Value } from '../vt/value.ts';

const LEAST_BUDGET = 2 ** 20;
const MOST_BUDGET = 2 ** 25;
/** A sixteenth of the file: what is kept must not weigh against it. */
const FILE_SHARE = 16;

interface Entry {
  readonly kind: number;
  readonly value: Value;
  readonly bytes: number;
}

/**
 * Arrays decoded lately, up to a number of bytes, for values that several fields or samples share and for those asked for again.
 * Weak references would keep each array until the running script returns to its event loop: one that reads all arrays of a
 * file in a row would hold them all.
 */
export class RecentArrays {
  /** By the byte offset that the array's ValueRep names; the one used longest ago comes first. */
  readonly #entries = new Map<number, Entry>();
  #left: number;

  constructor(fileBytes: number) {
    this.#left = Math.min(Math.max(fileBytes / FILE_SHARE, LEAST_BUDGET), MOST_BUDGET);
  }

  /** @param kind flags and type of the ValueRep, which tell how the bytes are read */
  find(payload: number, kind: number): Value | undefined {
    const entry = this.#entries.get(payload);
    if (entry === undefined || entry.kind !== kind) return undefined;
    this.#entries.delete(payload);
    this.#entries.set(payload, entry);
    return entry.value;
  }

  /** Keeps an array of that many bytes; those used longest ago make room. One that is larger than all the room is not kept. */
  add(payload: number, kind: number, value: Value, bytes: number): void {
    this.#remove(payload);
    this.#left -= bytes;
    this.#entries.set(payload, { kind, value, bytes });
    for (const oldest of this.#entries.keys()) {
      if (this.#left >= 0) break;
      this.#remove(oldest);
    }
  }

  #remove(payload: number): void {
    const entry = this.#entries.get(payload);
    if (entry === undefined) return;
    this.#entries.delete(payload);
    this.#left += entry.bytes;
  }
}
