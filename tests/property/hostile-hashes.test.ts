/** Bytes that send every entry of a hash table to one place cost time in proportion to their number all the same. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { initKernel, tangents, weld } from '../../packages/usd-wasm/src/kernel/kernel.ts';
import { tangents as tangentsReference } from '../../packages/usd-wasm/src/kernel/tangents-reference.ts';
import { weld as weldReference, type Weld } from '../../packages/usd-wasm/src/kernel/weld-reference.ts';
import { makeRandom } from '../support/random.ts';

/** Enough that passing every entry before one's own would take minutes. */
const COUNT = 300_000;
const MIX = 0x9e3779b1;

beforeAll(async () => {
  expect(await initKernel(readFileSync(new URL('../../packages/usd-wasm/src/kernel/kernel.wasm', import.meta.url)))).toBe(true);
});

/** The number whose product with an odd one is 1 in 32 bits (Newton). */
function inverse(odd: number): number {
  let x = odd;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x;
}

/** The last word with which a row of the given first words has the hash 12345 before its last mixing. */
function lastWord(words: readonly number[]): number {
  let hash = 0;
  for (const word of words) hash = Math.imul(hash ^ word, MIX) ^ (hash >>> 15);
  return Math.imul(12345 ^ (hash >>> 15), inverse(MIX)) ^ hash;
}

function expectWelded(rows: Uint32Array, stride: number, { remap, first }: Weld): void {
  const seen = new Map<string, number>();
  const expected = Array.from({ length: rows.length / stride }, (_, row) => {
    const key = rows.subarray(row * stride, (row + 1) * stride).join(' ');
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key)!;
  });
  expect(remap).toEqual(Uint32Array.from(expected));
  expect(first).toEqual(Uint32Array.from([...seen.values()], (unique) => expected.indexOf(unique)));
}

it('rows made to collide are welded in time, with the kernel and without', () => {
  const rows = new Uint32Array(COUNT * 2);
  for (let row = 0; row < COUNT; row++) {
    rows[row * 2] = row;
    rows[row * 2 + 1] = lastWord([row]);
  }
  const welded = weld(rows, 2);
  expect(welded.first.length).toBe(COUNT);
  expect(welded).toEqual(weldReference(rows, 2));
});

it('rows made to collide that are equal too become one', () => {
  const rows = new Uint32Array(8000 * 2);
  for (let row = 0; row < 8000; row++) {
    rows[row * 2] = (row * 7) % 3000;
    rows[row * 2 + 1] = lastWord([(row * 7) % 3000]);
  }
  const welded = weld(rows, 2);
  expectWelded(rows, 2, welded);
  expect(welded).toEqual(weldReference(rows, 2));
});

/** A mesh of separate triangles whose corners all have another place and texture coordinate. */
function scattered(corners: number, uvOf: (corner: number) => number): [Float32Array, Float32Array, Float32Array] {
  const random = makeRandom(5);
  const positions = Float32Array.from({ length: corners * 3 }, () => random() * 100);
  const normals = Float32Array.from({ length: corners * 3 }, (_, i) => (i % 3 === 2 ? 1 : 0));
  const bits = new Uint32Array(corners * 2);
  const uvs = new Float32Array(bits.buffer);
  for (let corner = 0; corner < corners; corner++) {
    positions[corner * 3] = corner + 1;
    uvs[corner * 2] = random();
    bits[corner * 2 + 1] = uvOf(corner);
    for (let k = 0; k < 1000 && !Number.isFinite(uvs[corner * 2 + 1]); k++) bits[corner * 2 + 1] = uvOf(corner);
  }
  return [positions, normals, uvs];
}

it('corners made to collide have their tangents in time', () => {
  const mesh = scattered(99_999, () => 0);
  const [positions, normals, uvs] = mesh;
  const words = [positions, normals, uvs].map((array) => new Uint32Array(array.buffer)) as [Uint32Array, Uint32Array, Uint32Array];
  for (let corner = 0; corner < 99_999; corner++) {
    const row = [...words[0].subarray(corner * 3, corner * 3 + 3), ...words[1].subarray(corner * 3, corner * 3 + 3)];
    do {
      uvs[corner * 2] = uvs[corner * 2]! * 0.999;
      words[2][corner * 2 + 1] = lastWord([...row, words[2][corner * 2]!]);
    } while (!(Math.abs(uvs[corner * 2 + 1]!) < 1e30));
  }
  expect(tangents(...mesh)).toEqual(tangentsReference(...mesh));
});

it('corners made to collide in the kernel have their tangents in time', () => {
  // the first lanes of position and texture coordinate undo each other, the others are the same everywhere
  const mesh = scattered(99_999, () => 0x3f000000);
  const [positions, , uvs] = mesh;
  const position = new Uint32Array(positions.buffer);
  const uv = new Uint32Array(uvs.buffer);
  for (let corner = 0, word = 0x40000000; corner < 99_999; corner++) {
    positions[corner * 3 + 1] = 1;
    positions[corner * 3 + 2] = 1;
    do {
      position[corner * 3] = word++;
      uv[corner * 2] = Math.imul(12345 - Math.imul(position[corner * 3]!, MIX), inverse(0x297a2d39));
    } while (!(Math.abs(uvs[corner * 2]!) < 1e30));
  }
  expect(tangents(...mesh)).toEqual(tangentsReference(...mesh));
});

it('edges made to collide are matched in time, and as edges that do not', () => {
  const vertices = 6000;
  const extra = 40_000;
  const mask = 2 ** 18 - 1; // of the table for 3 · 42,000 sides
  const pairs: [number, number][] = [];
  for (let low = 0; low < vertices && pairs.length < extra; low++) {
    for (let high = low + 1; high < vertices && pairs.length < extra; high++) {
      let hash = Math.imul(low, MIX) ^ Math.imul(high, 0x85ebca6b);
      hash ^= hash >>> 15;
      if (((Math.imul(hash, 0x2c1b3c6d) >>> 8) & mask) < 700) pairs.push([low, high]);
    }
  }
  expect(pairs.length).toBe(extra);
  const random = makeRandom(9);
  const corners = [...Array.from({ length: vertices }, (_, i) => i), ...pairs.flatMap(([a, b]) => [a, b, Math.floor(random() * vertices)])];
  const [points, , uvs] = scattered(vertices, () => 0);
  for (let i = 1; i < uvs.length; i += 2) uvs[i] = random();
  const build = (order: readonly number[]): [Float32Array, Float32Array, Float32Array] => [
    Float32Array.from(order.flatMap((v) => [...points.subarray(v * 3, v * 3 + 3)])),
    Float32Array.from(order.flatMap(() => [0, 0, 1])),
    Float32Array.from(order.flatMap((v) => [...uvs.subarray(v * 2, v * 2 + 2)])),
  ];
  const hostile = build(corners);
  const attacked = tangents(...hostile);
  expect(attacked).toEqual(tangentsReference(...hostile));
  // One triangle apart from the rest gives every vertex another number, and so other places in the table.
  const [p, n, t] = hostile;
  const moved = tangents(
    Float32Array.from([-9, 0, 0, -8, 0, 0, -8, 1, 0, ...p]),
    Float32Array.from([0, 0, 1, 0, 0, 1, 0, 0, 1, ...n]),
    Float32Array.from([0, 0, 1, 0, 1, 1, ...t]),
  );
  expect(moved.subarray(12)).toEqual(attacked);
});
