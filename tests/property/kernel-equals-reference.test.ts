import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as boundsForm from '../../packages/usd-wasm/src/kernel/bounds-reference.ts';
import * as gatherForm from '../../packages/usd-wasm/src/kernel/gather-reference.ts';
import * as halfForm from '../../packages/usd-wasm/src/kernel/half-reference.ts';
import * as integersForm from '../../packages/usd-wasm/src/kernel/integers-reference.ts';
import { KernelError } from '../../packages/usd-wasm/src/kernel/kernel-error.ts';
import * as kernel from '../../packages/usd-wasm/src/kernel/kernel.ts';
import * as lz4Form from '../../packages/usd-wasm/src/kernel/lz4-reference.ts';
import * as normalsForm from '../../packages/usd-wasm/src/kernel/normals-reference.ts';
import * as numbersForm from '../../packages/usd-wasm/src/kernel/numbers-reference.ts';
import * as tangentsForm from '../../packages/usd-wasm/src/kernel/tangents-reference.ts';
import * as triangulateForm from '../../packages/usd-wasm/src/kernel/triangulate-reference.ts';
import * as weldForm from '../../packages/usd-wasm/src/kernel/weld-reference.ts';
import { lz4Compress } from '../../packages/usd-wasm/src/usdc/lz4-compressor.ts';
import { encodeIntegers32, encodeIntegers64 } from '../../packages/usd-wasm/src/usdc/integer-encoding.ts';
import { makeRandom } from '../support/random.ts';
import { makeMesh, MESH_KINDS } from '../support/tangent-meshes.ts';

/** Every WebAssembly job gives the bits of its TypeScript form, and the same error for the same hostile bytes. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

beforeAll(async () => {
  const bytes = readFileSync(new URL('../../packages/usd-wasm/src/kernel/kernel.wasm', import.meta.url));
  expect(await kernel.initKernel(bytes)).toBe(true);
});

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array | BigInt64Array;

/** Bit for bit, but any NaN equals any other. */
function expectSame(actual: Numbers, expected: Numbers): void {
  expect(actual.constructor.name).toBe(expected.constructor.name);
  expect(actual.length).toBe(expected.length);
  let at = 0;
  while (at < expected.length && Object.is(actual[at], expected[at])) at++;
  if (at < expected.length) expect({ at, value: actual[at] }).toEqual({ at, value: expected[at] });
}

/** What a call gives, or the error it throws, so that two forms can be compared on hostile input. */
function outcomeOf<T>(call: () => T): { result: T } | { code: string; at: number; message: string } {
  try {
    return { result: call() };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { code: error.code, at: error.at, message: error.message };
  }
}

function randomBytes(random: () => number, length: number, alphabet = 256): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * alphabet));
}

/** Any 32-bit patterns: NaN, infinities, subnormals and negative zero come up, and plain numbers. */
function anyFloats(random: () => number, length: number): Float32Array {
  const special = [0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-40, 3.4e38, 65504, 65520, 2 ** -25, 6e-8];
  const bits = new Uint32Array(1);
  const asFloat = new Float32Array(bits.buffer);
  return Float32Array.from({ length }, () => {
    const choice = random();
    if (choice < 0.05) return special[Math.floor(random() * special.length)]!;
    if (choice < 0.3) {
      bits[0] = random() * 2 ** 32;
      return asFloat[0]!;
    }
    return (random() - 0.5) * 10 ** (random() * 8 - 4);
  });
}

