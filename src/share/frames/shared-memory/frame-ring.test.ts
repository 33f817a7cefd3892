import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleNodeWorker } from '../../../../tests/support/node-worker.ts';
import { makeRandom } from '../../../../tests/support/random.ts';
import type { ConsumeReport, ProduceReport, RingWorkerData } from '../../../../tests/support/ring-worker.ts';
import { FrameRingReader } from './frame-ring-reader.ts';
import { FrameRingWriter } from './frame-ring-writer.ts';
import { createFrameRing, MAX_CONSUMERS } from './ring-layout.ts';

const RING = { width: 4, height: 4, format: 'rgba8unorm', slots: 3, mode: 'latest', colorSpace: 'srgb', alphaMode: 'opaque' } as const;

function makeRing(options: Partial<Parameters<typeof createFrameRing>[0]> = {}, maxBytes?: number) {
  const memory = createFrameRing({ ...RING, ...options }, maxBytes);
  const writer = new FrameRingWriter(memory);
  /** Publishes a frame that is filled with its value. */
  const publish = (value: number): boolean => {
    const pixels = writer.claim();
    pixels?.fill(value);
    if (pixels !== undefined) writer.publish(pixels, { value, epochMs: 1000 + value });
    return pixels !== undefined;
  };
  return { memory, writer, publish };
}

