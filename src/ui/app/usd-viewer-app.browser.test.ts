import { afterEach, beforeEach, expect, test } from 'vitest';
import { clear } from 'idb-keyval';
import { FakeFailure, fakeWorkers, STATS, summaryOf, treeRow, type FakeWorkers } from '../../../tests/support/fake-workers.ts';
import type { FileEntry, StageSummary } from '../../share/protocol/engine.ts';
import { sharedPreferences } from './preferences.ts';
import { UsdViewerApp } from './usd-viewer-app.ts';

beforeEach(() => clear());
afterEach(() => document.body.replaceChildren());

async function makeApp(workers: FakeWorkers, search = '?empty'): Promise<UsdViewerApp> {
  const app = new UsdViewerApp(workers, search);
  document.body.append(app);
  await app.updateComplete;
  await app.rendererReady.catch(() => undefined);
  return app;
}

function file(path: string, text = '#usda 1.0\n'): FileEntry {
  return { path, file: new File([text], path.slice(path.lastIndexOf('/') + 1)) };
}

/** The first element of a kind anywhere below, shadow roots included. */
function find<E extends Element>(root: ParentNode, selector: string): E | undefined {
  const here = root.querySelector<E>(selector);
  if (here !== null) return here;
  for (const element of root.querySelectorAll('*')) {
    const inside = element.shadowRoot === null ? undefined : find<E>(element.shadowRoot, selector);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function textOf(app: UsdViewerApp, tag: string): string {
  return (find<Element>(app.renderRoot as ShadowRoot, tag)?.shadowRoot?.textContent ?? '').replace(/\s+/gu, ' ').trim();
}

test('the workers are connected, and the canvas handed over with the scene port', async () => {
  const workers = fakeWorkers();
  await makeApp(workers);
  expect(workers.engine.received[0]).toMatchObject({ kind: 'connect', scene: workers.engineScene });
  expect(workers.renderer.received.find(({ kind }) => kind === 'attach')).toMatchObject({ scene: workers.rendererScene });
});

test('without a query the sample is opened, with ?src its address, with ?empty nothing', async () => {
  const [plain, named, empty] = [fakeWorkers(), fakeWorkers(), fakeWorkers()];
  await makeApp(plain, '');
  await makeApp(named, '?src=models/chair.usdz');
  await makeApp(empty, '?empty');
  const sourceOf = (workers: FakeWorkers): unknown => workers.engine.received.find(({ kind }) => kind === 'openStage')?.['source'];
  expect(sourceOf(plain)).toEqual({ kind: 'url', url: new URL('samples/sample.usdz', document.baseURI).href });
  expect(sourceOf(named)).toEqual({ kind: 'url', url: new URL('models/chair.usdz', document.baseURI).href });
  expect(sourceOf(empty)).toBeUndefined();
});

test('an address that is no http address is refused with a listed problem', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  await expect(app.openUrl('javascript:alert(1)')).rejects.toMatchObject({ info: { code: 'bad-url' } });
  expect(workers.engine.kinds()).not.toContain('openStage');
  expect(app.problems.map(({ code }) => code)).toEqual(['bad-url']);
});

test('one file is opened without asking, and settles with the figures of the picture', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  const summary = await app.openFiles([file('a.usda')]);
  expect(summary.name).toBe('a.usda');
  expect(workers.engine.kinds()).not.toContain('findRoots');
  expect(await app.settled()).toEqual(STATS);
  expect(app.stats).toEqual(STATS);
  expect(document.title).toContain('a.usda');
});

test('of several files the clear root is taken', async () => {
  const workers = fakeWorkers({
    findRoots: () => ({
      candidates: [
        { path: 'set/scene.usda', format: 'usda', sizeBytes: 10, isReferenced: false },
        { path: 'set/part.usda', format: 'usda', sizeBytes: 10, isReferenced: true },
      ],
    }),
  });
  const app = await makeApp(workers);
  expect((await app.openFiles([file('set/scene.usda'), file('set/part.usda')])).name).toBe('set/scene.usda');
});

