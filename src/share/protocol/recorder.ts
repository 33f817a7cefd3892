/**
 * Page ↔ record worker. One worker makes one recording: it is started for it and ended after it. Frames come to it over a port straight
 * from the render worker (`RecordedFrame` of `renderer.ts`) and never pass the page.
 */
import type { ErrorInfo } from './error-info.ts';
import type { SurfaceSize } from './renderer.ts';

export type VideoContainer = 'mp4' | 'webm';
export type VideoCodecName = 'avc' | 'hevc' | 'av1' | 'vp9' | 'vp8';

/** What kind of video is made of the frames. */
export interface RecordingTrack {
  readonly container: VideoContainer;
  readonly codec: VideoCodecName;
  /** As WebCodecs names codec, profile and level, e.g. `vp09.00.31.08`. */
  readonly codecString: string;
  /** Both sides are even. */
  readonly size: SurfaceSize;
  readonly framesPerSecond: number;
  /** Bits per second. */
  readonly bitrate: number;
  /** The frames have an alpha channel that is to be kept. WebM with VP9 only. */
  readonly isTransparent: boolean;
  /** The frames come as time passes: the encoder may not take longer than they do. */
  readonly isLive: boolean;
  /** As many frames will come, where that is known: the index of the file then stands at its beginning. */
  readonly frameCount?: number;
}

export type RecorderCalls = {
  /** Replies once the encoder and the file are ready. `frames` receives `RecordedFrame` and answers each with `{ taken }`. */
  start: {
    request: { readonly track: RecordingTrack; readonly frames: MessagePort; readonly file?: FileSystemFileHandle };
    reply: object;
  };
  /** All frames were taken: ends the file. */
  finish: { request: object; reply: RecordedVideo };
  /** Gives the recording up. Of its file nothing is left. */
  cancel: { request: object; reply: object };
};

export interface RecordedVideo {
  /** Absent where the video went to the file that was given with `start`. */
  readonly blob?: Blob;
  readonly bytes: number;
  readonly frames: number;
  readonly durationMicros: number;
}

export type RecorderRequest = {
  [K in keyof RecorderCalls]: { readonly kind: K; readonly call: number } & RecorderCalls[K]['request'];
}[keyof RecorderCalls];

/** Answer to a `RecordedFrame`, over the port of the frames: there is room for another. */
export interface FrameTaken {
  readonly taken: number;
}

export type RecorderReply =
  | {
      [K in keyof RecorderCalls]: { readonly kind: 'reply'; readonly call: number; readonly reply: RecorderCalls[K]['reply'] };
    }[keyof RecorderCalls]
  | { readonly kind: 'failed'; readonly call: number; readonly error: ErrorInfo };

export type RecorderEvent =
  /** Of a live recording: the next frame is due. Timers of hidden pages rest, a worker's do not. Indexes that nobody could hear are left out. */
  | { readonly kind: 'due'; readonly index: number }
  | { readonly kind: 'encoded'; readonly frames: number; readonly bytes: number }
  /** Nothing more will come of it; frames are still taken, and dropped. */
  | { readonly kind: 'broken'; readonly error: ErrorInfo };

export type RecorderMessage = RecorderReply | RecorderEvent;
