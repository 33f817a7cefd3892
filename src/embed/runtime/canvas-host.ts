/** The canvas of a view: its size follows the element's box, and a lost one is replaced. */
import type { SurfaceSize } from '../../share/protocol/renderer.ts';
import { drawingSize } from '../../ui/viewport/drawing-size.ts';
import { make } from '../make.ts';

/** Tells of zooming too, where there is such a box to observe. */
const OBSERVED: ResizeObserverOptions =
  'devicePixelContentBoxSize' in ResizeObserverEntry.prototype ? { box: 'device-pixel-content-box' } : {};

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
    this.#size = drawingSize(this.#surface);
    canvas.width = this.#size.width;
    canvas.height = this.#size.height;
    this.#resizing.disconnect();
    this.#resizing.observe(canvas, OBSERVED);
    this.#hooks.made(canvas.transferControlToOffscreen(), this.#size);
  }

  dispose(): void {
    this.#resizing.disconnect();
    this.#canvas?.remove();
    this.#canvas = undefined;
  }

  #onResize(entry: ResizeObserverEntry | undefined): void {
    const size = drawingSize(this.#surface, entry?.devicePixelContentBoxSize?.[0]);
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    this.#size = size;
    this.#hooks.resized(size);
  }
}
