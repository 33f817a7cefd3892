/**
 * Producer's end of one connection: answers the consumer's hello, measures and chooses the transport, sends frames through it, and takes the next one when
 * it fails. All about one consumer is here; the texture it belongs to is seen as a `FrameSource`.
 */
import { candidatesOf, orderByTime } from './choose-transport.ts';
import {
  checkConsumerMessage,
  closeImages,
  reasonOf,
  type ConsumerHello,
  type ConsumerMessage,
  type ProducerMessage,
} from './connection-messages.ts';
import type { PooledFrame } from './frame-pool.ts';
import type { Link } from './link/link.ts';
import { deviceName, realmName } from './local-names.ts';
import { measureTransports, type TransportProbe } from './measure-transports.ts';
import { RelayTimeline } from './relay-timeline.ts';
import { ShareError, type ShareErrorCode } from './share-error.ts';
import type { ShareConnection } from './share-types.ts';
import { isSoftwareDevice } from './software-device.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import { HANDLE_VERSION } from './texture-handle.ts';
import type { FrameSender, FrameStamp, Transport, TransportKind, TransportMessage } from './transports/transport.ts';

/** A frame that was published, or is about to be. */
export interface StampedFrame {
  readonly frame: PooledFrame;
  readonly stamp: FrameStamp;
}

/** What a connection needs of its texture. */
export interface FrameSource {
  readonly descriptor: TextureDescriptor;
  /** Without one, frames are pixels. A lost one counts. */
  readonly device: GPUDevice | undefined;
  readonly isDeviceLost: boolean;
  /** For a consumer that comes late, or whose transport failed. */
  newest(): StampedFrame | undefined;
  /** A frame of the kind that is published, with undefined content. */
  probeFrame(): PooledFrame;
  /** The state of a connection changed. */
  changed(connection: ProducerConnection): void;
}

interface Lane {
  readonly id: number;
  readonly transport: Transport;
  readonly descriptor: TextureDescriptor;
  readonly sender: FrameSender;
  readonly inbox: { listener: ((message: TransportMessage) => void) | undefined };
  /** Called when the lane is closed: sends that are on their way then are not waited for. */
  readonly ends: Set<() => void>;
  /** Told of messages beside the transport's own. */
  readonly onUsed: (value: number) => void;
  readonly onFailed: (error: Error) => void;
}

interface WaitingFrame extends StampedFrame {
  readonly release: () => void;
  readonly done: () => void;
}

export class ProducerConnection implements ShareConnection {
  readonly consumed = new RelayTimeline();
  #source: FrameSource;
  #link: Link;
  #transports: readonly Transport[];
  #wanted: TransportKind | 'auto';
  #state: ShareConnection['state'] = 'connecting';
  #hello: ConsumerHello | undefined;
  #measured: ReadonlyMap<TransportKind, number | undefined> = new Map();
  /** What is left to try, the fastest first; the first is in use. */
  #order: readonly TransportKind[] = [];
  #lanes = new Map<number, Lane>();
  #laneCount = 0;
  #lane: Lane | undefined;
  /** Of these, only the latest counts. */
  #choiceCount = 0;
  #waiting: WaitingFrame[] = [];
  #isSending = false;
  /** Of the frame that the sender keeps. */
  #releaseHeld: (() => void) | undefined;

