import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { ImageDecodeError } from './image-error.ts';
import { decodePng } from './png.ts';

/** Deterministic noise: any filter and any code length may occur. */
function noise(length: number, seed = 1): Uint8Array {
  const data = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return data;
}

async function zlib(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
}

/** A PNG from ready filtered rows. Checksums are left zero: readers of textures do not check them. */
async function png(
  width: number,
  height: number,
  depth: number,
  colorType: number,
  rows: number[],
  extra: [string, number[]][] = [],
  isInterlaced = false,
): Promise<Uint8Array> {
  const chunks: number[] = [137, 80, 78, 71, 13, 10, 26, 10];
  const chunk = (type: string, data: Iterable<number>): void => {
    const bytes = [...data];
    chunks.push(0, 0, bytes.length >> 8, bytes.length & 255, ...Array.from(type, (c) => c.charCodeAt(0)), ...bytes, 0, 0, 0, 0);
  };
  chunk('IHDR', [0, 0, 0, width, 0, 0, 0, height, depth, colorType, 0, 0, isInterlaced ? 1 : 0]);
  for (const [type, data] of extra) chunk(type, data);
  chunk('IDAT', await zlib(Uint8Array.from(rows)));
  chunk('IEND', []);
  return Uint8Array.from(chunks);
}

describe('decodePng', () => {
  test('keeps colour under zero alpha', async () => {
    const data = noise(7 * 5 * 4);
    for (let i = 3; i < data.length; i += 8) data[i] = 0;
    const image = await decodePng(encode({ width: 7, height: 5, data, channels: 4, depth: 8 }));
    expect(image.channels).toBe(4);
    expect([...image.data]).toEqual([...data]);
  });

  test('widens RGB and gray to four channels', async () => {
    const rgb = noise(4 * 3 * 3);
    const image = await decodePng(encode({ width: 4, height: 3, data: rgb, channels: 3, depth: 8 }));
    expect(image.channels).toBe(3);
    expect([...image.data.subarray(0, 8)]).toEqual([rgb[0], rgb[1], rgb[2], 255, rgb[3], rgb[4], rgb[5], 255]);
    const gray = await decodePng(encode({ width: 2, height: 1, data: Uint8Array.of(3, 250), channels: 1, depth: 8 }));
    expect([...gray.data]).toEqual([3, 3, 3, 255, 250, 250, 250, 255]);
    expect(gray.channels).toBe(1);
  });

  test('keeps 16 bits', async () => {
    const image = await decodePng(encode({ width: 1, height: 1, data: Uint16Array.of(1, 258, 65535, 77), channels: 4, depth: 16 }));
    expect(image.bitDepth).toBe(16);
    expect([...image.data]).toEqual([1, 258, 65535, 77]);
  });

  test('undoes every row filter', async () => {
    const image = await decodePng(
      await png(
        2,
        5,
        8,
        0,
        [
          [0, 10, 20],
          [1, 10, 10], // sub: 10, 20
          [2, 1, 1], // up: 11, 21
          [3, 5, 5], // average: 5 + 11/2 = 10, 5 + (10+21)/2 = 20
          [4, 1, 1], // paeth: left 0, up 10, upper left 0 → 11; left 11, up 20, upper left 10: 21 is nearest to 20 → 21
        ].flat(),
      ),
    );
    expect([...image.data].filter((_, i) => i % 4 === 0)).toEqual([10, 20, 10, 20, 11, 21, 10, 20, 11, 21]);
  });

  test('expands palettes of 2 bits with transparency', async () => {
    const image = await decodePng(
      await png(
        3,
        1,
        2,
        3,
        [0, 0b00_01_10_00],
        [
          ['PLTE', [1, 2, 3, 40, 50, 60, 70, 80, 90]],
          ['tRNS', [0, 128]],
        ],
      ),
    );
    expect([...image.data]).toEqual([1, 2, 3, 0, 40, 50, 60, 128, 70, 80, 90, 255]);
    expect(image.channels).toBe(4);
  });

  test('makes the key colour of tRNS transparent', async () => {
    const image = await decodePng(await png(2, 1, 8, 2, [0, 9, 8, 7, 9, 8, 6], [['tRNS', [0, 9, 0, 8, 0, 7]]]));
    expect([image.data[3], image.data[7]]).toEqual([0, 255]);
  });

  test('puts interlaced pixels where they belong', async () => {
    // 3x3: pass 1 (0,0); pass 5 rows 2 columns 0, 2 (y=2); pass 4 columns 2 (y=0); pass 6 column 1; pass 7 row 1.
    const image = await decodePng(await png(3, 3, 8, 0, [0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6], [], true));
    expect([...image.data].filter((_, i) => i % 4 === 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('reads the tagged transfer', async () => {
    expect((await decodePng(await png(1, 1, 8, 0, [0, 1], [['sRGB', [0]]]))).taggedColorSpace).toBe('srgb');
    expect((await decodePng(await png(1, 1, 8, 0, [0, 1], [['gAMA', [0, 1, 134, 160]]]))).taggedColorSpace).toBe('raw');
  });

  test('gives the rows before a cut', async () => {
    const data = noise(64 * 64 * 3);
    const whole = encode({ width: 64, height: 64, data, channels: 3, depth: 8 });
    const image = await decodePng(whole.subarray(0, whole.length >> 1));
    expect(image.isTruncated).toBe(true);
    expect(image.data[0]).toBe(data[0]);
  });

  test('refuses what cannot be', async () => {
    await expect(decodePng(Uint8Array.of(137, 80))).rejects.toThrow(ImageDecodeError);
    await expect(decodePng(await png(1, 1, 7, 0, [0, 1]))).rejects.toThrow('bit depth 7');
    const huge = await png(1, 1, 8, 0, [0, 1]);
    huge.set([0, 0, 64, 0], 16);
    huge.set([0, 0, 64, 0], 20);
    await expect(decodePng(huge)).rejects.toThrow('cannot hold');
  });
});
