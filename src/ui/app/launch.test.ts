import { afterEach, expect, test, vi } from 'vitest';
import { asksForSomething, takeLaunches } from './launch.ts';

afterEach(() => vi.unstubAllGlobals());

/** The window's queue: what it is given goes to its consumer. */
function launcher(): (params: object) => void {
  let consume: ((params: object) => void) | undefined;
  vi.stubGlobal('launchQueue', {
    setConsumer: (consumer: (params: object) => void) => {
      consume = consumer;
    },
  });
  return (params) => consume?.(params);
}

test('files and addresses are handed on; the address that the page was loaded with is not repeated', () => {
  const launch = launcher();
  const heard: unknown[] = [];
  takeLaunches('https://example.org/?src=a.usdz', {
    files: (handles) => heard.push(handles.length),
    query: (search) => heard.push(search),
  });
  launch({ targetURL: 'https://example.org/?src=a.usdz', files: [] });
  launch({ targetURL: 'https://example.org/?empty', files: [{}, {}] });
  launch({ targetURL: 'https://example.org/?src=a.usdz' });
  launch({ targetURL: 'https://example.org/' });
  expect(heard).toEqual([2, '?src=a.usdz']);
});

test('files that come with the first launch are not lost', () => {
  const launch = launcher();
  const heard: number[] = [];
  takeLaunches('https://example.org/?empty', { files: (handles) => heard.push(handles.length), query: () => heard.push(-1) });
  launch({ targetURL: 'https://example.org/?empty', files: [{}] });
  expect(heard).toEqual([1]);
});

test('a window without a queue is fine', () => {
  expect(() => takeLaunches('https://example.org/', { files: () => undefined, query: () => undefined })).not.toThrow();
});

test.each([
  ['?src=a.usdz', true],
  ['?empty', true],
  ['?shared=1', true],
  ['?file=a.usdz&time=1', true],
  ['', false],
  ['?coi=0', false],
])('"%s" asks for something: %s', (search, isAsking) => {
  expect(asksForSomething(search)).toBe(isAsking);
});
