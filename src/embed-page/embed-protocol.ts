/**
 * Messages between a page and the embed page in its frame: plain JSON over `postMessage`, so that any language with a web view can speak it.
 * Either side says `hello` when it starts; the frame answers the page's with `ready`, or with an error where no version is common.
 * `docs/embed-api.md` describes them for people.
 */

/** Raised by any change an older peer would misread; peers agree on the highest version both list. */
export const EMBED_PROTOCOL = 1;

/** An error as data. */
export interface EmbedErrorInfo {
  /** Stable name of the failure: `origin-refused`, `version-mismatch`, `not-connected`, `not-readable` and others. */
  readonly code: string;
  readonly message: string;
}

/** First message of either side: the versions it speaks. The frame sends it without an id when it has loaded. */
export interface EmbedHello {
  readonly proscenium: number;
  readonly kind: 'hello';
  readonly versions: readonly number[];
  readonly id?: string;
}

/** Answer of the frame to a page's `hello`: what was agreed and what there is. */
export interface EmbedReady {
  readonly proscenium: number;
  readonly kind: 'ready';
  /** Id of the `hello` that is answered. */
  readonly id: string;
  readonly version: number;
  /** Names that `get` takes; those that `set` takes too. */
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly methods: readonly string[];
  readonly events: readonly string[];
  /** Whether the model is shown already, its `load` passed. */
  readonly loaded: boolean;
  /** Parameters of the frame's address that mean nothing. */
  readonly ignored: readonly string[];
}

/** A call of the page. `get` takes a property's name, `set` its name and value, other methods what the element's take. */
export interface EmbedRequest {
  readonly proscenium: number;
  readonly kind: 'request';
  readonly id: string;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** The one answer to a request: a result or an error. Also the answer to a `hello` that is refused. */
export interface EmbedReply {
  readonly proscenium: number;
  readonly kind: 'reply';
  readonly id: string;
  readonly result?: unknown;
  readonly error?: EmbedErrorInfo;
}

/** An event of the element, with its detail as plain data. */
export interface EmbedEvent {
  readonly proscenium: number;
  readonly kind: 'event';
  readonly event: string;
  readonly detail: unknown;
}

/** What a page sends to the frame. */
export type ToFrame = EmbedHello | EmbedRequest;
/** What the frame sends to a page. */
export type FromFrame = EmbedHello | EmbedReady | EmbedReply | EmbedEvent;

const MAX_ID_LENGTH = 64;
const MAX_PARAMS = 8;

/** A message of a page, or `undefined` for anything else that windows send each other. */
export function readToFrame(data: unknown): ToFrame | undefined {
  if (!isRecord(data) || typeof data['proscenium'] !== 'number' || !isId(data['id'])) return undefined;
  if (data['kind'] === 'hello' && isVersions(data['versions'])) return data as unknown as EmbedHello;
  const { kind, method, params } = data;
  if (kind !== 'request' || typeof method !== 'string') return undefined;
  return params === undefined || (Array.isArray(params) && params.length <= MAX_PARAMS) ? (data as unknown as EmbedRequest) : undefined;
}

/** A message of a frame, or `undefined` for anything else. */
export function readFromFrame(data: unknown): FromFrame | undefined {
  if (!isRecord(data) || typeof data['proscenium'] !== 'number') return undefined;
  switch (data['kind']) {
    case 'hello':
      return isVersions(data['versions']) ? (data as unknown as EmbedHello) : undefined;
    case 'ready':
      return isId(data['id']) && typeof data['version'] === 'number' ? (data as unknown as EmbedReady) : undefined;
    case 'reply':
      return isId(data['id']) ? (data as unknown as EmbedReply) : undefined;
    case 'event':
      return typeof data['event'] === 'string' ? (data as unknown as EmbedEvent) : undefined;
    default:
      return undefined;
  }
}

/** The highest version of ours that the other side lists too. */
export function agreeOnVersion(theirs: readonly number[]): number | undefined {
  return theirs.includes(EMBED_PROTOCOL) ? EMBED_PROTOCOL : undefined;
}

/** What JSON can hold of a value: errors as code and message, typed arrays as arrays, the rest as `JSON.stringify` has it. */
export function toPlainData(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Error) return errorInfoOf(part);
    return ArrayBuffer.isView(part) && !(part instanceof DataView) ? Array.from(part as unknown as ArrayLike<number>) : part;
  }) as string | undefined;
  return text === undefined ? null : (JSON.parse(text) as unknown);
}

/** Code and message of anything thrown. */
export function errorInfoOf(error: unknown): EmbedErrorInfo {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  const { code, info } = error as Error & { readonly code?: unknown; readonly info?: { readonly code?: unknown } };
  const named = typeof code === 'string' ? code : info?.code;
  return { code: typeof named === 'string' ? named : 'failed', message: error.message };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH;
}

function isVersions(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= 64 && value.every((version) => Number.isInteger(version));
}
