/** What was open, for the next visit: kept by the one window that came first, as long as it lives. */

/** One tab: an address or an entry of the recents, and what was seen of it. */
export interface SessionTab {
  readonly name: string;
  readonly url?: string;
  /** Id of an entry of the recents. */
  readonly recent?: string;
  /** A query, as links have it. */
  readonly view: string;
}

export interface Session {
  readonly tabs: readonly SessionTab[];
  /** Index of the tab that was seen. */
  readonly active: number;
}

const KEY = 'proscenium-session';
/** More tabs than anybody had. */
const MAX_TABS = 100;

/** The last session; undefined without one, or where storage is closed. Synchronous and small: a first visit waits for nothing. */
export function readSession(): Session | undefined {
  try {
    return sessionOf(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return undefined;
  }
}

/** Keeps a session, or forgets it when it has no tabs. Where storage is closed there is none to restore. */
export function writeSession(session: Session): void {
  try {
    if (session.tabs.length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Nothing to tell: the page works as in a first visit.
  }
}

/** Whether this window keeps the session; it does so until it is closed. Others of the same browser then do not. */
export function claimSession(): Promise<boolean> {
  // Only secure pages have locks; without them windows overwrite each other, and the last one counts.
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(KEY, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => undefined);
      })
      .catch(() => resolve(false));
  });
}

function sessionOf(value: unknown): Session | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { tabs, active } = value as Partial<Session>;
  if (!Array.isArray(tabs)) return undefined;
  const kept = (tabs as unknown[]).filter(isTab).slice(0, MAX_TABS);
  if (kept.length === 0) return undefined;
  return { tabs: kept, active: typeof active === 'number' && kept[active] !== undefined ? active : 0 };
}

function isTab(value: unknown): value is SessionTab {
  if (typeof value !== 'object' || value === null) return false;
  const { name, url, recent, view } = value as Partial<Record<keyof SessionTab, unknown>>;
  return typeof name === 'string' && typeof view === 'string' && (typeof url === 'string' || typeof recent === 'string');
}
