import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { measureTransports } from './measure-transports.ts';
import type { TransportKind } from './transports/transport.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Run {
  readonly kinds: readonly TransportKind[];
  /** Milliseconds of each frame; the last repeats. Infinity: it never arrives. A text: it fails with it. */
  readonly frames: Partial<Record<TransportKind, readonly (number | string)[]>>;
}

/** @returns what was measured, how many frames each took, how many probes were left open, and how long it took in all */
async function run({
  kinds,
  frames,
}: Run): Promise<{ measured: unknown; samples: Partial<Record<TransportKind, number>>; open: number; ms: number }> {
  const samples: Partial<Record<TransportKind, number>> = {};
  let open = 0;
  const begin = Date.now();
  const result = measureTransports(
    kinds,
    (kind) => {
      const times = frames[kind] ?? [];
      if (times.length === 0) throw new Error('cannot be opened');
      open += 1;
      return {
        sample: async () => {
          const count = (samples[kind] = (samples[kind] ?? 0) + 1);
          const time = times[count - 1] ?? times.at(-1)!;
          if (typeof time === 'string') throw new Error(time);
          await new Promise((resolve) => setTimeout(resolve, time === Infinity ? 1e9 : time));
          return time;
        },
        close: () => (open -= 1),
      };
    },
    () => Date.now(),
  );
  let isDone = false;
  void result.then(() => (isDone = true));
  while (!isDone) await vi.advanceTimersByTimeAsync(10);
  return { measured: Object.fromEntries(await result), samples, open, ms: Date.now() - begin };
}

test('the median of five frames counts, the first of all is warm-up', async () => {
  const { measured, samples, open } = await run({ kinds: ['buffer'], frames: { buffer: [900, 5, 50, 4, 6, 5] } });
  expect([measured, samples, open]).toEqual([{ buffer: 5 }, { buffer: 6 }, 0]);
});

test('what is clearly slower than the best is given up after its first sample', async () => {
  const { measured, samples } = await run({
    kinds: ['buffer', 'bitmap', 'shared-memory'],
    frames: { buffer: [10], bitmap: [200], 'shared-memory': [8] },
  });
  expect([measured, samples]).toEqual([
    { buffer: 10, bitmap: 200, 'shared-memory': 8 },
    { buffer: 6, bitmap: 2, 'shared-memory': 6 },
  ]);
});

test('slow transports take no more than the budget', async () => {
  const { measured, samples } = await run({ kinds: ['bitmap'], frames: { bitmap: [230] } });
  expect([measured, samples]).toEqual([{ bitmap: 230 }, { bitmap: 3 }]);
});

test('what fails, or cannot be opened, has no time; the next is tried', async () => {
  const { measured, open } = await run({ kinds: ['shared-memory', 'bitmap', 'buffer'], frames: { bitmap: [5, 'broken'], buffer: [7] } });
  expect([measured, open]).toEqual([{ 'shared-memory': undefined, bitmap: undefined, buffer: 7 }, 0]);
});

test('a frame that never arrives holds nothing up: failed if it is the first, slow after one that works', async () => {
  const first = await run({ kinds: ['bitmap', 'buffer'], frames: { bitmap: [Infinity], buffer: [7] } });
  expect(first.measured).toEqual({ bitmap: undefined, buffer: 7 });
  expect(first.ms).toBeLessThan(3500);
  const later = await run({ kinds: ['buffer', 'bitmap'], frames: { bitmap: [Infinity], buffer: [7] } });
  expect([later.measured, later.open]).toEqual([{ buffer: 7, bitmap: 400 }, 0]);
  expect(later.ms).toBeLessThan(600);
});
