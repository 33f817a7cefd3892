import { describe, expect, test } from 'vitest';
import { buildCrate, makeRep, VALUES_AT, type CratePlan } from './fixtures/crate-builder.ts';
import type { Path } from '../sdf/path.ts';
import { ProblemList } from '../tf/reporter.ts';
import { valueAs } from '../vt/value.ts';
import { ByteSink } from './byte-sink.ts';
import { CrateLayerData } from './reader.ts';
import { UsdcReadError, type UsdcErrorCode } from './usdc-error.ts';

const INLINED = 4;
const ARRAY = 8;

/** A prim `/A` with a property `/A.p`, and a sibling `/B`: every jump there is but 0 at the end. */
const TOKENS = [';-)', 'A', 'p', 'B', 'specifier', 'default', 'properties', 'text'];
const PATHS = [
  { index: 0, token: 0, jump: -1 },
  { index: 1, token: 1, jump: 2 },
  { index: 2, token: 2, jump: -2, isProperty: true },
  { index: 3, token: 3, jump: -2 },
];
const SPECS = [
  { path: 0, fieldSet: 0, type: 7 },
  { path: 1, fieldSet: 1, type: 6 },
  { path: 2, fieldSet: 3, type: 1 },
  { path: 3, fieldSet: 1, type: 6 },
];

/** The layer above; `/A` and `/B` are classes, `/A.p` has the given default. */
function plan(version: CratePlan['version'], rep: bigint, values: Uint8Array = new Uint8Array(0)): CratePlan {
  return {
    version,
    tokens: TOKENS,
    strings: [7],
    paths: PATHS,
    specs: SPECS,
    values,
    fields: [
      { name: 4, rep: makeRep(INLINED, 42, 2) },
      { name: 5, rep },
    ],
    fieldSets: [-1, 0, -1, 1, -1],
  };
}

function read(bytes: Uint8Array): CrateLayerData {
  return new CrateLayerData('test.usdc', bytes);
}

/** Default of `/A.p` stored at `payload` bytes after the start of the values. */
function defaultOf(version: CratePlan['version'], flags: number, type: number, put: (sink: ByteSink) => void): unknown {
  const sink = new ByteSink();
  put(sink);
  return read(buildCrate(plan(version, makeRep(flags, type, VALUES_AT), sink.bytes.slice()))).field('/A.p' as Path, 'default');
}

function codeOf(action: () => unknown): UsdcErrorCode | undefined {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UsdcReadError);
    return (error as UsdcReadError).code;
  }
  return undefined;
}

