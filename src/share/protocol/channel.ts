/** Typed calls over a worker or port: ids, replies, cancel by AbortSignal. One instance per direction owner. */
import type { ErrorInfo } from './error-info.ts';

/** An error that came back from another realm. */
export class RemoteError extends Error {
  readonly info: ErrorInfo;

  constructor(info: ErrorInfo) {
    super(info.message);
    this.name = 'RemoteError';
    this.info = info;
  }
}

type CallMap = Record<string, { request: object; reply: unknown }>;
interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
}
interface Pending {
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

/** Calling side. Feed it every incoming `reply` and `failed` message with `settle`. */
export class CallClient<Calls extends CallMap> {
  #endpoint: Endpoint;
  #nextCall = 1;
  #pending = new Map<number, Pending>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /**
   * Sends one call.
   *
   * @param transfer buffers, ports or canvases that move with the request
   * @throws RemoteError when the other side failed; its `info.code` is `cancelled` after an abort
   */
  call<K extends keyof Calls & string>(
    kind: K,
    request: Calls[K]['request'],
    options: { transfer?: Transferable[]; signal?: AbortSignal } = {},
  ): Promise<Calls[K]['reply']> {
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const onAbort = (): void => this.#endpoint.postMessage({ kind: 'cancel', call }, []);
      this.#pending.set(call, {
        resolve: (reply) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(reply as Calls[K]['reply']);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      this.#endpoint.postMessage({ kind, call, ...request }, options.transfer ?? []);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  /** Takes a `reply` or `failed` message; returns whether it was one. */
  settle(message: { readonly kind: string; readonly call?: number; readonly reply?: unknown; readonly error?: ErrorInfo }): boolean {
    if ((message.kind !== 'reply' && message.kind !== 'failed') || message.call === undefined) return false;
    const pending = this.#pending.get(message.call);
    this.#pending.delete(message.call);
    if (message.kind === 'reply') pending?.resolve(message.reply);
    else
      pending?.reject(
        new RemoteError(message.error ?? { code: 'unknown', severity: 'error', message: 'The call failed without a reason' }),
      );
    return true;
  }

  /** Fails every waiting call, for instance when the worker died. */
  failAll(info: ErrorInfo): void {
    for (const pending of this.#pending.values()) pending.reject(new RemoteError(info));
    this.#pending.clear();
  }
}
