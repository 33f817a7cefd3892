import type { CullPass } from '../../compute/cull/cull-pass.ts';
import type { EnvironmentBindings } from '../../compute/environment/environment.ts';
import { ALPHA_KINDS, AlphaKind } from '../../layout/material-record.ts';
import { TEXTURE_BUCKETS } from '../../layout/shading-uniforms.ts';
import type { RenderScene } from '../../scene/render-scene.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import { DEPTH_FORMAT, LIGHT_FORMAT, SAMPLE_COUNT } from '../targets.ts';

/** Draws the bins that the cull pass left: one indirect draw each, in the order opaque, cut-out, blended. */
export class MeshPass {
  #device: GPUDevice;
  #module: GPUShaderModule;
  #layouts: Layouts;
  #pipelineLayout: GPUPipelineLayout;
  #pipelines: (GPURenderPipeline | undefined)[] = [];
  #pending: (Promise<void> | undefined)[] = [];
  #sampler: GPUSampler;
  #frameGroup: GPUBindGroup;
  #sceneGroup: GPUBindGroup | undefined;
  #textureGroup: GPUBindGroup | undefined;
  #pageGroups: GPUBindGroup[] = [];
  #bindVersion = '';
  #textureVersion = -1;

  /** @param anisotropy 1 on software adapters, where every tap costs */
  static async create(device: GPUDevice, views: ViewBuffers, environment: EnvironmentBindings, anisotropy: number): Promise<MeshPass> {
    const pass = new MeshPass(device, views, environment, anisotropy);
    await pass.#build(AlphaKind.opaque);
    return pass;
  }

  private constructor(device: GPUDevice, views: ViewBuffers, environment: EnvironmentBindings, anisotropy: number) {
    this.#device = device;
    this.#module = createShaderModule(device, SHADERS.mesh);
    this.#layouts = createLayouts(device);
    const { frame, scene, page, textures } = this.#layouts;
    this.#pipelineLayout = device.createPipelineLayout({ label: 'mesh', bindGroupLayouts: [frame, scene, page, textures] });
    this.#sampler = device.createSampler({
      label: 'textures',
      addressModeU: 'repeat',
      addressModeV: 'repeat',
      magFilter: 'linear',
      minFilter: 'linear',
      mipmapFilter: 'linear',
      maxAnisotropy: anisotropy,
    });
    const linear = device.createSampler({ label: 'linear', magFilter: 'linear', minFilter: 'linear', mipmapFilter: 'linear' });
    this.#frameGroup = device.createBindGroup({
      label: 'mesh/frame',
      layout: frame,
      entries: [
        { binding: 0, resource: { buffer: views.view } },
        { binding: 1, resource: { buffer: views.shading } },
        { binding: 2, resource: { buffer: environment.harmonics } },
        { binding: 3, resource: environment.cube },
        { binding: 4, resource: environment.table },
        { binding: 5, resource: linear },
      ],
    });
  }

  /** Whether every pipeline the bins need is compiled; missing ones are started. */
  isReady(cull: CullPass): boolean {
    let isReady = true;
    for (const bin of cull.bins) {
      if (this.#pipelines[bin.alphaKind] !== undefined) continue;
      isReady = false;
      void this.#build(bin.alphaKind);
    }
    return isReady;
  }

  /** Resolves when the pipelines that were started are there. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  prepare(scene: RenderScene, cull: CullPass): void {
    if (scene.textures.version !== this.#textureVersion) {
      this.#textureVersion = scene.textures.version;
      this.#textureGroup = this.#device.createBindGroup({
        label: 'mesh/textures',
        layout: this.#layouts.textures,
        entries: [{ binding: 0, resource: this.#sampler }, ...scene.textures.bindGroupEntries()],
      });
    }
    const version = `${scene.bufferVersion}/${cull.version}`;
    if (version === this.#bindVersion) return;
    this.#bindVersion = version;
    const group = (label: string, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup =>
      this.#device.createBindGroup({ label: `mesh/${label}`, layout, entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })) });
    const { instances, meshes, materials } = scene;
    this.#sceneGroup = group('scene', this.#layouts.scene, [
      instances.table.buffer!,
      meshes.clusterTable.buffer!,
      materials.table.buffer!,
      materials.textureTable.buffer!,
    ]);
    this.#pageGroups = [];
    for (let page = 0; page < meshes.pages.pageCount; page++) {
      this.#pageGroups.push(group(`page ${page}`, this.#layouts.page, [cull.entries, cull.triangles, meshes.pages.buffer(page)!]));
    }
  }

  /** Draws the bins of the given kinds; returns the number of draws. Bins whose pipeline is not compiled yet are left out. */
  encode(pass: GPURenderPassEncoder, cull: CullPass, kinds: readonly number[]): number {
    let draws = 0;
    let kind = -1;
    for (const bin of cull.bins) {
      const pipeline = this.#pipelines[bin.alphaKind];
      if (!kinds.includes(bin.alphaKind) || pipeline === undefined) continue;
      if (bin.alphaKind !== kind) {
        kind = bin.alphaKind;
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, this.#frameGroup);
        pass.setBindGroup(1, this.#sceneGroup!);
        pass.setBindGroup(3, this.#textureGroup!);
      }
      pass.setBindGroup(2, this.#pageGroups[bin.page]!);
      pass.drawIndirect(cull.arguments, bin.argumentOffset);
      draws++;
    }
    return draws;
  }

  #build(kind: number): Promise<void> {
    this.#pending[kind] ??= this.#compile(kind);
    return this.#pending[kind];
  }

  async #compile(kind: number): Promise<void> {
    const isBlended = kind === AlphaKind.blend;
    const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
    this.#pipelines[kind] = await this.#device.createRenderPipelineAsync({
      label: `mesh/${['opaque', 'cutout', 'blend'][kind % ALPHA_KINDS]}`,
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_main' },
      fragment: {
        module: this.#module,
        entryPoint: 'fs_main',
        constants: { ALPHA_KIND: kind },
        targets: [{ format: LIGHT_FORMAT, ...(isBlended ? { blend: { color: over, alpha: over } } : {}) }],
      },
      primitive: { topology: 'triangle-list', cullMode: 'none' },
      depthStencil: { format: DEPTH_FORMAT, depthCompare: 'greater', depthWriteEnabled: !isBlended },
      multisample: { count: SAMPLE_COUNT },
    });
  }
}

