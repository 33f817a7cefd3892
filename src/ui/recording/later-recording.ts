/**
 * Recording, fetched when somebody records: the dialog, the frames of each kind, and where the video goes. One recording at a time
 * for a view. Turntables and animations are drawn while the dialog waits, so that nothing is changed between two frames; what is
 * seen is recorded while the page is used.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { RemoteError } from '../../share/protocol/channel.ts';
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { RecordedVideo, RecordingTrack } from '../../share/protocol/recorder.ts';
import type { RenderSettings } from '../../share/protocol/renderer.ts';
import type { Message } from '../app/message.ts';
import { startRecorder } from '../app/recorder-worker.ts';
import { errorInfoOf, type EngineController } from '../controllers/engine-controller.ts';
import type { PlaybackController } from '../controllers/playback-controller.ts';
import type { RendererController } from '../controllers/renderer-controller.ts';
import { formatBytes } from '../elements/format.ts';
import type { UsdViewport } from '../viewport/usd-viewport.ts';
import { canvasRecordingType, CanvasRecording } from './canvas-recording.ts';
import { formatClock, formatFrames } from './durations.ts';
import { FrameRecording, type FrameLook } from './frame-recording.ts';
import { animationOf, DEFAULT_CHOICES, sizeOf, type RecordingChoices } from './recording-choices.ts';
import type { RecordingJob } from './recording-job.ts';
import { animationTimeCode, turnedPose, turntableAngle, type RecordingKind } from './recording-plan.ts';
import './usd-record-dialog.ts';
import './usd-recording-status.ts';
import { chooseVideoFile, downloadVideo } from './video-file.ts';
import { bitrateOf } from './video-formats.ts';

/** Progress is drawn this often, milliseconds. */
const DRAW_MS = 150;
const LOSS_MS = 200;
const NAMES: Readonly<Record<RecordingKind, string>> = { turntable: '-turntable', animation: '-animation', live: '' };

/** The view that is recorded. */
export interface RecordedView {
  readonly engine: EngineController;
  readonly renderer: RendererController;
  readonly playback: PlaybackController;
  viewport(): UsdViewport;
  /** Path of the stage's camera that is looked through, '' for the free one. */
  camera(): string;
  /** What is behind the scene in pictures. */
  pictureSettings(isTransparent: boolean): Partial<RenderSettings>;
  say(message: Message): void;
  announce(text: string): void;
  /** Something that is shown of the recording changed. */
  changed(): void;
}

export class ViewRecorder {
  #view: RecordedView;
  #choices: RecordingChoices = DEFAULT_CHOICES;
  #isDialogOpen = false;
  #job: RecordingJob | undefined;
  /** Of the job. */
  #kind: RecordingKind = 'turntable';
  #isFinishing = false;
  #error = '';
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(view: RecordedView) {
    this.#view = view;
  }

  get isDialogOpen(): boolean {
    return this.#isDialogOpen;
  }

