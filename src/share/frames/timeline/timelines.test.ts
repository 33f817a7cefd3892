import type { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleNodeWorker } from '../../../../tests/support/node-worker.ts';
import type { TimelineOrder } from '../../../../tests/support/timeline-worker.ts';
import { openPortLink } from '../link/port-link.ts';
import { AtomicTimeline } from './atomic-timeline.ts';
import { LocalTimeline } from './local-timeline.ts';
import { MessageTimeline } from './message-timeline.ts';
import { createTimeline, exportTimeline, importTimeline, type TimelineHandle } from './shared-timeline.ts';
import type { TimelineSemaphore, WaitResult } from './timeline-semaphore.ts';

/** The other end, wherever it is. */
interface FarEnd {
  value(): Promise<number>;
  signal(value: number): Promise<boolean>;
  /** first, first + step, … last */
  signalAll(first: number, step: number, last: number): Promise<unknown>;
  wait(value: number, timeoutMs?: number): Promise<WaitResult>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: TimelineSemaphore;
  readonly far: FarEnd;
  /** Where the near end has not made it. */
  readonly closeNear?: () => void;
  /** Ends the far end's realm without a word; undefined where both ends are in one. */
  readonly kill?: () => Promise<unknown>;
}

let startWorker: Awaited<ReturnType<typeof bundleNodeWorker>>;
const workers: Worker[] = [];
const timelines: TimelineSemaphore[] = [];

beforeAll(async () => {
  startWorker = await bundleNodeWorker(new URL('../../../../tests/support/timeline-worker.ts', import.meta.url));
});

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const timeline of timelines.splice(0)) timeline.close();
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

/** Every kind of semaphore, and every way to have two ends of one. */
const KINDS: readonly (readonly [name: string, make: () => Pair | Promise<Pair>])[] = [
  [
    'local',
    () => {
      const timeline = new LocalTimeline();
      return { near: timeline, far: farEnd(timeline) };
    },
  ],
  [
    'messages, one realm',
    () => {
      const { port1, port2 } = new MessageChannel();
      return { near: new MessageTimeline(openPortLink(port1)), far: farEnd(new MessageTimeline(openPortLink(port2))) };
    },
  ],
  [
    'shared memory, one realm',
    () => {
      const memory = new SharedArrayBuffer(16);
      return { near: new AtomicTimeline(memory, 8), far: farEnd(new AtomicTimeline(memory, 8)) };
    },
  ],
  [
    'shared memory without waitAsync, one realm',
    () => {
      const memory = new SharedArrayBuffer(8);
      vi.stubGlobal(
        'Atomics',
        new Proxy(Atomics, { get: (target, name) => (name === 'waitAsync' ? undefined : Reflect.get(target, name)) }),
      );
      return { near: new AtomicTimeline(memory), far: farEnd(new AtomicTimeline(memory)) };
    },
  ],
  ['handle, one realm, shared memory', () => pairByHandle(true, true)],
  ['handle, one realm, messages', () => pairByHandle(false, true)],
  ['handle to a thread, shared memory', () => pairWithThread(true, true)],
  ['handle to a thread, messages', () => pairWithThread(false, false)],
  ['handle to a thread that has no shared memory, from one that has', () => pairWithThread(true, false)],
  ['two handles of one that is made elsewhere, messages', () => pairOfImports()],
];

