import type { RecordFrameRequest, RecordedFrame } from '../share/protocol/renderer.ts';
import { DeviceError } from './device/device-error.ts';
import type { Graphics } from './graphics.ts';
import { OffScreenTarget, tightPixels } from './off-screen.ts';
import { unpremultiply } from './encode-image.ts';
import { CAPTURE_FORMAT } from './painter.ts';

/** Frames that the recorder was given and has not taken. */
const MOST_WAITING = 2;

export type FrameFacts = Pick<RecordFrameRequest, 'size' | 'timestampMicros' | 'durationMicros' | 'hasAlpha'>;

/** Makes frames of pictures of one size. */
export interface FrameMaker {
  /** What the picture is drawn into. */
  readonly texture: GPUTexture;
  make(facts: FrameFacts): Promise<VideoFrame>;
  dispose(): void;
}

interface WaitingFrame {
  readonly taken: () => void;
  readonly lost: (error: Error) => void;
}

/** Hands pictures to a recorder, in the order they are asked for, and only as fast as it takes them. */
export class FrameRecorder {
  #recorder: MessagePort;
  #maker: FrameMaker | undefined;
  #graphics: Graphics | undefined;
  /** The last picture that was asked for. */
  #last: Promise<unknown> = Promise.resolve();
  #nextIndex = 0;
  #waiting = new Map<number, WaitingFrame>();
  #onRoom: (() => void) | undefined;
  #end: DeviceError | undefined;

  constructor(recorder: MessagePort) {
    this.#recorder = recorder;
    recorder.onmessage = ({ data }: MessageEvent<{ readonly taken?: number }>) => {
      const index = data.taken ?? -1;
      this.#waiting.get(index)?.taken();
      this.#waiting.delete(index);
      this.#onRoom?.();
    };
  }

  /**
   * Resolves once the recorder has taken the picture.
   *
   * @param paint draws all of the picture
   * @throws DeviceError when the recording has ended
   */
  async record(graphics: Graphics, facts: FrameFacts, paint: (target: GPUTexture) => Promise<void>): Promise<void> {
    const handing = this.#last.then(() => this.#hand(graphics, facts, paint));
    this.#last = handing.catch(() => undefined);
    // In an object: the next picture does not wait for this one to be taken.
    await (
      await handing
    ).taken;
  }

  /** Ends the recording: what was not taken fails. */
  dispose(): void {
    if (this.#end !== undefined) return;
    this.#end = new DeviceError('recording-ended', 'The recording was ended before this frame was taken');
    for (const frame of this.#waiting.values()) frame.lost(this.#end);
    this.#waiting.clear();
    this.#onRoom?.();
    this.#maker?.dispose();
    this.#maker = undefined;
    this.#recorder.close();
  }

  async #hand(graphics: Graphics, facts: FrameFacts, paint: (target: GPUTexture) => Promise<void>): Promise<{ taken: Promise<void> }> {
    while (this.#waiting.size >= MOST_WAITING) await new Promise<void>((resolve) => (this.#onRoom = resolve));
    this.#checkOpen();
    const maker = this.#makerFor(graphics, facts);
    await paint(maker.texture);
    this.#checkOpen();
    const frame = await maker.make(facts);
    if (this.#end !== undefined) frame.close();
    this.#checkOpen();
    const index = this.#nextIndex++;
    const taken = new Promise<void>((resolve, reject) => this.#waiting.set(index, { taken: resolve, lost: reject }));
    // Whoever asked for the frame is told; that it was not taken is no news to anybody else.
    taken.catch(() => undefined);
    this.#recorder.postMessage({ kind: 'recordedFrame', index, frame } satisfies RecordedFrame, [frame]);
    return { taken };
  }

  #makerFor(graphics: Graphics, { size: { width, height }, hasAlpha }: FrameFacts): FrameMaker {
    const before = this.#maker;
    if (before !== undefined && graphics === this.#graphics && before.texture.width === width && before.texture.height === height)
      return before;
    before?.dispose();
    this.#graphics = graphics;
    // Transparent frames are taken apart in memory by the recorder.
    this.#maker =
      graphics.isSoftware || hasAlpha === true
        ? new ReadFrameMaker(graphics.device, { width, height })
        : new CanvasFrameMaker(graphics.device, { width, height }, graphics.canvasFormat);
    return this.#maker;
  }

  #checkOpen(): void {
    if (this.#end !== undefined) throw this.#end;
  }
}

/** Frames in memory: on software adapters the pixels are there already. */
export class ReadFrameMaker implements FrameMaker {
  #target: OffScreenTarget;

  constructor(device: GPUDevice, size: FrameFacts['size']) {
    this.#target = new OffScreenTarget(device, 'record', size, CAPTURE_FORMAT);
  }

  get texture(): GPUTexture {
    return this.#target.texture;
  }

  make({ size: { width, height }, timestampMicros, durationMicros, hasAlpha }: FrameFacts): Promise<VideoFrame> {
    const { bytesPerRow } = this.#target;
    const facts = {
      codedWidth: width,
      codedHeight: height,
      timestamp: timestampMicros,
      duration: durationMicros,
      colorSpace: { primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'rgb', fullRange: true },
    } as const;
    return this.#target.read((rows) => {
      if (hasAlpha !== true) return new VideoFrame(rows, { ...facts, format: 'RGBX', layout: [{ offset: 0, stride: bytesPerRow }] });
      const pixels = tightPixels(rows, bytesPerRow, width, height);
      unpremultiply(pixels);
      return new VideoFrame(pixels, { ...facts, format: 'RGBA' });
    });
  }

  dispose(): void {
    this.#target.dispose();
  }
}

/** Frames that stay on the graphics adapter, by way of a canvas. What is transparent is black. */
export class CanvasFrameMaker implements FrameMaker {
  #target: OffScreenTarget;
  #device: GPUDevice;
  #canvas: OffscreenCanvas;
  #context: GPUCanvasContext;

  constructor(device: GPUDevice, size: FrameFacts['size'], format: GPUTextureFormat) {
    this.#device = device;
    this.#target = new OffScreenTarget(device, 'record', size, format);
    this.#canvas = new OffscreenCanvas(size.width, size.height);
    const context = this.#canvas.getContext('webgpu');
    if (context === null) throw new DeviceError('canvas-refused', 'The canvas of the recording gives no WebGPU context');
    this.#context = context;
    context.configure({ device, format, alphaMode: 'opaque', usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT });
  }

  get texture(): GPUTexture {
    return this.#target.texture;
  }

  make({ size: { width, height }, timestampMicros, durationMicros }: FrameFacts): Promise<VideoFrame> {
    const encoder = this.#device.createCommandEncoder({ label: 'record' });
    encoder.copyTextureToTexture({ texture: this.texture }, { texture: this.#context.getCurrentTexture() }, [width, height]);
    this.#device.queue.submit([encoder.finish()]);
    // In the task of the copy: the canvas's texture is another one in the next.
    return Promise.resolve(new VideoFrame(this.#canvas, { timestamp: timestampMicros, duration: durationMicros, alpha: 'discard' }));
  }

  dispose(): void {
    this.#context.unconfigure();
    this.#target.dispose();
  }
}