  /** Asks what to record. While what is seen is recorded, that ends, and is saved. */
  show(kind?: RecordingKind): void {
    if (this.#job !== undefined) {
      if (this.#kind === 'live') this.#stop();
      return;
    }
    const animation = animationOf(this.#view.engine.summary);
    const wanted = kind ?? this.#choices.kind;
    this.#choose({ ...this.#choices, kind: wanted === 'animation' && animation === undefined ? 'turntable' : wanted });
    if (this.#choices.kind === 'animation' && kind === 'animation')
      this.#choose({ ...this.#choices, framesPerSecond: this.#stageRate || 24 });
    this.#error = '';
    this.#isDialogOpen = true;
    this.#view.changed();
  }

  /** The document was closed or replaced: of a recording of it nothing is left. */
  cancel(): void {
    this.#job?.cancel(sceneClosed());
    this.#isDialogOpen = false;
  }

  /** Frames of a lost device are gone, and with them those that were being drawn. */
  deviceLost(): void {
    const message =
      'The graphics device was lost while recording, and nothing was saved: record again, at a smaller size if it happens again';
    this.#job?.cancel(new RemoteError({ code: 'record-device-lost', severity: 'error', message }));
  }

  renderDialog(): TemplateResult | typeof nothing {
    if (!this.#isDialogOpen) return nothing;
    const { engine } = this.#view;
    const progress = this.#job?.progress;
    return html`<usd-record-dialog
      .choices=${this.#choices}
      .viewport=${this.#view.viewport().size}
      .animation=${animationOf(engine.summary)}
      .stageRate=${this.#stageRate}
      .canvasType=${canvasRecordingType() ?? ''}
      .progress=${progress}
      .isFinishing=${progress !== undefined && progress.frames === progress.total}
      .error=${this.#error}
      @usd-recording-choices=${(event: HTMLElementEventMap['usd-recording-choices']) => this.#choose(event.detail.choices)}
      @usd-record=${(event: HTMLElementEventMap['usd-record']) => void this.#record(event.detail.choices, event.detail.track)}
      @usd-recording-cancel=${() => this.#job?.cancel()}
      @usd-close=${this.#onClose}
    ></usd-record-dialog>`;
  }

  /** Over the picture, while what is seen is recorded. */
  renderStatus(): TemplateResult | typeof nothing {
    const progress = this.#job?.progress;
    if (progress === undefined || this.#kind !== 'live') return nothing;
    return html`<usd-recording-status
      .progress=${progress}
      .isFinishing=${this.#isFinishing}
      @usd-recording-stop=${() => this.#stop()}
      @usd-recording-cancel=${() => this.#job?.cancel()}
    ></usd-recording-status>`;
  }

  get #stageRate(): number {
    const { framesPerSecond = 0, timeCodesPerSecond = 0 } = this.#view.engine.summary ?? {};
    return framesPerSecond || timeCodesPerSecond;
  }

  #choose(choices: RecordingChoices): void {
    this.#choices = choices;
    this.#view.changed();
  }

  #stop(): void {
    this.#isFinishing = true;
    this.#job?.stop();
    this.#view.changed();
  }

  /** @param track undefined: the browser records the canvas */
  async #record(choices: RecordingChoices, track: RecordingTrack | undefined): Promise<void> {
    const { engine, say, announce, changed } = this.#view;
    const { summary } = engine;
    if (summary === undefined || this.#job !== undefined) return;
    this.#error = '';
    const name = `${summary.name.replace(/\.[^.]*$/u, '')}${NAMES[choices.kind]}`;
    try {
      // Within the click: the browser's dialog wants it.
      const file = track === undefined ? undefined : await chooseVideoFile(name, track.container);
      if (file === 'no') return;
      const job = track === undefined ? this.#canvasJob(choices) : this.#frameJob(choices, track, summary, file);
      this.#job = job;
      this.#kind = choices.kind;
      this.#isFinishing = false;
      if (choices.kind === 'live') this.#isDialogOpen = false;
      changed();
      const video = await this.#runWithTime(job, choices.kind);
      const saved = file?.name ?? downloadVideo(video.blob, name);
      const text = `Saved as ${saved}: ${figuresOf(video, job)}`;
      say({ text });
      announce(text);
      this.#isDialogOpen = false;
    } catch (error) {
      this.#failed(errorInfoOf(error), choices.kind);
    } finally {
      clearTimeout(this.#drawing);
      this.#drawing = undefined;
      this.#job = undefined;
      changed();
    }
  }

  #failed({ code, message }: { readonly code: string; readonly message: string }, kind: RecordingKind): void {
    const { say, announce } = this.#view;
    if (code === 'cancelled') announce(message);
    else if (this.#isDialogOpen) this.#error = message;
    else {
      const again = { label: 'Record again…', run: () => this.show(kind) };
      say({ text: message, actions: code === 'record-scene-closed' ? [] : [again] });
    }
  }

  /** An animation is played through; afterwards the stage stands where it stood. */
  async #runWithTime(job: RecordingJob, kind: RecordingKind): Promise<RecordedVideo> {
    const { playback, engine } = this.#view;
    if (kind === 'live') return job.run();
    const { isPlaying, timeCode } = playback;
    const stage = engine.summary?.stage;
    playback.pause();
    try {
      return await job.run();
    } finally {
      const isSameStage = engine.summary?.stage === stage;
      if (isSameStage && kind === 'animation') await playback.seek(timeCode).catch(() => undefined);
      if (isSameStage && isPlaying) playback.play();
    }
  }

  #frameJob(
    choices: RecordingChoices,
    track: RecordingTrack,
    { stage, upAxis }: StageSummary,
    file: FileSystemFileHandle | undefined,
  ): FrameRecording {
    const { renderer, engine } = this.#view;
    const look = this.#lookOf(choices, track, upAxis);
    return new FrameRecording({
      worker: startRecorder(),
      track,
      file,
      isStepwise: choices.kind === 'animation',
      look: async (index) => {
        // What is still being loaded belongs to the picture.
        if (index === 0) await engine.completed();
        if (engine.summary?.stage !== stage) throw sceneClosed();
        return look(index);
      },
      recordFrame: async (request, transfer) => {
        try {
          await renderer.recordFrame(request, transfer);
        } catch (error) {
          // A lost device makes calls fail in many ways; that it was lost is told a moment later, and says more.
          await new Promise((resolve) => setTimeout(resolve, LOSS_MS));
          throw error;
        }
      },
      endRecording: () => renderer.endRecording(),
      changed: this.#onProgress,
    });
  }

  /** How each frame is seen. */
  #lookOf(choices: RecordingChoices, track: RecordingTrack, upAxis: 'Y' | 'Z'): (index: number) => FrameLook | Promise<FrameLook> {
    const { engine, playback, viewport, camera, pictureSettings } = this.#view;
    const settings = pictureSettings(track.isTransparent);
    const pose = viewport().poseForAspect(track.size.width / track.size.height);
    const rate = track.framesPerSecond;
    switch (choices.kind) {
      case 'turntable':
        return (index) => ({ settings, camera: turnedPose(pose, upAxis, turntableAngle(index, choices, rate)) });
      case 'animation': {
        const range = animationOf(engine.summary);
        const path = camera();
        if (range === undefined) return () => ({ settings, camera: pose });
        return async (index) => {
          await playback.seek(animationTimeCode(index, range, rate));
          // A camera of the stage may move with time.
          return { settings, camera: path === '' ? pose : await engine.cameraPose(path) };
        };
      }
      case 'live':
        // The renderer's own camera: what the hand does is seen.
        return () => ({ settings: pictureSettings(track.isTransparent) });
    }
  }

