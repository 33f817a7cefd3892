/** What the manager gives out: `TextureShareManager` makes them. */
import type { TextureDescriptor } from './texture-descriptor.ts';
import type { TimelineSemaphore } from './timeline/timeline-semaphore.ts';
import type { TransportKind } from './transports/transport.ts';

/** Producer's side of a shared texture. Frames are published one after the other; there may be any number of consumers. */
export interface ShareableTexture {
  readonly id: string;
  readonly descriptor: TextureDescriptor;
  /** Signalled with the value of every published frame. */
  readonly produced: TimelineSemaphore;
  /** Who receives it. */
  readonly connections: readonly ShareConnection[];
  /**
   * Texture to draw the next frame into, usable until `publish`. What was in it before is undefined.
   *
   * @throws ShareError `share-no-device`, `share-device-lost`, `share-released`
   */
  begin(): GPUTexture;
  /** Memory to write the next frame into (rows top first, tight), usable until `publish`; in shared memory where that saves a copy. For producers without a GPU. */
  beginPixels(): Uint8Array;
  /**
   * Makes what was drawn or written since `begin` or `beginPixels` the newest frame. Never waits for a consumer. The drawing must have been submitted to
   * the device's queue.
   *
   * @returns the frame's value, once the frame was handed to every consumer that had room; the next frame can be begun before
   * @throws ShareError `share-wrong-order` without `begin`, `share-released`
   */
  publish(): Promise<number>;
  /** New size; consumers see it with the first frame of it. */
  resize(width: number, height: number): void;
  /** After the loss of a device, or to begin with another. */
  useDevice(device: GPUDevice): void;
  /** Called whenever a consumer connects, changes its state or is gone. */
  onConnection(listener: () => void): void;
  /** Ends all connections and frees everything. Safe to call twice. */
  close(): void;
}

/** One consumer, as the producer sees it. */
export interface ShareConnection {
  /** Undefined while the ends still agree on it. */
  readonly transport: TransportKind | undefined;
  readonly state: 'connecting' | 'open' | 'closed';
  /** Value of the newest frame that the consumer has released. */
  readonly consumed: TimelineSemaphore;
  /** Milliseconds from hand-over to use that were measured for each transport tried; `undefined` failed. */
  readonly measured: ReadonlyMap<TransportKind, number | undefined>;
  /** The consumer's `closed` resolves. Safe to call twice. */
  close(): void;
}

/** Consumer's side. */
export interface ImportedTexture {
  readonly id: string;
  /** Of the newest frame taken; changes after the producer's `resize`. */
  readonly descriptor: TextureDescriptor;
  readonly transport: TransportKind | undefined;
  /** Rises as frames arrive. */
  readonly produced: TimelineSemaphore;
  readonly consumed: TimelineSemaphore;
  /** Resolves with the transport when frames can come. Rejects with `share-no-transport`, `share-peer-lost`, `share-version`, `share-released`. */
  readonly ready: Promise<TransportKind>;
  /** Resolves when the producer is gone or either end closed. The texture that was given out last stays until `close`. */
  readonly closed: Promise<'released' | 'peer-lost'>;
  /**
   * The newest frame (or the next one, `queue`) above `after`, without waiting; undefined also once it is closed.
   *
   * @throws ShareError `share-limit` while `slots - 1` frames are unreleased
   */
  take(after?: number): ImportedFrame | undefined;
  /**
   * As `take`, and waits for one.
   *
   * @param after 0: any frame; default: newer than the last one taken
   * @throws ShareError `share-timeout`, `share-peer-lost`, `share-released`, `share-limit`
   */
  acquire(after?: number, timeoutMs?: number): Promise<ImportedFrame>;
  /** After the loss of the device. */
  useDevice(device: GPUDevice): void;
  /** Safe to call twice. */
  close(): void;
}

/** One received frame. At most `slots - 1` may be unreleased at a time. */
export interface ImportedFrame {
  readonly value: number;
  /** When it was published, epoch milliseconds. */
  readonly epochMs: number;
  readonly descriptor: TextureDescriptor;
  /**
   * The frame as a texture of the importer's device, in the descriptor's format with the descriptor's usages. It stays as it is until the next frame's
   * `texture()`, also after `release`.
   *
   * @throws ShareError `share-no-device`, `share-device-lost`
   */
  texture(): GPUTexture;
  /** Without a copy where the transport can: valid in the current task only. Undefined where it cannot. */
  externalTexture(): GPUExternalTexture | undefined;
  /** Rows top first, tight; valid until `release`. Read back from an image, where an image came. */
  pixels(): Promise<Uint8Array>;
  /** To be drawn by a 2D canvas or put into a `bitmaprenderer`; the caller closes it. */
  bitmap(): Promise<ImageBitmap>;
  /** Gives it back, once it was used. Safe to call twice. */
  release(): void;
}

/** What `exportTexture` may be told. */
export interface ExportOptions {
  /** `auto` (default): all that both ends can do are measured, and the fastest is taken. */
  readonly transport?: TransportKind | 'auto';
  /** The handle names a channel instead of a port, so that it can go to windows that have none with this one (over BroadcastChannel or a server). */
  readonly isPortless?: boolean;
}

/** What a manager begins with. */
export interface ManagerOptions {
  /** Producers that draw and consumers that sample need one; both work without, on pixels. */
  readonly device?: GPUDevice;
}
