import type { SurfaceSize } from '../share/protocol/renderer.ts';
import { DeviceError } from './device/device-error.ts';

/** The canvas of a view, of this window or another one. */
export class ViewCanvas {
  /** Pixels of what is drawn next. */
  size: SurfaceSize = { width: 0, height: 0 };
  #canvas: OffscreenCanvas | undefined;
  #context: GPUCanvasContext | undefined;
  #isConfigured = false;

  get canBeDrawn(): boolean {
    return this.#context !== undefined;
  }

  /** There is a canvas, and it has pixels. */
  get hasPixels(): boolean {
    return this.#context !== undefined && this.size.width > 0 && this.size.height > 0;
  }

  /** @throws DeviceError when the canvas cannot be drawn with WebGPU */
  attach(canvas: OffscreenCanvas): void {
    const context = canvas.getContext('webgpu');
    if (context === null) throw new DeviceError('canvas-refused', 'The canvas gives no WebGPU context');
    this.#canvas = canvas;
    this.#context = context;
    this.#isConfigured = false;
  }

  /** What the next picture is drawn into, in the canvas's new size. */
  take(device: GPUDevice, format: GPUTextureFormat): GPUTexture {
    const canvas = this.#canvas!;
    const context = this.#context!;
    const { width, height } = this.size;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (!this.#isConfigured) {
      // Only now: a canvas without pixels cannot be configured.
      context.configure({ device, format, alphaMode: 'premultiplied' });
      this.#isConfigured = true;
    }
    return context.getCurrentTexture();
  }

  /** Lets the textures go that the canvas is shown from. What is drawn next configures it again. */
  release(): void {
    if (!this.#isConfigured) return;
    this.#isConfigured = false;
    this.#context?.unconfigure();
  }

  /** The canvas is dead: its device is lost, or its view has ended. */
  forget(): void {
    this.#canvas = undefined;
    this.#context = undefined;
    this.#isConfigured = false;
  }
}
