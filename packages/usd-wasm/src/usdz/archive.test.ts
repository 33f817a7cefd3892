import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { openArchive, type Archive } from './archive.ts';
import { crc32 } from './crc32.ts';
import { UsdzError } from './usdz-error.ts';
import { writePackage } from './writer.ts';

const TEXT = new TextEncoder().encode('#usda 1.0\n');

interface PlannedEntry {
  readonly name: string | Uint8Array;
  readonly bytes?: Uint8Array;
  readonly isDeflated?: boolean;
  readonly flags?: number;
  /** Sizes stand behind the data, as tools that write as they go do. */
  readonly hasDescriptor?: boolean;
  readonly isZip64?: boolean;
}

/** A zip as ordinary tools make it: no alignment. */
function makeZip(
  entries: readonly PlannedEntry[],
  options: { prefix?: Uint8Array; comment?: string; isZip64?: boolean; hasDirectory?: boolean } = {},
): Uint8Array {
  const parts: number[] = [...(options.prefix ?? [])];
  const u16 = (value: number): void => void parts.push(value & 255, value >> 8);
  const u32 = (value: number): void => (u16(value & 0xffff), u16(value >>> 16));
  const u64 = (value: number): void => (u32(value), u32(0));
  const start = parts.length;
  const placed = entries.map((entry) => {
    const name = typeof entry.name === 'string' ? new TextEncoder().encode(entry.name) : entry.name;
    const bytes = entry.bytes ?? TEXT;
    const data = entry.isDeflated === true ? new Uint8Array(deflateRawSync(bytes)) : bytes;
    const flags = (entry.flags ?? 0) | (entry.hasDescriptor === true ? 8 : 0);
    const offset = parts.length - start;
    const sizes = entry.hasDescriptor === true ? [0, 0, 0] : [crc32(bytes), data.length, bytes.length];
    u32(0x04034b50);
    [10, flags, entry.isDeflated === true ? 8 : 0, 0, 0].forEach(u16);
    sizes.forEach(u32);
    u16(name.length);
    u16(0);
    parts.push(...name, ...data);
    if (entry.hasDescriptor === true) [0x08074b50, crc32(bytes), data.length, bytes.length].forEach(u32);
    return { entry, name, bytes, data, flags, offset };
  });
  if (options.hasDirectory === false) return Uint8Array.from(parts);
  const directory = parts.length - start;
  for (const { entry, name, bytes, data, flags, offset } of placed) {
    const isWide = entry.isZip64 === true;
    u32(0x02014b50);
    [10, 10, flags, entry.isDeflated === true ? 8 : 0, 0, 0].forEach(u16);
    u32(crc32(bytes));
    u32(isWide ? 0xffffffff : data.length);
    u32(isWide ? 0xffffffff : bytes.length);
    [name.length, isWide ? 28 : 0, 0, 0, 0].forEach(u16);
    u32(0);
    u32(isWide ? 0xffffffff : offset);
    parts.push(...name);
    if (isWide) {
      u16(1);
      u16(24);
      [bytes.length, data.length, offset].forEach(u64);
    }
  }
  const size = parts.length - start - directory;
  if (options.isZip64 === true) {
    const end64 = parts.length - start;
    u32(0x06064b50);
    u64(44);
    u16(45);
    u16(45);
    u64(0);
    [entries.length, entries.length, size, directory].forEach(u64);
    u32(0x07064b50);
    u32(0);
    u64(end64);
    u32(1);
  }
  const comment = new TextEncoder().encode(options.comment ?? '');
  u32(0x06054b50);
  [0, 0, options.isZip64 === true ? 0xffff : entries.length, options.isZip64 === true ? 0xffff : entries.length].forEach(u16);
  u32(options.isZip64 === true ? 0xffffffff : size);
  u32(options.isZip64 === true ? 0xffffffff : directory);
  u16(comment.length);
  parts.push(...comment);
  return Uint8Array.from(parts);
}

function open(bytes: Uint8Array): { archive: Archive; codes: string[] } {
  const problems = new ProblemList();
  const archive = openArchive('test.usdz', bytes, problems);
  return { archive, codes: problems.problems.map((problem) => problem.code) };
}

const names = (archive: Archive): string[] => archive.entries.map((entry) => entry.name);

describe('packages as the format wants them', () => {
  const files = [
    { name: 'root.usda', bytes: TEXT },
    { name: 't/a.png', bytes: new Uint8Array(70).fill(3) },
    { name: 't/ö.png', bytes: new Uint8Array(0) },
  ];
  const { archive, codes } = open(writePackage(files));

  test('open without a word', () => {
    expect(codes).toEqual([]);
    expect(names(archive)).toEqual(['root.usda', 't/a.png', 't/ö.png']);
    expect(archive.rootLayer).toBe('root.usda');
  });

  test('give views on their bytes, at multiples of 64', () => {
    for (const { name, bytes } of files) expect(archive.read(name)).toEqual(bytes);
    expect(archive.entries.map((entry) => entry.dataOffset % 64)).toEqual([0, 0, 0]);
    expect(archive.read('root.usda').buffer).toBe(archive.read('t/a.png').buffer);
  });

  test('names in other case are found and reported; others are not', () => {
    const problems = new ProblemList();
    expect(openArchive('test.usdz', writePackage(files), problems).read('T/A.PNG')).toEqual(files[1]?.bytes);
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usdz-name-case']);
    expect(() => archive.read('t/b.png')).toThrow(UsdzError);
  });
});

