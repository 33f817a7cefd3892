import { describe, expect, test } from 'vitest';
import { MemoryLayerData } from '../sdf/layer-data.ts';
import { makeExplicitListOp, makeListOp } from '../sdf/list-op.ts';
import { parentPath, type Path } from '../sdf/path.ts';
import { makeValue, valueAs, type ReferenceItem, type SplineKnot, type Value, type ValueMap, type ValueType } from '../vt/value.ts';
import { CrateLayerData } from './reader.ts';
import { UnwritableValueError } from './unwritable-value-error.ts';
import { writeUsdc } from './writer.ts';

const PRIM = '/World' as Path;

/** A layer with one prim that has the given fields, written and read. */
function roundTrip(fields: Readonly<Record<string, Value>>): CrateLayerData {
  const data = new MemoryLayerData();
  data.createSpec(PRIM, 'prim');
  for (const [name, value] of Object.entries(fields)) data.setField(PRIM, name, value);
  return new CrateLayerData('test.usdc', writeUsdc(data));
}

function survives<K extends ValueType>(type: K, ...values: ValueMap[K][]): void {
  const fields = Object.fromEntries(values.map((value, i) => [`field${i}`, makeValue(type, value)]));
  const read = roundTrip(fields);
  expect(read.fieldNames(PRIM)).toEqual(Object.keys(fields));
  for (const [name, value] of Object.entries(fields)) expect(read.field(PRIM, name)).toEqual(value);
}

