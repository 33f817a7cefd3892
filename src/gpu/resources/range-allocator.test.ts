import { describe, expect, it } from 'vitest';
import { RangeAllocator } from './range-allocator.ts';

describe('RangeAllocator', () => {
  it('hands out adjacent ranges and says when a block is full', () => {
    const ranges = new RangeAllocator(100);
    ranges.addBlock();
    expect([ranges.allocate(40), ranges.allocate(60), ranges.allocate(1)]).toEqual([0, 40, undefined]);
    ranges.addBlock();
    expect(ranges.allocate(1)).toBe(100);
  });

  it('never crosses a block border', () => {
    const ranges = new RangeAllocator(100);
    ranges.addBlock();
    ranges.addBlock();
    ranges.allocate(90);
    expect(ranges.allocate(20)).toBe(100);
    ranges.free(0, 90);
    ranges.free(100, 20);
    // 90 free + 10 free + 20 free are merged inside blocks only.
    expect([ranges.allocate(100), ranges.allocate(100)]).toEqual([0, 100]);
  });

  it('merges neighbours on both sides', () => {
    const ranges = new RangeAllocator(30);
    ranges.addBlock();
    const [a, b, c] = [ranges.allocate(10)!, ranges.allocate(10)!, ranges.allocate(10)!];
    ranges.free(a, 10);
    ranges.free(c, 10);
    expect(ranges.allocate(30)).toBeUndefined();
    ranges.free(b, 10);
    expect(ranges.allocate(30)).toBe(0);
  });

  it('keeps random allocations apart', () => {
    const seed = 12345;
    let state = seed;
    const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const ranges = new RangeAllocator(1000);
    const owner = new Int32Array(10_000).fill(-1);
    const live: { start: number; size: number; id: number }[] = [];
    for (let id = 0; id < 3000; id++) {
      if (random() < 0.55) {
        const size = 1 + Math.floor(random() * 200);
        let start = ranges.allocate(size);
        if (start === undefined) {
          if (ranges.blockCount === 10) continue;
          ranges.addBlock();
          start = ranges.allocate(size)!;
        }
        for (let i = start; i < start + size; i++) {
          if (owner[i] !== -1) expect.fail(`seed ${seed}: unit ${i} is taken twice`);
          owner[i] = id;
        }
        live.push({ start, size, id });
      } else if (live.length > 0) {
        const [range] = live.splice(Math.floor(random() * live.length), 1);
        owner.fill(-1, range!.start, range!.start + range!.size);
        ranges.free(range!.start, range!.size);
      }
    }
    expect(ranges.used).toBe(live.reduce((sum, range) => sum + range.size, 0));
  });
});
