/** Whatever the bytes: a value or a UsdcReadError or LimitError, soon. Seeds are in the titles; a failing case prints what it did. */
import { describe, expect, test } from 'vitest';
import { buildCrate, makeRep, VALUES_AT } from '../../packages/usd-wasm/src/usdc/fixtures/crate-builder.ts';
import { CrateLayerData } from '../../packages/usd-wasm/src/usdc/reader.ts';
import { LimitError } from '../../packages/usd-wasm/src/tf/read-limits.ts';
import { UsdcReadError } from '../../packages/usd-wasm/src/usdc/usdc-error.ts';
import { writeUsdc } from '../../packages/usd-wasm/src/usdc/writer.ts';
import { corpusBytes, hasCorpus } from '../support/corpus.ts';
import { makeRandom } from '../support/random.ts';
import { sampleLayer } from '../support/sample-layer.ts';

/** No case may take longer. Cases take a millisecond or two; the rest is for a busy machine. */
const SLOWEST_MS = 3000;

interface Outcome {
  readonly kind: 'whole' | 'values' | 'refused';
}

const INPUTS: readonly (readonly [string, () => Uint8Array])[] = [
  ['our own crate', () => writeUsdc(sampleLayer())],
  ...(hasCorpus
    ? ([
        ['a 0.0.1 crate', () => corpusBytes('usd/usd/testUsdPrimRange/testHasDefiningSpecifier.usdc')],
        ['a 0.7.0 crate', () => corpusBytes('usd/usd/testUsdCratePayloadConversionFromVersion07/crate07SinglePayload.usdc')],
        ['a 0.11.0 crate', () => corpusBytes('usd/usd/testUsdCrateRelocates/root_with_relocates.usdc')],
      ] as const)
    : []),
];