describe('crate structure', () => {
  test.each([
    [0, 0, 1],
    [0, 1, 0],
    [0, 2, 0],
    [0, 3, 0],
    [0, 4, 0],
    [0, 7, 0],
    [0, 8, 0],
    [0, 14, 0],
  ] as const)('version %i.%i.%i reads paths, specs and fields', (...version) => {
    const data = read(buildCrate(plan(version, makeRep(INLINED, 10, 0))));
    expect(data.version).toBe(version.join('.'));
    expect([...data.paths()]).toEqual(['/', '/A', '/A.p', '/B']);
    expect(data.specType('/A' as Path)).toBe('prim');
    expect(data.specType('/A.p' as Path)).toBe('attribute');
    expect(data.specType('/C' as Path)).toBeUndefined();
    expect(data.fieldNames('/A' as Path)).toEqual(['specifier']);
    expect(data.field('/B' as Path, 'specifier')).toEqual({ type: 'specifier', value: 'class' });
    expect(data.field('/A.p' as Path, 'default')).toEqual({ type: 'string', value: 'text' });
  });

  test('versions from the future and of another major are refused', () => {
    expect(codeOf(() => read(buildCrate(plan([0, 15, 0], 0n))))).toBe('usdc-version');
    expect(codeOf(() => read(buildCrate(plan([1, 0, 0], 0n))))).toBe('usdc-version');
  });

  test('variants, targets and names below variants make paths', () => {
    const tokens = [';-)', 'A', '{v=x}', 'B', 'rel', '[/A]', 'size'];
    const paths = [
      { index: 0, token: 0, jump: -1 },
      { index: 1, token: 1, jump: -1 },
      { index: 2, token: 2, jump: 2 },
      { index: 3, token: 3, jump: -2 },
      { index: 4, token: 4, jump: 2, isProperty: true },
      { index: 5, token: 5, jump: -2 },
      { index: 6, token: 6, jump: -2, isProperty: true },
    ];
    const specs = [6, 10, 6, 8, 9, 1].map((type, i) => ({ path: i + 1, fieldSet: 0, type }));
    const data = read(buildCrate({ version: [0, 8, 0], tokens, paths, specs, fieldSets: [-1] }));
    // `/A.rel[/A]` is a relationship target spec, which says nothing the relationship does not.
    expect([...data.paths()]).toEqual(['/', '/A', '/A{v=x}', '/A{v=x}B', '/A.rel', '/A.size']);
    expect(data.specType('/A{v=x}B' as Path)).toBe('prim');
  });

  test('a path tree that runs in circles is refused', () => {
    const circle = plan([0, 0, 1], makeRep(INLINED, 10, 0));
    const bytes = buildCrate(circle);
    const toc = Number(new DataView(bytes.buffer).getBigInt64(16, true));
    const paths = Number(new DataView(bytes.buffer).getBigInt64(toc + 8 + 4 * 32 + 16, true));
    // The sibling of /A (its header is the second, 16 bytes after the first) becomes /A itself.
    new DataView(bytes.buffer).setBigInt64(paths + 8 + 16 + 16, BigInt(paths + 8 + 16), true);
    expect(codeOf(() => read(bytes))).toBe('usdc-path');
  });

  test('jumps past the end, double indexes and unknown tokens are refused', () => {
    const broken = (paths: CratePlan['paths']): UsdcErrorCode | undefined =>
      codeOf(() => read(buildCrate({ ...plan([0, 8, 0], 0n), paths })));
    expect(
      broken([
        { index: 0, token: 0, jump: -1 },
        { index: 1, token: 1, jump: 9 },
        { index: 2, token: 2, jump: -2 },
      ]),
    ).toBe('usdc-path');
    expect(broken([{ index: 0, token: 0, jump: -1 }])).toBe('usdc-path');
    expect(
      broken([
        { index: 0, token: 0, jump: -1 },
        { index: 0, token: 1, jump: -2 },
      ]),
    ).toBe('usdc-path');
    expect(
      broken([
        { index: 0, token: 0, jump: -1 },
        { index: 1, token: 99, jump: -2 },
      ]),
    ).toBe('usdc-index');
  });

  test('elements that are no names drop what is below them, and are reported', () => {
    const problems = new ProblemList();
    const tokens = [...TOKENS];
    tokens[1] = 'not a name';
    const data = new CrateLayerData('test.usdc', buildCrate({ ...plan([0, 8, 0], makeRep(INLINED, 10, 0)), tokens }), problems);
    expect([...data.paths()]).toEqual(['/', '/B']);
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usdc-path']);
  });

  test('specs without a field set, with an unknown type or doubled are refused', () => {
    const broken = (specs: CratePlan['specs']): UsdcErrorCode | undefined =>
      codeOf(() => read(buildCrate({ ...plan([0, 8, 0], 0n), specs })));
    expect(broken([{ path: 0, fieldSet: 2, type: 7 }])).toBe('usdc-index');
    expect(broken([{ path: 0, fieldSet: 0, type: 12 }])).toBe('usdc-value');
    expect(broken([{ path: 9, fieldSet: 0, type: 6 }])).toBe('usdc-index');
    expect(
      broken([
        { path: 1, fieldSet: 1, type: 6 },
        { path: 1, fieldSet: 1, type: 6 },
      ]),
    ).toBe('usdc-path');
  });

  test('tables that claim more than the file can mean are refused at once', () => {
    const bytes = buildCrate(plan([0, 8, 0], makeRep(INLINED, 10, 0)));
    const view = new DataView(bytes.buffer);
    const toc = Number(view.getBigInt64(16, true));
    // FIELDS, FIELDSETS, PATHS and SPECS begin with their counts.
    for (const section of [2, 3, 4, 5]) {
      const at = Number(view.getBigInt64(toc + 8 + section * 32 + 16, true));
      const copy = bytes.slice();
      new DataView(copy.buffer).setBigUint64(at, 2n ** 27n, true);
      expect(codeOf(() => read(copy))).toBe('usdc-too-large');
    }
  });

  test('a prim with many properties finds them all', () => {
    const count = 500;
    const names = Array.from({ length: count }, (_, i) => `p${i}`);
    const paths = [
      { index: 0, token: 0, jump: -1 },
      { index: 1, token: 1, jump: -1 },
      ...names.map((_, i) => ({ index: i + 2, token: i + 2, isProperty: true, jump: i === count - 1 ? -2 : 0 })),
    ];
    const data = read(
      buildCrate({
        version: [0, 8, 0],
        tokens: [';-)', 'A', ...names],
        paths,
        fieldSets: [-1],
        specs: paths.slice(1).map((path) => ({ path: path.index, fieldSet: 0, type: path.index === 1 ? 6 : 1 })),
      }),
    );
    expect(names.filter((name) => data.specType(`/A.${name}` as Path) !== 'attribute')).toEqual([]);
    expect(data.specType('/A.p500' as Path)).toBeUndefined();
  });
});

