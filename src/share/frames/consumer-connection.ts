/**
 * Consumer's end of one connection: says what it can do, uses probe frames and reports on them, and opens the receivers that the producer asks for. What is
 * received belongs to the texture, which is seen as a `FrameSink`.
 */
import { isSameButSize } from './check-descriptor.ts';
import { checkProducerMessage, closeImages, reasonOf, type ConsumerMessage, type ProducerMessage } from './connection-messages.ts';
import type { DeviceWatch } from './device-watch.ts';
import { FrameImporter } from './gpu/frame-importer.ts';
import type { Link } from './link/link.ts';
import { deviceName, realmName } from './local-names.ts';
import { ShareError } from './share-error.ts';
import { isSoftwareDevice } from './software-device.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import { HANDLE_VERSION } from './texture-handle.ts';
import type { FrameReceiver, TakenFrame, Transport, TransportKind, TransportMessage } from './transports/transport.ts';

/** Where frames of one size come in by one transport. */
export interface ReceiverLane {
  readonly id: number;
  readonly transport: TransportKind;
  readonly descriptor: TextureDescriptor;
  readonly receiver: FrameReceiver;
}

/** What a connection tells its texture. */
export interface FrameSink {
  /** Frames come by this lane from now on; those of lanes before are older. */
  opened(lane: ReceiverLane): void;
  /** No more frames come. @param error where it did not end as it should */
  ended(reason: 'released' | 'peer-lost', error: ShareError | undefined): void;
}

interface Lane extends ReceiverLane {
  readonly inbox: { listener: ((message: TransportMessage) => void) | undefined };
  /** Frees what only probes have. */
  readonly dispose: () => void;
}

/** For the producer's first word. A handle whose port went elsewhere, or whose texture is gone, gives no other sign. */
const ANSWER_MS = 10_000;
/** Lanes that are open at once: a probe, the frames' one, and those before it that still hold frames. */
const MOST_LANES = 8;

export class ConsumerConnection {
  #link: Link;
  #descriptor: TextureDescriptor;
  #transports: readonly Transport[];
  #device: DeviceWatch;
  #sink: FrameSink;
  #lanes = new Map<number, Lane>();
  #lastLane = 0;
  #isEnded = false;
  #answerTimer: ReturnType<typeof setTimeout>;

