import { describe, expect, test } from 'vitest';
import { CallClient, RemoteError } from './channel.ts';

interface Calls extends Record<string, { request: object; reply: unknown }> {
  double: { request: { n: number }; reply: { n: number } };
}

function client() {
  const sent: { kind: string; call: number }[] = [];
  const calls = new CallClient<Calls>({ postMessage: (message) => void sent.push(message as { kind: string; call: number }) });
  return { calls, sent };
}

describe('CallClient', () => {
  test('answers each call with its own reply', async () => {
    const { calls, sent } = client();
    const [a, b] = [calls.call('double', { n: 1 }), calls.call('double', { n: 2 })];
    expect(calls.settle({ kind: 'reply', call: sent[1]!.call, reply: { n: 4 } })).toBe(true);
    calls.settle({ kind: 'reply', call: sent[0]!.call, reply: { n: 2 } });
    expect([await a, await b]).toEqual([{ n: 2 }, { n: 4 }]);
    expect(calls.settle({ kind: 'progress' })).toBe(false);
  });

  test('fails with what the other side said', async () => {
    const { calls, sent } = client();
    const call = calls.call('double', { n: 1 });
    calls.settle({ kind: 'failed', call: sent[0]!.call, error: { code: 'no-prim', severity: 'error', message: 'gone' } });
    await expect(call).rejects.toMatchObject({ name: 'RemoteError', info: { code: 'no-prim' } });
  });

  test('sends a cancel when the caller aborts, also before the call, and none after the reply', async () => {
    const { calls, sent } = client();
    const controller = new AbortController();
    const call = calls.call('double', { n: 1 }, { signal: controller.signal });
    controller.abort();
    void calls.call('double', { n: 2 }, { signal: controller.signal });
    expect(sent.map(({ kind, call: id }) => `${kind} ${id}`)).toEqual(['double 1', 'cancel 1', 'double 2', 'cancel 2']);
    calls.settle({ kind: 'reply', call: 1, reply: { n: 2 } });
    await call;
    const late = new AbortController();
    const answered = calls.call('double', { n: 3 }, { signal: late.signal });
    calls.settle({ kind: 'reply', call: 3, reply: { n: 6 } });
    await answered;
    late.abort();
    expect(sent.at(-1)!.kind).toBe('double');
  });

  test('fails every waiting call when the worker dies', async () => {
    const { calls } = client();
    const waiting = [calls.call('double', { n: 1 }), calls.call('double', { n: 2 })];
    calls.failAll({ code: 'worker-died', severity: 'error', message: 'no more' });
    for (const call of waiting) await expect(call).rejects.toBeInstanceOf(RemoteError);
  });
});
