import type { ByteSink } from './byte-sink.ts';
import { encodeIntegers32, encodeIntegers64 } from './integer-encoding.ts';
import { lz4Compress } from './lz4-compressor.ts';

/** Writes the size and one chunk of LZ4 data (usdc.md 2.1). */
export function putCompressed(sink: ByteSink, bytes: Uint8Array): void {
  const block = lz4Compress(bytes);
  sink.u64(block.length + 1);
  sink.u8(0);
  sink.put(block);
}

/** Writes the size and the coded, compressed integers; nothing but a size of 0 for none. */
export function putIntegers32(sink: ByteSink, values: Int32Array | Uint32Array): void {
  if (values.length === 0) sink.u64(0);
  else putCompressed(sink, encodeIntegers32(values));
}

export function putIntegers64(sink: ByteSink, values: BigInt64Array | BigUint64Array): void {
  if (values.length === 0) sink.u64(0);
  else putCompressed(sink, encodeIntegers64(values));
}
