/**
 * The files of the app, kept whole by version: each version has a cache of its own, filled while it is installed and never changed.
 *
 * A version takes over while windows of an older one may still be open: they keep asking for scripts of theirs, so that the caches
 * before it stay until those windows are gone (`Tenure`). A version whose page never starts gives way to the one before it.
 */
import { PrecacheController } from 'workbox-precaching/PrecacheController.js';
import type { PrecacheEntry } from 'workbox-precaching/_types.js';
import { appCachePrefix, LATER } from '../../share/protocol/service.ts';
import { readTenure, writeTenure, type Tenure } from './tenure.ts';

/** A page that the old version answered may become a window only after the new one took over. */
const ON_THE_WAY_MS = 60_000;
/** Pages in a row that asked for the new version and never said that they run. */
const FAILED_STARTS = 3;

export class AppCache {
  readonly #scope: string;
  readonly #name: string;
  readonly #precache: PrecacheController;
  /** Parts that few visits use, by address, with their digests: not among what a version needs to take over. */
  readonly #later: ReadonlyMap<string, string | undefined>;
  #tenure: Promise<Tenure> | undefined;

  /** @param entries what the build lists: addresses relative to the worker's, with the digests of their contents */
  constructor(scope: string, entries: readonly PrecacheEntry[]) {
    this.#scope = scope;
    this.#name = `${appCachePrefix(scope)}${versionOf(entries)}`;
    this.#precache = new PrecacheController({
      cacheName: this.#name,
      plugins: [
        {
          // "reload" would fetch again what the page has just read; a server that knows the file unchanged answers in a few bytes.
          requestWillFetch: async ({ request }) => (request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request),
          // Many hosts answer an address that they lack with some page, and status 200.
          cacheWillUpdate: async ({ request, response }) => (isWhatItSays(request.url, response) ? response : null),
        },
      ],
    });
    const isLater = ({ url }: PrecacheEntry): boolean => url.includes(`assets/${LATER}`);
    this.#precache.addToCacheList(entries.filter((entry) => !isLater(entry)));
    this.#later = new Map(entries.filter(isLater).map(({ url, integrity }) => [new URL(url, scope).href, integrity]));
  }

  /** Fetches every file. Where one fails, nothing stays, and the version before goes on. */
  async install(event: Parameters<PrecacheController['install']>[0]): Promise<void> {
    try {
      await this.#precache.install(event);
    } catch (error) {
      await caches.delete(this.#name);
      throw error;
    }
  }

  /** Fetches the parts that few visits use, as far as they are not there. What fails is tried again another time. */
  async keepLater(): Promise<void> {
    const cache = await caches.open(this.#name);
    for (const [url, integrity] of this.#later) {
      if ((await cache.match(url)) !== undefined) continue;
      const response = await fetch(url, integrity === undefined ? {} : { integrity }).catch(() => undefined);
      if (response !== undefined && isWhatItSays(url, response)) await cache.put(url, response);
    }
  }

  /** Takes over from the version before, if there is one. */
  async activate(windows: readonly string[]): Promise<void> {
    const before = await readTenure(this.#scope);
    const kept = (await caches.keys()).filter((name) => name.startsWith(appCachePrefix(this.#scope)) && name !== this.#name);
    const fallback = before === undefined ? undefined : before.isProven ? before.name : before.fallback;
    const hasFallback = fallback !== undefined && kept.includes(fallback);
    await this.#write({
      name: this.#name,
      sinceMs: Date.now(),
      isProven: !hasFallback,
      startCount: 0,
      kept,
      windows,
      ...(hasFallback ? { fallback } : {}),
    });
  }

  /** The app's page, of this version as far as it starts. */
  async page(): Promise<Response | undefined> {
    const url = new URL('index.html', this.#scope).href;
    const tenure = await this.#read();
    if (tenure.isProven || tenure.fallback === undefined) return this.#precache.matchPrecache(url);
    if (tenure.startCount >= FAILED_STARTS) {
      const older = await (await caches.open(tenure.fallback)).match(url, { ignoreSearch: true, ignoreVary: true });
      if (older !== undefined) return older;
    } else await this.#write({ ...tenure, startCount: tenure.startCount + 1 });
    return this.#precache.matchPrecache(url);
  }

  /** A page of the version that has this script runs. Returns whether it runs because this version's page does not. */
  async started(script: string): Promise<boolean> {
    const tenure = await this.#read();
    if (tenure.isProven) return false;
    if (this.#precache.getCacheKeyForURL(script) === undefined) return tenure.startCount >= FAILED_STARTS;
    await this.#write({ ...tenure, isProven: true });
    return false;
  }

  /** Whether an address is of the app's files, of this version or an older one that is in use. */
  has(url: string): boolean {
    return this.#precache.getCacheKeyForURL(url) !== undefined || url.startsWith(`${this.#scope}assets/`);
  }

  /** A file of this version, of one before it, or from the network. */
  async file(request: Request): Promise<Response> {
    const own = await this.#precache.matchPrecache(request.url);
    if (own !== undefined) return own;
    const { kept } = await this.#read();
    for (const name of this.#later.has(request.url) ? [this.#name, ...kept] : kept) {
      if (!(await caches.has(name))) continue;
      const older = await (await caches.open(name)).match(request.url, { ignoreVary: true });
      if (older !== undefined) return older;
    }
    return fetch(request);
  }

  /** Gives up older versions when no window uses them any more and this one has proved itself. */
  async tidy(isWindowOpen: (id: string) => Promise<boolean>, nowMs = Date.now()): Promise<void> {
    const tenure = await this.#read();
    if (tenure.kept.length === 0 || !tenure.isProven || nowMs - tenure.sinceMs < ON_THE_WAY_MS) return;
    for (const id of tenure.windows) if (await isWindowOpen(id)) return;
    for (const name of tenure.kept) await caches.delete(name);
    const { name, sinceMs } = tenure;
    await this.#write({ name, sinceMs, isProven: true, startCount: 0, kept: [], windows: [] });
  }

  #read(): Promise<Tenure> {
    this.#tenure ??= readTenure(this.#scope).then((stored) =>
      // Without a record of its own (the browser lost it, or the version is only being installed) nothing older counts.
      stored?.name === this.#name ? stored : { name: this.#name, sinceMs: 0, isProven: true, startCount: 0, kept: [], windows: [] },
    );
    return this.#tenure;
  }

  async #write(tenure: Tenure): Promise<void> {
    this.#tenure = Promise.resolve(tenure);
    await writeTenure(this.#scope, tenure);
  }
}

/** 53 bits over what the build lists (cyrb53): the same list, the same name. */
function versionOf(entries: readonly PrecacheEntry[]): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const letter of entries.map(({ url, revision }) => `${url} ${revision}`).join('\n')) {
    const code = letter.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

/** A page where a page was asked for, and none where anything else was. */
function isWhatItSays(url: string, response: Response): boolean {
  const isHtml = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  return response.ok && isHtml === new URL(url).pathname.endsWith('.html');
}
