import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { alphaGradient, describeFrame, randomPixels, requestTestDevice, textureOf } from '../../../../tests/support/share-pictures.ts';
import { byteLengthOf, SHARE_FORMATS } from '../formats.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { FramePayload } from '../transports/transport.ts';
import { FrameImporter } from './frame-importer.ts';
import { FrameReadback } from './frame-readback.ts';
import { PictureCanvas } from './picture-canvas.ts';
import { frameOfPixels } from './frame-of-pixels.ts';
import { imageDataOf } from './pixel-order.ts';

let producer: GPUDevice;
let device: GPUDevice;
let gpuErrors: string[] = [];
const images: (ImageBitmap | VideoFrame)[] = [];
beforeAll(async () => {
  [producer, device] = await Promise.all([requestTestDevice(), requestTestDevice()]);
  for (const each of [producer, device]) each.onuncapturederror = ({ error }) => gpuErrors.push(error.message);
});
afterEach(() => {
  for (const image of images.splice(0)) image.close();
  expect(gpuErrors.splice(0)).toEqual([]);
});
afterAll(() => {
  producer.destroy();
  device.destroy();
});

const FORMATS_8 = ['rgba8unorm', 'rgba8unorm-srgb', 'bgra8unorm', 'bgra8unorm-srgb'] as const;
const CASES = FORMATS_8.flatMap((format) =>
  (['srgb', 'display-p3'] as const).flatMap((colorSpace) =>
    (['opaque', 'premultiplied'] as const).map((alphaMode) => ({ format, colorSpace, alphaMode })),
  ),
);

test.each(SHARE_FORMATS)('memory in %s becomes a texture bit for bit, also shared memory', async (format) => {
  const descriptor = describeFrame({ format, width: 65 });
  const importer = new FrameImporter(device, descriptor);
  for (const isShared of [false, true]) {
    const pixels = randomPixels(descriptor, 1);
    const memory = isShared ? new Uint8Array(sharedMemory(pixels.length)) : new Uint8Array(pixels.length);
    memory.set(pixels);
    expect(await read(importer.texture({ kind: 'pixels', pixels: memory }), descriptor)).toEqual(pixels);
  }
  importer.dispose();
});

test.each(CASES)('images in $format, $colorSpace, $alphaMode become textures, pixels and images bit for bit', async (init) => {
  const descriptor = describeFrame(init);
  const canvas = new PictureCanvas(descriptor);
  const withDevice = new FrameImporter(device, descriptor);
  const without = new FrameImporter(undefined, descriptor);
  const sources = [randomPixels(descriptor, 7), ...(init.alphaMode === 'opaque' ? [] : [alphaGradient(descriptor)])];
  for (const pixels of sources) {
    const texture = textureOf(producer, descriptor, pixels);
    for (const source of ['texture', 'pixels'] as const) {
      const alpha = init.alphaMode === 'opaque' ? 'discard' : 'keep';
      const frame =
        source === 'texture'
          ? new VideoFrame(canvas.draw(producer, texture), { timestamp: 0, alpha })
          : frameOfPixels(pixels, descriptor, 0);
      const bitmap =
        source === 'texture'
          ? canvas.draw(producer, texture).transferToImageBitmap()
          : await createImageBitmap(imageDataOf(pixels, descriptor));
      images.push(frame, bitmap);
      for (const image of [bitmap, frame]) {
        const payload: FramePayload = { kind: 'image', image };
        const name = `${source} by ${image.constructor.name}`;
        expect(await read(withDevice.texture(payload), descriptor), `${name}: texture`).toEqual(pixels);
        expect(await without.pixels(payload), `${name}: pixels`).toEqual(pixels);
        const copy = await without.bitmap(payload);
        images.push(copy);
        expect(await without.pixels({ kind: 'image', image: copy }), `${name}: bitmap`).toEqual(pixels);
      }
      const external = withDevice.externalTexture({ kind: 'image', image: frame });
      if (external === undefined) throw new Error('no external texture');
      expect(await readExternal(external), `${source}: external texture`).toEqual(
        init.format.startsWith('bgra') ? swapped(pixels) : pixels,
      );
      expect(withDevice.externalTexture({ kind: 'image', image: bitmap })).toBeUndefined();
    }
  }
  canvas.dispose();
  withDevice.dispose();
});