/** Uniform buffers of the picture being drawn. */
export interface ViewBuffers {
  readonly view: GPUBuffer;
  readonly shading: GPUBuffer;
}

interface Layouts {
  readonly frame: GPUBindGroupLayout;
  readonly scene: GPUBindGroupLayout;
  readonly page: GPUBindGroupLayout;
  readonly textures: GPUBindGroupLayout;
}

function createLayouts(device: GPUDevice): Layouts {
  const { VERTEX, FRAGMENT } = GPUShaderStage;
  const storage = (binding: number, visibility: number): GPUBindGroupLayoutEntry => ({ binding, visibility, buffer: { type: 'read-only-storage' } });
  return {
    frame: device.createBindGroupLayout({
      label: 'mesh/frame',
      entries: [
        { binding: 0, visibility: VERTEX | FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 1, visibility: FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 2, visibility: FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 3, visibility: FRAGMENT, texture: { viewDimension: 'cube' } },
        { binding: 4, visibility: FRAGMENT, texture: {} },
        { binding: 5, visibility: FRAGMENT, sampler: {} },
      ],
    }),
    scene: device.createBindGroupLayout({
      label: 'mesh/scene',
      entries: [storage(0, VERTEX), storage(1, VERTEX), storage(2, FRAGMENT), storage(3, FRAGMENT)],
    }),
    page: device.createBindGroupLayout({ label: 'mesh/page', entries: [storage(0, VERTEX), storage(1, VERTEX), storage(2, VERTEX)] }),
    textures: device.createBindGroupLayout({
      label: 'mesh/textures',
      entries: [
        { binding: 0, visibility: FRAGMENT, sampler: {} },
        ...Array.from({ length: TEXTURE_BUCKETS }, (_, i) => ({ binding: i + 1, visibility: FRAGMENT, texture: { viewDimension: '2d-array' as const } })),
      ],
    }),
  };
}
