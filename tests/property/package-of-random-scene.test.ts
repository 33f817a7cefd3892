/** Scenes of random files that name each other in every way: in a package each path leads to the bytes that it led to. */
import { expect, test } from 'vitest';
import { MemoryResolver } from '../../packages/usd-wasm/src/ar/memory-resolver.ts';
import { PackageResolver } from '../../packages/usd-wasm/src/ar/package-resolver.ts';
import { createNewUsdzPackage } from '../../packages/usd-wasm/src/package/create-usdz-package.ts';
import { flattenStage } from '../../packages/usd-wasm/src/usd/flatten.ts';
import { Stage } from '../../packages/usd-wasm/src/usd/stage.ts';
import { writeUsda } from '../../packages/usd-wasm/src/usda/writer.ts';
import { openArchive } from '../../packages/usd-wasm/src/usdz/archive.ts';
import type { AssetPath } from '../../packages/usd-wasm/src/vt/value.ts';
import { makeRandom } from '../support/random.ts';

const SEEDS = 100;
const FOLDERS = ['', 'a/', 'a/b/', 'c/', 'a/c/'];
const LAYERS = ['x.usda', 'y.usda', 'root.usda'];
const TEXTURES = ['t.png', 'u.png'];

interface Random {
  /** Below a bound. */
  readonly int: (bound: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
}

function randomOf(seed: number): Random {
  const next = makeRandom(seed);
  const int = (bound: number): number => Math.floor(next() * bound);
  return { int, pick: (items) => items[int(items.length)]! };
}

/** Files, each with its own name in it, so that bytes tell them apart. */
function makeFiles(random: Random): Map<string, Uint8Array> {
  const top = 'top/scene/';
  const paths = [...FOLDERS.map((folder) => top + folder), 'top/', 'other/'].flatMap((folder) =>
    [...LAYERS, ...TEXTURES].filter((name) => folder + name === `${top}root.usda` || random.int(3) > 0).map((name) => folder + name),
  );
  const files = new Map<string, Uint8Array>();
  for (const path of paths) {
    let text = path;
    if (path.endsWith('.usda')) {
      const name = (): string => asPath(random, path, random.pick(paths));
      const references = Array.from({ length: random.int(3) }, () => {
        const target = name();
        return target.includes('.usda') ? `@${target}@` : undefined;
      }).filter((reference) => reference !== undefined);
      const assets = Array.from({ length: random.int(3) }, () => `@${name()}@`);
      text = `#usda 1.0\n(\n    defaultPrim = "P"\n)\ndef "P" (references = [${references.join(', ')}])\n{\n    asset[] a${random.int(4)} = [${assets.join(', ')}]\n    string s${random.int(9)} = "${path}"\n}\n`;
    }
    files.set(path, new TextEncoder().encode(text));
  }
  return files;
}

/** One of the ways to write a path from one file to another. */
function asPath(random: Random, from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  const rest = there.slice(shared).join('/');
  const up = '../'.repeat(here.length - shared);
  return random.pick([`./${up}${rest}`, up === '' ? rest : `${up}${rest}`, `./none/../${up}${rest}`]);
}

/** The flattened scene, with what is in a file in place of a path to it. */
async function contents(root: string, resolver: PackageResolver): Promise<string> {
  const stage = await Stage.open(root, { resolver });
  const assets: AssetPath[] = [];
  flattenStage(stage, { assetPath: (asset) => (assets.push(asset), '') });
  const texts = new Map<AssetPath, string>();
  for (const asset of assets) texts.set(asset, await textOf(resolver, asset.resolvedPath ?? ''));
  let next = 0;
  const flat = flattenStage(stage, { assetPath: () => texts.get(assets[next++] as AssetPath) ?? '' });
  stage.close();
  return writeUsda(flat.data);
}

/** Textures say which they are. Of layers, whose paths may be written anew, only the kind counts. */
async function textOf(resolver: PackageResolver, identifier: string): Promise<string> {
  const text = new TextDecoder().decode(await resolver.read(identifier));
  return /string s\d+ = "(?<path>.*)"/.exec(text)?.groups?.['path'] ?? text;
}

test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))('seed %i: the package holds the same scene', async (seed) => {
  const files = makeFiles(randomOf(seed));
  const before = new PackageResolver(new MemoryResolver(files));
  const bytes = await createNewUsdzPackage('top/scene/root.usda', { resolver: before });
  expect(openArchive('p.usdz', bytes).rootLayer).toBe('root.usda');
  const after = new PackageResolver(new MemoryResolver(new Map([['p.usdz', bytes]])));
  expect(await contents('p.usdz', after)).toBe(await contents('top/scene/root.usda', before));
});
