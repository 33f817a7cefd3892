/**
 * The service worker: the app without a network, files shared with it, isolation on hosts without headers. It answers for the app's page
 * and its files only; pages beside it (embed.html, the documentation) and models go their own way.
 *
 * `?sw=0` asks the network for the page first, `?coi=0` leaves out isolation.
 */
import type { PrecacheEntry } from 'workbox-precaching/_types.js';
import { isServiceRequest, type ServiceEvent, type ServiceRequest } from '../../share/protocol/service.ts';
import { SHARE_TARGET } from '../../share/protocol/shared-files.ts';
import { AppCache } from './app-cache.ts';
import { forIsolatedPages, withIsolation } from './isolation.ts';
import { receiveShare } from './share-target.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly PrecacheEntry[] };

const { scope } = self.registration;
const app = new AppCache(scope, self.__WB_MANIFEST);

self.addEventListener('install', (event) => event.waitUntil(app.install(event)));

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      await app.activate(windows.map(({ id }) => id));
      // The page that installed the first version is served from here on, so that what it loads later is there without a network.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (!isServiceRequest(event.data)) return;
  event.waitUntil(obey(event.data, event.source));
});

async function obey(request: ServiceRequest, page: ExtendableMessageEvent['source']): Promise<void> {
  switch (request.kind) {
    case 'skipWaiting':
      await self.skipWaiting();
      break;
    case 'started':
      if (await app.started(request.script)) page?.postMessage({ kind: 'fellBack' } satisfies ServiceEvent);
      break;
    case 'resting':
      await app.keepLater();
      break;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.href === `${scope}${SHARE_TARGET}`) event.respondWith(receiveShare(request, scope));
  else if (request.method !== 'GET' || !url.href.startsWith(scope)) return;
  else if (request.mode === 'navigate') {
    if (!isAppPage(url)) return;
    event.respondWith(answerPage(request, url.searchParams));
    event.waitUntil(tidy());
  } else if (app.has(url.href)) event.respondWith(answerFile(request));
});

function isAppPage({ origin, pathname }: URL): boolean {
  return `${origin}${pathname}` === scope || `${origin}${pathname}` === `${scope}index.html`;
}

async function answerPage(request: Request, query: URLSearchParams): Promise<Response> {
  if (query.get('sw') === '0') {
    const fresh = await fetch(request).catch(() => undefined);
    if (fresh !== undefined) return fresh;
  }
  const page = await app.page();
  return page === undefined ? fetch(request) : withIsolation(page, query.get('coi') !== '0');
}

async function answerFile(request: Request): Promise<Response> {
  const file = await app.file(request);
  return request.destination === 'worker' && file.ok ? forIsolatedPages(file) : file;
}

/** Versions before this one are given up when nobody uses them; not while a version after it comes. */
async function tidy(): Promise<void> {
  if (self.registration.installing !== null || self.registration.waiting !== null) return;
  await app.tidy(async (id) => (await self.clients.get(id)) !== undefined);
}