describe('decompressIntegers32', () => {
  for (const seed of SEEDS) {
    it(`equals decompressing, then decoding, of blocks of every small size, also between large jobs, seed ${seed}`, () => {
      const random = makeRandom(seed);
      for (let count = 1; count < 1100; count += 1 + Math.floor(random() * 20)) {
        if (random() < 0.1) kernel.halfToFloat(new Uint16Array(100_000));
        if (random() < 0.02) kernel.lz4Decompress(lz4Compress(new Uint8Array(3_000_000)), 3_000_000);
        if (random() < 0.02) kernel.trimKernel();
        const wide = random() < 0.5 ? 2 ** 32 : 300;
        const values = Int32Array.from({ length: count }, (_, i) => (random() < 0.5 ? i : random() * wide) | 0);
        const block = lz4Compress(encodeIntegers32(values));
        const capacity = 4 + Math.ceil(count / 4) + count * 4;
        expectSame(kernel.decompressIntegers32(block, capacity, count), values);
        const broken = block.slice(0, Math.ceil(random() * block.length));
        if (random() < 0.7) broken[Math.floor(random() * broken.length)] = random() * 256;
        expect(outcomeOf(() => kernel.decompressIntegers32(broken, capacity, count))).toEqual(
          outcomeOf(() => integersForm.decodeIntegers32(lz4Form.lz4Decompress(broken, capacity), count)),
        );
        const room = Math.floor(random() * 2 * capacity);
        expect(outcomeOf(() => kernel.lz4Decompress(broken, room))).toEqual(outcomeOf(() => lz4Form.lz4Decompress(broken, room)));
      }
    });

    it(`equals decompressing, then decoding, also of broken blocks, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const wide = random() < 0.5 ? 2 ** 32 : 300;
      const values = Int32Array.from({ length: 300 + Math.floor(random() * 20_000) }, (_, i) => (random() < 0.5 ? i : random() * wide) | 0);
      const encoded = encodeIntegers32(values);
      const block = lz4Compress(encoded);
      const capacity = 4 + Math.ceil(values.length / 4) + values.length * 4;
      expectSame(kernel.decompressIntegers32(block, capacity, values.length), values);
      for (let i = 0; i < 20; i++) {
        const broken = block.slice(0, Math.ceil(random() * block.length));
        if (random() < 0.7) broken[Math.floor(random() * broken.length)] = random() * 256;
        const count = random() < 0.8 ? values.length : Math.floor(random() * 2 * values.length);
        const room = 4 + Math.ceil(count / 4) + count * 4;
        expect(outcomeOf(() => kernel.decompressIntegers32(broken, room, count))).toEqual(
          outcomeOf(() => integersForm.decodeIntegers32(lz4Form.lz4Decompress(broken, room), count)),
        );
      }
    });
  }
});

describe('lz4Decompress', () => {
  for (const seed of SEEDS) {
    it(`equals its reference on compressed data, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const data = randomBytes(random, 3000 + Math.floor(random() * 60_000), 1 + Math.floor(random() * 5));
      for (let run = 0; run < 20; run++) data.copyWithin(random() * data.length, random() * data.length, random() * data.length); // long matches
      const block = lz4Compress(data);
      expectSame(kernel.lz4Decompress(block, data.length), data);
      expectSame(kernel.lz4Decompress(block, data.length + 1000), data);
      expect(outcomeOf(() => kernel.lz4Decompress(block, data.length - 1))).toEqual(
        outcomeOf(() => lz4Form.lz4Decompress(block, data.length - 1)),
      );
    });

    it(`equals its reference on hostile blocks, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const data = randomBytes(random, 4000, 3);
      for (let trial = 0; trial < 300; trial++) {
        const block = trial % 3 === 0 ? randomBytes(random, 300 + random() * 200) : lz4Compress(data).slice();
        for (let hit = 0; hit < 1 + (trial % 4); hit++) block[Math.floor(random() * block.length)] = random() < 0.3 ? 255 : random() * 256;
        const cut = block.subarray(0, random() < 0.3 ? 256 + random() * (block.length - 256) : block.length);
        const size = random() < 0.5 ? 4000 : Math.floor(random() * 8000);
        const expected = outcomeOf(() => lz4Form.lz4Decompress(cut, size));
        expect(outcomeOf(() => kernel.lz4Decompress(cut, size))).toEqual(expected);
      }
    });
  }

  it('reserves nothing for a size that the bytes cannot expand to', () => {
    const data = randomBytes(makeRandom(1), 1000);
    expectSame(kernel.lz4Decompress(lz4Compress(data), 2 ** 40), data);
    expect(() => kernel.lz4Decompress(new Uint8Array(2 ** 23), 2 ** 40)).toThrow(KernelError);
  });
});

describe('integer decoding', () => {
  for (const seed of SEEDS) {
    it(`equals its reference and the encoder's input, seed ${seed}`, () => {
      const random = makeRandom(seed);
      for (const count of [256, 257, 258, 259, 1000, 4099]) {
        const widths = [0, 0, 8, 16, 31, 62];
        const pick = (): number => widths[Math.floor(random() * widths.length)]!;
        const narrow = Int32Array.from({ length: count }, () => (random() - 0.5) * 2 ** Math.min(pick(), 32));
        expectSame(kernel.decodeIntegers32(encodeIntegers32(narrow), count), narrow);
        expectSame(integersForm.decodeIntegers32(encodeIntegers32(narrow), count), narrow);
        const wide = BigInt64Array.from({ length: count }, () => BigInt(Math.floor((random() - 0.5) * 2 ** pick())));
        expectSame(kernel.decodeIntegers64(encodeIntegers64(wide), count), wide);
        expectSame(integersForm.decodeIntegers64(encodeIntegers64(wide), count), wide);
      }
    });

    it(`equals its reference on hostile bytes, seed ${seed}`, () => {
      const random = makeRandom(seed);
      for (let trial = 0; trial < 200; trial++) {
        const bytes = randomBytes(random, 100 + random() * 3000);
        const count = 256 + Math.floor(random() * 1500);
        expect(outcomeOf(() => kernel.decodeIntegers32(bytes, count))).toEqual(
          outcomeOf(() => integersForm.decodeIntegers32(bytes, count)),
        );
        expect(outcomeOf(() => kernel.decodeIntegers64(bytes, count))).toEqual(
          outcomeOf(() => integersForm.decodeIntegers64(bytes, count)),
        );
      }
    });
  }
});

