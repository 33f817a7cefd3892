import { describe, expect, it } from 'vitest';
import { NumberScanner, scaleDecimal } from './number-scanner.ts';

const scanner = new NumberScanner();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The numbers of a text after `[`, or undefined where the scanner gives up. */
function scan(text: string, width = 1, columns = 0): number[] | undefined {
  const bytes = bytesOf(text);
  const end = scanner.scan(bytes, 0, width, columns);
  if (end < 0) return undefined;
  expect(bytes[end - 1]).toBe(93);
  return [...scanner.values.subarray(0, scanner.count)];
}

/** Seeded numbers in [0, 1). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('NumberScanner', () => {
  it.each([
    [']', 1, 0, []],
    ['1, 2,3 , -4]', 1, 0, [1, 2, 3, -4]],
    ['\n  1,\r\n\t2,\n]', 1, 0, [1, 2]],
    ['(1, 2), (3, 4)]', 2, 2, [1, 2, 3, 4]],
    ['((1, 2), (3, 4))]', 4, 2, [1, 2, 3, 4]],
    ['( (1, 2), (3, 4) ),\n((5, 6), (7, 8)),]', 4, 2, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['.5, 1., -0, 1e3, 2E-3, 1e+2]', 1, 0, [0.5, 1, -0, 1000, 0.002, 100]],
  ])('reads %j', (text, width, columns, expected) => {
    expect(scan(text, width, columns)).toEqual(expected);
  });

  it.each([
    ['1 2]', 1, 0],
    ['1\n, 2]', 1, 0],
    ['1', 1, 0],
    ['1,', 1, 0],
    ['-]', 1, 0],
    ['1e]', 1, 0],
    ['inf]', 1, 0],
    ['# c\n1]', 1, 0],
    [',]', 1, 0],
    ['1, 2]', 2, 2],
    ['(1)]', 2, 2],
    ['(1, 2, 3)]', 2, 2],
    ['((1, 2))]', 2, 2],
    ['(1, 2, 3, 4)]', 4, 2],
    ['(1, 2]', 2, 2],
  ])('gives up on %j', (text, width, columns) => {
    expect(scan(text, width, columns)).toBeUndefined();
  });

  it.each([
    ['-2.5 ,', 1, 0, [-2.5], 5],
    ['(1, 2)\n', 2, 2, [1, 2], 6],
    ['( (1, 2), (3, 4) ), ((', 4, 2, [1, 2, 3, 4], 18],
    [']', 1, 0, [], -1],
    ['(1)', 2, 2, [], -1],
    ['nan', 1, 0, [], -1],
  ])('reads the single element of %j', (text, width, columns, expected, end) => {
    const found = scanner.scan(bytesOf(text), 0, width, columns, true);
    expect(found).toBe(end);
    if (end >= 0) expect([...scanner.values.subarray(0, scanner.count)]).toEqual(expected);
  });

  it('says whether all numbers are whole', () => {
    scan('1, 2]');
    expect(scanner.areIntegers).toBe(true);
    scan('1, 2.0]');
    expect(scanner.areIntegers).toBe(false);
  });

  it.each([1, 2])('rounds every decimal to the nearest double (seed %i)', (seed) => {
    const random = makeRandom(seed);
    const words = Array.from({ length: 20_000 }, () => {
      const digits = Array.from({ length: 1 + Math.floor(random() * 22) }, () => Math.floor(random() * 10)).join('');
      const point = Math.floor(random() * (digits.length + 1));
      const exponent = random() < 0.5 ? '' : `e${Math.floor(random() * 700) - 350}`;
      return `${random() < 0.5 ? '-' : ''}${digits.slice(0, point)}${point < digits.length ? '.' : ''}${digits.slice(point)}${exponent}`;
    });
    expect(scan(`${words.join(', ')}]`)).toEqual(words.map(Number));
  });

  it('rounds numbers halfway between two doubles to the even one', () => {
    const words = [
      '9007199254740993',
      '9007199254740995',
      '9007199254740993.00000',
      '900719925474099300000e-5',
      '1.00000000000000011102230246251565',
      '5e-324',
      '2.5e-324',
      '2.4e-324',
      '1.7976931348623159e308',
    ];
    expect(scan(`${words.join(', ')}]`)).toEqual(words.map(Number));
  });
});

describe('scaleDecimal', () => {
  it('answers NaN rather than a wrong number where the middle is too near', () => {
    // 2^53 + 1 is exactly between two doubles.
    expect(scaleDecimal(900719925, 4740993, 7, 0)).toBeNaN();
    expect(scaleDecimal(900719925, 4740994, 7, 0)).toBe(9007199254740994);
  });
});
