import { describe, expect, test } from 'vitest';
import type { FileEntry } from '../../share/protocol/engine.ts';
import type { FileCopies } from './file-copies.ts';
import type { KnownFile, RecentEntry } from './recent-entry.ts';
import type { RecentsDatabase } from './recents-database.ts';
import type { OpenDocument } from '../app/open-job.ts';
import { RecentsStore } from './recents-store.ts';

/** A list that outlives the store, as a browser's does; or one that throws, as a private window's. */
class FakeDatabase implements RecentsDatabase {
  readonly entries = new Map<string, RecentEntry>();
  isClosed = false;

  async all(): Promise<readonly RecentEntry[]> {
    this.#check();
    return [...this.entries.values()];
  }

  async put(entry: RecentEntry): Promise<void> {
    this.#check();
    this.entries.set(entry.id, entry);
  }

  async delete(id: string): Promise<void> {
    this.#check();
    this.entries.delete(id);
  }

  #check(): void {
    if (this.isClosed) throw new DOMException('closed', 'InvalidStateError');
  }
}

class FakeCopies implements FileCopies {
  readonly folders = new Map<string, readonly FileEntry[]>();
  /** The browser's own limit. */
  roomBytes = Infinity;
  failure: DOMException | undefined;

  async write(id: string, files: readonly FileEntry[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const bytes = [...this.folders.values(), files].flat().reduce((sum, { file }) => sum + file.size, 0);
    if (bytes > this.roomBytes) throw new DOMException('full', 'QuotaExceededError');
    this.folders.set(id, files);
  }

  async read(id: string, _files: readonly KnownFile[]): Promise<readonly FileEntry[]> {
    const files = this.folders.get(id);
    if (files === undefined) throw new DOMException('gone', 'NotFoundError');
    return files;
  }

  async delete(id: string): Promise<void> {
    this.folders.delete(id);
  }

  async ids(): Promise<readonly string[]> {
    return [...this.folders.keys()];
  }
}

/** A file on a disk that the browser may have to ask for. */
class FakeHandle {
  readonly kind = 'file';
  readonly name: string;
  state: PermissionState = 'granted';
  answer: PermissionState = 'granted';
  isGone = false;
  #place: string;

  constructor(place: string) {
    this.#place = place;
    this.name = place.slice(place.lastIndexOf('/') + 1);
  }

  async isSameEntry(other: FakeHandle): Promise<boolean> {
    return other.#place === this.#place;
  }

  async queryPermission(): Promise<PermissionState> {
    return this.state;
  }

  async requestPermission(): Promise<PermissionState> {
    this.state = this.answer;
    return this.state;
  }

