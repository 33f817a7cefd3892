/**
 * Finds the entries of a zip file: by its central directory, else by walking the local headers.
 * Source: PKWARE APPNOTE 4.3; usdz.md sections 2-4.
 */

/** Where an entry lies. Offsets count from the start of the file. */
export interface ZipRecord {
  readonly nameBytes: Uint8Array;
  readonly isUtf8: boolean;
  readonly isEncrypted: boolean;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly headerOffset: number;
  readonly dataOffset: number;
  readonly compressedSize: number;
  readonly size: number;
}

export interface ZipDirectory {
  readonly records: readonly ZipRecord[];
  /** What was wrong on the way; the records are what could be had all the same. */
  readonly faults: readonly string[];
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
export const MAX_ENTRIES = 0xffff;

export function readZipDirectory(bytes: Uint8Array): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const central = readCentralDirectory(bytes, view);
  if (typeof central !== 'string' && central.faults.length === 0) return central;
  const fault = typeof central === 'string' ? central : (central.faults[0] as string);
  const walked = walkLocalHeaders(bytes, view);
  if (typeof central !== 'string' && central.records.length >= walked.records.length) return central;
  return {
    records: walked.records,
    faults: [`its directory is not usable (${fault}), so its entries were searched for`, ...walked.faults],
  };
}

/** Returns what is wrong where there is no directory at all. */
function readCentralDirectory(bytes: Uint8Array, view: DataView): ZipDirectory | string {
  const end = findEnd(view);
  if (end < 0) return 'no end record';
  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let start = view.getUint32(end + 16, true);
  let directoryEnd = end;
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    const wide = readEnd64(view, end);
    if (wide !== undefined) ({ count, size, start, directoryEnd } = wide);
  }
  if (count > MAX_ENTRIES) return `${count} entries`;
  if (size > directoryEnd || count * 46 > size) return `${count} entries in ${size} bytes`;
  // Bytes before the archive (a program that unpacks itself) shift every offset.
  const shift = isSignature(view, start, CENTRAL) || count === 0 ? 0 : directoryEnd - size - start;
  if (start + shift < 0 || start + shift + size > bytes.length) return `it should lie at bytes ${start} to ${start + size}`;
  const records: ZipRecord[] = [];
  const faults: string[] = [];
  // A directory that is off although the file begins with an entry may be that of a package inside this one.
  if (shift !== 0 && isSignature(view, 0, LOCAL)) faults.push('it does not say where the entries are');
  let at = start + shift;
  const stop = at + size;
  for (let i = 0; i < count; i++) {
    if (at + 46 > stop || !isSignature(view, at, CENTRAL)) return { records, faults: [`record ${i} of ${count} is broken`] };
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > stop) return { records, faults: [`record ${i} of ${count} is cut off`] };
    const record = completeRecord(bytes, view, at, nameLength, extraLength, shift);
    if (typeof record === 'string') faults.push(record);
    else records.push(record);
    at = next;
  }
  return { records, faults };
}

function completeRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  nameLength: number,
  extraLength: number,
  shift: number,
): ZipRecord | string {
  const flags = view.getUint16(at + 8, true);
  const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
  const sizes = wideSizes(
    view,
    at + 46 + nameLength,
    extraLength,
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  );
  const headerOffset = sizes.offset + shift;
  const name = printableName(nameBytes);
  if (!isSignature(view, headerOffset, LOCAL) || headerOffset + 30 > bytes.length) return `no header of ${name} at byte ${headerOffset}`;
  const dataOffset = headerOffset + 30 + view.getUint16(headerOffset + 26, true) + view.getUint16(headerOffset + 28, true);
  if (dataOffset + sizes.compressed > bytes.length) return `${name} reaches past the end of the file`;
  return {
    nameBytes,
    isUtf8: (flags & 0x800) !== 0,
    isEncrypted: (flags & 1) !== 0,
    method: view.getUint16(at + 10, true),
    headerOffset,
    dataOffset,
    compressedSize: sizes.compressed,
    size: sizes.size,
  };
}

/** Takes sizes of 4 GiB and more from the zip64 extra field, which holds those of the three that do not fit. */
function wideSizes(
  view: DataView,
  extra: number,
  extraLength: number,
  size: number,
  compressed: number,
  offset: number,
): { size: number; compressed: number; offset: number } {
  const isWide = size === 0xffffffff || compressed === 0xffffffff || offset === 0xffffffff;
  for (let at = extra; isWide && at + 4 <= extra + extraLength;) {
    const id = view.getUint16(at, true);
    const end = at + 4 + view.getUint16(at + 2, true);
    if (id === 1 && end <= extra + extraLength) {
      let next = at + 4;
      const take = (value: number): number => {
        if (value !== 0xffffffff || next + 8 > end) return value;
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      };
      size = take(size);
      compressed = take(compressed);
      offset = take(offset);
      break;
    }
    at = end;
  }
  return { size, compressed, offset };
}

