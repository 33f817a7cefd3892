import { halfToFloat } from 'usd-wasm';
import { describe, expect, test } from 'vitest';
import { ImageDecodeError, ImageTooLargeError } from './image-error.ts';
import { decodeRadianceHdr } from './radiance-hdr.ts';

const header = (width: number, height: number): number[] => [
  ...new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`),
];

describe('decodeRadianceHdr', () => {
  test('reads plain pixels', () => {
    const image = decodeRadianceHdr(Uint8Array.from([...header(2, 1), 128, 64, 0, 129, 255, 0, 1, 128]), 8192);
    // mantissa · 2^(exponent - 136)
    expect([...halfToFloat(image.data)]).toEqual([1, 0.5, 0, 1, 255 / 256, 0, 1 / 256, 1]);
  });

  test('reads run-length scanlines channel by channel', () => {
    const image = decodeRadianceHdr(
      Uint8Array.from([...header(8, 1), 2, 2, 0, 8, 136, 128, 136, 64, 8, 1, 2, 3, 4, 5, 6, 7, 8, 136, 129]),
      8192,
    );
    expect([...halfToFloat(image.data).subarray(0, 8)]).toEqual([1, 0.5, 1 / 128, 1, 1, 0.5, 2 / 128, 1]);
  });

  test('stops at a run past the end', () => {
    expect(() => decodeRadianceHdr(Uint8Array.from([...header(8, 1), 2, 2, 0, 8, 200, 128, 0, 0, 0]), 8192)).toThrow(ImageDecodeError);
    expect(() => decodeRadianceHdr(Uint8Array.from(header(4, 4)), 8192)).toThrow(ImageDecodeError);
  });

  test('scales down while it reads: each pixel is the mean of a square', () => {
    const pixel = (mantissa: number): number[] => [mantissa, mantissa, mantissa, 136];
    // Sizes that are no multiple lose their last row and column.
    const rows = [2, 6, 9, 10, 14, 9, 9, 9, 9].flatMap(pixel);
    const image = decodeRadianceHdr(Uint8Array.from([...header(3, 3), ...rows]), 2);
    expect(image).toMatchObject({ width: 1, height: 1, isDownscaled: true });
    expect([...halfToFloat(image.data)]).toEqual([8, 8, 8, 1]);
  });

  test('refuses more pixels than it can read, before it makes room for them', () => {
    expect(() => decodeRadianceHdr(Uint8Array.from(header(40_000, 40_000)), 8192)).toThrow(ImageTooLargeError);
  });

  test('with bytes cut or changed it gives a picture, or words', () => {
    const scanline = [2, 2, 0, 8, 136, 128, 136, 64, 8, 1, 2, 3, 4, 5, 6, 7, 8, 136, 129];
    const whole = Uint8Array.from([...header(8, 6), ...Array.from({ length: 6 }, () => scanline).flat()]);
    const read = (bytes: Uint8Array): boolean => {
      try {
        const { width, height, data } = decodeRadianceHdr(bytes, 64);
        expect(data).toHaveLength(4 * width * height);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(ImageDecodeError);
        return false;
      }
    };
    for (let length = 0; length < whole.length; length++) expect(read(whole.slice(0, length))).toBe(false);
    let readable = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 1, 127, 255]) {
        const bytes = whole.slice();
        bytes[at] = value;
        if (read(bytes)) readable++;
      }
    }
    expect(readable).toBeGreaterThan(50);
  });
});
