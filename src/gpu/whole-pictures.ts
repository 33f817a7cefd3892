import type { CameraPose, CaptureRequest, RecordFrameRequest, RenderSettings } from '../share/protocol/renderer.ts';
import { DeviceError } from './device/device-error.ts';
import { encodeImage, unpremultiply } from './encode-image.ts';
import type { GraphicsHost } from './graphics-host.ts';
import type { FrameRecorder } from './later-recorder.ts';
import { OffScreenTarget, checkPictureSize, paintWhole, tightPixels } from './off-screen.ts';
import type { Painter, PictureOverlay } from './painter.ts';
import { CAPTURE_FORMAT } from './painter.ts';
import type { SceneFeed } from './scene-feed.ts';

interface CameraAndSettings {
  readonly camera: CameraPose;
  readonly settings: RenderSettings;
}

/** What whole pictures need of their view. */
export interface PictureSource {
  now(): CameraAndSettings;
  overlay(): PictureOverlay | undefined;
  /** @throws DeviceError where nothing can be drawn */
  start(): Promise<Painter>;
}

/** Pictures of one view that are not on its canvas: of any size, and with everything in them. */
export class WholePictures {
  #host: GraphicsHost;
  #feed: SceneFeed;
  #source: PictureSource;
  #recorder: Promise<FrameRecorder> | undefined;

  constructor(host: GraphicsHost, feed: SceneFeed, source: PictureSource) {
    this.#host = host;
    this.#feed = feed;
    this.#source = source;
  }

  async capture(request: CaptureRequest): Promise<Blob> {
    const painter = await this.#source.start();
    await this.#feed.drained();
    const { width, height } = request.size;
    this.#checkSize(request.size);
    const target = new OffScreenTarget(painter.device, 'capture', request.size, CAPTURE_FORMAT);
    try {
      const { camera, settings } = this.#pictureOf(request);
      await paintWhole(painter, this.#feed, { camera, settings, target: target.texture, overlay: this.#source.overlay() });
      const pixels = await target.read((rows) => tightPixels(rows, target.bytesPerRow, width, height));
      unpremultiply(pixels);
      return await encodeImage(pixels, width, height, request.type ?? 'image/png', request.quality);
    } finally {
      target.dispose();
    }
  }

  /**
   * One picture for a recorder, with the camera and settings of this moment. Resolves when it was taken.
   *
   * @throws DeviceError for a size that cannot be drawn, without a recorder, when the recording has ended
   */
  async record(request: RecordFrameRequest): Promise<void> {
    const { recorder: port } = request;
    if (port !== undefined) {
      this.endRecording();
      this.#recorder = import('./later-recorder.ts').then(({ FrameRecorder: Recorder }) => new Recorder(port));
    }
    const recording = this.#recorder;
    if (recording === undefined) throw new DeviceError('recording-ended', 'There is no recording that this frame could go to');
    const { camera, settings } = this.#pictureOf(request);
    const [recorder, painter, graphics] = await Promise.all([recording, this.#source.start(), this.#host.start()]);
    this.#checkSize(request.size);
    await recorder.record(graphics, request, async (target) => {
      await this.#feed.drained();
      await paintWhole(painter, this.#feed, { camera, settings, target, overlay: this.#source.overlay() });
    });
  }

  endRecording(): void {
    // What could not be fetched has told so.
    this.#recorder?.then(
      (recorder) => recorder.dispose(),
      () => undefined,
    );
    this.#recorder = undefined;
  }

  #pictureOf({ camera, settings }: Pick<CaptureRequest, 'camera' | 'settings'>): CameraAndSettings {
    const now = this.#source.now();
    return { camera: camera ?? now.camera, settings: { ...now.settings, ...settings } };
  }

  #checkSize(size: CaptureRequest['size']): void {
    checkPictureSize(size, this.#host.device?.maxTextureSize ?? 8192);
  }
}
