import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../packages/usd-wasm/src/tf/read-limits.ts';

/** `docs/errors.md` explains every code that an error or problem can have, and no other. */
const ROOMS = ['packages/usd-wasm/src', 'src/workers', 'src/gpu', 'src/ui', 'src/embed', 'src/share'];

/** `code: 'x'` and `code = 'x'`, either side of a condition too. */
const FIELD =
  /\bcode\s*(?:\??:|=(?!=)|\?\?)\s*(?:[^,;{}\n]*\?\s*)?'(?<code>[a-z0-9]+(?:-[a-z0-9]+)*)'(?:\s*:\s*'(?<other>[a-z0-9]+(?:-[a-z0-9]+)*)')?/gu;
/** The first argument of an error or of a function that reports; that of a ViewStateError is the name of an attribute. */
const ARGUMENT =
  /(?:(?<!ViewState)Error|[rR]eport|[wW]arn|[pP]roblem|[fF]ail|[rR]efuse)\(\s*(?:[^,;(){}\n]*\?\s*)?'(?<code>[a-z0-9]+(?:-[a-z0-9]+)+)'(?:\s*:\s*'(?<other>[a-z0-9]+(?:-[a-z0-9]+)+)')?/gu;
/** Codes of the file formats and kernels, which go through functions of many names. */
const PREFIXED = /'(?<code>(?:usda|usdc|usdz|kernel)-[a-z0-9]+(?:-[a-z0-9]+)*)'/gu;
const KIND = /kind: '(?<kind>[A-Z][A-Za-z]+)'/gu;

function sources(): string[] {
  return ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true })
      .map((name) => join(room, String(name)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/assembly/'))
      .map((file) => readFileSync(file, 'utf8')),
  );
}

function codesInUse(): Set<string> {
  const codes = new Set<string>();
  for (const text of sources()) {
    for (const pattern of [FIELD, ARGUMENT, PREFIXED])
      for (const { groups } of text.matchAll(pattern))
        for (const code of Object.values(groups ?? {})) if (code !== undefined) codes.add(code);
  }
  const kinds = [...readFileSync('packages/usd-wasm/src/pcp/composition-error.ts', 'utf8').matchAll(KIND)];
  for (const { groups } of kinds) codes.add(`composition${groups!['kind']!.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`);
  return codes;
}

/** Codes in the first column of the tables. */
function codesExplained(): string[] {
  return readFileSync('docs/errors.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`(?<code>[^`]+)`/gu)].map(({ groups }) => groups!['code']!));
}

test('every code in the sources and every limit is explained in docs/errors.md, and no other', () => {
  const used = codesInUse();
  const explained = codesExplained();
  expect(used.size).toBeGreaterThan(100);
  expect([...used].filter((code) => !explained.includes(code)).sort()).toEqual([]);
  const limits = Object.keys(DEFAULT_LIMITS);
  expect(limits.filter((limit) => !explained.includes(limit))).toEqual([]);
  expect(explained.filter((code) => !used.has(code) && !limits.includes(code))).toEqual([]);
});

test('docs/errors.md explains a code in one place', () => {
  const explained = codesExplained();
  expect(explained.filter((code, i) => explained.indexOf(code) !== i)).toEqual([]);
});
