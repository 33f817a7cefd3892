import { sharedPreferences } from '../app/preferences.ts';
import { PrivateFileCopies } from './file-copies.ts';
import { StoredRecents } from './recents-database.ts';
import { DEFAULT_LIMITS, RecentsStore } from './recents-store.ts';

/** The recents of this browser, their list read, within the room that the preferences give them. */
export async function openRecents(): Promise<RecentsStore> {
  const store = new RecentsStore(new StoredRecents(), new PrivateFileCopies());
  await store.refresh();
  const applyLimits = (): void => {
    const totalBytes = sharedPreferences.current.recentsBytes;
    if (totalBytes !== store.limits.totalBytes) void store.setLimits({ ...DEFAULT_LIMITS, totalBytes });
  };
  sharedPreferences.addEventListener('change', applyLimits);
  applyLimits();
  void store.sweep();
  return store;
}
