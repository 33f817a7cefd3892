/**
 * Arrays of numbers straight from UTF-8 bytes, in one loop.
 *
 * Method: up to nine leading digits gather in a small integer, up to nine more in a second one, and one exact
 * operation (a product or quotient of two exactly representable doubles) scales them: correctly rounded for up to 15
 * digits and powers of ten up to 22 (Clinger's fast path). Longer numbers go through double-double arithmetic with a
 * rounding test, and what that cannot decide through `Number`. Every result is the nearest double.
 *
 * Only the common layout is taken: numbers, tuples and matrices with blanks, line ends and commas. On anything else
 * (comments, `inf`, wrong shapes, errors) the scanner gives up, and the caller reads the array step by step.
 */
const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Numbers one element can have: a 4×4 matrix. */
const WIDEST = 16;

/** What all scanners begin with: most layers have no longer arrays than fit here. */
const SHORT_VALUES = new Float64Array(256);

export class NumberScanner {
  /** The numbers found, valid up to `count` until the next scan, of whichever scanner. */
  values = SHORT_VALUES;
  count = 0;
  /** Whether every number was written without fraction and exponent. */
  areIntegers = true;

  /**
   * Scans from just after `[` to just after the matching `]`, or a single element.
   *
   * @param width numbers per element
   * @param columns numbers per inner tuple: 0 for plain numbers, `width` for tuples, the row length for matrices
   * @param isSingle the text is one number, tuple or matrix without brackets around it
   * @returns the offset after `]`, or after the single element and blanks; -1 if the text is not of the common layout
   */
  scan(bytes: Uint8Array, offset: number, width: number, columns: number, isSingle = false): number {
    let out = this.values;
    let room = out.length - WIDEST;
    let n = 0;
    let hasFractions = false;
    let p = offset;
    // Reads past the end give 0, which no loop below takes for text.
    let c = bytes[p]! | 0;
    for (;;) {
      while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]! | 0;
      if (c === 93) break;
      if (n > room) {
        const larger = new Float64Array(out.length * 2);
        larger.set(out);
        this.values = out = larger;
        room = out.length - WIDEST;
      }
      if (columns !== 0) {
        if (c !== 40) return -1;
        c = bytes[++p]! | 0;
      }
      for (let k = 0; ;) {
        while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]! | 0;
        if (columns < width && columns !== 0 && k % columns === 0) {
          if (c !== 40) return -1;
          c = bytes[++p]! | 0;
          while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]! | 0;
        }
        const start = p;
        let isNegative = false;
        if (c === 45) {
          isNegative = true;
          c = bytes[++p]! | 0;
        }
        let high = 0;
        let low = 0;
        let lowDigits = 0;
        let power = 0;
        const firstDigit = p;
        let digit = c - 48;
        while (digit >= 0 && digit <= 9) {
          if (high < 100_000_000) high = high * 10 + digit;
          else {
            low = low * 10 + digit;
            lowDigits++;
          }
          c = bytes[++p]! | 0;
          digit = c - 48;
        }
        let digits = p - firstDigit;
        if (c === 46) {
          hasFractions = true;
          c = bytes[++p]! | 0;
          const point = p;
          digit = c - 48;
          while (digit >= 0 && digit <= 9) {
            if (high < 100_000_000) high = high * 10 + digit;
            else {
              low = low * 10 + digit;
              lowDigits++;
            }
            c = bytes[++p]! | 0;
            digit = c - 48;
          }
          power = point - p;
          digits -= power;
        }
        if (digits === 0) return -1;
        if (c === 101 || c === 69) {
          hasFractions = true;
          c = bytes[++p]! | 0;
          const isDown = c === 45;
          if (isDown || c === 43) c = bytes[++p]! | 0;
          let exponent = 0;
          const firstExponentDigit = p;
          digit = c - 48;
          while (digit >= 0 && digit <= 9) {
            if (exponent < 100_000) exponent = exponent * 10 + digit;
            c = bytes[++p]! | 0;
            digit = c - 48;
          }
          if (p === firstExponentDigit) return -1;
          power += isDown ? -exponent : exponent;
        }
        let value: number;
        if (lowDigits <= 6 && power >= -22 && power <= 22) {
          value = lowDigits === 0 ? high : high * POWERS_OF_TEN[lowDigits]! + low;
          if (power < 0) value /= POWERS_OF_TEN[-power]!;
          else if (power > 0) value *= POWERS_OF_TEN[power]!;
        } else {
          value = lowDigits <= 9 ? scaleDecimal(high, low, lowDigits, power) : NaN;
          if (value !== value) value = Math.abs(Number(asciiText(bytes, start, p)));
        }
        out[n++] = isNegative ? -value : value;
        while (c === 32 || c === 9) c = bytes[++p]! | 0;
        k++;
        if (columns < width && columns !== 0 && k % columns === 0) {
          while (c === 10 || c === 13 || c === 32) c = bytes[++p]! | 0;
          if (c !== 41) return -1;
          c = bytes[++p]! | 0;
          while (c === 32 || c === 9) c = bytes[++p]! | 0;
        }
        if (k === width) break;
        if (c !== 44) return -1;
        c = bytes[++p]! | 0;
      }
      if (columns !== 0) {
        while (c === 10 || c === 13 || c === 32) c = bytes[++p]! | 0;
        if (c !== 41) return -1;
        c = bytes[++p]! | 0;
        while (c === 32 || c === 9) c = bytes[++p]! | 0;
      }
      if (isSingle) break;
      if (c === 44) {
        c = bytes[++p]! | 0;
        continue;
      }
      while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]! | 0;
      if (c !== 93) return -1;
      break;
    }
    this.count = n;
    this.areIntegers = !hasFractions;
    return isSingle ? (n === width ? p : -1) : p + 1;
  }
}

