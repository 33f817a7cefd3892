import { afterEach, expect, test, vi } from 'vitest';
import { openPortLink } from './link/port-link.ts';
import type { ShareableTexture } from './share-types.ts';
import { TextureShareManager } from './texture-share-manager.ts';
import type { TextureHandle } from './texture-handle.ts';
import { TRANSPORTS } from './transports/registry.ts';
import type { Transport, TransportKind } from './transports/transport.ts';

/** In Node these two cross between realms. */
const CROSSING: readonly TransportKind[] = ['shared-memory', 'buffer'];
const WAIT_MS = 5000;

const manager = new TextureShareManager();
const open: { close(): void }[] = [];

afterEach(() => {
  for (const end of open.splice(0)) end.close();
  manager.close();
});

/** The consumer's modules a second time: as in another realm, they have another name for themselves. */
async function importElsewhere(handle: TextureHandle, transports: readonly Transport[] = TRANSPORTS) {
  vi.resetModules();
  const { TextureConsumer } = await import('./texture-consumer.ts');
  const imported = new TextureConsumer(handle, openPortLink(handle.port!), transports, undefined, () => undefined);
  open.push(imported);
  return imported;
}

function newTexture(init: Partial<ShareableTexture['descriptor']> = {}): ShareableTexture {
  return manager.createShareableTexture({ width: 8, height: 4, ...init });
}

async function publish(texture: ShareableTexture, fill: number): Promise<void> {
  texture.beginPixels().fill(fill);
  await texture.publish();
}

/** Receivers whose first uses fail; the others are as they are. */
function failing(kinds: readonly TransportKind[], fails: (opened: number, kind: TransportKind) => boolean): Transport[] {
  const opened = new Map<TransportKind, number>();
  return TRANSPORTS.map((transport) => ({
    ...transport,
    createReceiver: (context) => {
      const count = (opened.get(transport.kind) ?? 0) + 1;
      opened.set(transport.kind, count);
      if (kinds.includes(transport.kind) && fails(count, transport.kind)) throw new Error('cannot be opened');
      return transport.createReceiver(context);
    },
  }));
}

test('what both ends can do is measured, and the fastest taken', async () => {
  const texture = newTexture();
  const imported = await importElsewhere(manager.exportTexture(texture));
  const chosen = await imported.ready;
  const { measured, transport, state } = texture.connections[0]!;
  expect([...measured.keys()]).toEqual(CROSSING);
  const [fastest] = [...measured].toSorted(([, a], [, b]) => a! - b!);
  expect([transport, state, imported.transport, fastest![0]]).toEqual([chosen, 'open', chosen, chosen]);
});

test.each(CROSSING)('%s: pixels cross, also in memory of the transport, in changing sizes', async (transport) => {
  const texture = newTexture();
  const imported = await importElsewhere(manager.exportTexture(texture, { transport }));
  expect([await imported.ready, texture.connections[0]?.measured.size]).toEqual([transport, 0]);
  for (const [value, width] of [8, 8, 5, 8, 8].entries()) {
    texture.resize(width, 4);
    await publish(texture, value + 1);
    const frame = await imported.acquire(value, WAIT_MS);
    expect([frame.value, frame.descriptor.width, (await frame.pixels()).length, new Set(await frame.pixels())]).toEqual([
      value + 1,
      width,
      width * 16,
      new Set([value + 1]),
    ]);
    frame.release();
  }
});

test('a producer of pixels writes into shared memory itself; consumers that come later still get its last frame', async () => {
  const texture = newTexture();
  const first = await importElsewhere(manager.exportTexture(texture, { transport: 'shared-memory' }));
  await first.ready;
  expect(texture.beginPixels().buffer).toBeInstanceOf(SharedArrayBuffer);
  await publish(texture, 7);
  const second = await importElsewhere(manager.exportTexture(texture, { transport: 'buffer' }));
  for (const imported of [first, second]) {
    const frame = await imported.acquire(0, WAIT_MS);
    expect([frame.value, new Set(await frame.pixels())]).toEqual([1, new Set([7])]);
    frame.release();
  }
  expect(texture.beginPixels().buffer).toBeInstanceOf(ArrayBuffer);
});

test('a transport that fails while it is tried is not taken', async () => {
  const texture = newTexture();
  const imported = await importElsewhere(
    manager.exportTexture(texture),
    failing(['shared-memory'], () => true),
  );
  expect([await imported.ready, texture.connections[0]?.measured.get('shared-memory')]).toEqual(['buffer', undefined]);
});

test('a transport that fails later gives way to the next, and the newest frame comes again', async () => {
  const texture = newTexture();
  const failed: TransportKind[] = [];
  // Each is opened once to be measured; the one that is chosen fails when it is opened again.
  const transports = failing(CROSSING, (opened, kind) => {
    if (opened !== 2 || failed.length > 0) return false;
    failed.push(kind);
    return true;
  });
  const imported = await importElsewhere(manager.exportTexture(texture), transports);
  await publish(texture, 3);
  const frame = await imported.acquire(0, WAIT_MS);
  expect([frame.value, new Set(await frame.pixels()), texture.connections[0]?.transport]).toEqual([1, new Set([3]), imported.transport]);
  expect(new Set([...failed, imported.transport])).toEqual(new Set(CROSSING));
  expect(texture.connections[0]?.measured.get(failed[0]!)).toBeUndefined();
});

