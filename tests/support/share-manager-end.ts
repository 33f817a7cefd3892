/** A worker that imports shared textures and tells what it gets: the other end for tests of the manager. */
import { FrameReadback } from '../../src/share/frames/gpu/frame-readback.ts';
import { ShareError } from '../../src/share/frames/share-error.ts';
import type { ImportedTexture } from '../../src/share/frames/share-types.ts';
import type { TextureHandle } from '../../src/share/frames/texture-handle.ts';
import { TextureShareManager } from '../../src/share/frames/texture-share-manager.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import { byteLengthOf } from '../../src/share/frames/formats.ts';
import { requestTestDevice } from './share-pictures.ts';

export interface ConsumerCalls {
  /** With a device of its own, or without any. */
  start: { request: { readonly hasDevice: boolean }; reply: undefined };
  /** The reply comes when frames can. */
  import: { request: { readonly handle: TextureHandle }; reply: TransportKind };
  acquire: {
    request: { readonly after?: number; readonly as: 'texture' | 'pixels' };
    reply: { readonly value: number; readonly width: number; readonly height: number; readonly pixels: Uint8Array };
  };
  loseDevice: { request: Record<never, never>; reply: string };
  useNewDevice: { request: Record<never, never>; reply: undefined };
}

export type ConsumerRequest = { [K in keyof ConsumerCalls]: { readonly kind: K } & ConsumerCalls[K]['request'] }[keyof ConsumerCalls];
export type ConsumerReply = { readonly reply: unknown } | { readonly code: string; readonly message: string };

const WAIT_MS = 20_000;

let manager: TextureShareManager;
let device: GPUDevice | undefined;
let imported: ImportedTexture;

globalThis.addEventListener('message', ({ data }: MessageEvent<{ readonly request: ConsumerRequest; readonly port: MessagePort }>) => {
  const { request, port } = data;
  answer(request)
    .catch((error: unknown) => ({ code: error instanceof ShareError ? error.code : 'other', message: String(error) }))
    .then((reply) => port.postMessage(reply))
    .catch((error: unknown) => reportError(error));
});

async function answer(request: ConsumerRequest): Promise<ConsumerReply> {
  switch (request.kind) {
    case 'start':
      device = request.hasDevice ? await requestTestDevice() : undefined;
      manager = new TextureShareManager(device === undefined ? {} : { device });
      return { reply: undefined };
    case 'import':
      imported = manager.importTexture(request.handle);
      return { reply: await imported.ready };
    case 'acquire': {
      const frame = await imported.acquire(request.after, WAIT_MS);
      const { value, descriptor } = frame;
      const { width, height } = descriptor;
      let pixels: Uint8Array;
      if (request.as === 'pixels') pixels = (await frame.pixels()).slice();
      else {
        pixels = new Uint8Array(byteLengthOf(descriptor));
        const readback = new FrameReadback(device!, descriptor);
        await readback.read(frame.texture(), pixels);
        readback.dispose();
      }
      frame.release();
      return { reply: { value, width, height, pixels } };
    }
    case 'loseDevice':
      device?.destroy();
      await device?.lost;
      try {
        const frame = await imported.acquire(0, WAIT_MS);
        try {
          frame.texture();
        } finally {
          frame.release();
        }
      } catch (error) {
        return { reply: (error as ShareError).code };
      }
      return { reply: 'nothing was thrown' };
    case 'useNewDevice':
      device = await requestTestDevice();
      manager.useDevice(device);
      return { reply: undefined };
  }
}
