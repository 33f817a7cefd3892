/** The bytes of one crate, read with bounds checks that name the section and the byte. */
import { decodeIntegers32, decodeIntegers64, decompressIntegers32, KernelError, lz4Decompress } from '../kernel/kernel.ts';
import { LIMIT } from './layout.ts';
import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import { UsdcReadError, type UsdcErrorCode } from './usdc-error.ts';

/** LZ4_MAX_INPUT_SIZE: what each chunk but the last decompresses to. */
const CHUNK_BYTES = 0x7e000000;

export class CrateBytes {
  readonly asset: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly length: number;
  readonly limits: ReadLimits;
  /** What is asked of `bytes` and `limits` for every array: such getters take long until an engine has compiled what calls them. */
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly mostElements: number;
  /** The file as 32-bit words, where it begins at a multiple of four in its buffer: read with less ado than the view. */
  readonly words: Int32Array | undefined;

  constructor(asset: string, bytes: Uint8Array, limits: ReadLimits = DEFAULT_LIMITS) {
    this.asset = asset;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.byteLength;
    this.limits = limits;
    this.buffer = bytes.buffer;
    this.byteOffset = bytes.byteOffset;
    this.mostElements = limits.arrayElements;
    this.words = bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2) : undefined;
  }

  cursor(section: string, at: number, end = this.length): CrateCursor {
    if (at > end || at < 0) throw this.error('usdc-truncated', section, at, `offset ${at} is outside the ${end} bytes there are`);
    return new CrateCursor(this, section, at, end);
  }

  /** Throws LimitError where more is asked for than a limit allows. */
  allow(limit: keyof ReadLimits, found: number, what: string): void {
    const allowed = this.limits[limit];
    if (found > allowed) throw new LimitError(limit, allowed, found, this.asset, what);
  }

  error(code: UsdcErrorCode, section: string, at: number, what: string, cause?: unknown): UsdcReadError {
    return new UsdcReadError(code, this.asset, section, at, what, cause === undefined ? undefined : { cause });
  }
}

/** A reading position within [start, end) of a crate. Little-endian. */
export class CrateCursor {
  readonly file: CrateBytes;
  readonly section: string;
  readonly end: number;
  at: number;

  constructor(file: CrateBytes, section: string, at: number, end: number) {
    this.file = file;
    this.section = section;
    this.at = at;
    this.end = end;
  }

  error(code: UsdcErrorCode, what: string, cause?: unknown): UsdcReadError {
    return this.file.error(code, this.section, this.at, what, cause);
  }

  /** Moves past `length` bytes and returns where they start. */
  take(length: number): number {
    const at = this.at;
    if (!(length <= this.end - at)) throw this.error('usdc-truncated', `${length} bytes expected, ${this.end - at} are left`);
    this.at = at + length;
    return at;
  }

  u8(): number {
    return this.file.view.getUint8(this.take(1));
  }

  u32(): number {
    return this.file.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.file.view.getInt32(this.take(4), true);
  }

  f32(): number {
    return this.file.view.getFloat32(this.take(4), true);
  }

  f64(): number {
    return this.file.view.getFloat64(this.take(8), true);
  }

  i64(): bigint {
    return this.file.view.getBigInt64(this.take(8), true);
  }

  u64(): bigint {
    return this.file.view.getBigUint64(this.take(8), true);
  }

  /** A u64 that counts bytes or items: the nearest double, as nothing has 2^53 of them. */
  size(): number {
    const at = this.take(8);
    const { view } = this.file;
    return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  }

