import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImageLedger } from '../../../../tests/support/image-ledger.ts';
import type { ConsumerPlan, ConsumerReport } from '../../../../tests/support/share-consumer.ts';
import { alphaGradient, describeFrame, randomPixels, requestTestDevice, textureOf } from '../../../../tests/support/share-pictures.ts';
import { byteLengthOf, SHARE_FORMATS } from '../formats.ts';
import { PICTURE_FORMATS } from '../gpu/pixel-order.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { bitmapTransport } from './bitmap.ts';
import { bufferTransport } from './buffer.ts';
import type { FrameContent, FrameReceiver, FrameSender, TakenFrame, Transport, TransportMessage } from './transport.ts';
import { videoFrameTransport } from './video-frame.ts';

const TRANSPORTS = [bufferTransport, bitmapTransport, videoFrameTransport] as const;
const CONSUMER = new URL('../../../../tests/support/share-consumer.ts', import.meta.url);

let device: GPUDevice;
let worker: Worker;
let ledger: ImageLedger;
const gpuErrors: string[] = [];
beforeAll(async () => {
  device = await requestTestDevice();
  device.onuncapturederror = ({ error }) => gpuErrors.push(error.message);
  worker = new Worker(CONSUMER, { type: 'module' });
});
beforeEach(() => {
  ledger = new ImageLedger();
});
afterEach(() => {
  ledger.dispose();
  expect([ledger.open, ledger.closedTwice], 'open images, images closed twice').toEqual([0, 0]);
  expect(gpuErrors.splice(0)).toEqual([]);
});
afterAll(() => {
  worker.terminate();
  device.destroy();
});

const PICTURES = PICTURE_FORMATS.flatMap((format) =>
  (['srgb', 'display-p3'] as const).flatMap((colorSpace) =>
    (['opaque', 'premultiplied'] as const).map((alphaMode) => ({ format, colorSpace, alphaMode })),
  ),
);
const EXACT = [
  ...SHARE_FORMATS.map((format) => ({
    transport: bufferTransport,
    kind: 'buffer',
    format,
    colorSpace: 'srgb' as const,
    alphaMode: 'straight' as const,
  })),
  ...[bitmapTransport, videoFrameTransport].flatMap((transport) => PICTURES.map((init) => ({ transport, kind: transport.kind, ...init }))),
];

test.each(EXACT)('$kind: $format in $colorSpace, $alphaMode, arrives in a worker bit for bit', async ({ transport, kind: _, ...init }) => {
  const descriptor = describeFrame(init);
  const frames = [randomPixels(descriptor, 11)];
  if (init.alphaMode === 'premultiplied') frames.push(alphaGradient(descriptor));
  const consumer = connect(worker, transport, descriptor, { look: 'texture' });
  let value = 0;
  for (const pixels of frames) {
    for (const content of [
      { kind: 'texture', device, texture: textureOf(device, descriptor, pixels) },
      { kind: 'pixels', pixels },
    ] as const) {
      value += 1;
      expect(await consumer.sender.send(content, { value, epochMs: 0 })).toBe('sent');
      const report = await consumer.next();
      expect(report.value).toBe(value);
      expect(report.pixels, content.kind).toEqual(pixels);
    }
  }
  await consumer.close();
});

