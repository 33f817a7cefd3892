import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ConsumerCalls, ConsumerReply, ConsumerRequest } from '../../../tests/support/share-manager-end.ts';
import { describeFrame, randomPixels, requestTestDevice } from '../../../tests/support/share-pictures.ts';
import { byteLengthOf, bytesPerPixel } from './formats.ts';
import { FrameReadback } from './gpu/frame-readback.ts';
import type { ShareableTexture } from './share-types.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import { transferablesOf, type TextureHandle } from './texture-handle.ts';
import { TextureShareManager } from './texture-share-manager.ts';
import type { TransportKind } from './transports/transport.ts';

const WAIT_MS = 20_000;

let device: GPUDevice;
const managers: TextureShareManager[] = [];
const workers: Worker[] = [];
const gpuErrors: string[] = [];

beforeAll(async () => {
  device = await newDevice();
});

afterEach(() => {
  for (const manager of managers.splice(0)) manager.close();
  for (const worker of workers.splice(0)) worker.terminate();
  expect(gpuErrors.splice(0)).toEqual([]);
});

/** One whose validation errors fail the test. */
async function newDevice(): Promise<GPUDevice> {
  const made = await requestTestDevice();
  made.onuncapturederror = ({ error }) => gpuErrors.push(error.message);
  return made;
}

function newManager(given?: GPUDevice): TextureShareManager {
  const manager = new TextureShareManager(given === undefined ? {} : { device: given });
  managers.push(manager);
  return manager;
}

/** Writes random bytes as the GPU's next frame and publishes it. */
async function draw(texture: ShareableTexture, seed: number, on = device): Promise<Uint8Array> {
  const pixels = randomPixels(texture.descriptor, seed);
  const target = texture.begin();
  const { width, height, format } = texture.descriptor;
  on.queue.writeTexture({ texture: target }, pixels, { bytesPerRow: width * bytesPerPixel(format) }, [width, height]);
  await texture.publish();
  return pixels;
}

async function read(texture: GPUTexture, descriptor: TextureDescriptor, on = device): Promise<Uint8Array> {
  const into = new Uint8Array(byteLengthOf(descriptor));
  const readback = new FrameReadback(on, descriptor);
  await readback.read(texture, into);
  readback.dispose();
  return into;
}

class WorkerConsumer {
  #worker = new Worker(new URL('../../../tests/support/share-manager-end.ts', import.meta.url), { type: 'module' });

  constructor() {
    workers.push(this.#worker);
  }

  async call<K extends keyof ConsumerCalls>(
    kind: K,
    request: ConsumerCalls[K]['request'],
    transfer: Transferable[] = [],
  ): Promise<ConsumerCalls[K]['reply']> {
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise<ConsumerReply>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<ConsumerReply>) => resolve(data);
    });
    this.#worker.postMessage({ request: { kind, ...request } as ConsumerRequest, port: port2 }, [port2, ...transfer]);
    const answer = await answered;
    port1.close();
    if ('code' in answer) throw Object.assign(new Error(answer.message), { code: answer.code });
    return answer.reply as ConsumerCalls[K]['reply'];
  }

  import(handle: TextureHandle): Promise<TransportKind> {
    return this.call('import', { handle }, transferablesOf(handle));
  }

  terminate(): void {
    this.#worker.terminate();
  }
}

async function newConsumer(hasDevice = true): Promise<WorkerConsumer> {
  const consumer = new WorkerConsumer();
  await consumer.call('start', { hasDevice });
  return consumer;
}

const SIZE = { width: 64, height: 48 };
const CROSSING: readonly TransportKind[] = crossOriginIsolated
  ? ['shared-memory', 'buffer', 'bitmap', 'video-frame']
  : ['buffer', 'bitmap', 'video-frame'];

