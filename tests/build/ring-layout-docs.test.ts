import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RING_FORMATS } from '../../src/share/frames/shared-memory/ring-layout.ts';

/** Cells of the rows of the first table, without the line below its head. */
function tableOf(text: string): string[][] {
  const lines = text.split('\n').map((line) => line.replace(/^ \* /u, '').trim());
  const begin = lines.findIndex((line) => line.startsWith('| offset'));
  const end = lines.findIndex((line, i) => i > begin && !line.startsWith('|'));
  return lines
    .slice(begin, end)
    .filter((line) => !/^[|\s-]+$/u.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const page = readFileSync('docs/share/memory-layout.md', 'utf8');

test('the documented layout of the ring is that of its source', () => {
  const documented = tableOf(page);
  expect(documented.length).toBeGreaterThan(20);
  expect(documented).toEqual(tableOf(readFileSync('src/share/frames/shared-memory/ring-layout.ts', 'utf8')));
});

test('the documented numbers of formats are those of the ring', () => {
  const documented = [...page.matchAll(/`(?<format>[\w-]+)` (?<index>\d+)[,.]/gu)].map(({ groups }) => [
    groups?.['format'],
    Number(groups?.['index']),
  ]);
  expect(documented).toEqual(RING_FORMATS.map((format, i) => [format, i]));
});
