/** Recordings of synthetic frames, read again by mediabunny's reader and the browser's decoders. */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, VideoSampleSink } from 'mediabunny';
import { afterEach, expect, test } from 'vitest';
import type { RecordingTrack, VideoCodecName, VideoContainer } from '../../share/protocol/recorder.ts';
import { encoderConfigOf } from '../../share/recording/encoder-config.ts';
import { alphaPlanes } from './alpha-frames.ts';
import { RecordingError } from './recording-error.ts';
import { VideoRecording } from './video-recording.ts';

const SIZE = { width: 320, height: 192 };
/** sRGB colours that turn with the frames. */
const COLORS = [
  [200, 40, 40],
  [40, 180, 60],
  [50, 70, 200],
] as const;

function track(container: VideoContainer, codec: VideoCodecName, codecString: string, more: Partial<RecordingTrack> = {}): RecordingTrack {
  return {
    container,
    codec,
    codecString,
    size: SIZE,
    framesPerSecond: 24,
    bitrate: 4_000_000,
    isTransparent: false,
    isLive: false,
    ...more,
  };
}

/** One colour all over, and half of it transparent where `alpha` is less than 255. */
function frameOf(index: number, framesPerSecond = 24, alpha = 255, size = SIZE): VideoFrame {
  const [r, g, b] = COLORS[index % COLORS.length]!;
  const pixels = new Uint8Array(size.width * size.height * 4);
  for (let i = 0; i < pixels.length; i += 4) pixels.set([r, g, b, (i / 4) % size.width < size.width / 2 ? alpha : 255], i);
  return new VideoFrame(pixels, {
    format: 'RGBA',
    codedWidth: size.width,
    codedHeight: size.height,
    timestamp: Math.round((index * 1e6) / framesPerSecond),
    duration: Math.round(1e6 / framesPerSecond),
  });
}

interface ReadFrame {
  readonly seconds: number;
  readonly durationSeconds: number;
  /** Of the middle of the left and of the right half. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

async function read(blob: Blob): Promise<{ seconds: number; width: number; height: number; codec: string | null; frames: ReadFrame[] }> {
  const input = new Input({ source: new BlobSource(blob), formats: ALL_FORMATS });
  const video = (await input.getPrimaryVideoTrack())!;
  const frames: ReadFrame[] = [];
  for await (const sample of new VideoSampleSink(video).samples()) {
    const canvas = new OffscreenCanvas(sample.displayWidth, sample.displayHeight);
    const context = canvas.getContext('2d')!;
    sample.draw(context, 0, 0);
    const at = (x: number): number[] => [...context.getImageData(x, canvas.height / 2, 1, 1).data];
    frames.push({
      seconds: sample.timestamp,
      durationSeconds: sample.duration,
      left: at(canvas.width / 4),
      right: at((canvas.width * 3) / 4),
    });
    sample.close();
  }
  return {
    seconds: await input.computeDuration(),
    width: video.displayWidth,
    height: video.displayHeight,
    codec: video.codec,
    frames,
  };
}

/** As a page shows it: the first frame through `<video>`, straight colours at the middle of both halves. */
async function show(blob: Blob): Promise<{ readonly left: readonly number[]; readonly right: readonly number[] }> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(blob);
  document.body.append(video);
  await new Promise((resolve, reject) => {
    video.requestVideoFrameCallback(resolve);
    video.onerror = () => reject(new Error(video.error?.message));
  });
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d')!;
  context.drawImage(video, 0, 0);
  video.remove();
  URL.revokeObjectURL(video.src);
  const at = (x: number): number[] => [...context.getImageData(x, canvas.height / 2, 1, 1).data];
  return { left: at(canvas.width / 4), right: at((canvas.width * 3) / 4) };
}

const opened: VideoRecording[] = [];
async function open(...args: Parameters<typeof VideoRecording.open>): Promise<VideoRecording> {
  const recording = await VideoRecording.open(...args);
  opened.push(recording);
  return recording;
}
afterEach(async () => {
  for (const recording of opened.splice(0)) await recording.cancel();
});

