/**
 * Cross-origin isolation, for hosts that cannot send headers. Nothing of the app needs it (decision 0003); with it, browsers give the page
 * finer clocks and a process of its own. `require-corp` rather than `credentialless`: every browser knows it, and it shuts nothing out, since the
 * page's own policy lets it load from other hosts only what it fetches with CORS.
 */
const PAGE_HEADERS = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
/** A worker is refused where its page has an embedder policy and its script has none. */
const WORKER_HEADERS = { 'cross-origin-embedder-policy': 'require-corp' };

/** The page with the headers, or without any, its host's too. */
export function withIsolation(page: Response, isWanted: boolean): Response {
  return withHeaders(page, (headers) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) {
      if (isWanted) headers.set(name, value);
      else headers.delete(name);
    }
  });
}

/** A worker's script that every page of ours may start. */
export function forIsolatedPages(script: Response): Response {
  return withHeaders(script, (headers) => {
    for (const [name, value] of Object.entries(WORKER_HEADERS)) headers.set(name, value);
  });
}

function withHeaders(response: Response, change: (headers: Headers) => void): Response {
  const headers = new Headers(response.headers);
  change(headers);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
