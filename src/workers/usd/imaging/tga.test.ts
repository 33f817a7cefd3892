import { describe, expect, test } from 'vitest';
import { ImageDecodeError } from './image-error.ts';
import { decodeTga, isTga } from './tga.ts';

const header = (kind: number, width: number, height: number, depth: number, descriptor = 32, map: number[] = [0, 0, 0, 0, 0]): number[] => [
  0,
  map[2] === 0 ? 0 : 1,
  kind,
  ...map,
  0,
  0,
  0,
  0,
  width,
  0,
  height,
  0,
  depth,
  descriptor,
];

describe('decodeTga', () => {
  test('reads blue-first colours, bottom row first unless told otherwise', () => {
    const rows = [1, 2, 3, 4, 5, 6];
    expect([...decodeTga(Uint8Array.from([...header(2, 1, 2, 24, 0), ...rows])).data]).toEqual([6, 5, 4, 255, 3, 2, 1, 255]);
    expect([...decodeTga(Uint8Array.from([...header(2, 1, 2, 24, 32), ...rows])).data]).toEqual([3, 2, 1, 255, 6, 5, 4, 255]);
  });

  test('takes alpha only when the header promises it', () => {
    expect(decodeTga(Uint8Array.from([...header(2, 1, 1, 32, 32 | 8), 1, 2, 3, 0])).data[3]).toBe(0);
    expect(decodeTga(Uint8Array.from([...header(2, 1, 1, 32, 32), 1, 2, 3, 0])).data[3]).toBe(255);
  });

  test('expands runs and raw packets', () => {
    // a run of two 7s, then raw 8, 9
    const image = decodeTga(Uint8Array.from([...header(11, 4, 1, 8), 129, 7, 1, 8, 9]));
    expect([...image.data].filter((_, i) => i % 4 === 0)).toEqual([7, 7, 8, 9]);
    expect(image.channels).toBe(1);
  });

  test('looks up palettes', () => {
    const image = decodeTga(Uint8Array.from([...header(1, 2, 1, 8, 32, [0, 0, 2, 0, 24]), 1, 2, 3, 4, 5, 6, 1, 0]));
    expect([...image.data]).toEqual([6, 5, 4, 255, 3, 2, 1, 255]);
  });

  test('gives the pixels before a cut and refuses sizes that cannot be', () => {
    expect(decodeTga(Uint8Array.from([...header(3, 3, 1, 8), 5, 6])).isTruncated).toBe(true);
    expect(() => decodeTga(Uint8Array.from([...header(2, 255, 255, 24), 1]))).toThrow(ImageDecodeError);
    expect(isTga(Uint8Array.of(0, 0, 2))).toBe(false);
  });
});
