/** `usd-wasm` as others get it: what is packed, how its entries and types resolve, and what its scripts need. Looks at the built `dist/`. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODULE_RESOLUTIONS, typeErrors } from '../support/type-errors.ts';

const PACKAGE = 'packages/usd-wasm';
const SCRIPTS = ['index.js', 'stage.js', 'stage-usda.js', 'stage-arcs.js', 'node.js', 'cli.js'];
/** What a user writes: that it is accepted shows that entries resolve, that the errors are seen shows that they are not `any`. */
const USE = `
import { Stage, MemoryResolver, type Attribute, type ValueOf } from 'usd-wasm';
import { FileResolver, Layer } from 'usd-wasm/node';
import { Stage as ReadOnlyStage } from 'usd-wasm/stage';
export const open: typeof ReadOnlyStage.open = (root, options) => ReadOnlyStage.open(root, options);
export async function use(): Promise<Float32Array | undefined> {
  const stage = await Stage.open('a.usda', { resolver: new MemoryResolver(new Map()) });
  const points: Attribute | undefined = stage.getPrimAtPath('/World')?.getAttribute('points');
  const color: readonly [number, number, number] | undefined = points?.getAs('color3f');
  const value: ValueOf<'double3'> = { type: 'double3', value: color ?? [0, 0, 0] };
  // @ts-expect-error no such member
  stage.noSuchMember;
  // @ts-expect-error not a string
  const text: string | undefined = points?.getAs('point3f[]');
  return [new FileResolver(), Layer.inMemory('x'), value, text].length > 0 ? points?.getAs('point3f[]') : undefined;
}
`;

/** What the entry for a fast start is to read: layers with and without arcs, as text, as crates, and in packages. */
const LAYERS = {
  plain: 'def Xform "A"\n{\n  float x.timeSamples = { 0: 1, 10: 3 }\n}\n',
  arcs: `def "B" (
  prepend references = </C>
  prepend variantSets = "v"
  variants = {
    string v = "on"
  }
)
{
  variantSet "v" = {
    "on" {
      def Mesh "M"
      {
      }
    }
  }
}
class "C"
{
  float x = 2
}
`,
  spline: 'def "S"\n{\n  double x.spline = {\n    1: 2,\n    5: 8,\n  }\n}\n',
};

let project = '';
beforeAll(() => {
  if (!existsSync(`${PACKAGE}/dist/types/index.d.ts`)) throw new Error('usd-wasm is not built: run "npm run build -w usd-wasm" first');
  project = mkdtempSync(join(tmpdir(), 'usd-package-'));
  const installed = join(project, 'node_modules/usd-wasm');
  mkdirSync(installed, { recursive: true });
  for (const name of ['package.json', 'bin', 'dist']) cpSync(`${PACKAGE}/${name}`, join(installed, name), { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'use.ts'), USE);
});
afterAll(() => rmSync(project, { recursive: true }));

test('the package holds scripts, types, command, README and licence, and no sources', () => {
  const listed = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PACKAGE, encoding: 'utf8' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  const paths = listed[0].files.map(({ path }) => path);
  const wanted = [
    'package.json',
    'README.md',
    'LICENSE',
    'bin/usd.mjs',
    'dist/kernel.wasm',
    'dist/types/index.d.ts',
    'dist/types/node.d.ts',
    'dist/types/stage.d.ts',
  ];
  expect(paths).toEqual(expect.arrayContaining([...wanted, ...SCRIPTS.map((name) => `dist/${name}`)]));
  expect(paths.filter((path) => path.startsWith('src/') || path.includes('.test.'))).toEqual([]);
});

test.each(MODULE_RESOLUTIONS)('types resolve under moduleResolution %s', (moduleResolution, module) => {
  expect(typeErrors(project, moduleResolution, module)).toBe('');
});

test('both entries share their classes, and the command runs', () => {
  const code = `
    import { Layer, initKernel } from 'usd-wasm';
    import { FileResolver, Layer as same } from 'usd-wasm/node';
    console.log(Layer === same, typeof FileResolver, await initKernel());`;
  writeFileSync(join(project, 'run.mjs'), code);
  expect(execFileSync(process.execPath, ['run.mjs'], { cwd: project, encoding: 'utf8' })).toBe('true function true\n');
  const help = execFileSync(process.execPath, ['node_modules/usd-wasm/bin/usd.mjs', '--help'], { cwd: project, encoding: 'utf8' });
  expect(help).toContain('usd check');
});