describe('crate values of older versions', () => {
  test('array headers have a rank before 0.5, 32-bit counts before 0.7, 64-bit ones since', () => {
    const elements = (sink: ByteSink): void => [7, -8, 9].forEach((value) => sink.i32(value));
    const expected = { type: 'int[]', value: Int32Array.of(7, -8, 9) };
    expect(defaultOf([0, 4, 0], ARRAY, 3, (sink) => (sink.u32(1), sink.u32(3), elements(sink)))).toEqual(expected);
    expect(defaultOf([0, 6, 0], ARRAY, 3, (sink) => (sink.u32(3), elements(sink)))).toEqual(expected);
    expect(defaultOf([0, 7, 0], ARRAY, 3, (sink) => (sink.u64(3), elements(sink)))).toEqual(expected);
  });

  test('a compressed flag on fewer than 16 elements means nothing', () => {
    expect(defaultOf([0, 8, 0], ARRAY | 2, 3, (sink) => (sink.u64(1), sink.i32(5)))).toEqual({ type: 'int[]', value: Int32Array.of(5) });
  });

  test('a single payload is an explicit list; an empty one says that there is none', () => {
    const offset = { offset: 0, scale: 1 };
    const payload = (version: CratePlan['version'], path: number, tail: (sink: ByteSink) => void): unknown =>
      (
        defaultOf(version, 0, 47, (sink) => (sink.u32(0), sink.u32(path), tail(sink))) as {
          value: { isExplicit: boolean; explicitItems: unknown[] };
        }
      ).value;
    expect(payload([0, 7, 0], 1, () => undefined)).toMatchObject({
      isExplicit: true,
      explicitItems: [{ assetPath: 'text', primPath: '/A', layerOffset: offset }],
    });
    expect(payload([0, 8, 0], 1, (sink) => (sink.f64(10), sink.f64(2)))).toMatchObject({
      explicitItems: [{ layerOffset: { offset: 10, scale: 2 } }],
    });
    // The plan's only string is made the empty one, and path 4 is a slot that no element fills.
    const sink = new ByteSink();
    sink.u32(0);
    sink.u32(4);
    const tokens = TOKENS.map((token) => (token === 'text' ? '' : token));
    const none = read(buildCrate({ ...plan([0, 7, 0], makeRep(0, 47, VALUES_AT), sink.bytes.slice()), tokens, pathCount: 5 })).field(
      '/A.p' as Path,
      'default',
    );
    expect(none).toMatchObject({ type: 'payloadListOp', value: { isExplicit: true, explicitItems: [] } });
  });

  test('an uncompressed aligned array is a view on the file', () => {
    const bytes = buildCrate(plan([0, 8, 0], makeRep(ARRAY, 24, VALUES_AT), floats(3)));
    const value = read(bytes).field('/A.p' as Path, 'default');
    expect(value).toEqual({ type: 'float3[]', value: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8) });
    expect(valueAs(value, 'float3[]')?.buffer).toBe(bytes.buffer);
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    expect(read(moved.subarray(1)).field('/A.p' as Path, 'default')).toEqual(value);
  });
});

