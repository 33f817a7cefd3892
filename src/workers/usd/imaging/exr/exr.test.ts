import { readFileSync } from 'node:fs';
import { halfToFloat } from 'usd-wasm';
import { describe, expect, test } from 'vitest';
import { ImageDecodeError, ImageTooLargeError } from '../image-error.ts';
import { decodeExr } from './exr.ts';

// Written with OpenEXR itself by tests/fixtures/images/make-exr.cpp.
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(`tests/fixtures/images/${name}.exr`));
const WIDTH = 21;
const HEIGHT = 37;

/** The formula that the fixtures were made with. */
function expected(x: number, y: number): [number, number, number, number] {
  return [x / 16, y / 8, x === 5 && y === 7 ? 1000 : ((x * y) % 7) / 4, x < 10 ? 1 : 0.5];
}

/** Largest difference from the formula, relative where values are above 1. */
async function worstError(name: string): Promise<number> {
  const image = await decodeExr(fixture(name), 8192);
  expect(image).toMatchObject({ width: WIDTH, height: HEIGHT, isTruncated: false, isDownscaled: false });
  const values = halfToFloat(image.data);
  let worst = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      for (const [k, value] of expected(x, y).entries())
        worst = Math.max(worst, Math.abs(values[4 * (y * WIDTH + x) + k]! - value) / Math.max(1, value));
    }
  }
  return worst;
}

describe('decodeExr', () => {
  test.each(['none-half', 'rle-half', 'zips-half', 'zip-half', 'zip-float', 'piz-half', 'piz-float', 'pxr24-half', 'pxr24-float'])(
    'reads %s exactly',
    async (name) => {
      expect(await worstError(name)).toBe(0);
    },
  );

  // Hashes (FNV-1a) of the halfs that OpenEXR reads.
  test.each([
    ['b44-half', 0x14a27e75],
    ['b44a-half', 0x14a27e75],
  ] as const)('reads %s as OpenEXR does', async (name, hash) => {
    const { data } = await decodeExr(fixture(name), 8192);
    expect(data.reduce((sum, half) => Math.imul(sum ^ half, 16777619), 0x811c9dc5 | 0) >>> 0).toBe(hash);
  });

  // Rounding differs among readers here.
  test.each([
    ['dwaa-half', 0.12],
    ['dwaa-float', 0.12],
    ['dwab-half', 0.12],
  ] as const)('reads %s within %d', async (name, tolerance) => {
    expect(await worstError(name)).toBeLessThan(tolerance);
  });

  test('reads the full size of tiles with smaller levels, and the part that has colours', async () => {
    expect(await worstError('tiled-mipmap')).toBe(0);
    expect(await worstError('two-parts')).toBe(0);
  });

  test('places the data window in the picture, black around it, one channel as grey', async () => {
    const image = await decodeExr(fixture('window-grey'), 8192);
    expect(image).toMatchObject({ width: WIDTH + 8, height: HEIGHT + 6 });
    const values = halfToFloat(image.data);
    const at = (x: number, y: number): number[] => [...values.subarray(4 * (y * image.width + x), 4 * (y * image.width + x) + 4)];
    expect([at(3, 3), at(4, 3), at(4 + 8, 3 + 36), at(4 + 8, 3 + 37)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [0.5, 0.5, 0.5, 1],
      [0, 0, 0, 0],
    ]);
  });

  test('scales down by means of squares', async () => {
    const image = await decodeExr(fixture('zip-half'), 20);
    expect(image).toMatchObject({ width: 10, height: 18, isDownscaled: true });
    // Columns 2 and 3, rows 4 and 5.
    expect([...halfToFloat(image.data).subarray(4 * (2 * 10 + 1), 4 * (2 * 10 + 1) + 2)]).toEqual([2.5 / 16, 4.5 / 8]);
  });
});

describe('decodeExr on damaged files', () => {
  const names = ['none-half', 'rle-half', 'zip-half', 'piz-half', 'pxr24-half', 'b44-half', 'dwaa-half', 'tiled-mipmap', 'two-parts'];

  /** A picture or a typed error: nothing else. */
  async function outcome(bytes: Uint8Array): Promise<'picture' | 'error'> {
    try {
      const image = await decodeExr(bytes, 64);
      expect(image.data.length).toBe(image.width * image.height * 4);
      return 'picture';
    } catch (error) {
      expect(error).toBeInstanceOf(ImageDecodeError);
      return 'error';
    }
  }

  test('cut anywhere they give what is left, or words', async () => {
    for (const name of names) {
      const whole = fixture(name);
      for (let length = 0; length < whole.length; length += 1 + Math.floor(whole.length / 60)) await outcome(whole.slice(0, length));
    }
    const [beginning, most] = [fixture('zip-half').slice(0, 300), fixture('zip-half').slice(0, -100)];
    expect(await outcome(beginning)).toBe('error');
    expect(await decodeExr(most, 8192)).toMatchObject({ isTruncated: true, height: HEIGHT });
  });

  test('with bytes changed anywhere they give a picture, or words', async () => {
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const counts = { picture: 0, error: 0 };
    for (const name of names) {
      for (let round = 0; round < 60; round++) {
        const bytes = fixture(name).slice();
        for (let i = 0; i <= round % 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        counts[await outcome(bytes)]++;
      }
    }
    expect(counts.picture).toBeGreaterThan(50);
    expect(counts.error).toBeGreaterThan(20);
  });

  test('that promise more pixels than can be had are refused before room is made', async () => {
    const bytes = fixture('zip-half').slice();
    const view = new DataView(bytes.buffer);
    for (const name of ['dataWindow\0box2i\0', 'displayWindow\0box2i\0']) {
      const at = new TextDecoder('latin1').decode(bytes).indexOf(name) + name.length + 4;
      view.setInt32(at + 8, 99_999, true);
      view.setInt32(at + 12, 99_999, true);
    }
    await expect(decodeExr(bytes, 8192)).rejects.toThrow(ImageTooLargeError);
  });

  test('say what they are that cannot be read', async () => {
    const coding = fixture('none-half').slice();
    const name = 'compression\0compression\0';
    coding[new TextDecoder('latin1').decode(coding).indexOf(name) + name.length + 4] = 10;
    await expect(decodeExr(coding, 8192)).rejects.toThrow('OpenEXR: compression 10 is not supported');
  });
});
