/**
 * What was opened lately, so that it can be opened again with one click. Handles and addresses are kept as they are; files that came
 * without a handle are copied, up to a quota, the least recently used copies making room for new ones. Nothing leaves the browser.
 *
 * Storage may be closed (private windows, blocked site data): the list then lasts as long as the page, and `storage` says so.
 */
import type { FileEntry } from '../../share/protocol/engine.ts';
import type { OpenDocument } from '../app/open-job.ts';
import type { FileCopies } from './file-copies.ts';
import { areSameHandles, arePermitted, filesOfHandles, permit } from './file-handles.ts';
import { copiedBytes, sizeOf, type AbsenceReason, type KnownFile, type RecentEntry, type RecentOrigin } from './recent-entry.ts';
import type { RecentsDatabase } from './recents-database.ts';
import { RecentsError } from './recents-error.ts';

const MIB = 1024 * 1024;

export interface RecentsLimits {
  /** Of all copies together; 0 keeps none. */
  readonly totalBytes: number;
  readonly fileBytes: number;
}

export const DEFAULT_LIMITS: RecentsLimits = { totalBytes: 256 * MIB, fileBytes: 100 * MIB };
/** A folder of more files is not copied: each costs time to write, and another to read. */
const MAX_COPIED_FILES = 1000;
/** Older entries are forgotten. */
const MAX_ENTRIES = 40;

/** What an entry gives when it is opened again. */
export type ReopenedThing =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'files';
      readonly files: readonly FileEntry[];
      readonly root: string | undefined;
      readonly handles: readonly FileSystemHandle[];
    };

/** @fires change the list, or what is known of the storage, changed */
export class RecentsStore extends EventTarget {
  limits = DEFAULT_LIMITS;
  storage: 'open' | 'denied' = 'open';

  #database: RecentsDatabase;
  #copies: FileCopies;
  #now: () => number;
  #entries: readonly RecentEntry[] = [];
  /** One change after another: each counts the bytes that the one before left. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(database: RecentsDatabase, copies: FileCopies, now: () => number = Date.now) {
    super();
    this.#database = database;
    this.#copies = copies;
    this.#now = now;
  }

  /** Newest first. */
  get entries(): readonly RecentEntry[] {
    return this.#entries;
  }

  /** Bytes of all copies. */
  get usedBytes(): number {
    return this.#entries.reduce((sum, entry) => sum + copiedBytes(entry), 0);
  }

  find(id: string): RecentEntry | undefined {
    return this.#entries.find((entry) => entry.id === id);
  }

