/** A pause is waited for so long. */
const TIMEOUT_MS = 3000;

/** Resolves when the page has nothing better to do. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: TIMEOUT_MS });
    else setTimeout(resolve, TIMEOUT_MS / 4);
  });
}