test('where the root is unsure the user chooses, likeliest first', async () => {
  const candidates = ['b.usda', 'a.usda'].map((path) => ({ path, format: 'usda' as const, sizeBytes: 10, isReferenced: false }));
  const app = await makeApp(fakeWorkers({ findRoots: () => ({ candidates }) }));
  const opening = app.openFiles([file('a.usda'), file('b.usda')]);
  await expect.poll(() => find(app.renderRoot as ShadowRoot, 'usd-root-chooser dialog[open], dialog[open]')).toBeDefined();
  const buttons = [
    ...(find<Element>(app.renderRoot as ShadowRoot, 'usd-root-chooser')?.shadowRoot?.querySelectorAll<HTMLElement>('li button') ?? []),
  ];
  expect(buttons.map((button) => button.querySelector('span')?.textContent)).toEqual(['b.usda', 'a.usda']);
  buttons[1]?.click();
  expect((await opening).name).toBe('a.usda');
});

test('no USD file among those dropped is said in plain words', async () => {
  const app = await makeApp(fakeWorkers({ findRoots: () => ({ candidates: [] }) }));
  await expect(app.openFiles([file('a.txt'), file('b.png')])).rejects.toThrow('None of the 2 files is a USD file');
  await app.updateComplete;
  expect(textOf(app, 'usd-notice')).toContain('could not be opened');
});

test('dropped files are opened', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  const transfer = new DataTransfer();
  transfer.items.add(new File(['#usda 1.0\n'], 'dropped.usda'));
  app.dispatchEvent(new DragEvent('dragenter', { dataTransfer: transfer, bubbles: true, composed: true }));
  await app.updateComplete;
  expect(app.renderRoot.querySelector('.drop')).not.toBeNull();
  app.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, composed: true, cancelable: true }));
  await expect.poll(() => app.summary?.name).toBe('dropped.usda');
  expect(app.renderRoot.querySelector('.drop')).toBeNull();
});

test('a newer load cancels the older one', async () => {
  let release: ((summary: StageSummary) => void) | undefined;
  const workers = fakeWorkers();
  const plain = workers.engine.handlers.openStage!;
  workers.engine.handlers.openStage = (request) =>
    request.source.kind === 'files' && request.source.root === 'slow.usda' ? new Promise((resolve) => (release = resolve)) : plain(request);
  const app = await makeApp(workers);
  const slow = app.openFiles([file('slow.usda')]);
  const outcome = slow.then(
    () => 'opened',
    (error: { info: { code: string } }) => error.info.code,
  );
  await Promise.resolve();
  const fast = await app.openFiles([file('fast.usda')]);
  expect(workers.engine.kinds()).toContain('cancel');
  release?.(summaryOf(99, 'slow.usda'));
  expect(await outcome).toBe('cancelled');
  expect(app.summary).toBe(fast);
});

test('Cancel before the stage is composed aborts the call and keeps the old stage', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  await app.openFiles([file('old.usda')]);
  await app.settled();
  workers.engine.handlers.openStage = () =>
    new Promise((_, reject) => {
      workers.engine.handlers = { ...workers.engine.handlers };
      const wait = (): void => {
        if (workers.engine.kinds().includes('cancel'))
          reject(new FakeFailure({ code: 'cancelled', severity: 'info', message: 'cancelled' }));
        else setTimeout(wait, 5);
      };
      wait();
    });
  const outcome = app.openFiles([file('new.usda')]).catch((error: { info: { code: string } }) => error.info.code);
  await expect.poll(() => find<HTMLElement>(app.renderRoot as ShadowRoot, '.pill button')).toBeDefined();
  find<HTMLElement>(app.renderRoot as ShadowRoot, '.pill button')?.click();
  expect(await outcome).toBe('cancelled');
  expect(app.summary?.name).toBe('old.usda');
  expect(app.problems).toEqual([]);
});

test('a failed load is shown and listed, its error event heard, and the next load clears it', async () => {
  const workers = fakeWorkers();
  const plain = workers.engine.handlers.openStage!;
  workers.engine.handlers.openStage = () => {
    throw new FakeFailure({
      code: 'crate-truncated',
      severity: 'error',
      message: 'The file ends in its table of contents',
      asset: 'bad.usdc',
    });
  };
  const app = await makeApp(workers);
  const heard: string[] = [];
  app.addEventListener('usd-error', (event) => heard.push(event.detail.code));
  await expect(app.openFiles([file('bad.usdc')])).rejects.toThrow('table of contents');
  await app.updateComplete;
  expect(heard).toEqual(['crate-truncated']);
  expect(textOf(app, 'usd-notice')).toContain('The file ends in its table of contents');
  workers.engine.handlers.openStage = plain;
  await app.openFiles([file('good.usda')]);
  expect(app.problems).toEqual([]);
});

