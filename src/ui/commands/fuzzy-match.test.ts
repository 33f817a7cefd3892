import { expect, test } from 'vitest';
import { fuzzyMatch } from './fuzzy-match.ts';

const best = (query: string, texts: readonly string[]): string[] =>
  texts
    .map((text) => ({ text, score: fuzzyMatch(query, text)?.score ?? -Infinity }))
    .filter(({ score }) => score > -Infinity)
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);

test('all letters must be there, in their order', () => {
  expect(fuzzyMatch('opn', 'Open files')?.positions).toEqual([0, 1, 3]);
  expect(fuzzyMatch('nop', 'Open files')).toBeUndefined();
  expect(fuzzyMatch('open fx', 'Open files')).toBeUndefined();
  expect(fuzzyMatch('longer than the text', 'short')).toBeUndefined();
});

test('an empty query matches everything alike', () => {
  expect(fuzzyMatch('  ', 'anything')).toEqual({ score: 0, positions: [] });
});

test('case and spaces of the query do not count', () => {
  expect(fuzzyMatch('TONE aces', 'Tone mapping: ACES')?.positions).toEqual([0, 1, 2, 3, 14, 15, 16, 17]);
});

test('beginnings of words are meant before letters within them', () => {
  expect(fuzzyMatch('fs', 'Frames: Frame the selection')?.positions).toEqual([0, 18]);
  expect(best('cl', ['Include', 'Copy a link', 'Close'])).toEqual(['Close', 'Copy a link', 'Include']);
  expect(best('np', ['Snap', 'newPrim', 'Inspect'])[0]).toBe('newPrim');
});

test('letters in a row are meant before scattered ones, and short texts before long ones', () => {
  expect(best('set', ['Save a picture of the tree', 'Settings', 'Reset the view'])[0]).toBe('Settings');
  expect(best('open', ['Open files in a new tab', 'Open files'])).toEqual(['Open files', 'Open files in a new tab']);
});

test('the best of several places is found, not the first', () => {
  expect(fuzzyMatch('cam', 'cxaxm Camera')?.positions).toEqual([6, 7, 8]);
  expect(fuzzyMatch('pic', 'spin a pixel, picture')?.positions).toEqual([14, 15, 16]);
});

test('it agrees with trying every way', () => {
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const letters = 'abA .';
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: 1 + next(9) }, () => letters[next(letters.length)]).join('');
    const query = Array.from({ length: 1 + next(3) }, () => 'ab'[next(2)]).join('');
    const match = fuzzyMatch(query, text);
    const ways = waysOf(query, text.toLowerCase(), 0);
    expect(match === undefined).toBe(ways.length === 0);
    if (match === undefined) continue;
    expect(ways.map(String)).toContain(String(match.positions));
    // A whole query that begins the text is never beaten.
    if (text.toLowerCase().startsWith(query)) expect(match.positions).toEqual(Array.from({ length: query.length }, (_, i) => i));
  }
});

test('a hostile text costs little', () => {
  const start = performance.now();
  expect(fuzzyMatch('a'.repeat(200), 'a'.repeat(1_000_000))?.positions).toHaveLength(200);
  expect(performance.now() - start).toBeLessThan(1000);
});

/** Every way to find the query's letters in the text. */
function waysOf(query: string, text: string, from: number): number[][] {
  if (query === '') return [[]];
  const ways: number[][] = [];
  for (let at = from; at < text.length; at++)
    if (text[at] === query[0]) for (const rest of waysOf(query.slice(1), text, at + 1)) ways.push([at, ...rest]);
  return ways;
}
