import { byteLengthOf } from '../formats.ts';
import { FrameReadback } from '../gpu/frame-readback.ts';
import { ShareError } from '../share-error.ts';
import { LocalTimeline } from '../timeline/local-timeline.ts';
import type { FrameContent, FrameReceiver, FrameSender, FrameStamp, TakenFrame, Transport, TransportContext } from './transport.ts';

/** 1920x1080 in four bytes a pixel took 84 ms to arrive; what is larger is not worth it. */
const MAX_BYTES = 1920 * 1080 * 4;
/** Two hide the way back of the first; more only queue up. */
const LATEST_IN_FLIGHT = 2;

/** Copies of pixels in the connection's messages: for links that cannot transfer. Slow, and works wherever messages do. */
export const broadcastTransport: Transport = {
  kind: 'broadcast',
  /** Texture to staging buffer, out of it, into the message, out of the message, into the texture. */
  copies: 5,
  refuse: (descriptor) => {
    const bytes = byteLengthOf(descriptor);
    return bytes <= MAX_BYTES
      ? undefined
      : new ShareError(
          'share-unsupported-transport',
          `The transport "broadcast" takes frames of up to ${MAX_BYTES} bytes (1920x1080 in rgba8unorm), not ${bytes}: share a smaller texture, or by a handle with a port`,
        );
  },
  createSender: (context) => new BroadcastSender(context),
  createReceiver: (context) => new BroadcastReceiver(context),
};

interface HeldFrame {
  readonly content: FrameContent;
  readonly stamp: FrameStamp;
}

class BroadcastSender implements FrameSender {
  readonly consumed = new LocalTimeline();
  #context: TransportContext;
  /** Frames that may be on their way, and how many more. */
  readonly #limit: number;
  #room: number;
  #readback: { readonly device: GPUDevice; readonly readback: FrameReadback } | undefined;
  #held: HeldFrame | undefined;
  #lastValue = 0;
  #isClosed = false;

  constructor(context: TransportContext) {
    this.#context = context;
    const { mode, slots } = context.descriptor;
    this.#limit = mode === 'latest' ? LATEST_IN_FLIGHT : slots;
    this.#room = this.#limit;
    context.listen(({ kind, value }) => {
      if (kind !== 'room' && kind !== 'released') return;
      if (kind === 'released' && Number.isSafeInteger(value) && (value as number) <= this.#lastValue)
        this.consumed.signal(Math.max(value as number, 0));
      this.#room = Math.min(this.#room + 1, this.#limit);
      void this.#sendHeld();
    });
  }

  async send(content: FrameContent, stamp: FrameStamp): Promise<'sent' | 'held'> {
    this.#held = undefined;
    if (this.#isClosed) throw new ShareError('share-released', 'The connection was closed');
    if (this.#room > 0) {
      await this.#post({ content, stamp });
      return 'sent';
    }
    this.#held = { content, stamp };
    return 'held';
  }

  close(): void {
    this.#isClosed = true;
    this.#held = undefined;
    this.#readback?.readback.dispose();
    this.#readback = undefined;
    this.consumed.close();
  }

  async #sendHeld(): Promise<void> {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    try {
      await this.#post(held);
    } catch {
      // As every frame that is dropped; the next one that is sent tells what is wrong.
    }
  }

  async #post({ content, stamp: { value, epochMs } }: HeldFrame): Promise<void> {
    this.#room -= 1;
    try {
      const pixels = await this.#pixelsOf(content);
      // One that was held and is overtaken by the frame after it is late, and no frame may come after a newer one.
      if (this.#isClosed || value <= this.#lastValue) {
        this.#room += 1;
        return;
      }
      this.#lastValue = value;
      this.#context.post({ kind: 'frame', value, epochMs, pixels });
    } catch (error) {
      this.#room += 1;
      throw error;
    }
  }

  async #pixelsOf(content: FrameContent): Promise<Uint8Array> {
    const byteLength = byteLengthOf(this.#context.descriptor);
    // Of its own: a view would be cloned with all of its buffer, and one of shared memory cannot cross.
    if (content.kind === 'pixels') return content.pixels.slice(0, byteLength);
    const pixels = new Uint8Array(byteLength);
    if (this.#readback?.device !== content.device) {
      this.#readback?.readback.dispose();
      this.#readback = { device: content.device, readback: new FrameReadback(content.device, this.#context.descriptor) };
    }
    await this.#readback.readback.read(content.texture, pixels);
    return pixels;
  }
}

class BroadcastReceiver implements FrameReceiver {
  readonly produced = new LocalTimeline();
  readonly consumed = new LocalTimeline();
  #context: TransportContext;
  /** Not taken yet, oldest first. */
  #frames: TakenFrame[] = [];
  #isClosed = false;

  constructor(context: TransportContext) {
    this.#context = context;
    context.listen(({ kind, value, epochMs, pixels }) => {
      if (kind === 'frame') this.#receive(value, epochMs, pixels);
    });
  }

  take(after: number): TakenFrame | undefined {
    for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
      if (frame.value > after) return frame;
      this.#makeRoom();
    }
    return undefined;
  }

  notify(after: number, ready: () => void): void {
    void this.produced.wait(after + 1).then((result) => {
      if (result === 'ok' && !this.#isClosed) ready();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#frames = [];
    this.produced.close();
    this.consumed.close();
  }

  /** @throws ShareError `share-bad-handle` for what is no frame */
  #receive(value: unknown, epochMs: unknown, pixels: unknown): void {
    if (this.#isClosed) return;
    const { descriptor } = this.#context;
    if (
      typeof value !== 'number' ||
      !Number.isSafeInteger(value) ||
      value <= this.produced.value ||
      typeof epochMs !== 'number' ||
      !(pixels instanceof Uint8Array) ||
      pixels.byteLength !== byteLengthOf(descriptor) ||
      this.#frames.length >= descriptor.slots
    ) {
      throw new ShareError('share-bad-handle', `What came is no frame of "${descriptor.label}" after frame ${this.produced.value}`);
    }
    if (descriptor.mode === 'latest' && this.#frames.pop() !== undefined) this.#makeRoom();
    this.#frames.push(this.#makeFrame(value, epochMs, pixels));
    this.produced.signal(value);
  }

  #makeFrame(value: number, epochMs: number, pixels: Uint8Array): TakenFrame {
    let isReleased = false;
    return {
      value,
      epochMs,
      payload: { kind: 'pixels', pixels },
      release: () => {
        if (isReleased || this.#isClosed) return;
        isReleased = true;
        this.consumed.signal(value);
        this.#context.post({ kind: 'released', value });
      },
    };
  }

  /** A frame was dropped. */
  #makeRoom(): void {
    this.#context.post({ kind: 'room' });
  }
}
