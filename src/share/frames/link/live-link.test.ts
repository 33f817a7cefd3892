import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveLink, type LinkEnvelope } from './live-link.ts';

let nowMs = 0;

beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function openLink(isWindow = false) {
  const sent: LinkEnvelope[] = [];
  const link = new LiveLink(
    { canTransfer: true, post: (envelope) => sent.push(envelope), close: () => sent.push({ kind: 'link-close' }) },
    { usesLocks: false },
  );
  let losses = 0;
  link.onLost(() => (losses += 1));
  link.receive({ kind: 'link-open', isWindow });
  /** The timer of a ping runs out, `lateMs` after it should. */
  const tick = async (lateMs = 0): Promise<void> => {
    nowMs += 150 + lateMs;
    vi.advanceTimersByTime(150);
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port2.onmessage = resolve;
      port1.postMessage(undefined);
    });
    port2.close();
  };
  return { link, sent, tick, losses: () => losses };
}

describe('heartbeats', () => {
  test('silence for six pings is a loss, told once', async () => {
    const { sent, tick, losses } = openLink();
    for (let count = 0; count < 5; count++) await tick();
    expect(losses()).toBe(0);
    await tick();
    expect([losses(), nowMs]).toEqual([1, 900]);
    for (let count = 0; count < 10; count++) await tick();
    expect([losses(), sent.filter(({ kind }) => kind === 'link-ping').length]).toEqual([1, 6]);
  });

  test('a window, which says when it leaves, may be busy for 3 s', async () => {
    const { tick, losses } = openLink(true);
    for (let count = 0; count < 20; count++) await tick();
    expect([losses(), nowMs]).toEqual([0, 3000]);
    await tick();
    expect(losses()).toBe(1);
  });

  test('any message is a sign of life', async () => {
    const { link, tick, losses } = openLink();
    for (let count = 0; count < 100; count++) {
      await tick();
      if (count % 5 === 4) link.receive(count % 2 === 0 ? { kind: 'link-pong' } : { kind: 'link-message', message: count });
    }
    expect(losses()).toBe(0);
  });

  test('answers that wait behind a long task of this thread count', async () => {
    const { link, tick, losses } = openLink();
    for (let turn = 0; turn < 20; turn++) {
      // They are handled before the late timer or after it.
      if (turn % 2 === 0) link.receive({ kind: 'link-pong' });
      const ticked = tick(450);
      if (turn % 2 === 1) link.receive({ kind: 'link-pong' });
      await ticked;
      await tick();
      await tick();
    }
    expect(losses()).toBe(0);
  });

  test('one long task of this thread is no silence of the other', async () => {
    const { link, tick, losses } = openLink();
    await tick(10_000);
    expect(losses()).toBe(0);
    await tick();
    link.receive({ kind: 'link-pong' });
    for (let count = 0; count < 5; count++) await tick();
    expect(losses()).toBe(0);
  });

  test('timers of a hidden window notice after two of their ticks', async () => {
    const { tick, losses } = openLink();
    await tick(850);
    expect(losses()).toBe(0);
    await tick(850);
    expect([losses(), nowMs]).toEqual([1, 2000]);
  });

  test('pings are answered', async () => {
    const { link, sent } = openLink();
    link.receive({ kind: 'link-ping' });
    expect(sent.at(-1)).toEqual({ kind: 'link-pong' });
  });

  test('nothing is sent after a close', async () => {
    const { link, sent, tick, losses } = openLink();
    link.close();
    const count = sent.length;
    for (let turn = 0; turn < 10; turn++) await tick();
    link.receive({ kind: 'link-ping' });
    link.post('late');
    expect([sent.length, losses()]).toEqual([count, 0]);
  });
});
