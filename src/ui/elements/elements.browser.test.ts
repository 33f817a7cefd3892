import { afterEach, expect, test } from 'vitest';
import './usd-load-status.ts';
import { partOf } from './usd-load-status.ts';
import './usd-splitter.ts';

afterEach(() => document.body.replaceChildren());

const PROGRESS = { phase: 'reading', loadedBytes: 0, totalBytes: 0, done: 0, total: 0 } as const;

test('the load bar never goes back from phase to phase', () => {
  const steps = [
    partOf(PROGRESS),
    partOf({ ...PROGRESS, loadedBytes: 5, totalBytes: 10 }),
    partOf({ ...PROGRESS, phase: 'composing' }),
    partOf({ ...PROGRESS, phase: 'geometry', done: 1, total: 4 }),
    partOf({ ...PROGRESS, phase: 'textures' }),
    partOf({ ...PROGRESS, phase: 'done' }),
  ];
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.at(-1)).toBe(1);
});

test('a load says its phase and bytes, and can be cancelled', async () => {
  const status = Object.assign(document.createElement('usd-load-status'), {
    name: 'a.usdz',
    progress: { ...PROGRESS, loadedBytes: 1_500_000, totalBytes: 3_000_000 },
  });
  document.body.append(status);
  await status.updateComplete;
  let isCancelled = false;
  status.addEventListener('usd-cancel', () => (isCancelled = true));
  expect(status.shadowRoot?.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext')).toBe('Reading 1.5 MB of 3 MB');
  status.shadowRoot?.querySelector('button')?.click();
  expect(isCancelled).toBe(true);
});

test.each([
  ['left', 'ArrowRight', 21],
  ['left', 'ArrowLeft', 19],
  ['right', 'ArrowRight', 19],
] as const)('the splitter of the %s panel answers %s with a width of %d', async (side, key, width) => {
  const splitter = Object.assign(document.createElement('usd-splitter'), { side, value: 20, label: 'Width' });
  document.body.append(splitter);
  await splitter.updateComplete;
  const widths: number[] = [];
  splitter.addEventListener('usd-resize-panel', (event) => widths.push(event.detail.width));
  splitter.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
  expect(widths).toEqual([width]);
  expect(splitter.getAttribute('aria-valuenow')).toBe('20');
});

test('the splitter follows the pointer within its limits', async () => {
  const splitter = Object.assign(document.createElement('usd-splitter'), { side: 'left', value: 20, min: 14, max: 30 });
  document.body.append(splitter);
  const widths: number[] = [];
  splitter.addEventListener('usd-resize-panel', (event) => widths.push(event.detail.width));
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  splitter.dispatchEvent(new PointerEvent('pointerdown', { clientX: 100 }));
  splitter.dispatchEvent(new PointerEvent('pointermove', { clientX: 100 + 2 * rem }));
  splitter.dispatchEvent(new PointerEvent('pointermove', { clientX: 100 + 50 * rem }));
  splitter.dispatchEvent(new PointerEvent('pointerup', { clientX: 100 }));
  splitter.dispatchEvent(new PointerEvent('pointermove', { clientX: 100 }));
  expect(widths).toEqual([22, 30]);
});
