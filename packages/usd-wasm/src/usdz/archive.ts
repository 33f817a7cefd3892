import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { decodeCp437 } from './cp437.ts';
import { inflate } from './inflate.ts';
import { UsdzError } from './usdz-error.ts';
import { readZipDirectory, type ZipRecord } from './zip-directory.ts';

const ALIGNMENT = 64;
/** Faults of one directory that are reported. */
const MAX_FAULTS = 16;

/** One file of a package. */
export interface ArchiveEntry {
  /** Path inside the package, `/` between folders, as written. */
  readonly name: string;
  /** Bytes once decompressed. */
  readonly size: number;
  /** USDZ wants files stored as they are; DEFLATE is read nevertheless. */
  readonly isCompressed: boolean;
  /** Method of compression: 0 is none, 8 DEFLATE. */
  readonly method: number;
  /** Bytes in the package. */
  readonly compressedSize: number;
  /** Encrypted files cannot be read. */
  readonly isEncrypted: boolean;
  /** Where its (maybe compressed) data begins, from the start of the package. */
  readonly dataOffset: number;
}

/**
 * A package. Source: usdz.md; OpenUSD sdf/zipFile.cpp. What OpenUSD would refuse (compressed entries, data
 * descriptors, broken directories) is read where it can be, and reported.
 */
export class Archive {
  /** Identifier of the package, for messages. */
  readonly asset: string;
  /** In physical order. Folders and files that operating systems leave behind are not listed. */
  readonly entries: readonly ArchiveEntry[];
  readonly #bytes: Uint8Array;
  readonly #reporter: Reporter | undefined;
  readonly #records = new Map<string, ZipRecord>();
  readonly #inflated = new Map<string, WeakRef<Uint8Array>>();
  readonly #limits: ReadLimits;
  #inflatedBytes = 0;

  constructor(asset: string, bytes: Uint8Array, named: ReadonlyMap<string, ZipRecord>, reporter: Reporter | undefined, limits: ReadLimits) {
    this.asset = asset;
    this.#limits = limits;
    this.#bytes = bytes;
    this.#reporter = reporter;
    const entries: ArchiveEntry[] = [];
    for (const [name, record] of named) {
      this.#records.set(name, record);
      const { size, method, compressedSize, isEncrypted, dataOffset } = record;
      entries.push({ name, size, isCompressed: method !== 0, method, compressedSize, isEncrypted, dataOffset });
    }
    this.entries = entries;
  }

  /** Name of the root layer: the first entry, or the first one that is a layer. Undefined where there is none. */
  get rootLayer(): string | undefined {
    return this.entries.find((entry) => isLayerName(entry.name))?.name;
  }

  /** Bytes of the root layer. Throws UsdzError where there is none, LimitError where it is larger than allowed. */
  readRootLayer(): { readonly name: string; readonly bytes: Uint8Array } {
    const name = this.rootLayer;
    if (name === undefined) throw new UsdzError('usdz-no-layer', this.asset, 0, `none of the ${this.entries.length} files is a layer`);
    const first = this.entries[0]?.name;
    if (first !== name)
      this.#report('usdz-first-entry', `The first file of package @${this.asset}@ is ${first}; ${name} is taken as its root layer`);
    return { name, bytes: this.read(name) };
  }

  /** Whether there is a file of that name. */
  has(name: string): boolean {
    return this.#records.has(name);
  }

  /**
   * Bytes of an entry: a view on the package where it is stored plainly. A name that is there in other case only is
   * found and reported. Throws UsdzError or LimitError.
   */
  read(name: string): Uint8Array {
    const record = this.#records.get(name) ?? this.#ignoringCase(name);
    if (record === undefined) throw new UsdzError('usdz-no-entry', this.asset, 0, `there is no file ${name} in the package`);
    if (record.isEncrypted) throw new UsdzError('usdz-entry', this.asset, record.headerOffset, `${name} is encrypted`);
    if (record.method === 0) return this.#bytes.subarray(record.dataOffset, record.dataOffset + record.compressedSize);
    if (record.method !== 8)
      throw new UsdzError('usdz-compression', this.asset, record.headerOffset, `${name} is compressed by method ${record.method}`);
    const known = this.#inflated.get(name)?.deref();
    if (known !== undefined) return known;
    const bytes = this.#inflate(name, record);
    this.#inflated.set(name, new WeakRef(bytes));
    return bytes;
  }

  #inflate(name: string, record: ZipRecord): Uint8Array {
    const { inflateRatio, inflatedBytes } = this.#limits;
    if (record.size > record.compressedSize * inflateRatio + 64) {
      const ratio = Math.ceil(record.size / Math.max(1, record.compressedSize));
      throw new LimitError(
        'inflateRatio',
        inflateRatio,
        ratio,
        this.asset,
        `${name} says it is ${record.size} bytes, compressed to ${record.compressedSize}`,
      );
    }
    // Counted once per name, so that reading again does not add up.
    if (!this.#inflated.has(name)) this.#inflatedBytes += record.size;
    if (this.#inflatedBytes > inflatedBytes) {
      throw new LimitError(
        'inflatedBytes',
        inflatedBytes,
        this.#inflatedBytes,
        this.asset,
        'compressed files take more bytes once inflated',
      );
    }
    try {
      return inflate(this.#bytes.subarray(record.dataOffset, record.dataOffset + record.compressedSize), record.size);
    } catch (cause) {
      throw new UsdzError('usdz-compression', this.asset, record.dataOffset, `${name}: ${(cause as Error).message}`, { cause });
    }
  }

  #ignoringCase(name: string): ZipRecord | undefined {
    const lower = name.toLowerCase();
    for (const [candidate, record] of this.#records) {
      if (candidate.toLowerCase() !== lower) continue;
      this.#report('usdz-name-case', `${name} is called ${candidate} in package @${this.asset}@`);
      return record;
    }
    return undefined;
  }

