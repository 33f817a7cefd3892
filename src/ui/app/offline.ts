/** The page without a network: its service worker, and the notice of new versions that comes with it. */
import { appCachePrefix, SERVICE_WORKER, type ServiceRequest } from '../../share/protocol/service.ts';
import { UsdUpdateNotice } from '../elements/usd-update-notice.ts';

/** A page that was seen for so long is used: parts that few visits need may come. */
const RESTING_MS = 20_000;

/**
 * Registers the service worker. Nothing of the page waits for it, and where there is none the page needs a network.
 *
 * @param script address of the page's entry
 */
export async function startOffline(script: string): Promise<void> {
  if (!mayServe()) return;
  if (new URLSearchParams(location.search).get('sw') === '0') {
    await forget();
    return;
  }
  // Browsers and hosts that refuse it (private windows, a missing file) leave a page that works as long as there is a network.
  const registration = await navigator.serviceWorker.register(SERVICE_WORKER, { updateViaCache: 'none' }).catch(() => undefined);
  if (registration !== undefined) document.body.append(new UsdUpdateNotice(registration));
  // The notice hears the answer.
  navigator.serviceWorker.controller?.postMessage({ kind: 'started', script } satisfies ServiceRequest);
  // The first version of all takes over meanwhile.
  setTimeout(() => navigator.serviceWorker.controller?.postMessage({ kind: 'resting' } satisfies ServiceRequest), RESTING_MS);
}

/** Frames have no share in it: their storage is another one, or, in a sandbox, none at all. */
function mayServe(): boolean {
  return import.meta.env.PROD && isSecureContext && origin !== 'null' && window.top === window && 'serviceWorker' in navigator;
}

/** `?sw=0`: the way back to a page that comes from the network. */
async function forget(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration === undefined) return;
  await registration.unregister();
  const prefix = appCachePrefix(registration.scope);
  for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
}