describe('within one realm', () => {
  test('one device: the consumer samples the very texture that was drawn, which stays while it is held', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const imported = manager.importTexture(manager.exportTexture(texture));
    const first = await draw(texture, 1);
    const frame = await imported.acquire(0, WAIT_MS);
    expect(imported.transport).toBe('local');
    const held = frame.texture();
    const drawnInto = new Set<GPUTexture>();
    for (let seed = 2; seed < 8; seed++) {
      drawnInto.add(texture.begin());
      await draw(texture, seed);
    }
    expect(drawnInto.has(held)).toBe(false);
    expect(await read(held, texture.descriptor)).toEqual(first);
    frame.release();
    // Also after its release, until the texture of the next is asked for.
    await draw(texture, 8);
    const last = await draw(texture, 9);
    expect(await read(held, texture.descriptor)).toEqual(first);
    const next = await imported.acquire(undefined, WAIT_MS);
    expect([next.value, await read(next.texture(), texture.descriptor)]).toEqual([9, last]);
    expect(drawnInto.has(next.texture())).toBe(true);
    next.release();
  });

  test('two textures are drawn in turn while nobody holds one', async () => {
    const texture = newManager(device).createShareableTexture(SIZE);
    const drawnInto = new Set<GPUTexture>();
    for (let seed = 0; seed < 10; seed++) {
      drawnInto.add(texture.begin());
      await draw(texture, seed);
    }
    expect(drawnInto.size).toBe(2);
  });

  test('two devices: frames cross by another transport, bit for bit', async () => {
    const other = await newDevice();
    const texture = newManager(device).createShareableTexture(SIZE);
    const source = managers[0]!;
    const imported = newManager(other).importTexture(source.exportTexture(texture));
    expect(await imported.ready).not.toBe('local');
    const pixels = await draw(texture, 1);
    const frame = await imported.acquire(0, WAIT_MS);
    expect(await read(frame.texture(), texture.descriptor, other)).toEqual(pixels);
    frame.release();
    other.destroy();
  });

  test('pixels become a texture, and drawings become pixels', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const imported = manager.importTexture(manager.exportTexture(texture));
    const written = randomPixels(describeFrame({ alphaMode: 'premultiplied' }), 3);
    texture.beginPixels().set(written);
    await texture.publish();
    const first = await imported.acquire(0, WAIT_MS);
    expect(await read(first.texture(), texture.descriptor)).toEqual(written);
    first.release();
    const drawn = await draw(texture, 4);
    const second = await imported.acquire(undefined, WAIT_MS);
    expect(await second.pixels()).toEqual(drawn);
    second.release();
  });
});

describe('to a worker', () => {
  test.each(CROSSING)('%s: drawings arrive bit for bit, in order, in every size', async (transport) => {
    const manager = newManager(device);
    const consumer = await newConsumer();
    const texture = manager.createShareableTexture({ ...SIZE, alphaMode: 'opaque' });
    expect(await consumer.import(manager.exportTexture(texture, { transport }))).toBe(transport);
    let value = 0;
    for (const [width, height] of [
      [64, 48],
      [64, 48],
      [33, 70],
      [64, 48],
    ] as const) {
      texture.resize(width, height);
      const pixels = await draw(texture, (value += 1));
      expect(await consumer.call('acquire', { after: value - 1, as: 'texture' })).toEqual({ value, width, height, pixels });
    }
  });

  test('auto measures what both ends can do, and takes the fastest', async () => {
    const manager = newManager(device);
    const consumer = await newConsumer();
    const texture = manager.createShareableTexture(SIZE);
    const chosen = await consumer.import(manager.exportTexture(texture));
    const { measured, transport, state } = texture.connections[0]!;
    expect([...measured.keys()].toSorted()).toEqual(CROSSING.toSorted());
    const fastest = [...measured].toSorted(([, a], [, b]) => (a ?? Infinity) - (b ?? Infinity))[0]!;
    expect([chosen, transport, state, fastest[1]! > 0]).toEqual([fastest[0], fastest[0], 'open', true]);
    const pixels = await draw(texture, 1);
    expect((await consumer.call('acquire', { as: 'texture' })).pixels).toEqual(pixels);
  });

  test('a consumer without a device gets pixels, and one that comes late the newest', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture({ ...SIZE, format: 'rgba16float' });
    await draw(texture, 1);
    const pixels = await draw(texture, 2);
    const consumer = await newConsumer(false);
    await consumer.import(manager.exportTexture(texture));
    expect(await consumer.call('acquire', { as: 'pixels' })).toMatchObject({ value: 2, pixels });
  });

  test('several consumers each get every frame by their own transport', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const consumers = await Promise.all([newConsumer(), newConsumer(false)]);
    for (const consumer of consumers) await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    const imported = manager.importTexture(manager.exportTexture(texture));
    await imported.ready;
    for (let seed = 1; seed < 4; seed++) {
      const pixels = await draw(texture, seed);
      expect((await consumers[0]!.call('acquire', { as: 'texture' })).pixels).toEqual(pixels);
      expect((await consumers[1]!.call('acquire', { as: 'pixels' })).pixels).toEqual(pixels);
      const frame = await imported.acquire(undefined, WAIT_MS);
      expect(await read(frame.texture(), texture.descriptor)).toEqual(pixels);
      frame.release();
    }
    expect(texture.connections.map(({ transport }) => transport)).toEqual(['buffer', 'buffer', 'local']);
  });

  test('a handle is good for one import, wherever', async () => {
    const manager = newManager(device);
    const handle = manager.exportTexture(manager.createShareableTexture(SIZE), { transport: 'buffer' });
    const consumer = await newConsumer();
    await consumer.import(handle);
    await expect((await newConsumer()).import(handle)).rejects.toThrow(/detached|could not be cloned|already/u);
  });

  test('a worker that ends is gone from the connections within a second, and publishing goes on', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const consumer = await newConsumer();
    await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    let changes = 0;
    texture.onConnection(() => (changes += 1));
    await draw(texture, 1);
    const [connection] = texture.connections;
    const waiting = connection!.consumed.wait(100);
    const begin = performance.now();
    consumer.terminate();
    await vi.waitFor(() => expect(texture.connections).toEqual([]), { timeout: 2000, interval: 10 });
    expect(performance.now() - begin).toBeLessThan(1000);
    expect([connection!.state, connection!.transport, changes, await waiting]).toEqual(['closed', undefined, 1, 'lost']);
    await draw(texture, 2);
  });
});