describe('packages as other tools make them', () => {
  test('without alignment are read and reported', () => {
    const { archive, codes } = open(makeZip([{ name: 'a.usda' }]));
    expect(archive.read('a.usda')).toEqual(TEXT);
    expect(codes).toEqual(['usdz-unaligned']);
  });

  test('compressed entries are inflated and reported', () => {
    const bytes = new Uint8Array(5000).fill(9);
    const { archive, codes } = open(makeZip([{ name: 'a.usda', bytes, isDeflated: true }]));
    expect(archive.read('a.usda')).toEqual(bytes);
    expect(codes).toEqual(['usdz-compressed']);
  });

  test('data descriptors: sizes come from the directory', () => {
    const { archive } = open(
      makeZip([
        { name: 'a.usda', hasDescriptor: true },
        { name: 'b.png', hasDescriptor: true, isDeflated: true },
      ]),
    );
    expect([archive.read('a.usda'), archive.read('b.png')]).toEqual([TEXT, TEXT]);
  });

  test('comments, bytes in front and bytes behind do not matter', () => {
    const zip = makeZip([{ name: 'a.usda' }], { comment: 'made by hand', prefix: Uint8Array.of(1, 2, 3, 4, 5) });
    expect(open(zip).archive.read('a.usda')).toEqual(TEXT);
    expect(open(Uint8Array.of(...makeZip([{ name: 'a.usda' }]), 0, 0, 0)).archive.read('a.usda')).toEqual(TEXT);
  });

  test('zip64 directories and sizes are read', () => {
    const { archive } = open(makeZip([{ name: 'a.usda', isZip64: true }, { name: 'b.png' }], { isZip64: true }));
    expect([archive.read('a.usda'), archive.read('b.png')]).toEqual([TEXT, TEXT]);
  });

  test('without a directory the headers are walked, descriptors or not', () => {
    const entries = [
      { name: 'a.usda' },
      { name: 'b.usda', hasDescriptor: true },
      { name: 'c.usda', hasDescriptor: true, isDeflated: true },
    ];
    const { archive, codes } = open(makeZip(entries, { hasDirectory: false }));
    expect(names(archive)).toEqual(['a.usda', 'b.usda', 'c.usda']);
    expect(names(archive).map((name) => archive.read(name))).toEqual([TEXT, TEXT, TEXT]);
    expect(codes).toContain('usdz-directory');
  });

  test('encrypted entries and unknown methods are listed but not read', () => {
    const { archive, codes } = open(makeZip([{ name: 'a.usda', flags: 1 }]));
    expect(codes).toContain('usdz-encrypted');
    expect(() => archive.read('a.usda')).toThrow(UsdzError);
  });

  test('folders and left-overs of operating systems are not listed', () => {
    const { archive } = open(makeZip(['t/', '__MACOSX/a.usda', '.DS_Store', 't/._a.png', 'a.usda'].map((name) => ({ name }))));
    expect(names(archive)).toEqual(['a.usda']);
  });

  test('names: backslashes become slashes, ./ goes, old code pages decode', () => {
    const { archive } = open(makeZip([{ name: 't\\a.png' }, { name: './b.png' }, { name: Uint8Array.of(0x84, 0x2e, 0x70, 0x6e, 0x67) }]));
    expect(names(archive)).toEqual(['t/a.png', 'b.png', 'ä.png']);
  });

  test('names that leave the package are left out and reported', () => {
    const { archive, codes } = open(makeZip(['../a.usda', '/etc/b.usda', 'C:/c.usda', 'd\0.usda', 'ok.usda'].map((name) => ({ name }))));
    expect(names(archive)).toEqual(['ok.usda']);
    expect(codes.filter((code) => code === 'usdz-name')).toHaveLength(4);
  });

  test('entries that share bytes are left out and reported', () => {
    const zip = makeZip([{ name: 'a.usda', bytes: new Uint8Array(200) }, { name: 'b.usda' }]);
    const view = new DataView(zip.buffer);
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(directory + 46 + 6 + 42, 0, true); // the second record points to the first header
    const { archive, codes } = open(zip);
    expect(names(archive)).toHaveLength(1);
    expect(codes).toContain('usdz-overlap');
  });

  test('a first file that is no layer is passed over', () => {
    const problems = new ProblemList();
    const archive = openArchive(
      'test.usdz',
      writePackage([
        { name: 'a.png', bytes: TEXT },
        { name: 'b.usda', bytes: TEXT },
      ]),
      problems,
    );
    expect(archive.readRootLayer()).toEqual({ name: 'b.usda', bytes: TEXT });
    expect(problems.problems.map((problem) => problem.code)).toEqual(['usdz-first-entry']);
  });

  test('no layer at all, no entries, and no zip are errors', () => {
    const codeOf = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        return (error as UsdzError).code;
      }
      return 'none';
    };
    expect(codeOf(() => openArchive('a', writePackage([{ name: 'a.png', bytes: TEXT }])).readRootLayer())).toBe('usdz-no-layer');
    expect(codeOf(() => openArchive('a', writePackage([])))).toBe('usdz-directory');
    expect(codeOf(() => openArchive('a', new Uint8Array(100)))).toBe('usdz-not-a-zip');
  });

  test('an entry that claims to unpack to more than it can is refused', () => {
    const zip = makeZip([{ name: 'a.usda', bytes: new Uint8Array(1000), isDeflated: true }]);
    const directory = new DataView(zip.buffer).getUint32(zip.length - 6, true);
    new DataView(zip.buffer).setUint32(directory + 24, 2 ** 30, true);
    expect(() => open(zip).archive.read('a.usda')).toThrow(/limit inflateRatio is 1032/);
  });
});