/** Largest difference of a channel. */
function distance(found: readonly number[], meant: readonly number[]): number {
  return Math.max(...meant.map((value, channel) => Math.abs(value - found[channel]!)));
}

const KINDS: readonly (readonly [VideoContainer, VideoCodecName, string])[] = [
  ['mp4', 'avc', 'avc1.42001f'],
  ['mp4', 'av1', 'av01.0.04M.08'],
  ['webm', 'vp9', 'vp09.00.31.08'],
  ['webm', 'vp8', 'vp8'],
  ['webm', 'av1', 'av01.0.04M.08'],
];

test.each(KINDS)('a recording as %s with %s decodes to the frames that went in', async (container, codec, codecString) => {
  const recording = await open(track(container, codec, codecString, { frameCount: 12 }));
  for (let index = 0; index < 12; index++) await recording.take(frameOf(index));
  const { blob, frames, bytes, durationMicros } = await recording.finish();
  expect(frames).toBe(12);
  expect(blob?.size).toBe(bytes);
  expect(blob?.type).toBe(`video/${container}`);
  expect(durationMicros).toBeCloseTo(500_000, -1);
  const video = await read(blob!);
  expect(video).toMatchObject({ width: 320, height: 192, codec });
  expect(video.frames).toHaveLength(12);
  expect(video.seconds).toBeCloseTo(0.5, 2);
  for (const [index, frame] of video.frames.entries()) {
    // WebM counts milliseconds.
    expect(Math.abs(frame.seconds - index / 24)).toBeLessThan(container === 'webm' ? 0.0006 : 1e-9);
    expect(distance(frame.left, COLORS[index % 3]!), `frame ${index}: ${frame.left.join()}`).toBeLessThan(5);
  }
});

test('frames that were left out lengthen those before them', async () => {
  const recording = await open(track('mp4', 'avc', 'avc1.42001f', { isLive: true }));
  for (const index of [0, 1, 5, 6]) await recording.take(frameOf(index));
  const { blob } = await recording.finish();
  const { frames, seconds } = await read(blob!);
  expect(frames.map((frame) => Math.round(frame.seconds * 24))).toEqual([0, 1, 5, 6]);
  expect(seconds).toBeCloseTo(7 / 24, 3);
});

test('a key frame comes at least every two seconds', async () => {
  const recording = await open(track('mp4', 'avc', 'avc1.42001f', { framesPerSecond: 10, frameCount: 45 }));
  for (let index = 0; index < 45; index++) await recording.take(frameOf(index, 10));
  const { blob } = await recording.finish();
  const input = new Input({ source: new BlobSource(blob!), formats: ALL_FORMATS });
  const keys: number[] = [];
  for await (const packet of new EncodedPacketSink((await input.getPrimaryVideoTrack())!).packets()) {
    if (packet.type === 'key') keys.push(packet.timestamp);
  }
  // Encoders add some of their own where the picture changes.
  expect(keys).toEqual(expect.arrayContaining([0, 2, 4]));
});

test('transparent frames stay transparent', async () => {
  const recording = await open(track('webm', 'vp9', 'vp09.00.31.08', { isTransparent: true, frameCount: 3 }));
  for (let index = 0; index < 3; index++) await recording.take(frameOf(index, 24, 64));
  const { blob } = await recording.finish();
  const { left, right } = await show(blob!);
  expect(distance(left, [...COLORS[0], 64]), left.join()).toBeLessThan(5);
  expect(distance(right, [...COLORS[0], 255]), right.join()).toBeLessThan(5);
  expect((await read(blob!)).frames.map(({ left: { 3: alpha } }) => Math.abs(alpha! - 64) < 4)).toEqual([true, true, true]);
});

