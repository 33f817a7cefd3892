import { describe, expect, it } from 'vitest';
import { makeValue, type Value } from '../vt/value.ts';
import { MemoryLayerData } from './layer-data.ts';
import type { Path } from './path.ts';

const int = (value: number): Value => makeValue('int', value);
const at = (path: string): Path => path as Path;

describe('MemoryLayerData', () => {
  it('keeps fields in the order they were first set', () => {
    const data = new MemoryLayerData();
    data.createSpec(at('/A'), 'prim');
    for (const name of ['b', 'a', 'c', 'a']) data.setField(at('/A'), name, int(1));
    expect(data.fieldNames(at('/A'))).toEqual(['b', 'a', 'c']);
    data.setField(at('/A'), 'a', undefined);
    data.setField(at('/A'), 'a', int(2));
    expect(data.fieldNames(at('/A'))).toEqual(['b', 'c', 'a']);
    expect(data.field(at('/A'), 'a')).toEqual(int(2));
  });

  it('does not mix fields of specs that share names', () => {
    const data = new MemoryLayerData();
    for (const path of ['/A', '/B']) data.createSpec(at(path), 'prim');
    data.setField(at('/A'), 'x', int(1));
    data.setField(at('/B'), 'x', int(2));
    data.setField(at('/B'), 'y', int(3));
    expect([data.field(at('/A'), 'x'), data.field(at('/A'), 'y'), data.field(at('/B'), 'x')]).toEqual([int(1), undefined, int(2)]);
  });

  it('holds specs with more fields than usual', () => {
    const data = new MemoryLayerData();
    data.createSpec(at('/A'), 'prim');
    for (let i = 0; i < 100; i++) data.setField(at('/A'), `f${i}`, int(i));
    expect(data.fieldNames(at('/A'))).toHaveLength(100);
    expect(data.field(at('/A'), 'f99')).toEqual(int(99));
  });

  it('finds properties of prims and variants, also whose names hold dots', () => {
    const data = new MemoryLayerData();
    const paths = ['/A', '/A.x', '/A{v=.d}', '/A{v=.d}.x:y', '/A{v=.d}B', '/A{v=.d}B.z'];
    for (const path of paths) data.createSpec(at(path), path.includes('.', path.lastIndexOf('}') + 1) ? 'attribute' : 'prim');
    for (const [i, path] of paths.entries()) data.setField(at(path), 'i', int(i));
    expect(paths.map((path) => data.field(at(path), 'i'))).toEqual(paths.map((_, i) => int(i)));
    expect([...data.paths()]).toEqual(['/', '/A', '/A.x', '/A{v=.d}', '/A{v=.d}.x:y', '/A{v=.d}B', '/A{v=.d}B.z']);
  });

  it('holds properties of prims that have no spec, and specs below properties', () => {
    const data = new MemoryLayerData();
    for (const path of ['/A.x', '/A', '/A.y', '/A.r[/B]', '/A.r[/B].c']) data.createSpec(at(path), 'attribute');
    data.setField(at('/A.x'), 'f', int(1));
    expect([...data.paths()].sort()).toEqual(['/', '/A', '/A.r[/B]', '/A.r[/B].c', '/A.x', '/A.y']);
    data.createSpec(at('/A.x'), 'relationship');
    expect([data.specType(at('/A.x')), data.field(at('/A.x'), 'f')]).toEqual(['relationship', int(1)]);
  });

  it('removes one spec and not its descendants', () => {
    const data = new MemoryLayerData();
    for (const path of ['/A', '/A/B', '/A.x', '/A.y']) data.createSpec(at(path), path.includes('.') ? 'attribute' : 'prim');
    data.eraseSpec(at('/A.x'));
    expect([...data.paths()]).toEqual(['/', '/A', '/A.y', '/A/B']);
    data.eraseSpec(at('/A'));
    expect([...data.paths()].sort()).toEqual(['/', '/A.y', '/A/B']);
    expect(data.specType(at('/A.y'))).toBe('attribute');
    expect(() => data.setField(at('/A'), 'f', int(1))).toThrow(RangeError);
  });

  it('finds each of many properties', () => {
    const data = new MemoryLayerData();
    data.createSpec(at('/A'), 'prim');
    for (let i = 0; i < 200; i++) data.createSpec(at(`/A.p${i}`), 'attribute');
    data.eraseSpec(at('/A.p7'));
    expect([data.specType(at('/A.p7')), data.specType(at('/A.p199')), data.specType(at('/A.p200'))]).toEqual([
      undefined,
      'attribute',
      undefined,
    ]);
  });
});
