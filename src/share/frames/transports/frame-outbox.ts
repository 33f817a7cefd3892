/**
 * Sender's side of transports whose frames move by message and are answered when the consumer is done with them: who has room, what is held, and that no
 * frame goes out after a newer one.
 *
 * At most `slots` frames are on their way or with the consumer; one more is held, and replaced by whatever comes next.
 */
import { ShareError } from '../share-error.ts';
import { LocalTimeline } from '../timeline/local-timeline.ts';
import type { FrameContent, FrameSender, FrameStamp, TransportContext, TransportMessage } from './transport.ts';

/** What moves: made of the content, then posted or discarded, exactly one of both. */
export interface Parcel {
  readonly message: TransportMessage;
  readonly transfer: Transferable[];
  /** Not posted: the frame came too late, or the sender was closed. */
  discard(): void;
}

export interface Packer {
  /** Takes the content before it returns, so that it may change while the parcel is still being made. */
  pack(content: FrameContent, stamp: FrameStamp): Parcel | Promise<Parcel>;
  /** The consumer has released or dropped a frame. */
  unpack?(answer: TransportMessage): void;
  dispose(): void;
}

interface HeldFrame {
  readonly content: FrameContent;
  readonly stamp: FrameStamp;
}

export class FrameOutbox implements FrameSender {
  readonly consumed = new LocalTimeline();
  readonly #context: TransportContext;
  readonly #packer: Packer;
  #room: number;
  #held: HeldFrame | undefined;
  #lastValue = 0;
  #isClosed = false;

  constructor(context: TransportContext, packer: Packer) {
    this.#context = context;
    this.#packer = packer;
    this.#room = context.descriptor.slots;
    context.listen((message) => this.#receive(message));
  }

  async send(content: FrameContent, stamp: FrameStamp): Promise<'sent' | 'held'> {
    this.#held = undefined;
    if (this.#isClosed) throw new ShareError('share-released', 'The connection was closed.');
    if (this.#room > 0) {
      await this.#post({ content, stamp });
      return 'sent';
    }
    this.#held = { content, stamp };
    return 'held';
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#held = undefined;
    this.#packer.dispose();
    this.consumed.close();
  }

  #receive(message: TransportMessage): void {
    const { kind, value } = message;
    if (this.#isClosed || (kind !== 'released' && kind !== 'dropped')) return;
    if (this.#room === this.#context.descriptor.slots)
      throw new ShareError('share-bad-handle', 'The consumer gives back more frames than it got.');
    this.#packer.unpack?.(message);
    if (kind === 'released' && Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= this.#lastValue) {
      this.consumed.signal(value as number);
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#room++;
    const held = this.#held;
    if (held === undefined || this.#isClosed) return;
    this.#held = undefined;
    // Lost as every frame that is dropped; the next one that is sent tells what is wrong.
    this.#post(held).catch(() => undefined);
  }

  async #post({ content, stamp }: HeldFrame): Promise<void> {
    this.#room--;
    let isPosted = false;
    try {
      const parcel = await this.#packer.pack(content, stamp);
      if (!this.#isClosed && stamp.value > this.#lastValue) {
        this.#lastValue = stamp.value;
        isPosted = this.#tryPost(parcel, stamp);
      } else parcel.discard();
    } finally {
      if (!isPosted) this.#makeRoom();
    }
  }

  #tryPost(parcel: Parcel, { value, epochMs }: FrameStamp): true {
    try {
      this.#context.post({ ...parcel.message, kind: 'frame', value, epochMs }, parcel.transfer);
      return true;
    } catch (error) {
      parcel.discard();
      throw error;
    }
  }
}
