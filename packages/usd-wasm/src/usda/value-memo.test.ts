import { describe, expect, it } from 'vitest';
import { makeValue } from '../vt/value.ts';
import { ValueMemo } from './value-memo.ts';

const [FLOAT, DOUBLE] = [Symbol('float'), Symbol('double')];
const memoOver = (text: string): ValueMemo => new ValueMemo(new TextEncoder().encode(text));

/** Reads as the readers do: looks, and keeps `length` bytes as a value where nothing was found. */
function read(memo: ValueMemo, kind: unknown, start: number, length: number): 'known' | 'new' {
  if (memo.find(kind, start) !== undefined) return 'known';
  memo.add(kind, start, start + length, makeValue('double', length));
  return 'new';
}

describe('ValueMemo', () => {
  it('knows a value that ends its line, and where it ends', () => {
    const memo = memoOver('1.5 (\n1.5 (\n');
    expect(read(memo, FLOAT, 0, 3)).toBe('new');
    expect(memo.find(FLOAT, 6)).toEqual(makeValue('double', 3));
    expect(memo.end).toBe(9);
  });

  it('tells kinds apart', () => {
    const memo = memoOver('1.5\n1.5\n');
    read(memo, FLOAT, 0, 3);
    expect(read(memo, DOUBLE, 4, 3)).toBe('new');
  });

  it('tells lines apart that begin alike', () => {
    const memo = memoOver('1.5\n1.55\n1.5');
    read(memo, FLOAT, 0, 3);
    expect(read(memo, FLOAT, 4, 4)).toBe('new');
    expect(read(memo, FLOAT, 9, 3), 'without its line end it might go on').toBe('new');
  });

  it('keeps no value that goes on behind its line', () => {
    const memo = memoOver('[\n1]\n[\n2]\n');
    expect(read(memo, FLOAT, 0, 4)).toBe('new');
    expect(memo.find(FLOAT, 5)).toBeUndefined();
  });
});
