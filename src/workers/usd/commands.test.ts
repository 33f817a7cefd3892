import { describe, expect, test } from 'vitest';
import { CommandQueue } from './commands.ts';
import { CancelledError } from './pace.ts';

function recorded() {
  const log: string[] = [];
  const queue = new CommandQueue({
    reply: (call, reply) => void log.push(`${call} = ${String(reply)}`),
    fail: (call, error) => void log.push(`${call} ! ${error.code}`),
    failedLate: (error) => void log.push(`late ! ${error.code}`),
  });
  return { log, queue };
}

const until = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new CancelledError())));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('CommandQueue', () => {
  test('runs writes one after another', async () => {
    const { log, queue } = recorded();
    let release = (): void => undefined;
    queue.write(1, { kind: 'a', doing: '' }, async () => {
      await new Promise<void>((resolve) => (release = resolve));
      log.push('first done');
      return 'A';
    });
    queue.write(2, { kind: 'b', doing: '' }, async () => 'B');
    await settled();
    expect(log).toEqual([]);
    release();
    await settled();
    expect(log).toEqual(['first done', '1 = A', '2 = B']);
  });

  test('lets reads through while a write runs', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'a', doing: '' }, ({ signal }) => until(signal));
    queue.read(2, '', () => 'R');
    await settled();
    expect(log).toEqual(['2 = R']);
  });

  test('aborts a running write and drops a waiting one on cancel', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'a', doing: '' }, ({ signal }) => until(signal));
    queue.write(2, { kind: 'b', doing: '' }, async () => 'B');
    queue.cancel(2);
    queue.cancel(1);
    await settled();
    expect(log).toEqual(['2 ! cancelled', '1 ! cancelled']);
  });

  test('runs only the newest of coalesced writes and answers all their callers', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'open', doing: '' }, settled);
    for (const call of [2, 3, 4]) queue.write(call, { kind: 'time', doing: '', isCoalesced: true }, async () => `t${call}`);
    await settled();
    await settled();
    expect(log.slice(1)).toEqual(['2 = t4', '3 = t4', '4 = t4']);
  });

  test('keeps the order of coalesced writes and others between them', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'open', doing: '' }, settled);
    queue.write(2, { kind: 'time', doing: '', isCoalesced: true }, async () => 'early');
    queue.write(3, { kind: 'variant', doing: '' }, async () => 'V');
    queue.write(4, { kind: 'time', doing: '', isCoalesced: true }, async () => 'late');
    await settled();
    await settled();
    expect(log.slice(1)).toEqual(['2 = early', '3 = V', '4 = late']);
  });

  test('preempts what runs and what waits', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'open', doing: '', isPreempting: true }, ({ signal }) => until(signal));
    queue.write(2, { kind: 'time', doing: '' }, async () => 'T');
    queue.write(3, { kind: 'open', doing: '', isPreempting: true }, async () => 'second');
    await settled();
    expect(log).toEqual(['2 ! cancelled', '1 ! cancelled', '3 = second']);
  });

  test('answers early, and reports what fails afterwards', async () => {
    const { log, queue } = recorded();
    queue.write(1, { kind: 'open', doing: 'Opening' }, async ({ reply }) => {
      reply('summary');
      throw new Error('boom');
    });
    await settled();
    expect(log).toEqual(['1 = summary', 'late ! internal-error']);
  });
});
