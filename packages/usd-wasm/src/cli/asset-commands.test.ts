import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'usd-assets-'));
const scene = join(folder, 'scene.usda');

beforeAll(() => {
  writeFileSync(join(folder, 'ball.usda'), '#usda 1.0\ndef Sphere "Ball"\n{\n    double radius = 2\n}\n');
  writeFileSync(
    scene,
    '#usda 1.0\n(\n    defaultPrim = "World"\n    upAxis = "Z"\n)\ndef Xform "World" (\n    kind = "component"\n)\n{\n    def "Ball" (\n        references = @./ball.usda@</Ball>\n    )\n    {\n    }\n    over "Gone" (\n        references = @./gone.usda@\n    )\n    {\n    }\n}\n',
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command and keeps what it prints. */
async function run(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  let out = '';
  let error = '';
  const status = await main(args, {
    print: (text) => {
      out += String(text);
      return Promise.resolve();
    },
    warn: (line) => {
      error += `${line}\n`;
    },
  });
  return { status, out, error };
}

describe('usd', () => {
  it('stats prints counts, and as JSON layers and problems too', async () => {
    const text = (await run('stats', scene)).out;
    expect(text).toMatch(/upAxis +Z\n/);
    expect(text).toMatch(/primary\n +totalPrimCount +3\n/);
    const stats = JSON.parse((await run('stats', '--json', scene)).out);
    expect(stats).toMatchObject({ upAxis: 'Z', defaultPrim: '/World', totalPrimCount: 3, modelCount: 1, usedLayerCount: 2 });
    expect(stats.primary).toMatchObject({ primCountsByType: { Sphere: 1, Xform: 1, untyped: 1 }, primCounts: { pureOverCount: 1 } });
    expect(stats.layers).toHaveLength(2);
    expect(stats.problems).toMatchObject([{ path: '/World/Gone' }]);
  });

  it('stats --dependencies lists what the layer names', async () => {
    expect((await run('stats', '--dependencies', scene)).out).toBe(
      `${scene} no sublayers\n${scene} references[001]: ./ball.usda\n${scene} references[002]: ./gone.usda\n${scene} no payloads\n`,
    );
  });

  it('check prints what is wrong, and fails', async () => {
    const { status, out } = await run('check', scene);
    expect(status).toBe(1);
    expect(out).toMatch(/Found unresolvable external dependency '.*gone\.usda'\. \(fails 'MissingReferenceChecker'\)/);
    expect(out).toMatch(/Stage does not specify its linear scale in metersPerUnit\. \(fails 'StageMetadataChecker'\)\nFailed!\n$/);
    const file = join(folder, 'found.txt');
    expect((await run('check', scene, '-o', file)).out).toBe('Failed!\n');
    expect(readFileSync(file, 'utf8')).toContain('MissingReferenceChecker');
  });

  it('check succeeds, with warnings or without, or fails on them', async () => {
    const file = join(folder, 'good.usda');
    writeFileSync(file, '#usda 1.0\n(\n    defaultPrim = "A"\n    metersPerUnit = 1\n    upAxis = "Y"\n)\ndef Xform "A"\n{\n}\n');
    expect(await run('check', file)).toMatchObject({ status: 0, out: 'Success!\n' });
    expect((await run('check', '--arkit', file)).out).toMatch(/may violate 'ARKitRootLayerChecker'\)\nSuccess with warnings\.\.\.\n$/);
    expect(await run('check', '--arkit', '--strict', file)).toMatchObject({ status: 1 });
    expect((await run('check', '--dumpRules')).out).toContain('[StageMetadataChecker]:');
  });

  it('zip packs a scene with what it needs, and says what is missing', async () => {
    const out = join(folder, 'scene.usdz');
    const { status, out: text, error } = await run('zip', out, '--asset', scene, '--list', '-v');
    expect([status, text]).toEqual([0, '.. adding: scene.usda\n.. adding: ball.usda\nscene.usda\nball.usda\n']);
    expect(error).toMatch(/^Warning: @\.\/gone\.usda@ in @.*scene\.usda@ leads to @.*gone\.usda@, which does not exist\n$/);
    expect((await run('stats', out)).out).toMatch(/Sphere +1\n/);
  });

  it('zip packs files as they are, and lists their sizes', async () => {
    const out = join(folder, 'files');
    expect((await run('zip', out, join(folder, 'ball.usda'))).status).toBe(0);
    expect((await run('zip', `${out}.usdz`, '--dump')).out).toMatch(
      /^ {4}Offset\t.*\n.*\n +\d+\t +54\t +54\t.*ball\.usda\n-{10}\n1 files total\n$/,
    );
  });

  it('zip -c makes no package of what breaks the rules', async () => {
    const out = join(folder, 'refused.usdz');
    const { status, error } = await run('zip', '-c', out, '-a', scene);
    expect(status).toBe(1);
    expect(error).toContain('MissingReferenceChecker');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['zip', /needs the name of a package/],
    ['zip x.usdz', /needs files, --asset, --list or --dump/],
    ['zip x.usdz a.usda --asset b.usda', /files or --asset, not both/],
    ['zip x.usdz --asset a.usda --arkitAsset b.usda', /--asset or --arkitAsset, not both/],
    ['zip -c x.usdz', /usd check checks a package/],
    ['zip x.usdz none.usda', /no such file/],
    ['check', /needs a file/],
    ['check none.usda', /no such file/],
  ])('%s fails with a line that says why', async (line, reason) => {
    const { status, error } = await run(...line.split(' '));
    expect(status).toBe(1);
    expect(error).toMatch(reason);
  });
});
