/**
 * The frames of a video track, one after the other: by MediaStreamTrackProcessor where the realm has it (Chromium: windows; Safari: workers), else by a
 * `<video>` that plays the track. Both give the newest frame when the consumer is slow. A `<video>` gives none while its window is hidden.
 */
import { ShareError } from '../share-error.ts';

/** MediaStreamTrack, of which the types of workers know nothing. */
interface VideoTrack {
  readonly readyState: string;
  addEventListener(type: 'ended', listener: () => void, options?: { readonly once?: boolean; readonly signal?: AbortSignal }): void;
}

interface VideoPlayer {
  muted: boolean;
  playsInline: boolean;
  srcObject: unknown;
  play(): Promise<void>;
  pause(): void;
  requestVideoFrameCallback?(callback: (now: number, metadata: { readonly mediaTime: number }) => void): number;
  cancelVideoFrameCallback?(handle: number): void;
}

/** What windows have, and some workers in part. */
interface VideoRealm {
  readonly MediaStreamTrackProcessor?: new (init: { track: VideoTrack; maxBufferSize: number }) => {
    readonly readable: ReadableStream<VideoFrame>;
  };
  readonly MediaStream?: new (tracks: VideoTrack[]) => unknown;
  readonly document?: { createElement(name: 'video'): VideoPlayer };
}

/**
 * Ends when the track does, when `signal` aborts, or when the loop is left; the track itself goes on.
 *
 * @returns frames that are closed when the next one is asked for: who needs one for longer clones it
 * @throws ShareError `share-unsupported-transport` where frames of tracks cannot be read
 */
export function framesOfTrack(
  track: VideoTrack,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<VideoFrame, void, void> {
  const realm: VideoRealm = globalThis as object;
  const end = new AbortController();
  const stop = (): void => end.abort();
  if (signal?.aborted === true || track.readyState === 'ended') stop();
  signal?.addEventListener('abort', stop, { once: true, signal: end.signal });
  track.addEventListener('ended', stop, { once: true, signal: end.signal });
  const { MediaStreamTrackProcessor: Processor } = realm;
  if (Processor !== undefined) return readFrames(() => new Processor({ track, maxBufferSize: 1 }).readable, end);
  const player = realm.document?.createElement('video');
  if (player?.requestVideoFrameCallback === undefined || realm.MediaStream === undefined || typeof VideoFrame === 'undefined') {
    stop();
    throw new ShareError('share-unsupported-transport', 'Frames of video tracks cannot be read in this realm.');
  }
  player.muted = true;
  player.playsInline = true;
  player.srcObject = new realm.MediaStream([track]);
  return playFrames(player, end);
}

/** @param open throws for a track that has ended */
async function* readFrames(open: () => ReadableStream<VideoFrame>, end: AbortController): AsyncGenerator<VideoFrame, void, void> {
  if (end.signal.aborted) return;
  const reader = open().getReader();
  end.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
  try {
    for (;;) {
      const { value: frame } = await reader.read();
      if (frame === undefined) return;
      try {
        yield frame;
      } finally {
        frame.close();
      }
    }
  } finally {
    end.abort();
  }
}

async function* playFrames(player: VideoPlayer, end: AbortController): AsyncGenerator<VideoFrame, void, void> {
  try {
    if (end.signal.aborted) return;
    // Resolves with the first frame, which may be long in coming.
    player.play().catch(() => end.abort());
    for (;;) {
      const frame = await nextFrame(player, end.signal);
      if (frame === undefined) return;
      try {
        yield frame;
      } finally {
        frame.close();
      }
    }
  } finally {
    end.abort();
    player.pause();
    player.srcObject = null;
  }
}

function nextFrame(player: VideoPlayer, end: AbortSignal): Promise<VideoFrame | undefined> {
  return new Promise((resolve, reject) => {
    if (end.aborted) {
      resolve(undefined);
      return;
    }
    const handle = player.requestVideoFrameCallback?.((_now, { mediaTime }) => {
      end.removeEventListener('abort', stop);
      try {
        resolve(new VideoFrame(player as unknown as ImageBitmap, { timestamp: Math.round(mediaTime * 1e6) }));
      } catch (cause) {
        reject(new ShareError('share-unsupported-transport', 'A frame of the video cannot be read.', { cause }));
      }
    });
    const stop = (): void => {
      if (handle !== undefined) player.cancelVideoFrameCallback?.(handle);
      resolve(undefined);
    };
    end.addEventListener('abort', stop, { once: true });
  });
}
