/**
 * Copies of pixels in the connection's messages, for links that cannot transfer: windows of one origin that have no port with each other.
 *
 * Guarantees: every format, colour space and alpha mode bit for bit, wherever messages cross. Slow: 720p took 15 ms to arrive, 1080p 84 ms.
 */
import { byteLengthOf } from '../formats.ts';
import { FrameReadback } from '../gpu/frame-readback.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { FrameInbox, type Arrival } from './frame-inbox.ts';
import { FrameOutbox, type Packer, type Parcel } from './frame-outbox.ts';
import type { FrameContent, Transport, TransportMessage } from './transport.ts';

/** What is larger would take longer than a tenth of a second for each frame. */
const MAX_BYTES = 1920 * 1080 * 4;

export const broadcastTransport: Transport = {
  kind: 'broadcast',
  /** Texture to staging buffer, out of it, into the message, out of the message, into the texture. */
  copies: 5,
  refuse: (descriptor) => {
    const bytes = byteLengthOf(descriptor);
    if (bytes <= MAX_BYTES) return undefined;
    return new ShareError(
      'share-unsupported-transport',
      `The transport "broadcast" takes frames of up to ${MAX_BYTES} bytes (1920x1080 in rgba8unorm), not ${bytes}: share a smaller texture, or a handle with a port.`,
    );
  },
  createSender: (context) => new FrameOutbox(context, new CopyPacker(context.descriptor)),
  createReceiver: (context) => new FrameInbox(context, (message) => openCopy(message, byteLengthOf(context.descriptor))),
};

class CopyPacker implements Packer {
  readonly #descriptor: TextureDescriptor;
  #readback: { readonly device: GPUDevice; readonly frames: FrameReadback } | undefined;

  constructor(descriptor: TextureDescriptor) {
    this.#descriptor = descriptor;
  }

  pack(content: FrameContent): Parcel | Promise<Parcel> {
    if (content.kind === 'texture') return this.#packTexture(content.device, content.texture);
    const { pixels } = content;
    const byteLength = byteLengthOf(this.#descriptor);
    if (pixels.length !== byteLength) {
      throw new ShareError('share-bad-descriptor', `A frame of ${byteLength} bytes was expected, not ${pixels.length}.`);
    }
    // A copy of its own: a view would cross with all of its buffer, and shared memory not at all.
    return parcelOf(pixels.slice());
  }

  dispose(): void {
    this.#readback?.frames.dispose();
    this.#readback = undefined;
  }

  async #packTexture(device: GPUDevice, texture: GPUTexture): Promise<Parcel> {
    if (this.#readback?.device !== device) {
      this.dispose();
      this.#readback = { device, frames: new FrameReadback(device, this.#descriptor) };
    }
    const pixels = new Uint8Array(byteLengthOf(this.#descriptor));
    await this.#readback.frames.read(texture, pixels);
    return parcelOf(pixels);
  }
}

function parcelOf(pixels: Uint8Array): Parcel {
  return { message: { pixels }, transfer: [], discard: () => undefined };
}

function openCopy({ pixels }: TransportMessage, byteLength: number): Arrival | undefined {
  if (!(pixels instanceof Uint8Array) || pixels.byteLength !== byteLength) return undefined;
  return { payload: { kind: 'pixels', pixels }, end: () => ({}) };
}
