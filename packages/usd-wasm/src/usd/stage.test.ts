import { describe, expect, it } from 'vitest';
import { MemoryResolver, type MemoryFile } from '../ar/memory-resolver.ts';
import { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { parseUsda } from '../usda/parser.ts';
import { writePackage } from '../usdz/writer.ts';
import { makeValue } from '../vt/value.ts';
import { changeBlock } from '../sdf/change-block.ts';
import { minimalPaths } from './notice.ts';
import { Stage, type StageOptions } from './stage.ts';

async function open(files: Readonly<Record<string, string>>, options: Partial<StageOptions> = {}): Promise<Stage> {
  const resolver = new MemoryResolver(new Map(Object.entries(files).map(([path, text]) => [path, bytesOf(text)])));
  return Stage.open('root.usda', { resolver, ...options });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(`#usda 1.0\n${text.replaceAll('}', '\n}\n')}`);
}

const p = (path: string): Path => path as Path;

describe('Stage.open', () => {
  it('finds sublayers by expression variables beside values that JSON cannot hold, and after a change of these', async () => {
    const texts = {
      'root.usda': `#usda 1.0
(
    expressionVariables = {
        int64[] NUMBERS = [1, 2]
        int64 COUNT = 3
        string WHICH = "a"
    }
    subLayers = [@\`"./\${WHICH}.usda"\`@]
)`,
      'a.usda': '#usda 1.0\ndef "A" {\n}',
      'b.usda': '#usda 1.0\ndef "B" {\n}',
    };
    const files = Object.entries(texts).map(([path, text]): [string, Uint8Array] => [path, new TextEncoder().encode(text)]);
    const stage = await Stage.open('root.usda', { resolver: new MemoryResolver(new Map(files)) });
    expect([...stage.traverse()].map(({ path }) => path)).toEqual(['/A']);
    stage.rootLayer.setField(p('/'), 'expressionVariables', makeValue('dictionary', new Map([['WHICH', makeValue('string', 'b')]])));
    await stage.settle();
    expect([...stage.traverse()].map(({ path }) => path)).toEqual(['/B']);
  });

  it('composes references, loading layers level by level', async () => {
    const stage = await open({
      'root.usda': 'def Xform "World" { def "Ball" (references = @./ball.usda@) { double radius = 3 } }',
      'ball.usda': '( defaultPrim = "Geo" )\ndef Sphere "Geo" { double radius = 2\n def "Inner" (references = @./inner.usda@</X>) {} }',
      'inner.usda': 'def Cube "X" { double size = 5 }',
    });
    expect([...stage.traverse()].map((prim) => `${prim.path} ${prim.typeName}`)).toEqual([
      '/World Xform',
      '/World/Ball Sphere',
      '/World/Ball/Inner Cube',
    ]);
    expect(stage.getPrimAtPath(p('/World/Ball'))?.getAttribute('radius')?.getValue()?.value).toBe(3);
    expect(stage.getPrimAtPath(p('/World/Ball/Inner'))?.getAttribute('size')?.getValue()?.value).toBe(5);
    expect(stage.usedLayers.length).toBe(3);
    expect(stage.problems).toEqual([]);
  });

  it('reports an unresolved reference with path and asset, and goes on', async () => {
    const stage = await open({ 'root.usda': 'def "A" (references = @./gone.usda@) {}\ndef "B" {}' });
    expect([...stage.traverse()].map((prim) => prim.path)).toEqual(['/A', '/B']);
    expect(stage.problems).toHaveLength(1);
    expect(stage.problems[0]).toMatchObject({ path: '/A', code: 'composition-invalid-asset-path' });
  });

  it('throws the typed error when the root layer is missing or broken', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'resolve-error' });
    await expect(open({ 'root.usda': 'def {' })).rejects.toMatchObject({ name: 'UsdaParseError' });
  });

  it('stops on abort', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(open({ 'root.usda': '' }, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('loads sublayers of referenced layers, and what they refer to', async () => {
    const stage = await open({
      'root.usda': 'def "A" (references = @./a.usda@</A>) {}\ndef "B" (references = @./a.usda@</A/K>) {}',
      'a.usda': '( subLayers = [@./b.usda@] )\ndef "A" {}',
      'b.usda': '( subLayers = [@./c.usda@] )\nover "A" (references = @./d.usda@</D>) { def Cube "K" {} }',
      'c.usda': 'over "A" { over "K" { double size = 6 } }',
      'd.usda': 'def Xform "D" { def Cone "E" {} }',
    });
    expect([...stage.traverse()].map((prim) => `${prim.path} ${prim.typeName}`)).toEqual(['/A Xform', '/A/E Cone', '/A/K Cube', '/B Cube']);
    expect(stage.getPrimAtPath(p('/B'))?.getAttribute('size')?.getValue()?.value).toBe(6);
    expect(stage.problems).toEqual([]);
  });

  it('gives the host its turn and stops between batches when aborted', async () => {
    const prims = Array.from({ length: 20_000 }, (_, i) => `def "P${i}" {}`).join('\n');
    const controller = new AbortController();
    let turns = 0;
    const opening = open(
      { 'root.usda': prims },
      {
        signal: controller.signal,
        yieldNow: async () => {
          turns++;
          controller.abort();
        },
      },
    );
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(turns).toBe(1);
  });

  it('composes in the same order however long layers take, and asks for those that are missing together', async () => {
    const instances = ['a', 'b', 'c'].map((name) => `def "${name}" (instanceable = true\nreferences = @./${name}.usda@</X>) {}`);
    const files: readonly (readonly [string, Uint8Array])[] = [
      ['root.usda', bytesOf(`def "Deep" { def "Er" { def "Late" (references = @./c.usda@</X>) {} } }\n${instances.join('\n')}`)],
      ['a.usda', bytesOf('def "X" (references = @./b.usda@</X>) { def Cube "OfA" {} }')],
      ['b.usda', bytesOf('def "X" { def Sphere "OfB" {} }')],
      ['c.usda', bytesOf('def "X" { def Cone "OfC" {} }')],
    ];
    const asked: string[][] = [];
    let turn: string[] | undefined;
    const slow = files.map(([path, bytes]): [string, MemoryFile] => [
      path,
      () => {
        if (turn === undefined) {
          asked.push((turn = []));
          setTimeout(() => (turn = undefined), 5);
        }
        turn.push(path);
        return new Promise((resolve) => setTimeout(() => resolve(bytes), path === 'a.usda' ? 40 : 10));
      },
    ]);
    const scenes = [];
    for (const resolver of [new MemoryResolver(new Map(files)), new MemoryResolver(new Map(slow))]) {
      const stage = await Stage.open('root.usda', { resolver });
      scenes.push(['a', 'b', 'c'].map((name) => [name, stage.getPrimAtPath(p(`/${name}`))?.prototype?.path, stage.primCount]));
    }
    expect(scenes[1]).toEqual(scenes[0]);
    expect(asked.map((paths) => paths.sort())).toEqual([['root.usda'], ['a.usda', 'b.usda', 'c.usda']]);
  });

  it('leaves payloads out when told to', async () => {
    const files = { 'root.usda': 'def "A" (payload = @./p.usda@</P>) {}', 'p.usda': 'def "P" { def "C" {} }' };
    const all = await open(files);
    expect(all.getPrimAtPath(p('/A/C'))?.isLoaded).toBe(true);
    const none = await open(files, { load: 'none' });
    expect(none.getPrimAtPath(p('/A/C'))).toBeUndefined();
    expect(none.getPrimAtPath(p('/A'))?.isLoaded).toBe(false);
    expect([...none.traverse()]).toEqual([]);
  });

  it('skips inactive, undefined and abstract prims in a traversal', async () => {
    const stage = await open({
      'root.usda': 'over "O" { def "X" {} }\nclass "C" { def "Y" {} }\ndef "I" (active = false) { def "Z" {} }\ndef "D" {}',
    });
    expect([...stage.traverse()].map((prim) => prim.path)).toEqual(['/D']);
    expect(stage.getPrimAtPath(p('/O/X'))?.isDefined).toBe(false);
    expect(stage.getPrimAtPath(p('/C/Y'))?.isAbstract).toBe(true);
    expect(stage.getPrimAtPath(p('/I/Z'))).toBeUndefined();
  });
});

const INSTANCES = {
  'root.usda': `
class Xform "Proto" { def Sphere "Ball" { double radius = 4
 rel friend = </Proto/Box> }
 def Cube "Box" {} }
def "A" (instanceable = true
 inherits = </Proto>) { token visibility = "invisible" }
def "B" (instanceable = true
 inherits = </Proto>) {}
def "C" (inherits = </Proto>) {}`,
};

describe('the limit of prims per byte', () => {
  /** 330 times a class of 332 prims: more prims than any stage may have whose layers are this short. */
  const names = Array.from({ length: 331 }, (_, i) => `P${i}`);
  const text = `#usda 1.0\nclass "C" {\n${names.map((name) => `def "${name}" {}`).join('\n')}\n}\n${names.map((name) => `def "${name}" (inherits = </C>) {}`).join('\n')}\n`;

  it('does not hold for layers that were made in memory', async () => {
    const data = parseUsda('root.usda', new TextEncoder().encode(text), { report: () => undefined });
    const stage = await Stage.open('root.usda', {
      resolver: new MemoryResolver(new Map()),
      layers: [new Layer('root.usda', data, 'memory')],
      limits: { primsPerByte: 0 },
    });
    expect(stage.problems).toEqual([]);
    expect(stage.primCount).toBeGreaterThan(100_000);
  });
});

describe('instancing', () => {
  it('shares one prototype among instances with one key', async () => {
    const stage = await open(INSTANCES);
    expect(stage.prototypes.map((prim) => prim.path)).toEqual(['/__Prototype_1']);
    const a = stage.getPrimAtPath(p('/A'));
    expect(a?.isInstance).toBe(true);
    expect(a?.children).toEqual([]);
    expect(a?.prototype?.children.map((prim) => prim.path)).toEqual(['/__Prototype_1/Ball', '/__Prototype_1/Box']);
    expect(stage.getPrimAtPath(p('/B'))?.prototype).toBe(a?.prototype);
    expect(stage.getPrimAtPath(p('/C'))?.children.length).toBe(2);
    expect(a?.getAttribute('visibility')?.getValue()?.value).toBe('invisible');
  });

  it('finds instance proxies by path, with values and targets in their namespace', async () => {
    const stage = await open(INSTANCES);
    const ball = stage.getPrimAtPath(p('/B/Ball'));
    expect(ball?.isInstanceProxy).toBe(true);
    expect(ball?.parent?.path).toBe('/B');
    expect(ball?.getAttribute('radius')?.getValue()?.value).toBe(4);
    expect(ball?.getRelationship('friend')?.getTargets()).toEqual(['/B/Box']);
    expect(stage.getPrimAtPath(p('/__Prototype_1/Ball'))?.getRelationship('friend')?.getTargets()).toEqual(['/__Prototype_1/Box']);
    expect(stage.getPrimAtPath(p('/B/Nothing'))).toBeUndefined();
  });
});

/** Selects a variant in the session layer; gives the paths that were composed anew. */
async function select(stage: Stage, path: Path, set: string, selection: string | undefined): Promise<Path[]> {
  const { sessionLayer } = stage;
  const resynced: Path[] = [];
  const stop = stage.addListener('objectsChanged', (notice) => resynced.push(...notice.resyncedPaths));
  changeBlock(() => {
    sessionLayer.createPrimSpec(path);
    const selections = new Map(sessionLayer.fieldAs(path, 'variantSelection', 'variantSelectionMap'));
    if (selection === undefined) selections.delete(set);
    else selections.set(set, selection);
    sessionLayer.setField(path, 'variantSelection', selections.size === 0 ? undefined : makeValue('variantSelectionMap', selections));
  });
  await stage.settle();
  stop();
  return minimalPaths(resynced);
}

describe('nested instancing', () => {
  const NESTED = {
    'root.usda': `
class "Inner" { def Sphere "Ball" {} }
class "Outer" { def "I1" (instanceable = true
 inherits = </Inner>) {}
 def "I2" (instanceable = true
 inherits = </Inner>) {} }
def "A" (instanceable = true
 inherits = </Outer>) {}
def "B" (instanceable = true
 inherits = </Outer>) {}
def "C" (inherits = </Outer>) {}`,
  };

  it('instances inside prototypes and outside share one prototype', async () => {
    const stage = await open(NESTED);
    expect(stage.prototypes).toHaveLength(2);
    const ball = stage.getPrimAtPath(p('/B/I2/Ball'));
    expect(ball?.typeName).toBe('Sphere');
    expect(ball?.parent?.path).toBe('/B/I2');
    expect(ball?.parent?.isInstance).toBe(true);
    expect(ball?.parent?.prototype).toBe(stage.getPrimAtPath(p('/C/I1'))?.prototype);
    // Two each in /C, in the prototype of /A and /B, and in the class itself.
    expect(stage.instancesOf(stage.getPrimAtPath(p('/C/I1'))!.prototype!)).toHaveLength(6);
  });

  it('a prototype whose source leaves takes another instance as source', async () => {
    const stage = await open({
      'root.usda': `
class "K" (variants = { string v = "a" }
 prepend variantSets = "v") { variantSet "v" = { "a" { def Sphere "S" {} } "b" { def Cube "S" {} } } }
def "A" (instanceable = true
 inherits = </K>) {}
def "B" (instanceable = true
 inherits = </K>) {}
def "C" (instanceable = true
 inherits = </K>) {}`,
    });
    await select(stage, p('/A'), 'v', 'b');
    expect(stage.getPrimAtPath(p('/B/S'))?.typeName).toBe('Sphere');
    expect(stage.getPrimAtPath(p('/B'))?.prototype).toBe(stage.getPrimAtPath(p('/C'))?.prototype);
    await select(stage, p('/K'), 'v', 'b');
    expect(stage.getPrimAtPath(p('/C/S'))?.typeName).toBe('Cube');
    expect(stage.prototypes).toHaveLength(1);
    for (const path of ['/A', '/B', '/C']) expect(stage.getPrimAtPath(p(path))?.prototype).toBe(stage.prototypes[0]);
  });
});

describe('session edits', () => {
  const VARIANTS = {
    'root.usda': `
def "A" (variants = { string shape = "ball" }
 prepend variantSets = "shape") {
 variantSet "shape" = { "ball" { def Sphere "S" {} } "box" (references = @./box.usda@</Box>) { } } }
def "B" (inherits = </A>) {}
def "Other" {}`,
    'box.usda': 'def "Box" { def Cube "C" {} }',
  };

  it('a variant selection recomposes the prim and what inherits from it, loading layers', async () => {
    const stage = await open(VARIANTS);
    const other = stage.getPrimAtPath(p('/Other'));
    const old = stage.getPrimAtPath(p('/A'));
    expect(old?.getVariantSets().map((set) => [set.name, set.getVariantNames(), set.getVariantSelection()])).toEqual([
      ['shape', ['ball', 'box'], 'ball'],
    ]);
    const changes = await select(stage, p('/A'), 'shape', 'box');
    expect(changes).toEqual(['/A', '/B']);
    // the handle stays, as there still is a prim
    expect(old?.isValid).toBe(true);
    expect(old?.getVariantSet('shape').getVariantSelection()).toBe('box');
    expect(stage.getPrimAtPath(p('/A/C'))?.typeName).toBe('Cube');
    expect(stage.getPrimAtPath(p('/A/S'))).toBeUndefined();
    expect(stage.getPrimAtPath(p('/B/C'))?.typeName).toBe('Cube');
    expect(stage.getPrimAtPath(p('/Other'))).toBe(other);
    await select(stage, p('/A'), 'shape', undefined);
    expect(stage.getPrimAtPath(p('/A/S'))?.typeName).toBe('Sphere');
  });

  it('an instance gets another prototype by its variant selection', async () => {
    const stage = await open({
      'root.usda': `
class "Proto" (variants = { string shape = "ball" }
 prepend variantSets = "shape") { variantSet "shape" = { "ball" { def Sphere "S" {} } "box" { def Cube "C" {} } } }
def "A" (instanceable = true
 inherits = </Proto>) {}
def "B" (instanceable = true
 inherits = </Proto>) {}`,
    });
    expect(stage.prototypes).toHaveLength(1);
    const changes = await select(stage, p('/A'), 'shape', 'box');
    expect(stage.getPrimAtPath(p('/A/C'))?.typeName).toBe('Cube');
    expect(stage.getPrimAtPath(p('/B/S'))?.typeName).toBe('Sphere');
    expect(stage.prototypes).toHaveLength(2);
    expect(changes[0]).toBe('/A');
    await select(stage, p('/A'), 'shape', undefined);
    expect(stage.prototypes).toHaveLength(1);
    expect(stage.getPrimAtPath(p('/A'))?.prototype).toBe(stage.getPrimAtPath(p('/B'))?.prototype);
  });

  it('an opinion of the session is seen at once and can be taken back', async () => {
    const stage = await open({ 'root.usda': 'def Xform "A" { token visibility = "inherited" }\ndef Xform "B" {}' });
    const { sessionLayer } = stage;
    const visibility = stage.getPrimAtPath(p('/A'))?.getAttribute('visibility');
    const heard: string[][] = [];
    stage.addListener('objectsChanged', ({ resyncedPaths, changedInfoOnlyPaths }) =>
      heard.push([...resyncedPaths, '|', ...changedInfoOnlyPaths]),
    );
    changeBlock(() => {
      sessionLayer.createPropertySpec(p('/A.visibility'), 'attribute', { typeName: 'token' });
      sessionLayer.setField(p('/A.visibility'), 'default', makeValue('token', 'invisible'));
    });
    expect(visibility?.get()).toBe('invisible');
    sessionLayer.setField(p('/A.visibility'), 'default', makeValue('token', 'inherited'));
    expect(visibility?.get()).toBe('inherited');
    sessionLayer.createPropertySpec(p('/B.mark'), 'attribute', { typeName: 'int' });
    expect(stage.getPrimAtPath(p('/B'))?.getPropertyNames()).toContain('mark');
    expect(heard).toEqual([
      ['/A.visibility', '|'],
      ['|', '/A.visibility'],
      ['/B.mark', '|'],
    ]);
  });

  it('minimal paths are sorted and without descendants', () => {
    expect(minimalPaths([p('/B'), p('/A/C'), p('/A'), p('/AB'), p('/A')])).toEqual(['/A', '/AB', '/B']);
  });
});

describe('stage metadata', () => {
  it('has fallbacks, and session over root', async () => {
    const stage = await open({ 'root.usda': '( upAxis = "Z"\n timeCodesPerSecond = 30\n endTimeCode = 48 )\ndef "A" {}' });
    expect([
      stage.upAxis,
      stage.metersPerUnit,
      stage.timeCodesPerSecond,
      stage.framesPerSecond,
      stage.startTimeCode,
      stage.endTimeCode,
    ]).toEqual(['Z', 0.01, 30, 24, undefined, 48]);
  });
});

describe('packages', () => {
  it('are read once, as a layer and for what is inside', async () => {
    const text = (source: string): Uint8Array => new TextEncoder().encode(`#usda 1.0\n${source}`);
    const bytes = writePackage([
      { name: 'root.usda', bytes: text('def "A" (\n references = @./sub/ball.usda@</Ball>\n)\n{\n asset tex = @./t.png@\n}\n') },
      { name: 'sub/ball.usda', bytes: text('def Sphere "Ball"\n{\n}\n') },
      { name: 't.png', bytes: Uint8Array.of(1, 2, 3) },
    ]);
    let reads = 0;
    const stage = await Stage.open('p.usdz', {
      resolver: new MemoryResolver(
        new Map([
          [
            'p.usdz',
            async () => {
              reads++;
              return bytes;
            },
          ],
        ]),
      ),
    });
    const prim = stage.getPrimAtPath(p('/A'));
    expect(prim?.typeName).toBe('Sphere');
    const texture = prim?.getAttribute('tex')?.getValue()?.value as { resolvedPath: string };
    expect(texture.resolvedPath).toBe('p.usdz[t.png]');
    expect([...(await stage.resolver.read(texture.resolvedPath))]).toEqual([1, 2, 3]);
    expect(reads).toBe(1);
  });
});

describe('problems after a variant switch', () => {
  const files = {
    'root.usda': `def "A" ( variants = { string v = "broken" }\n prepend variantSets = "v" ) {
      variantSet "v" = {
        "broken" ( references = @./gone.usda@ ) { def "B" ( references = @./odd.usda@</M> ) { def "C" ( references = </Nowhere> ) {} } }
        "whole" { def "B" {\n rel r = </A> } }
        "reverse" ( references = @./odd.usda@</Nothing> ) {} } }
      def "Always" ( references = @./missing.usda@ ) {}
      def "Instance" ( instanceable = true\n references = </A> ) {}`,
    'odd.usda': 'def "M" { asset control = @\u0001@ }',
  };
  const texts = (stage: Stage): string[] =>
    stage.problems.map(({ code, path, asset, message }) => `${code} ${path} ${asset} ${message}`).sort();

  it('are those of a stage opened anew', async () => {
    const heard: string[] = [];
    const stage = await open(files, { reporter: { report: (problem) => heard.push(problem.code) } });
    const first = texts(stage);
    expect(stage.problems.map(({ code }) => code)).toContain('usda-control-character');
    expect(heard).toHaveLength(first.length);
    for (const selection of ['whole', 'reverse', 'whole', 'broken', '', 'broken']) {
      await select(stage, p('/A'), 'v', selection);
      const anew = await open(files, { sessionLayer: stage.sessionLayer });
      expect(texts(stage), selection).toEqual(texts(anew));
      expect(stage.problems.length, selection).toBe({ whole: 1, '': 1, reverse: 3, broken: first.length }[selection]);
    }
    expect(texts(stage)).toEqual(first);
  });

  it('are heard again when they come back, and not when they stayed', async () => {
    const heard: string[] = [];
    const stage = await open(files, { reporter: { report: ({ code, path }) => heard.push(`${code} ${path ?? ''}`) } });
    const first = heard.splice(0);
    await select(stage, p('/A'), 'v', 'whole');
    expect(heard).toEqual([]);
    await select(stage, p('/A'), 'v', 'broken');
    expect(first.filter((line) => !line.startsWith('usda-') && !line.endsWith('/Always')).sort()).toEqual(heard.sort());
  });

  it('of targets stay until their prim is composed anew', async () => {
    const stage = await open({
      'root.usda': `def "A" ( references = @./a.usda@</R>\n variants = { string v = "x" }\n prepend variantSets = "v" ) { variantSet "v" = { "x" {} "y" {} } }
        def "B" {}`,
      'a.usda': 'def "R" {\n rel r = </Outside> }',
    });
    expect(stage.problems).toEqual([]);
    expect(stage.getPrimAtPath(p('/A'))?.getRelationship('r')?.getTargets()).toEqual([]);
    expect(stage.problems.map(({ code }) => code)).toEqual(['composition-invalid-external-target-path']);
    await select(stage, p('/B'), 'v', 'x');
    expect(stage.problems).toHaveLength(1);
    await select(stage, p('/A'), 'v', 'y');
    expect(stage.problems).toEqual([]);
  });
});
