/**
 * The frame's side of the message API: answers the page that embeds it, and nobody else.
 *
 * Who may do what. Messages are heard from the parent window only, and only from allowed origins where the embed's address lists some. A
 * parent that is heard may do what the address could have asked for too, and learns what its reader sees: state, sizes, names of variants.
 * Pictures and data of the model are more: a frame of this host may load files that the parent could not. They are given to parents of
 * this very origin, to origins that the host's page names, and to any parent where the frame has an origin of its own (a sandbox
 * without `allow-same-origin`), since then everything it shows came from servers that let every page read it.
 */
import {
  EMBED_PROTOCOL,
  agreeOnVersion,
  errorInfoOf,
  readToFrame,
  toPlainData,
  type EmbedErrorInfo,
  type EmbedHello,
  type EmbedRequest,
  type FromFrame,
} from './embed-protocol.ts';

/** What pages may use of an element. */
export interface EmbedSurface<Element extends EventTarget> {
  readonly loaded: (element: Element) => boolean;
  readonly readable: Readonly<Record<string, (element: Element) => unknown>>;
  readonly writable: Readonly<Record<string, (element: Element, value: unknown) => void>>;
  readonly methods: Readonly<Record<string, (element: Element, params: readonly unknown[]) => unknown>>;
  /** Properties and methods that give away pictures or data of the model. */
  readonly contents: readonly string[];
  /** Events that are forwarded, with what is told of each. */
  readonly events: Readonly<Record<string, (event: Event) => unknown>>;
}

export interface EmbedHostOptions<Element extends EventTarget> {
  readonly element: Element;
  readonly surface: EmbedSurface<Element>;
  /** Where messages arrive: the frame's window. */
  readonly scope: EventTarget;
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  /** `null` (as text) in a sandbox. */
  readonly ownOrigin: string;
  /** Origins that are heard; `undefined` for all. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** Origins that may read contents, as the host's page says; `*` for all. */
  readonly readerOrigins: readonly string[];
  /** Parameters of the address that mean nothing; told to the page's author. */
  readonly ignored: readonly string[];
}

/** Requests that may wait at once; more are refused. */
const MAX_PENDING = 64;

export class EmbedHost<Element extends EventTarget> {
  #options: EmbedHostOptions<Element>;
  /** Origin of the page that said hello; events go there. */
  #connected: string | undefined;
  #pendingCount = 0;

  constructor(options: EmbedHostOptions<Element>) {
    this.#options = options;
    const { element, scope, surface, parent } = options;
    scope.addEventListener('message', (event) => this.#receive(event as MessageEvent<unknown>));
    for (const [name, tell] of Object.entries(surface.events)) {
      element.addEventListener(name, (event) => {
        if (this.#connected === undefined) return;
        const message = { proscenium: EMBED_PROTOCOL, kind: 'event', event: name, detail: toPlainData(tell(event)) } as const;
        this.#post(message, this.#connected);
      });
    }
    const hello: EmbedHello = { proscenium: EMBED_PROTOCOL, kind: 'hello', versions: [EMBED_PROTOCOL] };
    parent.postMessage(hello, '*');
  }

  #receive(event: MessageEvent<unknown>): void {
    if (event.source !== (this.#options.parent as unknown)) return;
    const message = readToFrame(event.data);
    if (message?.id === undefined) return;
    const { origin } = event;
    const { allowedOrigins } = this.#options;
    if (allowedOrigins !== undefined && !allowedOrigins.includes(origin)) {
      this.#refuse(message.id, origin, { code: 'origin-refused', message: `This embed does not talk to ${origin}` });
    } else if (message.kind === 'hello') this.#greet(message, message.id, origin);
    else void this.#answer(message, origin);
  }

  #greet({ versions }: EmbedHello, id: string, origin: string): void {
    const version = agreeOnVersion(versions);
    if (version === undefined) {
      const message = `This embed speaks version ${EMBED_PROTOCOL}, not ${versions.join(', ') || 'none'}`;
      this.#refuse(id, origin, { code: 'version-mismatch', message });
      return;
    }
    this.#connected = origin;
    const { element, surface, ignored } = this.#options;
    const mayReadContents = this.#mayReadContents(origin);
    const namesOf = (table: object): string[] => Object.keys(table).filter((name) => mayReadContents || !surface.contents.includes(name));
    this.#post(
      {
        proscenium: EMBED_PROTOCOL,
        kind: 'ready',
        id,
        version,
        readable: namesOf(surface.readable),
        writable: Object.keys(surface.writable),
        methods: ['get', 'set', ...namesOf(surface.methods)],
        events: Object.keys(surface.events),
        loaded: surface.loaded(element),
        ignored,
      },
      origin,
    );
  }

  async #answer(request: EmbedRequest, origin: string): Promise<void> {
    const { id } = request;
    if (this.#connected !== origin) {
      this.#refuse(id, origin, { code: 'not-connected', message: 'The first message is a hello' });
    } else if (this.#pendingCount >= MAX_PENDING) {
      this.#refuse(id, origin, { code: 'too-many-requests', message: `${MAX_PENDING} requests wait already` });
    } else {
      this.#pendingCount++;
      try {
        const result = toPlainData(await this.#perform(request, origin));
        this.#post({ proscenium: EMBED_PROTOCOL, kind: 'reply', id, result }, origin);
      } catch (error) {
        this.#refuse(id, origin, errorInfoOf(error));
      } finally {
        this.#pendingCount--;
      }
    }
  }

  #perform({ method, params = [] }: EmbedRequest, origin: string): unknown {
    const { element, surface } = this.#options;
    if (method === 'get') {
      const read = find(surface.readable, params[0], 'property to read');
      this.#checkContents(String(params[0]), origin);
      return read(element);
    }
    if (method === 'set') {
      find(surface.writable, params[0], 'property to set')(element, params[1]);
      return undefined;
    }
    const perform = find(surface.methods, method, 'method');
    this.#checkContents(method, origin);
    return perform(element, params);
  }

  #checkContents(name: string, origin: string): void {
    if (!this.#options.surface.contents.includes(name) || this.#mayReadContents(origin)) return;
    const message = `${origin} may not read the model: sandbox the frame without allow-same-origin, or name the origin in the host's embed page`;
    throw new EmbedCallError('not-readable', message);
  }

  #mayReadContents(origin: string): boolean {
    const { ownOrigin, readerOrigins } = this.#options;
    return ownOrigin === 'null' || origin === ownOrigin || readerOrigins.includes(origin) || readerOrigins.includes('*');
  }

  #refuse(id: string, origin: string, error: EmbedErrorInfo): void {
    this.#post({ proscenium: EMBED_PROTOCOL, kind: 'reply', id, error }, origin);
  }

  /** An opaque origin cannot be addressed; its window is the parent all the same. */
  #post(message: FromFrame, origin: string): void {
    this.#options.parent.postMessage(message, origin === 'null' ? '*' : origin);
  }
}

/** A call that cannot be done as asked. */
export class EmbedCallError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'EmbedCallError';
    this.code = code;
  }
}

function find<Entry>(table: Readonly<Record<string, Entry>>, name: unknown, what: string): Entry {
  const entry = typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry === undefined) throw new EmbedCallError('unknown-name', `There is no ${what} named ${JSON.stringify(name) ?? 'undefined'}`);
  return entry;
}
