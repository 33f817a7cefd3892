/** Value clips: samples kept in other layers (values.md section 5). */
import { describe, expect, test } from 'vitest';
import { ProblemList, type Attribute, type Path, type Stage } from 'usd-wasm';
import { openText } from '../support/open-text.ts';

const SIZE = '/A.size' as Path;

function attribute(stage: Stage, path: Path = SIZE): Attribute {
  const [prim, name] = path.split('.') as [Path, string];
  const found = stage.getPrimAtPath(prim)?.getAttribute(name);
  if (found === undefined) throw new Error(`no attribute <${path}>`);
  return found;
}

/** A clip with samples of `/C.size`. */
const clip = (samples: string, more = ''): string => `def "C" {\ncustom double size.timeSamples = {\n${samples}\n}\n${more}\n}`;

/** `/A` with one set of clips. */
function scene(info: string, files: Readonly<Record<string, string>>, body = 'custom double size'): Record<string, string> {
  return { 'root.usda': `def "A" (clips = {\ndictionary default = {\nstring primPath = "/C"\n${info}\n}\n}\n) {\n${body}\n}`, ...files };
}

const TWO = {
  'a.usda': clip('0: 0,\n10: 10,'),
  'b.usda': clip('0: 100,\n10: 110,'),
};
const valuesAt = (stage: Stage, times: readonly number[]): unknown[] => times.map((time) => attribute(stage).getValue(time)?.value);

describe('explicit clips', () => {
  test('are active from their time to that of the next; the first from ever, the last for ever', async () => {
    const stage = await openText(scene('asset[] assetPaths = [@a.usda@, @b.usda@]\ndouble2[] active = [(0, 0), (5, 1)]', TWO));
    // Between the sample at 0 and the start of the next clip at 5, which is one: 105 there.
    expect(valuesAt(stage, [-5, 0, 4, 5, 10, 50])).toEqual([0, 0, 84, 105, 110, 110]);
    expect([...attribute(stage).getTimeSamples()]).toEqual([0, 5, 10]);
    expect(attribute(stage).valueMightBeTimeVarying).toBe(true);
    expect(attribute(stage).valueSource).toBe('clips');
  });

  test('map times piecewise, and hold the ends of the mapping', async () => {
    const stage = await openText(
      scene('asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]\ndouble2[] times = [(100, 0), (120, 10)]', TWO),
    );
    expect(valuesAt(stage, [90, 100, 110, 120, 130])).toEqual([0, 0, 5, 10, 10]);
  });

  test('jump where two entries of the mapping have one time', async () => {
    const stage = await openText(
      scene('asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]\ndouble2[] times = [(0, 0), (10, 10), (10, 0), (20, 10)]', TWO),
    );
    expect(valuesAt(stage, [9, 10, 15])).toEqual([9, 0, 5]);
    expect(attribute(stage).getValueBefore(10)?.value).toBeCloseTo(10, 6);
  });

  test('are weaker than what their layer says, stronger than what is referenced', async () => {
    const info = 'asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]';
    expect(valuesAt(await openText(scene(info, TWO, 'custom double size = 7')), [5])).toEqual([7]);
    const files = scene(info, { ...TWO, 'r.usda': 'def "R" {\ncustom double size = 9\n}' }, '');
    files['root.usda'] = (files['root.usda'] as string).replace('def "A" (', 'def "A" (references = @r.usda@</R>\n');
    const stage = await openText(files);
    expect(valuesAt(stage, [5])).toEqual([5]);
    // At Default clips do not count.
    expect(attribute(stage).getValue()?.value).toBe(9);
  });

  test('move with the layer that names them, on the side of the stage', async () => {
    const inner = scene('asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]\ndouble2[] times = [(0, 0), (10, 10)]', TWO);
    const stage = await openText({
      ...TWO,
      'sub.usda': inner['root.usda'] as string,
      'root.usda': '(\nsubLayers = [@sub.usda@ (offset = 100; scale = 2)]\n)',
    });
    expect(valuesAt(stage, [100, 110, 120])).toEqual([0, 5, 10]);
  });

  test('animate what is below the prim too, and no attribute that is uniform', async () => {
    const files = scene(
      'asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]',
      {
        'a.usda': 'def "C" { def "K" {\ndouble x.timeSamples = {\n0: 3,\n}\nuniform double u.timeSamples = {\n0: 3,\n}\n} }',
      },
      'def "K" {\ncustom double x\ncustom uniform double u\n}',
    );
    const stage = await openText(files);
    expect(attribute(stage, '/A/K.x' as Path).getValue(0)?.value).toBe(3);
    expect(attribute(stage, '/A/K.u' as Path).getValue(0)).toBeUndefined();
  });

  test('that cannot be read are reported and count as clips without samples', async () => {
    const reporter = new ProblemList();
    const stage = await openText(scene('asset[] assetPaths = [@a.usda@, @none.usda@]\ndouble2[] active = [(0, 0), (5, 1)]', TWO), {
      reporter,
    });
    expect(reporter.problems.some(({ message }) => message.includes('none.usda'))).toBe(true);
    expect(reporter.problems.map(({ code }) => code)).toContain('clip-unreadable');
    expect(valuesAt(stage, [0, 6])).toEqual([0, undefined]);
  });

  test('without a prim path, active times or files are none', async () => {
    const info = ['asset[] assetPaths = [@a.usda@]', 'double2[] active = [(0, 0)]', 'asset[] assetPaths = []\ndouble2[] active = [(0, 0)]'];
    for (const part of info) expect(valuesAt(await openText(scene(part, TWO)), [5])).toEqual([undefined]);
    const stage = await openText(scene('asset[] assetPaths = [@a.usda@]', TWO));
    expect(stage.problems.map(({ code }) => code)).toEqual(['clip-set-ignored']);
  });
});

