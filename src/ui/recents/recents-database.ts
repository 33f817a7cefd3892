/** The list of recents in IndexedDB, one record an entry. Handles and pictures are stored as they are. */
import { createStore, del, set, values, type UseStore } from 'idb-keyval';
import type { RecentEntry } from './recent-entry.ts';

/** What the recents need of a database; tests hand in one of their own. */
export interface RecentsDatabase {
  all(): Promise<readonly RecentEntry[]>;
  put(entry: RecentEntry): Promise<void>;
  delete(id: string): Promise<void>;
}

export class StoredRecents implements RecentsDatabase {
  #store: UseStore | undefined;

  async all(): Promise<readonly RecentEntry[]> {
    return (await values<unknown>(this.#open())).filter(isEntry);
  }

  async put(entry: RecentEntry): Promise<void> {
    await set(entry.id, entry, this.#open());
  }

  async delete(id: string): Promise<void> {
    await del(id, this.#open());
  }

  /** A database of its own: idb-keyval keeps one store in each. */
  #open(): UseStore {
    this.#store ??= createStore('proscenium-recents', 'entries');
    return this.#store;
  }
}

/** A later version of the page may have written something else. */
function isEntry(value: unknown): value is RecentEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, openedMs, origin } = value as Partial<RecentEntry>;
  return typeof id === 'string' && typeof name === 'string' && typeof openedMs === 'number' && typeof origin?.kind === 'string';
}
