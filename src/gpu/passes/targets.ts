/** Formats of the picture's targets. */
export const LIGHT_FORMAT: GPUTextureFormat = 'rgba16float';
export const DEPTH_FORMAT: GPUTextureFormat = 'depth32float';
/** Prim handles under a pixel. */
export const PICK_FORMAT: GPUTextureFormat = 'r32uint';
/** Nearness of surfaces to the ground. */
export const HEIGHT_FORMAT: GPUTextureFormat = 'r8unorm';

/** Samples per pixel: four, or one in drafts. */
export type SampleCount = 1 | 4;

/**
 * Targets of pictures up to a size: light and depth, multisampled in full quality, and the resolved light that is tone-mapped.
 * Smaller pictures lie in their first columns and rows.
 */
export class PictureTargets {
  readonly width: number;
  readonly height: number;
  readonly sampleCount: SampleCount;
  /** What the picture is drawn into. */
  readonly color: GPURenderPassColorAttachment;
  readonly depth: GPURenderPassDepthStencilAttachment;
  readonly light: GPUTextureView;
  #textures: GPUTexture[] = [];

  constructor(device: GPUDevice, width: number, height: number, sampleCount: SampleCount) {
    this.width = width;
    this.height = height;
    this.sampleCount = sampleCount;
    const make = (label: string, format: GPUTextureFormat, samples: number, usage: number): GPUTextureView => {
      const texture = device.createTexture({ label: `targets/${label}`, size: [width, height], format, sampleCount: samples, usage });
      this.#textures.push(texture);
      return texture.createView();
    };
    const attachment = GPUTextureUsage.RENDER_ATTACHMENT;
    this.light = make('light', LIGHT_FORMAT, 1, attachment | GPUTextureUsage.TEXTURE_BINDING);
    const clear = { clearValue: { r: 0, g: 0, b: 0, a: 0 }, loadOp: 'clear' } as const;
    this.color =
      sampleCount === 1
        ? { view: this.light, ...clear, storeOp: 'store' }
        : { view: make('color', LIGHT_FORMAT, sampleCount, attachment), resolveTarget: this.light, ...clear, storeOp: 'discard' };
    this.depth = {
      view: make('depth', DEPTH_FORMAT, sampleCount, attachment),
      depthClearValue: 0,
      depthLoadOp: 'clear',
      depthStoreOp: 'discard',
    };
  }

  get gpuBytes(): number {
    const perPixel = this.sampleCount === 1 ? 8 + 4 : 8 + (8 + 4) * this.sampleCount;
    return this.width * this.height * perPixel;
  }

  dispose(): void {
    for (const texture of this.#textures) texture.destroy();
  }
}

/** A set may have so many times the pixels of the picture that is drawn into it. */
const MOST_SLACK = 1.5;
/** Beyond so many bytes, what was used least recently goes. One set may be larger. */
const KEPT_BYTES = 24 << 20;
/** What nobody drew into for so long goes. */
const IDLE_MS = 3000;

/**
 * Targets that the views of a device take turns in: what is drawn into them is tone-mapped within the same submission.
 * Views of about one size share a set; none is kept while nothing is drawn.
 */
export class TargetPool {
  #device: GPUDevice;
  /** Most recently used last. */
  #sets: PictureTargets[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #usedAt = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get gpuBytes(): number {
    return this.#sets.reduce((sum, set) => sum + set.gpuBytes, 0);
  }

  /** Targets for one picture, good until its submission. */
  take(width: number, height: number, sampleCount: SampleCount): PictureTargets {
    const fits = (set: PictureTargets): boolean =>
      set.sampleCount === sampleCount &&
      set.width >= width &&
      set.height >= height &&
      set.width * set.height <= MOST_SLACK * width * height;
    const area = (set: PictureTargets): number => set.width * set.height;
    const found = this.#sets.filter(fits).sort((a, b) => area(a) - area(b))[0];
    const set = found ?? new PictureTargets(this.#device, width, height, sampleCount);
    this.#sets = [...this.#sets.filter((other) => other !== set), set];
    while (this.#sets.length > 1 && this.gpuBytes > KEPT_BYTES) this.#sets.shift()!.dispose();
    this.#usedAt = performance.now();
    this.#timer ??= setTimeout(() => this.#releaseIdle(), IDLE_MS);
    return set;
  }

  /** Lets everything go; the next picture makes it anew. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const set of this.#sets.splice(0)) set.dispose();
  }

  #releaseIdle(): void {
    const left = this.#usedAt + IDLE_MS - performance.now();
    if (left <= 0) this.clear();
    else this.#timer = setTimeout(() => this.#releaseIdle(), left);
  }
}
