import { isValidIdentifier } from '../sdf/path.ts';
import { CHARACTER_CLASS, Cursor, DIGIT, IDENTIFIER_PART, IDENTIFIER_START, NON_ASCII } from './cursor.ts';
import { decodeAscii, decodeText } from '../tf/text-decoding.ts';

const BACKSLASH = 92;
const AT = 64;
const COLON = 58;
/** Entries of the cache of names, a power of two. */
const MOST_NAMES = 4096;
const LONGEST_CACHED_NAME = 40;
/** Names read last, of whichever layer: most layers say the same words. One entry per hash. */
const NAMES = new Array<string>(MOST_NAMES).fill('');
/** Their bytes, `LONGEST_CACHED_NAME` for each. */
const NAME_BYTES = new Uint8Array(MOST_NAMES * LONGEST_CACHED_NAME);
/** 1 to 10^16, all exact. */
const POWERS_OF_TEN = Float64Array.from({ length: 17 }, (_, i) => Number(`1e${i}`));

/**
 * Reads the tokens of text layers (usda.md section 2): identifiers, strings, asset paths, numbers.
 * Names come back as the same string object each time, so that maps keyed by them are quick.
 */
export class Lexer extends Cursor {
  /** Bytes of the number read last. */
  numberStart = 0;
  numberEnd = 0;
  /** Whether the number read last was written without fraction and exponent. */
  isInteger = false;

  isAtIdentifier(): boolean {
    const { bytes, offset } = this;
    return offset < bytes.length && (CHARACTER_CLASS[bytes[offset]!]! & (IDENTIFIER_START | NON_ASCII)) !== 0;
  }

  /** An identifier: a letter or `_`, then letters, digits and `_`, of any script. */
  readIdentifier(what: string): string {
    const { bytes, offset: start } = this;
    const { length } = bytes;
    const classOf = CHARACTER_CLASS;
    let p = start;
    let kind = p < length ? classOf[bytes[p]!]! : 0;
    if ((kind & IDENTIFIER_START) !== 0) {
      let hash = 0;
      do {
        hash = (Math.imul(hash, 31) + bytes[p]!) | 0;
        p++;
        kind = p < length ? classOf[bytes[p]!]! : 0;
      } while ((kind & IDENTIFIER_PART) !== 0);
      if ((kind & NON_ASCII) === 0) {
        this.offset = p;
        return this.#cached(start, p, hash);
      }
    } else if (!this.isAtIdentifier()) this.fail(`expected ${what}, found ${this.describeNext()}`);
    this.#skipIdentifierBytes();
    return this.#checkIdentifier(start, what);
  }

  /** Skips the given keyword if it is the whole of the next word. */
  takeWord(word: string): boolean {
    const { bytes, offset } = this;
    for (let i = 0; i < word.length; i++) if (bytes[offset + i] !== word.charCodeAt(i)) return false;
    const after = bytes[offset + word.length];
    if (after !== undefined && (CHARACTER_CLASS[after]! & (IDENTIFIER_PART | NON_ASCII)) !== 0) return false;
    this.offset = offset + word.length;
    return true;
  }

  /** Skips text that is the same as that at an earlier offset. */
  takeSame(from: number, length: number): boolean {
    const { bytes, offset } = this;
    const end = offset + length;
    if (end > bytes.length) return false;
    let p = offset;
    while (p < end && bytes[from] === bytes[p]) {
      from++;
      p++;
    }
    if (p !== end) return false;
    this.offset = end;
    return true;
  }

  /** Identifiers joined by colons: the name of a property. Keywords are names too. */
  readPropertyName(): string {
    const { bytes, offset: start } = this;
    const { length } = bytes;
    const classOf = CHARACTER_CLASS;
    let p = start;
    let hash = 0;
    let c = p < length ? bytes[p]! : 0;
    while ((classOf[c]! & IDENTIFIER_START) !== 0) {
      do {
        hash = (Math.imul(hash, 31) + c) | 0;
        p++;
        c = p < length ? bytes[p]! : 0;
      } while ((classOf[c]! & IDENTIFIER_PART) !== 0);
      if (c !== COLON) {
        if ((classOf[c]! & NON_ASCII) !== 0) break;
        this.offset = p;
        return this.#cached(start, p, hash);
      }
      hash = (Math.imul(hash, 31) + c) | 0;
      p++;
      c = p < length ? bytes[p]! : 0;
    }
    return this.#readUnusualPropertyName();
  }

