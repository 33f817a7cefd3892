/** Whatever the bytes: a layer or a UsdaParseError or LimitError, soon. Seeds are in the titles; a failing case prints what it did. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { LimitError } from '../../packages/usd-wasm/src/tf/read-limits.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { writeUsda } from '../../packages/usd-wasm/src/usda/writer.ts';
import { makeRandom } from '../support/random.ts';

/** No case may take longer. Small ones take a millisecond; the rest is for large ones and a busy machine. */
const SLOWEST_MS = 5000;

const original = new Uint8Array(readFileSync(new URL('../fixtures/usda/every-syntax.usda', import.meta.url)));

/** Reads bytes and, where that works, writes what was read; says which. Anything but these errors fails the test. */
function read(bytes: Uint8Array, what: string): 'read' | 'refused' {
  const start = performance.now();
  let outcome: 'read' | 'refused' = 'read';
  try {
    writeUsda(parseUsda('hostile.usda', bytes, new ProblemList()));
  } catch (error) {
    if (!(error instanceof UsdaParseError || error instanceof LimitError)) throw new Error(`${what}: ${String(error)}`, { cause: error });
    if (error instanceof UsdaParseError) {
      expect(error.offset, what).toBeLessThanOrEqual(bytes.length);
      expect(error.line, what).toBeGreaterThan(0);
    } else expect(error.found, what).toBeGreaterThan(error.allowed);
    outcome = 'refused';
  }
  expect(performance.now() - start, what).toBeLessThan(SLOWEST_MS);
  return outcome;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(`#usda 1.0\n${content}`);

describe('damaged bytes of a layer with every construct', () => {
  test('the layer itself is read', () => {
    expect(read(original, 'untouched')).toBe('read');
  });

  test('cut anywhere it is refused, or read if the cut is between root prims', () => {
    const outcomes = { read: 0, refused: 0 };
    for (let length = 0; length < original.length; length += 3) outcomes[read(original.subarray(0, length), `cut at ${length}`)]++;
    expect(outcomes.refused).toBeGreaterThan(outcomes.read * 5);
  });

  test.each([1, 2, 3])('with bytes flipped it never hangs (seed %i)', (seed) => {
    const random = makeRandom(seed);
    for (let round = 0; round < 500; round++) {
      const bytes = original.slice();
      const flips = 1 + Math.floor(random() * 4);
      for (let k = 0; k < flips; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      read(bytes, `seed ${seed} round ${round}`);
    }
  });

  test.each([4, 5])('with pieces moved about it never hangs (seed %i)', (seed) => {
    const random = makeRandom(seed);
    const place = (): number => Math.floor(random() * original.length);
    for (let round = 0; round < 300; round++) {
      const bytes = original.slice();
      const from = place();
      bytes.copyWithin(place(), from, Math.min(from + Math.floor(random() * 200), original.length));
      read(bytes, `seed ${seed} round ${round}`);
    }
  });

  test.each([6])('with syntax characters put in it never hangs (seed %i)', (seed) => {
    const random = makeRandom(seed);
    const characters = new TextEncoder().encode('()[]{}<>@"\'\\,;:=.#/*-0e\n\t ');
    for (let round = 0; round < 500; round++) {
      const bytes = original.slice();
      for (let k = 0; k < 3; k++) bytes[Math.floor(random() * bytes.length)] = characters[Math.floor(random() * characters.length)]!;
      read(bytes, `seed ${seed} round ${round}`);
    }
  });
});

describe('texts made to exhaust the reader', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['zeros', new Uint8Array(1 << 20)],
    ['a JPEG head', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70)],
    ['a header of the far future', new TextEncoder().encode('#usda 2.0\n')],
    ['a string without end', text('def "A" (doc = """'.padEnd(1 << 20, 'x'))],
    ['a comment without end', text(`/*${'*'.repeat(1 << 20)}`)],
    ['an asset path without end', text(`def "A" { asset a = @@@${'\\@@@'.repeat(1 << 18)}`)],
    ['lists in lists', text(`def "A" { int[] a = ${'['.repeat(1 << 20)}`)],
    ['tuples in tuples', text(`def "A" { foo a = ${'('.repeat(1 << 20)}`)],
    ['dictionaries in dictionaries', text(`( customLayerData = ${'{ dictionary a = '.repeat(1 << 16)}`)],
    ['prims in prims', text('def "A" {\n'.repeat(1 << 18))],
    ['variants in variants', text(`def "A" {\n${'variantSet "v" = { "a" {\n'.repeat(1 << 17)}`)],
    ['long names in deep nesting', text(`def "${'a'.repeat(100_000)}" {\n`.repeat(100))],
    ['a number of a million digits', text(`def "A" {\n double a = ${'1'.repeat(1 << 20)}\n int64 b = ${'1'.repeat(1 << 20)}\n}\n`)],
    ['a huge exponent', text(`def "A" {\n double[] a = [1e${'9'.repeat(1 << 20)}, 1]\n}\n`)],
    ['a path of many steps up', text(`def "A" {\n rel a = <${'../'.repeat(1 << 18)}>\n}\n`)],
    ['a path of nested targets', text(`def "A" {\n rel a = </A.b${'[/A.b'.repeat(1 << 16)}>\n}\n`)],
    ['brackets that never close', text(`def "A" {\n${'int[] a = [1,\n'.repeat(1 << 16)}`)],
  ])('%s is refused or read, soon', (name, bytes) => {
    read(bytes, name);
  });

  test('many properties, metadata keys and samples are read in time that grows with their number', () => {
    const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n');
    expect(read(text(`def "A" {\n${lines(50_000, (i) => `int a${i} = ${i}`)}\n}\n`), 'properties')).toBe('read');
    expect(read(text(`def "A" (\n${lines(50_000, (i) => `key${i} = ${i}`)}\n) {\n}\n`), 'keys')).toBe('read');
    expect(read(text(lines(5000, (i) => `def "A${i}" (\n k${i} = 1; l${i} = 2\n) {\n}`).concat('\n')), 'shapes')).toBe('read');
    expect(read(text(`def "A" {\n double a.timeSamples = {\n${lines(50_000, (i) => `${50_000 - i}: ${i},`)}\n}\n}\n`), 'samples')).toBe(
      'read',
    );
    expect(read(text(`def "A" {\n rel a = [${lines(50_000, (i) => `</A${i}>,`)}]\n}\n`), 'targets')).toBe('read');
    expect(read(text(lines(50_000, (i) => `def "A${i}" {}`).concat('\n')), 'prims')).toBe('read');
  });
});
