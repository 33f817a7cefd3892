import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const scripts: { readonly name: string; readonly text: string }[] = [];
let page = '';

beforeAll(() => {
  if (!existsSync('dist/index.html')) throw new Error('dist/ is not built: run "npm run build" first');
  page = readFileSync('dist/index.html', 'utf8');
  for (const name of readdirSync('dist/assets')) {
    if (name.endsWith('.js')) scripts.push({ name, text: readFileSync(join('dist/assets', name), 'utf8') });
  }
  expect(scripts.length).toBeGreaterThan(2);
});

test('the page has a policy without eval and without inline script', () => {
  const policy = /http-equiv="Content-Security-Policy"\s+content="(?<policy>[^"]+)"/u.exec(page)?.groups?.['policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/u);
});

test('no script needs eval', () => {
  for (const { name, text } of scripts) {
    expect(/\beval\s*\(|new Function\s*\(/u.test(text), name).toBe(false);
  }
});

test('no decorator syntax is left over', () => {
  for (const { name, text } of scripts) expect(/^\s*@(?:customElement|property|state|query)\(/mu.test(text), name).toBe(false);
});

test('every address in the page is relative, so that any folder can host it', () => {
  for (const match of page.matchAll(/(?:src|href)="(?<url>[^"]+)"/gu)) expect(match.groups?.['url']).toMatch(/^\.\//u);
});

/** In names of namespaces, and in messages that tell where to read on. */
const NAMED = ['www.w3.org', 'lit.dev', 'aomediacodec.github.io', 'www.webmproject.org'];

test('no script names a host of its own', () => {
  for (const { name, text } of scripts) {
    // Licences that have to stay with the code name where they are to be read.
    const code = text.replaceAll(/\/\*!.*?\*\//gsu, '');
    const hosts = [...code.matchAll(/https?:\/\/(?<host>[a-z0-9.-]+)/giu)]
      .map((match) => match.groups?.['host'] ?? '')
      .filter((host) => !NAMED.includes(host));
    expect(hosts, name).toEqual([]);
  }
});
