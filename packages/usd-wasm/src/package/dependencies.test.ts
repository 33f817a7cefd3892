import { describe, expect, test } from 'vitest';
import { MemoryResolver } from '../ar/memory-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { ProblemList } from '../tf/reporter.ts';
import { writePackage } from '../usdz/writer.ts';
import { computeAllDependencies, extractExternalReferences } from './dependencies.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function files(texts: Readonly<Record<string, string>>): MemoryResolver {
  return new MemoryResolver(new Map(Object.entries(texts).map(([name, text]) => [name, encode(text)])));
}

const ROOT = `#usda 1.0
(
    customLayerData = {
        asset base = @./base.usda@
        dictionary more = {
            asset[] list = [@./one.png@, @@, @./two.png@]
        }
    }
    subLayers = [
        @./sub.usda@
    ]
)

def "A" (
    references = [@./ref.usda@</X>, </B>]
    payload = @./load.usda@
    delete inherits = </C>
    clips = {
        dictionary default = {
            string templateAssetPath = "./clips/c.##.usda"
            string primPath = "/A"
            double templateStartTime = 1
            double templateEndTime = 2
            double templateStride = 1
        }
    }
)
{
    asset tile = @./tex.<UDIM>.png@
    asset timed.timeSamples = {
        1: @./first.png@,
        2: @./second.png@,
    }
    string no = "./not-an-asset.png"
    variantSet "v" = {
        "x" (
            references = @./variant.usda@
        ) {
            asset inside = @./inside.png@
        }
    }
}

over "Weaker" (
    delete references = @./deleted.usda@
)
{
}
`;

const SCENE = {
  'root.usda': ROOT,
  'tex.1001.png': '',
  'tex.1012.png': '',
  'tex.12.png': '',
  'clips/c.01.usda': '#usda 1.0',
  'clips/c.02.usda': '#usda 1.0',
  'other/c.03.usda': '#usda 1.0',
};

describe('external references of a layer', () => {
  test('are sublayers, references with asset values and clips, and payloads, sorted', async () => {
    expect(await extractExternalReferences('root.usda', { resolver: files(SCENE) })).toEqual({
      subLayers: ['./sub.usda'],
      references: [
        './base.usda',
        './clips/c.01.usda',
        './clips/c.02.usda',
        './first.png',
        './inside.png',
        './one.png',
        './ref.usda',
        './second.png',
        './tex.<UDIM>.png',
        './two.png',
        './variant.usda',
      ],
      payloads: ['./load.usda'],
    });
  });

  test('have the tiles that exist in place of the tag, if asked', async () => {
    const { references } = await extractExternalReferences('root.usda', { resolver: files(SCENE), resolveUdimPaths: true });
    expect(references.filter((path) => path.includes('tex'))).toEqual(['./tex.1001.png', './tex.1012.png']);
  });

  test('are probed for where folders cannot be listed', async () => {
    const inner = files(SCENE);
    const blind: AssetResolver = { identify: (path, anchor) => inner.identify(path, anchor), read: (identifier) => inner.read(identifier) };
    const { references } = await extractExternalReferences('root.usda', { resolver: blind, resolveUdimPaths: true });
    expect(references.filter((path) => /tex|clips/.test(path))).toEqual([
      './clips/c.01.usda',
      './clips/c.02.usda',
      './tex.1001.png',
      './tex.1012.png',
    ]);
  });
});

describe('all dependencies', () => {
  test('are followed through layers, variables of expressions set by the root', async () => {
    const resolver = files({
      'root.usda':
        '#usda 1.0\n(\n    expressionVariables = {\n        string NAME = "wood"\n    }\n    subLayers = [@./mid/mid.usda@]\n)\n',
      'mid/mid.usda':
        '#usda 1.0\n(\n    expressionVariables = {\n        string NAME = "stone"\n    }\n)\ndef "A" (references = @`"../${NAME}.usda"`@</A>)\n{\n    asset gone = @./gone.png@\n}\n',
      'wood.usda': '#usda 1.0\ndef "A"\n{\n    asset t = @wood.png@\n    asset m = @./look.mtlx@\n}\n',
      'wood.png': 'png',
      'look.mtlx':
        '<?xml version="1.0"?>\n<materialx fileprefix="tex/"><!-- <x type="filename" value="no.png"/> -->\n<image><input name="file" type="filename" value="grain.png"/></image></materialx>',
      'tex/grain.png': 'png',
    });
    const { layers, assets, unresolved } = await computeAllDependencies('root.usda', { resolver });
    expect(layers).toEqual(['root.usda', 'mid/mid.usda', 'wood.usda']);
    expect(assets).toEqual(['wood.png', 'look.mtlx', 'tex/grain.png']);
    expect(unresolved).toEqual([{ assetPath: './gone.png', identifier: 'mid/gone.png', layer: 'mid/mid.usda', specPath: '/A.gone' }]);
  });

  test('of packages are what lies in the root package; packages that it names are one file', async () => {
    const inner = writePackage([{ name: 'deep.usda', bytes: encode('#usda 1.0\ndef "D"\n{\n    asset t = @./none.png@\n}\n') }]);
    const outer = writePackage([
      {
        name: 'top.usda',
        bytes: encode(
          '#usda 1.0\ndef "A" (references = [@./part.usda@</P>, @inner.usdz[deep.usda]@</D>])\n{\n    asset t = @tex/a.png@\n}\n',
        ),
      },
      { name: 'part.usda', bytes: encode('#usda 1.0\ndef "P"\n{\n}\n') },
      { name: 'inner.usdz', bytes: inner },
      { name: 'tex/a.png', bytes: encode('png') },
    ]);
    const { layers, assets, unresolved } = await computeAllDependencies('p.usdz', {
      resolver: new MemoryResolver(new Map([['p.usdz', outer]])),
    });
    expect(layers).toEqual(['p.usdz[top.usda]', 'p.usdz[part.usda]', 'p.usdz[inner.usdz]']);
    expect(assets).toEqual(['p.usdz[tex/a.png]']);
    expect(unresolved).toEqual([]);
  });

  test('of what is no layer are none, and that is reported', async () => {
    const resolver = files({ 'root.usda': '#usda 1.0\n(\n    subLayers = [@./bad.usda@]\n)\n', 'bad.usda': '#usda 1.0\ndef {' });
    const reporter = new ProblemList();
    const { layers, assets } = await computeAllDependencies('root.usda', { resolver, reporter });
    expect([layers, assets]).toEqual([['root.usda'], ['bad.usda']]);
    expect(reporter.problems.map((problem) => problem.code)).toContain('unreadable-dependency');
  });
});
