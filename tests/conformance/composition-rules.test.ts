/** Composition rules that need several layers of text, one rule per case. */
import { describe, expect, it } from 'vitest';
import { Cache, type CacheOptions } from '../../packages/usd-wasm/src/pcp/cache.ts';
import { Layer } from '../../packages/usd-wasm/src/sdf/layer.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';

/** Layers by name; the first is the root. Asset paths are names. A space after a brace stands for the line end that must be there. */
function open(
  texts: Readonly<Record<string, string>>,
  { session, ...options }: Partial<CacheOptions> & { readonly session?: string } = {},
): Cache {
  const layers = new Map(
    Object.entries(texts).map(([name, text]) => {
      const bytes = new TextEncoder().encode(`#usda 1.0\n${text.replaceAll('} ', '}\n')}`);
      return [name, new Layer(name, parseUsda(name, bytes, new ProblemList()), 'usda')];
    }),
  );
  const sessionLayer = session === undefined ? undefined : layers.get(session);
  return new Cache({
    rootLayer: layers.values().next().value as Layer,
    ...(sessionLayer === undefined ? {} : { sessionLayer }),
    layers: { identify: (assetPath) => assetPath, find: (identifier) => layers.get(identifier) ?? { failed: 'no such layer' } },
    ...options,
  });
}

const P = (text: string): Path => text as Path;
const stackOf = (cache: Cache, path: string): string[] =>
  cache.primIndex(P(path)).primStack.map((site) => `${site.layer.identifier}${site.path}`);
const kindsOf = (cache: Cache, path: string): string[] => cache.primIndex(P(path)).errors.map(({ kind }) => kind);

describe('layer stacks', () => {
  it('keep a layer that two branches sublayer in both places', () => {
    const cache = open({
      root: '(subLayers = [@a@, @b@])',
      a: '(subLayers = [@shared@])\nover "P" {}',
      b: '(subLayers = [@shared@])\nover "P" {}',
      shared: 'def "P" {}',
    });
    expect(stackOf(cache, '/P')).toEqual(['a/P', 'shared/P', 'b/P', 'shared/P']);
  });

  it('leave muted sublayers out silently and report muted references', () => {
    const texts = { root: '(subLayers = [@sub@])\ndef "P" (references = @ref@</R>) {}', sub: 'over "P" {}', ref: 'def "R" {}' };
    const cache = open(texts, { mutedLayers: new Set(['sub', 'ref']) });
    expect(cache.layerStack.errors).toEqual([]);
    expect(stackOf(cache, '/P')).toEqual(['root/P']);
    expect(kindsOf(cache, '/P')).toEqual(['MutedAssetPath']);
  });

  it('take the time codes of the session layer when it authors them', () => {
    const texts = { root: '(timeCodesPerSecond = 24)\ndef "P" {}', session: '(timeCodesPerSecond = 48)\nover "P" {}' };
    const cache = open(texts, { session: 'session' });
    expect(cache.layerStack.timeCodesPerSecond).toBe(48);
    expect(cache.primIndex(P('/P')).primStack.map(({ layer, layerOffset }) => [layer.identifier, layerOffset.scale])).toEqual([
      ['session', 1],
      ['root', 2],
    ]);
  });

  it('give referenced layers the expression variables of who refers to them', () => {
    const cache = open({
      root: '(expressionVariables = { string KIND = "tall" })\ndef "P" (references = @ref@</R>) {}',
      ref: '(expressionVariables = { string KIND = "small" })\ndef "R" (variants = { string v = "`\\"${KIND}\\"`" }\n prepend variantSets = "v") { variantSet "v" = { "tall" { over "T" {} } "small" { over "S" {} } } }',
    });
    expect(cache.primIndex(P('/P')).childNames).toEqual(['T']);
  });
});

