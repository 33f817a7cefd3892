import { clear } from 'idb-keyval';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeWorkers, type FakeWorkers } from '../../../tests/support/fake-workers.ts';
import type { OpenJob } from './open-job.ts';
import type { UsdDocumentTabs } from './usd-document-tabs.ts';
import { UsdShell } from './usd-shell.ts';
import type { UsdViewerApp } from './usd-viewer-app.ts';

beforeEach(async () => {
  localStorage.clear();
  await clear();
});
afterEach(() => document.body.replaceChildren());

/** A window, and the workers of every view it opened. */
async function makeShell(search = '?empty'): Promise<{ shell: UsdShell; views: FakeWorkers[] }> {
  const views: FakeWorkers[] = [];
  const shell = new UsdShell(() => {
    const view = fakeWorkers();
    views.push(view);
    return view;
  }, search);
  document.body.append(shell);
  await settled(shell);
  return { shell, views };
}

async function settled(shell: UsdShell): Promise<void> {
  await shell.updateComplete;
  await shell.active.app?.updateComplete;
}

function filesJob(name: string): OpenJob {
  return { kind: 'files', files: [{ path: name, file: new File(['#usda 1.0\n'], name) }], handles: [] };
}

function shown(): UsdViewerApp {
  const apps = document.querySelectorAll('usd-viewer-app');
  expect(apps).toHaveLength(1);
  return apps[0]!;
}

const strip = (): UsdDocumentTabs | null => document.querySelector('usd-document-tabs');
const tabElements = (): HTMLElement[] => [...(strip()?.renderRoot.querySelectorAll<HTMLElement>('[role=tab]') ?? [])];
const tabNames = (): string[] => tabElements().map((tab) => tab.textContent.trim());

function press(target: EventTarget, key: string, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more }));
}

async function withThreeTabs(): Promise<{ shell: UsdShell; views: FakeWorkers[] }> {
  const made = await makeShell();
  await shown().open(filesJob('a.usda'));
  for (const name of ['b.usda', 'c.usda']) {
    made.shell.openTab(filesJob(name));
    await settled(made.shell);
    await expect.poll(() => shown().summary?.name).toBe(name);
  }
  await strip()?.updateComplete;
  return made;
}

test('one document looks as if there were no tabs', async () => {
  await makeShell();
  expect(strip()).toBeNull();
  expect(shown().getBoundingClientRect().top).toBe(0);
  expect(shown().hasAttribute('role')).toBe(false);
});

test('each document has a view of its own; only one is on the page, the others are told that they are not seen', async () => {
  const { shell, views } = await withThreeTabs();
  expect(views).toHaveLength(3);
  expect(tabNames()).toEqual(['a.usda', 'b.usda', 'c.usda']);
  expect(document.title).toContain('c.usda');
  expect(shown().getBoundingClientRect().top).toBeGreaterThan(20);
  const visibility = views.map(({ renderer }) => renderer.received.filter(({ kind }) => kind === 'setVisible').at(-1)?.['isVisible']);
  expect(visibility).toEqual([false, false, undefined]);

  const { app } = shell.tabs[0]!;
  shell.showTab(shell.tabs[0]!.id);
  await settled(shell);
  expect(shown()).toBe(app);
  expect(shown().summary?.name).toBe('a.usda');
  expect(document.title).toContain('a.usda');
  expect(views[0]!.renderer.received.filter(({ kind }) => kind === 'setVisible').at(-1)).toMatchObject({ isVisible: true });
  // Its canvas is the one it had: nothing is handed over again.
  expect(views[0]!.renderer.kinds().filter((kind) => kind === 'attach')).toHaveLength(1);
});

test('keys act on the document that is seen, and no other', async () => {
  const { shell } = await withThreeTabs();
  press(document.body, '?');
  await expect.poll(() => shown().renderRoot.querySelector('usd-shortcuts')).not.toBeNull();
  for (const { app } of shell.tabs.slice(0, 2)) expect(app?.renderRoot.querySelector('usd-shortcuts')).toBeNull();
});

