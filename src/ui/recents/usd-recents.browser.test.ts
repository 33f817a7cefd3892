import { afterEach, beforeEach, expect, test } from 'vitest';
import '../elements/usd-welcome.ts';
import { PrivateFileCopies } from './file-copies.ts';
import { StoredRecents } from './recents-database.ts';
import { DEFAULT_LIMITS, RecentsStore } from './recents-store.ts';
import './usd-recents-dialog.ts';
import type { UsdRecents } from './usd-recents.ts';

const MIB = 1024 * 1024;
const database = new StoredRecents();
const copies = new PrivateFileCopies();

beforeEach(async () => {
  for (const { id } of await database.all()) await database.delete(id);
  for (const id of await copies.ids()) await copies.delete(id);
});
afterEach(() => document.body.replaceChildren());

async function makeStore(...names: string[]): Promise<RecentsStore> {
  const store = new RecentsStore(database, copies);
  for (const name of names) {
    const file = new File([`#usda 1.0\n# ${name}\n`], name, { lastModified: 1 });
    await store.remember({ kind: 'files', name, files: [{ path: name, file }], root: name, handles: [] });
  }
  return store;
}

function listIn(root: ParentNode): UsdRecents {
  return root.querySelector('usd-recents')!;
}

const textsOf = (list: UsdRecents): string[] => [...list.renderRoot.querySelectorAll('b')].map((name) => name.textContent);

function buttonNamed(root: ParentNode, name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    (button) => (button.getAttribute('aria-label') ?? button.textContent.trim()) === name,
  );
  if (found === undefined) throw new Error(`no button ${name}`);
  return found;
}

test('a copy in the private file system is the file it was, in the next visit too', async () => {
  await makeStore('a.usda');
  const next = new RecentsStore(database, copies);
  await next.refresh();
  const reopened = await next.reopen(next.entries[0]!);
  if (reopened.kind !== 'files') throw new Error(reopened.kind);
  const [entry] = reopened.files;
  expect(entry?.path).toBe('a.usda');
  expect(entry?.file.name).toBe('a.usda');
  expect(await entry?.file.text()).toBe('#usda 1.0\n# a.usda\n');
  await next.forgetAll();
  expect(await copies.ids()).toEqual([]);
  expect(await database.all()).toEqual([]);
});

test('the card of an empty window shows them, and tells which one is wanted and where', async () => {
  const store = await makeStore('a.usda', 'b.usda');
  const welcome = document.createElement('usd-welcome');
  welcome.recents = store;
  document.body.append(welcome);
  await welcome.updateComplete;
  const list = listIn(welcome.renderRoot);
  await list.updateComplete;
  expect(textsOf(list)).toEqual(['b.usda', 'a.usda']);
  const heard: unknown[] = [];
  document.body.addEventListener('usd-recent', (event) => heard.push([event.detail.name, event.detail.isForNewTab]));
  const [first] = list.renderRoot.querySelectorAll<HTMLElement>('.entry');
  first?.click();
  first?.dispatchEvent(new MouseEvent('click', { altKey: true, bubbles: true }));
  first?.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true }));
  expect(heard).toEqual([
    ['b.usda', false],
    ['b.usda', true],
    ['b.usda', true],
  ]);
});

test('without recents the card has no list', async () => {
  const welcome = document.createElement('usd-welcome');
  welcome.recents = await makeStore();
  document.body.append(welcome);
  await welcome.updateComplete;
  expect(welcome.renderRoot.querySelector('usd-recents')).toBeNull();
});

test('entries have their picture, and can be forgotten one by one', async () => {
  const store = await makeStore('a.usda', 'b.usda');
  const picture = await blackPicture().convertToBlob({ type: 'image/png' });
  await store.setThumbnail(store.entries[1]!.id, picture);
  const list = document.createElement('usd-recents');
  list.store = store;
  document.body.append(list);
  await list.updateComplete;
  const image = list.renderRoot.querySelector('img');
  await expect.poll(() => image?.naturalWidth).toBe(16);
  buttonNamed(list.renderRoot, 'Forget b.usda').click();
  await expect.poll(() => textsOf(list)).toEqual(['a.usda']);
  expect(await copies.ids()).toHaveLength(1);
});

test('what could not be kept says why', async () => {
  const store = await makeStore();
  store.limits = { totalBytes: 10, fileBytes: 100 * MIB };
  const file = new File(['#usda 1.0, and more than ten bytes'], 'large.usda');
  await store.remember({ kind: 'files', name: 'large.usda', files: [{ path: 'large.usda', file }], root: 'large.usda', handles: [] });
  const list = document.createElement('usd-recents');
  list.store = store;
  document.body.append(list);
  await list.updateComplete;
  expect(list.renderRoot.querySelector('.facts')?.textContent).toContain('Not kept: its files are larger than');
});

test('the dialog shows all, what they take and may take, and forgets all', async () => {
  const store = await makeStore('a.usda', 'b.usda');
  const dialog = document.createElement('usd-recents-dialog');
  dialog.store = store;
  dialog.copiesBytes = DEFAULT_LIMITS.totalBytes;
  document.body.append(dialog);
  await dialog.updateComplete;
  expect(dialog.renderRoot.querySelector('dialog')?.open).toBe(true);
  const select = dialog.renderRoot.querySelector('select')!;
  expect(select.selectedOptions[0]?.textContent).toBe('256 MiB');
  let chosen = -1;
  dialog.addEventListener('usd-recents-bytes', (event) => (chosen = event.detail.bytes));
  select.value = '0';
  select.dispatchEvent(new Event('change'));
  expect(chosen).toBe(0);
  buttonNamed(dialog.renderRoot, 'Forget all').click();
  await expect.poll(() => dialog.renderRoot.querySelector('usd-recents')).toBeNull();
  expect(store.usedBytes).toBe(0);
});

test('a browser that stores nothing is named in the dialog', async () => {
  const store = new RecentsStore(
    { all: () => Promise.reject(new Error('closed')), put: () => Promise.reject(new Error('closed')), delete: async () => undefined },
    copies,
  );
  await store.refresh();
  const dialog = document.createElement('usd-recents-dialog');
  dialog.store = store;
  document.body.append(dialog);
  await dialog.updateComplete;
  expect(dialog.renderRoot.querySelector('[role=status]')?.textContent).toContain('lets the page store nothing');
});

function blackPicture(): OffscreenCanvas {
  const canvas = new OffscreenCanvas(16, 10);
  canvas.getContext('2d')?.fillRect(0, 0, 16, 10);
  return canvas;
}
