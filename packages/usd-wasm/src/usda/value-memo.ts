import type { Value } from '../vt/value.ts';

/** Powers of two. Short layers get few slots: making them takes longer than reading what they would save. */
const FEWEST_SLOTS = 32;
const MOST_SLOTS = 2048;
const BYTES_PER_SLOT = 128;
/** Longer lines rarely come twice, and looking at them costs as much as reading them. */
const LONGEST_LINE = 96;
const LINE_FEED = 10;

/**
 * Values that were read before from the very same text: extents, orders of transforms, colours and bindings say the same
 * thousands of times in a layer. Finding one takes a fraction of the time of reading it, and the layer holds it once.
 * What a value means must not depend on where it stands.
 *
 * One entry per slot, over the bytes of one layer: the text of an entry is where it was first read.
 */
export class ValueMemo {
  readonly #bytes: Uint8Array;
  /** What kind of value the text was read as: the same text means other things for other types. */
  readonly #kinds: unknown[];
  readonly #values: (Value | undefined)[];
  readonly #starts: number[];
  /** Bytes up to the end of the line, and up to the end of the value. */
  readonly #lineLengths: number[];
  readonly #valueLengths: number[];
  readonly #mask: number;
  #slot = -1;
  #start = 0;
  #lineLength = 0;
  /** Offset behind the value found last. */
  end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    let slots = FEWEST_SLOTS;
    while (slots < MOST_SLOTS && slots * BYTES_PER_SLOT < bytes.length) slots *= 2;
    this.#kinds = new Array<unknown>(slots).fill(undefined);
    this.#values = new Array<Value | undefined>(slots).fill(undefined);
    this.#starts = new Array<number>(slots).fill(0);
    this.#lineLengths = new Array<number>(slots).fill(0);
    this.#valueLengths = new Array<number>(slots).fill(0);
    this.#mask = slots - 1;
  }

  /** The value whose text begins at an offset, if the rest of that line was read as that kind before; `end` tells how far it goes. */
  find(kind: unknown, start: number): Value | undefined {
    const bytes = this.#bytes;
    const limit = Math.min(start + LONGEST_LINE, bytes.length);
    let hash = 0;
    let p = start;
    for (; p < limit; p++) {
      const c = bytes[p]!;
      if (c === LINE_FEED) break;
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    if (p === limit) {
      this.#slot = -1;
      return undefined;
    }
    const slot = (hash ^ (hash >>> 11)) & this.#mask;
    const lineLength = p - start;
    this.#slot = slot;
    this.#start = start;
    this.#lineLength = lineLength;
    if (this.#lineLengths[slot] !== lineLength || this.#kinds[slot] !== kind) return undefined;
    const known = this.#starts[slot]!;
    for (let i = 0; i < lineLength; i++) if (bytes[known + i] !== bytes[start + i]) return undefined;
    this.end = start + this.#valueLengths[slot]!;
    return this.#values[slot];
  }

  /** Keeps what was read where `find` found nothing, unless it goes on behind that line. */
  add(kind: unknown, start: number, end: number, value: Value): void {
    const slot = this.#slot;
    if (slot < 0 || start !== this.#start || end - start > this.#lineLength) return;
    this.#kinds[slot] = kind;
    this.#values[slot] = value;
    this.#starts[slot] = start;
    this.#lineLengths[slot] = this.#lineLength;
    this.#valueLengths[slot] = end - start;
  }
}
