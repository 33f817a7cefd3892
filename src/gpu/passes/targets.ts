/** Formats of the picture's targets. */
export const LIGHT_FORMAT: GPUTextureFormat = 'rgba16float';
export const DEPTH_FORMAT: GPUTextureFormat = 'depth32float';
/** Prim handles under a pixel. */
export const PICK_FORMAT: GPUTextureFormat = 'r32uint';
/** Nearness of surfaces to the ground. */
export const HEIGHT_FORMAT: GPUTextureFormat = 'r8unorm';
export const SAMPLE_COUNT = 4;

/** Targets of one picture: multisampled light and depth, and the resolved light that is tone-mapped. */
export class PictureTargets {
  readonly width: number;
  readonly height: number;
  readonly color: GPUTextureView;
  readonly depth: GPUTextureView;
  readonly light: GPUTextureView;
  #textures: readonly GPUTexture[];

  constructor(device: GPUDevice, width: number, height: number) {
    this.width = width;
    this.height = height;
    const make = (label: string, format: GPUTextureFormat, sampleCount: number, usage: number): GPUTexture =>
      device.createTexture({ label: `targets/${label}`, size: [width, height], format, sampleCount, usage });
    const attachment = GPUTextureUsage.RENDER_ATTACHMENT;
    const color = make('color', LIGHT_FORMAT, SAMPLE_COUNT, attachment);
    const depth = make('depth', DEPTH_FORMAT, SAMPLE_COUNT, attachment);
    const light = make('light', LIGHT_FORMAT, 1, attachment | GPUTextureUsage.TEXTURE_BINDING);
    this.#textures = [color, depth, light];
    this.color = color.createView();
    this.depth = depth.createView();
    this.light = light.createView();
  }

  get gpuBytes(): number {
    return this.width * this.height * (8 * SAMPLE_COUNT + 4 * SAMPLE_COUNT + 8);
  }

  dispose(): void {
    for (const texture of this.#textures) texture.destroy();
  }
}
