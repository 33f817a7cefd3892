import { expect, test } from 'vitest';
import { advance, PlaybackController } from './playback-controller.ts';

const host = { addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) };

test('time goes on past the end by starting again', () => {
  expect(advance(90, 20, 10, 100, true)).toBe(20);
  expect(advance(12, -4, 10, 100, true)).toBe(98);
});

test('time stops at the end without looping', () => {
  expect(advance(90, 20, 10, 100, false)).toBe(100);
});

test('an empty range stands at its start', () => {
  expect(advance(5, 20, 7, 7, true)).toBe(7);
});

test('steps go to whole steps of the range and stay inside', async () => {
  const sampled: number[] = [];
  const playback = new PlaybackController(host, (timeCode) => Promise.resolve(void sampled.push(timeCode)));
  playback.reset({ start: 1, end: 5, timeCodesPerSecond: 24, step: 2 }, 1.5);
  for (const count of [1, 1, 1, -1, -1, -1]) await playback.step(count);
  expect(sampled).toEqual([3, 5, 5, 3, 1, 1]);
});
