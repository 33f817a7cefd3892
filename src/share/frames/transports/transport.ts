import type { TextureDescriptor } from '../texture-descriptor.ts';
import type { TimelineSemaphore } from '../timeline/timeline-semaphore.ts';

/**
 * Ways for a frame to cross.
 *
 * - `local`: both ends in one realm with one device: the texture itself, nothing is copied
 * - `shared-memory`: a ring in a SharedArrayBuffer; needs cross-origin isolation at both ends
 * - `buffer`: ArrayBuffers that are transferred and come back
 * - `bitmap`: ImageBitmap by `transferToImageBitmap`, read with `copyExternalImageToTexture`
 * - `video-frame`: VideoFrame, read with `importExternalTexture` or copied
 * - `broadcast`: copies over a BroadcastChannel, where two windows have no port
 */
export type TransportKind = 'local' | 'shared-memory' | 'buffer' | 'bitmap' | 'video-frame' | 'broadcast';

/** What the producer has. It stays as it is until the next `send` or `close` of the sender. */
export type FrameContent =
  /** Usage COPY_SRC and TEXTURE_BINDING. */
  (
    | { readonly kind: 'texture'; readonly device: GPUDevice; readonly texture: GPUTexture }
    /** Rows top first, tight. */
    | { readonly kind: 'pixels'; readonly pixels: Uint8Array }
  ) & {
    /** Keeps the content as it is beyond the next `send`, until what it returns is called (again is harmless). Not there: it stays as it is anyway. */
    readonly retain?: () => () => void;
  };

export interface FrameStamp {
  /** Counts up by one for each published frame, from 1. */
  readonly value: number;
  /** When the producer published it: epoch milliseconds (performance.timeOrigin + performance.now()). */
  readonly epochMs: number;
}

/** Producer's half of one connection. Sends are made one after the other; a consumer that does not keep up costs the producer nothing. */
export interface FrameSender {
  /** Rises to the value of each frame that the consumer releases. */
  readonly consumed: TimelineSemaphore;
  /**
   * Hands a frame over, or keeps it until the consumer has room, in which case a newer one replaces it.
   *
   * @returns resolves once the content may be overwritten. `held`: it is kept and `content` must stay as it is.
   * @throws ShareError when it cannot be handed over
   */
  send(content: FrameContent, stamp: FrameStamp): Promise<'sent' | 'held'>;
  /** Memory to write the next frame into, where that saves a copy: of exactly the frame's bytes. It is given back as `content` of `send`. */
  beginPixels?(): Uint8Array | undefined;
  /** Drops what is held and frees everything. Safe to call twice. */
  close(): void;
}

/** A frame as it arrived. Valid until `release`, which must be called once (again is harmless). */
export interface TakenFrame extends FrameStamp {
  readonly payload: FramePayload;
  release(): void;
}

export type FramePayload =
  /** Rows top first, tight. May lie in shared memory. */
  | { readonly kind: 'pixels'; readonly pixels: Uint8Array }
  | { readonly kind: 'image'; readonly image: ImageBitmap | VideoFrame }
  /** The producer's own. It stays as it is until `release`, or for as long as `retain` asks. */
  | { readonly kind: 'texture'; readonly texture: GPUTexture; readonly retain?: () => () => void };

/** Consumer's half of one connection. */
export interface FrameReceiver {
  /** Rises to the value of each frame that arrives. */
  readonly produced: TimelineSemaphore;
  readonly consumed: TimelineSemaphore;
  /** The newest frame (`latest`) or the next one (`queue`) with a value above `after`; undefined while there is none. Never waits. */
  take(after: number): TakenFrame | undefined;
  /** Calls once, as soon as `take(after)` may give a frame. */
  notify(after: number, ready: () => void): void;
  close(): void;
}

/** What a transport gets to work with. Its messages have `kind`s of its own; all others of the connection are not passed to it. */
export interface TransportContext {
  readonly descriptor: TextureDescriptor;
  /** Sends to the other end's half of this transport. */
  post(message: TransportMessage, transfer?: Transferable[]): void;
  /** Messages of the other end's half of this transport. */
  listen(listener: (message: TransportMessage) => void): void;
}

/** Plain data with the transport's own fields; hostile until checked. */
export type TransportMessage = Readonly<Record<string, unknown>>;

export interface Transport {
  readonly kind: TransportKind;
  /** Bytes of pixels copied per frame by either end and by the browser on its behalf, as far as the web platform tells, for the docs and the benchmark. */
  readonly copies: number;
  /** Why the descriptor or this realm cannot use it (`share-unsupported-format`, `share-unsupported-transport`); undefined: it can be tried. */
  refuse(descriptor: TextureDescriptor): Error | undefined;
  createSender(context: TransportContext): FrameSender;
  createReceiver(context: TransportContext): FrameReceiver;
}
