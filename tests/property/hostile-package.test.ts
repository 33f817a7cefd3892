/** Whatever the bytes: entries or a UsdzError, soon. Seeds are in the titles. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readLayer, UnknownFormatError } from '../../packages/usd-wasm/src/sdf/file-format.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { LimitError } from '../../packages/usd-wasm/src/tf/read-limits.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { UsdcReadError } from '../../packages/usd-wasm/src/usdc/usdc-error.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { openArchive } from '../../packages/usd-wasm/src/usdz/archive.ts';
import { inflate, InflateError } from '../../packages/usd-wasm/src/usdz/inflate.ts';
import { UsdzError } from '../../packages/usd-wasm/src/usdz/usdz-error.ts';
import { writePackage } from '../../packages/usd-wasm/src/usdz/writer.ts';
import { makeRandom } from '../support/random.ts';
import { sampleLayer } from '../support/sample-layer.ts';

const SLOWEST_MS = 3000;
const TEXT = new TextEncoder().encode('#usda 1.0\n(\n    upAxis = "Y"\n)\ndef Xform "World"\n{\n}\n');
const PACKAGE = writePackage([
  { name: 'root.usdc', bytes: writeUsdc(sampleLayer()) },
  { name: 'sub/layer.usda', bytes: TEXT },
  { name: 'textures/wood.png', bytes: new Uint8Array(300).fill(7) },
  { name: 'inner.usdz', bytes: writePackage([{ name: 'a.usda', bytes: TEXT }]) },
]);

describe('packages', () => {
  test('cut at 200 places still give what is whole', () => {
    const ends = openArchive('whole', PACKAGE).entries.map((entry) => entry.dataOffset + entry.size);
    for (let i = 0; i < 200; i++) {
      const length = Math.floor((PACKAGE.length * i) / 200);
      expect(readAll(PACKAGE.slice(0, length), `cut ${i}`)).toBe(ends.filter((end) => end <= length).length);
    }
  });

  test('with the directory overwritten give every file', () => {
    const end = new DataView(PACKAGE.buffer);
    const directory = end.getUint32(PACKAGE.length - 6, true);
    for (const byte of [0, 255, 0x50]) expect(readAll(PACKAGE.slice().fill(byte, directory), `directory of ${byte}`)).toBe(4);
    expect(readAll(PACKAGE.slice().fill(0, directory, directory + 46), 'first record')).toBe(4);
  });

  test.each([1, 2, 3, 4])('with random bytes changed (seed %i) never hang', (seed) => {
    const random = makeRandom(seed);
    for (let round = 0; round < 250; round++) {
      const bytes = PACKAGE.slice();
      for (let i = 0; i < 6; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      readAll(bytes, `seed ${seed} round ${round}`);
    }
  });

  test('of headers only, or of signatures only, are read in time', () => {
    const headers = new Uint8Array(3_000_000);
    const view = new DataView(headers.buffer);
    // A local header every 30 bytes that leaves its size to a descriptor that never comes.
    for (let at = 0; at + 30 <= headers.length; at += 30) {
      view.setUint32(at, 0x04034b50, true);
      view.setUint16(at + 6, 8, true);
    }
    readAll(headers, 'headers');
    readAll(new Uint8Array(3_000_000).fill(0x50), 'letters');
    const ends = new Uint8Array(3_000_000);
    for (let at = 0; at + 4 <= ends.length; at += 4) new DataView(ends.buffer).setUint32(at, 0x06054b50, true);
    readAll(ends, 'end records');
  });
});

test.each([1, 2, 3])('broken DEFLATE data gives an error or the wrong bytes, never a hang (seed %i)', (seed) => {
  const random = makeRandom(seed);
  const text = Uint8Array.from({ length: 5000 }, () => 97 + Math.floor(random() ** 3 * 20));
  const packed = new Uint8Array(deflateRawSync(text));
  for (let round = 0; round < 300; round++) {
    const bytes = round % 2 === 0 ? packed.slice() : packed.slice(0, Math.floor(random() * packed.length));
    if (bytes.length === 0) continue;
    if (round % 2 === 0) bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
    try {
      expect(inflate(bytes, text.length)).toHaveLength(text.length);
    } catch (error) {
      expect(error).toBeInstanceOf(InflateError);
    }
  }
});

test('files that are no layers say what they begin with', () => {
  const reporter = new ProblemList();
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), new Uint8Array(1_000_000)]) {
    expect(() => readLayer('file.usdz', bytes, reporter)).toThrow(UnknownFormatError);
  }
});

/** Opens everything that can be; returns how many entries could be read. */
function readAll(bytes: Uint8Array, what: string): number {
  const started = performance.now();
  const known = [UsdzError, UsdcReadError, UsdaParseError, UnknownFormatError, LimitError];
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      if (!known.some((type) => error instanceof type)) throw new Error(`${what}: ${String(error)}`, { cause: error });
      return undefined;
    }
  };
  const reporter = new ProblemList();
  let count = 0;
  const archive = attempt(() => openArchive('hostile.usdz', bytes, reporter));
  for (const entry of archive?.entries ?? []) if (attempt(() => archive?.read(entry.name)) !== undefined) count++;
  attempt(() => readLayer('hostile.usdz', bytes, reporter));
  const elapsed = performance.now() - started;
  if (elapsed > SLOWEST_MS) throw new Error(`${what} took ${Math.round(elapsed)} ms`);
  return count;
}
