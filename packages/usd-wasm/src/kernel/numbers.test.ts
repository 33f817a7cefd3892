import { describe, expect, it } from 'vitest';
import { parseNumbers, type NumberKind } from './kernel.ts';

function parse(text: string, kind: NumberKind = 'f64'): { values?: number[]; end?: number; shape?: readonly number[]; failedAt?: number } {
  const result = parseNumbers(new TextEncoder().encode(text), 0, kind);
  return 'failedAt' in result ? result : { values: [...result.values], end: result.end, shape: result.shape };
}

describe('parseNumbers', () => {
  it('reads bare numbers, trailing comma and line ends included', () => {
    expect(parse(' 1, -2.5,\r\n\t.5, 3., 1e3, -0, ] rest')).toEqual({ values: [1, -2.5, 0.5, 3, 1000, -0], end: 30, shape: [] });
    expect(parse(']')).toEqual({ values: [], end: 1, shape: [] });
  });

  it('flattens tuples and tells their shape', () => {
    expect(parse('(1, 2, 3), (4, 5, 6)]')).toMatchObject({ values: [1, 2, 3, 4, 5, 6], shape: [3] });
    expect(parse('((1, 0), (0, 1)), ((2, 0), (0, 2))]')).toMatchObject({ values: [1, 0, 0, 1, 2, 0, 0, 2], shape: [2, 2] });
  });

  it('skips the three kinds of comments', () => {
    expect(parse('1, # one ]\n 2, // two ]\n 3 /* ]\n */, 4#\n]')).toMatchObject({ values: [1, 2, 3, 4], shape: [] });
  });

  it('reads infinities and NaN', () => {
    expect(parse('inf, -inf, nan]').values).toEqual([Infinity, -Infinity, NaN]);
  });

  it('fails where the text is not a number array', () => {
    for (const [text, failedAt] of [
      ['1 2]', 2], ['1,,2]', 2], [',1]', 0], ['1', 1], ['"a"]', 0], ['(1, 2), (3)]', 10], ['(1, 2), 3]', 8], ['()]', 1], ['(1]', 2],
      ['1)]', 1], ['[1]]', 0], ['1x]', 0], ['1e]', 0], ['+1]', 0], ['-]', 0], ['.]', 0], ['--1]', 0], ['nano]', 0], ['-nan]', 0],
      ['1.2.3]', 0], ['1\n, 2]', 2], ['1 # c\n, 2]', 6], ['1 // c\r, 2]', 7], ['(1, 2)\n, (3, 4)]', 7], ['(1\n, 2)]', 3],
      ['1, (2)]', 3], ['(1, (2, 3))]', 4], ['((1, 2), 3)]', 9], ['((1, 2, 3), (4))]', 14], ['(1, 2), ((3), (4))]', 9], ['(((1)))]', 2],
      ['1 / 2]', 2], ['1 /* ]', 2], ['None]', 0], ['', 0],
    ] as const) expect(parse(text), text).toEqual({ failedAt }); // prettier-ignore
  });

  it('keeps doubles out of integer arrays, and integers that do not fit', () => {
    expect(parse('1, -2147483648, 0000000000000000000002147483647]', 'i32').values).toEqual([1, -2147483648, 2147483647]);
    for (const text of ['1.0]', '1e3]', '2147483648]', '-2147483649]', '-0]', '99999999999999999999]', 'inf]']) {
      expect(parse(text, 'i32'), text).toEqual({ failedAt: 0 });
    }
  });

  it('rounds like Number, however long the digits', () => {
    const spellings = [
      '9007199254740993', '9007199254740992.5', '0.1', '1e22', '1e23', '1e-22', '8.5e-320', '1.7976931348623157e308', '1e400', '1e-400',
      '123456789012345678901234567890', '0.000000000000000000000000000001', '2.2250738585072011e-308', '179769313486231580793e289',
      '5e-324', '0.30000000000000004', '4.35', '1e0000000000000000000001', '0.0000012345678901234567', '0.0000000000000000000012345678901234567', '0.000000000000000000000000', '-0000000000.00000000001e9',
      '0e99', '000000000000000000000000001.5', '6.02214076e+23',
      '1448997445238699e-1', '7205759403792793e-13', '1.00000017881393421514957253748434595763683319091796875',
    ]; // prettier-ignore
    expect(parse(`${spellings.join(', ')}]`).values).toEqual(spellings.map(Number));
    expect(parse(`${spellings.join(', ')}]`, 'f32').values).toEqual(spellings.map((spelling) => Math.fround(Number(spelling))));
  });
});