describe('half floats', () => {
  it('equal their reference for every half', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, half) => half);
    expectSame(kernel.halfToFloat(all), halfForm.halfToFloat(all));
    expectSame(kernel.halfToFloat(all.subarray(3, 1000)), halfForm.halfToFloat(all.subarray(3, 1000)));
  });

  it('equal their reference for floats around every rounding border', () => {
    const halfs = Uint16Array.from({ length: 65536 }, (_, half) => half);
    const exact = new Uint32Array(halfForm.halfToFloat(halfs).buffer);
    const bits = new Uint32Array(65536 * 5);
    [0, 0xfff, 0x1000, 0x1001, 0x1fff].forEach((offset, k) => exact.forEach((word, i) => (bits[k * 65536 + i] = word + offset)));
    const floats = new Float32Array(bits.buffer);
    expectSame(kernel.floatToHalf(floats), halfForm.floatToHalf(floats));
    expectSame(kernel.floatToHalf(floats.subarray(1, 998)), halfForm.floatToHalf(floats.subarray(1, 998)));
  });

  for (const seed of SEEDS) {
    it(`equal their reference for any floats, seed ${seed}`, () => {
      const floats = anyFloats(makeRandom(seed), 20_011);
      expectSame(kernel.floatToHalf(floats), halfForm.floatToHalf(floats));
    });
  }
});

