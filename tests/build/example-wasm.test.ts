import { readFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';
import { expect, test } from 'vitest';

const FOLDER = 'examples/share-cpu';

test('the bytes in the example are those of the text beside them', () => {
  const module = binaryen.parseText(readFileSync(`${FOLDER}/rings.wat`, 'utf8'));
  const written = /const MODULE = `(?<hex>[^`]+)`/u.exec(readFileSync(`${FOLDER}/rings.js`, 'utf8'))?.groups?.['hex'] ?? '';
  expect(written.replaceAll(/\s/gu, '')).toBe(Buffer.from(module.emitBinary()).toString('hex'));
});