describe.each(TRANSPORTS)('$kind', (transport) => {
  test('a consumer without a device reads the pixels of an iframe', async () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<script type="module" src="${CONSUMER.href}"></script>`;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const descriptor = describeFrame({ alphaMode: 'premultiplied' });
    const consumer = connect(frame.contentWindow!, transport, descriptor, { look: 'pixels' });
    const pixels = alphaGradient(descriptor);
    await consumer.sender.send({ kind: 'texture', device, texture: textureOf(device, descriptor, pixels) }, { value: 1, epochMs: 0 });
    expect((await consumer.next()).pixels).toEqual(pixels);
    await consumer.close();
    frame.remove();
  });

  test.each(['latest', 'queue'] as const)('300 frames (%s) come in order and leave nothing behind', async (mode) => {
    const descriptor = describeFrame({ mode });
    const buffers = countBuffers(byteLengthOf(descriptor));
    const texture = textureOf(device, descriptor, randomPixels(descriptor, 1));
    const pixels = randomPixels(descriptor, 2);
    const consumer = connect(worker, transport, descriptor, { look: 'nothing' });
    for (let value = 1; value <= 300; value++) {
      const content: FrameContent = value % 2 === 0 ? { kind: 'texture', device, texture } : { kind: 'pixels', pixels };
      await consumer.sender.send(content, { value, epochMs: 0 });
      await new Promise((resolve) => setTimeout(resolve));
    }
    await vi.waitFor(() => expect(consumer.values.at(-1)).toBe(300), 10_000);
    expect(consumer.values).toEqual(consumer.values.toSorted((a, b) => a - b));
    expect(new Set(consumer.values).size).toBe(consumer.values.length);
    await vi.waitFor(() => expect(consumer.sender.consumed.value).toBe(300));
    expect(consumer.values.length).toBeGreaterThan(100);
    const made = buffers();
    if (transport === bufferTransport) expect(made).toBeLessThanOrEqual(descriptor.slots);
    else expect(ledger.made).toBeGreaterThan(100);
    await consumer.close();
  });

  test('a slow consumer never stalls the producer, and ends at the newest frame', async () => {
    const descriptor = describeFrame();
    const consumer = connect(worker, transport, descriptor, { look: 'pixels', holdMs: 60 });
    const frames = Array.from({ length: 40 }, (_, seed) => randomPixels(descriptor, seed));
    const results: string[] = [];
    let longest = 0;
    for (const [index, pixels] of frames.entries()) {
      const begin = performance.now();
      results.push(await consumer.sender.send({ kind: 'pixels', pixels }, { value: index + 1, epochMs: 0 }));
      longest = Math.max(longest, performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await vi.waitFor(() => expect(consumer.values.at(-1)).toBe(40), 10_000);
    expect(consumer.reports.at(-1)?.pixels).toEqual(frames[39]);
    expect(consumer.values.length).toBeLessThan(40);
    expect(longest).toBeLessThan(500);
    await consumer.close();
  });

  test('of what is held only the newest frame is sent, once there is room', async () => {
    const ends = pair(transport, describeFrame());
    const pixels = [1, 2, 3, 4, 5, 6].map((seed) => randomPixels(describeFrame(), seed));
    const taken: TakenFrame[] = [];
    for (let value = 1; value <= 3; value++) {
      expect(await ends.sender.send({ kind: 'pixels', pixels: pixels[value - 1]! }, { value, epochMs: value })).toBe('sent');
      taken.push(await ends.take(value - 1));
    }
    for (const value of [4, 5, 6]) {
      expect(await ends.sender.send({ kind: 'pixels', pixels: pixels[value - 1]! }, { value, epochMs: value })).toBe('held');
    }
    taken[1]!.release();
    taken[1]!.release();
    const newest = await ends.take(3);
    expect([newest.value, newest.epochMs]).toEqual([6, 6]);
    await vi.waitFor(() => expect(ends.sender.consumed.value).toBe(2));
    for (const frame of [...taken, newest]) frame.release();
    await vi.waitFor(() => expect(ends.sender.consumed.value).toBe(6));
    ends.close();
  });

  test('a queue keeps what was not taken, latest only the newest', async () => {
    for (const [mode, expected] of [
      ['queue', [1, 2, 3]],
      ['latest', [3]],
    ] as const) {
      const descriptor = describeFrame({ mode });
      const ends = pair(transport, descriptor);
      for (const value of [1, 2, 3])
        await ends.sender.send({ kind: 'pixels', pixels: randomPixels(descriptor, value) }, { value, epochMs: 0 });
      await vi.waitFor(() => expect(ends.receiver.produced.value).toBe(3));
      const values: number[] = [];
      for (let frame = ends.receiver.take(0); frame !== undefined; frame = ends.receiver.take(frame.value)) {
        values.push(frame.value);
        frame.release();
      }
      expect(values).toEqual(expected);
      ends.close();
    }
  });

  test('both ends close in every state without leaving an image open', async () => {
    const descriptor = describeFrame();
    const texture = textureOf(device, descriptor, randomPixels(descriptor, 1));
    const contents: FrameContent[] = [
      { kind: 'texture', device, texture },
      { kind: 'pixels', pixels: randomPixels(descriptor, 2) },
    ];
    for (const content of contents) {
      for (const sent of [0, 1, 3, 5]) {
        for (const state of ['packing', 'arrived', 'taken'] as const) {
          for (const first of ['sender', 'receiver'] as const) {
            const ends = pair(transport, descriptor);
            const sends = Array.from({ length: sent }, (_, index) =>
              ends.sender.send(content, { value: index + 1, epochMs: 0 }).catch(String),
            );
            if (state !== 'packing') await Promise.all(sends);
            if (state !== 'packing' && sent > 0) await vi.waitFor(() => expect(ends.receiver.produced.value).toBeGreaterThan(0));
            const frame = state === 'taken' ? ends.receiver.take(0) : undefined;
            ends[first].close();
            ends[first].close();
            frame?.release();
            ends[first === 'sender' ? 'receiver' : 'sender'].close();
            await Promise.all(sends);
            await expect(ends.sender.send(content, { value: 9, epochMs: 0 })).rejects.toMatchObject({ code: 'share-released' });
            expect(await ends.sender.consumed.wait(99)).toBe('lost');
            // What was on its way arrives at a receiver that is closed.
            await ends.settle();
            ends.end();
          }
        }
      }
    }
  });

  test('a lost device is told by the next frame, and another device goes on', async () => {
    const descriptor = describeFrame();
    const pixels = randomPixels(descriptor, 1);
    const lost = await requestTestDevice();
    const ends = pair(transport, descriptor);
    const content: FrameContent = { kind: 'texture', device: lost, texture: textureOf(lost, descriptor, pixels) };
    await ends.sender.send(content, { value: 1, epochMs: 0 });
    (await ends.take(0)).release();
    lost.destroy();
    await lost.lost;
    await expect(ends.sender.send(content, { value: 2, epochMs: 0 })).rejects.toMatchObject({ code: 'share-device-lost' });
    await ends.sender.send({ kind: 'texture', device, texture: textureOf(device, descriptor, pixels) }, { value: 3, epochMs: 0 });
    const frame = await ends.take(1);
    expect(frame.value).toBe(3);
    frame.release();
    ends.close();
  });

  test('what is no frame, or one too many, is refused and closed', async () => {
    const descriptor = describeFrame();
    const image = async (): Promise<ImageBitmap> => createImageBitmap(new ImageData(64, 48));
    const frame = (): VideoFrame =>
      new VideoFrame(new Uint8Array(64 * 48 * 4), { format: 'RGBA', codedWidth: 64, codedHeight: 48, timestamp: 0 });
    const good = transport === bufferTransport ? {} : { image: transport === bitmapTransport ? await image() : frame() };
    const bad: TransportMessage[] = [
      { kind: 'frame', value: 1, epochMs: 0 },
      { kind: 'frame', value: 1, epochMs: 0, buffer: new ArrayBuffer(4) },
      { kind: 'frame', value: 1, epochMs: 0, image: 'no image' },
      { kind: 'frame', value: 0, epochMs: 0, buffer: new ArrayBuffer(byteLengthOf(descriptor)), ...good },
      { kind: 'frame', value: 1.5, epochMs: 0, buffer: new ArrayBuffer(byteLengthOf(descriptor)) },
      { kind: 'frame', value: 1, epochMs: 'now', buffer: new ArrayBuffer(byteLengthOf(descriptor)) },
    ];
    for (const message of bad) {
      let listener: ((message: TransportMessage) => void) | undefined;
      const receiver = transport.createReceiver({ descriptor, post: () => undefined, listen: (given) => (listener = given) });
      expect(() => listener?.(message)).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
      expect(receiver.take(0)).toBeUndefined();
      receiver.close();
    }
    let answer: ((message: TransportMessage) => void) | undefined;
    const sender = transport.createSender({ descriptor, post: () => undefined, listen: (given) => (answer = given) });
    expect(() => answer?.({ kind: 'released', value: 7 })).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
    expect(sender.consumed.value).toBe(0);
    sender.close();
  });
});

test('memory of beginPixels is sent itself', async () => {
  const descriptor = describeFrame({ format: 'rgba32float' });
  const ends = pair(bufferTransport, descriptor);
  const pixels = ends.sender.beginPixels?.();
  if (pixels === undefined) throw new Error('no memory');
  pixels.set(randomPixels(descriptor, 5));
  expect(ends.sender.beginPixels?.()).toBe(pixels);
  await ends.sender.send({ kind: 'pixels', pixels }, { value: 1, epochMs: 0 });
  expect(pixels.byteLength).toBe(0);
  const frame = await ends.take(0);
  expect(frame.payload).toEqual({ kind: 'pixels', pixels: randomPixels(descriptor, 5) });
  frame.release();
  ends.close();
});

test('images refuse what they would change, and name the nearest format', () => {
  for (const transport of [bitmapTransport, videoFrameTransport]) {
    const refused = SHARE_FORMATS.filter((format) => transport.refuse(describeFrame({ format })) !== undefined);
    expect(refused).toEqual(SHARE_FORMATS.filter((format) => !PICTURE_FORMATS.includes(format)));
    expect(transport.refuse(describeFrame({ format: 'rgba16float' }))).toMatchObject({
      code: 'share-unsupported-format',
      message: `The format "rgba16float" cannot cross by ${transport.kind}; the nearest that can is "rgba8unorm".`,
    });
    expect(transport.refuse(describeFrame({ alphaMode: 'straight' }))).toMatchObject({ code: 'share-unsupported-format' });
  }
  for (const format of SHARE_FORMATS) expect(bufferTransport.refuse(describeFrame({ format, alphaMode: 'straight' }))).toBeUndefined();
});

/** A sender here, and its receiver in another realm. */
function connect(
  target: { postMessage(message: unknown, transfer: Transferable[]): void } | Window,
  transport: Transport,
  descriptor: TextureDescriptor,
  { look, holdMs = 0 }: { readonly look: ConsumerPlan['look']; readonly holdMs?: number },
) {
  const lane = new MessageChannel();
  const reports = new MessageChannel();
  const plan: ConsumerPlan = {
    kind: 'consume',
    transport: transport.kind as ConsumerPlan['transport'],
    descriptor,
    look,
    holdMs,
    lane: lane.port2,
    reports: reports.port2,
  };
  const transfer = [lane.port2, reports.port2];
  if (target instanceof Worker) target.postMessage(plan, transfer);
  else (target as Window).postMessage(plan, '*', transfer);
  const frames: (ConsumerReport & { readonly kind: 'frame' })[] = [];
  const failures: string[] = [];
  let closed: (ConsumerReport & { readonly kind: 'closed' }) | undefined;
  let seen = 0;
  reports.port1.onmessage = ({ data }: MessageEvent<ConsumerReport>) => {
    if (data.kind === 'frame') frames.push(data);
    else if (data.kind === 'closed') closed = data;
    else failures.push(`${String(data.code)}: ${data.message}`);
  };
  const sender = openSender(transport, descriptor, lane.port1);
  return {
    sender,
    reports: frames,
    get values(): number[] {
      return frames.map(({ value }) => value);
    },
    next: async () => {
      await vi.waitFor(() => expect([...failures, frames.length]).toEqual([expect.any(Number)]));
      const frame = await vi.waitUntil(() => frames[seen] ?? failures[0], 20_000);
      if (typeof frame === 'string') throw new Error(frame);
      seen++;
      return frame;
    },
    close: async () => {
      sender.close();
      reports.port1.postMessage('close');
      const report = await vi.waitUntil(() => closed, 10_000);
      expect([failures, report?.openImages, report?.closedTwice]).toEqual([[], 0, 0]);
      lane.port1.close();
      reports.port1.close();
    },
  };
}

/** Both ends here, over ports. */
function pair(transport: Transport, descriptor: TextureDescriptor) {
  const { port1, port2 } = new MessageChannel();
  const sender = openSender(transport, descriptor, port1);
  const receiver: FrameReceiver = transport.createReceiver({
    descriptor,
    post: (message, transfer = []) => port2.postMessage(message, transfer),
    listen: (listener) => {
      port2.onmessage = ({ data }) => {
        ledger.add(data.image);
        listener(data);
      };
    },
  });
  const end = (): void => {
    port1.close();
    port2.close();
  };
  return {
    sender,
    receiver,
    take: async (after: number): Promise<TakenFrame> => {
      await new Promise<void>((ready) => receiver.notify(after, ready));
      const frame = receiver.take(after);
      if (frame === undefined) throw new Error(`no frame above ${after}`);
      return frame;
    },
    /** Resolves once everything that was posted has arrived. */
    settle: async () => {
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve));
    },
    end,
    close: () => {
      sender.close();
      receiver.close();
      end();
    },
  };
}

function openSender(transport: Transport, descriptor: TextureDescriptor, port: MessagePort): FrameSender {
  return transport.createSender({
    descriptor,
    post: (message, transfer = []) => port.postMessage(message, transfer),
    listen: (listener) => {
      port.onmessage = ({ data }) => listener(data);
    },
  });
}

/** How many buffers of a size are made from here on. */
function countBuffers(byteLength: number): () => number {
  const { ArrayBuffer: Original } = globalThis;
  let count = 0;
  globalThis.ArrayBuffer = new Proxy(Original, {
    construct: (target, args, newTarget) => {
      if (args[0] === byteLength) count++;
      return Reflect.construct(target, args, newTarget) as ArrayBuffer;
    },
  });
  return () => {
    globalThis.ArrayBuffer = Original;
    return count;
  };
}