describe('loss of the device', () => {
  test("producer's: begin says so, useDevice goes on, and consumers stay", async () => {
    const lost = await newDevice();
    const manager = newManager(lost);
    const texture = manager.createShareableTexture(SIZE);
    const consumer = await newConsumer();
    await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    await draw(texture, 1, lost);
    lost.destroy();
    await lost.lost;
    expect(() => texture.begin()).toThrow(expect.objectContaining({ code: 'share-device-lost' }));
    manager.useDevice(device);
    const pixels = await draw(texture, 2);
    expect(await consumer.call('acquire', { after: 1, as: 'texture' })).toMatchObject({ value: 2, pixels });
  });

  test('pixels go on without a device', async () => {
    const lost = await newDevice();
    const manager = newManager(lost);
    const texture = manager.createShareableTexture(SIZE);
    const consumer = await newConsumer();
    await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    lost.destroy();
    await lost.lost;
    texture.beginPixels().fill(7);
    await texture.publish();
    const { pixels } = await consumer.call('acquire', { as: 'pixels' });
    expect(new Set(pixels)).toEqual(new Set([7]));
  });

  test("consumer's: texture says so, useDevice goes on", async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const consumer = await newConsumer();
    await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    await draw(texture, 1);
    expect(await consumer.call('loseDevice', {})).toBe('share-device-lost');
    await consumer.call('useNewDevice', {});
    const pixels = await draw(texture, 2);
    expect(await consumer.call('acquire', { after: 1, as: 'texture' })).toMatchObject({ value: 2, pixels });
  });

  test('in one realm: both ends take the new one, and share it again', async () => {
    const lost = await newDevice();
    const manager = newManager(lost);
    const texture = manager.createShareableTexture(SIZE);
    const imported = manager.importTexture(manager.exportTexture(texture));
    await draw(texture, 1, lost);
    const frame = await imported.acquire(0, WAIT_MS);
    lost.destroy();
    await lost.lost;
    expect(() => frame.texture()).toThrow(expect.objectContaining({ code: 'share-device-lost' }));
    frame.release();
    manager.useDevice(device);
    const pixels = await draw(texture, 2);
    const next = await imported.acquire(1, WAIT_MS);
    expect(imported.transport).toBe('local');
    expect([next.value, await read(next.texture(), texture.descriptor)]).toEqual([2, pixels]);
    next.release();
  });

  test('a consumer that takes another device gets the newest frame again, by a transport that crosses devices', async () => {
    const texture = newManager(device).createShareableTexture(SIZE);
    const other = await newDevice();
    const imported = newManager(device).importTexture(managers[0]!.exportTexture(texture));
    const pixels = await draw(texture, 1);
    const frame = await imported.acquire(0, WAIT_MS);
    expect(imported.transport).toBe('local');
    imported.useDevice(other);
    expect(() => frame.texture()).toThrow(expect.objectContaining({ code: 'share-device-lost' }));
    frame.release();
    const again = await imported.acquire(undefined, WAIT_MS);
    expect([again.value, imported.transport === 'local', await read(again.texture(), texture.descriptor, other)]).toEqual([
      1,
      false,
      pixels,
    ]);
    again.release();
    managers[1]!.close();
    other.destroy();
  });

  test('after the loss the newest frame comes again, though nobody publishes', async () => {
    const manager = newManager(device);
    const texture = manager.createShareableTexture(SIZE);
    const consumer = await newConsumer();
    await consumer.import(manager.exportTexture(texture, { transport: 'buffer' }));
    const pixels = await draw(texture, 1);
    await consumer.call('acquire', { as: 'texture' });
    await consumer.call('useNewDevice', {});
    expect(await consumer.call('acquire', { as: 'texture' })).toMatchObject({ value: 1, pixels });
  });
});
