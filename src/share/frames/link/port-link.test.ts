import { expect, test, vi } from 'vitest';
import { openPortLink } from './port-link.ts';

test('messages before a listener are kept, in order', async () => {
  const { port1, port2 } = new MessageChannel();
  const near = openPortLink(port1);
  for (const message of [1, 'two', { three: 3 }]) near.post(message);
  const far = openPortLink(port2);
  await settle();
  const received: unknown[] = [];
  far.listen((message) => received.push(message));
  near.post(4);
  await vi.waitFor(() => expect(received).toEqual([1, 'two', { three: 3 }, 4]));
  near.close();
  far.close();
});

test('buffers move along', async () => {
  const { port1, port2 } = new MessageChannel();
  const near = openPortLink(port1);
  const far = openPortLink(port2);
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const received = new Promise<unknown>((resolve) => far.listen(resolve));
  near.post(buffer, [buffer]);
  expect(buffer.byteLength).toBe(0);
  expect(new Uint8Array((await received) as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  near.close();
  far.close();
});

test('a close is a loss at the other end only, after the messages before it', async () => {
  const { port1, port2 } = new MessageChannel();
  const near = openPortLink(port1);
  const far = openPortLink(port2);
  const events: unknown[] = [];
  near.onLost(() => events.push('lost here'));
  far.listen((message) => events.push(message));
  far.onLost(() => events.push('lost there'));
  near.post('last');
  near.close();
  near.close();
  near.post('after close');
  await vi.waitFor(() => expect(events).toEqual(['last', 'lost there']));
  far.post('to nobody');
  far.close();
  let late = 0;
  far.onLost(() => (late += 1));
  await settle();
  expect([events, late]).toEqual([['last', 'lost there'], 0]);
});

test('a loss is told to listeners that come late', async () => {
  const { port1, port2 } = new MessageChannel();
  const near = openPortLink(port1);
  const far = openPortLink(port2);
  near.close();
  await settle();
  await new Promise<void>((resolve) => far.onLost(resolve));
  far.close();
});

test('an end that nobody has opened yet is not lost', async () => {
  vi.useFakeTimers();
  try {
    const { port1 } = new MessageChannel();
    const link = openPortLink(port1);
    let losses = 0;
    link.onLost(() => (losses += 1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(losses).toBe(0);
    link.close();
  } finally {
    vi.useRealTimers();
  }
});

test.each([null, 'text', 7, {}, { kind: 'link-lock' }, { kind: 'link-lock', name: '-' }, { kind: 'other' }, []])(
  'foreign messages (%j) are ignored',
  async (foreign) => {
    const { port1, port2 } = new MessageChannel();
    const link = openPortLink(port2);
    const received: unknown[] = [];
    link.listen((message) => received.push(message));
    port1.postMessage(foreign);
    port1.postMessage({ kind: 'link-message', message: 'real' });
    await vi.waitFor(() => expect(received).toEqual(['real']));
    link.close();
  },
);

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
}
