import { expect, test } from 'vitest';
import type { TreeRow, TreeWindow } from '../../share/protocol/engine.ts';
import { PAGE_ROWS, TreeRows } from './tree-rows.ts';

const host = { addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) };

function row(index: number, name: string): TreeRow {
  return {
    path: `/P${index}`,
    name,
    typeName: 'Mesh',
    depth: 0,
    hasChildren: false,
    isExpanded: false,
    isActive: true,
    isInstance: false,
    specifier: 'def',
    visibility: 'visible',
    problemCount: 0,
  };
}

/** A tree whose replies are let go one by one. */
function heldTree(totalRows: number): {
  asked: number[];
  rows: TreeRows;
  tree: { totalRows: number; name: string };
  letGo: () => Promise<void>;
} {
  const tree = { totalRows, name: 'old' };
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  const rows = new TreeRows(host, (first, count) => {
    asked.push(first);
    const reply: TreeWindow = {
      totalRows: tree.totalRows,
      first,
      rows: Array.from({ length: Math.max(0, Math.min(count, tree.totalRows - first)) }, (_, i) => row(first + i, tree.name)),
    };
    return new Promise((resolve) => waiting.push(() => resolve(reply)));
  });
  return {
    asked,
    rows,
    tree,
    letGo: async () => {
      waiting.shift()?.();
      for (let i = 0; i < 10; i++) await Promise.resolve();
    },
  };
}

test('rows come page by page as they are wanted', async () => {
  const { asked, rows, letGo } = heldTree(1000);
  rows.invalidate(1000);
  rows.want(100, 60);
  expect(asked).toEqual([0]);
  await letGo();
  await letGo();
  expect(asked).toEqual([0, PAGE_ROWS]);
  expect(rows.rowAt(159)?.path).toBe('/P159');
  expect(rows.rowAt(300)).toBeUndefined();
});

test('a fast scroll skips the pages it has passed', async () => {
  const { asked, rows, letGo } = heldTree(100_000);
  rows.invalidate(100_000);
  rows.want(0, 40);
  for (let first = 1000; first <= 90_000; first += 1000) rows.want(first, 40);
  await letGo();
  await letGo();
  expect(asked).toEqual([0, Math.floor(90_000 / PAGE_ROWS) * PAGE_ROWS]);
});

test('rows of an older tree stay until their page is there anew', async () => {
  const { rows, tree, letGo } = heldTree(50);
  rows.invalidate(50);
  rows.want(0, 20);
  await letGo();
  tree.name = 'new';
  rows.invalidate(50);
  expect(rows.rowAt(3)?.name).toBe('old');
  await letGo();
  expect(rows.rowAt(3)?.name).toBe('new');
});

test('a reply overtaken by a change is asked for again', async () => {
  const { asked, rows, tree, letGo } = heldTree(50);
  rows.invalidate(50);
  rows.want(0, 20);
  tree.totalRows = 70;
  tree.name = 'new';
  rows.invalidate(70);
  await letGo();
  expect(rows.totalRows).toBe(70);
  await letGo();
  expect(asked).toEqual([0, 0]);
  expect(rows.rowAt(60)?.name).toBe('new');
});

test('a stage that closes meanwhile ends the asking quietly', async () => {
  let fail = (): void => {};
  const rows = new TreeRows(host, () => new Promise((_, reject) => (fail = () => reject(new Error('closed')))));
  rows.invalidate(10);
  rows.want(0, 10);
  fail();
  await new Promise((resolve) => setTimeout(resolve));
  expect(rows.rowAt(0)).toBeUndefined();
});
