/** The record of the version in charge, kept between runs of the service worker. */

export interface Tenure {
  /** Its cache. */
  readonly name: string;
  /** When it took over, epoch milliseconds. */
  readonly sinceMs: number;
  /** A page of it said that it runs, or there is nothing to go back to. */
  readonly isProven: boolean;
  /** Pages asked for while it is not proven. */
  readonly startCount: number;
  /** Cache of the last version that proved itself. */
  readonly fallback?: string;
  /** Caches of the versions before it. */
  readonly kept: readonly string[];
  /** Windows that were open when it took over, which may run those versions. */
  readonly windows: readonly string[];
}

const CACHE = 'proscenium-tenure';

export async function readTenure(scope: string): Promise<Tenure | undefined> {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(keyOf(scope));
  return stored === undefined ? undefined : ((await stored.json()) as Tenure);
}

export async function writeTenure(scope: string, tenure: Tenure): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(keyOf(scope), Response.json(tenure));
}

/** Nothing answers there: it is only a key. */
function keyOf(scope: string): string {
  return `${scope}tenure.json`;
}