test('problems of a new stage replace those of the old one', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  workers.engine.emit({ kind: 'problems', isReset: true, problems: [{ code: 'one', severity: 'warning', message: 'One' }] });
  workers.engine.emit({ kind: 'problems', problems: [{ code: 'two', severity: 'error', message: 'Two' }] });
  expect(app.problems.map(({ code }) => code)).toEqual(['one', 'two']);
  workers.engine.emit({ kind: 'problems', isReset: true, problems: [] });
  expect(app.problems).toEqual([]);
});

test('a lost device gets a new canvas, without the port it already has', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  workers.renderer.emit({ kind: 'lost', reason: 'destroyed' });
  await app.updateComplete;
  const attached = workers.renderer.received.filter(({ kind }) => kind === 'attach');
  expect(attached).toHaveLength(2);
  expect(attached[1]?.['canvas']).toBeInstanceOf(OffscreenCanvas);
  expect(attached[1]?.['scene']).toBeUndefined();
});

test('where nothing can be drawn the page says so, shows the thumbnail and the tree, and nobody waits for a picture', async () => {
  const workers = fakeWorkers(
    {
      treeRows: ({ first }) => ({ totalRows: 1, first, rows: [treeRow(0)] }),
      thumbnail: () => ({ image: new Blob(['x'], { type: 'image/png' }) }),
    },
    {
      attach: () => {
        throw new FakeFailure({ code: 'adapter-missing', severity: 'error', message: 'No graphics adapter can be used' });
      },
    },
  );
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  workers.engine.emit({ kind: 'treeChanged', totalRows: 1 });
  await expect.poll(() => textOf(app, 'usd-notice')).toContain('No graphics adapter can be used');
  await expect.poll(() => find<HTMLImageElement>(app.renderRoot as ShadowRoot, 'usd-notice img, img')?.src ?? '').toMatch(/^blob:/u);
  await expect(app.settled()).rejects.toMatchObject({ info: { code: 'adapter-missing' } });
});

test('the public calls reach the workers', async () => {
  const workers = fakeWorkers({
    setVariant: ({ selection }) => {
      const entry = { primPath: '/A', set: 'look', variants: ['x', 'y'], selection };
      setTimeout(() => workers.engine.emit({ kind: 'progress', phase: 'done', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 }), 20);
      return summaryOf(0, 'a.usda', { variantSets: [entry] });
    },
    cameraPose: () => ({ pose: { eye: [0, 0, 5], target: [0, 0, 0], up: [0, 1, 0], fovYRadians: 1, near: 0.1 } }),
  });
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')], { root: 'a.usda', timeCode: 3, variants: [{ primPath: '/A', set: 'look', selection: 'x' }] });
  await app.settled();
  expect(workers.engine.received.find(({ kind }) => kind === 'openStage')).toMatchObject({ timeCode: 3, variants: [{ set: 'look' }] });

  await app.setVariant('/A', 'look', 'y');
  expect(app.summary?.variantSets[0]?.selection).toBe('y');
  await app.setTimeCode(12);
  expect(workers.engine.received.at(-1)).toMatchObject({ kind: 'setTime', timeCode: 12 });
  app.setSettings({ exposure: 1.5, background: [1, 0, 0, 1] });
  expect(workers.renderer.received.at(-1)).toMatchObject({ kind: 'setSettings', settings: { exposure: 1.5, background: [1, 0, 0, 1] } });
  await app.useCamera('/Cam');
  await app.settled();
  expect(workers.renderer.received.filter(({ kind }) => kind === 'setCamera').at(-1)).toMatchObject({ camera: { eye: [0, 0, 5] } });
  await app.capture({ size: { width: 64, height: 32 } });
  expect(workers.renderer.received.at(-1)).toMatchObject({ kind: 'capture', size: { width: 64, height: 32 }, camera: { eye: [0, 0, 5] } });
});

