import type { PipelineCache } from '../../resources/pipeline-cache.ts';
import { UniformBuffer } from '../../resources/uniform-buffer.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { SampleCount } from '../targets.ts';
import { DEPTH_FORMAT, LIGHT_FORMAT } from '../targets.ts';

/** What is seen all around: the studio, or a colour that a picture may be a factor of. */
export interface SkyboxFacts {
  /** Rotation, columns, shape [9]. */
  readonly environmentFromWorld: readonly number[];
  /** Factor on linear radiance. */
  readonly color: readonly [number, number, number];
  readonly more: readonly [number, number, number];
  readonly isStudio: boolean;
  /** Latitude-longitude picture with mip levels. A picture of another `version` is another one. */
  readonly picture?: { readonly version: string; readonly view: GPUTextureView; readonly layer: number };
}

/** Draws the environment behind everything. One per device; a view's uniforms are in `SkyboxView`. */
export class SkyboxPass {
  readonly device: GPUDevice;
  readonly layout: GPUBindGroupLayout;
  readonly sampler: GPUSampler;
  /** Bound where there is no picture. */
  readonly none: GPUTexture;
  #pipelines: PipelineCache;
  #module: GPUShaderModule;
  #pipelineLayout: GPUPipelineLayout;

  constructor(device: GPUDevice, pipelines: PipelineCache) {
    this.device = device;
    this.#pipelines = pipelines;
    this.#module = createShaderModule(device, SHADERS.skybox);
    const { VERTEX, FRAGMENT } = GPUShaderStage;
    this.layout = device.createBindGroupLayout({
      label: 'skybox',
      entries: [
        { binding: 0, visibility: VERTEX, buffer: { type: 'uniform' } },
        { binding: 1, visibility: FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 2, visibility: FRAGMENT, texture: { viewDimension: '2d-array' } },
        { binding: 3, visibility: FRAGMENT, sampler: {} },
      ],
    });
    this.#pipelineLayout = device.createPipelineLayout({ label: 'skybox', bindGroupLayouts: [this.layout] });
    this.sampler = device.createSampler({
      label: 'skybox',
      addressModeU: 'repeat',
      minFilter: 'linear',
      magFilter: 'linear',
      mipmapFilter: 'linear',
    });
    this.none = device.createTexture({
      label: 'skybox/none',
      size: [1, 1],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING,
    });
  }

  /** Fills what the picture's depth leaves free; nothing while its pipeline compiles. */
  encode(pass: GPURenderPassEncoder, view: SkyboxView, facts: SkyboxFacts, sampleCount: SampleCount): void {
    const pipeline = this.#pipelines.get(`skybox/${facts.isStudio ? 'studio' : 'picture'} ${sampleCount}x`, () => ({
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_skybox' },
      fragment: {
        module: this.#module,
        entryPoint: 'fs_skybox',
        constants: { SHOWS_STUDIO: Number(facts.isStudio) },
        targets: [{ format: LIGHT_FORMAT }],
      },
      depthStencil: { format: DEPTH_FORMAT, depthCompare: 'greater-equal', depthWriteEnabled: false },
      multisample: { count: sampleCount },
    }));
    if (pipeline === undefined) return;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, view.prepare(facts));
    pass.draw(3);
  }

  dispose(): void {
    this.none.destroy();
  }
}

/** The skybox of one view. */
export class SkyboxView {
  #pass: SkyboxPass;
  #view: GPUBuffer;
  #uniform: UniformBuffer;
  #group: GPUBindGroup | undefined;
  #version = '';

  /** @param view uniforms of the view */
  constructor(pass: SkyboxPass, view: GPUBuffer) {
    this.#pass = pass;
    this.#view = view;
    this.#uniform = new UniformBuffer(pass.device, 'skybox', 80);
  }

  prepare({ environmentFromWorld, color, more, picture }: SkyboxFacts): GPUBindGroup {
    const { floats, words } = this.#uniform;
    for (let column = 0; column < 3; column++)
      for (let row = 0; row < 3; row++) floats[4 * column + row] = environmentFromWorld[3 * column + row]!;
    floats.set(color, 12);
    words[15] = picture?.layer ?? -1;
    floats.set(more, 16);
    this.#uniform.send();
    const version = picture?.version ?? 'none';
    if (this.#group === undefined || version !== this.#version) {
      this.#version = version;
      this.#group = this.#pass.device.createBindGroup({
        label: 'skybox',
        layout: this.#pass.layout,
        entries: [
          { binding: 0, resource: { buffer: this.#view } },
          { binding: 1, resource: { buffer: this.#uniform.buffer } },
          { binding: 2, resource: picture?.view ?? this.#pass.none.createView({ dimension: '2d-array' }) },
          { binding: 3, resource: this.#pass.sampler },
        ],
      });
    }
    return this.#group;
  }

  dispose(): void {
    this.#uniform.dispose();
  }
}