describe('values survive writing and reading', () => {
  test('whole numbers, inlined or not', () => {
    survives('bool', true, false);
    survives('uchar', 0, 255);
    survives('int', 0, -1, 2147483647, -2147483648);
    survives('uint', 0, 4294967295);
    survives('int64', 0n, -1n, 2147483648n, -(2n ** 63n));
    survives('uint64', 0n, 4294967295n, 4294967296n, 2n ** 64n - 1n);
  });

  test('fractions, infinities, NaN and the sign of zero', () => {
    survives('half', 0, -0, 0.5, 65504, 2 ** -24, -Infinity, NaN);
    survives('float', 0, -0, Math.fround(0.1), Infinity, NaN, 3.4028234663852886e38);
    survives('double', 0, -0, 0.1, 0.5, Infinity, NaN, 1e300);
    survives('timecode', 24, 0.1);
  });

  test('texts', () => {
    survives('string', '', 'a', 'naïve — 日本語', 'two\nlines');
    survives('token', '', 'xformOp:translate');
    survives('asset', { path: './textures/wood.png' }, { path: '' });
    survives('pathExpression', '/World//*');
  });

  test('tuples: small whole numbers in the rep, others beside it', () => {
    survives('int2', [1, -128], [1, 128]);
    survives('int3', [1, 2, 3], [1, 2, 1000]);
    survives('int4', [1, 2, 3, 4], [-2147483648, 0, 0, 0]);
    survives('half2', [0.5, -1], [1, 2]);
    survives('half3', [1, 2, 3], [1, 2, 0.5]);
    survives('half4', [1, 2, 3, -4], [0, 0, -0, 1]);
    survives('float2', [1, 0], [0.5, 0]);
    survives('float3', [0, -0, 0], [1, 2, 3]);
    survives('float4', [1, 2, 3, 127], [1, 2, 3, 128]);
    survives('double2', [1, 2], [0.1, 0.2]);
    survives('double3', [-1, 0, 1], [0.1, 0.2, 0.3]);
    survives('double4', [1, 1, 1, 1], [0.1, 0.2, 0.3, Infinity]);
    survives('quath', [0, 0, 0, 1]);
    survives('quatf', [0.5, 0.5, 0.5, 0.5]);
    survives('quatd', [0.1, 0.2, 0.3, 0.9]);
  });

  test('matrices, diagonal and full', () => {
    survives('matrix2d', [1, 0, 0, 1], [1, 2, 3, 4]);
    survives('matrix3d', [2, 0, 0, 0, -3, 0, 0, 0, 1], [1, 0, 0, 0, 1, 0, 5, 6, 1]);
    survives(
      'matrix4d',
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 7, 8, 9, 1],
      [1, 0, 0, 0, 0, 1, -0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    );
  });

  test('empty arrays of every kind', () => {
    survives('int[]', new Int32Array(0));
    survives('half[]', new Float32Array(0));
    survives('matrix4d[]', new Float64Array(0));
    survives('token[]', []);
    survives('asset[]', []);
  });

  test('number arrays, plain and compressed', () => {
    const ramp = Array.from({ length: 100 }, (_, i) => i * i - 50);
    survives('bool[]', Uint8Array.of(1, 0, 1));
    survives('uchar[]', Uint8Array.from(ramp));
    survives(
      'int[]',
      Int32Array.of(3, 2, 1),
      Int32Array.from(ramp),
      Int32Array.from(ramp, (value) => value * 1e6),
    );
    survives('uint[]', Uint32Array.from(ramp));
    survives(
      'int64[]',
      BigInt64Array.from(ramp, (value) => BigInt(value) * 2n ** 40n),
      BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
    );
    survives(
      'uint64[]',
      BigUint64Array.from(ramp, (value) => BigInt(value) * 2n ** 40n),
    );
    survives(
      'half[]',
      Float32Array.from(ramp, (value) => (value % 32) / 4),
      Float32Array.from(ramp, (value) => value % 1000),
    );
    survives(
      'float[]',
      Float32Array.from(ramp),
      Float32Array.from(ramp, (value) => value / 7),
      Float32Array.from(ramp, (value) => (value % 3) / 7),
      Float32Array.from(ramp, (_, i) => (i === 50 ? -0 : 0)),
    );
    survives(
      'double[]',
      Float64Array.from(ramp),
      Float64Array.from(ramp, (value) => value / 7),
      Float64Array.from(ramp, (value) => (value % 3) / 7),
    );
    survives('timecode[]', Float64Array.from(ramp));
  });

  test('tuple, quaternion and matrix arrays', () => {
    const numbers = Array.from({ length: 48 }, (_, i) => i / 2);
    survives('int2[]', Int32Array.from(numbers));
    survives('half3[]', Float32Array.from(numbers));
    survives('float3[]', Float32Array.from(numbers));
    survives('double4[]', Float64Array.from(numbers));
    survives('quath[]', Float32Array.from(numbers));
    survives('quatf[]', Float32Array.from(numbers));
    survives('quatd[]', Float64Array.from(numbers));
    survives('matrix2d[]', Float64Array.from(numbers));
    survives('matrix4d[]', Float64Array.from(numbers));
  });

  test('text arrays', () => {
    survives('string[]', ['a', '', 'a']);
    survives('token[]', ['points', 'normals']);
    survives('asset[]', [{ path: 'a.png' }, { path: 'b.png' }]);
    survives('pathExpression[]', ['/A', '//B']);
  });

  test('blocks and enumerations', () => {
    survives('block', null);
    survives('animationBlock', null);
    survives('specifier', 'def', 'over', 'class');
    survives('permission', 'public', 'private');
    survives('variability', 'varying', 'uniform');
  });

  test('dictionaries, nested ones too', () => {
    const inner = new Map<string, Value>([['b', makeValue('double[]', Float64Array.of(0.1, 0.2))]]);
    survives(
      'dictionary',
      new Map(),
      new Map<string, Value>([
        ['a', makeValue('int', 1)],
        ['inner', makeValue('dictionary', inner)],
        ['text', makeValue('string', 'x')],
      ]),
    );
  });

  test('list ops with every list', () => {
    const lists = <T>(a: T, b: T, c: T): ReturnType<typeof makeListOp<T>>[] => [
      makeExplicitListOp([a, b]),
      makeExplicitListOp<T>([]),
      makeListOp({ prependedItems: [a], appendedItems: [b], deletedItems: [c], addedItems: [b], orderedItems: [c, a] }),
    ];
    survives('tokenListOp', ...lists('a', 'b', 'c'));
    survives('stringListOp', ...lists('a', 'b', 'c'));
    survives('intListOp', ...lists(-1, 2, 3));
    survives('uintListOp', ...lists(1, 2, 4294967295));
    survives('int64ListOp', ...lists(-1n, 2n, 3n));
    survives('uint64ListOp', ...lists(1n, 2n, 2n ** 64n - 1n));
    survives('pathListOp', ...lists('/A' as Path, '/A/B.size' as Path, '/C{v=x}D' as Path));
    survives(
      'unregisteredListOp',
      ...lists<Value>(
        makeValue('unregistered', 'a b'),
        makeValue('unregistered', 'c'),
        makeValue('dictionary', new Map([['k', makeValue('bool', true)]])),
      ),
    );
  });

  test('references and payloads', () => {
    const item: ReferenceItem = { assetPath: './a.usd', primPath: '/A' as Path, layerOffset: { offset: 10, scale: 0.5 } };
    const internal: ReferenceItem = {
      assetPath: '',
      primPath: '',
      layerOffset: { offset: 0, scale: 1 },
      customData: new Map([['note', makeValue('string', 'x')]]),
    };
    survives('referenceListOp', makeListOp({ prependedItems: [item, internal] }));
    survives('payloadListOp', makeExplicitListOp([item]));
  });

  test('vectors, maps, relocates', () => {
    survives('tokenVector', ['A', 'B'], []);
    survives('stringVector', ['./a.usda']);
    survives('pathVector', ['/A' as Path]);
    survives('doubleVector', Float64Array.of(1, 2.5));
    survives('layerOffsetVector', [{ offset: 1, scale: 2 }]);
    survives(
      'variantSelectionMap',
      new Map([
        ['a', 'x'],
        ['b', ''],
      ]),
    );
    survives('relocates', [
      ['/A' as Path, '/B' as Path],
      ['/C' as Path, ''],
    ]);
    survives('unregistered', 'some = text');
  });

  test('splines', () => {
    const knot: SplineKnot = {
      time: 1,
      value: 2,
      preTangent: { width: 0.5, slope: 1, algorithm: 'none' },
      postTangent: { width: 0.25, slope: -1, algorithm: 'none' },
      nextSegment: 'curve',
    };
    survives('spline', {
      valueType: 'double',
      curve: 'bezier',
      preExtrapolation: { mode: 'held' },
      postExtrapolation: { mode: 'sloped', slope: 3 },
      loop: { start: 1, end: 5, preCount: 2, postCount: -1, valueOffset: 0.5 },
      knots: [knot, { ...knot, time: 5, preValue: 7, nextSegment: 'held', customData: new Map([['k', makeValue('int', 1)]]) }],
    });
    survives('spline', {
      valueType: 'float',
      curve: 'hermite',
      preExtrapolation: { mode: 'loopRepeat' },
      postExtrapolation: { mode: 'loopOscillate' },
      knots: [
        { ...knot, preTangent: { width: 0, slope: 0.5, algorithm: 'autoEase' }, postTangent: { width: 0, slope: 1, algorithm: 'custom' } },
      ],
    });
    survives('spline', {
      valueType: 'half',
      curve: 'bezier',
      preExtrapolation: { mode: 'block' },
      postExtrapolation: { mode: 'linear' },
      knots: [knot],
    });
    survives('spline', {
      valueType: 'timecode',
      curve: 'bezier',
      preExtrapolation: { mode: 'held' },
      postExtrapolation: { mode: 'held' },
      knots: [knot],
    });
  });

  test('array edits', () => {
    survives('arrayEdit', {
      elementType: 'int',
      literals: makeValue('int[]', Int32Array.of(10, 20)),
      instructions: [
        { op: 'write', source: 'literal', from: 0, to: 3 },
        { op: 'write', source: 'literal', from: 1, to: -1 },
        { op: 'write', source: 'element', from: 2, to: 0 },
        { op: 'insert', source: 'literal', from: 1, to: 'end' },
        { op: 'insert', source: 'element', from: -1, to: 0 },
        { op: 'erase', at: 4 },
        { op: 'minSize', size: 8 },
        { op: 'minSize', size: 9, fill: 1 },
        { op: 'setSize', size: 10 },
        { op: 'setSize', size: 11, fill: 0 },
        { op: 'maxSize', size: 12 },
      ],
    });
    survives('arrayEdit', { elementType: 'float3', literals: makeValue('float3[]', new Float32Array(0)), instructions: [] });
  });

  test('time samples with blocks; equal values are stored once', () => {
    const points = makeValue(
      'float3[]',
      Float32Array.from({ length: 3000 }, (_, i) => i / 7),
    );
    const values = [points, makeValue('block', null), points];
    const samples = { times: Float64Array.of(1, 2, 10.5), value: (i: number) => values[i] as Value };
    const data = new MemoryLayerData();
    data.createSpec(PRIM, 'prim');
    data.createSpec(`${PRIM}.points` as Path, 'attribute');
    data.setField(`${PRIM}.points` as Path, 'timeSamples', makeValue('timeSamples', samples));
    const bytes = writeUsdc(data);
    expect(bytes.length).toBeLessThan(2 * 4 * 3000);
    const read = new CrateLayerData('test.usdc', bytes).field(`${PRIM}.points` as Path, 'timeSamples');
    if (read?.type !== 'timeSamples') throw new Error(`time samples expected, found ${read?.type}`);
    expect([...read.value.times]).toEqual([1, 2, 10.5]);
    expect([0, 1, 2].map((i) => read.value.value(i))).toEqual(values);
  });
});

