import { describe, expect, it } from 'vitest';
import { MapFunction, type PathPair } from '../../packages/usd-wasm/src/pcp/map-function.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';

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

function randomPath(random: () => number): Path {
  const depth = 1 + Math.floor(random() * 3);
  return Array.from({ length: depth }, () => `/${'ABC'[Math.floor(random() * 3)] as string}`).join('') as Path;
}

/** Sources and targets are each distinct, as they are for the arcs of a scene. */
function randomMap(random: () => number): MapFunction {
  const pairs: PathPair[] = [];
  if (random() < 0.5) pairs.push(['/' as Path, '/' as Path]);
  for (let i = Math.floor(random() * 4); i > 0; i--) {
    const source = randomPath(random);
    const target = random() < 0.1 ? '' : randomPath(random);
    if (pairs.every((pair) => pair[0] !== source && pair[1] !== target)) pairs.push([source, target]);
  }
  return MapFunction.create(pairs, { offset: Math.floor(random() * 10), scale: random() < 0.5 ? 1 : 2 });
}

const ROUNDS = 500;
const seed = Math.floor(Math.random() * 2 ** 31);
const show = (f: MapFunction): string =>
  `${f.hasRootIdentity ? '/→/ ' : ''}${f.pairs.map(([source, target]) => `${source}→${target}`).join(' ')}`;

describe('map functions', () => {
  it('map back what they map', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = randomOf(seed + round);
      const f = randomMap(random);
      for (let i = 0; i < 10; i++) {
        const path = randomPath(random);
        const there = f.mapToTarget(path);
        if (there !== undefined && there !== '')
          expect(f.mapToSource(there), `seed ${seed + round}, ${show(f)}, ${path} → ${there}`).toBe(path);
        const back = f.mapToSource(path);
        if (back !== undefined && back !== '')
          expect(f.mapToTarget(back), `seed ${seed + round}, ${show(f)}, ${back} ← ${path}`).toBe(path);
      }
    }
  });

  it('compose as their applications do, wherever both have a value', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = randomOf(seed + round);
      const f = randomMap(random);
      const g = randomMap(random);
      const both = f.compose(g);
      for (let i = 0; i < 10; i++) {
        const path = randomPath(random);
        const middle = g.mapToTarget(path);
        const expected = middle === undefined || middle === '' ? middle : f.mapToTarget(middle);
        const found = both.mapToTarget(path);
        if (expected !== undefined && found !== undefined)
          expect(found, `seed ${seed + round}, (${show(f)}) ∘ (${show(g)}) at ${path}`).toBe(expected);
      }
      expect(both.offset).toEqual({ scale: f.offset.scale * g.offset.scale, offset: f.offset.scale * g.offset.offset + f.offset.offset });
    }
  });

  it('are undone by their inverse', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = randomOf(seed + round);
      const f = randomMap(random);
      const inverse = f.inverse();
      for (let i = 0; i < 10; i++) {
        const path = randomPath(random);
        const there = f.mapToTarget(path);
        if (there !== undefined && there !== '') expect(inverse.mapToTarget(there), `seed ${seed + round}, ${show(f)}, ${path}`).toBe(path);
      }
    }
  });
});
