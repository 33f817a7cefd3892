import { describe, expect, it } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import { writeUsda } from '../usda/writer.ts';
import { flattenLayerStack } from './flatten-layer-stack.ts';
import { Stage } from './stage.ts';

/** The body of the flattened layer stack of `root.usda`, one string per line, without the header. */
async function flatten(files: Readonly<Record<string, string>>): Promise<string[]> {
  const encoder = new TextEncoder();
  const resolver = new MemoryResolver(new Map(Object.entries(files).map(([name, text]) => [name, encoder.encode(`#usda 1.0\n${text}`)])));
  const stage = await Stage.open('root.usda', { resolver });
  const lines = writeUsda(flattenLayerStack(stage).data).split('\n').slice(1);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

const SUBLAYER = '( subLayers = [@./sub.usda@] )\n';
const RETIMED = '( subLayers = [@./sub.usda@ (offset = 10; scale = 2)] )\n';

describe('flattenLayerStack', () => {
  it('takes the strongest opinion per field, and over is none', async () => {
    expect(
      await flatten({
        'root.usda': `${SUBLAYER}over "A" ( kind = "group" )\n{\n    double x = 1\n}\n`,
        'sub.usda': 'def Xform "A" ( kind = "component"\n active = true )\n{\n    double x = 2\n    double y = 3\n}\n',
      }),
    ).toEqual(['def Xform "A" (', 'active = true', 'kind = "group"', ')', '{', 'double x = 1', 'double y = 3', '}']);
  });

  it('composes list ops, and merges dictionaries and variant selections', async () => {
    const lines = await flatten({
      'root.usda': `${SUBLAYER}over "A" (
    prepend apiSchemas = ["B"]
    delete inherits = </gone>
    customData = { int a = 1 }
    variants = { string v = "x" }
)\n{\n}\n`,
      'sub.usda': `def "A" (
    prepend apiSchemas = ["C"]
    prepend inherits = [</gone>, </kept>]
    customData = { int a = 2\n int b = 3 }
    variants = { string v = "y"\n string w = "z" }
)\n{\n}\n`,
    });
    expect(lines).toContain('prepend apiSchemas = ["B", "C"]');
    expect(lines).toContain('prepend inherits = </kept>');
    expect(lines).toContain('delete inherits = </gone>');
    expect(lines.join(' ')).toContain('customData = { int a = 1 int b = 3 }');
    expect(lines.join(' ')).toContain('variants = { string v = "x" string w = "z" }');
  });

  it('maps times of samples, time codes, clips and references by the offset of their layer', async () => {
    const lines = await flatten({
      'root.usda': RETIMED,
      'sub.usda': `def "A" (
    prepend references = @./ref.usda@ (offset = 1)
    clips = { dictionary default = { double2[] active = [(0, 0), (5, 1)] } }
    customData = { timecode t = 4 }
)
{
    double x.timeSamples = { 0: 1, 5: 2 }
    timecode y = 3
}
`,
      'ref.usda': '',
    });
    expect(lines).toContain('prepend references = @ref.usda@ (offset = 12; scale = 2)');
    expect(lines).toContain('double2[] active = [(10, 0), (20, 1)]');
    expect(lines).toContain('timecode t = 18');
    expect(lines.join(' ')).toContain('double x.timeSamples = { 10: 1, 20: 2, }');
    expect(lines).toContain('timecode y = 16');
  });

  it('tells references apart by their offsets as authored', async () => {
    const lines = await flatten({
      'root.usda': `${RETIMED}over "A" ( prepend references = @./ref.usda@ )\n{\n}\n`,
      'sub.usda': 'def "A" ( prepend references = @./ref.usda@ )\n{\n}\n',
      'ref.usda': '',
    });
    expect(lines).toContain('prepend references = @ref.usda@');
  });

  it('lets a default hide weaker samples, and samples stand above weaker defaults', async () => {
    const lines = await flatten({
      'root.usda': `${SUBLAYER}over "A"\n{\n    double hides = 1\n    double shows.timeSamples = { 1: 1 }\n}\n`,
      'sub.usda': 'def "A"\n{\n    double hides.timeSamples = { 1: 2 }\n    double shows = 3\n}\n',
    });
    expect(lines).toContain('double hides = 1');
    expect(lines).not.toContain('double hides.timeSamples = {');
    expect(lines).toContain('double shows = 3');
    expect(lines).toContain('double shows.timeSamples = {');
  });

  it('keeps the rate that sublayers were mapped to', async () => {
    const lines = await flatten({
      'root.usda': SUBLAYER,
      'sub.usda': '( timeCodesPerSecond = 48 )\ndef "A"\n{\n    double x.timeSamples = { 48: 1 }\n}\n',
    });
    expect(lines).toContain('timeCodesPerSecond = 24');
    expect(lines).toContain('24: 1,');
  });

  it('keeps what references do to times across rates', async () => {
    const lines = await flatten({
      'root.usda': SUBLAYER,
      'sub.usda': '( timeCodesPerSecond = 48 )\ndef "A" ( references = @./ref.usda@ (offset = -6; scale = 2) )\n{\n}\n',
      'ref.usda': '',
    });
    expect(lines).toContain('references = @ref.usda@ (offset = -3; scale = 2)');
  });

  it('merges variants, children and their order, and relocates by source', async () => {
    const lines = await flatten({
      'root.usda': `( subLayers = [@./sub.usda@]\n relocates = { </A/x>: </A/y> } )
over "A" ( variantSets = "v" )\n{\n    reorder nameChildren = ["c", "b"]\n    over "c" {}\n    variantSet "v" = { "one" { double p = 1\n} }\n}\n`,
      'sub.usda': `( relocates = { </A/x>: </A/z>, </A/u>: </A/w> } )
def "A" ( variantSets = "v" )\n{\n    def "b" {}\n    def "c" {}\n    variantSet "v" = { "one" { double p = 2\n }\n "two" {} }\n}\n`,
    });
    const text = lines.join(' ');
    expect(text).toContain('relocates = { </A/x>: </A/y>, </A/u>: </A/w> }');
    expect(text).toContain('def "c" { } def "b" { }');
    expect(text).toContain('"one" { double p = 1 } "two" { }');
  });

  it('evaluates expressions in asset paths and keeps the variables', async () => {
    const lines = await flatten({
      'root.usda': '( expressionVariables = { string NAME = "ref" } )\ndef "A" ( references = @`"./${NAME}.usda"`@ )\n{\n}\n',
      'ref.usda': '',
    });
    expect(lines).toContain('references = @ref.usda@');
    expect(lines).toContain('string NAME = "ref"');
  });

  it('composes edits of arrays', async () => {
    const lines = await flatten({
      'root.usda': `${SUBLAYER}over "A"\n{\n    int[] a = edit [ append 3 ]\n}\n`,
      'sub.usda': 'def "A"\n{\n    int[] a = [1, 2]\n}\n',
    });
    expect(lines).toContain('int[] a = [1, 2, 3]');
  });
});