  /**
   * @param link belongs to the connection from here on
   * @param descriptor of the handle: all but the size is to stay as it says
   */
  constructor(link: Link, descriptor: TextureDescriptor, transports: readonly Transport[], device: DeviceWatch, sink: FrameSink) {
    this.#link = link;
    this.#descriptor = descriptor;
    this.#transports = transports;
    this.#device = device;
    this.#sink = sink;
    link.onLost(() => this.#end('peer-lost', new ShareError('share-peer-lost', `The producer of "${descriptor.label}" is gone.`)));
    link.onUnreadable(() => this.#reportFailure(this.#lastLane, new Error('What the transport sends cannot be read in this realm.')));
    link.listen((message) => this.#receive(message));
    this.#answerTimer = setTimeout(() => {
      this.#end(
        'peer-lost',
        new ShareError('share-peer-lost', `The producer of "${descriptor.label}" did not answer within ${ANSWER_MS / 1000} s.`),
      );
    }, ANSWER_MS);
    this.#post({
      kind: 'hello',
      version: HANDLE_VERSION,
      transports: transports.filter((transport) => transport.refuse(descriptor) === undefined).map(({ kind }) => kind),
      realm: realmName(),
      ...this.#deviceFields(),
    });
  }

  /** Frames of the lane cannot be used here: the producer takes another transport. */
  reportFailure(lane: ReceiverLane, error: unknown): void {
    this.#reportFailure(lane.id, error);
  }

  /** The producer sends its newest frame again. */
  deviceChanged(): void {
    this.#post({ kind: 'device', ...this.#deviceFields() });
  }

  close(): void {
    if (this.#isEnded) return;
    this.#post({ kind: 'bye' });
    this.#end('released', undefined);
  }

  #deviceFields(): { device: string | undefined; isSoftware: boolean } {
    const { device, isLost } = this.#device;
    return { device: isLost ? undefined : deviceName(device), isSoftware: isSoftwareDevice(device) };
  }

  #post(message: ConsumerMessage, transfer?: Transferable[]): void {
    this.#link.post(message, transfer);
  }

  #reportFailure(lane: number, error: unknown): void {
    if (!this.#isEnded) this.#post({ kind: 'lane-failed', lane, reason: reasonOf(error) });
  }

  #receive(data: unknown): void {
    if (this.#isEnded) return;
    clearTimeout(this.#answerTimer);
    let message: ProducerMessage | undefined;
    try {
      message = checkProducerMessage(data);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (message !== undefined) this.#handle(message);
  }

  #handle(message: ProducerMessage): void {
    switch (message.kind) {
      case 'refused':
        this.#end(message.code === 'share-no-transport' ? 'released' : 'peer-lost', new ShareError(message.code, message.reason));
        return;
      case 'open-lane':
        this.#openLane(message);
        return;
      case 'close-lane': {
        const lane = this.#lanes.get(message.lane);
        this.#lanes.delete(message.lane);
        lane?.dispose();
        return;
      }
      case 'lane': {
        const lane = this.#lanes.get(message.lane);
        if (lane?.inbox.listener === undefined) closeImages(message.message);
        else this.#pass(lane, lane.inbox.listener, message.message);
        return;
      }
      case 'bye':
        this.#end('released', undefined);
    }
  }

  #pass(lane: Lane, listener: (message: TransportMessage) => void, message: TransportMessage): void {
    try {
      listener(message);
    } catch (error) {
      this.#reportFailure(lane.id, error);
    }
  }

  #openLane({ lane: id, transport: kind, descriptor, isProbe }: ProducerMessage & { readonly kind: 'open-lane' }): void {
    const transport = this.#transports.find((candidate) => candidate.kind === kind);
    if (id <= this.#lastLane || this.#lanes.size >= MOST_LANES || transport === undefined || !isSameButSize(descriptor, this.#descriptor)) {
      this.#fail(new ShareError('share-bad-handle', `The producer of "${this.#descriptor.label}" sends what does not fit its handle.`));
      return;
    }
    this.#lastLane = id;
    const inbox: Lane['inbox'] = { listener: undefined };
    try {
      const receiver = transport.createReceiver({
        descriptor,
        post: (message, transfer) => this.#post({ kind: 'lane', lane: id, message }, transfer),
        listen: (listener) => {
          inbox.listener = listener;
        },
      });
      const importer = isProbe ? new FrameImporter(this.#device.isLost ? undefined : this.#device.device, descriptor) : undefined;
      const dispose = (): void => {
        if (importer === undefined) return;
        receiver.close();
        importer.dispose();
      };
      const lane: Lane = { id, transport: kind, descriptor, receiver, inbox, dispose };
      this.#lanes.set(id, lane);
      if (importer === undefined) this.#sink.opened(lane);
      else this.#useProbes(lane, importer, 0);
    } catch (error) {
      this.#reportFailure(id, error);
    }
  }

  /** Uses frames as the consumer is going to, and reports each when it is done. */
  #useProbes(lane: Lane, importer: FrameImporter, after: number): void {
    lane.receiver.notify(after, () => {
      const frame = this.#lanes.has(lane.id) ? lane.receiver.take(after) : undefined;
      if (frame === undefined) return;
      this.#useProbe(importer, frame)
        .then(() => this.#post({ kind: 'probe-used', lane: lane.id, value: frame.value }))
        .catch((error: unknown) => this.#reportFailure(lane.id, error));
      this.#useProbes(lane, importer, frame.value);
    });
  }

  async #useProbe(importer: FrameImporter, frame: TakenFrame): Promise<void> {
    const { device, isLost } = this.#device;
    try {
      if (device === undefined || isLost) await importer.pixels(frame.payload);
      else {
        importer.texture(frame.payload);
        await device.queue.onSubmittedWorkDone();
      }
    } finally {
      frame.release();
    }
  }

  /** The producer does what it must not. */
  #fail(error: unknown): void {
    this.#post({ kind: 'bye' });
    this.#end('released', error instanceof ShareError ? error : new ShareError('share-bad-handle', reasonOf(error)));
  }

  #end(reason: 'released' | 'peer-lost', error: ShareError | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#answerTimer);
    for (const lane of this.#lanes.values()) lane.dispose();
    this.#lanes.clear();
    this.#link.close();
    this.#sink.ended(reason, error);
  }
}
