import { makeRandom } from '../tests/support/random.ts';

/** Choices drawn from a seeded row of numbers. */
export class RandomSource {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = makeRandom(seed);
  }

  /** A whole number in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: ArrayLike<T>): T {
    return items[this.integer(items.length)] as T;
  }

  /** Mostly small, now and then large: how often or how long something is. */
  size(most: number): number {
    return 1 + this.integer(Math.min(most, 2 ** this.integer(Math.ceil(Math.log2(most)) + 1)));
  }
}

/** The seed of one input of a run: neighbouring inputs have nothing in common. */
export function inputSeed(seed: number, index: number): number {
  let mixed = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
