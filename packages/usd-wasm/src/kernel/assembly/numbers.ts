/**
 * Number arrays of USDA text, a window at a time; see numbers-reference.ts for the grammar.
 *
 * Digits behind the point are taken eight at once from a word. Up to 2^53 and 10^±22 both factors are exact and one operation
 * rounds right (Clinger 1990); up to 19 digits, zeros before them not counted, the product with a 128-bit power of five decides (Lemire, "Number parsing at a
 * gigabyte per second", 2021, section 6). What is left, very long or very small numbers, goes on a list for the caller.
 */

/** Where a job stands between windows. */
@unmanaged
class State {
  /** Values written. */
  count: u32;
  /** Bytes of the window that are done with; where the text is wrong when it failed. */
  consumed: u32;
  /** Parentheses that are open. */
  depth: u32;
  /** 1 + the parentheses that every number is in; 0 before the first number. */
  level: u32;
  /** Numbers per outermost and per innermost parenthesis, 0 before the first is closed, and where the open ones began. */
  dimension: u32;
  columns: u32;
  tupleStart: u32;
  rowStart: u32;
  expected: u32;
  emptyTuple: u32;
  slowCount: u32;
}

const DONE = 0;
const WANTS_MORE = 1;
const FAILED = 2;

const F64 = 1;
const I32 = 2;

/** What may come next beside padding: an item or what closes the list, a comma or that, or, behind a line end, only that. */
const ITEM: u32 = 0;
const COMMA: u32 = 1;
const CLOSER: u32 = 2;

/** The rows of a matrix: no value type nests deeper. */
const MAX_DEPTH: u32 = 2;
/** Numbers left to the caller per call: index, offset in the window, length. */
const SLOW_ROOM: u32 = 256;
export const SLOW_LIST = memory.data(256 * 12, 8);

/** 5^q for q from −64 to 40, the top 128 bits, high half first; written by the loader. */
export const POWERS_OF_FIVE = memory.data(105 * 16, 8);
const LEAST_POWER = -64;
const GREATEST_POWER = 40;

const POWERS_OF_TEN = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]);
const TEN_TO = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]);

