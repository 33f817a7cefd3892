/**
 * PIZ: values renumbered so that they are dense, a Haar wavelet over each channel, Huffman codes.
 * Source: OpenEXR, ImfPizCompressor.cpp and ImfWav.cpp.
 */
import type { Block } from './exr-block.ts';
import { interleaved } from './exr-block.ts';
import { Cursor, fail } from './exr-header.ts';
import { decodeHuffman } from './huffman.ts';

const BITMAP_BYTES = 8192;

export function decodePiz(packed: Uint8Array, block: Block): Uint8Array {
  const cursor = new Cursor(packed);
  const firstByte = cursor.uint16();
  const lastByte = cursor.uint16();
  if (lastByte >= BITMAP_BYTES) fail('the value table of a chunk is damaged');
  const bitmap = new Uint8Array(BITMAP_BYTES);
  if (firstByte <= lastByte) bitmap.set(cursor.take(lastByte - firstByte + 1), firstByte);
  // Zero is always there.
  const values = new Uint16Array(65536);
  let valueCount = 0;
  for (let value = 0; value < 65536; value++) {
    if (value === 0 || (bitmap[value >> 3]! & (1 << (value & 7))) !== 0) values[valueCount++] = value;
  }
  const coded = cursor.take(cursor.uint32());
  const data = decodeHuffman(coded, block.rawBytes >> 1);
  const planes: Uint8Array[] = [];
  let start = 0;
  for (const { width, height, sampleBytes } of block.channels) {
    const words = sampleBytes >> 1;
    for (let word = 0; word < words; word++) unwavelet(data, start + word, width, words, height, width * words, valueCount - 1);
    const size = width * height * words;
    planes.push(new Uint8Array(data.buffer, start * 2, size * 2));
    start += size;
  }
  for (let i = 0; i < data.length; i++) data[i] = values[data[i]!]!;
  return interleaved(block, planes);
}

/**
 * Undoes the wavelet in place, coarsest level first.
 *
 * @param stepX, stepY distance between neighbours, elements
 * @param highest largest value: below 2^14 differences need no wrapping
 */
function unwavelet(data: Uint16Array, start: number, width: number, stepX: number, height: number, stepY: number, highest: number): void {
  const undo = highest < 1 << 14 ? undo14 : undo16;
  const shorter = Math.min(width, height);
  let p = 1;
  while (p <= shorter) p <<= 1;
  p >>= 1;
  let p2 = p;
  p >>= 1;
  for (; p >= 1; p2 = p, p >>= 1) {
    const x1 = stepX * p;
    const x2 = stepX * p2;
    const y1 = stepY * p;
    const y2 = stepY * p2;
    const lastRow = start + stepY * (height - p2);
    let row = start;
    for (; row <= lastRow; row += y2) {
      const lastColumn = row + stepX * (width - p2);
      let at = row;
      for (; at <= lastColumn; at += x2) {
        undo(data, at, at + y1);
        undo(data, at + x1, at + x1 + y1);
        undo(data, at, at + x1);
        undo(data, at + y1, at + x1 + y1);
      }
      if ((width & p) !== 0) undo(data, at, at + y1);
    }
    if ((height & p) !== 0) {
      const lastColumn = row + stepX * (width - p2);
      for (let at = row; at <= lastColumn; at += x2) undo(data, at, at + x1);
    }
  }
}

/** Mean and difference at two places to the two values, signed. */
function undo14(data: Uint16Array, low: number, high: number): void {
  const mean = (data[low]! << 16) >> 16;
  const difference = (data[high]! << 16) >> 16;
  const first = mean + (difference & 1) + (difference >> 1);
  data[low] = first;
  data[high] = first - difference;
}

/** The same modulo 2^16. */
function undo16(data: Uint16Array, low: number, high: number): void {
  const mean = data[low]!;
  const difference = data[high]!;
  const second = (mean - (difference >> 1)) & 0xffff;
  data[high] = second;
  data[low] = (difference + second - 0x8000) & 0xffff;
}
