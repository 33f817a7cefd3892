import { describe, expect, it } from 'vitest';
import { makeValue, type ArrayEdit, type ArrayEditInstruction } from '../vt/value.ts';
import { applyArrayEdit, emptyArrayOf } from './array-edit.ts';

const edit = (...instructions: ArrayEditInstruction[]): ArrayEdit => ({
  elementType: 'int',
  literals: makeValue('int[]', Int32Array.of(100, 200)),
  instructions,
});
const base = makeValue('int[]', Int32Array.of(1, 2, 3));
const applied = (value: ArrayEdit): number[] => [...(applyArrayEdit(value, base).value as Int32Array)];

describe('applyArrayEdit', () => {
  it.each<[string, ArrayEdit, number[]]>([
    ['no instructions', edit(), [1, 2, 3]],
    ['write', edit({ op: 'write', source: 'literal', from: 1, to: 0 }), [200, 2, 3]],
    ['write from the end', edit({ op: 'write', source: 'literal', from: 0, to: -1 }), [1, 2, 100]],
    ['write of another element', edit({ op: 'write', source: 'element', from: -1, to: 0 }), [3, 2, 3]],
    [
      'write outside',
      edit({ op: 'write', source: 'literal', from: 0, to: 3 }, { op: 'write', source: 'literal', from: 0, to: -4 }),
      [1, 2, 3],
    ],
    ['write at the end', edit({ op: 'write', source: 'literal', from: 0, to: 'end' }), [1, 2, 3]],
    ['insert in front', edit({ op: 'insert', source: 'literal', from: 0, to: 0 }), [100, 1, 2, 3]],
    ['insert at the end', edit({ op: 'insert', source: 'literal', from: 0, to: 'end' }), [1, 2, 3, 100]],
    ['insert before the last', edit({ op: 'insert', source: 'literal', from: 0, to: -1 }), [1, 2, 100, 3]],
    ['insert outside', edit({ op: 'insert', source: 'literal', from: 0, to: 4 }), [1, 2, 3]],
    ['erase', edit({ op: 'erase', at: 1 }, { op: 'erase', at: -1 }, { op: 'erase', at: 9 }), [1]],
    ['minimum with a fill', edit({ op: 'minSize', size: 5, fill: 1 }), [1, 2, 3, 200, 200]],
    ['minimum with zeros', edit({ op: 'minSize', size: 4 }), [1, 2, 3, 0]],
    ['maximum', edit({ op: 'maxSize', size: 1 }), [1]],
    ['a size below and above', edit({ op: 'setSize', size: 1 }, { op: 'setSize', size: 2, fill: 0 }), [1, 100]],
    ['a literal that is not there', edit({ op: 'write', source: 'literal', from: 7, to: 0 }), [1, 2, 3]],
  ])('%s', (_, value, expected) => {
    expect(applied(value)).toEqual(expected);
  });

  it('moves whole elements of more than one component, and fills with what is zero for the type', () => {
    const points = makeValue('float3[]', Float32Array.of(1, 2, 3, 4, 5, 6));
    const value: ArrayEdit = {
      elementType: 'float3',
      literals: emptyArrayOf('float3'),
      instructions: [{ op: 'insert', source: 'element', from: 1, to: 0 }],
    };
    expect(applyArrayEdit(value, points).value).toEqual(Float32Array.of(4, 5, 6, 1, 2, 3, 4, 5, 6));
    const turns: ArrayEdit = { elementType: 'quatf', literals: emptyArrayOf('quatf'), instructions: [{ op: 'minSize', size: 1 }] };
    expect(applyArrayEdit(turns, emptyArrayOf('quatf')).value).toEqual(Float32Array.of(0, 0, 0, 1));
    const names: ArrayEdit = { elementType: 'token', literals: emptyArrayOf('token'), instructions: [{ op: 'setSize', size: 1 }] };
    expect(applyArrayEdit(names, emptyArrayOf('token')).value).toEqual(['']);
  });

  it('leaves an array of another type as it is', () => {
    const other = makeValue('float[]', Float32Array.of(1));
    expect(applyArrayEdit(edit({ op: 'erase', at: 0 }), other)).toBe(other);
  });
});