describe('crates that are written', () => {
  test('have version 0.8.0 unless a value demands more', () => {
    expect(roundTrip({ a: makeValue('int', 1) }).version).toBe('0.8.0');
    expect(roundTrip({ a: makeValue('timecode', 1) }).version).toBe('0.9.0');
    expect(roundTrip({ a: makeValue('pathExpression', '/') }).version).toBe('0.10.0');
    expect(roundTrip({ a: makeValue('relocates', []) }).version).toBe('0.11.0');
  });

  test('store equal arrays, fields and sets of fields once', () => {
    const sizeOf = (prims: number): number => {
      const data = new MemoryLayerData();
      for (let i = 0; i < prims; i++) {
        data.createSpec(`/P${i}` as Path, 'prim');
        data.setField(`/P${i}` as Path, 'specifier', makeValue('specifier', 'def'));
        const points = Float32Array.from({ length: 3000 }, (_, k) => k / 7);
        data.createSpec(`/P${i}.points` as Path, 'attribute');
        data.setField(`/P${i}.points` as Path, 'default', makeValue('float3[]', points));
      }
      return writeUsdc(data).length;
    };
    // A prim and its attribute cost their names and a few bytes in compressed tables.
    expect(sizeOf(101) - sizeOf(1)).toBeLessThan(100 * 12);
  });

  test('hold large uncompressed arrays at multiples of 8 bytes', () => {
    const read = roundTrip({
      a: makeValue('token', 'x'),
      b: makeValue('double3', [0.1, 0.2, 0.3]),
      c: makeValue('float3[]', Float32Array.of(0.1, 0.2, 0.3)),
    });
    expect((valueAs(read.field(PRIM, 'c'), 'float3[]') ?? new Uint8Array(9).subarray(1)).byteOffset % 8).toBe(0);
  });

  test('keep the order and nesting of paths, variants and targets', () => {
    const data = new MemoryLayerData();
    const specs: [string, Parameters<MemoryLayerData['createSpec']>[1]][] = [
      ['/A', 'prim'],
      ['/A.size', 'attribute'],
      ['/A{v=}', 'variantSet'],
      ['/A{v=x}', 'variant'],
      ['/A{v=x}B', 'prim'],
      ['/A{v=x}B.r', 'relationship'],
      ['/A{v=x}{w=y}', 'variant'],
      ['/A/B', 'prim'],
      ['/A/B/C', 'prim'],
      ['/D', 'prim'],
    ];
    for (const [path, type] of specs) data.createSpec(path as Path, type);
    data.setField(
      '/A{v=x}B.r' as Path,
      'targetPaths',
      makeValue('pathListOp', makeExplicitListOp(['/A/B.size' as Path, '/Elsewhere/Deep' as Path])),
    );
    const read = new CrateLayerData('test.usdc', writeUsdc(data));
    expect(new Set(read.paths())).toEqual(new Set(data.paths()));
    for (const [path, type] of specs) expect([path, read.specType(path as Path)]).toEqual([path, type]);
    expect(read.field('/A{v=x}B.r' as Path, 'targetPaths')).toEqual(data.field('/A{v=x}B.r' as Path, 'targetPaths'));
    const order = [...read.paths()];
    const early = order.filter((path, i) => path !== '/' && order.indexOf(parentPath(path)) > i);
    expect(early).toEqual([]);
  });

  test('refuse values that crates have no type for, and text with NUL', () => {
    expect(() => roundTrip({ a: makeValue('path', '/A' as Path) })).toThrow(TypeError);
    expect(() => roundTrip({ a: makeValue('string', 'a\0b') })).toThrow(UnwritableValueError);
  });

  test('an empty layer is a crate with a pseudo-root', () => {
    expect([...new CrateLayerData('test.usdc', writeUsdc(new MemoryLayerData())).paths()]).toEqual(['/']);
  });
});
