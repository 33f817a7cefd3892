/** The examples of the README run, and print what their comments say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as api from './node.ts';
import { DEFAULT_LIMITS } from './tf/read-limits.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
/** Title of the section → its code. */
const EXAMPLES = new Map(
  Array.from(readme.matchAll(/^### (?<title>.+)\n\n```js\n(?<code>[\s\S]*?)^```/gmu), ({ groups }) => [
    groups?.['title'] ?? '',
    groups?.['code'] ?? '',
  ]),
);
const scene = /^```usda\n(?<text>[\s\S]*?)^```/mu.exec(readme)?.groups?.['text'] ?? '';
const kernel = readFileSync(fileURLToPath(new URL('kernel/kernel.wasm', import.meta.url))).toString('base64');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usd-readme-'));
  writeFileSync(join(folder, 'shop.usda'), scene);
  Object.assign(globalThis, { usdWasmOfReadme: { ...api, default: `data:application/wasm;base64,${kernel}` } });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Runs an example as a module of its own, its imports being the sources. */
async function run(title: string): Promise<void> {
  const code = EXAMPLES.get(title) ?? '';
  const imported = code
    .replaceAll(/^import (\w+) from 'usd-wasm[^']*';/gmu, "import { $1 } from 'usd-wasm';")
    .replaceAll('import { kernelUrl }', 'import { default as kernelUrl }')
    .replaceAll(/^import \{([^}]*)\} from 'usd-wasm[^']*';/gmu, (_, names: string) => {
      return `const {${names.replaceAll(' as ', ': ')}} = globalThis.usdWasmOfReadme;`;
    });
  expect(imported).not.toContain("from 'usd-wasm");
  const file = join(folder, `${title.replaceAll(/\W+/g, '-')}.mjs`);
  writeFileSync(file, imported);
  await import(/* @vite-ignore */ pathToFileURL(file).href);
}

test('the README has five examples', () => {
  expect([...EXAMPLES.keys()]).toEqual([
    'Open and traverse',
    'Arrays and transforms over time',
    'Variants, edits, notices, undo',
    'Compose in memory, write files',
    'In a worker',
  ]);
});

test.each([...EXAMPLES.keys()].filter((title) => title !== 'In a worker'))('%s prints what its comments say', async (title) => {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void printed.push(parts.map(String).join(' ').trim()));
  const { argv } = process;
  process.argv = ['node', 'example', join(folder, 'shop.usda')];
  try {
    await run(title);
  } finally {
    process.argv = argv;
    log.mockRestore();
  }
  const said = Array.from((EXAMPLES.get(title) ?? '').matchAll(/\/\/ → (?<text>.*)$/gmu), ({ groups }) => groups?.['text']?.trim());
  expect(said.length).toBeGreaterThan(3);
  expect(printed).toEqual(said);
});

test('the worker answers with the prims of files, tells progress and failures', async () => {
  const posted: { readonly kind: string; readonly [key: string]: unknown }[] = [];
  let hear: ((event: { readonly data: unknown }) => Promise<void>) | undefined;
  vi.stubGlobal('postMessage', (message: (typeof posted)[number]) => posted.push(message));
  vi.stubGlobal('addEventListener', (_: string, listener: typeof hear) => (hear = listener));
  await run('In a worker');
  await hear?.({ data: { files: [new File([scene], 'shop.usda')] } });
  expect(posted[0]).toMatchObject({ kind: 'progress', layers: 1 });
  expect(posted.at(-1)).toEqual({
    kind: 'opened',
    prims: [
      { path: '/Shop', type: 'Xform' },
      { path: '/Shop/Door', type: 'Xform' },
      { path: '/Shop/Door/Panel', type: 'Mesh' },
    ],
    problems: [],
  });
  await hear?.({ data: { files: [new File(['no scene'], 'shop.usda')] } });
  expect(posted.at(-1)).toMatchObject({ kind: 'failed', code: 'unknown-format' });
});

test('the README lists every limit with its default', () => {
  const listed = Array.from(readme.matchAll(/^\| `(?<name>\w+)` \| (?<value>[\d,]+) \|/gmu), ({ groups }) => [
    groups?.['name'] ?? '',
    Number(groups?.['value']?.replaceAll(',', '')),
  ]);
  expect(Object.fromEntries(listed)).toEqual(DEFAULT_LIMITS);
});
