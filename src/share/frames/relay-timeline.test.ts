import { expect, test } from 'vitest';
import { RelayTimeline } from './relay-timeline.ts';
import { LocalTimeline } from './timeline/local-timeline.ts';

test('a wait outlives the semaphore that it began with', async () => {
  const relay = new RelayTimeline();
  const wait = relay.wait(3, 5000);
  const [first, second] = [new LocalTimeline(), new LocalTimeline()];
  relay.follow(first);
  first.signal(2);
  expect(relay.value).toBe(2);
  first.close();
  relay.follow(second);
  expect(relay.value).toBe(2);
  second.signal(3);
  expect([await wait, relay.value]).toEqual(['ok', 3]);
});

test('a semaphore that begins lower does not lower it, and one of before is not listened to', async () => {
  const relay = new RelayTimeline();
  const [first, second] = [new LocalTimeline(), new LocalTimeline()];
  relay.follow(first);
  first.signal(5);
  relay.follow(second);
  first.signal(9);
  second.signal(1);
  expect(relay.value).toBe(5);
  expect(await relay.wait(6, 20)).toBe('timeout');
});

test('a signal reaches the semaphore behind it', () => {
  const relay = new RelayTimeline();
  const source = new LocalTimeline();
  relay.follow(source);
  expect([relay.signal(4), relay.signal(4), source.value]).toEqual([true, false, 4]);
});

test('after close every wait is lost, and what was reached stays reached', async () => {
  const relay = new RelayTimeline();
  const source = new LocalTimeline();
  relay.follow(source);
  source.signal(2);
  const wait = relay.wait(3);
  relay.close();
  expect([await wait, relay.value, await relay.wait(2), await relay.wait(3)]).toEqual(['lost', 2, 'ok', 'lost']);
});
