/** The canvas of a view: its size follows the element's box, and a lost one is replaced. */
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import { make } from '../make.ts';

/** Finer screens than this gain nothing that antialiasing does not give, and cost their square. */
const MAX_PIXEL_RATIO = 2;
const MAX_PIXELS = 3840 * 2160;

export interface CanvasHooks {
  made(canvas: OffscreenCanvas, size: SurfaceSize): void;
  resized(size: SurfaceSize): void;
}

export class CanvasHost {
  #surface: HTMLElement;
  #hooks: CanvasHooks;
  #canvas: HTMLCanvasElement | undefined;
  #size: SurfaceSize = { width: 1, height: 1 };
  #resizing = new ResizeObserver((entries) => this.#onResize(entries.at(-1)));

  constructor(surface: HTMLElement, hooks: CanvasHooks) {
    this.#surface = surface;
    this.#hooks = hooks;
  }

  /** Pixels of the drawing buffer. */
  get size(): SurfaceSize {
    return this.#size;
  }

  get aspect(): number {
    const { clientWidth, clientHeight } = this.#surface;
    return clientWidth > 0 && clientHeight > 0 ? clientWidth / clientHeight : 1;
  }

  /** Makes a canvas, in place of the one there is. */
  renew(): void {
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    this.#canvas?.remove();
    this.#canvas = canvas;
    this.#surface.append(canvas);
    this.#size = this.#measure();
    canvas.width = this.#size.width;
    canvas.height = this.#size.height;
    this.#resizing.disconnect();
    this.#resizing.observe(canvas);
    this.#hooks.made(canvas.transferControlToOffscreen(), this.#size);
  }

  dispose(): void {
    this.#resizing.disconnect();
    this.#canvas?.remove();
    this.#canvas = undefined;
  }

  #onResize(entry: ResizeObserverEntry | undefined): void {
    const size = this.#measure(entry?.devicePixelContentBoxSize?.[0]);
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
    this.#hooks.resized(size);
  }

  #measure(device?: ResizeObserverSize): SurfaceSize {
    const ratio = globalThis.devicePixelRatio || 1;
    const box = this.#surface.getBoundingClientRect();
    // The browser's own count is exact to the pixel. Emulated screens report it unscaled: then the product is right.
    const isExact = device !== undefined && Math.abs(device.inlineSize - box.width * ratio) < 2;
    const width = isExact ? device.inlineSize : box.width * ratio;
    const height = isExact ? device.blockSize : box.height * ratio;
    const scale = Math.min(1, MAX_PIXEL_RATIO / ratio, Math.sqrt(MAX_PIXELS / Math.max(width * height, 1)));
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  }
}
