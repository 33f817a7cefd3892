import { describe, expect, it } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';
import { writeUsda } from '../usda/writer.ts';
import { CrateLayerData } from '../usdc/reader.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { makeValue, valueAs } from '../vt/value.ts';
import { changeBlock } from './change-block.ts';
import type { ChangeList } from './change-list.ts';
import type { MemoryLayerData } from './layer-data.ts';
import { LayerEditError } from './layer-edit-error.ts';
import { Layer } from './layer.ts';
import type { Path } from './path.ts';
import { UndoStack } from './undo-stack.ts';

const at = (path: string): Path => path as Path;
const int = (value: number) => makeValue('int', value);

function layerOf(text: string): Layer {
  return new Layer('test.usda', parseUsda('test.usda', new TextEncoder().encode(`#usda 1.0\n${text}`), new ProblemList()), 'usda');
}

/** The same layer as a crate: lazy, edited through an overlay. */
function crateOf(text: string): Layer {
  return new Layer('test.usdc', new CrateLayerData('test.usdc', writeUsdc(layerOf(text).data)), 'usdc');
}

/** What follows the first line of the text, without empty lines and indents. */
function textOf(layer: Layer): string[] {
  return writeUsda(layer.data)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What listeners hear of edits, as text: `+` came, `-` went, `~` changed. */
function changesOf(layer: Layer, edit: () => void): string[] {
  const heard: ChangeList[] = [];
  const end = layer.addChangeListener((changes) => heard.push(changes.get(layer) as ChangeList));
  edit();
  end();
  return heard.flatMap((changes, i) => [
    ...(i > 0 ? ['---'] : []),
    ...[...changes].map(([path, entry]) => {
      const mark = `${entry.isRemoved ? '-' : ''}${entry.isAdded ? '+' : ''}` || '~';
      const notes = [
        ...entry.fields.keys(),
        ...(entry.isInert ? ['inert'] : []),
        ...(entry.areChildrenReordered ? ['children'] : []),
        ...(entry.arePropertiesReordered ? ['properties'] : []),
        ...(entry.oldPath === undefined ? [] : [`from ${entry.oldPath}`]),
      ];
      return [`${mark} ${path}`, ...notes].join(' ');
    }),
  ]);
}

describe.each([
  ['in memory', layerOf],
  ['of a crate', crateOf],
])('a layer %s', (_, open) => {
  it('makes prim specs and those above them as overs', () => {
    const layer = open('def "A" {}');
    expect(changesOf(layer, () => layer.createPrimSpec(at('/A/B/C'), 'def', 'Xform'))).toEqual(['+ /A/B']);
    expect(textOf(layer)).toEqual(['def "A"', '{', 'over "B"', '{', 'def Xform "C"', '{', '}', '}', '}']);
    expect(changesOf(layer, () => layer.createPrimSpec(at('/A/B'), 'class', 'Scope'))).toEqual([]);
  });

  it('makes variants with their sets', () => {
    const layer = open('def "A" {}');
    expect(changesOf(layer, () => layer.createPrimSpec(at('/A{v=x}B')))).toEqual(['+ /A{v=}', '~ /A variantSetNames']);
    layer.createPrimSpec(at('/A{v=y}'));
    layer.createPrimSpec(at('/A{w=z}'));
    expect(valueAs(layer.field(at('/A'), 'variantSetNames'), 'stringListOp')?.prependedItems).toEqual(['v', 'w']);
    expect(layer.childNames(at('/A'), 'variantSetChildren')).toEqual(['v', 'w']);
    expect(layer.childNames(at('/A{v=}'), 'variantChildren')).toEqual(['x', 'y']);
    expect(layer.childNames(at('/A{v=x}'), 'primChildren')).toEqual(['B']);
  });

  it('moves prims between parents and under other names', () => {
    const layer = open('def "A" { int x = 1\n def "B" { int y = 2\n variantSet "v" = { "o" { def "D" {} } } } }\ndef "C" {}\ndef "E" {}');
    expect(changesOf(layer, () => layer.moveSpec(at('/A/B'), at('/C/F')))).toEqual(['- /A/B', '+ /C/F from /A/B']);
    expect(layer.field(at('/C/F.y'), 'default')).toEqual(int(2));
    expect(layer.specType(at('/C/F{v=o}D'))).toBe('prim');
    expect(layer.data.fieldNames(at('/A'))).not.toContain('primChildren');
    layer.moveSpec(at('/A'), at('/Z'));
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['Z', 'C', 'E']);
    expect(() => layer.moveSpec(at('/Z'), at('/C'))).toThrow(LayerEditError);
    expect([...layer.data.paths()].filter((path) => path.startsWith('/A'))).toEqual([]);
  });

  it('is told once of what a block changes in the end', () => {
    const layer = open('def "A" {\n int x = 1\n}');
    const changes = changesOf(layer, () =>
      changeBlock(() => {
        layer.setField(at('/A.x'), 'default', int(2));
        layer.createPrimSpec(at('/B'));
        layer.removeSpec(at('/B'));
        layer.setField(at('/A.x'), 'doc', int(2));
        layer.setField(at('/A.x'), 'default', int(1));
      }),
    );
    expect(changes).toEqual(['~ /A.x doc']);
  });

  it('removes specs with all below them, and lists that become empty', () => {
    const layer = open(
      'def "A" {\n int x = 1\n int y = 2\n def "B" {\n int z = 3\n }\n variantSet "v" = {\n "o" {\n def "D" {}\n }\n }\n}\ndef "C" {}',
    );
    expect(changesOf(layer, () => layer.removeSpec(at('/A/B')))).toEqual(['- /A/B']);
    expect(changesOf(layer, () => layer.removeSpec(at('/A.x')))).toEqual(['- /A.x']);
    expect(changesOf(layer, () => layer.removeSpec(at('/A{v=o}')))).toEqual(['- /A{v=o}']);
    expect(changesOf(layer, () => layer.removeSpec(at('/A{v=}')))).toEqual(['- /A{v=}']);
    expect(layer.data.fieldNames(at('/A')).filter((name) => /[cC]hildren|properties/.test(name))).toEqual(['properties']);
    expect(changesOf(layer, () => layer.removeSpec(at('/A')))).toEqual(['- /A']);
    expect([...layer.data.paths()]).toEqual(['/', '/C']);
    expect([layer.removeSpec(at('/A')), layer.removeSpec(at('/')), layer.removeSpec(at('/C'))]).toEqual([false, false, true]);
    expect(layer.isEmpty).toBe(true);
  });

  it('lists what was removed and made again last', () => {
    const layer = open('def "A" {\n int x = 1\n int y = 2\n}\ndef "B" {}');
    layer.removeSpec(at('/A.x'));
    layer.createPropertySpec(at('/A.x'), 'attribute', { typeName: 'int' });
    expect(layer.childNames(at('/A'), 'properties')).toEqual(['y', 'x']);
    const changes = changesOf(layer, () =>
      changeBlock(() => {
        layer.removeSpec(at('/A'));
        layer.createPrimSpec(at('/A'), 'def');
      }),
    );
    expect(changes).toEqual(['-+ /A', '~ / children']);
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['B', 'A']);
  });

  it('makes property specs with their required fields', () => {
    const layer = open('');
    layer.createPropertySpec(at('/A.x'), 'attribute', { typeName: 'Vec3f', variability: 'uniform', isCustom: true });
    layer.createPropertySpec(at('/A.a:r'), 'relationship');
    expect(textOf(layer)).toEqual(['over "A"', '{', 'rel a:r', 'custom uniform float3 x', '}']);
    expect(layer.data.fieldNames(at('/A.a:r'))).toEqual(['custom', 'variability']);
    expect(() => layer.createPropertySpec(at('/A.x'), 'relationship')).toThrow(LayerEditError);
  });

  it('says which specs came and went without effect', () => {
    const layer = open('over "A" {\n int x\n}');
    expect(changesOf(layer, () => layer.createPrimSpec(at('/B')))).toEqual(['+ /B inert']);
    expect(changesOf(layer, () => layer.createPrimSpec(at('/C'), 'def'))).toEqual(['+ /C']);
    expect(changesOf(layer, () => layer.createPropertySpec(at('/B.y'), 'attribute', { typeName: 'int' }))).toEqual(['+ /B.y inert']);
    expect(changesOf(layer, () => layer.createPropertySpec(at('/B.z'), 'attribute', { typeName: 'int', isCustom: true }))).toEqual([
      '+ /B.z',
    ]);
    expect(changesOf(layer, () => layer.removeSpec(at('/A.x')))).toEqual(['- /A.x inert']);
    expect(changesOf(layer, () => layer.removeSpec(at('/B')))).toEqual(['- /B']);
    // What it was at the begin of the block counts.
    const changes = changesOf(layer, () =>
      changeBlock(() => {
        layer.setField(at('/A'), 'active', makeValue('bool', true));
        layer.removeSpec(at('/A'));
      }),
    );
    expect(changes).toEqual(['- /A inert']);
  });

  it('puts children and properties in order', () => {
    const layer = open('def "A" {\n int x\n int y\n}\ndef "B" {}\ndef "C" {}');
    expect(changesOf(layer, () => layer.reorderChildren(at('/'), 'primChildren', ['C', 'A', 'B']))).toEqual(['~ / children']);
    expect(changesOf(layer, () => layer.reorderChildren(at('/A'), 'properties', ['y', 'x']))).toEqual(['~ /A properties']);
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['C', 'A', 'B']);
    expect(() => layer.reorderChildren(at('/A'), 'properties', ['x'])).toThrow(LayerEditError);
    expect(() => layer.reorderChildren(at('/A'), 'properties', ['x', 'x'])).toThrow(LayerEditError);
    layer.moveSpec(at('/B'), at('/D'), 0);
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['D', 'C', 'A']);
  });

  it('moves properties, variants and variant sets', () => {
    const layer = open('def "A" {\n int x = 1\n variantSet "v" = {\n "o" {\n def "D" {}\n }\n }\n}\ndef "B" {}');
    layer.moveSpec(at('/A.x'), at('/B.a:b'));
    layer.moveSpec(at('/A{v=o}'), at('/A{v=p}'));
    layer.moveSpec(at('/A{v=}'), at('/B{w=}'));
    layer.moveSpec(at('/B{w=p}D'), at('/B/D'));
    expect([...layer.data.paths()].sort()).toEqual(['/', '/A', '/B', '/B.a:b', '/B/D', '/B{w=p}', '/B{w=}']);
    expect(layer.childNames(at('/B{w=}'), 'variantChildren')).toEqual(['p']);
    expect(layer.field(at('/B.a:b'), 'default')).toEqual(int(1));
  });

  it('refuses moves into itself, to other kinds of places, and to nowhere', () => {
    const layer = open('def "A" {\n int x\n def "B" {}\n variantSet "v" = {\n "o" {}\n }\n}');
    for (const [from, to] of [
      ['/A', '/A/B/C'],
      ['/A', '/A.y'],
      ['/A.x', '/Y'],
      ['/A', '/Z/A'],
      ['/A{v=o}', '/C'],
      ['/A', '/1'],
      ['/A.x', '/A.1'],
      ['/', '/B'],
      ['/Q', '/B'],
    ] as const)
      expect(() => layer.moveSpec(at(from), at(to)), `${from} to ${to}`).toThrow(LayerEditError);
    expect(layer.isDirty).toBe(false);
  });

  it('sets and takes out single samples', () => {
    const layer = open('def "A" {\n int x.timeSamples = { 1: 10, 3: 30 }\n}');
    const times = (): number[] => [...(layer.fieldAs(at('/A.x'), 'timeSamples', 'timeSamples')?.times ?? [])];
    const values = (): unknown[] => times().map((_, i) => layer.fieldAs(at('/A.x'), 'timeSamples', 'timeSamples')?.value(i).value);
    const first = layer.fieldAs(at('/A.x'), 'timeSamples', 'timeSamples');
    expect(changesOf(layer, () => layer.setTimeSample(at('/A.x'), 2, int(20)))).toEqual(['~ /A.x timeSamples']);
    layer.setTimeSample(at('/A.x'), 0, int(0));
    layer.setTimeSample(at('/A.x'), 3, int(33));
    expect([times(), values()]).toEqual([
      [0, 1, 2, 3],
      [0, 10, 20, 33],
    ]);
    expect(changesOf(layer, () => layer.setTimeSample(at('/A.x'), 3, int(33)))).toEqual([]);
    expect(changesOf(layer, () => layer.setTimeSample(at('/A.x'), 7, undefined))).toEqual([]);
    changeBlock(() => {
      for (const time of [0, 2, 3]) layer.setTimeSample(at('/A.x'), time, undefined);
      expect(times()).toEqual([1]); // seen in the middle of a block
      layer.setTimeSample(at('/A.x'), 5, int(50));
      layer.setTimeSample(at('/A.x'), 4, int(40));
    });
    expect([times(), values()]).toEqual([
      [1, 4, 5],
      [10, 40, 50],
    ]);
    for (const time of [1, 4, 5]) layer.setTimeSample(at('/A.x'), time, undefined);
    expect(layer.data.fieldNames(at('/A.x'))).not.toContain('timeSamples');
    expect([...(first?.times ?? [])]).toEqual([1, 3]);
    expect(() => layer.setTimeSample(at('/A.x'), Number.NaN, int(1))).toThrow(LayerEditError);
  });

  it('finds fields changed that were edited while their spec was somewhere else', () => {
    const layer = open('def "A" {\n int x = 1\n}\ndef "B" {}');
    const changes = changesOf(layer, () =>
      changeBlock(() => {
        layer.moveSpec(at('/A'), at('/C'));
        layer.setField(at('/C.x'), 'default', int(2));
        layer.moveSpec(at('/C'), at('/A'));
      }),
    );
    expect(changes).toEqual(['~ /A.x default']);
  });

  it('keeps children that are read in the middle of a block as they were', () => {
    const layer = open('def "A" {}');
    changeBlock(() => {
      for (const name of ['B', 'C', 'D']) layer.createPrimSpec(at(`/${name}`));
      const seen = layer.childNames(at('/'), 'primChildren');
      for (const name of seen) layer.createPrimSpec(at(`/${name}2`));
      expect(seen).toEqual(['A', 'B', 'C', 'D']);
      layer.removeSpec(at('/C'));
      layer.moveSpec(at('/D'), at('/E'));
    });
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['A', 'B', 'E', 'A2', 'B2', 'C2', 'D2']);
  });

  it('keeps empty values as they are authored', () => {
    const layer = open('def "A" {}');
    layer.setField(at('/A'), 'documentation', makeValue('string', ''));
    layer.setField(at('/A'), 'primOrder', makeValue('tokenVector', []));
    expect(layer.data.fieldNames(at('/A'))).toEqual(['specifier', 'documentation', 'primOrder']);
    layer.setField(at('/A'), 'documentation', undefined);
    expect(layer.data.fieldNames(at('/A'))).toEqual(['specifier', 'primOrder']);
  });

  it('edits sublayers with their offsets', () => {
    const layer = open('');
    layer.insertSubLayerPath('b.usda');
    layer.insertSubLayerPath('a.usda', 0, { offset: 5, scale: 2 });
    expect(textOf(layer)).toEqual(['(', 'subLayers = [', '@a.usda@ (offset = 5; scale = 2),', '@b.usda@', ']', ')']);
    expect(changesOf(layer, () => layer.setSubLayerOffset(1, { offset: 1, scale: 1 }))).toEqual(['~ / subLayerOffsets']);
    layer.removeSubLayerPath(0);
    expect([layer.subLayerPaths, layer.subLayerOffsets]).toEqual([['b.usda'], [{ offset: 1, scale: 1 }]]);
    expect(() => layer.insertSubLayerPath('b.usda')).toThrow(LayerEditError);
    expect(() => layer.removeSubLayerPath(1)).toThrow(LayerEditError);
    layer.removeSubLayerPath(0);
    expect(layer.isEmpty).toBe(true);
  });

  it('takes over the content of another layer, and says only what differs', () => {
    const text = 'def "A" {\n int x = 1\n int y = 2\n def "B" {\n double[] z = [1, 2]\n }\n}\ndef "C" {}';
    const layer = open(text);
    const other = layerOf(text.replace('y = 2', 'y = 3').replace('def "C"', 'over "D"'));
    expect(changesOf(layer, () => layer.transferContent(other.data))).toEqual(['- /C', '+ /D inert', '~ /A.y default']);
    expect(textOf(layer)).toEqual(textOf(other));
    expect(layer.isDirty).toBe(true);
    expect(changesOf(layer, () => layer.reload(layerOf(text).data))).toEqual(['- /D inert', '+ /C', '~ /A.y default']);
    expect(layer.isDirty).toBe(false);
  });

  it('refuses edits of what is not there or not to be edited', () => {
    const layer = open('def "A" {}');
    expect(() => layer.setField(at('/B'), 'active', makeValue('bool', true))).toThrow(LayerEditError);
    expect(() => layer.setField(at('/B'), 'active', undefined)).toThrow(LayerEditError);
    expect(() => layer.setField(at('/A'), 'primChildren', makeValue('tokenVector', []))).toThrow(LayerEditError);
    for (const path of ['A', '/A/', '/A//B', '/1', '/A{v=}B', '/A{v=x}/B', '/A.x', '/A B'])
      expect(() => layer.createPrimSpec(at(path)), path).toThrow(LayerEditError);
    for (const path of ['/A', '/.x', '/A.', '/A.1', '/A.r[/B]', '/A.r[/B].x', 'x'])
      expect(() => layer.createPropertySpec(at(path), 'attribute', { typeName: 'int' }), path).toThrow(LayerEditError);
    expect(() => layer.createPropertySpec(at('/A.x'), 'attribute')).toThrow(LayerEditError);
    layer.permissionToEdit = false;
    expect(() => layer.createPrimSpec(at('/B'))).toThrow(expect.objectContaining({ code: 'layer-not-editable' }) as Error);
    expect(layer.isDirty).toBe(false);
  });
});

