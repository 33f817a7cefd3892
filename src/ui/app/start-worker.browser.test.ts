import { expect, test } from 'vitest';
import { startWorker } from './start-worker.ts';

/** A script that answers; a blob's address stands in for another origin's: both are not the page's own path. */
const scriptThatSays = (text: string): string =>
  `data:text/javascript,${encodeURIComponent(`self.onmessage = (event) => self.postMessage(event.data + ${JSON.stringify(text)})`)}`;

test('a script of another origin runs, and hears what was sent before it was loaded', async () => {
  const worker = startWorker(scriptThatSays(', heard'), 'foreign');
  const answer = new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<unknown>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.postMessage('early');
  expect(await answer).toBe('early, heard');
  worker.terminate();
});

test('a script of the page’s origin is started by its address', () => {
  const created: string[] = [];
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    created.push('blob');
    return createObjectURL(blob);
  };
  startWorker(new URL('/none.js', location.href).href, 'own').terminate();
  URL.createObjectURL = createObjectURL;
  expect(created).toEqual([]);
});
