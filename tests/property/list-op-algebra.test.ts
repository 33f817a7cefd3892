import { describe, expect, it } from 'vitest';
import { applyListOp, makeExplicitListOp, makeListOp, type ListOp } from '../../packages/usd-wasm/src/sdf/list-op.ts';

/** A small seeded generator (mulberry32); the seed stands in every message. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const LETTERS = 'abcdefgh';
const identity = (item: string): string => item;

function randomItems(random: () => number): string[] {
  return Array.from({ length: Math.floor(random() * 6) }, () => LETTERS[Math.floor(random() * LETTERS.length)] as string);
}

function randomOp(random: () => number): ListOp<string> {
  if (random() < 0.2) return makeExplicitListOp(randomItems(random));
  const part = (): string[] => (random() < 0.5 ? randomItems(random) : []);
  return makeListOp({ prependedItems: part(), appendedItems: part(), addedItems: part(), deletedItems: part(), orderedItems: part() });
}

const ROUNDS = 500;
const firstSeed = Math.floor(Math.random() * 2 ** 31);

/** Calls `check` with random list ops over random lists, and words that name the seed. */
function forRandomOps(check: (op: ListOp<string>, weaker: readonly string[], result: readonly string[], where: string) => void): void {
  for (let seed = firstSeed; seed < firstSeed + ROUNDS; seed++) {
    const random = randomOf(seed);
    const op = randomOp(random);
    const weaker = [...new Set(randomItems(random))];
    check(op, weaker, applyListOp(op, weaker, identity), `seed ${seed}: ${JSON.stringify(op)} over ${weaker.join('')}`);
  }
}

describe('list op algebra', () => {
  it('never makes duplicates', () => {
    forRandomOps((_, __, result, where) => expect(new Set(result).size, where).toBe(result.length));
  });

  it('makes an explicit list whatever was there', () => {
    forRandomOps((op, _, result, where) => {
      if (op.isExplicit) expect(result, where).toEqual([...new Set(op.explicitItems)]);
    });
  });

  it('holds what was not deleted and what was added, prepended or appended', () => {
    forRandomOps((op, weaker, result, where) => {
      if (op.isExplicit) return;
      const deleted = new Set(op.deletedItems);
      const expected = new Set([
        ...weaker.filter((item) => !deleted.has(item)),
        ...op.addedItems,
        ...op.prependedItems,
        ...op.appendedItems,
      ]);
      expect(new Set(result), where).toEqual(expected);
    });
  });

  it('has ordered items in their order', () => {
    forRandomOps((op, _, result, where) => {
      if (op.isExplicit) return;
      const order = [...new Set(op.orderedItems)].filter((item) => result.includes(item));
      expect(
        result.filter((item) => order.includes(item)),
        where,
      ).toEqual(order);
    });
  });

  it('has prepended items in front and appended ones at the back, unless it reorders', () => {
    forRandomOps((op, _, result, where) => {
      if (op.isExplicit || op.orderedItems.length > 0) return;
      const tail = [...new Set(op.appendedItems)];
      const head = [...new Set(op.prependedItems)].filter((item) => !tail.includes(item));
      expect(result.slice(0, head.length), where).toEqual(head);
      expect(tail.length === 0 ? [] : result.slice(-tail.length), where).toEqual(tail);
    });
  });

  it('does nothing the second time, unless it reorders or adds what it deletes', () => {
    forRandomOps((op, _, result, where) => {
      if (op.orderedItems.length > 0 || op.addedItems.some((item) => op.deletedItems.includes(item))) return;
      expect(applyListOp(op, result, identity), where).toEqual(result);
    });
  });
});
