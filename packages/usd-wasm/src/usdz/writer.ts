import { crc32 } from './crc32.ts';

/** A file to put in a package. */
export interface PackageFile {
  /** Path inside the package, `/` between folders. */
  readonly name: string;
  /** What it holds; not copied before the package is written. */
  readonly bytes: Uint8Array;
}

const ALIGNMENT = 64;
const UTF8_NAME = 0x800;
/** 1 January 1980, the first day that DOS knows: the same files make the same package. */
const DOS_DATE = 0x21;
const PADDING_ID = 0x1986;

/**
 * Writes a package: plain entries whose data begins at multiples of 64 bytes, in the given order, so the root layer
 * goes first. Source: usdz.md sections 2 and 8; OpenUSD sdf/zipFile.cpp.
 *
 * @throws RangeError on names that are taken, empty or not relative, and past what 32-bit zips hold
 */
export function writePackage(files: readonly PackageFile[]): Uint8Array {
  if (files.length > 0xffff) throw new RangeError(`a package holds at most 65535 files, not ${files.length}`);
  const encoder = new TextEncoder();
  const taken = new Set<string>();
  let at = 0;
  const placed = files.map(({ name, bytes }) => {
    if (name === '' || name.includes('\\') || name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
      throw new RangeError(`${JSON.stringify(name)} is no name for a file in a package`);
    }
    if (taken.has(name)) throw new RangeError(`two files are named ${name}`);
    taken.add(name);
    const nameBytes = encoder.encode(name);
    const headerOffset = at;
    const unpadded = headerOffset + 30 + nameBytes.length;
    let padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
    if (padding > 0 && padding < 4) padding += ALIGNMENT; // an extra field has a header of 4 bytes
    at = unpadded + padding + bytes.length;
    return { nameBytes, bytes, headerOffset, padding, crc: crc32(bytes), flags: nameBytes.length === name.length ? 0 : UTF8_NAME };
  });
  const directoryOffset = at;
  const directorySize = placed.reduce((sum, file) => sum + 46 + file.nameBytes.length, 0);
  const length = directoryOffset + directorySize + 22;
  if (length > 0xffffffff) throw new RangeError(`a package holds at most 4 GiB, not ${length} bytes`);

  const result = new Uint8Array(length);
  const view = new DataView(result.buffer);
  for (const file of placed) {
    at = file.headerOffset;
    view.setUint32(at, 0x04034b50, true);
    putShared(view, at + 4, file);
    view.setUint16(at + 28, file.padding, true);
    result.set(file.nameBytes, at + 30);
    at += 30 + file.nameBytes.length;
    if (file.padding > 0) {
      view.setUint16(at, PADDING_ID, true);
      view.setUint16(at + 2, file.padding - 4, true);
    }
    result.set(file.bytes, at + file.padding);
  }
  at = directoryOffset;
  for (const file of placed) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 10, true);
    putShared(view, at + 6, file);
    view.setUint32(at + 42, file.headerOffset, true);
    result.set(file.nameBytes, at + 46);
    at += 46 + file.nameBytes.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, placed.length, true);
  view.setUint16(at + 10, placed.length, true);
  view.setUint32(at + 12, directorySize, true);
  view.setUint32(at + 16, directoryOffset, true);
  return result;
}

/** What local headers and directory records have in common, from the version needed to the name's length. */
function putShared(view: DataView, at: number, file: { nameBytes: Uint8Array; bytes: Uint8Array; crc: number; flags: number }): void {
  view.setUint16(at, 10, true);
  view.setUint16(at + 2, file.flags, true);
  view.setUint16(at + 8, DOS_DATE, true);
  view.setUint32(at + 10, file.crc, true);
  view.setUint32(at + 14, file.bytes.length, true);
  view.setUint32(at + 18, file.bytes.length, true);
  view.setUint16(at + 22, file.nameBytes.length, true);
}
