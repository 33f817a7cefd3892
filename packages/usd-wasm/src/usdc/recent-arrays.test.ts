import { describe, expect, it } from 'vitest';
import { makeValue } from '../vt/value.ts';
import { RecentArrays } from './recent-arrays.ts';

const MIB = 2 ** 20;
const numbers = (value: number) => makeValue('int[]', Int32Array.of(value));

describe('RecentArrays', () => {
  it('gives back the same value under the same representation only', () => {
    const recent = new RecentArrays(0);
    const value = numbers(1);
    recent.add(88, 0x8003, value, 4);
    expect(recent.find(88, 0x8003)).toBe(value);
    expect(recent.find(88, 0xa003)).toBeUndefined();
    expect(recent.find(96, 0x8003)).toBeUndefined();
  });

  it('lets go of what was used longest ago', () => {
    const recent = new RecentArrays(48 * MIB); // room for 3 MiB
    recent.add(1, 0, numbers(1), MIB);
    recent.add(2, 0, numbers(2), MIB);
    recent.add(3, 0, numbers(3), MIB);
    recent.find(1, 0);
    recent.add(4, 0, numbers(4), MIB);
    expect([1, 2, 3, 4].filter((payload) => recent.find(payload, 0) !== undefined)).toEqual([1, 3, 4]);
  });

  it('counts an array once that is decoded again', () => {
    const recent = new RecentArrays(0); // room for 1 MiB
    recent.add(1, 0, numbers(1), MIB / 2);
    for (let i = 0; i < 10; i++) recent.add(2, i, numbers(2), MIB / 2);
    expect(recent.find(1, 0)).toBeDefined();
    expect(recent.find(2, 9)).toBeDefined();
  });

  it('keeps no array that is larger than its room', () => {
    const recent = new RecentArrays(0);
    recent.add(1, 0, numbers(1), MIB + 1);
    expect(recent.find(1, 0)).toBeUndefined();
    recent.add(2, 0, numbers(2), MIB);
    expect(recent.find(2, 0)).toBeDefined();
  });
});
