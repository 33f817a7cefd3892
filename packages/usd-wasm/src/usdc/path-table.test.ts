import { describe, expect, it } from 'vitest';
import { MemoryLayerData, type SpecType } from '../sdf/layer-data.ts';
import type { Path } from '../sdf/path.ts';
import { CrateLayerData } from './reader.ts';
import { writeUsdc } from './writer.ts';

/** Prims and properties of one name, variants in variants, a prim with more children and properties than are searched one by one. */
function layer(): MemoryLayerData {
  const data = new MemoryLayerData();
  const add = (path: string, type: SpecType): void => data.createSpec(path as Path, type);
  add('/A', 'prim');
  add('/A.B', 'attribute');
  add('/A/B', 'prim');
  add('/A/B.C', 'attribute');
  add('/A{set=}', 'variantSet');
  add('/A{set=x.y}', 'variant');
  add('/A{set=x.y}.B', 'attribute');
  add('/A{set=x.y}B', 'prim');
  add('/A{set=x.y}B/C', 'prim');
  add('/A{set=x.y}{more=}', 'variantSet');
  add('/A{set=x.y}{more=z}', 'variant');
  add('/A{set=x.y}{more=z}B', 'prim');
  for (let i = 0; i < 50; i++) {
    add(`/A/B/N${i}`, 'prim');
    add(`/A/B.N${i}`, 'attribute');
    add(`/A/B/N${i}/deep`, 'prim');
  }
  return data;
}

describe('paths of a crate', () => {
  const written = layer();
  const bytes = writeUsdc(written);
  const paths = [...written.paths()];

  it.each([
    ['in their order', paths],
    ['the deepest first', paths.toReversed()],
    ['here and there', paths.map((_, i) => paths[(i * 37) % paths.length] as Path)],
  ])('are found when asked for %s', (_, order) => {
    const data = new CrateLayerData('test.usdc', bytes);
    for (const path of order) expect([path, data.specType(path)]).toEqual([path, written.specType(path)]);
    expect([...data.paths()].toSorted()).toEqual(paths.toSorted());
  });

  it('are not found where there are none', () => {
    const data = new CrateLayerData('test.usdc', bytes);
    const absent = ['/B', '/A/C', '/A.C', '/A/B/N50', '/A/B.N50', '/A/B/N1/N1', '/A{set=x}', '/A{set=x.y}{more=z}C', 'A', '', '//', '/A/'];
    for (const path of [...absent, `/A/${'B/'.repeat(100_000)}B`]) expect(data.specType(path as Path)).toBeUndefined();
  });
});