describe('references', () => {
  it('report what is wrong in the layers they bring', () => {
    const cache = open({ root: 'def "P" (references = @ref@</R>) {}', ref: '(subLayers = [@none@, @ref@])\ndef "R" {}' });
    expect(kindsOf(cache, '/P')).toEqual(['InvalidSublayerPath', 'SublayerCycle']);
  });

  it('map targets by every arc on the way', () => {
    const cache = open({
      root: 'def "W" { def "P" (references = @a@</A>) {} }',
      a: 'def "A" { def "B" (references = @b@</C>) {} }',
      b: 'def "C" { rel r = [</C/D.out>, </Elsewhere>]\n}',
    });
    const { paths, errors } = cache.targets(P('/W/P/B.r'), 'targetPaths');
    expect(paths).toEqual(['/W/P/B/D.out']);
    expect(errors).toMatchObject([{ kind: 'InvalidExternalTargetPath', target: '/Elsewhere', arcType: 'reference', introducedAt: '/A/B' }]);
  });
});

describe('variants', () => {
  it('let a fallback variant hold the selection of another set', () => {
    const cache = open(
      {
        root: `def "P" (prepend variantSets = ["second", "first"]) {
          variantSet "first" = { "on" (variants = { string second = "b" }) {} "off" {} }
          variantSet "second" = { "a" {} "b" { def "B" {} } }
        }`,
      },
      {
        variantFallbacks: new Map([
          ['first', ['on']],
          ['second', ['a']],
        ]),
      },
    );
    // both sets fall back at first; the first one's turn comes after the second's, which is stronger
    expect([...cache.primIndex(P('/P')).variantSelections]).toEqual([
      ['second', 'a'],
      ['first', 'on'],
    ]);
  });

  it('take authored selections found late over fallbacks not yet taken', () => {
    const cache = open(
      {
        root: `def "P" (prepend variantSets = ["first", "second"]) {
          variantSet "first" = { "on" (variants = { string second = "b" }) {} "off" {} }
          variantSet "second" = { "a" {} "b" { def "B" {} } }
        }`,
      },
      {
        variantFallbacks: new Map([
          ['first', ['on']],
          ['second', ['a']],
        ]),
      },
    );
    expect([...cache.primIndex(P('/P')).variantSelections]).toEqual([
      ['first', 'on'],
      ['second', 'b'],
    ]);
  });

  it('of an ancestor count once for each reference to a prim below it', () => {
    const cache = open({
      root: 'def "P" (references = [@ref@</R/Part>, @ref@</R/Part> (offset = 10)]) {}',
      ref: `def "R" (variants = { string v = "x" }
        prepend variantSets = "v") { def "Part" {}
        variantSet "v" = { "x" { over "Part" {} } } }`,
    });
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'ref/R/Part', 'ref/R{v=x}Part', 'ref/R/Part', 'ref/R{v=x}Part']);
  });

  it('in the weaker layer are chosen by the stronger', () => {
    const cache = open({
      root: 'def "P" (references = @ref@</R>\n variants = { string v = "y" }) {}',
      ref: 'def "R" (variants = { string v = "x" }\n prepend variantSets = "v") { variantSet "v" = { "x" {} "y" { def "Y" {} } } }',
    });
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'ref/R', 'ref/R{v=y}']);
    expect(cache.primIndex(P('/P')).variantNames('v')).toEqual(['x', 'y']);
    expect(cache.primIndex(P('/P')).variantSetNames).toEqual(['v']);
  });

  it('may bring payloads, loaded by the prim that has them', () => {
    const texts = {
      root: 'def "P" (variants = { string v = "x" }\n prepend variantSets = "v") { variantSet "v" = { "x" (payload = @pay@</L>) {} } }',
      pay: 'def "L" { def "C" {} }',
    };
    expect(stackOf(open(texts), '/P/C')).toEqual(['pay/L/C']);
    const asked: string[] = [];
    const unloaded = open(texts, {
      includePayload: (path) => {
        asked.push(path);
        return false;
      },
    });
    expect(unloaded.primIndex(P('/P')).childNames).toEqual([]);
    expect(unloaded.primIndex(P('/P')).hasPayloads).toBe(true);
    expect(asked).toEqual(['/P']);
  });
});