test('when the last transport fails, both ends are told', async () => {
  const texture = newTexture();
  const imported = await importElsewhere(
    manager.exportTexture(texture, { transport: 'buffer' }),
    failing(['buffer'], () => true),
  );
  await expect(imported.ready).rejects.toMatchObject({ code: 'share-no-transport', message: expect.stringContaining('cannot be opened') });
  await expect(imported.acquire(0, WAIT_MS)).rejects.toMatchObject({ code: 'share-no-transport' });
  await vi.waitFor(() => expect(texture.connections).toEqual([]));
});

test('a slow consumer costs the producer nothing, and ends at the newest frame', async () => {
  for (const transport of CROSSING) {
    const texture = newTexture();
    const imported = await importElsewhere(manager.exportTexture(texture, { transport }));
    await imported.ready;
    const held = [];
    for (let value = 1; value <= 2; value++) {
      await publish(texture, value);
      held.push(await imported.acquire(value - 1, WAIT_MS));
    }
    for (let value = 3; value <= 60; value++) await publish(texture, value);
    expect([...(await held[0]!.pixels()), ...(await held[1]!.pixels())].every((byte) => byte === 1 || byte === 2)).toBe(true);
    for (const frame of held) frame.release();
    let value = 0;
    while (value < 60) {
      const frame = await imported.acquire(undefined, WAIT_MS);
      expect(frame.value).toBeGreaterThan(value);
      ({ value } = frame);
      expect(new Set(await frame.pixels())).toEqual(new Set([value]));
      frame.release();
    }
    await vi.waitFor(() => expect(texture.connections[0]?.consumed.value).toBe(60));
    manager.release(texture);
  }
});

test('queue: every frame comes in order while the consumer keeps up', async () => {
  for (const transport of CROSSING) {
    const texture = newTexture({ mode: 'queue', slots: 4 });
    const imported = await importElsewhere(manager.exportTexture(texture, { transport }));
    await imported.ready;
    const values: number[] = [];
    for (let round = 0; round < 10; round++) {
      await publish(texture, 1);
      await publish(texture, 2);
      for (let count = 0; count < 2; count++) {
        const frame = await imported.acquire(undefined, WAIT_MS);
        values.push(frame.value);
        frame.release();
      }
      await texture.connections[0]!.consumed.wait(values.length, WAIT_MS);
    }
    expect(values).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    manager.release(texture);
  }
});

test('without a port, the handle is plain data and frames come as copies', async () => {
  const texture = newTexture();
  const handle = structuredClone(manager.exportTexture(texture, { isPortless: true }));
  expect(handle.port).toBeUndefined();
  vi.resetModules();
  const elsewhere = new (await import('./texture-share-manager.ts')).TextureShareManager();
  open.push(elsewhere);
  const imported = elsewhere.importTexture(handle);
  expect(await imported.ready).toBe('broadcast');
  await publish(texture, 9);
  const frame = await imported.acquire(0, WAIT_MS);
  expect(new Set(await frame.pixels())).toEqual(new Set([9]));
  frame.release();
  expect(() => elsewhere.importTexture(handle)).toThrow('was imported before');
  await expect(manager.importTexture(handle).ready).rejects.toMatchObject({ code: 'share-peer-lost' });
});

test('a consumer that speaks nonsense harms nobody', async () => {
  const texture = newTexture();
  const { port } = manager.exportTexture(texture);
  const link = openPortLink(port!);
  open.push(link);
  const nonsense: unknown[] = [
    null,
    'hello',
    { kind: 'lane', lane: 1, message: { kind: 'released', value: 1e9 } },
    { kind: 'probe-used', lane: 99, value: 1 },
    { kind: 'lane-failed', lane: 7, reason: 'x' },
    { kind: 'device', device: 5 },
    { kind: 'hello', version: 1, transports: ['buffer'], realm: 'x', isSoftware: false },
    { kind: 'lane', lane: 1, message: { kind: 'released', value: -1 } },
    { kind: 'hello', version: 1, transports: [], realm: 'y', isSoftware: false },
    { kind: 'lane-failed', lane: -1, reason: 'x' },
  ];
  for (const message of nonsense) link.post(message);
  const imported = manager.importTexture(manager.exportTexture(texture));
  await publish(texture, 4);
  expect((await imported.acquire(0, WAIT_MS)).value).toBe(1);
});

test('a producer that speaks nonsense is left', async () => {
  for (const message of [
    { kind: 'open-lane', lane: 1, transport: 'buffer', descriptor: { width: 1e9 }, isProbe: false },
    { kind: 'open-lane', lane: 0, transport: 'buffer', descriptor: newTexture().descriptor, isProbe: false },
    { kind: 'open-lane', lane: 1, transport: 'buffer', descriptor: newTexture({ format: 'r8unorm' }).descriptor, isProbe: false },
  ]) {
    const { port1, port2 } = new MessageChannel();
    const producer = openPortLink(port1);
    open.push(producer);
    const imported = manager.importTexture({ ...manager.exportTexture(newTexture()), port: port2 });
    producer.post(message);
    await expect(imported.ready).rejects.toMatchObject({ name: 'ShareError' });
    expect(await imported.closed).toBe('released');
  }
});
