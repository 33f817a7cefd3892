import { describe, expect, test } from 'vitest';
import { decodeImage, sniffImage } from './image-decode.ts';
import { ImageDecodeError } from './image-error.ts';

async function painted(type: string, colors: readonly string[]): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(colors.length * 16, 16);
  const context = canvas.getContext('2d')!;
  colors.forEach((color, i) => {
    context.fillStyle = color;
    context.fillRect(i * 16, 0, 16, 16);
  });
  return new Uint8Array(await (await canvas.convertToBlob({ type, quality: 1 })).arrayBuffer());
}

const texel = (data: Uint8Array | Uint16Array, x: number, width: number): number[] =>
  Array.from(data.subarray((8 * width + x) * 4, (8 * width + x) * 4 + 4));

describe('decodeImage in the browser', () => {
  test('gives the colours of a JPEG, opaque, as sRGB unless told otherwise', async () => {
    const bytes = await painted('image/jpeg', ['rgb(200, 30, 60)', 'rgb(10, 120, 240)']);
    expect(sniffImage(bytes)).toBe('jpeg');
    const image = await decodeImage(bytes, 'auto');
    expect(image).toMatchObject({ width: 32, height: 16, format: 'rgba8unorm', colorSpace: 'srgb' });
    for (const [x, color] of [
      [8, [200, 30, 60, 255]],
      [24, [10, 120, 240, 255]],
    ] as const) {
      texel(image.data, x, 32).forEach((value, k) => expect(Math.abs(value - color[k]!)).toBeLessThanOrEqual(3));
    }
    expect((await decodeImage(bytes, 'raw')).colorSpace).toBe('raw');
  });

  test('reads WebP', async () => {
    const bytes = await painted('image/webp', ['rgb(0, 255, 0)']);
    expect(sniffImage(bytes)).toBe('webp');
    const image = await decodeImage(bytes, 'auto');
    expect(image.width).toBe(16);
    expect(texel(image.data, 8, 16)[3]).toBe(255);
  });

  test('fails with words on a damaged JPEG', async () => {
    await expect(decodeImage(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3), 'auto')).rejects.toThrow(ImageDecodeError);
  });

  test('reads PNG the same way as Node does', async () => {
    const bytes = await painted('image/png', ['rgba(255, 0, 0, 1)', 'rgba(0, 0, 255, 1)']);
    const image = await decodeImage(bytes, 'auto');
    expect(texel(image.data, 24, 32)).toEqual([0, 0, 255, 255]);
  });
});
