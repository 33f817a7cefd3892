/**
 * Files that another application shared with the installed one, on their way from the service worker, which receives them, to the
 * page, which opens them: kept in a cache under an id until the page takes them out.
 *
 * The address of a kept file is `shared/ID/INDEX/NAME` below the app's folder; nothing answers there, it is only a key.
 */

/** Last part of the address that shares are posted to, as the manifest names it. */
export const SHARE_TARGET = 'share-target';
/** Name of the form field that holds the files, as the manifest names it. */
export const SHARE_FIELD = 'files';
/** Query parameter of the app's page that says what was shared: an id, or one of `ShareFailure`. */
export const SHARE_PARAMETER = 'shared';

/** Why there is nothing under an id: no file came, or there is no room for them. */
export type ShareFailure = 'none' | 'full';

const CACHE = 'proscenium-shared';
/** What nobody took out by then is given up. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const RECEIVED = 'x-received';

/** Shared files could not be taken over. */
export class SharedFilesError extends Error {
  override readonly name = 'SharedFilesError';
  readonly code: string;

  constructor(failure: ShareFailure) {
    super(
      failure === 'full'
        ? 'The shared files are too large for this browser to keep. Open them with the Open button'
        : 'The shared files are not here any more. Share them again, or open them with the Open button',
    );
    this.code = failure === 'full' ? 'shared-no-room' : 'shared-none';
  }
}

/**
 * Keeps files until a page takes them.
 *
 * @param folder address of the app's folder, with a slash at its end
 * @returns the id to take them by
 * @throws whatever the cache does where there is no room (`QuotaExceededError`)
 */
export async function keepSharedFiles(folder: string, files: readonly File[], nowMs = Date.now()): Promise<string> {
  const cache = await caches.open(CACHE);
  const id = crypto.randomUUID();
  const keys = files.map((file, index) => `${folder}shared/${id}/${index}/${encodeURIComponent(file.name)}`);
  const headers = (file: File): HeadersInit => ({
    'content-type': file.type === '' ? 'application/octet-stream' : file.type,
    [RECEIVED]: String(nowMs),
  });
  try {
    for (const [index, file] of files.entries()) await cache.put(keys[index] ?? '', new Response(file, { headers: headers(file) }));
  } catch (error) {
    for (const key of keys) await cache.delete(key);
    throw error;
  }
  return id;
}

/**
 * The files of an id, which are forgotten with that.
 *
 * @param folder as above
 * @param id as the page's address says it, which anybody may have written
 * @throws SharedFilesError when there are none
 */
export async function takeSharedFiles(folder: string, id: string): Promise<readonly File[]> {
  if (id === 'full') throw new SharedFilesError('full');
  const prefix = `${folder}shared/${id}/`;
  const cache = await caches.open(CACHE);
  const found = (await cache.keys()).filter(({ url }) => url.startsWith(prefix));
  if (!/^[\w-]+$/u.test(id) || found.length === 0) throw new SharedFilesError('none');
  const files: File[] = [];
  for (const key of found) {
    const response = await cache.match(key);
    if (response === undefined) continue;
    const blob = await response.blob();
    const name = decodeURIComponent(key.url.slice(key.url.lastIndexOf('/') + 1));
    files.push(new File([blob], name, { type: blob.type }));
    await cache.delete(key);
  }
  return files;
}

/** Gives up what no page took out in a day. */
export async function forgetOldSharedFiles(nowMs = Date.now()): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const key of await cache.keys()) {
    const received = Number((await cache.match(key))?.headers.get(RECEIVED));
    if (!(nowMs - received < KEPT_MS)) await cache.delete(key);
  }
}
