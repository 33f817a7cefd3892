/** Recordings with the real record worker, and a renderer that paints flat colours. */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, VideoSampleSink } from 'mediabunny';
import { afterEach, expect, test } from 'vitest';
import type { FrameTaken, RecordedVideo, RecordingTrack } from '../../share/protocol/recorder.ts';
import type { RecordFrameRequest } from '../../share/protocol/renderer.ts';
import { startRecorder } from '../app/recorder-worker.ts';
import { CanvasRecording, canvasRecordingType } from './canvas-recording.ts';
import { FrameRecording, type FrameRecordingParts } from './frame-recording.ts';

const TRACK: RecordingTrack = {
  container: 'mp4',
  codec: 'avc',
  codecString: 'avc1.42001f',
  size: { width: 64, height: 48 },
  framesPerSecond: 24,
  bitrate: 500_000,
  isTransparent: false,
  isLive: false,
};

/** Draws as the render worker does: a frame is sent to the recorder, and the call resolves when it was taken. */
class FlatRenderer {
  readonly requests: RecordFrameRequest[] = [];
  isEnded = false;
  /** Most frames that waited for the recorder at a time. */
  mostWaiting = 0;
  /** Frames are drawn in a size that nobody asked for. */
  isBroken = false;
  /** How long a frame takes, milliseconds. */
  slowness = 0;
  #recorder: MessagePort | undefined;
  #waiting = new Map<number, () => void>();
  #next = 0;

  async record(request: RecordFrameRequest): Promise<void> {
    this.requests.push(request);
    if (request.recorder !== undefined) {
      this.#recorder = request.recorder;
      this.#recorder.onmessage = ({ data: { taken } }: MessageEvent<FrameTaken>) => {
        this.#waiting.get(taken)?.();
        this.#waiting.delete(taken);
      };
    }
    if (this.slowness > 0) await new Promise((resolve) => setTimeout(resolve, this.slowness));
    const { width, height } = this.isBroken ? { width: 32, height: 32 } : request.size;
    const frame = new VideoFrame(new Uint8Array(width * height * 4).fill(128), {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp: request.timestampMicros,
      duration: request.durationMicros,
    });
    const index = this.#next++;
    const taken = new Promise<void>((resolve) => this.#waiting.set(index, resolve));
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting.size);
    this.#recorder!.postMessage({ kind: 'recordedFrame', index, frame }, [frame]);
    await taken;
  }
}

const jobs: FrameRecording[] = [];
function recording(renderer: FlatRenderer, more: Partial<FrameRecordingParts> = {}): FrameRecording {
  const job = new FrameRecording({
    worker: startRecorder(),
    track: { ...TRACK, frameCount: 10 },
    file: undefined,
    look: () => ({}),
    isStepwise: false,
    recordFrame: (request) => renderer.record(request),
    endRecording: () => {
      renderer.isEnded = true;
    },
    changed: () => undefined,
    ...more,
  });
  jobs.push(job);
  return job;
}
afterEach(() => {
  for (const job of jobs.splice(0)) job.cancel();
});

async function framesOf({ blob }: RecordedVideo): Promise<number[]> {
  const input = new Input({ source: new BlobSource(blob!), formats: ALL_FORMATS });
  const times: number[] = [];
  for await (const { timestamp } of new EncodedPacketSink((await input.getPrimaryVideoTrack())!).packets()) times.push(timestamp);
  return times;
}

