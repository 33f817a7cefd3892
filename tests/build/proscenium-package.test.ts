/** The package `proscenium` as others get it: what is packed, how its types resolve, its command, and that a bundler takes all of it along. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MODULE_RESOLUTIONS, typeErrors } from '../support/type-errors.ts';

// The package manager, the compiler and a bundler take their time.
vi.setConfig({ testTimeout: 60_000 });

const PACKAGE = 'packages/proscenium';
/** What a user writes: that it is accepted shows that types resolve, that the errors are seen shows that they are not `any`. */
const USE = `
import 'proscenium';
import { UsdView } from 'proscenium';
import { connect, EmbedError } from 'proscenium/client';
import { makeOEmbed } from 'proscenium/oembed';
import { ShareError, TextureShareManager, transferablesOf, type TextureHandle, type TransportKind } from 'proscenium/share';
export async function use(frame: HTMLIFrameElement): Promise<string> {
  const view: UsdView | null = document.querySelector('usd-view');
  view?.addEventListener('load', ({ detail }) => detail.url.toUpperCase());
  view?.addEventListener('click', ({ clientX }) => clientX.toFixed());
  // @ts-expect-error no such attribute's property
  view?.cameraOrbitt;
  // @ts-expect-error not a number
  const orbit: number | undefined = view?.cameraOrbit;
  const model = await connect(frame);
  model.on('camera-change', ({ source }) => source);
  await model.set('exposure', 2);
  // @ts-expect-error a number is needed
  await model.set('exposure', '2');
  // @ts-expect-error a variant is chosen by three texts
  await model.call('setVariant', '/Car');
  const manager = new TextureShareManager();
  const texture = manager.createShareableTexture({ width: 4, height: 4, format: 'rgba16float', usages: ['sample'] });
  // @ts-expect-error no such format
  manager.createShareableTexture({ width: 4, height: 4, format: 'rgba64float' });
  const handle: TextureHandle = manager.exportTexture(texture, { transport: 'buffer' });
  postMessage(handle, { transfer: transferablesOf(handle) });
  const ready: TransportKind = await manager.importTexture(handle).ready;
  // @ts-expect-error not a number
  const pixels: number = await manager.importTexture(handle).acquire();
  const { width } = makeOEmbed('https://a.example/embed.html');
  return [orbit, width, EmbedError, ready, pixels, ShareError, (await model.get('availableVariants')).join()].join();
}
`;

let project = '';
beforeAll(() => {
  if (!existsSync(`${PACKAGE}/dist/usd-view.js`)) throw new Error('the package is not built: run "npm run build" first');
  project = mkdtempSync(join(tmpdir(), 'proscenium-package-'));
  const installed = join(project, 'node_modules/proscenium');
  mkdirSync(installed, { recursive: true });
  for (const name of ['package.json', 'bin', 'dist', 'custom-elements.json'])
    cpSync(`${PACKAGE}/${name}`, join(installed, name), { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'use.ts'), USE);
});
afterAll(() => rmSync(project, { recursive: true }));

test('the package holds the element, its parts, types, manifest, command, README and licence, and nothing of the pages', () => {
  const [listed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PACKAGE, encoding: 'utf8' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  const paths = listed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'custom-elements.json',
      'bin/proscenium-oembed.mjs',
      'dist/usd-view.js',
      'dist/embed-client.js',
      'dist/oembed.js',
      'dist/share.js',
      'dist/types/embed/usd-view.d.ts',
      'dist/types/embed-page/embed-client.d.ts',
      'dist/types/embed-page/oembed.d.ts',
      'dist/types/share/frames/index.d.ts',
    ]),
  );
  expect(paths.filter((path) => /(?:^|\/)(?:src|page-)|\.test\.|load-guard/u.test(path))).toEqual([]);
  const built = readdirSync('dist/embed').filter((name) => !/^(?:page-|load-guard)/u.test(name));
  expect(built.filter((name) => !paths.includes(`dist/${name}`))).toEqual([]);
});

test('what the package says of its files is there', () => {
  const { exports, customElements } = JSON.parse(readFileSync(`${PACKAGE}/package.json`, 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly customElements: string;
  };
  const targets = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  for (const path of [...targets.filter((target) => !target.includes('*')), customElements])
    expect(existsSync(join(PACKAGE, path)), path).toBe(true);
});

test.each(MODULE_RESOLUTIONS)('types resolve under moduleResolution %s', (moduleResolution, module) => {
  expect(typeErrors(project, moduleResolution, module)).toBe('');
});

test('the command writes the oEmbed answer and prints the line for the head', () => {
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, ['node_modules/proscenium/bin/proscenium-oembed.mjs', ...args], { cwd: project, encoding: 'utf8' });
  const address = 'https://a.example/embed.html?src=lamp.usdz&alt=A+lamp';
  expect(JSON.parse(run(address, '--width', '800'))).toMatchObject({ type: 'rich', width: 800, height: 480, title: 'A lamp' });
  const line = run(address, '--out', 'lamp.json', '--json-url', 'https://a.example/lamp.json');
  expect(line).toBe('<link rel="alternate" type="application/json+oembed" href="https://a.example/lamp.json" title="A lamp">\n');
  expect(JSON.parse(readFileSync(join(project, 'lamp.json'), 'utf8'))).toMatchObject({ version: '1.0', provider_name: 'a.example' });
});

test('the command refuses what is no address with its usage', () => {
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/proscenium/bin/proscenium-oembed.mjs', 'embed.html'], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('"embed.html" is no absolute http or https address');
});

test('a bundler takes everything along', () => {
  writeFileSync(join(project, 'index.html'), '<script type="module" src="./main.js"></script>');
  writeFileSync(join(project, 'main.js'), "import 'proscenium';");
  execFileSync(process.execPath, [resolve('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'], { cwd: project });
  const assets = readdirSync(join(project, 'dist/assets'));
  let count = 0;
  for (const name of assets.filter((asset) => asset.endsWith('.js'))) {
    const text = readFileSync(join(project, 'dist/assets', name), 'utf8');
    for (const { groups } of text.matchAll(/["'`](?:\.?\/)?(?:assets\/)?(?<file>[\w-]+-[\w-]{8}\.(?:js|wasm))["'`]/gu)) {
      expect(assets, `${name} names ${groups?.['file']}`).toContain(groups?.['file']);
      count++;
    }
  }
  expect(count).toBeGreaterThan(2);
  const worker = assets.find((asset) => asset.startsWith('worker-')) ?? '';
  expect(readFileSync(join(project, 'dist/assets', worker), 'utf8')).toContain('AGFzbQ');
});
