import type { Reporter } from '../tf/reporter.ts';
import { UsdaParseError } from './usda-error.ts';

/** Bits of `CHARACTER_CLASS`. */
export const IDENTIFIER_START = 1;
export const IDENTIFIER_PART = 2;
/** Part of a character outside ASCII: what it is, only decoding tells. */
export const NON_ASCII = 4;
export const DIGIT = 8;

/** Class bits of each byte. */
export const CHARACTER_CLASS: Uint8Array = buildClasses();

/**
 * A position in the UTF-8 bytes of a layer, and the padding between its tokens (usda.md section 2). Offsets only:
 * lines are counted when something fails.
 */
export class Cursor {
  readonly asset: string;
  readonly bytes: Uint8Array;
  readonly reporter: Reporter;
  /** Offset of the next byte. */
  offset = 0;

  constructor(asset: string, bytes: Uint8Array, reporter: Reporter) {
    this.asset = asset;
    this.bytes = bytes;
    this.reporter = reporter;
  }

  /** The next byte, or 0 at the end. */
  peek(): number {
    return this.offset < this.bytes.length ? this.bytes[this.offset]! : 0;
  }

  /** The byte some places ahead, or 0 past the end. */
  peekAt(distance: number): number {
    const offset = this.offset + distance;
    return offset < this.bytes.length ? this.bytes[offset]! : 0;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  /** Skips blanks and block comments, which stay on the statement's line. */
  skipBlanks(): void {
    const { bytes } = this;
    const { length } = bytes;
    let p = this.offset;
    for (;;) {
      while (p < length && bytes[p] === 32) p++;
      const c = p < length ? bytes[p]! : 0;
      if (c === 9) p++;
      else if (c === 47 && bytes[p + 1] === 42) p = this.#endOfBlockComment(p);
      else break;
    }
    this.offset = p;
  }

  /** Skips blanks, line ends and comments of all kinds. */
  skipLines(): void {
    const { bytes } = this;
    const { length } = bytes;
    let p = this.offset;
    for (;;) {
      // Indents are most of what is skipped: few steps for each, as short layers are read before any of this is compiled.
      while (p < length && bytes[p] === 32) p++;
      const c = p < length ? bytes[p]! : 0;
      if (c === 10 || c === 9 || c === 13) p++;
      else if (c === 35 || (c === 47 && bytes[p + 1] === 47)) p = this.#endOfLine(p);
      else if (c === 47 && bytes[p + 1] === 42) p = this.#endOfBlockComment(p);
      else break;
    }
    this.offset = p;
  }

  /** Skips one byte if it is the given one. */
  take(byte: number): boolean {
    const { bytes, offset } = this;
    if (offset >= bytes.length || bytes[offset] !== byte) return false;
    this.offset = offset + 1;
    return true;
  }

  /** Skips one byte, which must be the given one. */
  expect(byte: number, where: string): void {
    if (!this.take(byte)) this.fail(`expected '${String.fromCharCode(byte)}' ${where}, found ${this.describeNext()}`);
  }

  /** `=` with blanks around it. */
  expectEquals(after: string): void {
    this.skipBlanks();
    this.expect(61, `after ${after}`);
    this.skipBlanks();
  }

  /** A line end (a comment may come first) or the end of the file. */
  takeLineEnd(): boolean {
    this.skipBlanks();
    const { bytes, offset } = this;
    if (offset >= bytes.length) return true;
    const c = bytes[offset]!;
    if (c === 10 || c === 13) return true;
    if (c !== 35 && (c !== 47 || bytes[offset + 1] !== 47)) return false;
    this.offset = this.#endOfLine(offset);
    return true;
  }

  /** A line end or `;`. */
  takeStatementEnd(): boolean {
    if (this.takeLineEnd()) return true;
    return this.take(59);
  }

  /**
   * After an item of a `,` list: true if another may follow, false if only the closing byte can. A line end before
   * the comma is not allowed, one after it is, and so is a comma after the last item.
   */
  takeListSeparator(closer: number, what: string): boolean {
    this.skipBlanks();
    const hasComma = this.take(44);
    this.skipLines();
    if (this.peek() === closer) return false;
    if (!hasComma) this.fail(`expected ',' or '${String.fromCharCode(closer)}' in ${what}, found ${this.describeNext()}`);
    return true;
  }

  /** What comes next, for messages. */
  describeNext(): string {
    if (this.isAtEnd) return 'the end of the file';
    const c = this.peek();
    if (c === 10 || c === 13) return 'the end of the line';
    const word = new TextDecoder().decode(this.bytes.subarray(this.offset, this.offset + 24)).split(/[\s,;=()[\]{}]/)[0] ?? '';
    return `'${word === '' ? String.fromCharCode(c) : word}'`;
  }

  fail(reason: string, offset: number = this.offset): never {
    throw new UsdaParseError(this.asset, this.bytes, offset, reason);
  }

  #endOfLine(from: number): number {
    const { bytes } = this;
    let p = from;
    while (p < bytes.length && bytes[p] !== 10 && bytes[p] !== 13) p++;
    return p;
  }

  #endOfBlockComment(from: number): number {
    const { bytes } = this;
    for (let p = from + 2; p + 1 < bytes.length; p++) if (bytes[p] === 42 && bytes[p + 1] === 47) return p + 2;
    return this.fail('this comment has no end', from);
  }
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let c = 0; c < 256; c++) {
    const character = String.fromCharCode(c);
    if (c >= 128) classes[c] = NON_ASCII;
    else if (/[A-Za-z_]/.test(character)) classes[c] = IDENTIFIER_START | IDENTIFIER_PART;
    else if (/[0-9]/.test(character)) classes[c] = IDENTIFIER_PART | DIGIT;
  }
  return classes;
}
