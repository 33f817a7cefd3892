import type { Value } from '../vt/value.ts';

/** Powers of two. Short layers get few slots: making them takes longer than reading what they would save. */
const FEWEST_SLOTS = 32;
const MOST_SLOTS = 2048;
const BYTES_PER_SLOT = 128;
/** Longer lines rarely come twice, and looking at them costs as much as reading them. */
const LONGEST_LINE = 96;
const LINE_FEED = 10;

interface Entry {
  /** What kind of value the text was read as: the same text means other things for other types. */
  readonly kind: unknown;
  readonly value: Value;
  readonly start: number;
  /** Bytes up to the end of the line, and up to the end of the value. */
  readonly lineLength: number;
  readonly valueLength: number;
}

/**
 * Values that were read before from the very same text: extents, orders of transforms, colours and bindings say the same
 * thousands of times in a layer. Finding one takes a fraction of the time of reading it, and the layer holds it once.
 * What a value means must not depend on where it stands.
 *
 * One entry per slot, over the bytes of one layer: the text of an entry is where it was first read.
 */
export class ValueMemo {
  readonly #bytes: Uint8Array;
  readonly #entries: (Entry | undefined)[];
  #slot = -1;
  #start = 0;
  #lineLength = 0;
  /** Offset behind the value found last. */
  end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    let slots = FEWEST_SLOTS;
    while (slots < MOST_SLOTS && slots * BYTES_PER_SLOT < bytes.length) slots *= 2;
    this.#entries = new Array<Entry | undefined>(slots).fill(undefined);
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
    const slot = (hash ^ (hash >>> 11)) & (this.#entries.length - 1);
    const lineLength = p - start;
    this.#slot = slot;
    this.#start = start;
    this.#lineLength = lineLength;
    const entry = this.#entries[slot];
    if (entry === undefined || entry.lineLength !== lineLength || entry.kind !== kind) return undefined;
    const known = entry.start;
    for (let i = 0; i < lineLength; i++) if (bytes[known + i] !== bytes[start + i]) return undefined;
    this.end = start + entry.valueLength;
    return entry.value;
  }

  /** Keeps what was read where `find` found nothing, unless it goes on behind that line. */
  add(kind: unknown, start: number, end: number, value: Value): void {
    const slot = this.#slot;
    if (slot < 0 || start !== this.#start || end - start > this.#lineLength) return;
    this.#entries[slot] = { kind, value, start, lineLength: this.#lineLength, valueLength: end - start };
  }
}