  /** Reads the list; other windows may have changed it. */
  refresh(): Promise<void> {
    return this.#enqueue(async () => {
      try {
        const stored = await this.#database.all();
        // Entries that could not be stored live on in this page.
        const unstored = this.storage === 'denied' ? this.#entries : [];
        this.#setEntries([...stored, ...unstored.filter(({ id }) => stored.every((entry) => entry.id !== id))]);
      } catch {
        this.#deny();
      }
    });
  }

  /** Deletes copies that no entry knows, left over where a visit ended in the middle of a change. */
  sweep(): Promise<void> {
    return this.#enqueue(async () => {
      try {
        const known = new Set((await this.#database.all()).map(({ id }) => id));
        for (const id of await this.#copies.ids()) if (!known.has(id)) await this.#copies.delete(id);
      } catch {
        // What cannot be read holds no copies of ours.
      }
    });
  }

  /** Puts it first in the list, in place of an entry for the same thing. */
  remember(opened: OpenDocument): Promise<RecentEntry> {
    return this.#enqueue(async () => {
      const known = await this.#findSame(opened);
      const id = known?.id ?? makeId();
      const base = {
        id,
        name: opened.name,
        openedMs: this.#now(),
        ...(known?.thumbnail === undefined ? {} : { thumbnail: known.thumbnail }),
      };
      if (opened.kind === 'url') return this.#put({ ...base, origin: { kind: 'url', url: opened.url } });
      const files = opened.files.map(knownFile);
      const found = { ...base, root: opened.root, sizeBytes: sizeOf(files) };
      if (opened.handles.length > 0) return this.#put({ ...found, origin: { kind: 'handles', handles: opened.handles } });
      if (known?.origin.kind === 'copy') return this.#put({ ...found, origin: known.origin });
      // Stored before the copy is made: a copy without an entry would be swept away by another window.
      await this.#put({ ...found, origin: { kind: 'absent', files, reason: 'not-kept' } });
      return this.#put({ ...found, origin: await this.#copy(id, opened.files, files) });
    });
  }

  setThumbnail(id: string, thumbnail: Blob): Promise<void> {
    return this.#enqueue(async () => {
      const entry = this.find(id);
      if (entry !== undefined) await this.#put({ ...entry, thumbnail });
    });
  }

  /** Whether it can be opened without asking anybody. */
  async isSilent(id: string): Promise<boolean> {
    const origin = this.find(id)?.origin;
    if (origin === undefined || origin.kind === 'absent') return false;
    return origin.kind !== 'handles' || arePermitted(origin.handles).catch(() => false);
  }

  /** Asks for what is needed to open these, within the user's gesture that wants it. */
  async permit(entries: readonly RecentEntry[]): Promise<void> {
    for (const { origin } of entries) if (origin.kind === 'handles') await permit(origin.handles);
  }

  /**
   * What an entry stands for, read again.
   *
   * @throws RecentsError where it is not there any more, or may not be read
   */
  async reopen({ id, name, root, origin }: RecentEntry): Promise<ReopenedThing> {
    switch (origin.kind) {
      case 'url':
        return { kind: 'url', url: origin.url };
      case 'handles':
        await permit(origin.handles);
        return { kind: 'files', files: await filesOfHandles(origin.handles), root, handles: origin.handles };
      case 'copy':
        try {
          return { kind: 'files', files: await this.#copies.read(id, origin.files), root, handles: [] };
        } catch (error) {
          throw new RecentsError(`The browser no longer has its copy of ${name}. Open the file again`, 'copy-gone', { cause: error });
        }
      case 'absent':
        throw new RecentsError(`${name} was not kept: ${absenceText(origin.reason, this.limits)}. Open the file again`, 'not-kept');
    }
  }

  forget(id: string): Promise<void> {
    return this.#enqueue(() => this.#remove(id));
  }

  forgetAll(): Promise<void> {
    return this.#enqueue(async () => {
      for (const { id } of this.#entries) await this.#remove(id);
    });
  }

  /** Other limits: copies beyond them are deleted at once, the least recently used first. */
  setLimits(limits: RecentsLimits): Promise<void> {
    return this.#enqueue(async () => {
      this.limits = limits;
      await this.#makeRoom(0);
      this.#announce();
    });
  }

  async #copy(id: string, files: readonly FileEntry[], known: readonly KnownFile[]): Promise<RecentOrigin> {
    const absent = (reason: AbsenceReason): RecentOrigin => ({ kind: 'absent', files: known, reason });
    const { totalBytes, fileBytes } = this.limits;
    const neededBytes = sizeOf(known);
    if (totalBytes === 0) return absent('not-kept');
    if (known.length > MAX_COPIED_FILES) return absent('too-many-files');
    if (known.some(({ sizeBytes }) => sizeBytes > fileBytes)) return absent('file-too-large');
    if (neededBytes > totalBytes) return absent('quota');
    await this.#makeRoom(neededBytes);
    for (;;) {
      try {
        await this.#copies.write(id, files);
        return { kind: 'copy', files: known };
      } catch (error) {
        const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
        if (!isFull) return absent('storage-denied');
        // The browser gives less than our own quota: older copies go until this one fits, or none is left.
        if (!(await this.#evictOldest())) return absent('storage-full');
      }
    }
  }

  async #makeRoom(neededBytes: number): Promise<void> {
    while (this.usedBytes + neededBytes > this.limits.totalBytes) if (!(await this.#evictOldest())) return;
  }

  /** Deletes the copy that was not used for longest; its entry stays and says so. */
  async #evictOldest(): Promise<boolean> {
    const oldest = this.#entries.findLast(({ origin }) => origin.kind === 'copy');
    if (oldest?.origin.kind !== 'copy') return false;
    await this.#copies.delete(oldest.id).catch(() => undefined);
    await this.#put({ ...oldest, origin: { kind: 'absent', files: oldest.origin.files, reason: 'evicted' } });
    return true;
  }

  async #findSame(opened: OpenDocument): Promise<RecentEntry | undefined> {
    for (const entry of this.#entries) {
      const { origin } = entry;
      if (opened.kind === 'url') {
        if (origin.kind === 'url' && origin.url === opened.url) return entry;
      } else if (opened.handles.length > 0) {
        if (origin.kind === 'handles' && (await areSameHandles(origin.handles, opened.handles).catch(() => false))) return entry;
      } else if (origin.kind === 'copy' || origin.kind === 'absent') {
        if (fingerprintOf(origin.files) === fingerprintOf(opened.files.map(knownFile))) return entry;
      }
    }
    return undefined;
  }

  async #put(entry: RecentEntry): Promise<RecentEntry> {
    this.#setEntries([entry, ...this.#entries.filter(({ id }) => id !== entry.id)]);
    for (const { id } of this.#entries.slice(MAX_ENTRIES)) await this.#remove(id);
    try {
      await this.#database.put(entry);
    } catch {
      this.#deny();
    }
    return entry;
  }

  async #remove(id: string): Promise<void> {
    const entry = this.find(id);
    this.#setEntries(this.#entries.filter((other) => other.id !== id));
    if (entry?.origin.kind === 'copy') await this.#copies.delete(id).catch(() => undefined);
    await this.#database.delete(id).catch(() => this.#deny());
  }

  #setEntries(entries: readonly RecentEntry[]): void {
    this.#entries = entries.toSorted((a, b) => b.openedMs - a.openedMs);
    this.#announce();
  }

  #deny(): void {
    if (this.storage === 'denied') return;
    this.storage = 'denied';
    this.#announce();
  }

  #announce(): void {
    this.dispatchEvent(new Event('change'));
  }

  #enqueue<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** Why a file cannot be opened from the list. */
export function absenceText(reason: AbsenceReason, limits: RecentsLimits): string {
  switch (reason) {
    case 'file-too-large':
      return `a file is larger than ${mib(limits.fileBytes)}`;
    case 'too-many-files':
      return `it has more than ${MAX_COPIED_FILES.toLocaleString('en')} files`;
    case 'quota':
      return `its files are larger than the ${mib(limits.totalBytes)} for copies`;
    case 'evicted':
      return 'its copy made room for newer ones';
    case 'storage-full':
      return "the browser's storage is full";
    case 'storage-denied':
      return 'the browser lets this page store nothing';
    case 'not-kept':
      return 'no copy was made';
  }
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

function knownFile({ path, file }: FileEntry): KnownFile {
  return { path, sizeBytes: file.size, lastModifiedMs: file.lastModified };
}

function fingerprintOf(files: readonly KnownFile[]): string {
  const lines = files.map(({ path, sizeBytes, lastModifiedMs }) => JSON.stringify([path, sizeBytes, lastModifiedMs]));
  return lines.toSorted((a, b) => (a < b ? -1 : 1)).join('\n');
}

/** Also a folder's name in the private file system. */
function makeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
