import { describe, expect, it } from 'vitest';
import { ProblemList } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';
import { writeUsda } from '../usda/writer.ts';
import { LayerEditError } from './layer-edit-error.ts';
import { Layer } from './layer.ts';
import type { Path } from './path.ts';

const at = (path: string): Path => path as Path;

function layerOf(text: string): Layer {
  return new Layer('test.usda', parseUsda('test.usda', new TextEncoder().encode(`#usda 1.0\n${text}`), new ProblemList()), 'usda');
}

/** The prims of a layer as text, without empty lines and indents. */
function textOf(layer: Layer): string {
  return writeUsda(layer.data)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** The text that a layer of that text is written as. */
const written = (text: string): string => textOf(layerOf(text));

describe('copySpec', () => {
  it('leads paths below the source to the copy, and leaves others', () => {
    const source = layerOf(`
def "A" (
    inherits = [</A/Class>, </Global>]
    references = [</A/B>, @other.usda@</A/B>]
    payload = </A>
)
{
    double x.connect = [</A/B.y>, </C.z>]
    rel r = [</A>, </A/B>, </AB>]
    def "B" {}
}
`);
    const target = layerOf('def "T" {}');
    target.copySpec(source, at('/A'), at('/T/Copy'));
    expect(textOf(target)).toBe(
      written(`
def "T" {
    def "Copy" (
        inherits = [</T/Copy/Class>, </Global>]
        references = [</T/Copy/B>, @other.usda@</A/B>]
        payload = </T/Copy>
    )
    {
        double x.connect = [</T/Copy/B.y>, </C.z>]
        rel r = [</T/Copy>, </T/Copy/B>, </AB>]
        def "B" {}
    }
}
`),
    );
  });

  it('makes one of items that the copy makes the same', () => {
    const layer = layerOf('def "A" {\n rel r = [</B/C>, </A/C>, </A/D>]\n}\ndef "B" {}');
    layer.copySpec(layer, at('/A'), at('/B'));
    expect(layer.fieldAs(at('/B.r'), 'targetPaths', 'pathListOp')?.explicitItems).toEqual(['/B/C', '/B/D']);
  });

  it('replaces all that is there', () => {
    const layer = layerOf('def Xform "A" {\n int x = 1\n}\nover "B" (kind = "model") {\n int x = 2 (doc = "old")\n int y\n def "C" {}\n}');
    layer.copySpec(layer, at('/A'), at('/B'));
    expect(textOf(layer)).toBe(written('def Xform "A" {\n int x = 1\n}\ndef Xform "B" {\n int x = 1\n}'));
  });

  it('copies into itself what was there before', () => {
    const layer = layerOf('def "A" {\n int x = 1\n def "B" {}\n}');
    layer.copySpec(layer, at('/A'), at('/A/B'));
    expect(textOf(layer)).toBe(written('def "A" {\n int x = 1\n def "B" {\n int x = 1\n def "B" {}\n}\n}'));
    layer.copySpec(layer, at('/A/B'), at('/A'));
    expect(textOf(layer)).toBe(written('def "A" {\n int x = 1\n def "B" {}\n}'));
  });

  it('makes a variant of a prim and a prim of a variant', () => {
    const layer = layerOf(
      'def Xform "A" {\n int x = 1\n rel r = </A/C>\n variantSet "v" = {\n "one" {\n int y = 2\n over "C" {}\n }\n }\n}',
    );
    layer.copySpec(layer, at('/A{v=one}'), at('/B'));
    expect(layer.field(at('/B'), 'specifier')?.value).toBe('def');
    expect(layer.field(at('/B'), 'typeName')?.value).toBe('Xform');
    expect(layer.childNames(at('/B'), 'primChildren')).toEqual(['C']);
    layer.createPrimSpec(at('/B{w=}'));
    layer.copySpec(layer, at('/A'), at('/B{w=two}'));
    expect(layer.specType(at('/B{w=two}'))).toBe('variant');
    expect(layer.data.fieldNames(at('/B{w=two}'))).not.toContain('specifier');
    expect(layer.field(at('/B{w=two}{v=one}.y'), 'default')?.value).toBe(2);
    expect(layer.fieldAs(at('/B{w=two}.r'), 'targetPaths', 'pathListOp')?.explicitItems).toEqual(['/B/C']);
  });

  it('copies variant sets and properties', () => {
    const layer = layerOf('def "A" {\n int x = 1\n variantSet "v" = {\n "one" {\n def "C" {}\n }\n }\n}\ndef "B" {}');
    layer.copySpec(layer, at('/A{v=}'), at('/B{w=}'));
    layer.copySpec(layer, at('/A.x'), at('/B.y'));
    expect(layer.specType(at('/B{w=one}C'))).toBe('prim');
    expect(layer.childNames(at('/B'), 'variantSetChildren')).toEqual(['w']);
    expect(layer.field(at('/B.y'), 'default')?.value).toBe(1);
  });

  it('refuses what is not there and what does not fit', () => {
    const layer = layerOf('def "A" {\n int x = 1\n}');
    for (const [from, to] of [
      ['/Z', '/B'],
      ['/A', '/B/C'],
      ['/A.x', '/B'],
      ['/A', '/A.y'],
      ['/', '/A'],
    ] as const)
      expect(() => layer.copySpec(layer, at(from), at(to)), `${from} to ${to}`).toThrow(LayerEditError);
    expect(layer.isDirty).toBe(false);
  });
});