describe('clips without samples', () => {
  const THREE = {
    ...TWO,
    'hole.usda': 'def "C" {}',
    'manifest.usda': 'def "C" {\ndouble size = -1\n}',
    'bare.usda': 'def "C" {\ndouble size\n}',
  };
  const INFO =
    'asset[] assetPaths = [@a.usda@, @hole.usda@, @b.usda@]\ndouble2[] active = [(0, 0), (10, 1), (20, 2)]\ndouble2[] times = [(0, 0), (10, 10), (20, 0), (30, 10)]';

  test('give no value, or the default of the manifest', async () => {
    expect(valuesAt(await openText(scene(INFO, THREE)), [0, 15, 20])).toEqual([0, undefined, 100]);
    expect(valuesAt(await openText(scene(`${INFO}\nasset manifestAssetPath = @manifest.usda@`, THREE)), [0, 10, 20])).toEqual([0, -1, 100]);
    expect(valuesAt(await openText(scene(`${INFO}\nasset manifestAssetPath = @bare.usda@`, THREE)), [0, 15])).toEqual([0, undefined]);
  });

  test('are passed over where missing values are interpolated', async () => {
    const stage = await openText(scene(`${INFO}\nbool interpolateMissingClipValues = 1\nasset manifestAssetPath = @bare.usda@`, THREE));
    const [before, between, after] = valuesAt(stage, [10, 15, 20]) as number[];
    expect(after).toBe(100);
    expect(between).toBeGreaterThan(before as number);
    expect(between).toBeLessThan(100);
  });

  test('a manifest says which attributes are looked up at all', async () => {
    const files = { ...TWO, 'manifest.usda': 'def "C" {\ndouble other\n}' };
    const info = 'asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]\nasset manifestAssetPath = @manifest.usda@';
    expect(valuesAt(await openText(scene(info, files)), [5])).toEqual([undefined]);
  });
});

describe('templates', () => {
  const frames = {
    'f.001.usda': clip('1: 1,'),
    'f.003.usda': clip('3: 3,'),
    'g.01.50.usda': clip('1.5: 15,'),
    'g.02.00.usda': clip('2: 20,'),
  };
  const template = (path: string, start: number, end: number, stride: number, more = ''): string =>
    `string templateAssetPath = "${path}"\ndouble templateStartTime = ${start}\ndouble templateEndTime = ${end}\ndouble templateStride = ${stride}\n${more}`;

  test('take the files that exist', async () => {
    const stage = await openText(scene(template('./f.###.usda', 1, 4, 1), frames));
    expect(valuesAt(stage, [1, 2, 3])).toEqual([1, 2, 3]);
    expect([...attribute(stage).getTimeSamples()]).toEqual([1, 3]);
  });

  test('count in parts of a frame', async () => {
    const stage = await openText(scene(template('./g.##.##.usda', 1.5, 2, 0.5), frames));
    expect(valuesAt(stage, [1.5, 2])).toEqual([15, 20]);
  });

  test('may be active before or after their time, within the stride', async () => {
    const stage = await openText(scene(template('./f.###.usda', 1, 3, 2, 'double templateActiveOffset = -1'), frames));
    // The clip of frame 3 is active from 2 on, and the times at both ends reach one further.
    expect(valuesAt(stage, [1, 2, 3, 4])).toEqual([1, 3, 3, 3]);
    const ignored = await openText(scene(template('./f.###.usda', 1, 3, 2, 'double templateActiveOffset = 3'), frames));
    expect(valuesAt(ignored, [1])).toEqual([undefined]);
  });

  test('are ignored beside explicit files', async () => {
    const info = `${template('./f.###.usda', 1, 4, 1)}\nasset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]`;
    expect(valuesAt(await openText(scene(info, { ...TWO, ...frames })), [5])).toEqual([5]);
  });
});