/** @param window followed by 16 zero bytes */
export function parseNumbers(state: State, window: usize, length: u32, isLast: bool, out: usize, kind: i32): i32 {
  const end = window + length;
  let at = window;
  let count = state.count;
  let depth = state.depth;
  let level = state.level;
  let dimension = state.dimension;
  let columns = state.columns;
  let tupleStart = state.tupleStart;
  let rowStart = state.rowStart;
  let expected = state.expected;
  let emptyTuple = state.emptyTuple != 0;
  let status = FAILED;
  state.slowCount = 0;
  for (;;) {
    if (at >= end) {
      status = isLast ? FAILED : WANTS_MORE;
      break;
    }
    const byte = <u32>load<u8>(at);
    if (byte == 0x20 || byte == 0x09) {
      at++;
    } else if (byte == 0x0a || byte == 0x0d) {
      if (expected == COMMA) expected = CLOSER;
      at++;
    } else if (byte == 0x2c) {
      if (expected != COMMA) break;
      expected = ITEM;
      at++;
    } else if (byte == 0x28) {
      if (expected != ITEM || depth == MAX_DEPTH || depth + 1 == level) break;
      if (depth++ == 0) tupleStart = count;
      rowStart = count;
      emptyTuple = true;
      at++;
    } else if (byte == 0x29) {
      if (depth == 0 || emptyTuple) break;
      if (depth + 1 == level) {
        if (columns == 0) columns = count - rowStart;
        else if (columns != count - rowStart) break;
      }
      if (--depth == 0) {
        if (dimension == 0) dimension = count - tupleStart;
        else if (dimension != count - tupleStart) break;
      }
      expected = COMMA;
      at++;
    } else if (byte == 0x5d) {
      if (depth != 0) break;
      at++;
      status = DONE;
      break;
    } else if (byte == 0x23 || byte == 0x2f) {
      const after = skipComment(at, end);
      if (after >= end && !isLast) {
        status = WANTS_MORE;
        break;
      }
      if (after > end) break;
      // the line goes on behind a block comment, even one of several lines
      if (expected == COMMA && (byte == 0x23 || load<u8>(at, 1) == 0x2f)) expected = CLOSER;
      at = after;
    } else {
      if (expected != ITEM) break;
      const begin = at;
      const isNegative = byte == 0x2d;
      if (isNegative) at++;
      let mantissa: u64 = 0;
      const digitsBegin = at;
      let digit = <u32>load<u8>(at) - 48;
      while (digit < 10) {
        mantissa = mantissa * 10 + digit;
        digit = <u32>load<u8>(++at) - 48;
      }
      let digits = <u32>(at - digitsBegin);
      let exponent = 0;
      let isPlain = true;
      if (digit == 0x2e - 48) {
        isPlain = false;
        const fraction = ++at;
        for (;;) {
          const word = load<u64>(at) ^ 0x3030303030303030;
          const others = ((word + 0x7676767676767676) | word) & 0x8080808080808080;
          const run = ctz(others) >> 3;
          if (run == 0) break;
          mantissa = mantissa * load<u64>(TEN_TO + (<usize>run << 3)) + eightDigits(word << (64 - (run << 3)));
          at += <usize>run;
          if (run < 8) break;
        }
        exponent = -<i32>(at - fraction);
        digits += <u32>(at - fraction);
      }
      let value: f64 = 0;
      let isSlow = false;
      if (digits == 0) {
        // a word; the text may be cut anywhere in it
        if (!isLast && end - begin < 8) {
          at = begin;
          status = WANTS_MORE;
          break;
        }
        const letters = load<u32>(at) & 0xffffff;
        if (isPlain && kind != I32 && letters == 0x666e69) value = isNegative ? -Infinity : Infinity;
        else if (isPlain && kind != I32 && letters == 0x6e616e && !isNegative) value = NaN;
        else {
          at = begin;
          break;
        }
        at += 3;
      } else {
        let byte = <u32>load<u8>(at);
        if ((byte | 0x20) == 0x65) {
          isPlain = false;
          byte = load<u8>(++at);
          const isSmall = byte == 0x2d;
          if (isSmall || byte == 0x2b) at++;
          const powerBegin = at;
          let power = 0;
          for (digit = <u32>load<u8>(at) - 48; digit < 10; digit = <u32>load<u8>(++at) - 48) {
            if (power < 100000) power = power * 10 + digit;
          }
          if (at == powerBegin) {
            status = !isLast && at >= end ? WANTS_MORE : FAILED;
            at = begin;
            break;
          }
          exponent += isSmall ? -power : power;
        }
        if (kind == I32) {
          // -0 is a double in USDA, and a double does not become an integer
          const limit: u64 = 0x7fffffff + <u64>isNegative;
          if (digits > 19) digits -= leadingZeros(digitsBegin);
          if (digits > 19 || !isPlain || mantissa > limit || (isNegative && mantissa == 0)) {
            status = !isLast && at >= end ? WANTS_MORE : FAILED;
            at = begin;
            break;
          }
          value = <f64>mantissa;
        } else if (digits > 19 && (digits -= leadingZeros(digitsBegin)) > 19) isSlow = true;
        else if (mantissa <= 1 << 53 && exponent >= -22 && exponent <= 22) {
          value = <f64>mantissa;
          if (exponent < 0) value /= load<f64>(POWERS_OF_TEN + (<usize>-exponent << 3));
          else value *= load<f64>(POWERS_OF_TEN + (<usize>exponent << 3));
        } else if (mantissa == 0) {
          value = 0;
        } else if (exponent >= LEAST_POWER && exponent <= GREATEST_POWER) {
          value = roundProduct(mantissa, exponent);
        } else isSlow = true;
        if (isNegative) value = -value;
      }
      if (at >= end && !isLast) {
        at = begin;
        status = WANTS_MORE;
        break;
      }
      const next = <u32>load<u8>(at);
      if (!(next == 0x2c || next == 0x29 || next == 0x20 || next == 0x5d || next == 0x0a || next == 0x0d || next == 0x09 || next == 0x23 || next == 0x2f || next == 0)) {
        at = begin;
        break;
      }
      if (level == 0) level = depth + 1;
      else if (level != depth + 1) {
        at = begin;
        break;
      }
      if (isSlow) {
        const slow = state.slowCount;
        if (slow == SLOW_ROOM) {
          at = begin;
          status = WANTS_MORE;
          break;
        }
        const entry = SLOW_LIST + slow * 12;
        store<u32>(entry, count);
        store<u32>(entry, <u32>(begin - window), 4);
        store<u32>(entry, <u32>(at - begin), 8);
        state.slowCount = slow + 1;
      }
      if (kind == F64) store<f64>(out + (<usize>count << 3), value);
      else if (kind == I32) store<i32>(out + (<usize>count << 2), <i32>value);
      else store<f32>(out + (<usize>count << 2), <f32>value);
      count++;
      emptyTuple = false;
      expected = COMMA;
      if (next == 0x2c) {
        expected = ITEM;
        at++;
        if (load<u8>(at) == 0x20) at++;
      }
    }
  }
  state.count = count;
  state.consumed = <u32>(min(at, end) - window);
  state.depth = depth;
  state.level = level;
  state.dimension = dimension;
  state.columns = columns;
  state.tupleStart = tupleStart;
  state.rowStart = rowStart;
  state.expected = expected;
  state.emptyTuple = emptyTuple;
  return status;
}

