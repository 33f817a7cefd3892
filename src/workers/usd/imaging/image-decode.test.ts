import { encode } from 'fast-png';
import { halfToFloat } from 'usd-wasm';
import { describe, expect, test } from 'vitest';
import { decodeImage, jpegComponents, sniffImage } from './image-decode.ts';
import { ImageDecodeError } from './image-error.ts';

const rgb8 = encode({ width: 1, height: 1, data: Uint8Array.of(188, 0, 255), channels: 3, depth: 8 });
const gray8 = encode({ width: 1, height: 1, data: Uint8Array.of(188), channels: 1, depth: 8 });
const rgba16 = encode({ width: 1, height: 1, data: Uint16Array.of(48316, 0, 65535, 32768), channels: 4, depth: 16 });

describe('decodeImage', () => {
  test('takes 8-bit colour for sRGB and everything else for raw, unless told', async () => {
    expect((await decodeImage(rgb8, 'auto')).colorSpace).toBe('srgb');
    expect((await decodeImage(gray8, 'auto')).colorSpace).toBe('raw');
    expect((await decodeImage(rgb8, 'raw')).colorSpace).toBe('raw');
    expect((await decodeImage(gray8, 'sRGB')).colorSpace).toBe('srgb');
  });

  test('keeps 16 bits as halfs, made linear where they are sRGB', async () => {
    const raw = await decodeImage(rgba16, 'auto');
    expect(raw).toMatchObject({ format: 'rgba16float', colorSpace: 'raw' });
    const rounded = (image: { data: Uint8Array | Uint16Array }): number[] =>
      Array.from(halfToFloat(image.data as Uint16Array), (x) => Math.round(x * 100) / 100);
    expect(rounded(raw)).toEqual([0.74, 0, 1, 0.5]);
    const linear = await decodeImage(rgba16, 'sRGB');
    expect(linear.colorSpace).toBe('raw');
    expect(rounded(linear)).toEqual([0.5, 0, 1, 0.5]); // alpha is never decoded
  });

  test('names formats it cannot read', async () => {
    await expect(decodeImage(new TextEncoder().encode('II*\0'), 'auto')).rejects.toThrow('TIFF');
    await expect(decodeImage(new Uint8Array(0), 'auto')).rejects.toThrow('the file is empty');
    await expect(decodeImage(Uint8Array.of(1, 2, 3), 'auto')).rejects.toThrow(ImageDecodeError);
  });

  test('tells formats apart by content', () => {
    expect(sniffImage(rgb8)).toBe('png');
    expect(sniffImage(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('jpeg');
    expect(sniffImage(new TextEncoder().encode('RIFF....WEBPVP8 '))).toBe('webp');
    expect(sniffImage(new TextEncoder().encode('#?RADIANCE\n'))).toBe('hdr');
  });

  test('counts the components of a JPEG', () => {
    const frame = [0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 1];
    expect(jpegComponents(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...frame, 0]))).toBe(1);
    expect(jpegComponents(Uint8Array.of(0xff, 0xd8, 0xff))).toBe(3);
  });
});
