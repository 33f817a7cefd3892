import type { RenderSettings, ToneMap } from '../../../share/protocol/renderer.ts';
import type { PipelineCache } from '../../resources/pipeline-cache.ts';
import { UniformBuffer } from '../../resources/uniform-buffer.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';

const CURVES: readonly ToneMap[] = ['neutral', 'srgb', 'aces', 'agx'];

/** Resolved light to display values, into a canvas or a capture target. */
export class ToneMapPass {
  #device: GPUDevice;
  #pipelines: PipelineCache;
  #module: GPUShaderModule;
  #layout: GPUBindGroupLayout;
  #pipelineLayout: GPUPipelineLayout;
  #latest = new Map<GPUTextureFormat, GPURenderPipeline>();
  #finish: UniformBuffer;
  #group: GPUBindGroup | undefined;
  #light: GPUTextureView | undefined;

  static async create(device: GPUDevice, pipelines: PipelineCache, format: GPUTextureFormat): Promise<ToneMapPass> {
    const pass = new ToneMapPass(device, pipelines);
    pass.#latest.set(format, await pipelines.require(`tone map/neutral ${format}`, () => pass.#describe('neutral', format)));
    return pass;
  }

  private constructor(device: GPUDevice, pipelines: PipelineCache) {
    this.#device = device;
    this.#pipelines = pipelines;
    this.#module = createShaderModule(device, SHADERS.toneMap);
    this.#layout = device.createBindGroupLayout({
      label: 'tone map',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } },
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    this.#pipelineLayout = device.createPipelineLayout({ label: 'tone map', bindGroupLayouts: [this.#layout] });
    this.#finish = new UniformBuffer(device, 'tone map/finish', 32);
  }

  /** While the pipeline of a curve compiles, the last one serves; without any the target stays empty. */
  encode(encoder: GPUCommandEncoder, light: GPUTextureView, target: GPUTexture, settings: RenderSettings): void {
    const { format } = target;
    const pipeline =
      this.#pipelines.get(`tone map/${settings.toneMap} ${format}`, () => this.#describe(settings.toneMap, format)) ??
      this.#latest.get(format);
    if (pipeline !== undefined) this.#latest.set(format, pipeline);
    this.#finish.floats.set(settings.background);
    this.#finish.floats[4] = 2 ** settings.exposure;
    this.#finish.send();
    if (light !== this.#light || this.#group === undefined) {
      this.#light = light;
      this.#group = this.#device.createBindGroup({
        label: 'tone map',
        layout: this.#layout,
        entries: [
          { binding: 0, resource: light },
          { binding: 1, resource: { buffer: this.#finish.buffer } },
        ],
      });
    }
    const pass = encoder.beginRenderPass({
      label: 'tone map',
      colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store' }],
    });
    if (pipeline !== undefined) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, this.#group);
      pass.draw(3);
    }
    pass.end();
  }

  dispose(): void {
    this.#finish.dispose();
  }

  #describe(toneMap: ToneMap, format: GPUTextureFormat): GPURenderPipelineDescriptor {
    return {
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_main' },
      fragment: { module: this.#module, entryPoint: 'fs_main', constants: { CURVE: CURVES.indexOf(toneMap) }, targets: [{ format }] },
    };
  }
}
