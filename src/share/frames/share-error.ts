/** Stable codes, explained in `docs/errors.md`. */
export type ShareErrorCode =
  /** A descriptor, handle or message that is not as it must be. */
  | 'share-bad-descriptor'
  | 'share-bad-handle'
  /** The pair of format and transport (or of format and mapping) is not supported; the message names the nearest that is. */
  | 'share-unsupported-format'
  | 'share-unsupported-usage'
  /** The transport cannot be used here: no isolation, no VideoFrame, no window. */
  | 'share-unsupported-transport'
  /** No transport works between the two ends. */
  | 'share-no-transport'
  /** The other end is gone. */
  | 'share-peer-lost'
  /** A call on something that was released. */
  | 'share-released'
  /** The graphics device is lost; `useDevice` with another goes on. */
  | 'share-device-lost'
  | 'share-no-device'
  | 'share-timeout'
  /** More memory, consumers or frames than there is room for. */
  | 'share-limit'
  /** A call at the wrong time: `publish` without `begin`. */
  | 'share-wrong-order'
  /** Both ends speak different versions of the protocol. */
  | 'share-version';

/** What the manager, its textures, transports and semaphores throw and reject with. */
export class ShareError extends Error {
  override readonly name = 'ShareError';
  readonly code: ShareErrorCode;

  constructor(code: ShareErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
