/** `dist/embed` as other pages use it: addresses, policies, no evaluated code, and the manifest beside it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const FOLDER = 'dist/embed';
const PAGES = ['dist/embed.html', 'dist/builder.html'];
const STABLE = ['usd-view.js', 'embed-client.js', 'oembed.js', 'share.js', 'load-guard.js'];

/** Namespaces, and what the embed builder writes in place of the reader's own host. */
const KNOWN_HOSTS = new Set(['www.w3.org', 'your-host.example']);

let scripts: { readonly name: string; readonly text: string }[] = [];
beforeAll(() => {
  if (!existsSync(`${FOLDER}/usd-view.js`)) throw new Error('dist/embed is not built: run "npm run build" first');
  scripts = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
});

test('what pages name keeps its name, the rest changes it with its content', () => {
  const names = readdirSync(FOLDER);
  expect(names).toEqual(expect.arrayContaining(STABLE));
  for (const name of names) if (!STABLE.includes(name)) expect(name).toMatch(/-[\w-]{8}\.\w+$/u);
});

test('every file that a script or page names is there', () => {
  let count = 0;
  for (const file of [...scripts.map(({ name }) => join(FOLDER, name)), ...PAGES]) {
    for (const { groups } of readFileSync(file, 'utf8').matchAll(
      /["'`](?<path>(?:\.{0,2}\/)?(?:[\w-]+\/)*[\w-]+-[\w-]{8}\.(?:js|wasm|css))["'`]/gu,
    )) {
      expect(existsSync(join(dirname(file), groups?.['path'] ?? '')), `${file}: ${groups?.['path']}`).toBe(true);
      count++;
    }
  }
  expect(count).toBeGreaterThan(4);
});

test('no script evaluates text, is inlined or names a host of its own', () => {
  for (const { name, text } of scripts) {
    expect(/\beval\s*\(|\bFunction\s*\(/u.test(text), name).toBe(false);
    expect(text.includes('data:application/wasm') || text.includes('data:text/javascript;base64'), name).toBe(false);
    const hosts = [...text.matchAll(/https?:\/\/(?<host>[a-z0-9.-]+)/giu)].map(({ groups }) => groups?.['host']);
    expect(
      hosts.filter((host) => !KNOWN_HOSTS.has(host ?? '')),
      name,
    ).toEqual([]);
  }
});

test.each(PAGES)('%s has a policy without eval and inline code, and relative addresses only', (page) => {
  const text = readFileSync(page, 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="(?<policy>[^"]+)"/u.exec(text)?.groups?.['policy'] ?? '';
  expect(policy).toContain("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe-eval'[^;]*unsafe|'unsafe-inline'|(?<!wasm-)unsafe-eval/u);
  expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\sstyle="|\son\w+="/u);
  for (const { groups } of text.matchAll(/(?:src|href)="(?<url>[^"]+)"/gu)) expect(groups?.['url']).toMatch(/^\.\//u);
});

test('frame sharing does nothing when it is loaded', () => {
  const code = `const before = Object.getOwnPropertyNames(globalThis).join();
    const module = await import(${JSON.stringify(pathToFileURL(join(FOLDER, 'share.js')).href)});
    if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error('a global was added');
    console.log(typeof module.TextureShareManager, typeof module.transferablesOf);`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })).toBe('function function\n');
});

test('the element can be imported where there is no DOM, and its attributes are those of the manifest', () => {
  const code = `const { UsdView } = await import(${JSON.stringify(pathToFileURL(join(FOLDER, 'usd-view.js')).href)});
    console.log(JSON.stringify(UsdView.observedAttributes));`;
  const observed = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })) as string[];
  const manifest = JSON.parse(readFileSync('packages/proscenium/custom-elements.json', 'utf8')) as {
    readonly modules: readonly { readonly declarations: readonly { readonly attributes: readonly { readonly name: string }[] }[] }[];
  };
  const described = manifest.modules[0]?.declarations[0]?.attributes.map(({ name }) => name) ?? [];
  expect(described.toSorted()).toEqual(observed.toSorted());
});