describe.each(INPUTS)('%s', (_name, make) => {
  const original = make();

  test('read as it is gives values only', () => {
    expect(readAll(original, 'untouched').kind).toBe('whole');
  });

  test('cut at 200 places is refused or reads what is there', () => {
    const kinds = new Set<string>();
    for (let i = 0; i < 200; i++) kinds.add(readAll(original.slice(0, Math.floor((original.length * i) / 200)), `cut ${i}`).kind);
    expect(kinds).toEqual(new Set(['refused']));
  });

  test.each(sectionsOf(original).map((section) => [section.name, section] as const))(
    'with section %s overwritten never hangs',
    (name, section) => {
      for (const [how, byte] of [
        ['zeros', () => 0],
        ['ones', () => 255],
        ['noise', makeRandom(7)],
      ] as const) {
        const bytes = original.slice();
        for (let i = section.start; i < section.start + section.size; i++) bytes[i] = how === 'noise' ? Math.floor(byte() * 256) : byte();
        readAll(bytes, `${name} ${how}`);
      }
    },
  );

  test.each([1, 2, 3, 4])('with random bytes changed (seed %i) never hangs', (seed) => {
    const random = makeRandom(seed);
    for (let round = 0; round < 250; round++) {
      const bytes = original.slice();
      const changes = 1 + Math.floor(random() * 8);
      for (let i = 0; i < changes; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      readAll(bytes, `seed ${seed} round ${round}`);
    }
  });

  test.each([11, 12])('with extreme 32- and 64-bit numbers put in (seed %i) never hangs', (seed) => {
    const random = makeRandom(seed);
    const extremes = [
      0n,
      1n,
      0x7fffffffn,
      0xffffffffn,
      0x7fffffffffffffffn,
      -1n,
      -(2n ** 63n),
      BigInt(original.length),
      BigInt(original.length - 1),
      88n,
    ];
    for (let round = 0; round < 300; round++) {
      const bytes = original.slice();
      const view = new DataView(bytes.buffer);
      const at = Math.floor(random() * (bytes.length - 8));
      const value = extremes[Math.floor(random() * extremes.length)] as bigint;
      if (random() < 0.5) view.setBigInt64(at, value, true);
      else view.setInt32(at, Number(BigInt.asIntN(32, value)), true);
      readAll(bytes, `seed ${seed} round ${round}: ${value} at ${at}`);
    }
  });
});

test('noise with the right first bytes is refused (seed 5)', () => {
  const random = makeRandom(5);
  for (let round = 0; round < 200; round++) {
    const bytes = Uint8Array.from({ length: 88 + Math.floor(random() * 400) }, () => Math.floor(random() * 256));
    bytes.set([0x50, 0x58, 0x52, 0x2d, 0x55, 0x53, 0x44, 0x43, 0, 8, 0]);
    new DataView(bytes.buffer).setBigInt64(16, BigInt(Math.floor(88 + random() * 300)), true);
    expect(readAll(bytes, `round ${round}`).kind).toBe('refused');
  }
});

test.each([21, 22, 23])('values of every type at random places decode or are refused (seed %i)', (seed) => {
  const random = makeRandom(seed);
  const integer = (below: number): number => Math.floor(random() * below);
  for (let round = 0; round < 40; round++) {
    // Mostly small numbers, so that counts and indexes are often possible.
    const values = Uint8Array.from({ length: 600 }, (_, i) => (i % 8 > 1 || random() < 0.3 ? 0 : random() < 0.05 ? 255 : integer(24)));
    const fields = Array.from({ length: 150 }, () => ({
      rep: makeRep(integer(16), integer(62), random() < 0.2 ? integer(8) : VALUES_AT + integer(values.length)),
    }));
    const bytes = buildCrate({
      version: random() < 0.2 ? [0, 0, 1] : random() < 0.3 ? [0, 6, 0] : [0, 14, 0],
      tokens: [';-)', ...fields.map((_, i) => `f${i}`)],
      strings: [1, 2],
      fields: fields.map(({ rep }, i) => ({ name: i + 1, rep })),
      fieldSets: [...fields.keys(), -1],
      paths: [
        { index: 0, token: 0, jump: -1 },
        { index: 1, token: 2, jump: -2 },
      ],
      specs: [{ path: 0, fieldSet: 0, type: 7 }],
      values,
    });
    const refused = readAllOf(new CrateLayerData('hostile.usdc', bytes), `seed ${seed} round ${round}`);
    expect(refused).toBeLessThan(fields.length);
  }
});

test.each([31, 32, 33])('random tables are read or refused (seed %i)', (seed) => {
  const random = makeRandom(seed);
  const integer = (below: number): number => Math.floor(random() * below);
  const tokens = [';-)', 'A', 'B', 'x:y', '{v=x}', '[/A]', '.z', 'not a name', ''];
  for (let round = 0; round < 500; round++) {
    const count = 1 + integer(12);
    const isWild = random() < 0.2;
    const bytes = buildCrate({
      version: random() < 0.4 ? [0, 0, 1] : [0, 8, 0],
      tokens,
      fields: [{ name: 1, rep: makeRep(4, 3, 1) }],
      fieldSets: Array.from({ length: 6 }, () => integer(3) - 1),
      paths: Array.from({ length: count }, (_, i) => ({
        index: random() < 0.9 ? i : integer(count),
        token: integer(tokens.length),
        isProperty: random() < 0.3,
        jump: isWild ? integer(1000) - 500 : ([-2, -1, 0, 1 + integer(4)][integer(4)] as number),
      })),
      specs: Array.from({ length: integer(count + 1) }, (_, i) => ({
        path: random() < 0.9 ? i : integer(count + 1),
        fieldSet: integer(6),
        type: 1 + integer(12),
      })),
    });
    readAll(bytes, `seed ${seed} round ${round}`);
  }
});

/** Opens and decodes everything that can be. Anything thrown but UsdcReadError and LimitError fails. */
function readAll(bytes: Uint8Array, what: string): Outcome {
  const started = performance.now();
  let kind: Outcome['kind'] = 'whole';
  let data: CrateLayerData | undefined;
  try {
    data = new CrateLayerData('hostile.usdc', bytes);
  } catch (error) {
    if (!(error instanceof UsdcReadError || error instanceof LimitError)) throw new Error(`${what}: ${String(error)}`, { cause: error });
  }
  if (data === undefined) kind = 'refused';
  else if (readAllOf(data, what) > 0) kind = 'values';
  const elapsed = performance.now() - started;
  if (elapsed > SLOWEST_MS) throw new Error(`${what} took ${Math.round(elapsed)} ms`);
  return { kind };
}

/** Decodes every field and sample; returns how many are refused. */
function readAllOf(data: CrateLayerData, what: string): number {
  let refused = 0;
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof UsdcReadError || error instanceof LimitError)) throw new Error(`${what}: ${String(error)}`, { cause: error });
      refused++;
    }
  };
  const started = performance.now();
  for (const path of data.paths()) {
    for (const name of data.fieldNames(path)) {
      attempt(() => {
        const value = data.field(path, name);
        if (value?.type === 'timeSamples') for (let i = 0; i < value.value.times.length; i++) attempt(() => value.value.value(i));
      });
    }
  }
  if (performance.now() - started > SLOWEST_MS) throw new Error(`${what} took ${Math.round(performance.now() - started)} ms`);
  return refused;
}

function sectionsOf(bytes: Uint8Array): { name: string; start: number; size: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const toc = Number(view.getBigInt64(16, true));
  const sections = Array.from({ length: Number(view.getBigUint64(toc, true)) }, (_, i) => {
    const at = toc + 8 + 32 * i;
    const name = String.fromCharCode(...bytes.subarray(at, at + 16)).replace(/\0.*$/su, '');
    return { name, start: Number(view.getBigInt64(at + 16, true)), size: Number(view.getBigInt64(at + 24, true)) };
  });
  const firstSection = Math.min(...sections.map((section) => section.start));
  return [
    { name: 'BOOTSTRAP', start: 8, size: 80 },
    { name: 'VALUES', start: 88, size: firstSection - 88 },
    ...sections,
    { name: 'TOC', start: toc, size: bytes.length - toc },
  ];
}