/**
 * (high · 10^lowDigits + low) · 10^power to the nearest double, or NaN where the error bound leaves it open.
 * High and low have at most nine digits each.
 */
export function scaleDecimal(high: number, low: number, lowDigits: number, power: number): number {
  if (high === 0 && low === 0) return 0;
  if (power < -250 || power > 250) return NaN;
  // high · 10^lowDigits + low as the exact sum of two doubles.
  const scale = POWERS_OF_TEN[lowDigits]!;
  let head = high * scale;
  let tail = productError(high, scale, head);
  let sum = head + low;
  tail += low - (sum - head);
  head = sum;
  for (let rest = power; rest !== 0;) {
    if (rest > 0) {
      const step = POWERS_OF_TEN[Math.min(rest, 22)]!;
      const product = head * step;
      tail = productError(head, step, product) + tail * step;
      sum = product + tail;
      tail -= sum - product;
      head = sum;
      rest -= Math.min(rest, 22);
    } else {
      const step = POWERS_OF_TEN[Math.min(-rest, 22)]!;
      const quotient = head / step;
      const back = quotient * step;
      const correction = (head - back - productError(quotient, step, back) + tail) / step;
      sum = quotient + correction;
      tail = correction - (sum - quotient);
      head = sum;
      rest += Math.min(-rest, 22);
    }
  }
  // Each step adds at most a few units of 2^-104; up to twelve steps stay below 2^-98.
  const error = Math.abs(head) * 2 ** -98;
  return head + (tail - error) === head + (tail + error) ? head + tail : NaN;
}

/** a · b − product, exactly (Dekker's splitting; no operand is near the limits of doubles). */
function productError(a: number, b: number, product: number): number {
  const a1 = a * 134_217_729;
  const aHigh = a1 - (a1 - a);
  const aLow = a - aHigh;
  const b1 = b * 134_217_729;
  const bHigh = b1 - (b1 - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start < 1000) return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  return new TextDecoder().decode(bytes.subarray(start, end));
}