/** Zeros of a number before its first other digit; the point between them does not count. */
function leadingZeros(at: usize): u32 {
  let zeros: u32 = 0;
  for (let byte = <u32>load<u8>(at); byte == 0x30 || byte == 0x2e; byte = <u32>load<u8>(++at)) zeros += <u32>(byte == 0x30);
  return zeros;
}

/** Eight digits in the bytes of a word, the first in the lowest byte, each 0..9: sums of pairs, then of pairs of pairs. */
// @ts-ignore: decorator
@inline
function eightDigits(word: u64): u64 {
  word = word * 10 + (word >> 8);
  return ((word & 0x000000ff000000ff) * 0x000f424000000064 + ((word >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

/** mantissa · 10^power, correctly rounded; the result is a normal double for every power of the table. */
function roundProduct(mantissa: u64, power: i32): f64 {
  const zeros = <i32>clz(mantissa);
  const w = mantissa << zeros;
  const entry = POWERS_OF_FIVE + (<usize>(power - LEAST_POWER) << 4);
  const factor = load<u64>(entry);
  let high = multiplyHigh(w, factor);
  let low = w * factor;
  if ((high & 0x1ff) == 0x1ff) {
    const more = multiplyHigh(w, load<u64>(entry, 8));
    low += more;
    if (low < more) high++;
  }
  const top = <i32>(high >> 63);
  const shift = top + 9;
  let bits = high >> shift;
  let binary = ((217706 * power) >> 16) + 63 + top - zeros + 1023;
  // exactly between two doubles: to the even one
  if (low <= 1 && power >= -4 && power <= 23 && (bits & 3) == 1 && bits << shift == high) bits &= ~1;
  bits = (bits + (bits & 1)) >> 1;
  if (bits >= 1 << 53) {
    bits = 1 << 52;
    binary++;
  }
  return reinterpret<f64>((bits & ((1 << 52) - 1)) | (<u64>binary << 52));
}

// @ts-ignore: decorator
@inline
function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const cross = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (cross & 0xffffffff);
  return a1 * b1 + (cross >> 32) + (other >> 32);
}

/** Address behind the comment; `end` when a line comment goes on there, beyond when a block comment does or there is none. */
function skipComment(at: usize, end: usize): usize {
  if (load<u8>(at) == 0x2f) {
    if (at + 1 >= end) return end + 1;
    const second = <u32>load<u8>(at, 1);
    if (second == 0x2a) {
      for (at += 2; at + 1 < end; at++) if (load<u16>(at) == 0x2f2a) return at + 2;
      return end + 1;
    }
    if (second != 0x2f) return end + 1;
  }
  while (at < end && load<u8>(at) != 0x0a && load<u8>(at) != 0x0d) at++;
  return at;
}