describe('one producer and one consumer', () => {
  test('a frame arrives as it was published', () => {
    const { memory, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    expect(reader.take(0)).toBeUndefined();
    publish(7);
    const frame = reader.take(0);
    expect(frame).toMatchObject({ value: 7, epochMs: 1007, width: 4, height: 4, generation: 1 });
    expect([...frame!.pixels]).toEqual(Array.from({ length: 64 }, () => 7));
    expect(frame!.pixels.byteOffset % 4096).toBe(0);
    expect(reader.take(7)).toBeUndefined();
  });

  test('latest gives the newest frame and skips those before', () => {
    const { memory, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    for (const value of [1, 2, 3, 4, 5]) publish(value);
    expect(reader.take(0)?.value).toBe(5);
    expect(reader.take(5)).toBeUndefined();
  });

  test('queue gives the oldest unread frame first and loses the oldest when full', () => {
    const { memory, publish } = makeRing({ mode: 'queue' });
    const reader = new FrameRingReader(memory);
    for (const value of [1, 2, 3, 4, 5]) publish(value);
    const taken: number[] = [];
    for (let frame = reader.take(0); frame !== undefined; frame = reader.take(frame.value)) {
      taken.push(frame.value, frame.pixels[0]!);
      frame.release();
    }
    expect(taken).toEqual([3, 3, 4, 4, 5, 5]);
  });

  test('a held frame stays as it is while the producer goes on', () => {
    const { memory, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    publish(1);
    const held = reader.take(0)!;
    for (let value = 2; value < 100; value++) expect(publish(value)).toBe(true);
    expect([...held.pixels]).toEqual(Array.from({ length: 64 }, () => 1));
    expect(reader.take(1)?.value).toBe(99);
  });

  test('the producer is refused, not stopped, when all slots are read, and goes on after a release', async () => {
    const { memory, writer, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    publish(1);
    const first = reader.take(0)!;
    publish(2);
    const second = reader.take(1)!;
    publish(3);
    expect(publish(4)).toBe(false);
    const released = writer.releases.wait(writer.releases.value + 1, 1000);
    second.release();
    second.release();
    expect(await released).toBe('ok');
    expect(publish(4)).toBe(true);
    first.release();
    expect([reader.consumed.value, writer.consumed(reader.place).value, writer.releases.value]).toEqual([2, 2, 2]);
  });

  test('a frame that is held twice is free after the second release', () => {
    const { memory, writer, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    publish(1);
    const [one, two] = [reader.take(0)!, reader.take(0)!];
    publish(2);
    one.release();
    publish(3);
    expect(publish(4)).toBe(true);
    expect(two.pixels[0]).toBe(1);
    two.release();
    publish(5);
    publish(6);
    expect(two.pixels[0]).not.toBe(1);
    writer.close();
  });

  test('a slot given back without a frame holds none', () => {
    const { memory, writer, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    publish(1);
    for (let turn = 0; turn < 10; turn++) {
      const pixels = writer.claim()!;
      pixels.fill(99);
      writer.abandon(pixels);
    }
    expect(reader.take(0)?.value).toBe(1);
    expect(() => writer.publish(new Uint8Array(64), { value: 2, epochMs: 0 })).toThrow('no claimed slot');
  });

  test.each([1, 0, -1, 0.5, NaN, 2 ** 53])('frame %d cannot come after frame 1', (value) => {
    const { writer, publish } = makeRing();
    publish(1);
    expect(() => writer.publish(writer.claim()!, { value, epochMs: 0 })).toThrow('does not come after frame 1');
  });

  test('a wait ends with a frame, in time, or when the producer closes; what was published stays', async () => {
    const { memory, writer, publish } = makeRing();
    const reader = new FrameRingReader(memory);
    expect(await reader.wait(0, 5)).toBe('timeout');
    const waiting = reader.wait(0);
    publish(1);
    expect(await waiting).toBe('ok');
    const next = reader.wait(1);
    writer.close();
    writer.close();
    expect(await next).toBe('lost');
    expect(reader.take(0)?.value).toBe(1);
    expect(() => writer.claim()).toThrow(expect.objectContaining({ code: 'share-released' }));
  });
});

describe('change of size', () => {
  test('frames of both sizes are read in their own', () => {
    const { memory, writer, publish } = makeRing({ mode: 'queue' }, 4096);
    const reader = new FrameRingReader(memory);
    publish(1);
    writer.resize(8, 2);
    publish(2);
    const first = reader.take(0)!;
    expect([first.generation, first.width, first.height, first.pixels.length]).toEqual([1, 4, 4, 64]);
    const second = reader.take(1)!;
    expect([second.generation, second.width, second.height, second.pixels.length]).toEqual([2, 8, 2, 64]);
  });

  test('a slot claimed before has the size of then', () => {
    const { memory, writer } = makeRing();
    const reader = new FrameRingReader(memory);
    const pixels = writer.claim()!;
    writer.resize(2, 2);
    writer.publish(pixels, { value: 1, epochMs: 0 });
    expect(reader.take(0)).toMatchObject({ generation: 1, width: 4, height: 4 });
  });

  test('a size without room is refused and changes nothing', () => {
    const { memory, writer, publish } = makeRing();
    expect(() => writer.resize(1025, 1)).toThrow(expect.objectContaining({ code: 'share-limit' }));
    publish(1);
    expect(new FrameRingReader(memory).take(0)).toMatchObject({ generation: 1, width: 4 });
  });
});

describe('many consumers', () => {
  test('28 read every frame, each on its own; a 29th is refused until one leaves', () => {
    const { memory, publish } = makeRing({ slots: 32 });
    const readers = Array.from({ length: MAX_CONSUMERS }, () => new FrameRingReader(memory));
    expect(() => new FrameRingReader(memory)).toThrow(expect.objectContaining({ code: 'share-limit' }));
    for (let value = 1; value <= 50; value++) {
      expect(publish(value)).toBe(true);
      for (const [index, reader] of readers.entries()) {
        // Each at a pace of its own.
        if (value % (index + 1) === 0) {
          const frame = reader.take(0)!;
          expect(frame.value).toBe(value);
          frame.release();
        }
      }
    }
    expect(readers.map(({ consumed }) => consumed.value).slice(0, 7)).toEqual([50, 50, 48, 48, 50, 48, 49]);
    readers[3]!.close();
    readers[3]!.close();
    expect(new FrameRingReader(memory).place).toBe(3);
  });

  test('what a dead consumer held is taken back, and it knows', () => {
    const { memory, writer, publish } = makeRing();
    const dead = new FrameRingReader(memory);
    const alive = new FrameRingReader(memory);
    publish(1);
    const held = [dead.take(0)!];
    publish(2);
    held.push(dead.take(1)!);
    publish(3);
    expect(publish(4)).toBe(false);
    writer.reclaim(dead.token);
    expect([dead.isAttached, alive.isAttached]).toEqual([false, true]);
    expect(publish(4)).toBe(true);
    // Late releases of the dead do not take slots from others.
    const frame = alive.take(0)!;
    for (const late of held) late.release();
    dead.close();
    for (let value = 5; value < 20; value++) publish(value);
    expect([frame.value, frame.pixels[0], dead.take(0)]).toEqual([4, 4, undefined]);
  });
});

describe('hostile memory', () => {
  const words = (memory: SharedArrayBuffer): Int32Array => new Int32Array(memory);
  test.each([
    ['no memory', () => undefined],
    ['an ArrayBuffer', () => new ArrayBuffer(65536)],
    ['too little', () => new SharedArrayBuffer(4095)],
    ['zeros', () => new SharedArrayBuffer(65536)],
    ['an unknown format', () => change(5, 13)],
    ['an unknown mode', () => change(8, 2)],
    ['two slots', () => change(6, 2)],
    ['33 slots', () => change(6, 33)],
    ['negative slots', () => change(6, -1)],
    ['slots beyond the memory', () => change(7, 8192)],
    ['unaligned slots', () => change(7, 4095)],
    ['slots of no bytes', () => change(7, 0)],
    ['slots of 4 GiB', () => change(7, -4096)],
  ])('%s is no ring', (_, make) => {
    expect(() => new FrameRingReader(make() as SharedArrayBuffer)).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
  });

  test('another version is told apart', () => {
    expect(() => new FrameRingReader(change(1, 2))).toThrow(expect.objectContaining({ code: 'share-version' }));
  });

  test.each([
    [165, 0],
    [165, -1],
    [166, 1 << 20],
  ])('a frame whose word %i is %i is refused and not kept', (word, value) => {
    const { memory, publish } = makeRing();
    publish(1);
    const slot = new BigInt64Array(memory).subarray(80, 92).findIndex((long, index) => index % 4 === 0 && long === 1n) / 4;
    words(memory)[word + 8 * slot] = value;
    const reader = new FrameRingReader(memory);
    expect(() => reader.take(0)).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
    expect(words(memory)[32 + slot]).toBe(0);
  });

  test('any header gives a typed error or a reader that stays in its memory', () => {
    const seed = Date.now();
    const random = makeRandom(seed);
    for (let turn = 0; turn < 2000; turn++) {
      const { memory, publish } = makeRing();
      publish(1);
      for (let changes = 0; changes < 3; changes++) {
        words(memory)[Math.floor(random() * (turn % 2 === 0 ? 12 : 200))] = Math.floor(
          (random() - 0.5) * 2 ** (1 + Math.floor(random() * 32)),
        );
      }
      try {
        const frame = new FrameRingReader(memory).take(0);
        const bytesPerPixel = (frame?.pixels.length ?? 0) / ((frame?.width ?? 1) * (frame?.height ?? 1));
        expect([0, 1, 2, 4, 8, 16], `seed ${seed}`).toContain(bytesPerPixel);
      } catch (error) {
        expect(error, `seed ${seed}`).toMatchObject({ name: 'ShareError' });
      }
    }
  });

  function change(word: number, value: number): SharedArrayBuffer {
    const memory = createFrameRing(RING);
    words(memory)[word] = value;
    return memory;
  }
});

test('random claims, takes, releases and closes never break a frame', () => {
  const seed = Date.now();
  const random = makeRandom(seed);
  for (let run = 0; run < 200; run++) {
    const { memory, writer } = makeRing({ slots: 3 + Math.floor(random() * 4), mode: random() < 0.5 ? 'latest' : 'queue' });
    const readers: { reader: FrameRingReader; last: number; held: { value: number; pixels: Uint8Array; release(): void }[] }[] = [];
    const claims: Uint8Array[] = [];
    let value = 0;
    for (let step = 0; step < 200; step++) {
      const choice = random();
      if (choice < 0.05 && readers.length < MAX_CONSUMERS) readers.push({ reader: new FrameRingReader(memory), last: 0, held: [] });
      else if (choice < 0.08 && readers.length > 0) {
        const [{ reader }] = readers.splice(Math.floor(random() * readers.length), 1) as [(typeof readers)[number]];
        if (random() < 0.5) reader.close();
        else writer.reclaim(reader.token);
      } else if (choice < 0.3) {
        const pixels = writer.claim();
        if (pixels !== undefined) claims.push(pixels);
      } else if (choice < 0.5 && claims.length > 0) {
        const [pixels] = claims.splice(Math.floor(random() * claims.length), 1) as [Uint8Array];
        if (random() < 0.2) writer.abandon(pixels.fill(255));
        else {
          value += 1;
          writer.publish(pixels.fill(value), { value, epochMs: value });
        }
      } else if (readers.length > 0) {
        const end = readers[Math.floor(random() * readers.length)]!;
        const frame = random() < 0.5 ? end.reader.take(end.last) : undefined;
        if (frame !== undefined) {
          expect(frame.value, `seed ${seed}`).toBeGreaterThan(end.last);
          end.last = frame.value;
          end.held.push(frame);
        } else end.held.splice(Math.floor(random() * end.held.length), 1)[0]?.release();
      }
      for (const { held } of readers) {
        for (const frame of held) expect(new Set(frame.pixels), `seed ${seed}`).toEqual(new Set([frame.value]));
      }
    }
    for (const { reader } of readers) reader.close();
    for (const pixels of claims) writer.abandon(pixels);
    // All slots but the newest frame's are free.
    const free = [writer.claim(), writer.claim(), writer.claim()].filter((pixels) => pixels !== undefined);
    expect(free.length, `seed ${seed}`).toBeGreaterThanOrEqual(2);
    writer.close();
  }
});

describe('on threads', () => {
  let start: Awaited<ReturnType<typeof bundleNodeWorker>>;
  beforeAll(async () => {
    start = await bundleNodeWorker(new URL('../../../../tests/support/ring-worker.ts', import.meta.url));
  });

  test.each([
    ['latest', 3, 1, 100_000],
    ['latest', 5, 3, 30_000],
    ['queue', 4, 1, 30_000],
    ['queue', 6, 3, 20_000],
  ] as const)('%s, %i slots, %i consumers: %i frames are in order and whole', async (mode, slots, consumerCount, frameCount) => {
    const seed = Date.now();
    const memory = createFrameRing({ ...RING, width: 16, height: 16, mode, slots });
    const common = { memory, frameCount, pauseEvery: 200 };
    const consumers = Array.from({ length: consumerCount }, (_, index) =>
      start({ workerData: { ...common, role: 'consume', seed: seed + index } satisfies RingWorkerData }),
    );
    await Promise.all(consumers.map((worker) => once(worker, 'message')));
    const reports = consumers.map((worker) => once(worker, 'message'));
    const producer = start({ workerData: { ...common, role: 'produce', seed: seed + 99 } satisfies RingWorkerData });
    // Each consumer has one frame in hand, so that two more slots than consumers are always enough.
    expect((await once(producer, 'message'))[0]).toEqual({ published: frameCount, refused: 0 } satisfies ProduceReport);
    for (const report of reports) {
      const [{ taken, torn, outOfOrder, last }] = (await report) as [ConsumeReport];
      expect({ torn, outOfOrder, last }, `seed ${seed}`).toEqual({ torn: 0, outOfOrder: 0, last: frameCount });
      expect(taken).toBeGreaterThan(100);
    }
  });

  test('a consumer that stands still costs the producer one slot', async () => {
    const memory = createFrameRing({ ...RING, width: 16, height: 16 });
    const writer = new FrameRingWriter(memory);
    writer.publish(writer.claim()!, { value: 1, epochMs: 1 });
    const idle = new FrameRingReader(memory);
    const held = idle.take(0)!;
    for (let value = 2; value < 50_000; value++) {
      const pixels = writer.claim();
      expect(pixels).toBeDefined();
      writer.publish(pixels!, { value, epochMs: value });
    }
    held.release();
    expect(idle.take(1)?.value).toBe(49_999);
  });

  test('slots of a terminated consumer are taken back', async () => {
    const memory = createFrameRing(RING);
    const writer = new FrameRingWriter(memory);
    writer.publish(writer.claim()!, { value: 1, epochMs: 1 });
    const worker = start({ workerData: { role: 'hold', memory, frameCount: 0, seed: 0, pauseEvery: 1 } satisfies RingWorkerData });
    const [{ token }] = (await once(worker, 'message')) as [{ token: number }];
    expect(writer.consumerAt(0)).toBe(token);
    await worker.terminate();
    writer.publish(writer.claim()!, { value: 2, epochMs: 2 });
    writer.publish(writer.claim()!, { value: 3, epochMs: 3 });
    const claims = () =>
      [writer.claim(), writer.claim()].filter((pixels) => pixels !== undefined).map((pixels) => (writer.abandon(pixels), pixels));
    expect(claims()).toHaveLength(1);
    writer.reclaim(token);
    const [one, two] = [writer.claim(), writer.claim()];
    expect([one, two]).not.toContain(undefined);
    expect(writer.consumerAt(0)).toBe(0);
  });

  test('a producer that dies in the middle of a frame leaves the one before', async () => {
    const memory = createFrameRing(RING);
    const worker = start({ workerData: { role: 'die-writing', memory, frameCount: 10, seed: 0, pauseEvery: 1 } satisfies RingWorkerData });
    await once(worker, 'message');
    await worker.terminate();
    const reader = new FrameRingReader(memory);
    const frame = reader.take(0)!;
    expect(frame.value).toBe(10);
    expect(new Set(frame.pixels)).toEqual(new Set([10]));
    expect(await reader.wait(10, 5)).toBe('timeout');
  });
});
