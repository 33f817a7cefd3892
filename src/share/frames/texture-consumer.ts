import { ConsumerConnection, type ReceiverLane } from './consumer-connection.ts';
import { DeviceWatch } from './device-watch.ts';
import { FrameImporter } from './gpu/frame-importer.ts';
import type { Link } from './link/link.ts';
import { RelayTimeline } from './relay-timeline.ts';
import { ShareError } from './share-error.ts';
import type { ImportedFrame, ImportedTexture } from './share-types.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import type { TextureHandle } from './texture-handle.ts';
import type { FrameReceiver, TakenFrame, Transport, TransportKind } from './transports/transport.ts';

/** Of the newest size, and of the one before it, whose last frame may not have been taken yet. */
const MOST_LATEST_LANES = 2;

/** Consumer's side of a shared texture: takes frames and makes textures of them. */
export class TextureConsumer implements ImportedTexture {
  readonly id: string;
  readonly produced = new RelayTimeline();
  readonly consumed = new RelayTimeline();
  readonly ready: Promise<TransportKind>;
  readonly closed: Promise<'released' | 'peer-lost'>;
  #descriptor: TextureDescriptor;
  #device: DeviceWatch;
  #connection: ConsumerConnection;
  /** The newest last; those before it may still have frames until one of the newest was taken. */
  #lanes: ReceiverLane[] = [];
  #importer:
    | { readonly descriptor: TextureDescriptor; readonly device: GPUDevice | undefined; readonly importer: FrameImporter }
    | undefined;
  /** Of the producer's own texture that `texture()` gave out last. */
  #releaseTexture: (() => void) | undefined;
  #frames = new Set<TextureFrame>();
  #lastValue = 0;
  #isClosed = false;
  #error: ShareError | undefined;
  /** Those that wait for a frame: told of new lanes and of the end. */
  #waiting = new Set<() => void>();
  /** Above which value each lane was asked to tell of a frame: once is enough, as a question cannot be taken back. */
  #asked = new Map<FrameReceiver, number>();
  #settle!: {
    readonly ready: (kind: TransportKind) => void;
    readonly failed: (error: ShareError) => void;
    readonly closed: (reason: 'released' | 'peer-lost') => void;
  };
  #onClosed: () => void;

  /** @param link to the producer; belongs to the texture from here on */
  constructor(handle: TextureHandle, link: Link, transports: readonly Transport[], device: GPUDevice | undefined, onClosed: () => void) {
    this.id = handle.id;
    this.#descriptor = handle.descriptor;
    this.#onClosed = onClosed;
    let ready!: (kind: TransportKind) => void;
    let failed!: (error: ShareError) => void;
    let closed!: (reason: 'released' | 'peer-lost') => void;
    this.ready = new Promise((resolve, reject) => {
      ready = resolve;
      failed = reject;
    });
    // Who asks for it hears of the failure; who does not finds it in `acquire`.
    this.ready.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      closed = resolve;
    });
    this.#settle = { ready, failed, closed };
    this.#device = new DeviceWatch(device, () => this.#dropImporter());
    this.#connection = new ConsumerConnection(link, handle.descriptor, transports, this.#device, {
      opened: (lane) => this.#open(lane),
      ended: (reason, error) => this.#end(reason, error),
    });
  }

  get descriptor(): TextureDescriptor {
    return this.#descriptor;
  }

  get transport(): TransportKind | undefined {
    return this.#isClosed ? undefined : this.#lanes.at(-1)?.transport;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  take(after: number = this.#lastValue): ImportedFrame | undefined {
    if (this.#isClosed) return undefined;
    const { slots, label } = this.#descriptor;
    if (this.#frames.size >= slots - 1) {
      throw new ShareError('share-limit', `${slots - 1} frames of "${label}" are held already: release one before the next is taken.`);
    }
    const found = this.#takeFromLanes(after);
    if (found === undefined) return undefined;
    const { lane, taken } = found;
    this.#lastValue = taken.value;
    this.#descriptor = lane.descriptor;
    const takenWith = this.#device.device;
    const frame = new TextureFrame(taken, lane.descriptor, (payloadLane) => this.#importerOf(payloadLane), {
      texture: () => this.#texture(lane, taken, takenWith),
      released: () => this.#frames.delete(frame),
    });
    this.#frames.add(frame);
    return frame;
  }

  async acquire(after: number = this.#lastValue, timeoutMs = Infinity): Promise<ImportedFrame> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      if (this.#isClosed)
        throw this.#error ?? new ShareError('share-released', `The shared texture "${this.#descriptor.label}" was released.`);
      // Read before `take`: what it does not find then will not come any more, and the next is newer.
      const seen = new Map(this.#lanes.map(({ receiver }) => [receiver, Math.max(after, receiver.produced.value)]));
      const frame = this.take(after);
      if (frame !== undefined) return frame;
      if (!(await this.#frameOrEnd(seen, end - performance.now()))) {
        throw new ShareError('share-timeout', `No frame of "${this.#descriptor.label}" came within ${timeoutMs} ms.`);
      }
    }
  }

  useDevice(device: GPUDevice): void {
    if (this.#isClosed) throw new ShareError('share-released', `The shared texture "${this.#descriptor.label}" was released.`);
    if (device === this.#device.device) return;
    this.#device.use(device);
    this.#dropImporter();
    // What the producer draws with the other device is of no use here. It sends its newest frame again.
    this.#dropLanes((lane) => lane.transport === 'local');
    this.#lastValue = 0;
    this.#connection.deviceChanged();
  }

  close(): void {
    // Images would otherwise stay open until somebody collects them.
    for (const frame of this.#frames) frame.release();
    this.#connection.close();
    this.#dropImporter();
    this.#device.close();
  }

  #open(lane: ReceiverLane): void {
    this.#lanes.push(lane);
    const most = lane.descriptor.mode === 'queue' ? lane.descriptor.slots : MOST_LATEST_LANES;
    this.#dropLanes((_, index, { length }) => index < length - most);
    this.produced.follow(lane.receiver.produced);
    this.consumed.follow(lane.receiver.consumed);
    this.#settle.ready(lane.transport);
    for (const wake of this.#waiting) wake();
  }

  #dropLanes(isDropped: (lane: ReceiverLane, index: number, lanes: readonly ReceiverLane[]) => boolean): void {
    const dropped = this.#lanes.filter(isDropped);
    this.#lanes = this.#lanes.filter((lane) => !dropped.includes(lane));
    for (const { receiver } of dropped) {
      this.#asked.delete(receiver);
      receiver.close();
    }
  }

  /** What was taken stays as it is until `close`; frames that nobody took are gone. */
  #end(reason: 'released' | 'peer-lost', error: ShareError | undefined): void {
    this.#isClosed = true;
    this.#error = error;
    this.#dropLanes(() => true);
    this.produced.close();
    this.consumed.close();
    this.#settle.failed(error ?? new ShareError('share-released', `The shared texture "${this.#descriptor.label}" was released.`));
    this.#settle.closed(reason);
    for (const wake of this.#waiting) wake();
    this.#onClosed();
  }

  #takeFromLanes(after: number): { readonly lane: ReceiverLane; readonly taken: TakenFrame } | undefined {
    const isQueue = this.#descriptor.mode === 'queue';
    for (const lane of isQueue ? [...this.#lanes] : this.#lanes.toReversed()) {
      const taken = lane.receiver.take(after);
      if (taken === undefined) continue;
      const newer = this.#lanes.slice(this.#lanes.indexOf(lane));
      this.#dropLanes((other) => !newer.includes(other));
      return { lane, taken };
    }
    return undefined;
  }

  /**
   * @param seen values that each receiver is past
   * @returns false: it took too long
   */
  #frameOrEnd(seen: ReadonlyMap<FrameReceiver, number>, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = (isFrame: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(isFrame);
      };
      const wake = (): void => settle(true);
      if (timeoutMs <= 0) {
        settle(false);
        return;
      }
      // Longer than timers can wait is forever.
      if (timeoutMs < 2 ** 31) timer = setTimeout(() => settle(false), timeoutMs);
      this.#waiting.add(wake);
      for (const [receiver, after] of seen) this.#ask(receiver, after);
    });
  }

  #ask(receiver: FrameReceiver, after: number): void {
    if ((this.#asked.get(receiver) ?? Infinity) <= after) return;
    this.#asked.set(receiver, after);
    receiver.notify(after, () => {
      this.#asked.delete(receiver);
      for (const wake of this.#waiting) wake();
    });
  }

  #importerOf(descriptor: TextureDescriptor): FrameImporter {
    const device = this.#device.isLost ? undefined : this.#device.device;
    if (this.#importer?.descriptor !== descriptor || this.#importer.device !== device) {
      this.#importer?.importer.dispose();
      this.#importer = { descriptor, device, importer: new FrameImporter(device, descriptor) };
    }
    return this.#importer.importer;
  }

  #texture(lane: ReceiverLane, taken: TakenFrame, takenWith: GPUDevice | undefined): GPUTexture {
    const { device, isLost } = this.#device;
    const { label } = this.#descriptor;
    if (device === undefined) throw new ShareError('share-no-device', `"${label}" has no device to make a texture with; see useDevice.`);
    if (isLost) throw new ShareError('share-device-lost', `The device of "${label}" is lost; useDevice with another goes on.`);
    const { payload } = taken;
    if (payload.kind === 'texture' && takenWith !== device) {
      throw new ShareError('share-device-lost', `Frame ${taken.value} of "${label}" is of the device before; the newest one comes again.`);
    }
    let texture: GPUTexture;
    try {
      texture = this.#importerOf(lane.descriptor).texture(payload);
    } catch (error) {
      this.#connection.reportFailure(lane, error);
      throw error;
    }
    const release = payload.kind === 'texture' ? payload.retain?.() : undefined;
    this.#releaseTexture?.();
    this.#releaseTexture = release;
    return texture;
  }

  #dropImporter(): void {
    this.#importer?.importer.dispose();
    this.#importer = undefined;
    this.#releaseTexture?.();
    this.#releaseTexture = undefined;
  }
}

