import { afterEach, expect, test, vi } from 'vitest';
import { advance, PlaybackController } from './playback-controller.ts';

const host = { addController: () => {}, removeController: () => {}, requestUpdate: () => {}, updateComplete: Promise.resolve(true) };

afterEach(() => vi.unstubAllGlobals());

/** Animation frames that come when a test says so. */
function frames(): (ms: number) => void {
  let waiting: ((now: number) => void) | undefined;
  let now = 0;
  vi.stubGlobal('performance', { now: () => now });
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) => ((waiting = run), 1));
  vi.stubGlobal('cancelAnimationFrame', () => (waiting = undefined));
  return (ms) => {
    now += ms;
    const run = waiting;
    waiting = undefined;
    run?.(now);
  };
}

test('rounds are counted, also those that pass between two frames', () => {
  const frame = frames();
  const playback = new PlaybackController(host, () => Promise.resolve());
  playback.reset({ start: 10, end: 20, timeCodesPerSecond: 10, step: 1 }, 10);
  playback.play();
  frame(900);
  expect([playback.timeCode, playback.rounds]).toEqual([19, 0]);
  frame(2500);
  expect(playback.timeCode).toBeCloseTo(14, 9);
  expect(playback.rounds).toBe(3);
});

test('backwards it plays from the end to the start, and stops there', () => {
  const frame = frames();
  const playback = new PlaybackController(host, () => Promise.resolve());
  playback.reset({ start: 10, end: 20, timeCodesPerSecond: 10, step: 1 }, 10);
  playback.setSpeed(-1);
  playback.setLooping(false);
  playback.play();
  expect(playback.timeCode).toBe(20);
  frame(600);
  expect([playback.timeCode, playback.isPlaying]).toEqual([14, true]);
  frame(600);
  expect([playback.timeCode, playback.isPlaying]).toEqual([10, false]);
});

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
