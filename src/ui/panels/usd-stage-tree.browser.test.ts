import { afterEach, expect, test } from 'vitest';
import { treeRow } from '../../../tests/support/fake-workers.ts';
import type { TreeRow } from '../../share/protocol/engine.ts';
import { tokens } from '../styles/tokens.ts';
import './usd-stage-tree.ts';
import type { UsdStageTree } from './usd-stage-tree.ts';

document.adoptedStyleSheets = [tokens.styleSheet!];

async function makeTree(totalRows: number, rowAt: (index: number) => TreeRow | undefined): Promise<UsdStageTree> {
  const tree = document.createElement('usd-stage-tree');
  tree.style.cssText = 'position: fixed; inset: 0; width: 320px; height: 480px';
  Object.assign(tree, { totalRows, rowAt, emptyText: 'No stage is open' });
  document.body.append(tree);
  await drawn(tree);
  return tree;
}

/** Events of a kind, as they come. */
function heard<K extends 'usd-select' | 'usd-expand' | 'usd-visibility' | 'usd-tree-window' | 'usd-tree-filter'>(
  tree: UsdStageTree,
  type: K,
): HTMLElementEventMap[K]['detail'][] {
  const details: HTMLElementEventMap[K]['detail'][] = [];
  tree.addEventListener(type, (event) => details.push((event as HTMLElementEventMap[K]).detail));
  return details;
}

async function drawn(tree: UsdStageTree): Promise<void> {
  await tree.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await tree.updateComplete;
}

const rowsOf = (tree: UsdStageTree): HTMLElement[] => [...tree.renderRoot.querySelectorAll<HTMLElement>('[role=treeitem]')];
const viewOf = (tree: UsdStageTree): HTMLElement => tree.renderRoot.querySelector<HTMLElement>('[role=tree]')!;
const press = (tree: UsdStageTree, key: string): boolean =>
  viewOf(tree).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

/** Names of the rows inside the view's box, top to bottom. */
function visibleNames(tree: UsdStageTree): string[] {
  const box = viewOf(tree).getBoundingClientRect();
  return rowsOf(tree)
    .map((row) => ({ row, top: row.getBoundingClientRect().top }))
    .filter(({ top }) => top >= box.top - 1 && top < box.bottom - 1)
    .sort((a, b) => a.top - b.top)
    .map(({ row }) => row.querySelector('.name')?.textContent ?? '');
}

afterEach(() => document.body.replaceChildren());

test('of a hundred thousand prims only those in view exist as elements', async () => {
  const tree = await makeTree(100_000, (index) => treeRow(index));
  expect(rowsOf(tree).length).toBeLessThan(80);
  expect(visibleNames(tree)[0]).toBe('Prim_0');
});

test('scrolling to the middle shows the rows of the middle', async () => {
  const tree = await makeTree(100_000, (index) => treeRow(index));
  const view = viewOf(tree);
  view.scrollTop = (view.scrollHeight - view.clientHeight) / 2;
  await drawn(tree);
  const first = Number(visibleNames(tree)[0]?.slice(5));
  expect(Math.abs(first - 50_000)).toBeLessThan(40);
  expect(rowsOf(tree).length).toBeLessThan(80);
});

test('a tree taller than browsers scroll still reaches its last row', async () => {
  const tree = await makeTree(5_000_000, (index) => treeRow(index));
  press(tree, 'End');
  await drawn(tree);
  await drawn(tree);
  expect(visibleNames(tree)).toContain('Prim_4999999');
});

test('rows that are not here yet are drawn as waiting, and asked for', async () => {
  const tree = await makeTree(0, () => undefined);
  const windows = heard(tree, 'usd-tree-window');
  tree.totalRows = 500;
  await drawn(tree);
  expect(rowsOf(tree)[0]?.getAttribute('aria-label')).toBe('Loading');
  expect(windows.at(-1)?.first).toBe(0);
  expect(windows.at(-1)?.count).toBeGreaterThan(15);
});

test('an empty tree says why', async () => {
  const tree = await makeTree(0, () => undefined);
  expect(viewOf(tree).textContent).toContain('No stage is open');
  tree.filter = 'xyz';
  await drawn(tree);
  expect(viewOf(tree).textContent).toContain('No prim matches');
});

test('arrow keys move the active row and select it', async () => {
  const tree = await makeTree(10, (index) => treeRow(index));
  const selected = heard(tree, 'usd-select');
  press(tree, 'ArrowDown');
  press(tree, 'ArrowDown');
  press(tree, 'ArrowUp');
  await drawn(tree);
  expect(selected.map(({ path }) => path)).toEqual(['/World/Prim_1', '/World/Prim_2', '/World/Prim_1']);
  expect(viewOf(tree).getAttribute('aria-activedescendant')).toBe('row-1');
});

test('Right opens a closed row and Left closes it, or climbs to its parent', async () => {
  const rows = [
    treeRow(0, { path: '/World', name: 'World', depth: 0, hasChildren: true, isExpanded: true }),
    treeRow(1, { hasChildren: true }),
    treeRow(2),
  ];
  const tree = await makeTree(rows.length, (index) => rows[index]);
  const expanded = heard(tree, 'usd-expand');
  const selected = heard(tree, 'usd-select');
  press(tree, 'ArrowDown');
  press(tree, 'ArrowRight');
  expect(expanded).toEqual([{ path: '/World/Prim_1', isExpanded: true, isRecursive: false }]);
  press(tree, 'ArrowLeft');
  expect(selected.at(-1)?.path).toBe('/World');
  press(tree, 'ArrowLeft');
  expect(expanded.at(-1)).toEqual({ path: '/World', isExpanded: false, isRecursive: false });
});

test('a row tells screen readers its level, state and problems', async () => {
  const tree = await makeTree(1, (index) => treeRow(index, { hasChildren: true, visibility: 'invisible', problemCount: 2 }));
  const [row] = rowsOf(tree);
  expect(row?.getAttribute('aria-level')).toBe('2');
  expect(row?.getAttribute('aria-expanded')).toBe('false');
  expect(row?.getAttribute('aria-label')).toBe('Prim_0, Mesh, hidden, 2 problems');
});

test('the eye hides what is visible and shows what is hidden itself', async () => {
  const rows = [treeRow(0), treeRow(1, { visibility: 'invisible' }), treeRow(2, { visibility: 'hiddenByAncestor' })];
  const tree = await makeTree(rows.length, (index) => rows[index]);
  const changes = heard(tree, 'usd-visibility');
  for (const button of tree.renderRoot.querySelectorAll<HTMLElement>('.eye')) button.click();
  expect(changes.map(({ isVisible }) => isVisible)).toEqual([false, true, false]);
});

test('typed search text is told after a pause', async () => {
  const tree = await makeTree(3, (index) => treeRow(index));
  const filters = heard(tree, 'usd-tree-filter');
  const input = tree.renderRoot.querySelector('input')!;
  for (const value of ['w', 'wh', 'wheel']) {
    input.value = value;
    input.dispatchEvent(new Event('input'));
  }
  await expect.poll(() => filters).toEqual([{ text: 'wheel' }]);
});