describe('classes', () => {
  it('of ancestors are implied for descendants across references', () => {
    const cache = open({
      root: 'def "W" (references = @ref@</M>) { over "Class" { over "C" {} } }',
      ref: 'def "M" { class "Class" { def "C" {} }\n def "I" (inherits = </M/Class>) {} }',
    });
    expect(stackOf(cache, '/W/I/C')).toEqual(['root/W/Class/C', 'ref/M/Class/C']);
  });

  it('chain: what a class inherits comes after it', () => {
    const cache = open({ root: 'class "A" {}\nclass "B" (inherits = </A>) {}\ndef "P" (inherits = [</B>, </A>]) {}' });
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'root/B', 'root/A']);
  });

  it('specialized are weaker than all references, and keep their own arcs together', () => {
    const cache = open({
      root: 'def "Base" (references = @base@</B>) {}\ndef "P" (references = @ref@</R>\n specializes = </Base>) {}',
      ref: 'def "R" {}',
      base: 'def "B" {}',
    });
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'ref/R', 'root/Base', 'base/B']);
  });

  it('specialized inside a variant of a referenced prim still come last', () => {
    const cache = open({
      root: 'def "P" (references = @ref@</R>\n variants = { string v = "x" }) {}',
      ref: 'class "Base" {}\ndef "R" (prepend variantSets = "v"\n payload = @pay@</L>) { variantSet "v" = { "x" (specializes = </Base>) {} } }',
      pay: 'def "L" {}',
    });
    expect(stackOf(cache, '/P')).toEqual(['root/P', 'ref/R', 'ref/R{v=x}', 'pay/L', 'ref/Base']);
  });
});

describe('relocates', () => {
  const texts = {
    root: `(relocates = { </W/M/Rig/Hand>: </W/M/Hand>, </W/M/Old>: <> })
      def "W" { def "M" (references = @ref@</R>) { over "Hand" {} } }`,
    ref: `def "R" { def "Rig" { def "Hand" { def "Finger" {} } }
      def "Old" {}
      rel r = [</R/Rig/Hand/Finger>, </R/Old>, </R/Rig>]
}`,
  };

  it('move prims with what is below them', () => {
    const cache = open(texts);
    expect(stackOf(cache, '/W/M/Hand')).toEqual(['root/W/M/Hand', 'ref/R/Rig/Hand']);
    expect(stackOf(cache, '/W/M/Hand/Finger')).toEqual(['ref/R/Rig/Hand/Finger']);
    expect(stackOf(cache, '/W/M/Rig/Hand')).toEqual([]);
  });

  it('to nothing remove prims, and silently the targets that point to them', () => {
    const cache = open(texts);
    expect(cache.primIndex(P('/W/M')).childNames).toEqual(['Rig', 'Hand']);
    expect(cache.primIndex(P('/W/M')).prohibitedChildNames).toEqual(['Old']);
    expect(cache.targets(P('/W/M.r'), 'targetPaths')).toEqual({ paths: ['/W/M/Hand/Finger', '/W/M/Rig'], deleted: [], errors: [] });
  });

  it('refuse arcs to where a prim was', () => {
    const cache = open({ ...texts, root: `${texts.root}\ndef "X" (references = </W/M/Rig/Hand>) {}` });
    expect(stackOf(cache, '/X')).toEqual(['root/X']);
    expect(kindsOf(cache, '/X')).toContain('ArcToProhibitedChild');
  });
});

describe('instances', () => {
  it('share nested instances and ignore overrides from outside at any depth', () => {
    const cache = open({
      root: 'def "I" (references = @ref@</R>\n instanceable = true) { over "N" { over "C" {} } }',
      ref: 'def "R" { def "N" (references = @far@</F>\n instanceable = true) { over "C" {} } }',
      far: 'def "F" { def "C" {} }',
    });
    expect(cache.primIndex(P('/I/N')).isInstanceable).toBe(true);
    expect(stackOf(cache, '/I/N')).toEqual(['ref/R/N', 'far/F']);
    expect(stackOf(cache, '/I/N/C')).toEqual(['far/F/C']);
  });

  it('need an arc: a plain prim is none', () => {
    expect(open({ root: 'def "I" (instanceable = true) { def "C" {} }' }).primIndex(P('/I')).isInstanceable).toBe(false);
  });
});
