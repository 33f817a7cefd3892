import type { RenderSettings, ToneMap } from '../../../share/protocol/renderer.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';

const CURVES: readonly ToneMap[] = ['neutral', 'srgb', 'aces', 'agx'];

/** Resolved light to display values, into a canvas or a capture target. */
export class ToneMapPass {
  #device: GPUDevice;
  #pipelines = new Map<GPUTextureFormat, GPURenderPipeline>();
  #layout: GPUBindGroupLayout;
  #finish: GPUBuffer;
  #group: GPUBindGroup | undefined;
  #light: GPUTextureView | undefined;

  static async create(device: GPUDevice, formats: readonly GPUTextureFormat[]): Promise<ToneMapPass> {
    const pass = new ToneMapPass(device);
    const module = createShaderModule(device, SHADERS.toneMap);
    const layout = device.createPipelineLayout({ label: 'tone map', bindGroupLayouts: [pass.#layout] });
    await Promise.all(
      [...new Set(formats)].map(async (format) => {
        const pipeline = await device.createRenderPipelineAsync({
          label: `tone map/${format}`,
          layout,
          vertex: { module, entryPoint: 'vs_main' },
          fragment: { module, entryPoint: 'fs_main', targets: [{ format }] },
        });
        pass.#pipelines.set(format, pipeline);
      }),
    );
    return pass;
  }

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#layout = device.createBindGroupLayout({
      label: 'tone map',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } },
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    this.#finish = device.createBuffer({ label: 'tone map/finish', size: 32, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  }

  encode(encoder: GPUCommandEncoder, light: GPUTextureView, target: GPUTextureView, format: GPUTextureFormat, settings: RenderSettings): void {
    const facts = new Float32Array(8);
    facts.set(settings.background, 0);
    facts[4] = 2 ** settings.exposure;
    new Uint32Array(facts.buffer)[5] = Math.max(0, CURVES.indexOf(settings.toneMap));
    this.#device.queue.writeBuffer(this.#finish, 0, facts);
    if (light !== this.#light || this.#group === undefined) {
      this.#light = light;
      this.#group = this.#device.createBindGroup({
        label: 'tone map',
        layout: this.#layout,
        entries: [
          { binding: 0, resource: light },
          { binding: 1, resource: { buffer: this.#finish } },
        ],
      });
    }
    const pass = encoder.beginRenderPass({ label: 'tone map', colorAttachments: [{ view: target, loadOp: 'clear', storeOp: 'store' }] });
    pass.setPipeline(this.#pipelines.get(format)!);
    pass.setBindGroup(0, this.#group);
    pass.draw(3);
    pass.end();
  }

  dispose(): void {
    this.#finish.destroy();
  }
}