test('milestones are of the newest load', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  const plain = workers.engine.handlers.openStage!;
  workers.engine.handlers.openStage = (request) => {
    workers.engine.emit({ kind: 'milestone', what: 'bytes', epochMs: 10 });
    workers.engine.emit({ kind: 'milestone', what: 'stage', epochMs: 20 });
    return plain(request);
  };
  await app.openFiles([file('a.usda')]);
  workers.renderer.emit({ kind: 'pictured', stage: 7, what: 'complete', epochMs: 25 });
  workers.renderer.emit({ kind: 'pictured', stage: 0, what: 'first', epochMs: 30 });
  workers.renderer.emit({ kind: 'pictured', stage: 0, what: 'complete', epochMs: 40 });
  expect(app.milestones).toEqual({ bytes: 10, stage: 20, first: 30, complete: 40 });
  workers.engine.handlers.openStage = plain;
  await app.openFiles([file('b.usda')]);
  expect(app.milestones).toEqual({});
});

test('of time changes that wait only the newest is sampled', async () => {
  const answers: (() => void)[] = [];
  const workers = fakeWorkers({ setTime: ({ timeCode }) => new Promise((resolve) => answers.push(() => resolve({ timeCode }))) });
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  const all = [1, 2, 3, 4].map((timeCode) => app.setTimeCode(timeCode));
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    answers.shift()?.();
  }
  await Promise.all(all);
  expect(workers.engine.received.filter(({ kind }) => kind === 'setTime').map(({ timeCode }) => timeCode)).toEqual([1, 4]);
});

test('keys work anywhere but where text is typed', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  await app.settled();
  await app.updateComplete;
  app.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, composed: true, cancelable: true }));
  await expect.poll(() => find(app.renderRoot as ShadowRoot, 'usd-shortcuts')).toBeDefined();
  await expect.poll(() => textOf(app, 'usd-shortcuts')).toContain('Frame everything');
});

test('every button has a name', async () => {
  const workers = fakeWorkers({
    openStage: () => summaryOf(0, 'a.usda', { isAnimated: true, endTimeCode: 10, cameras: [{ path: '/C', name: 'C' }] }),
  });
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  await app.updateComplete;
  const nameless: string[] = [];
  const visit = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches('button, select, input') && !element.closest('label')) {
        const label =
          element.getAttribute('aria-label') ??
          (element.id === '' ? '' : (root.querySelector(`label[for=${element.id}]`)?.textContent ?? ''));
        if (label === '' && element.textContent.trim() === '') nameless.push(element.outerHTML.slice(0, 120));
      }
      if (element.shadowRoot !== null) visit(element.shadowRoot);
    }
  };
  visit(app.renderRoot as ShadowRoot);
  expect(nameless).toEqual([]);
});

test('preferences reach the picture at once, and what is open is opened again as they say', async () => {
  const workers = fakeWorkers();
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  await app.settled();
  const openings = (): readonly object[] => workers.engine.received.filter(({ kind }) => kind === 'openStage');
  expect(openings()).toMatchObject([{ complexity: 'low', memoryBytes: 4096 * 2 ** 20 }]);
  sharedPreferences.change({ toneMap: 'agx', exposure: 1, background: [1, 1, 1, 1] });
  await app.updateComplete;
  expect(app.settings).toMatchObject({ toneMap: 'agx', exposure: 1, background: [1, 1, 1, 1] });
  expect(openings()).toHaveLength(1);
  sharedPreferences.change({ complexity: 'high', memoryBytes: 0 });
  await expect.poll(() => openings().length).toBe(2);
  expect(openings()[1]).toMatchObject({ complexity: 'high', source: { kind: 'files', root: 'a.usda' } });
  expect(openings()[1]).not.toHaveProperty('memoryBytes');
  sharedPreferences.reset();
  await app.updateComplete;
  expect(app.settings).toMatchObject({ toneMap: 'neutral', exposure: 0 });
});

test('the size of the scene is told in the unit that was chosen, and the selection\u2019s in its place', async () => {
  const workers = fakeWorkers({ primBounds: () => ({ bounds: [0, 0, 0, 0.5, 1, 1.5] }) });
  const app = await makeApp(workers);
  await app.openFiles([file('a.usda')]);
  await app.updateComplete;
  expect(textOf(app, 'usd-status-line')).toContain('scene 2 × 2 × 2 m');
  sharedPreferences.change({ units: 'cm' });
  await app.updateComplete;
  await expect.poll(() => textOf(app, 'usd-status-line')).toContain('scene 200 × 200 × 200 cm');
  await app.openFiles([file('a.usda')], { view: { select: '/World' } });
  await expect.poll(() => textOf(app, 'usd-status-line')).toContain('selection 50 × 100 × 150 cm');
  sharedPreferences.reset();
});
