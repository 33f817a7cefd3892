import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFrame, randomPixels, requestTestDevice, textureOf } from '../../../../tests/support/share-pictures.ts';
import { byteLengthOf, SHARE_FORMATS } from '../formats.ts';
import { FrameReadback } from './frame-readback.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await requestTestDevice();
});
afterAll(() => device.destroy());

test.each(SHARE_FORMATS)('%s arrives bit for bit, with rows of every padding', async (format) => {
  for (const width of [1, 64, 67]) {
    const descriptor = describeFrame({ width, height: 5, format });
    const pixels = randomPixels(descriptor, width);
    const readback = new FrameReadback(device, descriptor);
    const into = new Uint8Array(pixels.length);
    await readback.read(textureOf(device, descriptor, pixels), into);
    expect(into).toEqual(pixels);
    readback.dispose();
  }
});

test('several reads are on their way at once, complete in order, and use no more buffers than slots', async () => {
  const descriptor = describeFrame({ slots: 4 });
  const readback = new FrameReadback(device, descriptor);
  const created = countBuffers();
  const texture = textureOf(device, descriptor, randomPixels(descriptor, 0));
  const completed: number[] = [];
  const frames = Array.from({ length: 12 }, (_, seed) => ({
    seed,
    pixels: randomPixels(descriptor, seed),
    into: new Uint8Array(64 * 48 * 4),
  }));
  // Written again before the read of it is done: what was submitted first is read first.
  const reads = frames.slice(0, 4).map(async ({ seed, pixels, into }) => {
    device.queue.writeTexture({ texture }, pixels, { bytesPerRow: 64 * 4 }, [64, 48]);
    await readback.read(texture, into);
    completed.push(seed);
  });
  const later = frames.slice(4).map(async ({ seed, pixels, into }) => {
    await readback.read(textureOf(device, descriptor, pixels), into);
    completed.push(seed);
  });
  await Promise.all([...reads, ...later]);
  expect(completed).toEqual(frames.map(({ seed }) => seed));
  for (const { pixels, into } of frames) expect(into).toEqual(pixels);
  expect(created()).toBe(4);
  readback.dispose();
});

test('textures and memory that do not fit are refused before anything is submitted', async () => {
  const descriptor = describeFrame();
  const readback = new FrameReadback(device, descriptor);
  const into = new Uint8Array(byteLengthOf(descriptor));
  const other = describeFrame({ width: 32 });
  const unreadable = device.createTexture({ size: [64, 48], format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST });
  const swapped = describeFrame({ format: 'bgra8unorm' });
  const refused = { code: 'share-bad-descriptor' };
  await expect(readback.read(textureOf(device, other, randomPixels(other, 1)), into)).rejects.toMatchObject(refused);
  await expect(readback.read(textureOf(device, swapped, randomPixels(swapped, 1)), into)).rejects.toMatchObject(refused);
  await expect(readback.read(unreadable, into)).rejects.toMatchObject(refused);
  await expect(readback.read(textureOf(device, descriptor, randomPixels(descriptor, 1)), into.subarray(1))).rejects.toMatchObject(refused);
  readback.dispose();
});

test('disposal rejects what is on its way and what waits', async () => {
  const descriptor = describeFrame();
  const readback = new FrameReadback(device, descriptor);
  const texture = textureOf(device, descriptor, randomPixels(descriptor, 1));
  const reads = Array.from({ length: 5 }, () => readback.read(texture, new Uint8Array(byteLengthOf(descriptor))));
  readback.dispose();
  readback.dispose();
  for (const result of await Promise.allSettled([...reads, readback.read(texture, new Uint8Array(1))])) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'share-released' } });
  }
});

test('the loss of the device is told to every read, also later ones', async () => {
  const lost = await requestTestDevice();
  const descriptor = describeFrame();
  const readback = new FrameReadback(lost, descriptor);
  const texture = textureOf(lost, descriptor, randomPixels(descriptor, 1));
  const read = (): Promise<void> => readback.read(texture, new Uint8Array(byteLengthOf(descriptor)));
  const reads = Array.from({ length: 5 }, read);
  lost.destroy();
  for (const result of await Promise.allSettled([...reads, read()])) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'share-device-lost' } });
  }
  readback.dispose();
});

/** How many buffers the device makes from here on. */
function countBuffers(): () => number {
  const create = device.createBuffer.bind(device);
  let count = 0;
  device.createBuffer = (descriptor) => {
    count++;
    return create(descriptor);
  };
  return () => {
    device.createBuffer = create;
    return count;
  };
}
