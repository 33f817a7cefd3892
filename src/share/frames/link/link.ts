/**
 * Two ends that exchange messages in order: a MessagePort, or what stands in for one where there is none (`BroadcastLink`). Messages that come before
 * a listener is set are kept.
 */
export interface Link {
  /** Whether buffers, images and ports can move along; over a BroadcastChannel everything is copied and ports cannot cross. */
  readonly canTransfer: boolean;
  /** @throws DataCloneError for what cannot cross */
  post(message: unknown, transfer?: Transferable[]): void;
  /** Sets who gets the other end's messages, with those that came before. */
  listen(listener: (message: unknown) => void): void;
  /** Called for each message that came but cannot be read here (`messageerror`): what was in it, as shared memory for another agent cluster, cannot cross. */
  onUnreadable(listener: () => void): void;
  /** Called once, when the other end is gone: closed, terminated, its window shut, or silent for too long. At most 1 s after it happened. Never after `close`. */
  onLost(listener: () => void): void;
  /** Safe to call twice. The other end hears of it at once. */
  close(): void;
}