test.each(Object.entries(LAYERS))('usd-wasm/stage reads %s layers as usd-wasm does, and does not edit', (name, text) => {
  const code = `
    import * as full from 'usd-wasm';
    const [format, text] = process.argv.slice(2);
    const bytes = new TextEncoder().encode('#usda 1.0\\n' + text);
    const crate = full.exportLayer(full.readLayer('a.usda', bytes, new full.ProblemList()), 'usdc');
    const file = { usda: bytes, usdc: crate, usdz: full.writePackage([{ name: 'a.usdc', bytes: crate }]) }[format];
    async function read({ Stage, MemoryResolver }) {
      const stage = await Stage.open('a.' + format, { resolver: new MemoryResolver(new Map([['a.' + format, file]])) });
      const prims = Array.from(stage.traverse(), (prim) => [prim.path, prim.typeName, prim.getAttribute('x')?.get(3)]);
      return { stage, seen: JSON.stringify({ prims, problems: stage.problems }) };
    }
    const lean = await read(await import('usd-wasm/stage'));
    let message = '';
    try { lean.stage.definePrim('/New'); } catch (error) { message = error.message; }
    console.log(lean.seen === (await read(full)).seen, lean.stage.problems.length, message);`;
  writeFileSync(join(project, `${name}.mjs`), code);
  for (const format of ['usda', 'usdc', 'usdz'])
    expect(execFileSync(process.execPath, [`${name}.mjs`, format, text], { cwd: project, encoding: 'utf8' })).toBe(
      "true 0 usd-wasm/stage only reads: import from 'usd-wasm' to edit\n",
    );
});

test('usd-wasm/stage reads values of a crate that are text, for which no text layer brought the reader', () => {
  const code = `
    import * as full from 'usd-wasm';
    import { MemoryResolver, Stage } from 'usd-wasm/stage';
    const layer = full.readLayer('a.usda', new TextEncoder().encode('#usda 1.0\\ndef "A"\\n{\\n  float x = 1\\n}\\n'), new full.ProblemList());
    layer.setField('/A.x', 'default', full.makeValue('unregistered', '2.5'));
    const files = new Map([['a.usdc', full.exportLayer(layer, 'usdc')]]);
    const stage = await Stage.open('a.usdc', { resolver: new MemoryResolver(files) });
    console.log(stage.getPrimAtPath('/A').getAttribute('x').get());`;
  writeFileSync(join(project, 'untyped.mjs'), code);
  expect(execFileSync(process.execPath, ['untyped.mjs'], { cwd: project, encoding: 'utf8' })).toBe('2.5\n');
});

test('usd-wasm/stage loads, mutes and masks as usd-wasm does', () => {
  const code = `
    const text = (lines) => new TextEncoder().encode('#usda 1.0\\n' + lines.join('\\n'));
    const files = new Map([
      ['a.usda', text(['(', 'subLayers = [@./s.usda@]', ')', 'def "A" (', 'instanceable = true', 'payload = @./p.usda@</P>', ')', '{', '}', 'def "B"', '{', '}'])],
      ['p.usda', text(['def "P"', '{', 'def Mesh "M"', '{', '}', '}'])],
      ['s.usda', text(['def "S"', '{', '}'])],
    ]);
    async function states({ MemoryResolver, PopulationMask, Stage }) {
      const stage = await Stage.open('a.usda', { resolver: new MemoryResolver(files), load: 'none' });
      const seen = [];
      const see = async () => {
        await stage.settle();
        seen.push([Array.from(stage.traverse(), ({ path }) => path), stage.primCount, stage.prototypes.length, stage.problems]);
      };
      await see();
      for (const change of [() => stage.load(), () => stage.muteLayer('s.usda'), () => stage.setPopulationMask(new PopulationMask(['/A'])), () => stage.unload()]) {
        change();
        await see();
      }
      return JSON.stringify(seen);
    }
    const [full, lean] = [await states(await import('usd-wasm')), await states(await import('usd-wasm/stage'))];
    console.log(full === lean, lean);`;
  writeFileSync(join(project, 'settings.mjs'), code);
  const printed = execFileSync(process.execPath, ['settings.mjs'], { cwd: project, encoding: 'utf8' });
  expect(printed).toMatch(/^true /u);
  const states = JSON.parse(printed.slice(5)) as [string[], number, number, object[]][];
  expect(states.map(([paths, prims, prototypes]) => [paths.join(' '), prims, prototypes])).toEqual([
    ['/S /B', 4, 0],
    ['/S /A /B', 6, 1],
    ['/A /B', 5, 1],
    ['/A', 4, 1],
    ['', 2, 0],
  ]);
});

test.each(SCRIPTS)('%s needs neither eval nor shared memory', (name) => {
  const text = readFileSync(`${PACKAGE}/dist/${name}`, 'utf8');
  expect(text.length).toBeGreaterThan(500);
  expect(text).not.toMatch(/\beval\s*\(|\bFunction\s*\(|SharedArrayBuffer|\bAtomics\b/u);
});

test.each(['index.js', 'stage.js'])('%s runs anywhere in one file: it imports nothing', (name) => {
  const text = readFileSync(`${PACKAGE}/dist/${name}`, 'utf8');
  expect(text).not.toMatch(/(?:^|[;}\s])import\s*(?:[\w*{][^'"()]*from\s*)?['"]/u);
});
