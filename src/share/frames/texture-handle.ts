import type { TextureDescriptor } from './texture-descriptor.ts';
import type { TransportKind } from './transports/transport.ts';

export const HANDLE_VERSION = 1;

/**
 * Right to one connection to a shared texture: plain data that can be posted to a worker, an iframe, a popup, and, where it names a channel instead of a
 * port, to any window of the origin. Post it with `transferablesOf(handle)` as transfer list. Whoever imports it first has it.
 */
export interface TextureHandle {
  readonly version: typeof HANDLE_VERSION;
  readonly kind: 'shared-texture';
  /** Of the texture; unique in the browser. */
  readonly id: string;
  readonly descriptor: TextureDescriptor;
  /** `auto`: measured when the connection is made. */
  readonly transport: TransportKind | 'auto';
  /** Where the producer answers: one of the two is there. */
  readonly port?: MessagePort;
  readonly channel?: string;
}

/** What moves with a handle when it is posted. */
export function transferablesOf(handle: TextureHandle): Transferable[] {
  return handle.port === undefined ? [] : [handle.port];
}
