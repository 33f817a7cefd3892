/** Receiver's side of the transports of `FrameOutbox`. Every frame that arrives is ended exactly once: released, dropped for a newer one, or at `close`. */
import { ShareError } from '../share-error.ts';
import { LocalTimeline } from '../timeline/local-timeline.ts';
import type { FramePayload, FrameReceiver, TakenFrame, TransportContext, TransportMessage } from './transport.ts';

/** What a message brought. */
export interface Arrival {
  readonly payload: FramePayload;
  /** Frees what is in the payload. What it returns goes back to the producer. */
  end(): { readonly fields?: TransportMessage; readonly transfer?: Transferable[] };
}

interface ArrivedFrame {
  readonly frame: TakenFrame;
  readonly drop: () => void;
}

export class FrameInbox implements FrameReceiver {
  readonly produced = new LocalTimeline();
  readonly consumed = new LocalTimeline();
  readonly #context: TransportContext;
  /** Not taken yet, oldest first. */
  #frames: ArrivedFrame[] = [];
  #isClosed = false;

  /** @param open undefined for what is no frame of the descriptor; has freed what came with it then */
  constructor(context: TransportContext, open: (message: TransportMessage) => Arrival | undefined) {
    this.#context = context;
    context.listen((message) => {
      if (message['kind'] === 'frame') this.#receive(message, open(message));
    });
  }

  take(after: number): TakenFrame | undefined {
    for (let arrived = this.#frames.shift(); arrived !== undefined; arrived = this.#frames.shift()) {
      if (arrived.frame.value > after) return arrived.frame;
      arrived.drop();
    }
    return undefined;
  }

  notify(after: number, ready: () => void): void {
    void this.produced.wait(after + 1).then((result) => {
      if (result === 'ok' && !this.#isClosed) ready();
    });
  }

  /** Frames that were taken stay as they are until they are released. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    for (const { drop } of this.#frames.splice(0)) drop();
    this.produced.close();
    this.consumed.close();
  }

  /** @throws ShareError `share-bad-handle` for what is no frame, or one too many */
  #receive({ value, epochMs }: TransportMessage, arrival: Arrival | undefined): void {
    const { mode, slots, label } = this.#context.descriptor;
    const isFrame =
      arrival !== undefined &&
      typeof value === 'number' &&
      Number.isSafeInteger(value) &&
      value > this.produced.value &&
      typeof epochMs === 'number' &&
      this.#frames.length < slots;
    if (!isFrame || this.#isClosed) {
      arrival?.end();
      if (this.#isClosed) return;
      throw new ShareError('share-bad-handle', `What came is no frame of "${label}" after frame ${this.produced.value}.`);
    }
    if (mode === 'latest') this.#frames.shift()?.drop();
    this.#frames.push(this.#arrived(value, epochMs, arrival));
    this.produced.signal(value);
  }

  #arrived(value: number, epochMs: number, arrival: Arrival): ArrivedFrame {
    let isEnded = false;
    const end = (kind: 'released' | 'dropped'): void => {
      if (isEnded) return;
      isEnded = true;
      const { fields, transfer } = arrival.end();
      if (this.#isClosed) return;
      if (kind === 'released') this.consumed.signal(value);
      this.#context.post({ ...fields, kind, value }, transfer);
    };
    return { frame: { value, epochMs, payload: arrival.payload, release: () => end('released') }, drop: () => end('dropped') };
  }
}
