/** `dist/` served with its `_headers`: what it says is true of every file of the build. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersFor, parseHeadersFile } from '../support/headers-file.ts';
import { HostedApp } from '../support/hosted-app.ts';

let host: HostedApp;
const paths: string[] = [];

beforeAll(async () => {
  host = await HostedApp.start({ hasHeaders: true });
  for (const name of readdirSync('dist', { recursive: true })) {
    if (statSync(join('dist', String(name))).isFile()) paths.push(`/${String(name).replaceAll('\\', '/')}`);
  }
});

afterAll(() => host.stop());

async function headersOf(path: string): Promise<Headers> {
  const response = await fetch(new URL(path, host.url));
  await response.arrayBuffer();
  expect(response.status, path).toBe(200);
  return response.headers;
}

test.each(['/', '/index.html'])('%s has the policy of its own markup, forbids foreign frames, and is isolated', async (path) => {
  const headers = await headersOf(path);
  const own = /http-equiv="Content-Security-Policy"\s+content="(?<policy>[^"]+)"/u.exec(readFileSync('dist/index.html', 'utf8'));
  expect(headers.get('content-security-policy')).toBe(`${own?.groups?.['policy']}; frame-ancestors 'self'`);
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(headers.get('cache-control')).toBe('no-cache');
});

test('files named by their contents are kept for good, and only those', async () => {
  for (const path of paths) {
    if (path === '/_headers') continue;
    const cached = (await headersOf(path)).get('cache-control');
    if (path.startsWith('/assets/')) {
      expect(path).toMatch(/-[\w-]{8}\.\w+$/u);
      expect(cached, path).toContain('immutable');
    } else expect(cached ?? '', path).not.toContain('immutable');
    if (/\.html$|service-worker\.js$/u.test(path)) expect(cached, path).toBe('no-cache');
  }
});

test('scripts carry the embedder policy that workers of an isolated page need', async () => {
  const scripts = paths.filter((path) => path.startsWith('/assets/') && path.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(2);
  for (const path of scripts) expect((await headersOf(path)).get('cross-origin-embedder-policy'), path).toBe('require-corp');
});

test('what other pages load is open to them, isolated ones too', async () => {
  const open = paths.filter((path) => path.startsWith('/embed/') || path === '/samples/sample.usdz');
  expect(open.length).toBeGreaterThan(2);
  for (const path of open) {
    const headers = await headersOf(path);
    expect(headers.get('access-control-allow-origin'), path).toBe('*');
    expect(headers.get('cross-origin-resource-policy'), path).toBe('cross-origin');
  }
  const frame = await headersOf('/embed.html');
  expect(frame.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(frame.get('cross-origin-embedder-policy')).toBe('credentialless');
  expect(frame.get('content-security-policy')).toBeNull();
  expect(frame.get('cross-origin-opener-policy')).toBeNull();
});

test('no header comes from two rules, which hosts would join', () => {
  const rules = parseHeadersFile(readFileSync('dist/_headers', 'utf8'));
  for (const path of ['/', ...paths]) {
    for (const [name, value] of Object.entries(headersFor(rules, path))) {
      const given = rules.flatMap(({ headers }) => headers).filter(([other]) => other.toLowerCase() === name);
      expect(
        given.map(([, one]) => one),
        `${name} of ${path}`,
      ).toContain(value);
    }
  }
});

test('the service worker keeps the page, its parts and the sample, and nothing that other pages embed', () => {
  const worker = readFileSync('dist/service-worker.js', 'utf8');
  const kept = [...worker.matchAll(/"?url"?:\s*"(?<url>[^"]+)"/gu)].map((match) => `/${match.groups?.['url']}`);
  expect(kept).toEqual(expect.arrayContaining(['/index.html', '/samples/sample.usdz', '/manifest.webmanifest', '/icons/proscenium.svg']));
  for (const path of paths.filter((asset) => asset.startsWith('/assets/') && !asset.endsWith('.map'))) expect(kept).toContain(path);
  expect(kept.filter((path) => !paths.includes(path))).toEqual([]);
  expect(kept.filter((path) => /embed|builder|screenshots|_headers/u.test(path) && !path.startsWith('/assets/'))).toEqual([]);
});
