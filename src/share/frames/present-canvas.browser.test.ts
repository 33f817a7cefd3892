import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PresenterCommand, PresenterReport } from '../../../tests/support/share-presenter.ts';
import { requestTestDevice } from '../../../tests/support/share-pictures.ts';
import { offerCanvas, PresentTarget, transferablesOfOffer, type OfferedCanvas, type PresentOffer } from './present-canvas.ts';

const PRESENTER = new URL('../../../tests/support/share-presenter.ts', import.meta.url);
const RED = [1, 0, 0, 1] as const;
const GREEN = [0, 1, 0, 1] as const;

let canvas: HTMLCanvasElement;
let worker: Worker;
let offered: OfferedCanvas;
let reports: PresenterReport[];
beforeEach(async () => {
  canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [64, 48];
  document.body.append(canvas);
  worker = new Worker(PRESENTER, { type: 'module' });
  reports = [];
  worker.onmessage = ({ data }: MessageEvent<PresenterReport>) => reports.push(data);
  offered = offerCanvas(canvas);
  command({ kind: 'open', offer: offered.offer }, transferablesOfOffer(offered.offer));
  await reported({ kind: 'opened' });
});
afterEach(() => {
  offered.close();
  worker.terminate();
  canvas.remove();
});

test('what the worker draws shows in the canvas of the window', async () => {
  for (const [color, bytes] of [
    [RED, [255, 0, 0, 255]],
    [GREEN, [0, 255, 0, 255]],
  ] as const) {
    command({ kind: 'draw', color });
    await vi.waitFor(() => expect(shown()).toEqual(bytes), 5000);
  }
});

test('a new size counts for the next frame, and without one nothing is drawn', async () => {
  offered.resize({ width: 32.4, height: 16 });
  await reported({ kind: 'resized', width: 32, height: 16 });
  expect(canvas.width).toBe(64);
  command({ kind: 'draw', color: GREEN });
  await reported({ kind: 'drawn', size: [32, 16] });
  await vi.waitFor(() => expect([canvas.width, canvas.height, ...shown()]).toEqual([32, 16, 0, 255, 0, 255]), 5000);
  offered.resize({ width: 0, height: -5 });
  await reported({ kind: 'resized', width: 0, height: 0 });
  command({ kind: 'draw', color: RED });
  await reported({ kind: 'drawn', size: undefined });
  expect(shown()).toEqual([0, 255, 0, 255]);
});

test('the close of the window is noticed by the worker, which draws no more', async () => {
  offered.close();
  offered.close();
  await reported({ kind: 'lost' });
  command({ kind: 'draw', color: RED });
  await reported({ kind: 'drawn', size: undefined });
});

test.each(['closes', 'is terminated'])('the window notices within a second that the worker %s', async (how) => {
  command({ kind: 'draw', color: GREEN });
  await vi.waitFor(() => expect(shown()).toEqual([0, 255, 0, 255]), 5000);
  const lost = vi.fn<() => void>();
  offered.onLost(lost);
  if (how === 'closes') command({ kind: 'close' });
  else worker.terminate();
  await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce(), 1000);
});

test('a lost device is told, and another one draws on', async () => {
  command({ kind: 'lose-device' });
  await reported({ kind: 'device-lost' });
  await vi.waitFor(() => {
    command({ kind: 'draw', color: GREEN });
    expect(shown()).toEqual([0, 255, 0, 255]);
  }, 8000);
});

test('a canvas is offered once, and only one without a context', () => {
  const drawn = document.createElement('canvas');
  drawn.getContext('2d');
  for (const each of [canvas, drawn, {}]) {
    expect(() => offerCanvas(each)).toThrow(expect.objectContaining({ code: 'share-unsupported-transport' }));
  }
});

test('offers that are none are refused', async () => {
  const device = await requestTestDevice();
  const good = { version: 1, kind: 'present-canvas', canvas: new OffscreenCanvas(8, 8), port: new MessageChannel().port1 };
  const bad = [undefined, 7, {}, { ...good, kind: 'other' }, { ...good, canvas: {} }, { ...good, port: null }];
  for (const offer of bad) {
    expect(() => new PresentTarget(offer as PresentOffer, { device })).toThrow(expect.objectContaining({ code: 'share-bad-handle' }));
  }
  expect(() => new PresentTarget({ ...good, version: 2 } as unknown as PresentOffer, { device })).toThrow(
    expect.objectContaining({ code: 'share-version' }),
  );
  device.destroy();
});

function command(message: PresenterCommand, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

async function reported(report: PresenterReport): Promise<void> {
  await vi.waitFor(() => expect(reports).toContainEqual(report), 10_000);
}

/** The pixel in the middle of what the window's canvas shows. */
function shown(): number[] {
  const copy = new OffscreenCanvas(1, 1).getContext('2d');
  copy?.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
  return [...(copy?.getImageData(0, 0, 1, 1).data ?? [])];
}
