import { Layer, MemoryResolver, Stage, type Path } from 'usd-wasm';
import { describe, expect, test } from 'vitest';
import { TreeModel } from './tree-model.ts';

async function treeOf(text: string): Promise<TreeModel> {
  const stage = await Stage.open('a.usda', {
    resolver: new MemoryResolver(new Map([['a.usda', new TextEncoder().encode(`#usda 1.0\n${text}`)]])),
    sessionLayer: Layer.inMemory('session'),
  });
  return new TreeModel(stage);
}

const context = { time: 0, problemCountOf: () => 0 };
const names = (tree: TreeModel): string[] =>
  tree.window(0, 100, undefined, context).rows.map(({ name, depth }) => '.'.repeat(depth) + name);
const wide = (count: number, inner: string): string =>
  `def Xform "W" {\n${Array.from({ length: count }, (_, i) => `def Xform "X${i}" {\n${inner}\n}\n`).join('')}}\n`;

describe('TreeModel', () => {
  test('opens levels at the start as long as they are short', async () => {
    expect(names(await treeOf('def Xform "A" {\n def Xform "B" {\n def Cube "C" {\n}\n}\n}\n'))).toEqual(['A', '.B', '..C']);
    expect((await treeOf(wide(60, 'def Cube "C" {\n}\n'))).totalRows).toBe(1);
  });

  test('shows all composed prims: inactive, over and class too', async () => {
    const tree = await treeOf('def Xform "A" (\n active = false\n) {\n}\nover "B" {\n}\nclass "C" {\n}\n');
    expect(
      tree
        .window(0, 9, undefined, context)
        .rows.map(({ name, isActive, specifier, visibility }) => [name, isActive, specifier, visibility]),
    ).toEqual([
      ['A', false, 'def', 'visible'],
      ['B', true, 'over', undefined],
      ['C', true, 'class', undefined],
    ]);
  });

  test('keeps inner branches open when an outer one is closed and opened', async () => {
    const tree = await treeOf('def Xform "A" {\n def Xform "B" {\n def Cube "C" {\n}\n}\n}\n');
    expect(tree.setExpanded('/A' as Path, false, false)).toBe(1);
    expect(tree.setExpanded('/A' as Path, true, false)).toBe(3);
    tree.setExpanded('/A' as Path, false, true);
    expect(tree.setExpanded('/A' as Path, true, false)).toBe(2);
  });

  test('shows the children of an instance as its own', async () => {
    const tree = await treeOf(
      'def "Asset" {\n def Cube "C" {\n}\n}\ndef Xform "I" (\n instanceable = true\n references = </Asset>\n) {\n}\n',
    );
    tree.setExpanded('/I' as Path, true, false);
    const row = tree.window(0, 9, undefined, context).rows.at(-1)!;
    expect([row.path, row.typeName, row.depth]).toEqual(['/I/C', 'Cube', 1]);
  });

  test('finds by name, path and type, with what lies above', async () => {
    const tree = await treeOf('def Xform "A" {\n def Xform "B" {\n def Cube "C" {\n}\n}\n def Sphere "D" {\n}\n}\n');
    tree.setFilter('cube');
    expect(names(tree)).toEqual(['A', '.B', '..C']);
    tree.setFilter('a/d');
    expect(names(tree)).toEqual(['A', '.D']);
    expect(tree.setFilter('nothing')).toBe(0);
    expect(tree.setFilter('')).toBe(4);
  });

  test('reveals a prim, by leaving the filter if need be', async () => {
    const tree = await treeOf(wide(60, 'def Cube "C" {\n}\n'));
    tree.setFilter('X3');
    const { revealedRow, first, rows } = tree.window(0, 10, '/W/X50/C', context);
    expect(rows[revealedRow! - first]!.path).toBe('/W/X50/C');
    expect(tree.window(0, 1, '/Nope', context).revealedRow).toBeUndefined();
  });

  test('stays quick with 100,000 rows', async () => {
    const tree = await treeOf(
      wide(
        1000,
        Array.from(
          { length: 20 },
          (_, i) => `def Xform "Y${i}" {\n def Scope "Z0" {\n}\ndef Scope "Z1" {\n}\ndef Scope "Z2" {\n}\ndef Scope "Z3" {\n}\n}`,
        ).join('\n'),
      ),
    );
    expect(tree.setExpanded('/W' as Path, true, true)).toBe(1 + 1000 + 20_000 + 80_000);
    const start = performance.now();
    for (let i = 0; i < 20; i++) tree.window(i * 5000, 40, undefined, context);
    expect((performance.now() - start) / 20).toBeLessThan(20);
  }, 60_000);

  test('finds prims by name, shortest names first, whatever is shown', async () => {
    const tree = await treeOf('def Xform "Car" {\n def Cube "CarDoor" {\n}\n def Cube "Wheel" {\n}\n}\ndef Camera "Scar" {\n}\n');
    tree.setFilter('Wheel');
    expect(tree.find(' car', 10)).toEqual([
      { path: '/Car', name: 'Car', typeName: 'Xform' },
      { path: '/Scar', name: 'Scar', typeName: 'Camera' },
      { path: '/Car/CarDoor', name: 'CarDoor', typeName: 'Cube' },
    ]);
    expect(tree.find('car', 1).map(({ path }) => path)).toEqual(['/Car']);
    expect(tree.find('  ', 10)).toEqual([]);
    expect(names(tree)).toEqual(['Car', '.Wheel']);
  });
});
