import { completeDescriptor } from './check-descriptor.ts';
import { DeviceWatch } from './device-watch.ts';
import { FramePool, type PooledFrame } from './frame-pool.ts';
import type { Link } from './link/link.ts';
import { randomName } from './link/random-name.ts';
import { ProducerConnection, type FrameSource, type StampedFrame } from './producer-connection.ts';
import { ShareError } from './share-error.ts';
import type { ShareableTexture, ShareConnection } from './share-types.ts';
import type { TextureDescriptor, TextureDescriptorInit } from './texture-descriptor.ts';
import { LocalTimeline } from './timeline/local-timeline.ts';
import type { Transport, TransportKind } from './transports/transport.ts';

/** Consumers of one texture. */
const MOST_CONNECTIONS = 64;

/** Producer's side of a shared texture: the frames, their values, and who gets them. */
export class TextureProducer implements ShareableTexture {
  readonly id = randomName('texture-');
  readonly produced = new LocalTimeline();
  #descriptor: TextureDescriptor;
  #device: DeviceWatch;
  #pool = new FramePool();
  #connections: ProducerConnection[] = [];
  #listeners: (() => void)[] = [];
  /** What the next frame is drawn or written into, since `begin`. */
  #next: { readonly frame: PooledFrame; readonly release: () => void } | undefined;
  #newest: (StampedFrame & { readonly release: () => void }) | undefined;
  #value = 0;
  #isClosed = false;
  #onClosed: () => void;

  /** @throws ShareError what `checkDescriptor` throws */
  constructor(init: TextureDescriptorInit, device: GPUDevice | undefined, onClosed: () => void) {
    this.#descriptor = completeDescriptor(init);
    this.#onClosed = onClosed;
    this.#device = new DeviceWatch(device, () => this.#dropTextures());
  }

  get descriptor(): TextureDescriptor {
    return this.#descriptor;
  }

  get connections(): readonly ShareConnection[] {
    return this.#connections;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  begin(): GPUTexture {
    this.#checkOpen();
    const { device, isLost } = this.#device;
    if (device === undefined)
      throw new ShareError('share-no-device', `"${this.#descriptor.label}" has no device to draw with; see useDevice.`);
    if (isLost)
      throw new ShareError('share-device-lost', `The device of "${this.#descriptor.label}" is lost; useDevice with another goes on.`);
    const begun = this.#next?.frame.content;
    if (begun?.kind === 'texture') return begun.texture;
    const frame = this.#pool.takeTexture(device, this.#descriptor);
    this.#begin(frame);
    return (frame.content as { readonly texture: GPUTexture }).texture;
  }

  beginPixels(): Uint8Array {
    this.#checkOpen();
    const begun = this.#next?.frame.content;
    if (begun?.kind === 'pixels') return begun.pixels;
    const [only, ...others] = this.#connections;
    const pixels = others.length === 0 ? only?.beginPixels() : undefined;
    const frame = pixels === undefined ? this.#pool.takePixels(this.#descriptor) : frameOfTransport(this.#descriptor, pixels);
    this.#begin(frame);
    return (frame.content as { readonly pixels: Uint8Array }).pixels;
  }

