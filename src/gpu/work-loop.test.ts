import { expect, test } from 'vitest';
import { WorkLoop } from './work-loop.ts';

const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('runs the slices of all views in turn', async () => {
  const loop = new WorkLoop();
  const ran: string[] = [];
  for (const [name, count] of [
    ['a', 3],
    ['b', 1],
    ['c', 2],
  ] as const) {
    let left: number = count;
    const slice = (): void => {
      ran.push(name);
      if (--left > 0) loop.request(slice);
    };
    loop.request(slice);
    loop.request(slice);
  }
  await turns();
  loop.dispose();
  expect(ran.join('')).toBe('abcaca');
});

test('forgets what was cancelled, and goes on with the others', async () => {
  const loop = new WorkLoop();
  const ran: string[] = [];
  const [a, b] = [() => void ran.push('a'), () => void ran.push('b')];
  loop.request(a);
  loop.cancel(a);
  loop.request(b);
  await turns();
  loop.request(a);
  await turns();
  loop.dispose();
  expect(ran).toEqual(['b', 'a']);
});