  /** A signed 64-bit offset or difference; those past 2^53 cannot be meant. */
  offset(): number {
    const at = this.take(8);
    const { view } = this.file;
    const value = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) throw this.file.error('usdc-truncated', this.section, at, `offset ${value} is outside the file`);
    return value;
  }

  /** A u64 count of things that take at least `itemBytes` each in what follows. */
  count(itemBytes: number): number {
    const at = this.at;
    const count = this.size();
    if (count * itemBytes > this.end - this.at) {
      throw this.file.error(
        'usdc-truncated',
        this.section,
        at,
        `${count} items of ${itemBytes} bytes expected, ${this.end - this.at} bytes are left`,
      );
    }
    return count;
  }

  /**
   * A u64 count of a section's items, which may be compressed to next to nothing. Bounded by the size of the file: every
   * item costs memory before anything else can be checked, and no real file comes near.
   */
  itemCount(): number {
    const at = this.at;
    const count = this.size();
    const most = LIMIT.itemsOfAnyFile + LIMIT.itemsPerByte * this.file.length;
    if (count > most)
      throw this.file.error(
        'usdc-too-large',
        this.section,
        at,
        `${count} items in a file of ${this.file.length} bytes; at most ${most} are read`,
      );
    return count;
  }

  view(length: number): Uint8Array {
    const at = this.take(length);
    return this.file.bytes.subarray(at, at + length);
  }

  /** That many 32-bit words, copied. */
  words(count: number): Uint32Array {
    const at = this.take(4 * count);
    return new Uint32Array(this.file.bytes.slice(at, at + 4 * count).buffer);
  }

  /** A u64 size and that many bytes of compressed integers (32 bits each). */
  integers32(count: number): Int32Array {
    return count === 0 ? this.#skipEmpty(new Int32Array(0)) : (this.#integersOfOneBlock(count) ?? this.#decode(count, 4, decodeIntegers32));
  }

  integers64(count: number): BigInt64Array {
    return count === 0 ? this.#skipEmpty(new BigInt64Array(0)) : this.#decode(count, 8, decodeIntegers64);
  }

  /** A u64 size and compressed bytes that decompress to at most `length` bytes. */
  compressed(length: number): Uint8Array {
    const at = this.at;
    return this.#decompress(this.view(this.count(1)), length, at);
  }

  #skipEmpty<T>(empty: T): T {
    this.take(this.count(1));
    return empty;
  }

  /** Most arrays are one block, and good: undefined of any other, for the way that tells what is wrong. */
  #integersOfOneBlock(count: number): Int32Array | undefined {
    const start = this.at;
    const size = this.count(1);
    const packed = this.at;
    const { file } = this;
    const capacity = 4 + Math.ceil(count / 4) + count * 4;
    if (size > 0 && file.bytes[packed] === 0 && capacity <= size * LIMIT.lz4Ratio) {
      if (capacity > file.limits.decodedBytes)
        file.allow('decodedBytes', capacity, `${this.section} at byte ${start} is larger once decompressed`);
      this.at = packed + size;
      try {
        return decompressIntegers32(file.bytes.subarray(packed + 1, packed + size), capacity, count);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
      }
    }
    this.at = start;
    return undefined;
  }

  #decode<T>(count: number, width: number, decode: (encoded: Uint8Array, count: number) => T): T {
    const at = this.at;
    const encoded = this.compressed(width + Math.ceil(count / 4) + count * width);
    if (encoded.length < width + Math.ceil(count / 4)) {
      throw this.file.error('usdc-compression', this.section, at, `${encoded.length} bytes cannot hold ${count} integers`);
    }
    try {
      return decode(encoded, count);
    } catch (cause) {
      throw this.file.error('usdc-compression', this.section, at, `compressed integers are broken: ${(cause as Error).message}`, cause);
    }
  }

  /** Chunked LZ4 (usdc.md 2.1). `maxLength` is cut to what the input can expand to, so a lying size costs no memory. */
  #decompress(packed: Uint8Array, maxLength: number, at: number): Uint8Array {
    const fail = (what: string, cause?: unknown): UsdcReadError => this.file.error('usdc-compression', this.section, at, what, cause);
    if (packed.length === 0) {
      if (maxLength === 0) return new Uint8Array(0);
      throw fail('no compressed bytes');
    }
    this.file.allow('decodedBytes', maxLength, `${this.section} at byte ${at} is larger once decompressed`);
    const block = (src: Uint8Array, length: number): Uint8Array => {
      try {
        return lz4Decompress(src, Math.min(length, src.length * LIMIT.lz4Ratio + 64));
      } catch (cause) {
        throw fail(`LZ4 block is broken: ${(cause as Error).message}`, cause);
      }
    };
    const chunkCount = packed[0]!;
    if (chunkCount === 0) return block(packed.subarray(1), maxLength);
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    const parts: Uint8Array[] = [];
    let length = 0;
    let next = 1;
    for (let i = 0; i < chunkCount; i++) {
      if (packed.length - next < 4) throw fail(`chunk ${i} of ${chunkCount} is cut off`);
      const size = view.getInt32(next, true);
      next += 4;
      if (size < 0 || size > packed.length - next)
        throw fail(`chunk ${i} of ${chunkCount} says ${size} bytes, ${packed.length - next} are left`);
      const part = block(packed.subarray(next, next + size), Math.min(maxLength - length, CHUNK_BYTES));
      parts.push(part);
      length += part.length;
      next += size;
    }
    const whole = new Uint8Array(length);
    let out = 0;
    for (const part of parts) {
      whole.set(part, out);
      out += part.length;
    }
    return whole;
  }
}
