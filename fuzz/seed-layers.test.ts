import { expect, test } from 'vitest';
import { exercise } from './exercise.ts';
import { SEED_TEXTS } from './seed-layers.ts';

test.each(Object.entries(SEED_TEXTS))('the seed "%s" gives a stage', async (_name, text) => {
  const outcome = await exercise(new TextEncoder().encode(text), 'usda');
  expect(outcome, JSON.stringify(outcome)).toEqual({ kind: expect.stringMatching(/^(stage|problems)$/) as string });
});
