import { expect, test } from 'vitest';
import { lz4Decompress } from '../kernel/kernel.ts';
import { lz4Compress } from './lz4-compressor.ts';

const patterns: Readonly<Record<string, (i: number) => number>> = {
  zeros: () => 0,
  ramp: (i) => i,
  period: (i) => i % 7,
  noise: (i) => Math.imul(i, 2654435761) >>> 24,
};

test.each(Object.keys(patterns))('%s of every small length, and long, decompress to what they were', (name) => {
  const pattern = patterns[name] as (i: number) => number;
  for (const length of [...Array.from({ length: 80 }, (_, i) => i), 300, 4096, 70_000, 200_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => pattern(i));
    expect(Buffer.compare(lz4Decompress(lz4Compress(bytes), length), bytes)).toBe(0);
  }
});

test('repetition shrinks', () => {
  expect(lz4Compress(new Uint8Array(100_000)).length).toBeLessThan(500);
});
