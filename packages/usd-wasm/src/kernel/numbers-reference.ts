/**
 * Number arrays of USDA text: one pass from just behind '[' to the matching ']'.
 *
 * Values are separated by commas (a trailing one is allowed). Blanks, line ends and comments (`#`, `//`, block ones) may stand
 * between, but no line ends before a comma; tuples nest in parentheses, and all have the same shape. Numbers are usda.md 2.5, `inf`, `-inf`
 * and `nan` included. Text is parsed to f64, correctly rounded; f32 is that f64 rounded once more, as OpenUSD does.
 * Up to 2^53 with a decimal exponent within ±22 both factors are exact doubles and one operation rounds right
 * (Clinger, "How to read floating point numbers accurately", 1990); the rest goes through `Number`.
 */
export type NumberKind = 'f32' | 'f64' | 'i32';

/** A number array read from text. */
export interface ParsedNumbers {
  /** Every number, flat. */
  readonly values: Float32Array | Float64Array | Int32Array;
  /** Offset of the byte behind the ']'. */
  readonly end: number;
  /** Of every element, outermost first: none for bare numbers and for `[]`, 3 for `[(1, 2, 3)]`, 2 and 3 for `[((1, 2, 3), (4, 5, 6))]`. */
  readonly shape: readonly number[];
}

/** Where the text stops being a plain number array: the caller's slow path reports it, or reads what this does not. */
export interface FailedNumbers {
  /** Offset of the byte that does not fit. */
  readonly failedAt: number;
}

export function parseNumbers(text: Uint8Array, start: number, kind: NumberKind): ParsedNumbers | FailedNumbers {
  let values = makeArray(kind, 64);
  let count = 0;
  let depth = 0;
  /** Parentheses that every number is in. */
  let leafDepth = -1;
  let dimension = 0;
  let columns = 0;
  let tupleStart = 0;
  let rowStart = 0;
  let expected: typeof ITEM | typeof COMMA_NEXT | typeof CLOSER = ITEM;
  let emptyTuple = false;
  let at = start;
  const end = text.length;
  for (;;) {
    if (at >= end) return { failedAt: end };
    const byte = text[at]!;
    if (byte === SPACE || byte === TAB) {
      at++;
    } else if (byte === NEWLINE || byte === RETURN) {
      if (expected === COMMA_NEXT) expected = CLOSER;
      at++;
    } else if (byte === COMMA) {
      if (expected !== COMMA_NEXT) return { failedAt: at };
      expected = ITEM;
      at++;
    } else if (byte === OPEN) {
      if (expected !== ITEM || depth === MAX_DEPTH || depth === leafDepth) return { failedAt: at };
      if (depth++ === 0) tupleStart = count;
      rowStart = count;
      emptyTuple = true;
      at++;
    } else if (byte === CLOSE) {
      if (depth === 0 || emptyTuple) return { failedAt: at };
      if (depth === leafDepth) {
        if (columns === 0) columns = count - rowStart;
        else if (columns !== count - rowStart) return { failedAt: at };
      }
      if (--depth === 0) {
        if (dimension === 0) dimension = count - tupleStart;
        else if (dimension !== count - tupleStart) return { failedAt: at };
      }
      expected = COMMA_NEXT;
      at++;
    } else if (byte === CLOSE_LIST) {
      if (depth !== 0) return { failedAt: at };
      return { values: values.slice(0, count), end: at + 1, shape: shapeOf(leafDepth, dimension, columns) };
    } else if (byte === HASH || byte === SLASH) {
      const after = skipComment(text, at);
      if (after < 0) return { failedAt: at };
      // the line goes on behind a block comment, even one of several lines
      if (expected === COMMA_NEXT && (byte === HASH || text[at + 1] === SLASH)) expected = CLOSER;
      at = after;
    } else {
      if (expected !== ITEM) return { failedAt: at };
      const after = readNumber(text, at, kind === 'i32');
      if (after < 0) return { failedAt: at };
      if (leafDepth < 0) leafDepth = depth;
      else if (leafDepth !== depth) return { failedAt: at };
      at = after;
      if (count === values.length) {
        const longer = makeArray(kind, count * 2);
        longer.set(values);
        values = longer;
      }
      values[count++] = lastValue;
      expected = COMMA_NEXT;
      emptyTuple = false;
    }
  }
}

/** Shape of the elements, from the parentheses around each number and the numbers per outermost and innermost one. */
export function shapeOf(depth: number, dimension: number, columns: number): readonly number[] {
  if (depth <= 0) return [];
  return depth === 1 ? [dimension] : [dimension / columns, columns];
}

