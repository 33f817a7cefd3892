import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImageLedger } from '../../../../tests/support/image-ledger.ts';
import { captureCanvasStream } from './capture-canvas-stream.ts';
import { framesOfTrack } from './frames-of-track.ts';

let canvas: HTMLCanvasElement;
let ledger: ImageLedger;
let drawing: ReturnType<typeof setInterval>;
beforeEach(() => {
  canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [64, 48];
  document.body.append(canvas);
  ledger = new ImageLedger();
  const context = canvas.getContext('2d')!;
  let count = 0;
  drawing = setInterval(() => {
    context.fillStyle = `rgb(${(count += 1) % 256}, 128, 0)`;
    context.fillRect(0, 0, 64, 48);
  }, 10);
});
afterEach(() => {
  clearInterval(drawing);
  vi.unstubAllGlobals();
  ledger.dispose();
  canvas.remove();
});

describe.each(['MediaStreamTrackProcessor', '<video>'])('by %s', (how) => {
  beforeEach(() => {
    if (how === '<video>') vi.stubGlobal('MediaStreamTrackProcessor', undefined);
  });

  test('frames come while the canvas is drawn, and each is closed when the next is asked for', async () => {
    const captured = captureCanvasStream(canvas, 30);
    const frames: VideoFrame[] = [];
    const timestamps: number[] = [];
    for await (const frame of framesOfTrack(captured.track)) {
      expect(frames.filter(({ codedWidth }) => codedWidth > 0)).toEqual([]);
      expect([frame.displayWidth, frame.displayHeight]).toEqual([64, 48]);
      frames.push(frame);
      timestamps.push(frame.timestamp);
      if (frames.length === 5) break;
    }
    expect(frames.map(({ codedWidth }) => codedWidth)).toEqual([0, 0, 0, 0, 0]);
    expect(new Set(timestamps).size).toBe(5);
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b));
    expect(ledger.open).toBe(0);
    expect(captured.track.readyState).toBe('live');
    captured.stop();
    captured.stop();
    expect(captured.track.readyState).toBe('ended');
  });

  test('an abort ends the frames while one is waited for', async () => {
    const captured = captureCanvasStream(canvas, 0);
    const end = new AbortController();
    const frames = framesOfTrack(captured.track, { signal: end.signal });
    const first = frames.next();
    captured.requestFrame();
    expect((await first).done).toBe(false);
    const next = frames.next();
    end.abort();
    expect((await next).done).toBe(true);
    captured.stop();
  });

  test('a track that has ended, and an abort before the first frame, give none', async () => {
    const captured = captureCanvasStream(canvas);
    const aborted = framesOfTrack(captured.track, { signal: AbortSignal.abort() });
    expect((await aborted.next()).done).toBe(true);
    captured.stop();
    expect((await framesOfTrack(captured.track).next()).done).toBe(true);
  });
});

test('what has no streams or frames is refused', () => {
  expect(() => captureCanvasStream({})).toThrow(expect.objectContaining({ code: 'share-unsupported-transport' }));
  const captured = captureCanvasStream(canvas);
  vi.stubGlobal('MediaStreamTrackProcessor', undefined);
  vi.stubGlobal('MediaStream', undefined);
  expect(() => framesOfTrack(captured.track)).toThrow(expect.objectContaining({ code: 'share-unsupported-transport' }));
  captured.stop();
});
