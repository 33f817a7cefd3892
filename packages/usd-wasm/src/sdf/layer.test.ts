import { describe, expect, it } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';
import { writeUsda } from '../usda/writer.ts';
import { CrateLayerData } from '../usdc/reader.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { makeValue, valueAs } from '../vt/value.ts';
import { changeBlock } from './change-block.ts';
import type { ChangeList } from './change-list.ts';
import { LayerEditError } from './layer-edit-error.ts';
import { Layer } from './layer.ts';
import type { Path } from './path.ts';

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
});
