import { describe, expect, test } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { writePackage } from '../usdz/writer.ts';
import { readLayer, sniffFormat, UnknownFormatError } from './file-format.ts';
import { MemoryLayerData } from './layer-data.ts';
import type { Path } from './path.ts';

const text = new TextEncoder().encode('#usda 1.0\ndef "Text"\n{\n}\n');
const data = new MemoryLayerData();
data.createSpec('/Crate' as Path, 'prim');
const crate = writeUsdc(data);

describe('formats', () => {
  test('are told apart by content', () => {
    const bytes = [
      text,
      new TextEncoder().encode('#sdf 1.4.32\n'),
      crate,
      writePackage([]),
      writePackage([{ name: 'a', bytes: text }]),
      new Uint8Array(9),
      new Uint8Array(0),
      Uint8Array.of(0x50),
    ];
    expect(bytes.map(sniffFormat)).toEqual(['usda', 'usda', 'usdc', 'usdz', 'usdz', undefined, undefined, undefined]);
  });

  test('layers are read whatever their name says', () => {
    const reporter = new ProblemList();
    expect([...readLayer('a.usdc', text, reporter).data.paths()]).toEqual(['/', '/Text']);
    expect([...readLayer('a.usda', crate, reporter).data.paths()]).toEqual(['/', '/Crate']);
    expect(readLayer('a.usda', crate, reporter).format).toBe('usdc');
  });

  test('a package gives its root layer, named inside it, at any depth', () => {
    const reporter = new ProblemList();
    const nested = writePackage([{ name: 'in.usdz', bytes: writePackage([{ name: 'dir/root.usd', bytes: crate }]) }]);
    expect(readLayer('out.usdz', nested, reporter).identifier).toBe('out.usdz[in.usdz[dir/root.usd]]');
    expect(reporter.problems).toEqual([]);
  });

  test('other bytes are refused with what they begin with', () => {
    expect(() => readLayer('photo.usdz', Uint8Array.of(0xff, 0xd8, 0xff), new ProblemList())).toThrow(UnknownFormatError);
    expect(() => readLayer('photo.usdz', Uint8Array.of(0xff, 0xd8, 0xff), new ProblemList())).toThrow(/ff d8 ff/);
  });
});