  /** One that is not ASCII, or none. */
  #readUnusualPropertyName(): string {
    const { bytes, offset: start } = this;
    let isAscii = true;
    for (;;) {
      if (!this.isAtIdentifier()) this.fail(`expected a property name, found ${this.describeNext()}`);
      const segment = this.offset;
      if (!this.#skipIdentifierBytes()) {
        isAscii = false;
        this.#checkIdentifier(segment, 'a property name');
      }
      if (bytes[this.offset] !== COLON) break;
      this.offset++;
    }
    return isAscii ? this.#cachedText(start, this.offset) : decodeText(bytes.subarray(start, this.offset)).text;
  }

  /** Name of an attribute's type: as `readTypeName`, with its `[]`. */
  readValueTypeName(what: string): string {
    const start = this.offset;
    const name = this.readTypeName(what);
    const end = this.offset;
    const { bytes } = this;
    if (bytes[end] === 91 && bytes[end + 1] === 93) {
      this.offset = end + 2;
      return name.length === end - start ? this.#cachedText(start, end + 2) : `${name}[]`;
    }
    this.skipBlanks();
    if (this.take(91)) {
      this.skipBlanks();
      this.expect(93, 'in the name of an array type');
      return `${name}[]`;
    }
    this.offset = end;
    return name;
  }

  /** Name of a type: identifiers joined by `::` or `.`. */
  readTypeName(what: string): string {
    let name = this.readIdentifier(what);
    for (;;) {
      const c = this.peek();
      if (c === 58 && this.peekAt(1) === 58) {
        this.offset += 2;
        name += `::${this.readIdentifier(what)}`;
      } else if (c === 46 && (CHARACTER_CLASS[this.peekAt(1)]! & (IDENTIFIER_START | NON_ASCII)) !== 0) {
        this.offset++;
        name += `.${this.readIdentifier(what)}`;
      } else return name;
    }
  }

  isAtString(): boolean {
    const c = this.peek();
    return c === 34 || c === 39;
  }

  /** A string in any of the four quotes, escapes decoded. */
  readString(what: string): string {
    const { bytes } = this;
    const start = this.offset;
    const quote = this.peek();
    if (quote !== 34 && quote !== 39) this.fail(`expected ${what} in quotes, found ${this.describeNext()}`);
    const isTriple = this.peekAt(1) === quote && this.peekAt(2) === quote;
    const from = start + (isTriple ? 3 : 1);
    let hasEscapes = false;
    let bits = 0;
    let p = from;
    for (; ; p++) {
      if (p >= bytes.length) this.fail('this string has no end', start);
      const c = bytes[p]!;
      bits |= c;
      if (c === quote) {
        if (!isTriple || (bytes[p + 1] === quote && bytes[p + 2] === quote)) break;
      } else if (c === BACKSLASH) {
        hasEscapes = true;
        p++;
        // A line cannot be continued in a single-line string.
      } else if (!isTriple && (c === 10 || c === 13)) this.fail('this string is not closed on its line', start);
    }
    this.offset = p + (isTriple ? 3 : 1);
    if (!hasEscapes && bits < 128) return this.#cachedText(from, p);
    const content = bytes.subarray(from, p);
    const decoded = decodeText(hasEscapes ? unescape(content) : content);
    if (!decoded.isValid && !hasEscapes) this.#reportInvalidText(start);
    return decoded.text;
  }

  /** An asset path between `@` or `@@@`. */
  readAssetPath(): string {
    const { bytes } = this;
    const start = this.offset;
    this.expect(AT, 'before an asset path');
    let content: string;
    if (bytes[start + 1] === AT && bytes[start + 2] === AT) content = this.#readTripleAssetPath(start);
    else {
      let p = start + 1;
      while (p < bytes.length && bytes[p] !== AT && bytes[p] !== 10 && bytes[p] !== 13) p++;
      if (bytes[p] !== AT) this.fail('this asset path is not closed on its line', start);
      content = this.#decode(start + 1, p, start);
      this.offset = p + 1;
    }
    if (hasControlCharacter(content)) {
      this.reporter.report({
        code: 'usda-control-character',
        severity: 'error',
        asset: this.asset,
        message: `Asset path at byte ${start} holds a control character and is read as empty`,
      });
      return '';
    }
    return content;
  }

  /** Text between `<` and `>`, and the offset it begins at. */
  readPathText(): { readonly text: string; readonly offset: number } {
    const { bytes } = this;
    const start = this.offset;
    this.expect(60, 'before a path');
    let p = start + 1;
    let bits = 0;
    while (p < bytes.length && bytes[p] !== 62 && bytes[p] !== 10 && bytes[p] !== 13) bits |= bytes[p++]!;
    if (bytes[p] !== 62) this.fail("this path has no '>' on its line", start);
    this.offset = p + 1;
    const text = bits < 128 ? this.#cachedText(start + 1, p) : this.#decode(start + 1, p, start);
    return { text, offset: start + 1 };
  }

  isAtNumber(): boolean {
    const c = this.peek();
    return c === 45 || c === 46 || (CHARACTER_CLASS[c]! & DIGIT) !== 0;
  }

  /** A number, `inf`, `-inf` or `nan`, as the nearest double; `isInteger`, `numberStart` and `numberEnd` say how it was written. */
  readNumber(what: string): number {
    const { bytes } = this;
    const start = this.offset;
    let p = start;
    if (bytes[p] === 45) p++;
    const special = this.#specialNumber(p, p > start);
    if (special !== undefined) return special;
    const digitsFrom = p;
    p = skipDigits(bytes, p);
    let digits = p - digitsFrom;
    let isInteger = true;
    if (bytes[p] === 46) {
      const fraction = skipDigits(bytes, p + 1);
      // `1.` without digits after the point is a number too.
      digits += fraction - p - 1;
      p = fraction;
      isInteger = false;
    }
    if (digits === 0) this.fail(`expected ${what}, found ${this.describeNext()}`);
    if (bytes[p] === 101 || bytes[p] === 69) {
      const sign = bytes[p + 1] === 43 || bytes[p + 1] === 45 ? 1 : 0;
      const exponent = skipDigits(bytes, p + 1 + sign);
      if (exponent === p + 1 + sign) this.fail('this number has no digits in its exponent', start);
      p = exponent;
      isInteger = false;
    }
    if (p < bytes.length && (CHARACTER_CLASS[bytes[p]!]! & (IDENTIFIER_PART | NON_ASCII)) !== 0)
      this.fail('this number runs into other text', start);
    this.#endNumber(start, p, isInteger);
    return this.#shortNumber(start, p) ?? Number(this.numberText());
  }

  /** The value of at most 15 digits with a point somewhere. The digits as a whole number and the power of ten are exact, so their quotient is the nearest double. */
  #shortNumber(start: number, end: number): number | undefined {
    const { bytes } = this;
    const isNegative = bytes[start] === 45;
    if (end - start > 15) return undefined;
    let mantissa = 0;
    let point = end;
    for (let p = isNegative ? start + 1 : start; p < end; p++) {
      const c = bytes[p]!;
      if (c === 46) point = p + 1;
      else if (c < 48 || c > 57) return undefined;
      else mantissa = mantissa * 10 + (c - 48);
    }
    const value = mantissa / POWERS_OF_TEN[end - point]!;
    return isNegative ? -value : value;
  }

  /** The number read last, as written. */
  numberText(): string {
    return decodeAscii(this.bytes, this.numberStart, this.numberEnd);
  }

  #specialNumber(p: number, isNegative: boolean): number | undefined {
    const { bytes } = this;
    const isInfinity = bytes[p] === 105 && bytes[p + 1] === 110 && bytes[p + 2] === 102;
    const isNan = !isNegative && bytes[p] === 110 && bytes[p + 1] === 97 && bytes[p + 2] === 110;
    if (!isInfinity && !isNan) return undefined;
    const after = bytes[p + 3];
    if (after !== undefined && (CHARACTER_CLASS[after]! & (IDENTIFIER_PART | NON_ASCII)) !== 0) return undefined;
    this.#endNumber(isNegative ? p - 1 : p, p + 3, false);
    if (isNan) return NaN;
    return isNegative ? -Infinity : Infinity;
  }

  #endNumber(start: number, end: number, isInteger: boolean): void {
    this.numberStart = start;
    this.numberEnd = end;
    this.offset = end;
    this.isInteger = isInteger;
  }

  /** Moves past the bytes of an identifier; false if some are not ASCII. */
  #skipIdentifierBytes(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    const classOf = CHARACTER_CLASS;
    let p = this.offset;
    while (p < length && (classOf[bytes[p]!]! & IDENTIFIER_PART) !== 0) p++;
    const end = p;
    while (p < length && (classOf[bytes[p]!]! & (IDENTIFIER_PART | NON_ASCII)) !== 0) p++;
    this.offset = p;
    return p === end;
  }

  #checkIdentifier(start: number, what: string): string {
    const { text, isValid } = decodeText(this.bytes.subarray(start, this.offset));
    if (!isValid || !isValidIdentifier(text))
      this.fail(`'${text}' cannot be ${what}: it holds characters that identifiers do not have`, start);
    return text;
  }

  /** ASCII text by its bytes, if it is short from the cache. */
  #cachedText(start: number, end: number): string {
    const { bytes } = this;
    if (end - start > LONGEST_CACHED_NAME) return decodeAscii(bytes, start, end);
    let hash = 0;
    for (let p = start; p < end; p++) hash = (Math.imul(hash, 31) + bytes[p]!) | 0;
    return this.#cached(start, end, hash);
  }

  #cached(start: number, end: number, hash: number): string {
    const { bytes } = this;
    const length = end - start;
    if (length > LONGEST_CACHED_NAME) return decodeAscii(bytes, start, end);
    const slot = (hash ^ (hash >>> 15)) & (MOST_NAMES - 1);
    const cached = NAMES[slot]!;
    let known = slot * LONGEST_CACHED_NAME;
    if (cached.length === length) {
      let p = start;
      while (p < end && NAME_BYTES[known] === bytes[p]) {
        known++;
        p++;
      }
      if (p === end) return cached;
      known = slot * LONGEST_CACHED_NAME;
    }
    const text = decodeAscii(bytes, start, end);
    NAMES[slot] = text;
    for (let p = start; p < end; p++) NAME_BYTES[known++] = bytes[p]!;
    return text;
  }

  #readTripleAssetPath(start: number): string {
    const { bytes } = this;
    let hasEscapes = false;
    for (let p = start + 3; p < bytes.length;) {
      const c = bytes[p]!;
      if (c === BACKSLASH && bytes[p + 1] === AT && bytes[p + 2] === AT && bytes[p + 3] === AT) {
        hasEscapes = true;
        p += 4;
      } else if (c === AT) {
        let run = 1;
        while (run < 5 && bytes[p + run] === AT) run++;
        if (run >= 3) {
          this.offset = p + run;
          const content = this.#decode(start + 3, p + run - 3, start);
          return hasEscapes ? content.replaceAll('\\@@@', '@@@') : content;
        }
        p += run;
      } else p++;
    }
    return this.fail('this asset path has no end', start);
  }

  #decode(from: number, to: number, start: number): string {
    const { text, isValid } = decodeText(this.bytes.subarray(from, to));
    if (!isValid) this.#reportInvalidText(start);
    return text;
  }

  #reportInvalidText(offset: number): void {
    this.reporter.report({
      code: 'usda-invalid-utf8',
      severity: 'warning',
      asset: this.asset,
      message: `Text at byte ${offset} is not UTF-8; its bytes are kept as they are`,
    });
  }
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let p = from;
  while (p < bytes.length && bytes[p]! >= 48 && bytes[p]! <= 57) p++;
  return p;
}