  #canvasJob(choices: RecordingChoices): CanvasRecording {
    const { canvas, size } = this.#view.viewport();
    const type = canvasRecordingType();
    if (canvas === undefined || type === undefined) {
      throw new RemoteError({
        code: 'record-no-encoder',
        severity: 'error',
        message: 'This browser records no video: save pictures instead',
      });
    }
    const { framesPerSecond, quality } = choices;
    const bitrate = bitrateOf(sizeOf('viewport', size), framesPerSecond, quality, 'avc');
    const background = this.#view.pictureSettings(false).background ?? [0, 0, 0, 1];
    return new CanvasRecording({ canvas, background, type, framesPerSecond, bitrate, changed: this.#onProgress });
  }

  #onProgress = (): void => {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#view.changed();
    }, DRAW_MS);
  };

  #onClose = (): void => {
    this.#isDialogOpen = false;
    this.#view.changed();
  };
}

function sceneClosed(): RemoteError {
  const message = 'The recording was given up: its scene was closed before it ended';
  return new RemoteError({ code: 'record-scene-closed', severity: 'info', message });
}

function figuresOf({ frames, bytes, durationMicros }: RecordedVideo, { progress: { dropped } }: RecordingJob): string {
  const parts = [formatClock(durationMicros / 1e6), formatBytes(bytes)];
  if (frames > 0) parts.unshift(formatFrames(frames));
  if (dropped > 0) parts.push(`${formatFrames(dropped)} left out`);
  return parts.join(', ');
}