  async getFile(): Promise<File> {
    if (this.isGone) throw new DOMException('gone', 'NotFoundError');
    return new File(['#usda 1.0\n'], this.name);
  }
}

function handleAt(place: string): FakeHandle & FileSystemFileHandle {
  return new FakeHandle(place) as FakeHandle & FileSystemFileHandle;
}

function fileOf(path: string, sizeBytes: number): FileEntry {
  return { path, file: new File([new Uint8Array(sizeBytes)], path, { lastModified: 1 }) };
}

/** A file without a handle. */
function dropped(name: string, sizeBytes: number): OpenDocument {
  return { kind: 'files', name, files: [fileOf(name, sizeBytes)], root: name, handles: [] };
}

function picked(handle: FileSystemHandle): OpenDocument {
  return { kind: 'files', name: handle.name, files: [fileOf(handle.name, 5)], root: handle.name, handles: [handle] };
}

function setUp(limits = { totalBytes: 100, fileBytes: 60 }): { store: RecentsStore; database: FakeDatabase; copies: FakeCopies } {
  const database = new FakeDatabase();
  const copies = new FakeCopies();
  let clock = 0;
  const store = new RecentsStore(database, copies, () => ++clock);
  store.limits = limits;
  return { store, database, copies };
}

const namesOf = (store: RecentsStore): string[] => store.entries.map(({ name }) => name);
const originsOf = (store: RecentsStore): string[] =>
  store.entries.map(({ name, origin }) => `${name} ${origin.kind === 'absent' ? origin.reason : origin.kind}`);

describe('the list', () => {
  test('has the newest first, and what is opened again once, with its picture', async () => {
    const { store, database } = setUp();
    const first = await store.remember({ kind: 'url', name: 'a.usdz', url: 'https://example.org/a.usdz' });
    await store.setThumbnail(first.id, new Blob(['picture']));
    await store.remember(dropped('b.usda', 10));
    await store.remember({ kind: 'url', name: 'a.usdz', url: 'https://example.org/a.usdz' });
    expect(namesOf(store)).toEqual(['a.usdz', 'b.usda']);
    expect(await store.entries[0]?.thumbnail?.text()).toBe('picture');
    expect(database.entries.size).toBe(2);
  });

  test('is read again by the next visit', async () => {
    const { store, database, copies } = setUp();
    await store.remember(dropped('a.usda', 10));
    await store.remember(dropped('b.usda', 10));
    const next = new RecentsStore(database, copies);
    await next.refresh();
    expect(namesOf(next)).toEqual(['b.usda', 'a.usda']);
  });

  test('knows a file by its handle, wherever it was picked', async () => {
    const { store } = setUp();
    await store.remember(picked(handleAt('/models/chair.usdz')));
    await store.remember(picked(handleAt('/old/chair.usdz')));
    await store.remember(picked(handleAt('/models/chair.usdz')));
    expect(originsOf(store)).toEqual(['chair.usdz handles', 'chair.usdz handles']);
  });

  test('forgets what was not opened for long', async () => {
    const { store, database } = setUp();
    for (let i = 0; i < 45; i++) await store.remember({ kind: 'url', name: `${i}`, url: `https://example.org/${i}` });
    expect(namesOf(store)).toHaveLength(40);
    expect(namesOf(store)).not.toContain('4');
    expect(database.entries.size).toBe(40);
  });

  test('forgets one entry, or all, with their copies', async () => {
    const { store, database, copies } = setUp();
    const { id } = await store.remember(dropped('a.usda', 10));
    await store.remember(dropped('b.usda', 10));
    await store.remember(picked(handleAt('/c.usda')));
    await store.forget(id);
    expect(namesOf(store)).toEqual(['c.usda', 'b.usda']);
    expect(copies.folders.has(id)).toBe(false);
    await store.forgetAll();
    expect([store.entries.length, database.entries.size, copies.folders.size]).toEqual([0, 0, 0]);
  });

  test('lasts as long as the page where the database is closed, and says so', async () => {
    const { store, database } = setUp();
    database.isClosed = true;
    let changes = 0;
    store.addEventListener('change', () => changes++);
    await store.refresh();
    expect(store.storage).toBe('denied');
    await store.remember({ kind: 'url', name: 'a', url: 'https://example.org/a' });
    await store.refresh();
    expect(namesOf(store)).toEqual(['a']);
    expect(changes).toBeGreaterThan(1);
  });
});

describe('copies', () => {
  test('are made of files without handles only', async () => {
    const { store, copies } = setUp();
    const { id } = await store.remember(dropped('a.usda', 10));
    await store.remember(picked(handleAt('/b.usda')));
    expect([...copies.folders.keys()]).toEqual([id]);
    expect(store.usedBytes).toBe(10);
  });

  test('are made once of the same file', async () => {
    const { store, copies } = setUp();
    await store.remember(dropped('a.usda', 10));
    copies.failure = new DOMException('not again', 'InvalidStateError');
    await store.remember(dropped('a.usda', 10));
    expect(originsOf(store)).toEqual(['a.usda copy']);
  });

  test('make room for newer ones, the least recently used first', async () => {
    const { store, copies } = setUp();
    await store.remember(dropped('a', 40));
    await store.remember(dropped('b', 40));
    await store.remember(dropped('a', 40));
    await store.remember(dropped('c', 40));
    expect(originsOf(store)).toEqual(['c copy', 'a copy', 'b evicted']);
    expect(store.usedBytes).toBe(80);
    expect(copies.folders.size).toBe(2);
  });

  test('are not made of files over the limits, which evict nothing', async () => {
    const { store } = setUp();
    await store.remember(dropped('kept', 50));
    await store.remember(dropped('large', 61));
    const parts = [fileOf('set/a', 55), fileOf('set/b', 55)];
    await store.remember({ kind: 'files', name: 'set', files: parts, root: 'set/a', handles: [] });
    expect(originsOf(store)).toEqual(['set quota', 'large file-too-large', 'kept copy']);
  });

  test('make room also where the browser gives less than the limit', async () => {
    const { store, copies } = setUp();
    copies.roomBytes = 50;
    await store.remember(dropped('a', 30));
    await store.remember(dropped('b', 30));
    expect(originsOf(store)).toEqual(['b copy', 'a evicted']);
    await store.remember(dropped('c', 60));
    expect(originsOf(store)).toEqual(['c storage-full', 'b evicted', 'a evicted']);
  });

  test('of a browser that stores nothing are none', async () => {
    const { store, copies } = setUp();
    copies.failure = new DOMException('denied', 'SecurityError');
    await store.remember(dropped('a', 30));
    expect(originsOf(store)).toEqual(['a storage-denied']);
  });

  test('shrink at once with their limit; none are kept at 0', async () => {
    const { store } = setUp();
    await store.remember(dropped('a', 40));
    await store.remember(dropped('b', 40));
    await store.setLimits({ totalBytes: 50, fileBytes: 60 });
    expect(originsOf(store)).toEqual(['b copy', 'a evicted']);
    await store.setLimits({ totalBytes: 0, fileBytes: 60 });
    await store.remember(dropped('c', 1));
    expect(originsOf(store)).toEqual(['c not-kept', 'b evicted', 'a evicted']);
  });

  test('that no entry knows are swept away', async () => {
    const { store, copies } = setUp();
    const { id } = await store.remember(dropped('a', 10));
    copies.folders.set('left-over', []);
    await store.sweep();
    expect([...copies.folders.keys()]).toEqual([id]);
  });

  test('count one after another, however fast files come', async () => {
    const { store } = setUp();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.remember(dropped(name, 40))));
    expect(store.usedBytes).toBe(80);
    expect(originsOf(store)).toEqual(['d copy', 'c copy', 'b evicted', 'a evicted']);
  });
});

