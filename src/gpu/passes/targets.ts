/** Formats of the picture's targets. */
export const LIGHT_FORMAT: GPUTextureFormat = 'rgba16float';
export const DEPTH_FORMAT: GPUTextureFormat = 'depth32float';
/** Prim handles under a pixel. */
export const PICK_FORMAT: GPUTextureFormat = 'r32uint';
/** Nearness of surfaces to the ground. */
export const HEIGHT_FORMAT: GPUTextureFormat = 'r8unorm';

/** Samples per pixel: four, or one in drafts. */
export type SampleCount = 1 | 4;

/** Targets of one picture: light and depth, multisampled in full quality, and the resolved light that is tone-mapped. */
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
