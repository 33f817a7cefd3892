/** What the page and the service worker know of each other. */

/** What the page tells the service worker. */
export type ServiceRequest =
  /** The user wants the version that waits. */
  | { readonly kind: 'skipWaiting' }
  /** A page runs. `script` is the address of its entry, which tells its version. */
  | { readonly kind: 'started'; readonly script: string }
  /** The page has been at rest for a while: parts that few visits use may be fetched. */
  | { readonly kind: 'resting' };

/** What the service worker answers to a page that runs though a newer version is installed, which did not start. */
export interface ServiceEvent {
  readonly kind: 'fellBack';
}

/** How the names of files begin that no first visit waits for: they are kept when the page rests. */
export const LATER = 'later-';

/** File of the service worker, beside the app's page. */
export const SERVICE_WORKER = 'service-worker.js';

export function isServiceRequest(data: unknown): data is ServiceRequest {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false;
  return (
    data.kind === 'skipWaiting' ||
    data.kind === 'resting' ||
    (data.kind === 'started' && 'script' in data && typeof data.script === 'string')
  );
}

/**
 * What the names of the caches with the app's files begin with; several copies of the app may live in folders of one host.
 *
 * @param scope address of the app's folder, with a slash at its end
 */
export function appCachePrefix(scope: string): string {
  return `proscenium ${new URL(scope).pathname} `;
}
