import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Room → rooms it may import from (itself always). ARCHITECTURE.md has the picture. */
const ALLOWED: Record<string, readonly string[]> = {
  'src/share': [],
  'src/gpu': ['src/share'],
  'src/ui': ['src/share'],
  'src/embed': ['src/share', 'src/ui'],
  'src/embed-page': ['src/embed', 'packages/proscenium/custom-elements.json'],
  'src/workers': ['src/share', 'usd-wasm'],
  'packages/usd-wasm/src': [],
};
/** Libraries of usd-wasm in layers: a folder may import from folders of its own or a lower number. */
const LAYER: Record<string, number> = {
  tf: 0,
  kernel: 0,
  gf: 1,
  vt: 2,
  sdf: 2,
  ar: 2,
  usda: 3,
  usdc: 3,
  usdz: 3,
  pcp: 4,
  usd: 5,
  schemas: 6,
  package: 6,
  check: 7,
  cli: 8,
};
/** Files above the layers: entries, the one place that picks a file format's reader, and the resolver that looks into packages. */
const ABOVE = new Set(['index.ts', 'node.ts', 'stage.ts', 'sdf/file-format.ts', 'ar/package-resolver.ts']);

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(root: string): Import[] {
  const found: Import[] = [];
  for (const name of readdirSync(root, { recursive: true })) {
    const file = join(root, String(name));
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('/assembly/') || file.includes('node_modules')) continue;
    for (const match of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(?<spec>[^']+)'/gu)) {
      const spec = match.groups?.['spec'] ?? '';
      found.push({ file, target: spec.startsWith('.') ? relative('.', resolve(dirname(file), spec)) : spec });
    }
  }
  return found;
}

test.each(Object.entries(ALLOWED))('%s imports only from the rooms it may', (room, allowed) => {
  const imports = importsOf(room);
  expect(imports.length).toBeGreaterThan(3);
  const bad = imports.filter(({ target }) => {
    const isOurs = target.startsWith('src/') || target.startsWith('packages/') || target.startsWith('usd-wasm');
    return isOurs && !target.startsWith(`${room}/`) && !allowed.some((other) => target === other || target.startsWith(`${other}/`));
  });
  const starters = ['workers.ts', 'recorder-worker.ts'].map((name) => join('src', 'ui', 'app', name));
  const entries = bad.filter(({ file }) => !starters.includes(file));
  expect(entries).toEqual([]);
});

test('libraries of usd-wasm import downward only', () => {
  const root = 'packages/usd-wasm/src';
  const imports = importsOf(root).filter(({ target }) => target.startsWith(root));
  expect(imports.length).toBeGreaterThan(50);
  const layerOf = (file: string): number | undefined => LAYER[relative(root, file).split('/')[0] ?? ''];
  const bad = imports.filter(({ file, target }) => {
    if (ABOVE.has(relative(root, file)) || (ABOVE.has(relative(root, target)) && (layerOf(file) ?? 99) >= 4)) return false;
    const [from, to] = [layerOf(file), layerOf(target)];
    return from === undefined || to === undefined || to > from;
  });
  expect(bad).toEqual([]);
});

test('the element loads nothing of Lit', () => {
  const reached = new Set<string>();
  const waiting = [join('src', 'embed', 'usd-view.ts')];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    // Imports of types are gone in what is built; workers are entries of their own.
    const values = readFileSync(file, 'utf8').matchAll(/^(?!import type|export type).*?(?:from|import)\s*\(?\s*'(?<spec>[^'?]+)'/gmu);
    for (const { groups } of values) {
      const spec = groups?.['spec'] ?? '';
      if (!spec.startsWith('.')) reached.add(spec);
      else if (spec.endsWith('.ts')) waiting.push(relative('.', resolve(dirname(file), spec)));
    }
  }
  expect(reached.has(join('src', 'embed', 'runtime', 'view.ts'))).toBe(true);
  expect([...reached].filter((name) => name === 'lit' || name.startsWith('lit/'))).toEqual([]);
});