describe.each(KINDS)('%s', (kind, make) => {
  async function makePair(): Promise<Pair> {
    const pair = await make();
    timelines.push(pair.near);
    return pair;
  }

  test('starts at 0, which nobody waits for', async () => {
    const { near, far } = await makePair();
    expect([near.value, await far.value(), await near.wait(0), await far.wait(0, 0)]).toEqual([0, 0, 'ok', 'ok']);
  });

  test('a signal is seen at both ends and ends the waits up to it', async () => {
    const { near, far } = await makePair();
    const waits = [near.wait(1), near.wait(3), far.wait(2), far.wait(3)];
    expect(near.signal(3)).toBe(true);
    expect(await Promise.all(waits)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect([near.value, await far.value()]).toEqual([3, 3]);
    const back = near.wait(4);
    expect(await far.signal(4)).toBe(true);
    expect([await back, near.value]).toEqual(['ok', 4]);
  });

  test('a wait for what is reached already ends at once', async () => {
    const { near, far } = await makePair();
    near.signal(10);
    expect(await far.wait(10)).toBe('ok');
    expect([await near.wait(10), await near.wait(1, 0), await far.wait(1, 0)]).toEqual(['ok', 'ok', 'ok']);
  });

  test('a value never falls', async () => {
    const { near, far } = await makePair();
    near.signal(5);
    await far.wait(5);
    expect([near.signal(5), near.signal(4), near.signal(0), await far.signal(5), await far.signal(1)]).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([near.value, await far.value()]).toEqual([5, 5]);
  });

  test('a wait ends in time', async () => {
    const { near, far } = await makePair();
    near.signal(1);
    const begin = performance.now();
    expect(await Promise.all([near.wait(2, 30), far.wait(2, 30), near.wait(3, 1), near.wait(2, 0), near.wait(2, -1)])).toEqual(
      Array.from({ length: 5 }, () => 'timeout'),
    );
    expect(performance.now() - begin).toBeGreaterThan(25);
    // Those who waited are not counted any more, those who wait still are.
    const wait = near.wait(2, 5000);
    await far.signal(2);
    expect(await wait).toBe('ok');
  });

  test('both ends may signal at the same time: the highest value counts', async () => {
    const { near, far } = await makePair();
    const observed: number[] = [];
    const observe = (async () => {
      while ((await near.wait((observed.at(-1) ?? 0) + 1)) === 'ok' && near.value < 2000) observed.push(near.value);
    })();
    const signals = far.signalAll(1, 2, 1999);
    for (let value = 2; value <= 2000; value += 2) {
      near.signal(value);
      if (value % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await signals;
    expect([await near.wait(2000, 2000), await far.wait(2000, 2000)]).toEqual(['ok', 'ok']);
    expect([near.value, await far.value()]).toEqual([2000, 2000]);
    await observe;
    expect(observed.every((value, index) => index === 0 || value > observed[index - 1]!)).toBe(true);
  });

  test('many wait for many values', async () => {
    const { near, far } = await makePair();
    const order: number[] = [];
    const waits = Array.from({ length: 200 }, (_unused, index) => {
      const value = ((index * 7) % 200) + 1;
      return near.wait(value).then((result) => order.push(result === 'ok' ? value : -1));
    });
    const farWaits = Array.from({ length: 50 }, (_unused, index) => far.wait(index * 4 + 1));
    for (let value = 20; value <= 200; value += 20) await far.signal(value);
    await Promise.all(waits);
    expect(new Set(await Promise.all(farWaits))).toEqual(new Set(['ok']));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_unused, index) => index + 1));
  });

  test('values go beyond 2^32, up to 2^53 - 1', async () => {
    const { near, far } = await makePair();
    for (const value of [2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER]) {
      const wait = far.wait(value);
      expect(near.signal(value)).toBe(true);
      expect([await wait, await far.value()]).toEqual(['ok', value]);
    }
    expect(await far.signal(Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('%d is no value', async (value) => {
    const { near } = await makePair();
    expect(() => near.signal(value)).toThrow(expect.objectContaining({ code: 'share-bad-descriptor' }));
    await expect((async () => near.wait(value))()).rejects.toMatchObject({ code: 'share-bad-descriptor' });
    expect(near.value).toBe(0);
  });

  test('a close ends the waits of both ends with lost, but not those that are reached', async () => {
    const { near, far, closeNear = () => near.close() } = await makePair();
    near.signal(2);
    await far.wait(2);
    const waits = [near.wait(3), far.wait(3), near.wait(4, 60_000)];
    closeNear();
    closeNear();
    expect(await Promise.all(waits)).toEqual(['lost', 'lost', 'lost']);
    expect([near.signal(9), await near.wait(9), await near.wait(2), near.value]).toEqual([false, 'lost', 'ok', 2]);
    expect([await far.wait(9), await far.wait(2), await far.value()]).toEqual(['lost', 'ok', 2]);
  });

  test('a close of the other end is heard of', async () => {
    const { near, far } = await makePair();
    const wait = near.wait(1);
    await far.close();
    expect(await wait).toBe('lost');
    expect(await near.wait(1)).toBe('lost');
  });

  test.runIf(kind.includes('thread'))('an other end that is terminated is noticed', async () => {
    const { near, far, kill } = await makePair();
    await far.signal(1);
    const wait = near.wait(2);
    const begin = performance.now();
    await kill!();
    expect(await wait).toBe('lost');
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(near.value).toBe(1);
  });
});

describe('shared memory', () => {
  test('a thread sleeps until it is signalled, the time is over, or the semaphore ends', async () => {
    const near = createTimeline();
    timelines.push(near);
    const order = await startThread(exportTimeline(near), true);
    expect(await order({ kind: 'can-sleep' })).toBe(true);
    const sleep = order({ kind: 'wait-sync', value: 1, timeoutMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    near.signal(2 ** 33);
    expect(await sleep).toBe('ok');
    expect(await order({ kind: 'wait-sync', value: 2 ** 33 + 1, timeoutMs: 5 })).toBe('timeout');
    const last = order({ kind: 'wait-sync', value: 2 ** 33 + 1, timeoutMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    near.close();
    expect(await last).toBe('lost');
  });

  test('threads that sleep and signal in turn do not miss each other', async () => {
    const near = createTimeline();
    timelines.push(near);
    const [one, two] = await Promise.all([startThread(exportTimeline(near), true), startThread(exportTimeline(near), true)]);
    for (let value = 1; value < 400; value += 2) {
      const [first] = await Promise.all([
        one({ kind: 'wait-sync', value: value + 1, timeoutMs: 5000 }),
        two({ kind: 'signal', value: value + 1 }),
      ]);
      expect(first).toBe('ok');
    }
  });
});

describe('handles', () => {
  test('one that is imported by many ends with the last of them', async () => {
    const near = createTimeline();
    const [one, two] = [await importTimeline(exportTimeline(near)), await importTimeline(exportTimeline(near), { usesMemory: false })];
    const waits = [near.wait(5), two.wait(5)];
    one.close();
    expect(await Promise.race([near.wait(5, 50), two.wait(5, 50)])).toBe('timeout');
    two.signal(3);
    expect(await near.wait(3, 1000)).toBe('ok');
    two.close();
    expect(await Promise.all(waits)).toEqual(['lost', 'lost']);
  });

  test('what is signalled before the import is known after it', async () => {
    for (const usesMemory of [true, false]) {
      const near = createTimeline({ usesMemory });
      const handle = exportTimeline(near);
      near.signal(7);
      const far = await importTimeline(handle);
      expect([await far.wait(7, 1000), far.value]).toEqual(['ok', 7]);
      near.close();
    }
  });

  test('one that ended before the import cannot be imported', async () => {
    for (const usesMemory of [true, false]) {
      const near = createTimeline({ usesMemory });
      const handle = exportTimeline(near);
      near.signal(7);
      near.close();
      await expect(importTimeline(handle)).rejects.toMatchObject({ code: 'share-peer-lost' });
    }
  });

  test('what is signalled right before the end arrives', async () => {
    for (const usesMemory of [true, false]) {
      const near = createTimeline({ usesMemory });
      const far = await importTimeline(exportTimeline(near));
      const waits = [far.wait(7), far.wait(8)];
      near.signal(6);
      near.signal(7);
      near.close();
      expect([...(await Promise.all(waits)), far.value]).toEqual(['ok', 'lost', 7]);
    }
  });

  test.each([undefined, null, 7, {}, { kind: 'shared-timeline' }, { kind: 'shared-timeline', version: 1, port: {} }])(
    '%j is no handle',
    async (handle) => {
      await expect(importTimeline(handle as unknown as TimelineHandle)).rejects.toMatchObject({ code: 'share-bad-handle' });
    },
  );

  test('another version is told apart', async () => {
    const { port1 } = new MessageChannel();
    const handle = { kind: 'shared-timeline', version: 2, port: port1 } as unknown as TimelineHandle;
    await expect(importTimeline(handle)).rejects.toMatchObject({ code: 'share-version' });
    port1.close();
  });

  test('an import whose maker is gone is rejected', async () => {
    const { port1, port2 } = new MessageChannel();
    const imported = importTimeline({ kind: 'shared-timeline', version: 1, port: port2 });
    port1.close();
    await expect(imported).rejects.toMatchObject({ code: 'share-peer-lost' });
  });
});

function farEnd(timeline: TimelineSemaphore): FarEnd {
  return {
    value: () => Promise.resolve(timeline.value),
    signal: (value) => Promise.resolve(timeline.signal(value)),
    signalAll: async (first, step, last) => {
      for (let value = first; value <= last; value += step) {
        timeline.signal(value);
        if (value % 99 === 0) await Promise.resolve();
      }
    },
    wait: (value, timeoutMs) => timeline.wait(value, timeoutMs),
    close: () => Promise.resolve(timeline.close()),
  };
}

async function pairByHandle(usesMemory: boolean, importUsesMemory: boolean): Promise<Pair> {
  const near = createTimeline({ usesMemory });
  return { near, far: farEnd(await importTimeline(exportTimeline(near), { usesMemory: importUsesMemory })) };
}

async function pairWithThread(usesMemory: boolean, threadUsesMemory: boolean): Promise<Pair> {
  const near = createTimeline({ usesMemory });
  const order = await startThread(exportTimeline(near), threadUsesMemory);
  const worker = workers.at(-1)!;
  return { near, far: farEndOf(order), kill: () => worker.terminate() };
}

/** Two imports of what is made here and not used itself. */
async function pairOfImports(): Promise<Pair> {
  const made = createTimeline({ usesMemory: false });
  timelines.push(made);
  const order = await startThread(exportTimeline(made), false);
  const near = await importTimeline(exportTimeline(made));
  // One that was only imported leaves the other alone: what ends both is the maker.
  return { near, far: { ...farEndOf(order), close: async () => made.close() }, closeNear: () => made.close() };
}

function farEndOf(order: (order: TimelineOrder) => Promise<unknown>): FarEnd {
  return {
    value: () => order({ kind: 'value' }) as Promise<number>,
    signal: (value) => order({ kind: 'signal', value }) as Promise<boolean>,
    signalAll: (first, step, last) => order({ kind: 'signal-all', first, step, last }),
    wait: (value, timeoutMs = Infinity) => order({ kind: 'wait', value, timeoutMs }) as Promise<WaitResult>,
    close: async () => void (await order({ kind: 'close' })),
  };
}

async function startThread(handle: TimelineHandle, usesMemory: boolean): Promise<(order: TimelineOrder) => Promise<unknown>> {
  const worker = startWorker();
  workers.push(worker);
  const replies = new Map<number, (result: unknown) => void>();
  worker.on('message', ({ id, result }: { id: number; result: unknown }) => {
    replies.get(id)?.(result);
    replies.delete(id);
  });
  let count = 0;
  const send = (order: TimelineOrder, transfer: MessagePort[] = []): Promise<unknown> =>
    new Promise((resolve) => {
      replies.set((count += 1), resolve);
      worker.postMessage({ id: count, order }, transfer as never);
    });
  expect(await send({ kind: 'import', handle, usesMemory }, [handle.port])).toBe('imported');
  return (order) => send(order);
}