  /** @param link belongs to the connection from here on */
  constructor(source: FrameSource, link: Link, transports: readonly Transport[], wanted: TransportKind | 'auto') {
    this.#source = source;
    this.#link = link;
    this.#transports = transports;
    this.#wanted = wanted;
    link.onLost(() => this.#end());
    link.onUnreadable(() => this.#newestLane()?.onFailed(new Error('Messages of the consumer cannot be read.')));
    link.listen((message) => this.#receive(message));
  }

  get state(): ShareConnection['state'] {
    return this.#state;
  }

  get transport(): TransportKind | undefined {
    return this.#state === 'open' ? this.#order[0] : undefined;
  }

  get measured(): ReadonlyMap<TransportKind, number | undefined> {
    return this.#measured;
  }

  /**
   * Hands a frame to the consumer, after those that are on their way.
   *
   * @returns resolves once it was handed over, or given up for a newer one
   */
  offer({ frame, stamp }: StampedFrame): Promise<void> {
    if (this.#state !== 'open') return Promise.resolve();
    const { mode, slots } = frame.descriptor;
    return new Promise((done) => {
      this.#waiting.push({ frame, stamp, release: frame.retain(), done });
      if (this.#waiting.length > (mode === 'latest' ? 1 : slots)) drop(this.#waiting.shift());
      void this.#sendWaiting();
    });
  }

  /** Memory of the transport for the next frame, where writing there saves a copy and reading from there is possible after it was sent. */
  beginPixels(): Uint8Array | undefined {
    if (
      this.#state !== 'open' ||
      this.#isSending ||
      this.#lane === undefined ||
      !isSameSize(this.#lane.descriptor, this.#source.descriptor)
    ) {
      return undefined;
    }
    return this.#lane.transport.kind === 'shared-memory' ? this.#lane.sender.beginPixels?.() : undefined;
  }

  /** The texture has another device: what the transport keeps of the old one is of no use. */
  deviceChanged(): void {
    if (this.#hello === undefined || this.#state === 'closed') return;
    if (this.#isLocal(this.#hello) !== (this.#order[0] === 'local')) void this.#choose(this.#hello);
    else if (this.#lane !== undefined) this.#closeLane(this.#lane);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#post({ kind: 'bye' });
    this.#end();
  }

  #post(message: ProducerMessage, transfer?: Transferable[]): void {
    this.#link.post(message, transfer);
  }

  #receive(data: unknown): void {
    const message = checkConsumerMessage(data);
    if (message === undefined || this.#state === 'closed') return;
    this.#handle(message);
  }

  #handle(message: ConsumerMessage): void {
    switch (message.kind) {
      case 'hello':
        // One consumer for each handle: a second one would have to come over a channel that anybody of the origin can join.
        if (this.#hello !== undefined) return;
        this.#hello = message;
        if (message.version === HANDLE_VERSION) void this.#choose(message);
        else this.#refuse('share-version', `The consumer speaks version ${message.version}, the producer version ${HANDLE_VERSION}.`);
        return;
      case 'device':
        if (this.#hello === undefined) return;
        this.#hello = { ...this.#hello, device: message.device, isSoftware: message.isSoftware };
        if (this.#isLocal(this.#hello) !== (this.#order[0] === 'local')) void this.#choose(this.#hello);
        // What it had on the other device is gone: the newest frame goes out again, which takes a lane that has not seen it.
        else if (this.#state === 'open') this.#open();
        return;
      case 'probe-used':
        this.#lanes.get(message.lane)?.onUsed(message.value);
        return;
      case 'lane-failed':
        this.#lanes.get(message.lane)?.onFailed(new Error(message.reason));
        return;
      case 'lane': {
        const lane = this.#lanes.get(message.lane);
        if (lane?.inbox.listener === undefined) closeImages(message.message);
        else this.#guard(lane, lane.inbox.listener, message.message);
        return;
      }
      case 'bye':
        this.#end();
    }
  }

  #isLocal(hello: ConsumerHello): boolean {
    const { device } = this.#source;
    return hello.realm === realmName() && (device === undefined || hello.device === deviceName(device));
  }

  async #choose(hello: ConsumerHello): Promise<void> {
    const choice = (this.#choiceCount += 1);
    if (this.#lane !== undefined) this.#closeLane(this.#lane);
    this.#order = [];
    const { descriptor, device } = this.#source;
    const candidates = candidatesOf({
      producer: this.#transports.filter((transport) => transport.refuse(descriptor) === undefined).map(({ kind }) => kind),
      consumer: hello.transports,
      isLocal: this.#isLocal(hello),
      canTransfer: this.#link.canTransfer,
      hasDevice: device !== undefined,
      isSoftware: hello.isSoftware || isSoftwareDevice(device),
      alphaMode: descriptor.alphaMode,
      wanted: this.#wanted,
    });
    // Nothing is faster than what is not moved, and where there is no choice there is nothing to measure.
    if (candidates[0] === 'local' || candidates.length < 2 || this.#source.isDeviceLost) this.#order = candidates;
    else {
      this.#setState('connecting');
      this.#measured = await measureTransports(candidates, (kind) => this.#probe(kind));
      if (this.#isEnded() || choice !== this.#choiceCount) return;
      const isDeviceGone = this.#source.isDeviceLost || this.#source.device !== device;
      this.#order = isDeviceGone ? candidates : orderByTime(this.#measured);
    }
    this.#open();
  }

  /** With the first of what is left to try. */
  #open(): void {
    if (this.#lane !== undefined) this.#closeLane(this.#lane);
    if (this.#order.length === 0) {
      this.#refuse('share-no-transport', `No transport carries "${this.#source.descriptor.format}" between both ends.`);
      return;
    }
    this.#setState('open');
    try {
      this.#frameLane(this.#source.newest()?.frame.descriptor ?? this.#source.descriptor);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const newest = this.#source.newest();
    if (newest !== undefined) void this.offer(newest);
  }

  #fail(error: unknown): void {
    if (this.#state !== 'open') return;
    const [failed, ...rest] = this.#order;
    if (failed !== undefined) this.#measured = new Map([...this.#measured, [failed, undefined]]);
    this.#order = rest;
    if (rest.length > 0) this.#open();
    else this.#refuse('share-no-transport', `The last transport that was left, ${failed}, failed: ${reasonOf(error)}`);
  }

  #refuse(code: ShareErrorCode, reason: string): void {
    this.#post({ kind: 'refused', code, reason });
    this.#end();
  }

  #frameLane(descriptor: TextureDescriptor): Lane {
    if (this.#lane !== undefined && isSameSize(this.#lane.descriptor, descriptor)) return this.#lane;
    if (this.#lane !== undefined) this.#closeLane(this.#lane);
    const lane: Lane = this.#openLane(this.#order[0]!, descriptor, {
      isProbe: false,
      onUsed: () => undefined,
      onFailed: (error) => {
        if (this.#lane === lane) this.#fail(error);
      },
    });
    this.#lane = lane;
    this.consumed.follow(lane.sender.consumed);
    return lane;
  }

  #openLane(
    kind: TransportKind,
    descriptor: TextureDescriptor,
    { isProbe, onUsed, onFailed }: Pick<Lane, 'onUsed' | 'onFailed'> & { readonly isProbe: boolean },
  ): Lane {
    const transport = this.#transports.find((candidate) => candidate.kind === kind)!;
    const id = (this.#laneCount += 1);
    this.#post({ kind: 'open-lane', lane: id, transport: kind, descriptor, isProbe });
    const inbox: Lane['inbox'] = { listener: undefined };
    const sender = transport.createSender({
      descriptor,
      post: (message, transfer) => this.#post({ kind: 'lane', lane: id, message }, transfer),
      listen: (given) => {
        inbox.listener = given;
      },
    });
    const lane: Lane = { id, transport, descriptor, sender, inbox, ends: new Set(), onUsed, onFailed };
    this.#lanes.set(id, lane);
    return lane;
  }

  #closeLane(lane: Lane): void {
    if (!this.#lanes.delete(lane.id)) return;
    lane.sender.close();
    for (const end of lane.ends) end();
    if (lane === this.#lane) {
      this.#lane = undefined;
      this.#releaseHeld?.();
      this.#releaseHeld = undefined;
    }
    this.#post({ kind: 'close-lane', lane: lane.id });
  }

  async #sendWaiting(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#send(next);
      next.done();
    }
    this.#isSending = false;
  }

  async #send({ frame, stamp, release }: WaitingFrame): Promise<void> {
    let lane: Lane | undefined;
    let isHeld = false;
    try {
      if (this.#state !== 'open') return;
      lane = this.#frameLane(frame.descriptor);
      const sent = lane.sender.send(frame.content, stamp);
      // The sender has dropped what it kept, for this one.
      this.#releaseHeld?.();
      this.#releaseHeld = undefined;
      isHeld = (await sentOrClosed(sent, lane)) === 'held' && lane === this.#lane;
      if (isHeld) this.#releaseHeld = release;
    } catch (error) {
      const isOld = lane !== undefined && lane !== this.#lane;
      // The transport is not to blame for a lost device: frames of the next one go through it.
      if (!isOld && !this.#source.isDeviceLost && !(error instanceof ShareError && error.code === 'share-device-lost')) this.#fail(error);
    } finally {
      if (!isHeld) release();
    }
  }

  #probe(kind: TransportKind): TransportProbe {
    // The texture may be closed: what it would make for a probe now, nobody would destroy.
    if (this.#isEnded()) throw new ShareError('share-peer-lost', 'The consumer is gone.');
    const frame = this.#source.probeFrame();
    const release = frame.retain();
    let value = 0;
    let settle: { readonly used: () => void; readonly failed: (error: Error) => void } | undefined;
    let failure: Error | undefined;
    let lane: Lane;
    try {
      lane = this.#openLane(kind, frame.descriptor, {
        isProbe: true,
        onUsed: (used) => {
          if (used === value) settle?.used();
        },
        onFailed: (error) => {
          failure = error;
          settle?.failed(error);
        },
      });
    } catch (error) {
      release();
      throw error;
    }
    return {
      sample: async () => {
        if (failure !== undefined) throw failure;
        if (this.#isEnded()) throw new ShareError('share-peer-lost', 'The consumer is gone.');
        const begin = performance.now();
        value += 1;
        const used = new Promise<void>((resolve, reject) => {
          settle = { used: resolve, failed: reject };
        });
        await Promise.all([used, lane.sender.send(frame.content, { value, epochMs: performance.timeOrigin + begin })]);
        return performance.now() - begin;
      },
      close: () => {
        this.#closeLane(lane);
        release();
      },
    };
  }

  /** A transport's code on a message of the other end: what it throws is the transport's failure. */
  #guard(lane: Lane, listener: (message: TransportMessage) => void, message: TransportMessage): void {
    try {
      listener(message);
    } catch (error) {
      lane.onFailed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #newestLane(): Lane | undefined {
    return this.#lanes.get(this.#laneCount);
  }

  #setState(state: ShareConnection['state']): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#source.changed(this);
  }

  #isEnded(): boolean {
    return this.#state === 'closed';
  }

  #end(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const lane of this.#lanes.values()) {
      lane.sender.close();
      for (const end of lane.ends) end();
      lane.onFailed(new ShareError('share-peer-lost', 'The consumer is gone.'));
    }
    this.#lanes.clear();
    this.#releaseHeld?.();
    this.#releaseHeld = undefined;
    for (const frame of this.#waiting.splice(0)) drop(frame);
    this.#link.close();
    this.consumed.close();
    this.#source.changed(this);
  }
}

function drop(frame: WaitingFrame | undefined): void {
  frame?.release();
  frame?.done();
}

function isSameSize(a: TextureDescriptor, b: TextureDescriptor): boolean {
  return a.width === b.width && a.height === b.height;
}

/** A race with one promise for all frames would keep something of each frame until the lane is closed. */
function sentOrClosed(sent: Promise<'sent' | 'held'>, { ends }: Lane): Promise<'sent' | 'held' | 'closed'> {
  return new Promise((resolve, reject) => {
    const end = (): void => resolve('closed');
    ends.add(end);
    void sent.then(resolve, reject).finally(() => ends.delete(end));
  });
}
