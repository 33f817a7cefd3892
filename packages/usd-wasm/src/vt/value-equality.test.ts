import { describe, expect, it } from 'vitest';
import { makeValue, type Value } from './value.ts';
import { valuesEqual } from './value-equality.ts';

const samples = (times: number[], values: number[]): Value =>
  makeValue('timeSamples', { times: Float64Array.from(times), value: (i) => makeValue('double', values[i]!) });
const reference = (primPath: string, extra: object = {}): Value =>
  makeValue('referenceListOp', {
    isExplicit: true,
    explicitItems: [{ assetPath: 'a.usda', primPath: primPath as '', layerOffset: { offset: 0, scale: 1 }, ...extra }],
    prependedItems: [],
    appendedItems: [],
    addedItems: [],
    deletedItems: [],
    orderedItems: [],
  });

describe('valuesEqual', () => {
  it.each<[string, Value | undefined, Value | undefined, boolean]>([
    ['nothing and nothing', undefined, undefined, true],
    ['nothing and a value', undefined, makeValue('int', 0), false],
    ['values of two types', makeValue('int', 1), makeValue('double', 1), false],
    ['NaN and NaN', makeValue('double', Number.NaN), makeValue('double', Number.NaN), true],
    ['zero and negative zero', makeValue('double', 0), makeValue('double', -0), false],
    ['arrays', makeValue('int[]', Int32Array.of(1, 2)), makeValue('int[]', Int32Array.of(1, 2)), true],
    ['arrays with other numbers', makeValue('double[]', Float64Array.of(1, 2)), makeValue('double[]', Float64Array.of(1, 3)), false],
    ['arrays with NaN of two kinds', makeValue('float[]', nanOf(0x7fc00000)), makeValue('float[]', nanOf(0x7fc00001)), true],
    ['arrays of odd bytes', makeValue('uchar[]', Uint8Array.of(1, 2, 3)), makeValue('uchar[]', Uint8Array.of(1, 2, 3)), true],
    ['arrays of two lengths', makeValue('int[]', Int32Array.of(1, 2)), makeValue('int[]', Int32Array.of(1)), false],
    ['maps in two orders', dictionary('a', 'b'), dictionary('b', 'a'), true],
    ['maps with other keys', dictionary('a', 'b'), dictionary('a', 'c'), false],
    ['samples', samples([0, 1], [5, 6]), samples([0, 1], [5, 6]), true],
    ['samples with other times', samples([0, 1], [5, 6]), samples([0, 2], [5, 6]), false],
    ['samples with other values', samples([0, 1], [5, 6]), samples([0, 1], [5, 7]), false],
    ['list ops of records', reference('/A'), reference('/A'), true],
    ['list ops of other records', reference('/A'), reference('/B'), false],
    ['a record with one property more', reference('/A'), reference('/A', { customData: new Map() }), false],
  ])('%s', (_, a, b, expected) => {
    expect([valuesEqual(a, b), valuesEqual(b, a)]).toEqual([expected, expected]);
  });
});

function nanOf(bits: number): Float32Array {
  return new Float32Array(Uint32Array.of(bits).buffer);
}

function dictionary(...keys: string[]): Value {
  return makeValue('dictionary', new Map(keys.map((key) => [key, makeValue('string', 'same')])));
}
