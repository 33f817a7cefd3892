import { afterEach, expect, test, vi } from 'vitest';
import type { ImportedFrame, ImportedTexture, ShareableTexture } from './share-types.ts';
import { HANDLE_VERSION, transferablesOf, type TextureHandle } from './texture-handle.ts';
import { TextureShareManager } from './texture-share-manager.ts';

/** No graphics device in Node: producer and consumer exchange pixels. */
const manager = new TextureShareManager();

afterEach(() => manager.close());

const WAIT_MS = 5000;

async function connect(init: Partial<ShareableTexture['descriptor']> = {}): Promise<readonly [ShareableTexture, ImportedTexture]> {
  const texture = manager.createShareableTexture({ width: 4, height: 2, ...init });
  const imported = manager.importTexture(manager.exportTexture(texture));
  await imported.ready;
  return [texture, imported];
}

async function publish(texture: ShareableTexture, fill: number): Promise<number> {
  texture.beginPixels().fill(fill);
  return texture.publish();
}

async function bytesOf(frame: ImportedFrame): Promise<number[]> {
  return [...new Set(await frame.pixels())];
}

test('pixels arrive in one realm without being copied', async () => {
  const [texture, imported] = await connect();
  const written = texture.beginPixels();
  written.fill(7);
  expect(await texture.publish()).toBe(1);
  const frame = await imported.acquire(0, WAIT_MS);
  expect(await imported.ready).toBe('local');
  expect([frame.value, frame.descriptor.width, await frame.pixels()]).toEqual([1, 4, written]);
  expect((await frame.pixels()).buffer).toBe(written.buffer);
});

test('a consumer that comes late gets the newest frame', async () => {
  const texture = manager.createShareableTexture({ width: 4, height: 2 });
  await publish(texture, 1);
  await publish(texture, 2);
  const imported = manager.importTexture(manager.exportTexture(texture));
  const frame = await imported.acquire(0, WAIT_MS);
  expect([frame.value, await bytesOf(frame)]).toEqual([2, [2]]);
});

test('latest: what was missed is dropped, and a held frame stays as it is', async () => {
  const [texture, imported] = await connect();
  await publish(texture, 1);
  const first = await imported.acquire(0, WAIT_MS);
  for (let fill = 2; fill <= 9; fill++) await publish(texture, fill);
  const last = imported.take();
  expect(imported.take.bind(imported)).toThrow('2 frames of "shared texture" are held already');
  expect([await bytesOf(first), last?.value, await bytesOf(last!)]).toEqual([[1], 9, [9]]);
  first.release();
  expect(imported.take()).toBeUndefined();
  await expect(first.pixels()).rejects.toMatchObject({ code: 'share-released' });
});

test('queue: frames come in order, the oldest of too many are dropped', async () => {
  const [texture, imported] = await connect({ mode: 'queue', slots: 3 });
  for (let fill = 1; fill <= 5; fill++) await publish(texture, fill);
  const values: number[] = [];
  for (let frame: ImportedFrame | undefined = await imported.acquire(0, WAIT_MS); frame !== undefined; frame = imported.take()) {
    values.push(frame.value, ...(await bytesOf(frame)));
    frame.release();
  }
  expect(values).toEqual([3, 3, 4, 4, 5, 5]);
});

test('semaphores follow frames: published, and released by the consumer', async () => {
  const [texture, imported] = await connect();
  const [connection] = texture.connections;
  const consumed = connection!.consumed.wait(1, WAIT_MS);
  const produced = imported.produced.wait(1, WAIT_MS);
  await publish(texture, 1);
  expect([texture.produced.value, await produced, imported.produced.value]).toEqual([1, 'ok', 1]);
  (await imported.acquire(0, WAIT_MS)).release();
  expect([await consumed, connection!.consumed.value, imported.consumed.value]).toEqual(['ok', 1, 1]);
});

test('a new size arrives with the first frame of it', async () => {
  const [texture, imported] = await connect();
  await publish(texture, 1);
  (await imported.acquire(0, WAIT_MS)).release();
  texture.resize(3, 5);
  expect(imported.descriptor.width).toBe(4);
  texture.beginPixels().fill(2);
  await texture.publish();
  const frame = await imported.acquire(undefined, WAIT_MS);
  expect([frame.value, frame.descriptor.width, frame.descriptor.height, (await frame.pixels()).length]).toEqual([2, 3, 5, 60]);
  expect(imported.descriptor.height).toBe(5);
  expect(() => texture.resize(0, 5)).toThrow(expect.objectContaining({ code: 'share-bad-descriptor' }));
});

test('a frame that does not come in time is an error, and the next one is found all the same', async () => {
  const [texture, imported] = await connect();
  await expect(imported.acquire(0, 20)).rejects.toMatchObject({ code: 'share-timeout' });
  const waiting = imported.acquire(0, WAIT_MS);
  await publish(texture, 3);
  expect((await waiting).value).toBe(1);
});

