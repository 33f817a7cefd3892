/**
 * Drawing straight into a canvas of another window: the window hands its canvas over (`transferControlToOffscreen`), and whoever gets it, a worker or another
 * window of the group, draws into it with a device of its own. The browser shows what is drawn without any copy of ours and without work in the window, so
 * this is the cheapest way to show frames elsewhere; it cannot be sampled there, and a canvas can be handed over once only.
 *
 * Beside the canvas goes a port: the window says how large its canvas is, either end says when it closes, and the end of either is noticed (see `Link`).
 */
import type { Link } from './link/link.ts';
import { openPortLink } from './link/port-link.ts';
import { ShareError } from './share-error.ts';
import type { ShareColorSpace } from './texture-descriptor.ts';

const PRESENT_VERSION = 1;
const MAX_SIZE = 16_384;

/** Plain data and two transferables, posted once with `transferablesOfOffer`. */
export interface PresentOffer {
  readonly version: typeof PRESENT_VERSION;
  readonly kind: 'present-canvas';
  readonly canvas: OffscreenCanvas;
  readonly port: MessagePort;
}

/** Size of a canvas that was handed over. */
export interface PresentSize {
  /** Device pixels; 0 while the canvas is not shown. */
  readonly width: number;
  readonly height: number;
}

type PresentMessage = { readonly kind: 'size' } & PresentSize;

/** The window's end. */
export interface OfferedCanvas {
  readonly offer: PresentOffer;
  /** The next frame is drawn in this size; the one that is shown is scaled until then. */
  resize(size: PresentSize): void;
  /** Called once when whoever draws has closed or is gone; the canvas keeps its last frame. */
  onLost(listener: () => void): void;
  /** Nobody draws any more. Safe to call twice. */
  close(): void;
}

/**
 * @param canvas an HTMLCanvasElement that has no context yet
 * @throws ShareError `share-unsupported-transport` where canvases cannot be handed over, or this one was already
 */
export function offerCanvas(canvas: { transferControlToOffscreen?(): OffscreenCanvas }): OfferedCanvas {
  const offscreen = takeControl(canvas);
  const { port1, port2 } = new MessageChannel();
  const link = openPortLink(port1);
  return {
    offer: { version: PRESENT_VERSION, kind: 'present-canvas', canvas: offscreen, port: port2 },
    resize: ({ width, height }) => link.post({ kind: 'size', width: clampSize(width), height: clampSize(height) } satisfies PresentMessage),
    onLost: (listener) => link.onLost(listener),
    close: () => link.close(),
  };
}

/** What moves with an offer when it is posted. */
export function transferablesOfOffer({ canvas, port }: PresentOffer): Transferable[] {
  return [canvas, port];
}

/** How `PresentTarget` draws. */
export interface PresentOptions {
  readonly device: GPUDevice;
  /** Default: the preferred one, which costs no copy. */
  readonly format?: 'rgba8unorm' | 'bgra8unorm' | 'rgba16float';
  readonly alphaMode?: GPUCanvasAlphaMode;
  readonly colorSpace?: ShareColorSpace;
}

/** Whoever draws. */
export class PresentTarget {
  readonly format: GPUTextureFormat;
  readonly #canvas: OffscreenCanvas;
  readonly #context: GPUCanvasContext;
  readonly #link: Link;
  readonly #options: PresentOptions;
  #device: GPUDevice;
  #isDeviceLost = false;
  #size: PresentSize;
  #onResize: (() => void)[] = [];
  #isClosed = false;

  /**
   * @param offer as it came in a message; hostile until checked
   * @throws ShareError `share-bad-handle`, `share-version`, `share-unsupported-transport`
   */
  constructor(offer: PresentOffer, options: PresentOptions) {
    checkOffer(offer);
    const context = offer.canvas.getContext('webgpu');
    if (context === null) throw new ShareError('share-unsupported-transport', 'The canvas that was offered has no WebGPU context.');
    this.#canvas = offer.canvas;
    this.#context = context;
    this.#options = options;
    this.#size = { width: offer.canvas.width, height: offer.canvas.height };
    this.format = options.format ?? navigator.gpu.getPreferredCanvasFormat();
    this.#device = options.device;
    this.useDevice(options.device);
    this.#link = openPortLink(offer.port);
    this.#link.onLost(() => {
      this.#isClosed = true;
    });
    this.#link.listen((message) => this.#receive(message));
  }

  /** Of the next frame. */
  get size(): PresentSize {
    return this.#size;
  }

  /**
   * Texture of the next frame, to be drawn or copied into in this task; it is shown when the task ends.
   *
   * @returns undefined while there is nothing to draw for: the canvas has no size, or its window is gone
   * @throws ShareError `share-device-lost`
   */
  begin(): GPUTexture | undefined {
    if (this.#isClosed) return undefined;
    if (this.#isDeviceLost) throw new ShareError('share-device-lost', 'The graphics device that presents is lost.');
    const { width, height } = this.#size;
    if (width === 0 || height === 0) return undefined;
    // Only now: setting a size clears the canvas, and the window would show that until the next frame.
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return this.#context.getCurrentTexture();
  }

  /** After the loss of a device, or to draw with another. */
  useDevice(device: GPUDevice): void {
    this.#device = device;
    this.#isDeviceLost = false;
    void device.lost.then(() => {
      if (this.#device === device) this.#isDeviceLost = true;
    });
    this.#context.configure({
      device,
      format: this.format,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_DST | GPUTextureUsage.COPY_SRC,
      alphaMode: this.#options.alphaMode ?? 'opaque',
      colorSpace: this.#options.colorSpace ?? 'srgb',
    });
  }

  /** The window asks for another size: a frame should be drawn. */
  onResize(listener: () => void): void {
    this.#onResize.push(listener);
  }

  /** Called once when the window has closed or is gone; nothing needs to be drawn any more. */
  onLost(listener: () => void): void {
    this.#link.onLost(listener);
  }

  /** The window is told. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#onResize = [];
    this.#link.close();
  }

  #receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    const { kind, width, height } = message as { readonly kind?: unknown; readonly width?: unknown; readonly height?: unknown };
    if (kind !== 'size' || !isSize(width) || !isSize(height)) return;
    this.#size = { width, height };
    for (const listener of this.#onResize) listener();
  }
}

function takeControl(canvas: { transferControlToOffscreen?(): OffscreenCanvas }): OffscreenCanvas {
  try {
    const offscreen = canvas.transferControlToOffscreen?.();
    if (offscreen !== undefined) return offscreen;
  } catch (cause) {
    throw new ShareError('share-unsupported-transport', 'The canvas cannot be handed over: it has a context, or was handed over before.', {
      cause,
    });
  }
  throw new ShareError('share-unsupported-transport', 'Canvases cannot be handed over here.');
}

function checkOffer(offer: PresentOffer): void {
  const { version, kind, canvas, port } = (typeof offer === 'object' && offer !== null ? offer : {}) as Partial<
    Record<keyof PresentOffer, unknown>
  >;
  if (kind !== 'present-canvas' || !(canvas instanceof OffscreenCanvas) || !(port instanceof MessagePort)) {
    throw new ShareError('share-bad-handle', 'What came is no offer of a canvas.');
  }
  if (version !== PRESENT_VERSION) {
    throw new ShareError('share-version', `The offer has version ${String(version)}, this end version ${PRESENT_VERSION}.`);
  }
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_SIZE;
}

function clampSize(pixels: number): number {
  return Math.min(Math.max(Math.round(pixels), 0), MAX_SIZE);
}
