/** Entry of the record worker: calls in, replies and events out; frames over a port of their own. */
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { FrameTaken, RecorderCalls, RecorderEvent, RecorderMessage, RecorderRequest } from '../../share/protocol/recorder.ts';
import type { RecordedFrame } from '../../share/protocol/renderer.ts';
import { errorInfoOf } from './recording-error.ts';
import { VideoRecording } from './video-recording.ts';

/** Least time between two `encoded` events. */
const PROGRESS_MS = 100;

let opening: Promise<VideoRecording> | undefined;
let clock: ReturnType<typeof setInterval> | undefined;

function post(message: RecorderMessage): void {
  self.postMessage(message);
}

self.onmessage = ({ data }: MessageEvent<RecorderRequest>) => void answer(data);

async function answer(request: RecorderRequest): Promise<void> {
  const { call } = request;
  try {
    const reply = await handle(request);
    post({ kind: 'reply', call, reply } as RecorderMessage);
  } catch (error) {
    post({ kind: 'failed', call, error: errorInfoOf(error) });
  }
}

async function handle(request: RecorderRequest): Promise<RecorderCalls[RecorderRequest['kind']]['reply']> {
  switch (request.kind) {
    case 'start': {
      const { track, frames, file } = request;
      opening = VideoRecording.open(track, file);
      const recording = await opening;
      recording.broken.catch((error: unknown) => tellBroken(errorInfoOf(error)));
      takeFrames(recording, frames);
      if (track.isLive) startClock(track.framesPerSecond);
      return {};
    }
    case 'finish':
      clearInterval(clock);
      if (opening === undefined) throw new Error('no recording was started');
      return (await opening).finish();
    case 'cancel':
      clearInterval(clock);
      // One that is being begun is given up when it has: its file is there already.
      await (await opening?.catch(() => undefined))?.cancel();
      return {};
  }
}

function tellBroken(error: ErrorInfo): void {
  clearInterval(clock);
  if (error.code !== 'cancelled') post({ kind: 'broken', error });
}

/** One after the other: each is answered when there is room for the next. */
function takeFrames(into: VideoRecording, frames: MessagePort): void {
  let taking: Promise<void> = Promise.resolve();
  let toldMs = -Infinity;
  frames.onmessage = ({ data: { index, frame } }: MessageEvent<RecordedFrame>) => {
    taking = taking
      .then(() => into.take(frame))
      // What broke the recording was told already; whoever draws must not wait for it.
      .catch(() => frame.close())
      .then(() => {
        frames.postMessage({ taken: index } satisfies FrameTaken);
        const now = performance.now();
        if (now - toldMs < PROGRESS_MS) return;
        toldMs = now;
        post({ kind: 'encoded', frames: into.frames, bytes: into.bytes });
      });
  };
}

function startClock(framesPerSecond: number): void {
  const beganMs = performance.now();
  let last = -1;
  const tick = (): void => {
    const index = Math.floor(((performance.now() - beganMs) * framesPerSecond) / 1000);
    if (index === last) return;
    last = index;
    post({ kind: 'due', index } satisfies RecorderEvent);
  };
  tick();
  // Twice as often as frames are due, so that none is late by more than half of its time.
  clock = setInterval(tick, 500 / framesPerSecond);
}
