import { anchorAssetPath, isUrl } from './asset-path.ts';
import { ResolveError, type AssetResolver } from './resolver.ts';

/** Which URLs are read, and how. */
export interface FetchResolverOptions {
  /** What asset paths without an anchor are relative to, and whose origin is the home origin. */
  readonly baseUrl: string;
  /**
   * Which origins may be asked: `same`, the base URL's (the default, so that a scene cannot make the page call
   * others); `any`; or a list beside the base's. Schemes are http and https, and never http from https.
   */
  readonly origins?: 'same' | 'any' | readonly string[];
  /** Called as bytes arrive. `totalBytes` is undefined where the server does not say. */
  readonly onProgress?: (progress: {
    readonly identifier: string;
    readonly loadedBytes: number;
    readonly totalBytes: number | undefined;
  }) => void;
  /** The global one by default. Give another to add headers or a cache. */
  readonly fetch?: typeof fetch;
}

/** Resolves URLs. Identifiers are absolute URLs. */
export class FetchResolver implements AssetResolver {
  readonly #options: FetchResolverOptions;
  readonly #base: URL;

  constructor(options: FetchResolverOptions) {
    this.#options = options;
    this.#base = new URL(options.baseUrl);
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return anchorAssetPath(assetPath, anchor ?? this.#base.href);
  }

  async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    const url = this.#allowed(identifier);
    const request = this.#options.fetch ?? fetch;
    try {
      const response = await request(url.href, { redirect: 'follow', ...(signal === undefined ? {} : { signal }) });
      if (!response.ok) throw new ResolveError(identifier, `the server answered ${response.status} ${response.statusText}`.trimEnd());
      return await this.#body(identifier, response);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof ResolveError) throw cause;
      throw new ResolveError(identifier, cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  /** Asks for the headers only, where the server answers such requests. */
  async exists(identifier: string, signal?: AbortSignal): Promise<boolean> {
    const request = this.#options.fetch ?? fetch;
    try {
      const url = this.#allowed(identifier);
      const ask = (method: string): Promise<Response> =>
        request(url.href, { method, redirect: 'follow', ...(signal === undefined ? {} : { signal }) });
      let response = await ask('HEAD');
      if (response.status === 405 || response.status === 501) {
        response = await ask('GET');
        await response.body?.cancel();
      }
      return response.ok;
    } catch {
      signal?.throwIfAborted();
      return false;
    }
  }

  #allowed(identifier: string): URL {
    if (!isUrl(identifier) || !URL.canParse(identifier)) throw new ResolveError(identifier, 'it is no URL');
    const url = new URL(identifier);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new ResolveError(identifier, `scheme ${url.protocol} is not read`);
    if (this.#base.protocol === 'https:' && url.protocol === 'http:')
      throw new ResolveError(identifier, 'an https scene may not load over http');
    const { origins = 'same' } = this.#options;
    if (url.origin !== this.#base.origin && origins !== 'any' && (origins === 'same' || !origins.includes(url.origin))) {
      throw new ResolveError(identifier, `origin ${url.origin} is not the scene's, ${this.#base.origin}`);
    }
    return url;
  }

  async #body(identifier: string, response: Response): Promise<Uint8Array> {
    const { onProgress } = this.#options;
    if (onProgress === undefined || response.body === null) return new Uint8Array(await response.arrayBuffer());
    // A content coding makes the length that of the packed bytes, which says nothing of what arrives here.
    const isCoded = response.headers.has('content-encoding');
    const length = isCoded ? Number.NaN : Number(response.headers.get('content-length') ?? Number.NaN);
    const totalBytes = Number.isFinite(length) ? length : undefined;
    const parts: Uint8Array[] = [];
    let loadedBytes = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      loadedBytes += value.byteLength;
      onProgress({ identifier, loadedBytes, totalBytes });
    }
    const bytes = new Uint8Array(loadedBytes);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.byteLength;
    }
    return bytes;
  }
}
