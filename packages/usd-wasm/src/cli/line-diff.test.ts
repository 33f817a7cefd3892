import { describe, expect, it } from 'vitest';
import { diffLines, type LineChange } from './line-diff.ts';

const diff = (a: string, b: string): LineChange[] => diffLines(a.split(''), b.split(''));

/** What the changes make of the old lines. */
function patch(a: readonly string[], b: readonly string[], changes: readonly LineChange[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const { oldFrom, oldTo, newFrom, newTo } of changes) {
    result.push(...a.slice(at, oldFrom), ...b.slice(newFrom, newTo));
    at = oldTo;
  }
  return [...result, ...a.slice(at)];
}

const editCount = (changes: readonly LineChange[]): number =>
  changes.reduce((sum, { oldFrom, oldTo, newFrom, newTo }) => sum + oldTo - oldFrom + newTo - newFrom, 0);

/** Least number of removed and added lines, by dynamic programming. */
function leastEdits(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((line, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      next.push(line === other ? (row[j] as number) : 1 + Math.min(row[j + 1] as number, next[j] as number));
    });
    row = next;
  });
  return row[b.length] as number;
}

describe('diffLines', () => {
  it('finds nothing where nothing differs', () => {
    expect(diff('', '')).toEqual([]);
    expect(diff('abc', 'abc')).toEqual([]);
  });

  it('names the lines that take each other’s place', () => {
    expect(diff('abcd', 'aXcd')).toEqual([{ oldFrom: 1, oldTo: 2, newFrom: 1, newTo: 2 }]);
    expect(diff('abc', 'abxc')).toEqual([{ oldFrom: 2, oldTo: 2, newFrom: 2, newTo: 3 }]);
    expect(diff('abc', '')).toEqual([{ oldFrom: 0, oldTo: 3, newFrom: 0, newTo: 0 }]);
  });

  it('is right and shortest for random texts', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    for (let round = 0; round < 500; round++) {
      const text = (): string[] => Array.from({ length: random(30) }, () => String(random(4)));
      const [a, b] = [text(), text()];
      const changes = diffLines(a, b);
      expect(patch(a, b, changes)).toEqual(b);
      expect(editCount(changes), `${a.join('')} ${b.join('')}`).toBe(leastEdits(a, b));
    }
  });

  it('stays right and quick where nearly everything differs', () => {
    const a = Array.from({ length: 20_000 }, (_, i) => (i % 10 === 0 ? `same ${i}` : `old ${i}`));
    const b = Array.from({ length: 20_000 }, (_, i) => (i % 10 === 0 ? `same ${i}` : `new ${i}`));
    const changes = diffLines(a, b);
    expect(patch(a, b, changes)).toEqual(b);
  });
});