describe('crate values that are broken', () => {
  const bad = (flags: number, type: number, put: (sink: ByteSink) => void): UsdcErrorCode | undefined =>
    codeOf(() => defaultOf([0, 8, 0], flags, type, put));

  test('counts beyond the file are refused before anything is made', () => {
    expect(bad(ARRAY, 24, (sink) => sink.u64(2 ** 40))).toBe('usdc-truncated');
    expect(bad(ARRAY | 2, 3, (sink) => (sink.u64(2 ** 40), sink.u64(8)))).toBe('usdc-too-large');
    expect(bad(0, 31, (sink) => sink.u64(2 ** 50))).toBe('usdc-truncated');
    expect(bad(0, 32, (sink) => (sink.u8(2), sink.u64(2 ** 31)))).toBe('usdc-truncated');
  });

  test('a dictionary that holds itself is refused', () => {
    expect(bad(0, 31, (sink) => (sink.u64(1), sink.u32(0), sink.u64(8), sink.big(makeRep(0, 31, VALUES_AT))))).toBe('usdc-recursion');
  });

  test('a dictionary of doubling dictionaries is refused in time', () => {
    // Thirty dictionaries, each with two entries that are the next one: 2^30 values when followed.
    const started = performance.now();
    const code = bad(0, 31, (sink) => {
      for (let i = 0; i < 30; i++) {
        const next = VALUES_AT + (i + 1) * (8 + 2 * 20);
        sink.u64(2);
        for (let entry = 0; entry < 2; entry++) {
          sink.u32(0);
          sink.u64(8);
          sink.big(makeRep(0, 31, next));
        }
      }
      sink.u64(0);
    });
    expect(code).toBe('usdc-too-large');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('indexes outside the tables, unknown types and backward distances are refused', () => {
    expect(bad(INLINED, 10, () => undefined)).toBe('usdc-index');
    expect(bad(0, 61, () => undefined)).toBe('usdc-value');
    expect(bad(0, 52, (sink) => (sink.big(-8n), sink.u64(0)))).toBe('usdc-value');
  });

  test('float tables must hold every index', () => {
    expect(bad(ARRAY | 2, 8, (sink) => (sink.u64(16), sink.u8(0x74), sink.u32(0), sink.u64(0)))).toBe('usdc-compression');
    expect(bad(ARRAY | 2, 8, (sink) => (sink.u64(16), sink.u8(0x78)))).toBe('usdc-compression');
  });

  test('sample times must ascend', () => {
    const times = VALUES_AT + 40;
    expect(
      bad(0, 46, (sink) => {
        sink.u64(8);
        sink.big(makeRep(0, 48, times));
        sink.u64(8);
        sink.u64(0);
        sink.u64(0);
        sink.u64(2);
        sink.f64(2);
        sink.f64(1);
      }),
    ).toBe('usdc-value');
  });

  test('with a reporter a broken value counts as not authored', () => {
    const problems = new ProblemList();
    const data = new CrateLayerData('test.usdc', buildCrate(plan([0, 8, 0], makeRep(0, 61, 0))), problems);
    expect(data.field('/A.p' as Path, 'default')).toBeUndefined();
    expect(data.field('/A.p' as Path, 'default')).toBeUndefined();
    expect(problems.problems).toMatchObject([{ code: 'usdc-value', severity: 'error', path: '/A.p', asset: 'test.usdc' }]);
  });

  test('a broken sample is reported and counts as blocked', () => {
    const problems = new ProblemList();
    const sink = new ByteSink();
    sink.u64(8);
    sink.big(makeRep(0, 48, VALUES_AT + 48));
    sink.u64(8);
    sink.u64(2);
    sink.big(makeRep(INLINED, 3, 4));
    sink.big(makeRep(0, 61, 0));
    sink.u64(2);
    sink.f64(1);
    sink.f64(2);
    const data = new CrateLayerData('test.usdc', buildCrate(plan([0, 8, 0], makeRep(0, 46, VALUES_AT), sink.bytes.slice())), problems);
    const value = data.field('/A.p' as Path, 'default');
    if (value?.type !== 'timeSamples') throw new Error(`time samples expected, found ${value?.type}`);
    expect([...value.value.times]).toEqual([1, 2]);
    expect(value.value.value(0)).toEqual({ type: 'int', value: 4 });
    expect(problems.problems).toHaveLength(0);
    expect(value.value.value(1)).toEqual({ type: 'block', value: null });
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usdc-value']);
  });
});

function floats(rows: number): Uint8Array {
  const sink = new ByteSink();
  sink.u64(rows);
  for (let i = 0; i < 3 * rows; i++) sink.f32(i);
  return sink.bytes.slice();
}