test('uses are counted: the last release closes, more do nothing', async () => {
  const [texture, imported] = await connect();
  manager.retain(imported);
  manager.release(imported);
  expect(imported.transport).toBe('local');
  manager.release(imported);
  manager.release(imported);
  expect([await imported.closed, imported.transport]).toEqual(['released', undefined]);
  await vi.waitFor(() => expect(texture.connections).toEqual([]));
  expect(() => manager.retain(imported)).toThrow(expect.objectContaining({ code: 'share-released' }));
  manager.release(texture);
  manager.release(texture);
  texture.close();
  expect(() => texture.beginPixels()).toThrow(expect.objectContaining({ code: 'share-released' }));
  await expect(texture.publish()).rejects.toMatchObject({ code: 'share-released' });
});

test('the release of the producer ends waits and connections of the consumer', async () => {
  const [texture, imported] = await connect();
  const frame = imported.acquire(0, WAIT_MS);
  manager.release(texture);
  await expect(frame).rejects.toMatchObject({ code: 'share-released' });
  expect([await imported.closed, imported.take()]).toEqual(['released', undefined]);
});

test('a handle is imported once', () => {
  const handle = manager.exportTexture(manager.createShareableTexture({ width: 4, height: 2, label: 'once' }));
  manager.importTexture(handle);
  expect(() => manager.importTexture(handle)).toThrow(
    expect.objectContaining({ code: 'share-bad-handle', message: expect.stringContaining('"once" was imported before') }),
  );
});

test('what a consumer relies on is compared when it imports', () => {
  const handle = manager.exportTexture(manager.createShareableTexture({ width: 4, height: 2, usages: ['sample'] }));
  expect(() => manager.importTexture(handle, { format: 'rgba16float' })).toThrow('has format "rgba8unorm"; "rgba16float" was expected');
  expect(() => manager.importTexture(handle, { usages: ['render'] })).toThrow('lacks the usage "render"');
  expect(manager.importTexture(handle, { width: 4, format: 'rgba8unorm' }).descriptor.height).toBe(2);
});

test('what cannot be drawn or published says why', async () => {
  const texture = manager.createShareableTexture({ width: 4, height: 2 });
  expect(() => texture.begin()).toThrow(expect.objectContaining({ code: 'share-no-device' }));
  await expect(texture.publish()).rejects.toMatchObject({ code: 'share-wrong-order' });
  expect(() => manager.createShareableTexture({ width: 4.5, height: 2 })).toThrow('width is a whole number from 1 to 16384, not 4.5');
  expect(() => manager.exportTexture({} as ShareableTexture)).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
});

test('another version of the protocol is refused by name', async () => {
  const { port1, port2 } = new MessageChannel();
  const texture = manager.createShareableTexture({ width: 4, height: 2 });
  const { port } = manager.exportTexture(texture);
  port!.addEventListener('message', ({ data }) => port2.postMessage(data));
  port!.start();
  const refused = new Promise((resolve) => {
    port1.addEventListener('message', ({ data }: { data: { message?: { kind: string } } }) => {
      if (data.message?.kind === 'refused') resolve(data.message);
    });
  });
  port1.start();
  port!.postMessage({
    kind: 'link-message',
    message: { kind: 'hello', version: 99, transports: ['local'], realm: 'x', isSoftware: false },
  });
  expect(await refused).toMatchObject({
    code: 'share-version',
    reason: `The consumer speaks version 99, the producer version ${HANDLE_VERSION}.`,
  });
});

test('consumers without a transport in common with the producer are told so', async () => {
  const texture = manager.createShareableTexture({ width: 4, height: 2 });
  const { port } = manager.exportTexture(texture);
  const refused = new Promise((resolve) => {
    port!.addEventListener('message', ({ data }: { data: { message?: { kind: string } } }) => {
      if (data.message?.kind === 'refused') resolve(data.message);
    });
  });
  port!.start();
  port!.postMessage({
    kind: 'link-message',
    message: { kind: 'hello', version: HANDLE_VERSION, transports: ['local'], realm: 'elsewhere', isSoftware: false },
  });
  expect(await refused).toMatchObject({ code: 'share-no-transport' });
});

test('a handle names what moves with it', () => {
  const handle: TextureHandle = manager.exportTexture(manager.createShareableTexture({ width: 4, height: 2 }));
  expect(transferablesOf(handle)).toEqual([handle.port]);
  const copy = structuredClone(handle, { transfer: transferablesOf(handle) });
  expect(copy).toMatchObject({ version: HANDLE_VERSION, kind: 'shared-texture', id: handle.id, descriptor: { width: 4 } });
});
