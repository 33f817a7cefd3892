/** The page's one list of recents, with everything it needs fetched at its first use. */
import type { RecentsStore } from './recents-store.ts';

let store: Promise<RecentsStore> | undefined;

export function loadRecents(): Promise<RecentsStore> {
  store ??= startStore();
  return store;
}

async function startStore(): Promise<RecentsStore> {
  const { openRecents } = await import('./open-recents.ts');
  return openRecents();
}
