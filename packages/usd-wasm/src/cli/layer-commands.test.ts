import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePackage } from '../node.ts';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'usd-layers-'));
const at = (name: string): string => join(folder, name);
const file = (name: string, text: string): string => {
  writeFileSync(at(name), `#usda 1.0\n${text}`);
  return at(name);
};

let a = '';
let b = '';

beforeAll(() => {
  file('sub.usda', 'def Xform "World"\n{\n    def Sphere "Ball"\n    {\n        double radius = 1\n    }\n}\n');
  a = file(
    'a.usda',
    '(\n    "about"\n    subLayers = [@./sub.usda@]\n)\nover "World" (\n    payload = @./load.usda@</Load>\n)\n{\n    over "Ball" (\n        active = false\n    )\n    {\n    }\n}\ndef "Other"\n{\n    rel to = </World>\n}\n',
  );
  b = file('b.usda', readFileSync(a, 'utf8').replace('#usda 1.0\n', '').replace('active = false', 'active = true'));
  file('load.usda', 'def "Load"\n{\n    def "Loaded"\n    {\n    }\n}\n');
  mkdirSync(at('one'));
  mkdirSync(at('two'));
  for (const name of ['one', 'two']) file(`${name}/same.usda`, 'def "A"\n{\n}\n');
  file('two/more.usda', '');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command and keeps what it prints. */
async function run(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  let out = '';
  let error = '';
  const status = await main(args, {
    print: async (result) => void (out += typeof result === 'string' ? result : `${result.length} bytes`),
    warn: (line) => void (error += `${line}\n`),
  });
  return { status, out, error };
}

describe('usd tree', () => {
  it('draws the layer, its metadata and properties', async () => {
    expect((await run('tree', '-am', a)).out).toBe(
      '/\n |--World [over]\n |   | `--(payload)\n |   `--Ball [over] (active = false)\n `--Other [def]\n       `--.to\n',
    );
  });

  it('draws the composed scene, its layer stack, or parts of it', async () => {
    expect((await run('tree', '-f', a)).out).toContain('|   |--Loaded [def]');
    expect((await run('tree', '-f', '--unloaded', a)).out).not.toContain('Loaded');
    expect((await run('tree', '-f', '--mask', '/Other', a)).out).toBe('/\n `--Other [def]\n');
    expect((await run('tree', '-s', '--flattenLayerStack', a)).out).toBe('/\n |--World\n |   `--Ball\n `--Other\n');
  });

  it('masks only composed scenes', async () => {
    const { status, error } = await run('tree', '--mask', '/Other', a);
    expect(status).toBe(1);
    expect(error).toBe('usd: --mask requires --flatten\n');
  });
});

describe('usd cat', () => {
  it('writes the format that the name of the output says', async () => {
    const start = async (name: string, ...more: string[]): Promise<string> => {
      expect((await run('cat', a, '-o', at(name), ...more)).status).toBe(0);
      return readFileSync(at(name), 'latin1').slice(0, 8);
    };
    expect(await start('out.usda')).toBe('#usda 1.');
    expect(await start('out.usdc')).toBe('PXR-USDC');
    expect(await start('out.usd')).toBe('PXR-USDC');
    expect(await start('out.usd', '--usdFormat', 'usda')).toBe('#usda 1.');
    expect(await start('out.usdz')).toMatch(/^PK/);
    expect((await run('tree', '-f', at('out.usdz'))).out).toContain('Ball [def Sphere] (active = false)');
  });

  it('composes, merges, or prints the metadata alone', async () => {
    const flat = await run('cat', '-f', a);
    expect(flat.out).toContain(`Generated from Composed Stage of root layer ${a}\n`);
    expect(flat.out).toContain('def "Loaded"');
    expect((await run('cat', '-f', '--skipSourceFileComment', a)).out).not.toContain('Generated');
    const stack = (await run('cat', '--flattenLayerStack', a)).out;
    expect(stack).toContain('def Sphere "Ball" (');
    expect(stack).toContain(`payload = @${at('load.usda')}@</Load>`);
    expect(stack).not.toContain('subLayers');
    expect((await run('cat', '--layerMetadata', a)).out).toBe(
      '#usda 1.0\n(\n    "about"\n    subLayers = [\n        @./sub.usda@\n    ]\n)\n\n',
    );
  });

  it('tells which files can be loaded', async () => {
    const { status, out } = await run('cat', '--loadOnly', a, at('none.usda'));
    expect(status).toBe(1);
    expect(out).toBe(`OK  ${a}\nERR ${at('none.usda')}\n\tcannot read @${at('none.usda')}@: no such file\n`);
  });

  it.each([
    [['--usdFormat', 'usdc'], 'only usda can be printed'],
    [['-o', 'x.usda', '--usdFormat', 'usda'], '--usdFormat requires an output named .usd'],
    [['-o', 'x.png'], '".png" is no extension of a USD file'],
    [['-f', '--layerMetadata'], 'cannot be used together'],
    [['--mask', '/A'], '--mask requires --flatten'],
    [['-f', '--mask', 'A'], '"A" is no absolute prim path'],
  ])('refuses %j', async (options, line) => {
    const { status, error } = await run('cat', a, ...options);
    expect(status).toBe(1);
    expect(error).toContain(line);
  });
});

describe('usd diff', () => {
  it('prints the lines that differ, and says by its status whether any do', async () => {
    expect(await run('diff', a, a)).toEqual({ status: 0, out: '', error: '' });
    expect(await run('diff', a, b)).toEqual({
      status: 1,
      out: '@@ -14 +14 @@\n-        active = false\n+        active = true\n',
      error: '',
    });
    expect((await run('diff', '-q', a, b)).out).toBe(`Files ${a} and ${b} differ\n`);
  });

  it('compares composed scenes', async () => {
    const { status, out } = await run('diff', '--flatten', a, b);
    expect(status).toBe(1);
    expect(out).toContain('+    def Sphere "Ball" (\n+        active = true\n');
  });

  it('compares a text with the crate of it', async () => {
    await run('cat', a, '-o', at('same.usdc'));
    expect((await run('diff', a, at('same.usdc'))).status).toBe(0);
  });

  it('compares files of one name in folders', async () => {
    expect(await run('diff', at('one'), at('two'))).toEqual({
      status: 0,
      out: `No corresponding file found for ${at('two/more.usda')}, skipping.\n`,
      error: '',
    });
  });

  it('looks into packages', async () => {
    const layer = (radius: number): Uint8Array =>
      new TextEncoder().encode(`#usda 1.0\ndef Sphere "S"\n{\n    double radius = ${radius}\n}\n`);
    const [one, two] = [at('one.usdz'), at('two.usdz')];
    writeFileSync(
      one,
      writePackage([
        { name: 's.usda', bytes: layer(1) },
        { name: 'old.txt', bytes: layer(1) },
      ]),
    );
    writeFileSync(
      two,
      writePackage([
        { name: 's.usda', bytes: layer(2) },
        { name: 'new.txt', bytes: layer(1) },
      ]),
    );
    expect((await run('diff', one, two)).out).toBe(
      `Differences in ${one}[s.usda] and ${two}[s.usda]:\n@@ -5 +5 @@\n-    double radius = 1\n+    double radius = 2\nOnly in baseline: ${one}[old.txt].\nNot in baseline: ${two}[new.txt].\n`,
    );
    expect(await run('diff', one, a)).toEqual({ status: 1, out: `Files ${one} and ${a} differ\n`, error: '' });
  });

  it('gives 2 when it cannot tell', async () => {
    expect((await run('diff', a)).status).toBe(2);
    expect((await run('diff', a, at('none.usda'))).status).toBe(2);
    expect((await run('diff', a, b, a)).error).toContain('files must be one of');
  });
});

describe('usd resolve', () => {
  it('prints the file, or gives 1', async () => {
    expect(await run('resolve', './sub.usda', '--anchorPath', a)).toEqual({ status: 0, out: `${at('sub.usda')}\n`, error: '' });
    expect(await run('resolve', './none.usda', '--anchorPath', a)).toEqual({
      status: 1,
      out: '',
      error: "Failed to resolve './none.usda'\n",
    });
    expect((await run('resolve', 'one/same.usda', '--configureAssetPath', a)).out).toBe(`${at('one/same.usda')}\n`);
  });
});

describe('usd compose', () => {
  it('prints layer stack and prims, named from the folder of the root layer', async () => {
    const { status, out } = await run('compose', a);
    expect(status).toBe(0);
    const rule = '-'.repeat(72);
    expect(out).toContain(
      `Loading @${a}@\n\n${rule}\nLayer Stack:\n     a.usda\n     sub.usda\n\n${rule}\nResults for composing </World>\n`,
    );
    expect(out).toContain('    load.usda            /Load\n');
  });

  it('takes payloads, a session layer and fallbacks for variants', async () => {
    expect((await run('compose', a, '--payloads', '/Other')).out).not.toContain('load.usda');
    const session = file('session.usda', 'over "World"\n{\n}\n');
    const { out } = await run('compose', a, '--session', session);
    expect(out).toContain(`Loading session @${session}@\n\nLoading @${a}@\n`);
    expect(out).toContain('    session.usda         /World\n');
    const variants = file(
      'variants.usda',
      'def "A" (\n    variantSets = "v"\n)\n{\n    variantSet "v" = {\n        "x" {\n        }\n    }\n}\n',
    );
    expect((await run('compose', variants, '--variantFallbacks', "{'v': ['x']}")).out).toContain('    {v = x}\n');
    expect((await run('compose', variants, '--variantFallbacks', '[1]')).status).toBe(1);
  });

  it('composes several scenes', async () => {
    const { out } = await run('compose', a, b, '--session', at('sub.usda'));
    expect(out.match(/^Loading .*/gm)).toEqual([`Loading session @${at('sub.usda')}@`, `Loading @${a}@`, `Loading @${b}@`]);
  });

  it('prints errors in the words of OpenUSD, where they are asked for', async () => {
    const wrong = file(
      'wrong.usda',
      '(\n    subLayers = [@./none.usda@]\n)\ndef "A" (\n    references = [@./none.usda@, @./load.usda@</None>]\n)\n{\n}\n',
    );
    const section = (title: string, ...lines: string[]): string => `${'-'.repeat(72)}\n${title}\n\n${lines.join('\n')}\n\n`;
    const text =
      section('Errors while computing Layer Stack', `Could not load sublayer @./none.usda@ of layer @${wrong}@; skipping.`) +
      section(
        'Errors while composing </A>',
        `Could not open asset @${at('none.usda')}@ for reference introduced by @${wrong}@</A>.`,
        `Unresolved reference prim path @${at('load.usda')}@</None> introduced by @${wrong}@</A>`,
      );
    const plain = await run('compose', wrong);
    expect(plain.status).toBe(1);
    expect(plain.error).toBe(`${text}\n`);
    expect(await run('compose', wrong, '--errors', '-')).toEqual({ status: 0, out: plain.out + text, error: '' });
    expect((await run('compose', wrong, '--errors', at('errors.txt'))).status).toBe(0);
    expect(readFileSync(at('errors.txt'), 'utf8')).toBe(text);
  });
});
