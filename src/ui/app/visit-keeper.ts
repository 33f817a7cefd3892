/**
 * Remembers what is open: in the recents, with a small picture, and as the session that the next visit begins with. It works in
 * the pauses, after what is open is pictured.
 */
import { loadRecents } from '../recents/load-recents.ts';
import type { RecentEntry } from '../recents/recent-entry.ts';
import type { RecentsStore } from '../recents/recents-store.ts';
import { nameOfUrl } from './address.ts';
import { queryOfView, viewOfQuery } from './link.ts';
import type { OpenDocument, OpenJob } from './open-job.ts';
import { pause } from './pause.ts';
import { writeSession, type Session, type SessionTab } from './session.ts';
import type { ShellTab, UsdShell } from './usd-shell.ts';

const PICTURE = { width: 256, height: 160 } as const;
const SAVE_PAUSE_MS = 600;

export class VisitKeeper {
  #shell: UsdShell;
  #isKeeping: boolean;
  #entries = new WeakMap<ShellTab, Promise<RecentEntry | undefined>>();
  #saving: ReturnType<typeof setTimeout> | undefined;
  /** Something of the user's was open in this visit: a window without documents then means that they were closed. */
  #hadDocuments = false;
  /** What the storage refuses is told once. */
  #isTold = false;

  /** @param isKeeping this window's documents are the next visit's session */
  constructor(shell: UsdShell, isKeeping: boolean) {
    this.#shell = shell;
    this.#isKeeping = isKeeping;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#save();
    });
    // What was opened while this was fetched.
    for (const tab of shell.tabs) {
      if (tab.app?.openDocument === undefined) continue;
      this.heard('opened', tab);
      if (tab.app.milestones.complete !== undefined) this.heard('pictured', tab);
    }
  }

  heard(what: 'opened' | 'pictured' | 'view', tab: ShellTab): void {
    if (what === 'opened') this.#entries.set(tab, this.#remember(tab));
    else if (what === 'pictured') void this.#picture(tab);
    this.#saving ??= setTimeout(() => this.#save(), SAVE_PAUSE_MS);
  }

  /**
   * Opens the tabs of a session, or offers to where the browser has to be asked first.
   *
   * @returns whether there was anything to restore
   */
  async restore(session: Session): Promise<boolean> {
    const recents = session.tabs.some(({ recent }) => recent !== undefined) ? await loadRecents() : undefined;
    const tabs = session.tabs.filter(({ recent }) => recent === undefined || recents?.find(recent) !== undefined);
    const [first] = tabs;
    if (first === undefined) return false;
    const seen = Math.max(
      0,
      tabs.findIndex((tab) => tab === session.tabs[session.active]),
    );
    const entries = tabs.flatMap(({ recent }) => (recent === undefined ? [] : (recents?.find(recent) ?? [])));
    const silent = await Promise.all(entries.map(async ({ id }) => recents?.isSilent(id)));
    const open = (): void => this.#shell.openTabs(tabs.map(jobOf), seen);
    if (!silent.includes(false)) open();
    else {
      const { name } = tabs[seen] ?? first;
      // A refusal is told by the tab that it concerns.
      const run = (): void =>
        void recents
          ?.permit(entries)
          .catch(() => undefined)
          .then(open);
      this.#shell.active.app?.say({
        text: tabs.length === 1 ? `${name} was open last time` : `${name} and ${tabs.length - 1} more were open last time`,
        actions: [{ label: 'Restore', run }],
      });
    }
    return true;
  }

  async #remember(tab: ShellTab): Promise<RecentEntry | undefined> {
    const { app } = tab;
    tab.recent = undefined;
    const opened = openedIn(tab);
    if (opened === undefined) return undefined;
    this.#hadDocuments = true;
    await pause();
    const recents = await loadRecents();
    const entry = await recents.remember(opened);
    if (app === undefined || app.openDocument === opened) tab.recent = entry.id;
    this.#tellOfStorage(recents, entry);
    this.heard('view', tab);
    return entry;
  }

  /** The picture of the list, drawn as the page's own is. */
  async #picture(tab: ShellTab): Promise<void> {
    const { app } = tab;
    const entry = await this.#entries.get(tab);
    await pause();
    if (app === undefined || entry === undefined || tab.recent !== entry.id) return;
    const picture = await app.capture({ size: PICTURE, type: 'image/webp' }).catch(() => undefined);
    if (picture !== undefined && tab.recent === entry.id) await (await loadRecents()).setThumbnail(entry.id, picture);
  }

  #tellOfStorage(recents: RecentsStore, { name, origin }: RecentEntry): void {
    if (this.#isTold) return;
    const reason = origin.kind === 'absent' ? origin.reason : undefined;
    if (reason === 'storage-full') this.#tell(`The browser's storage is full: ${name} is not kept among the recent files`);
    else if (reason === 'storage-denied' || recents.storage === 'denied') {
      this.#tell('This browser lets the page store nothing: recent files are listed until the page is closed');
    }
  }

  #tell(text: string): void {
    this.#isTold = true;
    this.#shell.active.app?.say({ text });
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    if (!this.#isKeeping) return;
    const kept = this.#shell.tabs.map((tab) => ({ tab, session: sessionTabOf(tab) }));
    const tabs = kept.flatMap(({ session }) => session ?? []);
    if (tabs.length === 0 && !this.#hadDocuments) return;
    const active = kept.filter(({ session }) => session !== undefined).findIndex(({ tab }) => tab === this.#shell.active);
    writeSession({ tabs, active: Math.max(0, active) });
  }
}

/** The user's own document of a tab; of one that waits to be shown, a single file it will open. */
function openedIn({ app, job }: ShellTab): OpenDocument | undefined {
  if (app !== undefined) return app.isSample ? undefined : app.openDocument;
  const [only] = job.kind === 'files' ? job.files : [];
  if (job.kind !== 'files' || only === undefined || job.files.length > 1) return undefined;
  return { kind: 'files', name: only.file.name, files: job.files, root: only.path, handles: job.handles };
}

function sessionTabOf({ app, job, recent }: ShellTab): SessionTab | undefined {
  const opened = app?.openDocument;
  if (app === undefined || opened === undefined) {
    // It waits, or could not be opened this time.
    const view = job.kind === 'empty' || job.view === undefined ? '' : queryOfView(job.view);
    if (job.kind === 'url') return { name: nameOfUrl(job.url), url: job.url, view };
    if (job.kind === 'recent') return { name: job.name, recent: job.id, view };
    return job.kind === 'files' && recent !== undefined ? { name: job.files[0]?.file.name ?? '', recent, view } : undefined;
  }
  if (app.isSample) return undefined;
  const view = queryOfView(app.viewState);
  if (opened.kind === 'url') return { name: opened.name, url: opened.url, view };
  return recent === undefined ? undefined : { name: opened.name, recent, view };
}

function jobOf({ name, url, recent, view }: SessionTab): OpenJob {
  const parsed = viewOfQuery(new URLSearchParams(view)).view;
  if (recent !== undefined) return { kind: 'recent', id: recent, name, view: parsed };
  return { kind: 'url', url: url ?? '', view: parsed };
}
