/**
 * Talks to an embed page in a frame: `const model = await connect(iframe)`. For pages that show models by `<iframe>`; it needs nothing else
 * of ours. `docs/embed-api.md` has the messages themselves, for those who would rather write them.
 */
import { EMBED_PROTOCOL, readFromFrame, type EmbedErrorInfo, type EmbedReady, type FromFrame } from './embed-protocol.ts';
import type { EmbedEvents, EmbedMethods, EmbedProperties, WritableEmbedProperty } from './embed-types.ts';

export type { EmbedEvents, EmbedMethods, EmbedProperties, WritableEmbedProperty } from './embed-types.ts';

/** How browsers write the origin of a sandboxed frame. It is no address: what answers is known by its window. */
const OPAQUE = 'null';

/** How to connect. */
export interface ConnectOptions {
  /** Origin of the embed page; by default that of the frame's `src`, or `null` where the frame is sandboxed without `allow-same-origin`. */
  readonly origin?: string;
  /** Gives up waiting; a frame with `loading="lazy"` may take its time. */
  readonly signal?: AbortSignal;
}

/** A call that failed, or a connection that was refused. */
export class EmbedError extends Error {
  /** Stable name of the failure, as in `docs/embed-api.md`. */
  readonly code: string;

  constructor({ code, message }: EmbedErrorInfo) {
    super(message);
    this.name = 'EmbedError';
    this.code = code;
  }
}

/**
 * Connects to the embed page in a frame, whenever it has loaded.
 *
 * @throws EmbedError where the frame refuses this page or speaks no common version; the signal's reason where it is aborted
 */
export async function connect(frame: HTMLIFrameElement, options: ConnectOptions = {}): Promise<EmbedConnection> {
  const connection = new EmbedConnection(frame, options.origin ?? originOf(frame));
  const { signal } = options;
  const onAbort = (): void => connection.close();
  signal?.addEventListener('abort', onAbort);
  try {
    signal?.throwIfAborted();
    await connection.ready;
    return connection;
  } catch (error) {
    connection.close();
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: EmbedError): void;
}

/** A connection to one frame. Events of the model arrive as `CustomEvent`s of the same names, and `ready` when the frame has reloaded. */
export class EmbedConnection extends EventTarget {
  /** What the frame said of itself; resolves when it is first connected. */
  readonly ready: Promise<EmbedReady>;
  #frame: HTMLIFrameElement;
  #origin: string;
  #nextId = 1;
  #helloId = '';
  #isReady = false;
  #greeted: Pending | undefined;
  #pending = new Map<string, Pending>();
  #listener = (event: MessageEvent<unknown>): void => this.#receive(event);

  /** Use {@link connect}. */
  constructor(frame: HTMLIFrameElement, origin: string) {
    super();
    this.#frame = frame;
    this.#origin = origin;
    this.ready = new Promise<EmbedReady>((resolve, reject) => {
      this.#greeted = { resolve: (ready) => resolve(ready as EmbedReady), reject };
    });
    // Whoever only calls methods hears of a refusal there.
    this.ready.catch(() => undefined);
    window.addEventListener('message', this.#listener);
    this.#greet();
  }

  /** A property of the element, by its JavaScript name. */
  get<Name extends keyof EmbedProperties>(name: Name): Promise<EmbedProperties[Name]> {
    return this.#call('get', [name]) as Promise<EmbedProperties[Name]>;
  }

  /** Sets a property of the element. */
  async set<Name extends WritableEmbedProperty>(name: Name, value: EmbedProperties[Name]): Promise<void> {
    await this.#call('set', [name, value]);
  }

  /** Calls a method of the element. */
  call<Name extends keyof EmbedMethods>(method: Name, ...params: Parameters<EmbedMethods[Name]>): Promise<ReturnType<EmbedMethods[Name]>> {
    return this.#call(method, params) as Promise<ReturnType<EmbedMethods[Name]>>;
  }

  /** Listens to an event of the model; returns what ends it. */
  on<Name extends keyof EmbedEvents>(name: Name, listener: (detail: EmbedEvents[Name]) => void): () => void {
    const handler = (event: Event): void => listener((event as CustomEvent<EmbedEvents[Name]>).detail);
    this.addEventListener(name, handler);
    return () => this.removeEventListener(name, handler);
  }

  /** A picture of the model as it stands, as a file. */
  async toBlob(...params: Parameters<EmbedMethods['toDataURL']>): Promise<Blob> {
    const [head = '', base64 = ''] = (await this.call('toDataURL', ...params)).split(',', 2);
    // Not by `fetch`: a page's policy may allow no `data:` there.
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return new Blob([bytes], { type: /^data:([^;]+)/u.exec(head)?.[1] ?? 'image/png' });
  }

  /** Ends the connection; calls that wait fail. Safe to call twice. */
  close(): void {
    window.removeEventListener('message', this.#listener);
    const error = new EmbedError({ code: 'closed', message: 'The connection was closed' });
    this.#greeted?.reject(error);
    this.#greeted = undefined;
    this.#isReady = false;
    this.#failAll(error);
  }

  #greet(): void {
    this.#helloId = this.#newId();
    // To whatever is there: a hello tells nothing, and a frame that has not loaded is not of its origin yet. The frame's own hello follows.
    const hello = { proscenium: EMBED_PROTOCOL, kind: 'hello', id: this.#helloId, versions: [EMBED_PROTOCOL] };
    this.#frame.contentWindow?.postMessage(hello, '*');
  }

  async #call(method: string, params: readonly unknown[]): Promise<unknown> {
    if (!this.#isReady) throw new EmbedError({ code: 'not-connected', message: 'The frame is not connected' });
    const id = this.#newId();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      const request = { proscenium: EMBED_PROTOCOL, kind: 'request', id, method, params };
      this.#frame.contentWindow?.postMessage(request, this.#origin === OPAQUE ? '*' : this.#origin);
    });
  }

  #receive(event: MessageEvent<unknown>): void {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    const message = readFromFrame(event.data);
    if (message !== undefined) this.#take(message);
  }

  #take(message: FromFrame): void {
    switch (message.kind) {
      case 'hello':
        // The frame has loaded, perhaps anew: what was asked of the page before it is lost.
        this.#isReady = false;
        this.#failAll(new EmbedError({ code: 'frame-reloaded', message: 'The frame has loaded another page' }));
        this.#greet();
        break;
      case 'ready':
        if (message.id !== this.#helloId) break;
        this.#isReady = true;
        if (this.#greeted === undefined) this.dispatchEvent(new CustomEvent('ready', { detail: message }));
        this.#greeted?.resolve(message);
        this.#greeted = undefined;
        break;
      case 'reply':
        this.#settle(message.id, message.result, message.error);
        break;
      case 'event':
        this.dispatchEvent(new CustomEvent(message.event, { detail: message.detail }));
    }
  }

  #settle(id: string, result: unknown, error: EmbedErrorInfo | undefined): void {
    if (id === this.#helloId && error !== undefined) {
      this.#greeted?.reject(new EmbedError(error));
      this.#greeted = undefined;
      return;
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(new EmbedError(error));
  }

  #failAll(error: EmbedError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  #newId(): string {
    return `${this.#nextId++}`;
  }
}

function originOf(frame: HTMLIFrameElement): string {
  const isOpaque = frame.hasAttribute('sandbox') && !frame.sandbox.contains('allow-same-origin');
  return isOpaque ? OPAQUE : new URL(frame.src, document.baseURI).origin;
}