/** C0, DEL and C1. */
function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 32 || (c >= 127 && c < 160)) return true;
  }
  return false;
}

/** Letters after a backslash that stand for a control character. */
const LETTER_ESCAPES: ReadonlyMap<number, number> = new Map([
  [97, 7],
  [98, 8],
  [102, 12],
  [110, 10],
  [114, 13],
  [116, 9],
  [118, 11],
]);

/** Decodes escapes into bytes, which need not be UTF-8 before they are put together. */
function unescape(content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length);
  let n = 0;
  for (let p = 0; p < content.length; p++) {
    const c = content[p]!;
    if (c !== BACKSLASH || p + 1 === content.length) {
      out[n++] = c;
      continue;
    }
    const letter = content[++p]!;
    const control = LETTER_ESCAPES.get(letter);
    if (control !== undefined) out[n++] = control;
    else if (letter === 120) {
      let value = 0;
      for (let digits = 0; digits < 2; digits++) {
        const digit = hexDigit(content[p + 1]);
        if (digit < 0) break;
        value = value * 16 + digit;
        p++;
      }
      out[n++] = value;
    } else if (letter >= 48 && letter <= 55) {
      let value = letter - 48;
      for (let digits = 1; digits < 3 && content[p + 1]! >= 48 && content[p + 1]! <= 55; digits++) value = value * 8 + (content[++p]! - 48);
      out[n++] = value & 255;
    } else out[n++] = letter;
  }
  return out.subarray(0, n);
}

function hexDigit(c: number | undefined): number {
  if (c === undefined) return -1;
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
