/**
 * For browsers without a video encoder that pages can use: records what the visible canvas shows, as it shows it, by MediaRecorder. The
 * picture goes by way of another canvas, which has the background that the page shows behind a transparent one. Each picture costs the page
 * a copy, and a hidden page records none.
 */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { RecordedVideo } from '../../share/protocol/recorder.ts';
import { deferred } from '../controllers/deferred.ts';
import { cancelled, type RecordingJob } from './recording-job.ts';
import type { RecordingProgress } from './recording-plan.ts';

const TYPES = ['video/mp4;codecs=avc1', 'video/mp4', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];
/** Bytes come in parts that the browser may put aside. */
const PART_MS = 1000;
const MAX_BYTES = 2 * 1024 ** 3;

/** What MediaRecorder makes of a canvas here, undefined for nothing. */
export function canvasRecordingType(): string | undefined {
  if (typeof MediaRecorder !== 'function' || !('captureStream' in HTMLCanvasElement.prototype)) return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

export interface CanvasRecordingParts {
  readonly canvas: HTMLCanvasElement;
  /** What is behind the picture: sRGB, 0..1. */
  readonly background: readonly [r: number, g: number, b: number, a: number];
  readonly type: string;
  readonly framesPerSecond: number;
  readonly bitrate: number;
  changed(): void;
}

export class CanvasRecording implements RecordingJob {
  #parts: CanvasRecordingParts;
  #ended = deferred<never>();
  #stopped = deferred<void>();
  #beganMs = performance.now();

  constructor(parts: CanvasRecordingParts) {
    this.#parts = parts;
  }

  /** MediaRecorder does not tell how many frames it has. */
  get progress(): RecordingProgress {
    return { frames: 0, total: undefined, elapsedSeconds: (performance.now() - this.#beganMs) / 1000, dropped: 0 };
  }

  async run(): Promise<RecordedVideo> {
    const { canvas, background, type, framesPerSecond, bitrate, changed } = this.#parts;
    const parts: Blob[] = [];
    let bytes = 0;
    const copy = new OpaqueCopy(canvas, background);
    const stream = copy.canvas.captureStream(framesPerSecond);
    const ticking = setInterval(changed, 500);
    try {
      const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: bitrate });
      const hasStopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
      recorder.addEventListener('error', (event) => this.cancel(failureOf(String((event as { readonly error?: unknown }).error))));
      recorder.addEventListener('dataavailable', ({ data }) => {
        parts.push(data);
        bytes += data.size;
        if (bytes > MAX_BYTES) this.stop();
      });
      recorder.start(PART_MS);
      this.#beganMs = performance.now();
      try {
        await Promise.race([this.#ended.promise, this.#stopped.promise]);
      } finally {
        if (recorder.state !== 'inactive') recorder.stop();
      }
      await hasStopped;
      if (bytes === 0) throw failureOf('the canvas gave no pictures');
      const durationMicros = Math.round((performance.now() - this.#beganMs) * 1000);
      return { blob: new Blob(parts, { type: type.split(';')[0]! }), bytes, frames: 0, durationMicros };
    } catch (error) {
      throw error instanceof RemoteError ? error : failureOf(error instanceof Error ? error.message : String(error));
    } finally {
      clearInterval(ticking);
      copy.dispose();
      for (const track of stream.getTracks()) track.stop();
    }
  }

  stop(): void {
    this.#stopped.resolve();
  }

  cancel(error = cancelled()): void {
    this.#ended.reject(error);
  }
}

/** Draws a canvas over a background, at each animation frame. */
class OpaqueCopy {
  readonly canvas = document.createElement('canvas');
  #frame = 0;

  constructor(source: HTMLCanvasElement, [r, g, b]: CanvasRecordingParts['background']) {
    const context = this.canvas.getContext('2d', { alpha: false })!;
    const draw = (): void => {
      this.#frame = requestAnimationFrame(draw);
      const { width, height } = source;
      if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
      context.fillStyle = `rgb(${[r, g, b].map((value) => Math.round(value * 255)).join(' ')})`;
      context.fillRect(0, 0, width, height);
      context.drawImage(source, 0, 0);
    };
    draw();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }
}

function failureOf(reason: string): RemoteError {
  return new RemoteError({
    code: 'record-no-encoder',
    severity: 'error',
    message: `This browser cannot record the picture (${reason}): use a newer one, or save pictures instead`,
  });
}