describe('several sets', () => {
  const set = (name: string, file: string): string =>
    `dictionary ${name} = {\nstring primPath = "/C"\nasset[] assetPaths = [@${file}@]\ndouble2[] active = [(0, 0)]\n}`;
  const prim = (name: string, metadata: string, body: string): string => `def "${name}" (${metadata}\n) {\n${body}\n}`;

  test('count in lexicographic order, or as clipSets says; deleted ones not at all', async () => {
    const clips = `clips = {\n${set('x', 'a.usda')}\n${set('m', 'b.usda')}\n}`;
    const value = async (order: string): Promise<unknown> =>
      valuesAt(await openText({ ...TWO, 'root.usda': prim('A', `${clips}${order}`, 'custom double size') }), [5])[0];
    expect(await value('')).toBe(105);
    expect(await value('\nclipSets = ["x", "m"]')).toBe(5);
    expect(await value('\ndelete clipSets = ["m"]')).toBe(5);
    expect(await value('\nclipSets = []')).toBeUndefined();
  });

  test("of a stronger layer come after the weaker layer's, and may edit that list", async () => {
    const weak = prim('A', 'clips = {\ndictionary z = {\nstring primPath = "/C"\n}\n}', 'custom double size');
    const strong = (order: string): string =>
      `(\nsubLayers = [@weak.usda@]\n)\nover "A" (clips = {\n${set('a', 'b.usda')}\n${set('z', 'a.usda')}\n}${order}\n) {}`;
    const value = async (order: string): Promise<unknown> =>
      valuesAt(await openText({ ...TWO, 'weak.usda': weak, 'root.usda': strong(order) }), [5])[0];
    // The weaker layer lists z, the stronger one a and z, which is there already.
    expect(await value('')).toBe(5);
    expect(await value('\nreorder clipSets = ["a", "z"]')).toBe(105);
  });

  test('of the prim itself are stronger than those of its ancestors', async () => {
    const files = {
      'outer.usda': 'def "C" { def "A" {\ncustom double size.timeSamples = {\n0: 1,\n}\ncustom double other.timeSamples = {\n0: 2,\n}\n} }',
      ...TWO,
      'root.usda': prim(
        'P',
        `clips = {\n${set('default', 'outer.usda')}\n}`,
        prim('A', `clips = {\n${set('default', 'a.usda')}\n}`, 'custom double size\ncustom double other'),
      ),
    };
    const stage = await openText(files);
    expect(attribute(stage, '/P/A.size' as Path).getValue(5)?.value).toBe(5);
    expect(attribute(stage, '/P/A.other' as Path).getValue(5)?.value).toBe(2);
  });
});

describe('values of clips', () => {
  test('asset paths are those of the clip, time codes move with it', async () => {
    const stage = await openText({
      'root.usda':
        'def "A" (clips = {\ndictionary default = {\nstring primPath = "/C"\nasset[] assetPaths = [@sub/a.usda@]\ndouble2[] active = [(0, 0)]\ndouble2[] times = [(100, 0), (110, 10)]\n}\n}\n) {\ncustom asset tex\ncustom timecode t\n}',
      'sub/a.usda': 'def "C" {\nasset tex.timeSamples = {\n0: @./w.png@,\n}\ntimecode t.timeSamples = {\n0: 3,\n10: 3,\n}\n}',
    });
    expect(attribute(stage, '/A.tex' as Path).getValue(100)?.value).toEqual({ path: './w.png', resolvedPath: 'sub/w.png' });
    expect(attribute(stage, '/A.t' as Path).getValue(100)?.value).toBe(103);
  });

  test('a blocked sample is no value', async () => {
    const stage = await openText(
      scene('asset[] assetPaths = [@a.usda@]\ndouble2[] active = [(0, 0)]', { 'a.usda': clip('0: 1,\n5: None,\n10: 2,') }),
    );
    expect(valuesAt(stage, [2, 7, 10])).toEqual([1, undefined, 2]);
  });
});