  async publish(): Promise<number> {
    this.#checkOpen();
    const next = this.#next;
    if (next === undefined) {
      throw new ShareError(
        'share-wrong-order',
        `There is no frame of "${this.#descriptor.label}" to publish: call begin or beginPixels first.`,
      );
    }
    this.#next = undefined;
    // Memory of a transport is good for its own consumer only, who may be gone or not be alone any more.
    const { frame, release } = isOfTransport(next.frame) && this.#connections.length !== 1 ? this.#copied(next.frame) : next;
    this.#value += 1;
    const stamp = { value: this.#value, epochMs: performance.timeOrigin + performance.now() };
    this.#newest?.release();
    this.#newest = { frame, stamp, release };
    const offers = this.#connections.map((connection) => connection.offer({ frame, stamp }));
    this.produced.signal(stamp.value);
    await Promise.all(offers);
    return stamp.value;
  }

  resize(width: number, height: number): void {
    this.#checkOpen();
    if (width === this.#descriptor.width && height === this.#descriptor.height) return;
    this.#descriptor = completeDescriptor({ ...this.#descriptor, width, height });
    this.#pool.clear();
  }

  useDevice(device: GPUDevice): void {
    this.#checkOpen();
    if (device === this.#device.device) return;
    this.#device.use(device);
    this.#dropTextures();
    for (const connection of this.#connections) connection.deviceChanged();
  }

  onConnection(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * @param openLink to the consumer, which says something when it imports the handle
   * @throws ShareError `share-limit`, `share-released`
   */
  connect(openLink: () => Link, transports: readonly Transport[], wanted: TransportKind | 'auto'): void {
    this.#checkOpen();
    if (this.#connections.length >= MOST_CONNECTIONS) {
      throw new ShareError('share-limit', `"${this.#descriptor.label}" has ${MOST_CONNECTIONS} consumers, which is all that one can have.`);
    }
    this.#connections = [...this.#connections, new ProducerConnection(this.#frameSource(), openLink(), transports, wanted)];
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const connection of this.#connections) connection.close();
    this.#next?.release();
    this.#newest?.release();
    this.#pool.clear();
    this.#device.close();
    this.produced.close();
    this.#onClosed();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ShareError('share-released', `The shared texture "${this.#descriptor.label}" was released.`);
  }

  #begin(frame: PooledFrame): void {
    this.#next?.release();
    this.#next = { frame, release: frame.retain() };
  }

  /** Those of a device that is lost or no longer used; pixels go on. */
  #dropTextures(): void {
    if (this.#next?.frame.content.kind === 'texture') {
      this.#next.release();
      this.#next = undefined;
    }
    if (this.#newest?.frame.content.kind === 'texture') {
      this.#newest.release();
      this.#newest = undefined;
    }
    this.#pool.clear();
  }

  #frameSource(): FrameSource {
    const watch = this.#device;
    const descriptorNow = (): TextureDescriptor => this.#descriptor;
    return {
      get descriptor() {
        return descriptorNow();
      },
      get device() {
        return watch.device;
      },
      get isDeviceLost() {
        return watch.isLost;
      },
      newest: () => this.#newestToResend(),
      probeFrame: () => this.#newest?.frame ?? this.#blankFrame(),
      changed: (connection) => {
        if (connection.state === 'closed') this.#connections = this.#connections.filter((other) => other !== connection);
        for (const listener of this.#listeners) listener();
      },
    };
  }

  #blankFrame(): PooledFrame {
    const { device, isLost } = this.#device;
    return device === undefined || isLost ? this.#pool.takePixels(this.#descriptor) : this.#pool.takeTexture(device, this.#descriptor);
  }

  /** Memory of a transport may be written again before another transport has read it: what is sent once more is copied out of it first. */
  #newestToResend(): StampedFrame | undefined {
    const newest = this.#newest;
    if (newest === undefined || !isOfTransport(newest.frame)) return newest;
    const { pixels } = newest.frame.content;
    const next = this.#next?.frame.content;
    if (next?.kind === 'pixels' && next.pixels.buffer === pixels.buffer && next.pixels.byteOffset === pixels.byteOffset) return undefined;
    this.#newest = { ...this.#copied(newest.frame), stamp: newest.stamp };
    return this.#newest;
  }

  #copied({ descriptor, content }: TransportFrame): { readonly frame: PooledFrame; readonly release: () => void } {
    const frame = this.#pool.takePixels(descriptor);
    if (frame.content.kind === 'pixels') frame.content.pixels.set(content.pixels);
    return { frame, release: frame.retain() };
  }
}

type TransportFrame = PooledFrame & { readonly content: { readonly kind: 'pixels' } };

function isOfTransport(frame: PooledFrame): frame is TransportFrame {
  return frame.content.kind === 'pixels' && frame.content.retain === undefined;
}

/** Memory of the transport's own: it is the transport's to keep, and has no `retain`. */
function frameOfTransport(descriptor: TextureDescriptor, pixels: Uint8Array): PooledFrame {
  return { descriptor, content: { kind: 'pixels', pixels }, retain: () => () => undefined };
}
