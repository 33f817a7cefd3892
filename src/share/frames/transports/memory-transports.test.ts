import { describe, expect, test, vi } from 'vitest';
import { openPortLink } from '../link/port-link.ts';
import type { ShareMode, TextureDescriptor } from '../texture-descriptor.ts';
import { broadcastTransport } from './broadcast.ts';
import { sharedMemoryTransport } from './shared-memory.ts';
import type { FrameSender, TakenFrame, Transport, TransportContext, TransportMessage } from './transport.ts';

const DESCRIPTOR: TextureDescriptor = {
  width: 3,
  height: 2,
  format: 'rgba8unorm',
  usages: ['sample'],
  colorSpace: 'srgb',
  alphaMode: 'opaque',
  mode: 'latest',
  slots: 3,
  label: 'test',
};

/** Both halves of a transport, over real messages. */
function connect(transport: Transport, change: Partial<TextureDescriptor> = {}) {
  const descriptor = { ...DESCRIPTOR, ...change };
  const { port1, port2 } = new MessageChannel();
  const contextOf = (port: MessagePort): TransportContext & { close(): void } => {
    const link = openPortLink(port);
    return {
      descriptor,
      post: (message, transfer) => link.post(message, transfer),
      listen: (listener) => link.listen((message) => listener(message as TransportMessage)),
      close: () => link.close(),
    };
  };
  const [near, far] = [contextOf(port1), contextOf(port2)];
  const sender = transport.createSender(near);
  const receiver = transport.createReceiver(far);
  const close = (): void => {
    sender.close();
    sender.close();
    receiver.close();
    receiver.close();
    near.close();
    far.close();
  };
  return { sender, receiver, close };
}

function send(sender: FrameSender, value: number): Promise<'sent' | 'held'> {
  return sender.send({ kind: 'pixels', pixels: new Uint8Array(24).fill(value) }, { value, epochMs: 1000 + value });
}

describe.each([sharedMemoryTransport, broadcastTransport])('$kind', (transport) => {
  test('a frame arrives as it was sent, and its release is heard of', async () => {
    const { sender, receiver, close } = connect(transport);
    const pixels = new Uint8Array(24).map((_, index) => index * 10);
    const ready = new Promise<void>((resolve) => receiver.notify(0, resolve));
    expect(receiver.take(0)).toBeUndefined();
    expect(await sender.send({ kind: 'pixels', pixels }, { value: 1, epochMs: 12.5 })).toBe('sent');
    pixels.fill(0);
    await ready;
    const frame = receiver.take(0)!;
    expect([frame.value, frame.epochMs, receiver.produced.value]).toEqual([1, 12.5, 1]);
    expect(frame.payload).toEqual({ kind: 'pixels', pixels: new Uint8Array(24).map((_, index) => index * 10) });
    expect(receiver.take(1)).toBeUndefined();
    frame.release();
    frame.release();
    expect([await sender.consumed.wait(1, 1000), sender.consumed.value, receiver.consumed.value]).toEqual(['ok', 1, 1]);
    close();
  });

  test.each<ShareMode>(['latest', 'queue'])(
    'a %s consumer that reads nothing does not stop the producer, and ends at the newest frame',
    async (mode) => {
      const { sender, receiver, close } = connect(transport, { mode });
      for (let value = 1; value <= 50; value++) await send(sender, value);
      let last = 0;
      const end = performance.now() + 2000;
      while (last < 50 && performance.now() < end) {
        const frame = receiver.take(last);
        if (frame === undefined) await new Promise((resolve) => setTimeout(resolve));
        else {
          expect(frame.value).toBeGreaterThan(last);
          expect(frame.payload).toEqual({ kind: 'pixels', pixels: new Uint8Array(24).fill(frame.value) });
          last = frame.value;
          frame.release();
        }
      }
      expect(last).toBe(50);
      close();
    },
  );

  test('what is held is sent once there is room, and replaced by what is newer', async () => {
    const { sender, receiver, close } = connect(transport);
    const held: TakenFrame[] = [];
    let last = 0;
    // Takes frames and keeps them until the sender has no room.
    for (let value = 1; ; value++) {
      if ((await send(sender, value)) === 'held') break;
      const frame = await vi
        .waitFor(() => {
          const taken = receiver.take(last);
          if (taken !== undefined) held.push(taken);
          return taken ?? Promise.reject(new Error('no frame yet'));
        })
        .catch(() => undefined);
      last = frame?.value ?? last;
      expect(value).toBeLessThan(10);
    }
    expect(await send(sender, 20)).toBe('held');
    expect(await send(sender, 21)).toBe('held');
    for (const frame of held) frame.release();
    await vi.waitFor(() => {
      const frame = receiver.take(last);
      last = frame?.value ?? last;
      expect(last).toBe(21);
    });
    close();
  });

  test.each([0, 23, 25])('%i bytes are no frame', async (byteLength) => {
    const { sender, receiver, close } = connect(transport);
    const sent = sender.send({ kind: 'pixels', pixels: new Uint8Array(byteLength) }, { value: 1, epochMs: 0 });
    await expect(sent).rejects.toMatchObject({ code: 'share-bad-descriptor' });
    expect(await send(sender, 2)).toBe('sent');
    await new Promise<void>((resolve) => receiver.notify(0, resolve));
    expect(receiver.take(0)?.value).toBe(2);
    close();
  });

  test('waits end when the ends are closed', async () => {
    const { sender, receiver, close } = connect(transport);
    const waits = [sender.consumed.wait(1), receiver.produced.wait(1), receiver.consumed.wait(1)];
    close();
    expect(await Promise.all(waits)).toEqual(['lost', 'lost', 'lost']);
    await expect(send(sender, 1)).rejects.toMatchObject({ code: 'share-released' });
  });
});