test('all frames are asked for in order, two at a time, and become the video', async () => {
  const renderer = new FlatRenderer();
  const job = recording(renderer);
  const video = await job.run();
  expect(video.frames).toBe(10);
  expect((await framesOf(video)).map((seconds) => Math.round(seconds * 24))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(renderer.requests.map(({ recorder }) => recorder !== undefined)).toEqual([true, ...Array.from({ length: 9 }, () => false)]);
  expect(renderer.mostWaiting).toBe(2);
  expect(renderer.isEnded).toBe(true);
  expect(job.progress).toMatchObject({ frames: 10, total: 10, dropped: 0 });
});

test('step by step, a frame is looked for only when the one before it was drawn', async () => {
  const renderer = new FlatRenderer();
  const drawnBefore: number[] = [];
  const job = recording(renderer, {
    isStepwise: true,
    look: () => {
      drawnBefore.push(job.progress.frames);
      return {};
    },
  });
  await job.run();
  expect(drawnBefore).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(renderer.mostWaiting).toBe(1);
});

test('a live recording leaves out what is drawn too slowly, counts it, and ends when it is stopped', async () => {
  const renderer = new FlatRenderer();
  renderer.slowness = 100;
  const job = recording(renderer, { track: { ...TRACK, isLive: true } });
  const running = job.run();
  await expect.poll(() => job.progress.frames, { timeout: 10_000 }).toBeGreaterThan(5);
  job.stop();
  const video = await running;
  const times = await framesOf(video);
  expect(times).toHaveLength(video.frames);
  expect(job.progress.dropped).toBeGreaterThan(0);
  // Each at the time at which it was due, on the grid of the frame rate.
  for (const [i, seconds] of times.entries()) {
    expect(Math.abs(seconds * 24 - Math.round(seconds * 24))).toBeLessThan(1e-3);
    if (i > 0) expect(seconds).toBeGreaterThan(times[i - 1]!);
  }
});

test('what breaks the recorder ends the recording, and nobody waits for frames', async () => {
  const renderer = new FlatRenderer();
  renderer.isBroken = true;
  await expect(recording(renderer).run()).rejects.toMatchObject({ info: { code: 'record-failed' } });
  expect(renderer.isEnded).toBe(true);
  expect(renderer.requests.length).toBeLessThan(5);
});

test('what the browser cannot encode fails before a frame is drawn', async () => {
  const renderer = new FlatRenderer();
  const track = { ...TRACK, codec: 'hevc', codecString: 'hvc1.1.6.L93.B0', frameCount: 10 } as const;
  await expect(recording(renderer, { track }).run()).rejects.toMatchObject({ info: { code: 'record-no-encoder' } });
  expect(renderer.requests).toEqual([]);
});

test('a cancelled recording rejects at once, also while a frame is drawn that never comes', async () => {
  const renderer = new FlatRenderer();
  const job = recording(renderer, { recordFrame: () => new Promise(() => undefined) });
  const running = job.run();
  job.cancel();
  await expect(running).rejects.toMatchObject({ info: { code: 'cancelled' } });
  expect(renderer.isEnded).toBe(true);
});

test('a failure of the renderer is the recording\u2019s', async () => {
  const job = recording(new FlatRenderer(), { recordFrame: () => Promise.reject(new Error('no device')) });
  await expect(job.run()).rejects.toThrow('no device');
});

/** A canvas as the viewport has it: a worker's, here drawn by this page. */
function drawnCanvas(): { readonly canvas: HTMLCanvasElement; stop(): void } {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 48;
  document.body.append(canvas);
  const context = canvas.transferControlToOffscreen().getContext('2d')!;
  let i = 0;
  // The left half is transparent.
  const drawing = setInterval(() => {
    context.fillStyle = `rgb(${200 + (i++ % 2)} 0 0)`;
    context.fillRect(32, 0, 32, 48);
  }, 20);
  return {
    canvas,
    stop: () => {
      clearInterval(drawing);
      canvas.remove();
    },
  };
}

test('without an encoder, the canvas that is seen is recorded', async () => {
  const type = canvasRecordingType();
  expect(type).toMatch(/^video\//u);
  const { canvas, stop } = drawnCanvas();
  const job = new CanvasRecording({
    canvas,
    background: [0, 0.4, 0.8, 1],
    type: type!,
    framesPerSecond: 24,
    bitrate: 500_000,
    changed: () => undefined,
  });
  const running = job.run();
  await new Promise((resolve) => setTimeout(resolve, 700));
  job.stop();
  const { blob, bytes } = await running;
  stop();
  expect(blob!.size).toBe(bytes);
  const input = new Input({ source: new BlobSource(blob!), formats: ALL_FORMATS });
  const track = (await input.getPrimaryVideoTrack())!;
  expect(track).toMatchObject({ displayWidth: 64, displayHeight: 48 });
  const context = new OffscreenCanvas(64, 48).getContext('2d')!;
  for await (const sample of new VideoSampleSink(track).samples()) {
    sample.draw(context, 0, 0);
    sample.close();
  }
  // What is behind the picture, and the picture.
  for (const [x, color] of [
    [12, [0, 102, 204]],
    [52, [200, 0, 0]],
  ] as const) {
    const found = context.getImageData(x, 24, 1, 1).data;
    expect(Math.max(...color.map((value, channel) => Math.abs(value - found[channel]!))), found.join()).toBeLessThan(16);
  }
});

test('the recording of a canvas can be given up', async () => {
  const { canvas, stop } = drawnCanvas();
  const job = new CanvasRecording({
    canvas,
    background: [0, 0.4, 0.8, 1],
    type: canvasRecordingType()!,
    framesPerSecond: 24,
    bitrate: 500_000,
    changed: () => undefined,
  });
  const running = job.run();
  job.cancel();
  await expect(running).rejects.toMatchObject({ info: { code: 'cancelled' } });
  stop();
});