describe('opening again', () => {
  test('gives the copy, its root and its paths', async () => {
    const { store } = setUp();
    const files = [fileOf('set/scene.usda', 5), fileOf('set/part.usda', 5)];
    const entry = await store.remember({ kind: 'files', name: 'scene.usda', files, root: 'set/scene.usda', handles: [] });
    const reopened = await store.reopen(entry);
    expect(reopened).toMatchObject({
      kind: 'files',
      root: 'set/scene.usda',
      files: [{ path: 'set/scene.usda' }, { path: 'set/part.usda' }],
    });
  });

  test('asks for a handle that is not permitted, and only for that', async () => {
    const { store } = setUp();
    const handle = handleAt('/a.usda');
    const entry = await store.remember(picked(handle));
    expect(await store.isSilent(entry.id)).toBe(true);
    handle.state = 'prompt';
    expect(await store.isSilent(entry.id)).toBe(false);
    expect(await store.reopen(entry)).toMatchObject({ files: [{ path: 'a.usda' }], handles: [handle] });
    expect(handle.state).toBe('granted');
  });

  test.each([
    [
      'permission-denied',
      (handle: FakeHandle) => Object.assign(handle, { state: 'prompt', answer: 'denied' }),
      'not allowed to read a.usda',
    ],
    ['file-gone', (handle: FakeHandle) => Object.assign(handle, { isGone: true }), 'a.usda is no longer where it was'],
  ])('says %s in plain words', async (reason, spoil, words) => {
    const { store } = setUp();
    const handle = handleAt('/a.usda');
    const entry = await store.remember(picked(handle));
    spoil(handle);
    await expect(store.reopen(entry)).rejects.toMatchObject({ name: 'RecentsError', reason });
    await expect(store.reopen(entry)).rejects.toThrow(words);
  });

  test('says that a copy is gone, or was never made', async () => {
    const { store, copies } = setUp();
    const entry = await store.remember(dropped('a.usda', 10));
    copies.folders.clear();
    await expect(store.reopen(entry)).rejects.toMatchObject({ reason: 'copy-gone' });
    const large = await store.remember(dropped('large.usdz', 61));
    expect(await store.isSilent(large.id)).toBe(false);
    await expect(store.reopen(large)).rejects.toThrow('large.usdz was not kept: a file is larger than');
  });
});