class TextureFrame implements ImportedFrame {
  readonly value: number;
  readonly epochMs: number;
  readonly descriptor: TextureDescriptor;
  #taken: TakenFrame;
  #importer: (descriptor: TextureDescriptor) => FrameImporter;
  #owner: { texture(): GPUTexture; released(): void };
  #isReleased = false;

  constructor(
    taken: TakenFrame,
    descriptor: TextureDescriptor,
    importer: (descriptor: TextureDescriptor) => FrameImporter,
    owner: { texture(): GPUTexture; released(): void },
  ) {
    this.value = taken.value;
    this.epochMs = taken.epochMs;
    this.descriptor = descriptor;
    this.#taken = taken;
    this.#importer = importer;
    this.#owner = owner;
  }

  texture(): GPUTexture {
    this.#check();
    return this.#owner.texture();
  }

  externalTexture(): GPUExternalTexture | undefined {
    this.#check();
    return this.#importer(this.descriptor).externalTexture(this.#taken.payload);
  }

  async pixels(): Promise<Uint8Array> {
    this.#check();
    return this.#importer(this.descriptor).pixels(this.#taken.payload);
  }

  async bitmap(): Promise<ImageBitmap> {
    this.#check();
    return this.#importer(this.descriptor).bitmap(this.#taken.payload);
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#taken.release();
    this.#owner.released();
  }

  #check(): void {
    if (this.#isReleased) throw new ShareError('share-released', `Frame ${this.value} of "${this.descriptor.label}" was released.`);
  }
}