test.each(['RGBA', 'RGBX', 'BGRA', 'BGRX'] as const)(
  'opaque frames made of %s bytes are read in the order of the descriptor',
  async (format) => {
    const descriptor = describeFrame({ format: 'bgra8unorm' });
    const pixels = randomPixels(descriptor, 3);
    const bytes = format.startsWith('B') ? pixels : swapped(pixels);
    const frame = new VideoFrame(bytes, { format, codedWidth: 64, codedHeight: 48, timestamp: 0 });
    images.push(frame);
    const importer = new FrameImporter(device, descriptor);
    expect(await importer.pixels({ kind: 'image', image: frame })).toEqual(pixels);
    expect(await read(importer.texture({ kind: 'image', image: frame }), descriptor)).toEqual(pixels);
    importer.dispose();
  },
);

test.each(['srgb', 'display-p3'] as const)(
  'images of memory keep every pair of alpha and premultiplied colour, in %s',
  async (colorSpace) => {
    const descriptor = describeFrame({ width: 256, height: 256, alphaMode: 'premultiplied', colorSpace });
    const importer = new FrameImporter(device, descriptor);
    const pixels = alphaGradient(descriptor);
    const frame = frameOfPixels(pixels, descriptor, 0);
    const bitmap = await createImageBitmap(imageDataOf(pixels, descriptor));
    images.push(frame, bitmap);
    for (const image of [frame, bitmap]) {
      // Compared as one: a difference listed byte by byte takes minutes.
      expect(isSame(await read(importer.texture({ kind: 'image', image }), descriptor), pixels)).toBe(true);
      expect(isSame(await importer.pixels({ kind: 'image', image }), pixels)).toBe(true);
    }
    importer.dispose();
  },
);

test('memory becomes an image whose colours are those of the pixels', async () => {
  for (const alphaMode of ['opaque', 'premultiplied', 'straight'] as const) {
    for (const format of ['rgba8unorm', 'bgra8unorm-srgb'] as const) {
      const descriptor = describeFrame({ alphaMode, format, width: 4, height: 1, colorSpace: 'display-p3' });
      const importer = new FrameImporter(undefined, descriptor);
      // Alpha 255, 128, 1 and 0; a straight colour is multiplied by it in the image.
      const pixels = Uint8Array.of(200, 100, 50, 255, 128, 64, 0, 128, 1, 0, 1, 1, 0, 0, 0, 0);
      const image = await importer.bitmap({ kind: 'pixels', pixels });
      images.push(image);
      const expected = {
        opaque: [200, 100, 50, 255, 128, 64, 0, 255, 1, 0, 1, 255, 0, 0, 0, 255],
        premultiplied: [...pixels],
        straight: [200, 100, 50, 255, 64, 32, 0, 128, 0, 0, 0, 1, 0, 0, 0, 0],
      }[alphaMode];
      expect([...(await importer.pixels({ kind: 'image', image }))], alphaMode).toEqual(expected);
    }
  }
});

test('textures of the realm are handed on, read back and made images of', async () => {
  const descriptor = describeFrame({ alphaMode: 'premultiplied' });
  const importer = new FrameImporter(device, descriptor);
  const pixels = alphaGradient(descriptor);
  const texture = textureOf(device, descriptor, pixels);
  expect(importer.texture({ kind: 'texture', texture })).toBe(texture);
  expect(await importer.pixels({ kind: 'texture', texture })).toEqual(pixels);
  const image = await importer.bitmap({ kind: 'texture', texture });
  images.push(image);
  expect(await importer.pixels({ kind: 'image', image })).toEqual(pixels);
  importer.dispose();
});

test('one texture serves every frame, until the importer is disposed of', () => {
  const descriptor = describeFrame();
  const importer = new FrameImporter(device, descriptor);
  const payload: FramePayload = { kind: 'pixels', pixels: randomPixels(descriptor, 1) };
  const first = importer.texture(payload);
  expect(importer.texture(payload)).toBe(first);
  importer.dispose();
  importer.dispose();
  expect(() => importer.texture(payload)).toThrow(expect.objectContaining({ code: 'share-released' }));
});