  #report(code: string, message: string): void {
    this.#reporter?.report({ code, severity: 'warning', message, asset: this.asset });
  }
}

/**
 * Opens a package.
 *
 * @param reporter told of what the format forbids but could be read
 * @throws UsdzError where no entry can be found, LimitError where there are more than allowed
 */
export function openArchive(asset: string, bytes: Uint8Array, reporter?: Reporter, limits: ReadLimits = DEFAULT_LIMITS): Archive {
  const report = (code: string, message: string): void => reporter?.report({ code, severity: 'warning', message, asset });
  if (bytes.length > limits.fileBytes) throw new LimitError('fileBytes', limits.fileBytes, bytes.length, asset, 'the package is larger');
  const { records, faults } = readZipDirectory(bytes);
  if (records.length > limits.packageEntries)
    throw new LimitError('packageEntries', limits.packageEntries, records.length, asset, 'the package has more files');
  if (records.length === 0) {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    throw new UsdzError(isZip ? 'usdz-directory' : 'usdz-not-a-zip', asset, 0, faults[0] ?? 'it has no entries');
  }
  for (const fault of faults.slice(0, MAX_FAULTS)) report('usdz-directory', `Package @${asset}@: ${fault}`);

  const physical = [...records].sort((a, b) => a.headerOffset - b.headerOffset);
  const named = new Map<string, ZipRecord>();
  let end = 0;
  for (const record of physical) {
    const name = entryName(record);
    if (name === undefined) {
      report('usdz-name', `Package @${asset}@ has a file named ${JSON.stringify(decodeName(record))}, which is left out`);
      continue;
    }
    // Entries that share bytes are how a few bytes unpack to many.
    if (record.headerOffset < end) {
      report('usdz-overlap', `${name} in package @${asset}@ overlaps the file before it and is left out`);
      continue;
    }
    end = record.dataOffset + record.compressedSize;
    if (name === '') continue;
    if (named.has(name)) report('usdz-duplicate', `Package @${asset}@ has two files named ${name}; the first is used`);
    else named.set(name, record);
  }
  reportForm(named, report, asset);
  const first = records.find((record) => entryName(record) !== '');
  if (first !== undefined && physical.find((record) => entryName(record) !== '') !== first) {
    report(
      'usdz-order',
      `The directory of package @${asset}@ begins with ${entryName(first) ?? 'another file'}, its data with ${[...named.keys()][0] ?? 'nothing'}`,
    );
  }
  return new Archive(asset, bytes, named, reporter, limits);
}

function reportForm(named: ReadonlyMap<string, ZipRecord>, report: (code: string, message: string) => void, asset: string): void {
  const names = (isMeant: (record: ZipRecord) => boolean): string[] =>
    [...named].filter(([, record]) => isMeant(record)).map(([name]) => name);
  const compressed = names((record) => record.method !== 0);
  if (compressed.length > 0)
    report('usdz-compressed', `Package @${asset}@ holds compressed files, which the format forbids: ${listing(compressed)}`);
  const unaligned = names((record) => record.method === 0 && record.dataOffset % ALIGNMENT !== 0);
  if (unaligned.length > 0)
    report('usdz-unaligned', `Package @${asset}@ has files that do not begin at a multiple of ${ALIGNMENT} bytes: ${listing(unaligned)}`);
  const encrypted = names((record) => record.isEncrypted);
  if (encrypted.length > 0)
    report('usdz-encrypted', `Package @${asset}@ holds encrypted files, which cannot be read: ${listing(encrypted)}`);
}

function listing(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

/** `''`: a folder or a left-over, not listed. Undefined: a name that must not be used. */
function entryName(record: ZipRecord): string | undefined {
  const written = decodeName(record).replaceAll('\\', '/');
  if (written.endsWith('/')) return '';
  if (written.includes('\0') || written.startsWith('/') || /^[A-Za-z]:/.test(written)) return undefined;
  const segments: string[] = [];
  for (const segment of written.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  const last = segments[segments.length - 1];
  if (last === undefined || segments[0] === '__MACOSX' || last === '.DS_Store' || last.startsWith('._')) return '';
  return segments.join('/');
}

function decodeName(record: ZipRecord): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(record.nameBytes);
  } catch {
    return decodeCp437(record.nameBytes); // not UTF-8: the code page that zip files had before
  }
}

function isLayerName(name: string): boolean {
  return /\.(usd|usda|usdc|usdz)$/i.test(name);
}
