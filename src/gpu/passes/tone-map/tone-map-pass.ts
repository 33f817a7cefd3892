import type { RenderSettings, ToneMap } from '../../../share/protocol/renderer.ts';
import type { PipelineCache } from '../../resources/pipeline-cache.ts';
import { UniformBuffer } from '../../resources/uniform-buffer.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';

const CURVES: readonly ToneMap[] = ['neutral', 'srgb', 'aces', 'agx'];

/** Resolved light to display values, into a canvas or a capture target. One per device; a view's uniforms are in `ToneMapView`. */
export class ToneMapPass {
  readonly device: GPUDevice;
  readonly layout: GPUBindGroupLayout;
  #pipelines: PipelineCache;
  #module: GPUShaderModule;
  #pipelineLayout: GPUPipelineLayout;
  #latest = new Map<GPUTextureFormat, GPURenderPipeline>();

  static async create(device: GPUDevice, pipelines: PipelineCache, format: GPUTextureFormat): Promise<ToneMapPass> {
    const pass = new ToneMapPass(device, pipelines);
    await pass.prepare(format);
    return pass;
  }

  private constructor(device: GPUDevice, pipelines: PipelineCache) {
    this.device = device;
    this.#pipelines = pipelines;
    this.#module = createShaderModule(device, SHADERS.toneMap);
    this.layout = device.createBindGroupLayout({
      label: 'tone map',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } },
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    this.#pipelineLayout = device.createPipelineLayout({ label: 'tone map', bindGroupLayouts: [this.layout] });
  }

  /** Some curve can be drawn into targets of the format. */
  canDraw(format: GPUTextureFormat): boolean {
    return this.#latest.has(format);
  }

  async prepare(format: GPUTextureFormat): Promise<void> {
    const pipeline = await this.#pipelines.require(`tone map/neutral ${format}`, () => this.#describe('neutral', format));
    if (!this.#latest.has(format)) this.#latest.set(format, pipeline);
  }

  /** While the pipeline of a curve compiles, the last one serves; without any the target stays empty. */
  encode(encoder: GPUCommandEncoder, view: ToneMapView, light: GPUTextureView, target: GPUTexture, settings: RenderSettings): void {
    const { format } = target;
    const pipeline =
      this.#pipelines.get(`tone map/${settings.toneMap} ${format}`, () => this.#describe(settings.toneMap, format)) ??
      this.#latest.get(format);
    if (pipeline !== undefined) this.#latest.set(format, pipeline);
    const group = view.prepare(light, settings);
    const pass = encoder.beginRenderPass({
      label: 'tone map',
      colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }],
    });
    if (pipeline !== undefined) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.draw(3);
    }
    pass.end();
  }

  #describe(toneMap: ToneMap, format: GPUTextureFormat): GPURenderPipelineDescriptor {
    return {
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_main' },
      fragment: { module: this.#module, entryPoint: 'fs_main', constants: { CURVE: CURVES.indexOf(toneMap) }, targets: [{ format }] },
    };
  }
}

/** Exposure and background of one view. */
export class ToneMapView {
  #pass: ToneMapPass;
  #finish: UniformBuffer;
  #group: GPUBindGroup | undefined;
  #light: GPUTextureView | undefined;

  constructor(pass: ToneMapPass) {
    this.#pass = pass;
    this.#finish = new UniformBuffer(pass.device, 'tone map/finish', 32);
  }

  prepare(light: GPUTextureView, settings: RenderSettings): GPUBindGroup {
    this.#finish.floats.set(settings.background);
    this.#finish.floats[4] = 2 ** settings.exposure;
    this.#finish.send();
    if (light !== this.#light || this.#group === undefined) {
      this.#light = light;
      this.#group = this.#pass.device.createBindGroup({
        label: 'tone map',
        layout: this.#pass.layout,
        entries: [
          { binding: 0, resource: light },
          { binding: 1, resource: { buffer: this.#finish.buffer } },
        ],
      });
    }
    return this.#group;
  }

  dispose(): void {
    this.#finish.dispose();
  }
}
