import { afterEach, expect, test } from 'vitest';
import { ViewHost, type OpenView, type ViewerWorkers } from './views.ts';

/** A worker that keeps the ports it is given and what comes through them. */
class FakeWorker extends EventTarget {
  readonly views: { readonly port: MessagePort; readonly received: unknown[] }[] = [];

  postMessage({ port }: OpenView): void {
    const received: unknown[] = [];
    port.onmessage = (event) => received.push(event.data);
    this.views.push({ port, received });
  }
}

const [engine, renderer] = [new FakeWorker(), new FakeWorker()];
const host = new ViewHost({ engine, renderer } as unknown as { engine: Worker; renderer: Worker });
const opened: ViewerWorkers[] = [];

function open(): { view: ViewerWorkers; engineSide: FakeWorker['views'][0]; errors: Event[] } {
  const view = host.openView();
  opened.push(view);
  const errors: Event[] = [];
  view.engine.addEventListener('error', (event) => errors.push(event));
  return { view, engineSide: engine.views.at(-1)!, errors };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

afterEach(() => {
  for (const view of opened.splice(0)) view.dispose();
});

test('messages of a view go through its own port, both ways', async () => {
  const [a, b] = [open(), open()];
  const heard: unknown[] = [];
  a.view.engine.addEventListener('message', (event) => heard.push((event as MessageEvent).data));
  a.view.engine.postMessage('to a', []);
  b.view.engine.postMessage('to b', []);
  a.engineSide.port.postMessage('from a');
  b.engineSide.port.postMessage('from b');
  await turn();
  expect([a.engineSide.received, b.engineSide.received, heard]).toEqual([['to a'], ['to b'], ['from a']]);
});

test('dispose ends one view on both sides and leaves the others', async () => {
  const [a, b] = [open(), open()];
  const drawing = renderer.views.at(-2)!;
  a.view.dispose();
  a.view.dispose();
  a.view.engine.postMessage('late', []);
  b.view.engine.postMessage('still here', []);
  await turn();
  expect([a.engineSide.received, drawing.received, b.engineSide.received]).toEqual([
    [{ kind: 'dispose' }],
    [{ kind: 'dispose' }],
    ['still here'],
  ]);
});

test('a failure of the worker reaches every open view, and those opened later', async () => {
  const [a, b, gone] = [open(), open(), open()];
  gone.view.dispose();
  engine.dispatchEvent(new Event('error'));
  const late = open();
  await turn();
  expect([a, b, gone, late].map(({ errors }) => errors.length)).toEqual([1, 1, 0, 1]);
});
