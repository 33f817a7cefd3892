import { createShaderModule } from '../shaders/compose.ts';
import { SHADERS } from '../shaders/library.ts';

/** Pipelines that make the levels of textures, by format; one set per device, made when the first texture comes. */
export class MipPipelines {
  static #ofDevice = new WeakMap<GPUDevice, MipPipelines>();
  readonly layout: GPUBindGroupLayout;
  #device: GPUDevice;
  #module: GPUShaderModule;
  #pipelines = new Map<string, GPURenderPipeline>();

  static of(device: GPUDevice): MipPipelines {
    let pipelines = MipPipelines.#ofDevice.get(device);
    if (pipelines === undefined) MipPipelines.#ofDevice.set(device, (pipelines = new MipPipelines(device)));
    return pipelines;
  }

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#module = createShaderModule(device, SHADERS.mips);
    this.layout = device.createBindGroupLayout({
      label: 'textures/mips',
      entries: [{ binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } }],
    });
  }

  /** @param isResampling to another size, not to half of it */
  get(format: GPUTextureFormat, isResampling: boolean): GPURenderPipeline {
    const key = isResampling ? `${format} resampling` : format;
    let pipeline = this.#pipelines.get(key);
    if (pipeline === undefined) {
      pipeline = this.#device.createRenderPipeline({
        label: `textures/mips ${key}`,
        layout: this.#device.createPipelineLayout({ bindGroupLayouts: [this.layout] }),
        vertex: { module: this.#module, entryPoint: 'vs_main' },
        fragment: { module: this.#module, entryPoint: isResampling ? 'resample' : 'halve', targets: [{ format }] },
      });
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }
}