test('alpha becomes luma', () => {
  const pixels = new Uint8Array([9, 9, 9, 1, 9, 9, 9, 2, 9, 9, 9, 3, 9, 9, 9, 4]);
  expect([...alphaPlanes(pixels, 2, 2)]).toEqual([1, 2, 3, 4, 128, 128]);
});

test('a file receives what a Blob would hold', async () => {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle('recording.mp4', { create: true });
  const recording = await open(track('mp4', 'avc', 'avc1.42001f', { frameCount: 6 }), handle);
  for (let index = 0; index < 6; index++) await recording.take(frameOf(index));
  const video = await recording.finish();
  expect(video.blob).toBeUndefined();
  const file = await handle.getFile();
  expect(file.size).toBe(video.bytes);
  expect((await read(file)).frames).toHaveLength(6);
  await folder.removeEntry('recording.mp4');
});

test('a cancelled recording leaves no new file, and an old one as it was', async () => {
  const folder = await navigator.storage.getDirectory();
  const old = await folder.getFileHandle('old.mp4', { create: true });
  const writable = await old.createWritable();
  await writable.write('kept');
  await writable.close();
  for (const name of ['new.mp4', 'old.mp4']) {
    const handle = await folder.getFileHandle(name, { create: true });
    const recording = await open(track('mp4', 'avc', 'avc1.42001f'), handle);
    await recording.take(frameOf(0));
    await recording.cancel();
    await expect(recording.take(frameOf(1))).rejects.toMatchObject({ code: 'cancelled' });
  }
  await expect(folder.getFileHandle('new.mp4')).rejects.toThrow(DOMException);
  expect(await (await old.getFile()).text()).toBe('kept');
  await folder.removeEntry('old.mp4');
});

test('a browser without the encoder says so before anything is drawn', async () => {
  const wanted = track('mp4', 'hevc', 'hvc1.1.6.L93.B0');
  expect((await VideoEncoder.isConfigSupported(encoderConfigOf(wanted))).supported).toBe(false);
  await expect(open(wanted)).rejects.toMatchObject({ code: 'record-no-encoder' });
});

test('an encoder that fails breaks the recording, and nobody waits', async () => {
  const recording = await open(track('webm', 'vp8', 'vp8'));
  await recording.take(frameOf(0));
  // Of another size than the file was begun with.
  await expect(recording.take(frameOf(1, 24, 255, { width: 64, height: 64 }))).rejects.toBeInstanceOf(RecordingError);
  await expect(recording.broken).rejects.toMatchObject({ code: 'record-failed' });
  await expect(recording.take(frameOf(2))).rejects.toMatchObject({ code: 'record-failed' });
  await expect(recording.finish()).rejects.toMatchObject({ code: 'record-failed' });
});

test('a video that outgrows what the browser holds ends with words', async () => {
  const recording = await open(track('webm', 'vp8', 'vp8'), undefined, 1000);
  for (let index = 0; index < 12; index++) await recording.take(frameOf(index)).catch(() => undefined);
  await expect(recording.finish()).rejects.toMatchObject({ code: 'record-too-large' });
});

test('a full disk ends the recording with words, and what was begun is removed', async () => {
  let isRemoved = false;
  const full = {
    getFile: async () => new File([], 'new.webm'),
    createWritable: async () => ({
      write: async () => {
        throw new DOMException('no room', 'QuotaExceededError');
      },
      abort: async () => undefined,
    }),
    remove: async () => {
      isRemoved = true;
    },
  };
  const recording = await open(track('webm', 'vp8', 'vp8'), full as unknown as FileSystemFileHandle);
  for (let index = 0; index < 12; index++) await recording.take(frameOf(index)).catch(() => undefined);
  await expect(recording.finish()).rejects.toMatchObject({ code: 'record-disk-full' });
  expect(isRemoved).toBe(true);
});

test('nothing recorded is no file', async () => {
  const recording = await open(track('webm', 'vp8', 'vp8', { isLive: true }));
  await expect(recording.finish()).rejects.toMatchObject({ code: 'record-empty' });
});