describe('shared-memory', () => {
  test('pixels that were written into the slot are not copied', async () => {
    const { sender, receiver, close } = connect(sharedMemoryTransport);
    const pixels = sender.beginPixels!()!;
    expect(pixels.length).toBe(24);
    expect(sender.beginPixels!()).toBe(pixels);
    pixels.fill(9);
    expect(await sender.send({ kind: 'pixels', pixels }, { value: 1, epochMs: 0 })).toBe('sent');
    expect(sender.beginPixels!()).not.toBe(pixels);
    await new Promise<void>((resolve) => receiver.notify(0, resolve));
    const frame = receiver.take(0)!;
    expect(frame.payload).toEqual({ kind: 'pixels', pixels: new Uint8Array(24).fill(9) });
    if (frame.payload.kind === 'pixels') expect(frame.payload.pixels.byteOffset).toBe(pixels.byteOffset);
    close();
  });

  test('is refused where memory cannot be shared', () => {
    expect(sharedMemoryTransport.refuse(DESCRIPTOR)).toBeUndefined();
    vi.stubGlobal('crossOriginIsolated', false);
    try {
      expect(sharedMemoryTransport.refuse(DESCRIPTOR)).toMatchObject({ code: 'share-unsupported-transport' });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('broadcast', () => {
  test.each([
    [1920, 1080, 'rgba8unorm', true],
    [1920, 1080, 'rgba16float', false],
    [1921, 1080, 'rgba8unorm', false],
    [3840, 2160, 'r8unorm', true],
  ] as const)('%ix%i in %s is accepted: %s', (width, height, format, isAccepted) => {
    const refused = broadcastTransport.refuse({ ...DESCRIPTOR, width, height, format });
    if (isAccepted) expect(refused).toBeUndefined();
    else expect(refused).toMatchObject({ code: 'share-unsupported-transport' });
  });

  test.each([
    { value: 0 },
    { value: 1.5 },
    { value: '1' },
    { epochMs: null },
    { pixels: new Uint8Array(23) },
    { pixels: new Float32Array(6) },
    { pixels: undefined },
  ])('%j is no frame', (change) => {
    let deliver: (message: TransportMessage) => void = () => undefined;
    const receiver = broadcastTransport.createReceiver({
      descriptor: DESCRIPTOR,
      post: () => undefined,
      listen: (listener) => {
        deliver = listener;
      },
    });
    const frame = { kind: 'frame', value: 1, epochMs: 0, pixels: new Uint8Array(24) };
    expect(() => deliver({ ...frame, ...change })).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
    deliver(frame);
    expect(receiver.take(0)?.value).toBe(1);
  });
});
