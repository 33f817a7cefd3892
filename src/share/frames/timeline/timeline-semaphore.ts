/** `lost`: the other end is gone or the semaphore was closed, and the value will not be reached. */
export type WaitResult = 'ok' | 'timeout' | 'lost';

/**
 * A counter that only rises, seen by both ends: who has finished frame N signals N, who needs it waits for N (as Vulkan's timeline semaphores do).
 * Values are whole numbers from 0 to 2^53 - 1. A wait for a value that is already reached resolves at once.
 */
export interface TimelineSemaphore {
  /** The highest value that this end knows to be signalled. */
  readonly value: number;
  /**
   * Raises the value on both ends; one that is not above the current one changes nothing.
   *
   * @returns whether the value rose
   * @throws ShareError `share-bad-descriptor` for what is no value
   */
  signal(value: number): boolean;
  /**
   * Resolves once the value is reached, or will not be.
   *
   * @param timeoutMs milliseconds, Infinity: no limit
   */
  wait(value: number, timeoutMs?: number): Promise<WaitResult>;
  /** Blocks the thread; there only over shared memory, in workers. */
  waitSync?(value: number, timeoutMs?: number): WaitResult;
  /** Every wait resolves with `lost`. Safe to call twice. The other end is told. */
  close(): void;
}