test('images of another size, closed images and short memory are refused', async () => {
  const descriptor = describeFrame();
  const importer = new FrameImporter(device, descriptor);
  const small = new OffscreenCanvas(8, 8);
  small.getContext('2d')?.fillRect(0, 0, 8, 8);
  const closed = await createImageBitmap(new ImageData(64, 48));
  closed.close();
  const bad: FramePayload[] = [
    { kind: 'image', image: small.transferToImageBitmap() },
    { kind: 'image', image: closed },
    { kind: 'pixels', pixels: new Uint8Array(4) },
  ];
  for (const payload of bad) {
    expect(() => importer.texture(payload)).toThrow(expect.objectContaining({ code: 'share-bad-descriptor' }));
    await expect(importer.pixels(payload)).rejects.toMatchObject({ code: 'share-bad-descriptor' });
    await expect(importer.bitmap(payload)).rejects.toMatchObject({ code: 'share-bad-descriptor' });
  }
  importer.dispose();
});

test('without a device and after its loss, textures are refused and pixels are not', async () => {
  const descriptor = describeFrame();
  const payload: FramePayload = { kind: 'pixels', pixels: randomPixels(descriptor, 1) };
  expect(() => new FrameImporter(undefined, descriptor).texture(payload)).toThrow(expect.objectContaining({ code: 'share-no-device' }));
  const lost = await requestTestDevice();
  const importer = new FrameImporter(lost, descriptor);
  lost.destroy();
  await lost.lost;
  expect(() => importer.texture(payload)).toThrow(expect.objectContaining({ code: 'share-device-lost' }));
  expect(await importer.pixels(payload)).toBe(payload.pixels);
});

test.each(['r8unorm', 'rgb10a2unorm', 'rgba16float', 'rgba32float'] as const)(
  '%s memory is no image: the nearest format is named',
  async (format) => {
    const descriptor = describeFrame({ format });
    const importer = new FrameImporter(undefined, descriptor);
    await expect(importer.bitmap({ kind: 'pixels', pixels: randomPixels(descriptor, 1) })).rejects.toMatchObject({
      code: 'share-unsupported-format',
      message: expect.stringContaining('nearest'),
    });
  },
);

async function read(texture: GPUTexture, descriptor: TextureDescriptor): Promise<Uint8Array> {
  const readback = new FrameReadback(device, descriptor);
  const into = new Uint8Array(byteLengthOf(descriptor));
  await readback.read(texture, into);
  readback.dispose();
  return into;
}

async function readExternal(external: GPUExternalTexture): Promise<Uint8Array> {
  const module = device.createShaderModule({
    code: `@group(0) @binding(0) var frame: texture_external;
      @vertex fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
        return vec4f(f32(index & 1u) * 4 - 1, f32(index >> 1u) * 4 - 1, 0, 1);
      }
      @fragment fn fs_main(@builtin(position) position: vec4f) -> @location(0) vec4f { return textureLoad(frame, vec2u(position.xy)); }`,
  });
  const pipeline = device.createRenderPipeline({
    layout: 'auto',
    vertex: { module },
    fragment: { module, targets: [{ format: 'rgba8unorm' }] },
  });
  const descriptor = describeFrame();
  const target = device.createTexture({
    size: [64, 48],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginRenderPass({ colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }] });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: external }] }));
  pass.draw(3);
  pass.end();
  device.queue.submit([encoder.finish()]);
  return read(target, descriptor);
}

function isSame(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && actual.every((byte, index) => byte === expected[index]);
}

function swapped(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pixels, (_, byte) => pixels[byte % 4 === 0 ? byte + 2 : byte % 4 === 2 ? byte - 2 : byte]!);
}

/** Windows without isolation have no SharedArrayBuffer, yet WebAssembly gives shared memory everywhere. */
function sharedMemory(bytes: number): ArrayBufferLike {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.slice(0, bytes);
}
