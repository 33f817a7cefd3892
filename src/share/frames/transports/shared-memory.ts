import { byteLengthOf } from '../formats.ts';
import { FrameReadback } from '../gpu/frame-readback.ts';
import { RelayTimeline } from '../relay-timeline.ts';
import { ShareError } from '../share-error.ts';
import { canShareMemory } from '../shared-memory/can-share-memory.ts';
import { FrameRingReader } from '../shared-memory/frame-ring-reader.ts';
import { FrameRingWriter } from '../shared-memory/frame-ring-writer.ts';
import { createFrameRing } from '../shared-memory/ring-layout.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { TimelineSemaphore } from '../timeline/timeline-semaphore.ts';
import type { FrameContent, FrameReceiver, FrameSender, FrameStamp, TakenFrame, Transport, TransportContext } from './transport.ts';

/**
 * Frames in a ring of shared memory, one ring for each consumer. The only message is the ring itself; where it cannot arrive (no isolation, another
 * agent cluster) the link says so.
 */
export const sharedMemoryTransport: Transport = {
  kind: 'shared-memory',
  /** Texture to staging buffer, staging buffer to ring, ring to texture; the first two are not there for producers that write pixels into `beginPixels`. */
  copies: 3,
  refuse: () =>
    canShareMemory()
      ? undefined
      : new ShareError('share-unsupported-transport', 'The transport "shared-memory" needs a cross-origin isolated page'),
  createSender: (context) => new RingSender(context),
  createReceiver: (context) => new RingReceiver(context),
};

interface HeldFrame {
  readonly content: FrameContent;
  readonly stamp: FrameStamp;
}

class RingSender implements FrameSender {
  /** The consumer is the ring's only one, in its first place. */
  readonly consumed: TimelineSemaphore;
  #descriptor: TextureDescriptor;
  #byteLength: number;
  #writer: FrameRingWriter;
  #readback: { readonly device: GPUDevice; readonly readback: FrameReadback } | undefined;
  #begun: Uint8Array | undefined;
  #held: HeldFrame | undefined;
  #isWatching = false;
  #isClosed = false;

  constructor(context: TransportContext) {
    this.#descriptor = context.descriptor;
    this.#byteLength = byteLengthOf(context.descriptor);
    const memory = createFrameRing(context.descriptor);
    this.#writer = new FrameRingWriter(memory);
    this.consumed = this.#writer.consumed(0);
    context.post({ kind: 'ring', memory });
  }

  async send(content: FrameContent, stamp: FrameStamp): Promise<'sent' | 'held'> {
    this.#held = undefined;
    if (this.#isClosed) throw new ShareError('share-released', 'The connection was closed');
    if (await this.#write({ content, stamp })) return 'sent';
    this.#held = { content, stamp };
    void this.#watch();
    return 'held';
  }

  beginPixels(): Uint8Array | undefined {
    if (this.#isClosed) return undefined;
    if (this.#begun === undefined || !this.#writer.isClaimed(this.#begun)) this.#begun = this.#writer.claim();
    return this.#begun;
  }

  close(): void {
    this.#isClosed = true;
    this.#held = undefined;
    this.#writer.close();
    this.#readback?.readback.dispose();
    this.#readback = undefined;
    this.consumed.close();
  }

  /** @returns false while the consumer reads all slots */
  async #write({ content, stamp }: HeldFrame): Promise<boolean> {
    if (content.kind === 'pixels' && this.#writer.isClaimed(content.pixels)) {
      this.#writer.publish(content.pixels, stamp);
      return true;
    }
    if (content.kind === 'pixels' && content.pixels.length !== this.#byteLength) {
      throw new ShareError('share-bad-descriptor', `A frame of ${this.#byteLength} bytes was expected, not ${content.pixels.length}.`);
    }
    const slot = this.#writer.claim();
    if (slot === undefined) return false;
    try {
      if (content.kind === 'texture') await this.#readbackOf(content.device).read(content.texture, slot);
      else slot.set(content.pixels);
    } catch (error) {
      this.#writer.abandon(slot);
      throw error;
    }
    // One that was held and is overtaken by the frame after it is late, and no frame may come after a newer one.
    if (!this.#isClosed && stamp.value > this.#writer.produced.value) this.#writer.publish(slot, stamp);
    else this.#writer.abandon(slot);
    return true;
  }

  /** Writes what is held as soon as the consumer has released a slot. */
  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    for (let held = this.#held; held !== undefined; held = this.#held) {
      const { value } = this.#writer.releases;
      try {
        if (await this.#write(held)) {
          if (this.#held === held) this.#held = undefined;
          continue;
        }
      } catch {
        // As every frame that is dropped; the next one that is sent tells what is wrong.
        if (this.#held === held) this.#held = undefined;
        continue;
      }
      if ((await this.#writer.releases.wait(value + 1)) === 'lost') break;
    }
    this.#isWatching = false;
  }

  #readbackOf(device: GPUDevice): FrameReadback {
    if (this.#readback?.device !== device) {
      this.#readback?.readback.dispose();
      this.#readback = { device, readback: new FrameReadback(device, this.#descriptor) };
    }
    return this.#readback.readback;
  }
}

class RingReceiver implements FrameReceiver {
  readonly produced = new RelayTimeline();
  readonly consumed = new RelayTimeline();
  #descriptor: TextureDescriptor;
  #reader: FrameRingReader | undefined;
  #isClosed = false;

  constructor(context: TransportContext) {
    this.#descriptor = context.descriptor;
    context.listen(({ kind, memory }) => {
      if (kind === 'ring' && this.#reader === undefined && !this.#isClosed) this.#attach(memory);
    });
  }

  take(after: number): TakenFrame | undefined {
    const frame = this.#reader?.take(after);
    if (frame === undefined) return undefined;
    const { value, epochMs, width, height, pixels } = frame;
    if (width !== this.#descriptor.width || height !== this.#descriptor.height) {
      frame.release();
      throw new ShareError('share-bad-handle', `A frame of ${width}x${height} pixels came for a texture of ${this.#size()}`);
    }
    return { value, epochMs, payload: { kind: 'pixels', pixels }, release: () => frame.release() };
  }

  notify(after: number, ready: () => void): void {
    void this.produced.wait(after + 1).then((result) => {
      if (result === 'ok' && !this.#isClosed) ready();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#reader?.close();
    this.produced.close();
    this.consumed.close();
  }

  /** @throws ShareError `share-bad-handle`, `share-version` */
  #attach(memory: unknown): void {
    const reader = new FrameRingReader(memory as SharedArrayBuffer);
    const { format, mode } = reader.descriptor;
    if (format !== this.#descriptor.format || mode !== this.#descriptor.mode || reader.place !== 0) {
      reader.close();
      throw new ShareError(
        'share-bad-handle',
        `A ring of ${format} frames (${mode}) came for a texture of ${this.#descriptor.format} (${this.#descriptor.mode})`,
      );
    }
    this.#reader = reader;
    this.produced.follow(reader.produced);
    this.consumed.follow(reader.consumed);
  }

  #size(): string {
    return `${this.#descriptor.width}x${this.#descriptor.height}`;
  }
}