/** Position of the end record, or -1. One whose comment ends the file is preferred over one with bytes behind. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  let tolerated = -1;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const commentEnd = at + END_BYTES + view.getUint16(at + 20, true);
    if (commentEnd === view.byteLength) return at;
    if (tolerated < 0 && commentEnd < view.byteLength) tolerated = at;
  }
  return tolerated;
}

function readEnd64(view: DataView, end: number): { count: number; size: number; start: number; directoryEnd: number } | undefined {
  if (end < 20 || view.getUint32(end - 20, true) !== LOCATOR64) return undefined;
  const at = Number(view.getBigUint64(end - 12, true));
  if (!isSignature(view, at, END64) || at + 56 > view.byteLength) return undefined;
  return {
    count: Number(view.getBigUint64(at + 32, true)),
    size: Number(view.getBigUint64(at + 40, true)),
    start: Number(view.getBigUint64(at + 48, true)),
    directoryEnd: at,
  };
}

/** Goes from header to header as OpenUSD does, over bytes that are none. */
function walkLocalHeaders(bytes: Uint8Array, view: DataView): ZipDirectory {
  const records: ZipRecord[] = [];
  const faults: string[] = [];
  let descriptors: ReadonlyMap<number, number> | undefined;
  let at = findSignature(bytes, 0, 3, 4);
  while (at >= 0 && at + 30 <= bytes.length && records.length < MAX_ENTRIES) {
    const flags = view.getUint16(at + 6, true);
    const method = view.getUint16(at + 8, true);
    let compressedSize = view.getUint32(at + 18, true);
    let size = view.getUint32(at + 22, true);
    const nameLength = view.getUint16(at + 26, true);
    const extraLength = view.getUint16(at + 28, true);
    const dataOffset = at + 30 + nameLength + extraLength;
    if (dataOffset > bytes.length) {
      faults.push(`the header at byte ${at} is cut off`);
      break;
    }
    const nameBytes = bytes.subarray(at + 30, at + 30 + nameLength);
    ({ size, compressed: compressedSize } = wideSizes(view, at + 30 + nameLength, extraLength, size, compressedSize, 0));
    let next = dataOffset + compressedSize;
    if ((flags & 8) !== 0 && compressedSize === 0) {
      descriptors ??= findDescriptors(bytes, view);
      const descriptor = descriptors.get(dataOffset);
      if (descriptor === undefined) {
        faults.push(`the size of ${printableName(nameBytes)} is nowhere to be found`);
        at = findSignature(bytes, dataOffset, 3, 4);
        continue;
      }
      compressedSize = descriptor - dataOffset;
      size = view.getUint32(descriptor + 12, true);
      next = descriptor + 16;
    }
    if (next > bytes.length) faults.push(`${printableName(nameBytes)} is cut off`);
    else
      records.push({
        nameBytes,
        isUtf8: (flags & 0x800) !== 0,
        isEncrypted: (flags & 1) !== 0,
        method,
        headerOffset: at,
        dataOffset,
        compressedSize,
        size,
      });
    at = findSignature(bytes, Math.min(next, bytes.length), 3, 4);
  }
  return { records, faults };
}

/** Positions of data descriptors by where the data before them begins, which their sizes tell. */
function findDescriptors(bytes: Uint8Array, view: DataView): ReadonlyMap<number, number> {
  const descriptors = new Map<number, number>();
  for (let at = findSignature(bytes, 0, 7, 8); at >= 0 && at + 16 <= bytes.length; at = findSignature(bytes, at + 4, 7, 8)) {
    const dataOffset = at - view.getUint32(at + 8, true);
    if (!descriptors.has(dataOffset)) descriptors.set(dataOffset, at);
  }
  return descriptors;
}

/** Next `P K a b`, or -1. */
function findSignature(bytes: Uint8Array, from: number, a: number, b: number): number {
  for (let at = bytes.indexOf(0x50, from); at >= 0; at = bytes.indexOf(0x50, at + 1)) {
    if (bytes[at + 1] === 0x4b && bytes[at + 2] === a && bytes[at + 3] === b) return at;
  }
  return -1;
}

function isSignature(view: DataView, at: number, signature: number): boolean {
  return at >= 0 && at + 4 <= view.byteLength && view.getUint32(at, true) === signature;
}

function printableName(nameBytes: Uint8Array): string {
  return JSON.stringify(String.fromCharCode(...nameBytes.subarray(0, 80)));
}