/** What may come next beside padding: an item or what closes the list, a comma or that, or, behind a line end, only that. */
const ITEM = 0;
const COMMA_NEXT = 1;
const CLOSER = 2;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const HASH = 35;
const OPEN = 40;
const CLOSE = 41;
const STAR = 42;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const SLASH = 47;
const CLOSE_LIST = 93;
/** The rows of a matrix: no value type nests deeper. */
const MAX_DEPTH = 2;

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Above this, one more digit could leave the integers a double holds exactly: floor((2^53 − 9) / 10). */
const MANTISSA_ROOM = 900719925474098;

/** The number that `readNumber` met; a second result without an object per number. */
let lastValue = 0;

/** Offset behind the number at `at`, its value in `lastValue`; −1 when there is none (or none of the integer kind). */
function readNumber(text: Uint8Array, at: number, isInteger: boolean): number {
  const begin = at;
  const isNegative = text[at] === MINUS;
  if (isNegative) at++;
  let mantissa = 0;
  let isExact = true;
  let exponent = 0;
  let digits = 0;
  let byte = text[at] ?? 0;
  for (; byte >= 48 && byte <= 57; byte = text[++at] ?? 0) {
    digits++;
    if (mantissa <= MANTISSA_ROOM) mantissa = mantissa * 10 + (byte - 48);
    else isExact = false;
  }
  let isPlain = true;
  if (byte === POINT) {
    isPlain = false;
    for (byte = text[++at] ?? 0; byte >= 48 && byte <= 57; byte = text[++at] ?? 0) {
      digits++;
      if (mantissa <= MANTISSA_ROOM) {
        mantissa = mantissa * 10 + (byte - 48);
        exponent--;
      } else isExact = false;
    }
  }
  if (digits === 0) {
    if (!isPlain || isInteger) return -1;
    return readWord(text, at, isNegative);
  }
  if (byte === 101 || byte === 69) {
    isPlain = false;
    byte = text[++at] ?? 0;
    const isSmall = byte === MINUS;
    if (isSmall || byte === PLUS) byte = text[++at] ?? 0;
    if (byte < 48 || byte > 57) return -1;
    let power = 0;
    for (; byte >= 48 && byte <= 57; byte = text[++at] ?? 0) if (power < 100000) power = power * 10 + (byte - 48);
    exponent += isSmall ? -power : power;
  }
  if (!endsNumber(byte)) return -1;
  if (isInteger) {
    // -0 is a double in USDA, and a double does not become an integer
    if (!isPlain || !isExact || (isNegative ? mantissa > 2147483648 || mantissa === 0 : mantissa > 2147483647)) return -1;
    lastValue = isNegative ? -mantissa : mantissa;
    return at;
  }
  if (isExact && exponent >= -22 && exponent <= 22) {
    const value = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent]! : mantissa * POWERS_OF_TEN[exponent]!;
    lastValue = isNegative ? -value : value;
  } else {
    lastValue = slowNumber(text, begin, at);
  }
  return at;
}

/** `Number` is correctly rounded and takes every spelling USDA has. */
export function slowNumber(text: Uint8Array, begin: number, end: number): number {
  let spelling = '';
  for (let i = begin; i < end; i += 4096) spelling += String.fromCharCode(...text.subarray(i, Math.min(i + 4096, end)));
  return Number(spelling);
}

function readWord(text: Uint8Array, at: number, isNegative: boolean): number {
  if (text[at] === 105 && text[at + 1] === 110 && text[at + 2] === 102) lastValue = isNegative ? -Infinity : Infinity;
  else if (!isNegative && text[at] === 110 && text[at + 1] === 97 && text[at + 2] === 110) lastValue = NaN;
  else return -1;
  return endsNumber(text[at + 3] ?? 0) ? at + 3 : -1;
}

/** What may follow a number directly. The end of the text may too: the missing ']' is reported there. */
function endsNumber(byte: number): boolean {
  return (
    byte === COMMA || byte === SPACE || byte === CLOSE || byte === CLOSE_LIST || byte === NEWLINE || byte === RETURN ||
    byte === TAB || byte === HASH || byte === SLASH || byte === 0
  ); // prettier-ignore
}

/** Offset behind the comment at `at`; −1 when there is none or it never ends. A line comment ends before its line end. */
function skipComment(text: Uint8Array, at: number): number {
  if (text[at] === SLASH && text[at + 1] === STAR) {
    for (let i = at + 2; i + 1 < text.length; i++) if (text[i] === STAR && text[i + 1] === SLASH) return i + 2;
    return -1;
  }
  if (text[at] === SLASH && text[at + 1] !== SLASH) return -1;
  while (at < text.length && text[at] !== NEWLINE && text[at] !== RETURN) at++;
  return at;
}

function makeArray(kind: NumberKind, length: number): Float32Array | Float64Array | Int32Array {
  return kind === 'f32' ? new Float32Array(length) : kind === 'f64' ? new Float64Array(length) : new Int32Array(length);
}