describe('Layer', () => {
  it('may not be edited inside of a package, but reloaded', () => {
    const layer = new Layer('scene.usdz[root.usda]', layerOf('def "A" {}').data, 'usda');
    expect(layer.permissionToEdit).toBe(false);
    expect(() => layer.createPrimSpec(at('/B'))).toThrow(LayerEditError);
    layer.reload(layerOf('def "C" {}').data);
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['C']);
    layer.permissionToEdit = true;
    layer.createPrimSpec(at('/B'));
    expect(layer.isDirty).toBe(true);
    layer.markClean();
    expect(layer.isDirty).toBe(false);
  });

  it('moves a spec over one that no list of children names', () => {
    const layer = layerOf('def "A" {\n def "B" {}\n}\ndef "C" {}');
    (layer.data as MemoryLayerData).createSpec(at('/D/B'), 'prim');
    (layer.data as MemoryLayerData).setField(at('/D/B'), 'documentation', makeValue('string', 'orphan'));
    const undo = new UndoStack();
    undo.add(layer);
    layer.moveSpec(at('/A'), at('/D'));
    expect(layer.data.fieldNames(at('/D/B'))).toEqual(['specifier']);
    undo.undo();
    expect(layer.data.fieldNames(at('/D/B'))).toEqual(['documentation']);
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['A', 'C']);
  });

  it('removes what a broken list names twice', () => {
    const layer = layerOf('def "A" {}\ndef "B" {}');
    (layer.data as MemoryLayerData).setField(at('/'), 'primChildren', makeValue('tokenVector', ['A', 'B', 'A', 'B', 'A']));
    const undo = new UndoStack();
    undo.add(layer);
    layer.removeSpec(at('/A'));
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['B', 'B']);
    undo.undo();
    expect(layer.childNames(at('/'), 'primChildren')).toEqual(['A', 'B', 'A', 'B', 'A']);
  });
});
