/** Draws frame after frame into the record worker. The pixels go from worker to worker; here only figures pass. */
import { CallClient, RemoteError } from '../../share/protocol/channel.ts';
import type { RecordedVideo, RecorderCalls, RecorderMessage, RecordingTrack } from '../../share/protocol/recorder.ts';
import type { RecordFrameRequest } from '../../share/protocol/renderer.ts';
import { deferred } from '../controllers/deferred.ts';
import { cancelled, type RecordingJob } from './recording-job.ts';
import { frameTimes, type RecordingProgress } from './recording-plan.ts';

/** Frames that are asked for before the one before them was taken: one is drawn while another is encoded. */
const MAX_AHEAD = 2;
/** A worker that does not answer to being cancelled is ended all the same. */
const CANCEL_MS = 3000;

export type FrameLook = Pick<RecordFrameRequest, 'camera' | 'settings'>;

export interface FrameRecordingParts {
  /** It belongs to this recording, which ends it. */
  readonly worker: Worker;
  readonly track: RecordingTrack;
  readonly file: FileSystemFileHandle | undefined;
  /** How a frame is seen. For as long as it takes, the next is not asked for. */
  look(index: number): FrameLook | Promise<FrameLook>;
  /** A frame has to be drawn before `look` is called for the next. */
  readonly isStepwise: boolean;
  /** @throws RemoteError where nothing can be drawn */
  recordFrame(request: RecordFrameRequest, transfer: Transferable[]): Promise<void>;
  /** No further frames are wanted. */
  endRecording(): void;
  /** Progress was made. */
  changed(): void;
}

export class FrameRecording implements RecordingJob {
  #parts: FrameRecordingParts;
  #client: CallClient<RecorderCalls>;
  /** Rejects when the recording is given up. */
  #ended = deferred<never>();
  #stopped = deferred<void>();
  #frames: MessagePort | undefined;
  #waiting = new Set<Promise<void>>();
  #drawn = 0;
  /** Frames that were due, of a live recording. */
  #due = 0;
  #beganMs = performance.now();

  constructor(parts: FrameRecordingParts) {
    this.#parts = parts;
    const { worker } = parts;
    this.#client = new CallClient(worker);
    worker.addEventListener('message', ({ data }: MessageEvent<RecorderMessage>) => this.#receive(data));
    for (const type of ['error', 'messageerror'] as const) {
      worker.addEventListener(type, (event) => {
        const reason = event instanceof ErrorEvent && event.message !== '' ? event.message : 'its script could not be loaded';
        const error = {
          code: 'record-worker-failed',
          severity: 'error',
          message: `The recorder failed: ${reason}. Reload the page and record again.`,
        } as const;
        this.#client.failAll(error);
        this.cancel(new RemoteError(error));
      });
    }
  }

  get progress(): RecordingProgress {
    return {
      frames: this.#drawn,
      total: this.#parts.track.frameCount,
      elapsedSeconds: (performance.now() - this.#beganMs) / 1000,
      dropped: this.#parts.track.isLive ? Math.max(0, this.#due - this.#drawn - this.#waiting.size) : 0,
    };
  }

  async run(): Promise<RecordedVideo> {
    const { worker, track, file, endRecording } = this.#parts;
    const { port1, port2 } = new MessageChannel();
    this.#frames = port2;
    try {
      const request = { track, frames: port1, ...(file === undefined ? {} : { file }) };
      await this.#unlessEnded(this.#client.call('start', request, { transfer: [port1] }));
      this.#beganMs = performance.now();
      await (track.frameCount === undefined ? this.#unlessEnded(this.#stopped.promise) : this.#drawAll(track.frameCount));
      await this.#unlessEnded(Promise.all(this.#waiting));
      return await this.#unlessEnded(this.#client.call('finish', {}));
    } catch (error) {
      // Of what is on its way nobody hears any more.
      this.#ended.reject(error);
      await Promise.race([
        this.#client.call('cancel', {}).catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, CANCEL_MS)),
      ]);
      throw error;
    } finally {
      endRecording();
      worker.terminate();
    }
  }

  stop(): void {
    this.#stopped.resolve();
  }

  cancel(error = cancelled()): void {
    this.#ended.reject(error);
  }

  async #drawAll(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const look = await this.#unlessEnded(Promise.resolve(this.#parts.look(index)));
      this.#draw(index, look);
      const most = this.#parts.isStepwise ? 0 : MAX_AHEAD - 1;
      while (this.#waiting.size > most) await this.#unlessEnded(Promise.race(this.#waiting));
    }
  }

  #draw(index: number, look: FrameLook): void {
    const { track } = this.#parts;
    const recorder = this.#frames;
    this.#frames = undefined;
    const request: RecordFrameRequest = {
      ...look,
      ...frameTimes(index, track.framesPerSecond),
      size: track.size,
      ...(track.isTransparent ? { hasAlpha: true } : {}),
      ...(recorder === undefined ? {} : { recorder }),
    };
    const drawing = this.#parts
      .recordFrame(request, recorder === undefined ? [] : [recorder])
      .then(() => {
        this.#drawn++;
      })
      .catch((error: unknown) => this.#ended.reject(error))
      .finally(() => {
        this.#waiting.delete(drawing);
        this.#parts.changed();
      });
    this.#waiting.add(drawing);
  }

  /** The next frame of a live recording is due. One that finds no room is left out; the one before it is seen longer. */
  async #drawDue(index: number): Promise<void> {
    this.#due = index + 1;
    if (this.#waiting.size >= MAX_AHEAD) return;
    this.#draw(index, await this.#parts.look(index));
  }

  #unlessEnded<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([this.#ended.promise, promise]);
  }

  #receive(message: RecorderMessage): void {
    if (this.#client.settle(message)) return;
    if (message.kind === 'broken') this.cancel(new RemoteError(message.error));
    else if (message.kind === 'due') void this.#drawDue(message.index).catch((error: unknown) => this.#ended.reject(error));
    else this.#parts.changed();
  }
}