test('the strip is one tab stop; arrows, Home and End choose, Delete closes and ends the view', async () => {
  const { shell, views } = await withThreeTabs();
  const list = strip()!.renderRoot.querySelector('[role=tablist]')!;
  expect(tabElements().map((tab) => tab.tabIndex)).toEqual([-1, -1, 0]);
  expect(tabElements().map((tab) => tab.getAttribute('aria-selected'))).toEqual(['false', 'false', 'true']);
  for (const [key, name] of [
    ['ArrowRight', 'a.usda'],
    ['ArrowRight', 'b.usda'],
    ['Home', 'a.usda'],
    ['ArrowLeft', 'c.usda'],
    ['Home', 'a.usda'],
    ['End', 'c.usda'],
  ] as const) {
    press(list, key);
    await settled(shell);
    expect(shown().summary?.name).toBe(name);
    await expect.poll(() => (strip()!.renderRoot as ShadowRoot).activeElement?.textContent.trim()).toBe(name);
  }
  let ended = 0;
  views[2]!.dispose = () => ended++;
  press(list, 'Delete');
  await settled(shell);
  await strip()?.updateComplete;
  expect(ended).toBe(1);
  expect(tabNames()).toEqual(['a.usda', 'b.usda']);
  expect(shown().summary?.name).toBe('b.usda');
  press(list, 'Delete');
  await settled(shell);
  expect(strip()).toBeNull();
  await expect.poll(() => shown().shadowRoot?.activeElement?.localName).toBe('usd-viewport');
});

test('Ctrl with the page keys goes round, the middle button closes', async () => {
  const { shell } = await withThreeTabs();
  press(window, 'PageDown', { ctrlKey: true });
  await settled(shell);
  expect(shown().summary?.name).toBe('a.usda');
  press(window, 'PageUp', { ctrlKey: true });
  await settled(shell);
  expect(shown().summary?.name).toBe('c.usda');
  tabElements()[1]?.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true }));
  await settled(shell);
  expect(shell.tabs.map(({ app }) => app?.summary?.name)).toEqual(['a.usda', 'c.usda']);
});

test('a window keeps one tab: after the last is closed it is empty', async () => {
  const { shell, views } = await makeShell();
  await shown().open(filesJob('a.usda'));
  shell.closeTab(shell.active.id);
  await settled(shell);
  expect(shell.tabs).toHaveLength(1);
  expect(shown().summary).toBeUndefined();
  expect(shown().renderRoot.querySelector('usd-welcome')).not.toBeNull();
  expect(views).toHaveLength(2);
});

test('several files become tabs: the first in place of an empty one, the others when they are shown', async () => {
  const { shell, views } = await makeShell();
  shell.openTabs(['a.usda', 'b.usda', 'c.usda'].map(filesJob));
  await settled(shell);
  await expect.poll(() => shown().summary?.name).toBe('a.usda');
  await strip()?.updateComplete;
  expect(tabNames()).toEqual(['a.usda', 'b.usda', 'c.usda']);
  expect(views).toHaveLength(1);
  shell.showTab(shell.tabs[2]!.id);
  await settled(shell);
  await expect.poll(() => shown().summary?.name).toBe('c.usda');
  expect(views).toHaveLength(2);
});

test('files over a document of the user leave it alone', async () => {
  const { shell } = await makeShell();
  await shown().open(filesJob('mine.usda'));
  shell.openTabs([filesJob('sent.usda')]);
  await settled(shell);
  await expect.poll(() => shown().summary?.name).toBe('sent.usda');
  expect(shell.tabs.map(({ app }) => app?.summary?.name)).toEqual(['mine.usda', 'sent.usda']);
});

test('a drop replaces, with Alt it opens a tab', async () => {
  const { shell } = await makeShell();
  await shown().open(filesJob('a.usda'));
  const drop = (name: string, altKey: boolean): void => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['#usda 1.0\n'], name));
    for (const type of ['dragenter', 'dragover', 'drop'])
      shown().dispatchEvent(new DragEvent(type, { dataTransfer, altKey, bubbles: true, composed: true, cancelable: true }));
  };
  drop('b.usda', false);
  await expect.poll(() => shown().summary?.name).toBe('b.usda');
  expect(shell.tabs).toHaveLength(1);
  drop('c.usda', true);
  await expect.poll(() => shown().summary?.name).toBe('c.usda');
  expect(shell.tabs.map(({ app }) => app?.summary?.name)).toEqual(['b.usda', 'c.usda']);
});

test('a panel is scrolled as it was when its tab is seen again', async () => {
  const { shell } = await withThreeTabs();
  const probe = document.createElement('div');
  probe.style.cssText = 'height: 50px; overflow: auto';
  probe.innerHTML = '<div style="height: 500px"></div>';
  shown().renderRoot.append(probe);
  probe.scrollTop = 120;
  const { id } = shell.active;
  shell.showTab(shell.tabs[0]!.id);
  await settled(shell);
  shell.showTab(id);
  await settled(shell);
  await expect.poll(() => probe.scrollTop).toBe(120);
});