describe('parseNumbers', () => {
  const encoder = new TextEncoder();

  function expectSameNumbers(text: string, kind: numbersForm.NumberKind, prefix = ''): void {
    const bytes = encoder.encode(prefix + text);
    const start = encoder.encode(prefix).length;
    const expected = numbersForm.parseNumbers(bytes, start, kind);
    const actual = kernel.parseNumbers(bytes, start, kind);
    if ('failedAt' in expected || 'failedAt' in actual) expect(actual).toEqual(expected);
    else {
      expect([actual.end, actual.shape]).toEqual([expected.end, expected.shape]);
      expectSame(actual.values, expected.values);
    }
  }

  function spell(random: () => number): string {
    const choice = random();
    const digits = (most: number): string => Array.from({ length: 1 + random() * most }, () => Math.floor(random() * 10)).join('');
    const sign = random() < 0.5 ? '-' : '';
    if (choice < 0.25) return String(Math.fround((random() - 0.5) * 10 ** (random() * 12 - 6)));
    if (choice < 0.4) return String((random() - 0.5) * 10 ** (random() * 90 - 60));
    if (choice < 0.5) return sign + Math.floor(random() * 10 ** (random() * 12));
    if (choice < 0.55) return `${sign}${digits(3)}.${digits(25)}`;
    if (choice < 0.6) return `${sign}${'0'.repeat(random() * 12)}.${'0'.repeat(random() * 30)}${digits(20)}`;
    if (choice < 0.7) return `${sign}.${digits(20)}e-${digits(2)}`;
    if (choice < 0.8) return `${sign}${digits(21)}E+${digits(2)}`;
    if (choice < 0.9) return `${sign}${digits(4)}.`;
    if (choice < 0.95) return random() < 0.5 ? '1e400' : '4.9e-324';
    return ['inf', '-inf', 'nan', '0', '-0', '00001.50', '-0.0e-99'][Math.floor(random() * 7)]!;
  }

  /** An array of the given shape; padding of all kinds where it may stand: no line ends before a comma. */
  function spellArray(random: () => number, spellOne: () => string, count: number, shape: readonly number[]): string {
    const pick = (choices: readonly string[]): string => choices[random() < 0.8 ? 0 : Math.floor(random() * choices.length)]!;
    const gap = (): string => pick([' ', '', '\n', '\t ', '\r\n', ' # note ]\n', '/* ], */', '// more\n']);
    const inline = (): string => pick(['', ' ', '\t', '/* ,] */', '/* \n */']);
    const list = (length: number, item: () => string): string => {
      const text = Array.from({ length }, () => gap() + item()).join(`${inline()},`);
      return `${random() < 0.9 ? text : `${text}${inline()},`}${gap()}`;
    };
    const element = (depth: number): string => (depth === shape.length ? spellOne() : `(${list(shape[depth]!, () => element(depth + 1))})`);
    return `${list(count, () => element(0))}] tail`;
  }

  function expectWhole(text: string, kind: numbersForm.NumberKind, shape: readonly number[]): void {
    const parsed = kernel.parseNumbers(encoder.encode(text), 0, kind);
    expect('failedAt' in parsed ? parsed : { end: parsed.end, shape: parsed.shape }).toEqual({
      end: encoder.encode(text).length - 5,
      shape,
    });
  }

  for (const seed of SEEDS) {
    it(`equals its reference on arrays of all spellings, seed ${seed}`, () => {
      const random = makeRandom(seed);
      for (const shape of [[], [2], [3], [4], [2, 2], [3, 3], [1, 3], [3, 1]]) {
        const text = spellArray(random, () => spell(random), 700, shape);
        expectSameNumbers(text, 'f32');
        expectSameNumbers(text, 'f64', '#usda 1.0\nå = [');
        expectWhole(text, 'f64', shape);
      }
      expectSameNumbers(
        spellArray(random, () => String(Math.floor((random() - 0.5) * 2 ** 32)), 3000, []),
        'i32',
      );
      expectSameNumbers(
        spellArray(random, () => String(Math.floor((random() - 0.5) * 2 ** 32.01)), 3000, []),
        'i32',
      );
    });

    it(`equals its reference on damaged arrays, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const whole = encoder.encode(spellArray(random, () => spell(random), 200, seed % 2 === 0 ? [3] : [2, 2]));
      for (let trial = 0; trial < 300; trial++) {
        const bytes = whole.slice(0, random() < 0.3 ? random() * whole.length : whole.length);
        for (let hit = 0; hit < 1 + (trial % 3); hit++)
          bytes[Math.floor(random() * bytes.length)] = random() < 0.7 ? '(),.-+eE#/*]0 \n['.charCodeAt(random() * 16) : random() * 256;
        for (const kind of ['f32', 'f64', 'i32'] as const)
          expect(kernel.parseNumbers(bytes, 0, kind)).toEqual(numbersForm.parseNumbers(bytes, 0, kind));
      }
    });
  }

  it('rounds halfway cases and their neighbours as Number does', () => {
    const random = makeRandom(11);
    const spellings: string[] = [];
    for (let i = 0; i < 30_000; i++) {
      const odd = 2n ** 53n + BigInt(Math.floor(random() * 2 ** 52)) * 2n + 1n; // between two doubles, 16 digits
      spellings.push(
        String(odd),
        `${odd}e${Math.floor(random() * 24) - 4}`,
        `${odd * 1000n + BigInt(Math.floor(random() * 3) - 1)}e${Math.floor(random() * 90) - 60}`,
      );
      spellings.push(String((random() * 2 ** 53) / 2 ** Math.floor(random() * 200)));
    }
    const bytes = encoder.encode(`${spellings.join(',')}]`);
    const parsed = kernel.parseNumbers(bytes, 0, 'f64');
    expectSame('values' in parsed ? parsed.values : new Float64Array(0), Float64Array.from(spellings, Number));
  });

  it('goes on over the ends of its windows wherever they cut the text', () => {
    const tail = '(-1.25e-3, inf, 77) /* c */, (4.5,-6 # x\n,nan)]';
    for (let shift = 0; shift < 80; shift++) {
      const text = `(1,2,3),${' '.repeat(4096 - 60 + shift - 8)}${tail}`;
      expectSameNumbers(text, 'f64');
    }
    expectSameNumbers(`1, ${'2'.repeat(300_000)}, 3]`, 'f64');
    expectSameNumbers(`1, /*${'2'.repeat(300_000)}*/ 3]`, 'f32');
    expectSameNumbers(`1, ${' '.repeat(600_000)} 3 `, 'f32');
  });

  it('grows its results over many windows', () => {
    const text = `${Array.from({ length: 400_000 }, (_, i) => i).join(',')}]`;
    for (const kind of ['f32', 'f64', 'i32'] as const) expectSameNumbers(text, kind);
  });
});

describe('mesh jobs', () => {
  for (const seed of SEEDS) {
    it(`equal their references, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const points = anyFloats(random, 3 * (400 + Math.floor(random() * 40)));
      expectSame(kernel.bounds(points), boundsForm.bounds(points));
      const finite = points.map((x) => (Number.isFinite(x) ? x : 0.5));
      expectSame(kernel.bounds(finite), boundsForm.bounds(finite));
      const indices = Uint32Array.from({ length: 3000 }, () => random() * (points.length / 3));
      expectSame(kernel.smoothNormals(points, indices), normalsForm.smoothNormals(points, indices));
      expectSame(kernel.smoothNormals(finite, indices), normalsForm.smoothNormals(finite, indices));
      for (const width of [1, 2, 3, 4, 9]) {
        const source = anyFloats(random, width * 50);
        const rows = Uint32Array.from({ length: 777 }, () => random() * 50);
        expectSame(kernel.gather(source, width, rows), gatherForm.gather(source, width, rows));
      }
      for (const stride of [1, 2, 3, 4, 5, 8, 11]) {
        const distinct = Uint32Array.from({ length: 60 * stride }, () => Math.floor(random() * 3) * 0x40000000);
        const rows = new Uint32Array(700 * stride);
        for (let row = 0; row < 700; row++) rows.set(distinct.subarray(stride * (row % 60), stride * (row % 60) + stride), row * stride);
        const expected = weldForm.weld(rows, stride);
        const actual = kernel.weld(rows, stride);
        expectSame(actual.remap, expected.remap);
        expectSame(actual.first, expected.first);
      }
    });

    it(`refuse the same indices as their references, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const points = new Float32Array(300);
      const indices = Uint32Array.from({ length: 999 }, () => random() * 100);
      indices[Math.floor(random() * 999)] = random() < 0.5 ? 100 : 0xffffffff;
      const expected = outcomeOf(() => normalsForm.smoothNormals(points, indices));
      expect('code' in expected).toBe(true);
      expect(outcomeOf(() => kernel.smoothNormals(points, indices))).toEqual(expected);
      expect(outcomeOf(() => kernel.gather(points, 3, indices))).toEqual(outcomeOf(() => gatherForm.gather(points, 3, indices)));
    });
  }

  for (const seed of SEEDS) {
    it(`triangulate equals its reference, seed ${seed}`, () => {
      const random = makeRandom(seed);
      const points: number[] = [];
      const counts: number[] = [];
      const indices: number[] = [];
      for (let face = 0; face < 300; face++) {
        // stars in random planes, some crossed, some flat, some with points used twice
        const count = random() < 0.6 ? 3 + Math.floor(random() * 2) : Math.floor(random() * 40);
        const [u, v] = [0, 0].map(() => [random() - 0.5, random() - 0.5, random() - 0.5]) as [number[], number[]];
        counts.push(count);
        for (let i = 0; i < count; i++) {
          const angle = ((random() < 0.05 ? random() * count : i) / count) * 2 * Math.PI;
          const radius = random() < 0.3 ? 1 : 0.2 + random();
          indices.push(random() < 0.03 && points.length > 0 ? Math.floor((random() * points.length) / 3) : points.length / 3);
          points.push(...u.map((x, k) => Math.fround(x * Math.cos(angle) * radius + v[k]! * Math.sin(angle) * radius)));
        }
      }
      const holes = Int32Array.from({ length: 20 }, () => random() * 330 - 10);
      const shapes = [Int32Array.from(counts), Int32Array.from(indices), Float32Array.from(points)] as const;
      const compare = (...args: Parameters<typeof kernel.triangulate>): void => {
        const [actual, expected] = [kernel.triangulate(...args), triangulateForm.triangulate(...args)];
        expectSame(actual.corners, expected.corners);
        expectSame(actual.faces, expected.faces);
        expect(actual.invalidFaces).toBe(expected.invalidFaces);
      };
      compare(...shapes, undefined, false);
      compare(...shapes, holes, true);
      for (let trial = 0; trial < 50; trial++) {
        const damaged = [shapes[0].slice(), shapes[1].slice(), shapes[2].slice()] as const;
        for (let hit = 0; hit < 5; hit++)
          damaged[trial % 3]![Math.floor(random() * damaged[trial % 3]!.length)] = [-1, 0, 1, 7, 2 ** 31 - 1, -(2 ** 31), NaN][
            Math.floor(random() * 7)
          ]!;
        compare(...damaged, undefined, trial % 2 === 0);
      }
    });
  }

  for (const kind of MESH_KINDS) {
    it(`tangents equal their reference on a ${kind}`, () => {
      const { positions, normals, uvs } = makeMesh(kind, 17, 5);
      expectSame(kernel.tangents(positions, normals, uvs), tangentsForm.tangents(positions, normals, uvs));
    });
  }

  it('jobs that work in turns equal their references over the borders', () => {
    for (const count of [2 ** 14 - 1, 2 ** 14, 2 ** 14 + 1, 50_000]) {
      const points = anyFloats(makeRandom(count), count * 3);
      const indices = Uint32Array.from(points.subarray(0, count), (_, i) => (i * 7919) % count);
      expectSame(kernel.bounds(points), boundsForm.bounds(points));
      expectSame(kernel.gather(points, 3, indices), gatherForm.gather(points, 3, indices));
      expectSame(kernel.floatToHalf(points.subarray(0, count)), halfForm.floatToHalf(points.subarray(0, count)));
      const halfs = halfForm.floatToHalf(points.subarray(0, count));
      expectSame(kernel.halfToFloat(halfs), halfForm.halfToFloat(halfs));
      indices[count - 1] = count;
      expect(outcomeOf(() => kernel.gather(points, 3, indices))).toEqual(outcomeOf(() => gatherForm.gather(points, 3, indices)));
    }
  });

  it('tangents equal their reference on any numbers', () => {
    for (const seed of SEEDS) {
      const random = makeRandom(seed);
      const finite = (length: number): Float32Array => anyFloats(random, length).map((x) => (Number.isFinite(x) ? x : 1));
      const [positions, normals, uvs] = [finite(9 * 200), finite(9 * 200), finite(6 * 200)];
      expectSame(kernel.tangents(positions, normals, uvs), tangentsForm.tangents(positions, normals, uvs));
    }
  });
});
