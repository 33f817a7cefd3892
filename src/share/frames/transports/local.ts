/**
 * Both ends in one realm: frames do not cross anything. Sender and receiver share an exchange, which the receiver finds by the name in the sender's
 * first message; the consumer gets the producer's own texture or memory, kept as it is for as long as it holds the frame.
 */
import { randomName } from '../link/random-name.ts';
import { RelayTimeline } from '../relay-timeline.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { LocalTimeline } from '../timeline/local-timeline.ts';
import type {
  FrameContent,
  FramePayload,
  FrameReceiver,
  FrameSender,
  FrameStamp,
  TakenFrame,
  Transport,
  TransportContext,
} from './transport.ts';

export const localTransport: Transport = {
  kind: 'local',
  copies: 0,
  // Whether both ends are in one realm is found out by the connection; every format can stay where it is.
  refuse: () => undefined,
  createSender: (context) => new LocalSender(context),
  createReceiver: (context) => new LocalReceiver(context),
};

/** Exchanges whose receiver has not come yet. */
const waiting = new Map<string, LocalExchange>();

interface WaitingFrame {
  readonly content: FrameContent;
  readonly stamp: FrameStamp;
  readonly release: () => void;
}

/** What both halves hold. */
class LocalExchange {
  readonly produced = new LocalTimeline();
  readonly consumed = new LocalTimeline();
  #frames: WaitingFrame[] = [];
  #most: number;
  #wake = new Set<{ readonly after: number; readonly ready: () => void }>();
  #isClosed = false;

  constructor({ mode, slots }: TextureDescriptor) {
    this.#most = mode === 'latest' ? 1 : slots;
  }

  put(content: FrameContent, stamp: FrameStamp): void {
    if (this.#isClosed) return;
    this.#frames.push({ content, stamp, release: content.retain?.() ?? (() => undefined) });
    if (this.#frames.length > this.#most) this.#frames.shift()?.release();
    this.produced.signal(stamp.value);
    for (const waiter of this.#wake) {
      if (stamp.value > waiter.after) {
        this.#wake.delete(waiter);
        waiter.ready();
      }
    }
  }

  /** In `latest` there is one frame at most; in `queue` the first that is new enough is taken, and what is older given up. */
  take(after: number): TakenFrame | undefined {
    while (this.#frames[0] !== undefined && this.#frames[0].stamp.value <= after) this.#frames.shift()?.release();
    const frame = this.#frames.shift();
    if (frame === undefined) return undefined;
    const { content, stamp } = frame;
    let isReleased = false;
    return {
      ...stamp,
      payload: payloadOf(content),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        frame.release();
        this.consumed.signal(stamp.value);
      },
    };
  }

  notify(after: number, ready: () => void): void {
    if (this.#frames.some(({ stamp }) => stamp.value > after)) ready();
    else this.#wake.add({ after, ready });
  }

  /** Frames that were taken stay as they are. */
  close(): void {
    this.#isClosed = true;
    for (const { release } of this.#frames.splice(0)) release();
    this.#wake.clear();
    this.produced.close();
    this.consumed.close();
  }
}

function payloadOf(content: FrameContent): FramePayload {
  return content.kind === 'texture'
    ? { kind: 'texture', texture: content.texture, ...(content.retain === undefined ? {} : { retain: content.retain }) }
    : { kind: 'pixels', pixels: content.pixels };
}

class LocalSender implements FrameSender {
  readonly consumed: LocalTimeline;
  #exchange: LocalExchange;
  #name = randomName('local-');

  constructor(context: TransportContext) {
    this.#exchange = new LocalExchange(context.descriptor);
    this.consumed = this.#exchange.consumed;
    waiting.set(this.#name, this.#exchange);
    context.post({ kind: 'local', name: this.#name });
  }

  send(content: FrameContent, stamp: FrameStamp): Promise<'sent'> {
    this.#exchange.put(content, stamp);
    return Promise.resolve('sent');
  }

  close(): void {
    waiting.delete(this.#name);
    this.#exchange.close();
  }
}

class LocalReceiver implements FrameReceiver {
  readonly produced = new RelayTimeline();
  readonly consumed = new RelayTimeline();
  #exchange: LocalExchange | undefined;
  #isClosed = false;
  #early: (readonly [number, () => void])[] = [];

  constructor(context: TransportContext) {
    context.listen(({ kind, name }) => {
      if (kind !== 'local' || this.#isClosed || this.#exchange !== undefined) return;
      const exchange = typeof name === 'string' ? waiting.get(name) : undefined;
      if (exchange === undefined) {
        throw new ShareError('share-unsupported-transport', 'The producer of a local texture is not in this realm.');
      }
      waiting.delete(name as string);
      this.#exchange = exchange;
      this.produced.follow(exchange.produced);
      this.consumed.follow(exchange.consumed);
      for (const [after, ready] of this.#early.splice(0)) exchange.notify(after, ready);
    });
  }

  take(after: number): TakenFrame | undefined {
    return this.#exchange?.take(after);
  }

  notify(after: number, ready: () => void): void {
    if (this.#exchange === undefined) this.#early.push([after, ready]);
    else this.#exchange.notify(after, ready);
  }

  close(): void {
    this.#isClosed = true;
    this.#exchange?.close();
    this.produced.close();
    this.consumed.close();
  }
}
