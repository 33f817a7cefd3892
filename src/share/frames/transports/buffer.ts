/**
 * Frames in ArrayBuffers that are transferred to the consumer and come back when it releases them, so that after the first few frames no memory is made.
 *
 * Guarantees: every format, colour space and alpha mode bit for bit, between all realms that have a port, with and without isolation, in every browser;
 * between processes the browser copies the bytes on the way. Textures are read back by the producer and written again by the consumer.
 */
import { byteLengthOf } from '../formats.ts';
import { FrameReadback } from '../gpu/frame-readback.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { FrameInbox, type Arrival } from './frame-inbox.ts';
import { FrameOutbox, type Packer, type Parcel } from './frame-outbox.ts';
import type { FrameContent, FrameSender, Transport, TransportContext, TransportMessage } from './transport.ts';

export const bufferTransport: Transport = {
  kind: 'buffer',
  /** Texture to staging buffer, staging buffer to memory, memory to texture; the first two are not there for pixels that were written into `beginPixels`. */
  copies: 3,
  refuse: () => undefined,
  createSender: (context) => new BufferSender(context),
  createReceiver: (context) => new FrameInbox(context, (message) => openBuffer(message, byteLengthOf(context.descriptor))),
};

class BufferSender extends FrameOutbox implements FrameSender {
  readonly #packer: BufferPacker;

  constructor(context: TransportContext) {
    const packer = new BufferPacker(context.descriptor);
    super(context, packer);
    this.#packer = packer;
  }

  /** Sent without a copy; it is empty (detached) afterwards. */
  beginPixels(): Uint8Array {
    return this.#packer.begin();
  }
}

class BufferPacker implements Packer {
  readonly #descriptor: TextureDescriptor;
  readonly #byteLength: number;
  #free: ArrayBuffer[] = [];
  /** Given out by `begin`, and not sent yet. */
  #begun: Uint8Array<ArrayBuffer> | undefined;
  #readback: { readonly device: GPUDevice; readonly frames: FrameReadback } | undefined;
  #isDisposed = false;

  constructor(descriptor: TextureDescriptor) {
    this.#descriptor = descriptor;
    this.#byteLength = byteLengthOf(descriptor);
  }

  begin(): Uint8Array {
    if (this.#isDisposed) throw new ShareError('share-released', 'The connection was closed.');
    this.#begun ??= this.#takeFree();
    return this.#begun;
  }

  pack(content: FrameContent): Parcel | Promise<Parcel> {
    if (content.kind === 'texture') return this.#packTexture(content.device, content.texture);
    const { pixels } = content;
    if (pixels === this.#begun) {
      const begun = this.#begun;
      this.#begun = undefined;
      return this.#parcel(begun.buffer);
    }
    if (pixels.byteLength !== this.#byteLength) {
      throw new ShareError('share-bad-descriptor', `A frame of ${this.#byteLength} bytes was expected, not ${pixels.byteLength}.`);
    }
    const into = this.#takeFree();
    into.set(pixels);
    return this.#parcel(into.buffer);
  }

  unpack({ buffer }: TransportMessage): void {
    if (buffer instanceof ArrayBuffer) this.#keep(buffer);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#free = [];
    this.#begun = undefined;
    this.#readback?.frames.dispose();
    this.#readback = undefined;
  }

  async #packTexture(device: GPUDevice, texture: GPUTexture): Promise<Parcel> {
    if (this.#readback?.device !== device) {
      this.#readback?.frames.dispose();
      this.#readback = { device, frames: new FrameReadback(device, this.#descriptor) };
    }
    const into = this.#takeFree();
    try {
      await this.#readback.frames.read(texture, into);
    } catch (error) {
      this.#keep(into.buffer);
      throw error;
    }
    return this.#parcel(into.buffer);
  }

  #parcel(buffer: ArrayBuffer): Parcel {
    return { message: { buffer }, transfer: [buffer], discard: () => this.#keep(buffer) };
  }

  #takeFree(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(this.#byteLength));
  }

  /** One for each slot, and the one that `begin` may give out beside them. */
  #keep(buffer: ArrayBuffer): void {
    if (!this.#isDisposed && buffer.byteLength === this.#byteLength && this.#free.length <= this.#descriptor.slots) this.#free.push(buffer);
  }
}

function openBuffer({ buffer }: TransportMessage, byteLength: number): Arrival | undefined {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) return undefined;
  return {
    payload: { kind: 'pixels', pixels: new Uint8Array(buffer) },
    end: () => ({ fields: { buffer }, transfer: [buffer] }),
  };
}
