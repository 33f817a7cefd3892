import type { CullView } from '../../compute/cull/cull-pass.ts';
import { AlphaKind } from '../../layout/material-record.ts';
import { TEXTURE_BUCKETS } from '../../layout/shading-uniforms.ts';
import type { PipelineCache } from '../../resources/pipeline-cache.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { SampleCount } from '../targets.ts';
import { DEPTH_FORMAT, HEIGHT_FORMAT, LIGHT_FORMAT, PICK_FORMAT } from '../targets.ts';
import type { MeshBindings } from './mesh-bindings.ts';

/** Parts of the shader that a picture needs; the rest is compiled away. */
export interface MeshFeatures {
  readonly hasTextures: boolean;
  readonly hasLights: boolean;
  readonly hasCoat: boolean;
  /** Texture arrays to choose from: all on graphics cards; see `bucketTier`. */
  readonly buckets: number;
}

/** Not a bin: the solid parts of the blended ones. */
const SOLID = 3;
/** By alpha kind, and `SOLID`. */
const ENTRY_POINTS = ['fs_opaque', 'fs_cutout', 'fs_main', 'fs_solid'] as const;
const KIND_NAMES = ['opaque', 'cutout', 'blend', 'solid'] as const;
const PLAIN: MeshFeatures = { hasTextures: false, hasLights: false, hasCoat: false, buckets: TEXTURE_BUCKETS };

/**
 * Numbers of texture arrays that shaders are compiled for on software adapters. They run every branch, so choosing among
 * ten arrays takes ten samples; steps keep the number of pipelines small.
 */
export function bucketTier(used: number): number {
  return [2, 4].find((tier) => used <= tier) ?? TEXTURE_BUCKETS;
}

/** Draws the bins that the cull pass left: one indirect draw each. One per device; a view's bind groups are in `MeshBindings`. */
export class MeshPass {
  readonly device: GPUDevice;
  readonly layouts: MeshLayouts;
  /** Of image textures. */
  readonly textureSampler: GPUSampler;
  /** Of the environment. */
  readonly linearSampler: GPUSampler;
  #module: GPUShaderModule;
  #pipelineLayout: GPUPipelineLayout;
  #pipelines: PipelineCache;
  /** Last pipeline by kind and samples: draws while a better fitting one compiles. */
  #latest = new Map<string, GPURenderPipeline>();

  /**
   * Compiles what a plain scene needs.
   *
   * @param anisotropy 1 on software adapters, where every tap costs
   */
  static async create(device: GPUDevice, pipelines: PipelineCache, anisotropy: number, sampleCount: SampleCount): Promise<MeshPass> {
    const pass = new MeshPass(device, pipelines, anisotropy);
    await pipelines.require(keyOf(AlphaKind.opaque, PLAIN, sampleCount), () => pass.#describe(AlphaKind.opaque, PLAIN, sampleCount));
    return pass;
  }

  private constructor(device: GPUDevice, pipelines: PipelineCache, anisotropy: number) {
    this.#pipelines = pipelines;
    this.device = device;
    this.#module = createShaderModule(device, SHADERS.mesh);
    this.layouts = createLayouts(device);
    const { frame, scene, page, textures } = this.layouts;
    this.#pipelineLayout = device.createPipelineLayout({ label: 'mesh', bindGroupLayouts: [frame, scene, page, textures] });
    this.textureSampler = device.createSampler({
      label: 'textures',
      addressModeU: 'repeat',
      addressModeV: 'repeat',
      magFilter: 'linear',
      minFilter: 'linear',
      mipmapFilter: 'linear',
      maxAnisotropy: anisotropy,
    });
    this.linearSampler = device.createSampler({ label: 'linear', magFilter: 'linear', minFilter: 'linear', mipmapFilter: 'linear' });
  }

  /** Whether every kind can be drawn with that many samples, be it with a pipeline that fits less well. */
  canDraw(cull: CullView, features: MeshFeatures, sampleCount: SampleCount): boolean {
    let canDraw = true;
    for (const { alphaKind } of cull.bins) if (this.#pipelineOf(alphaKind, features, sampleCount) === undefined) canDraw = false;
    return canDraw;
  }

  /** Draws the bins of the given kinds; returns the number of draws. A kind without any compiled pipeline is left out. */
  encode(
    pass: GPURenderPassEncoder,
    cull: CullView,
    bindings: MeshBindings,
    features: MeshFeatures,
    sampleCount: SampleCount,
    kinds: readonly number[],
  ): number {
    return this.#draw(pass, cull, bindings, kinds, true, (kind) => this.#pipelineOf(kind, features, sampleCount));
  }

  /** Draws prim handles of all bins into a `PICK_FORMAT` target. */
  async encodePick(begin: () => GPURenderPassEncoder, cull: CullView, bindings: MeshBindings): Promise<void> {
    const kinds = [...new Set(cull.bins.map((bin) => bin.alphaKind))];
    const describe = (kind: number): GPURenderPipelineDescriptor => this.#describeAside(kind, 'fs_pick', PICK_FORMAT);
    await Promise.all(kinds.map((kind) => this.#pipelines.require(`mesh/pick ${kind}`, () => describe(kind))));
    const pass = begin();
    this.#draw(pass, cull, bindings, kinds, false, (kind) => this.#pipelines.get(`mesh/pick ${kind}`, () => describe(kind)));
    pass.end();
  }

  /** Whether heights can be drawn; missing pipelines are started. Blended surfaces cast nothing. */
  canDrawHeights(cull: CullView): boolean {
    let isReady = true;
    for (const { alphaKind } of cull.bins) {
      if (alphaKind !== AlphaKind.blend && this.#heightPipeline(alphaKind) === undefined) isReady = false;
    }
    return isReady;
  }

  /** Draws nearness to the ground of opaque and cut-out bins into a `HEIGHT_FORMAT` target. */
  encodeHeights(pass: GPURenderPassEncoder, cull: CullView, bindings: MeshBindings): void {
    this.#draw(pass, cull, bindings, [AlphaKind.opaque, AlphaKind.cutout], false, (kind) => this.#heightPipeline(kind));
  }

  /** Draws the solid parts of blended bins, with depth. */
  encodeSolid(
    pass: GPURenderPassEncoder,
    cull: CullView,
    bindings: MeshBindings,
    features: MeshFeatures,
    sampleCount: SampleCount,
  ): number {
    return this.#draw(pass, cull, bindings, [AlphaKind.blend], false, () => this.#pipelineOf(SOLID, features, sampleCount));
  }

  #pipelineOf(kind: number, features: MeshFeatures, sampleCount: SampleCount): GPURenderPipeline | undefined {
    const family = `${kind} ${sampleCount}`;
    const pipeline =
      this.#pipelines.get(keyOf(kind, features, sampleCount), () => this.#describe(kind, features, sampleCount)) ??
      this.#latest.get(family);
    if (pipeline !== undefined) this.#latest.set(family, pipeline);
    return pipeline;
  }

  #heightPipeline(kind: number): GPURenderPipeline | undefined {
    return this.#pipelines.get(`mesh/height ${kind}`, () => this.#describeAside(kind, 'fs_height', HEIGHT_FORMAT));
  }

  #draw(
    pass: GPURenderPassEncoder,
    cull: CullView,
    bindings: MeshBindings,
    kinds: readonly number[],
    isSorted: boolean,
    pipelineOf: (kind: number) => GPURenderPipeline | undefined,
  ): number {
    let draws = 0;
    let kind = -1;
    for (const bin of cull.bins) {
      if (!kinds.includes(bin.alphaKind)) continue;
      const pipeline = pipelineOf(bin.alphaKind);
      if (pipeline === undefined) continue;
      if (bin.alphaKind !== kind) {
        kind = bin.alphaKind;
        pass.setPipeline(pipeline);
        bindings.set(pass);
      }
      pass.setBindGroup(2, bindings.pageGroup(bin.page, isSorted && kind === AlphaKind.blend));
      pass.drawIndirect(cull.lists.arguments, bin.argumentOffset);
      draws++;
    }
    return draws;
  }

  #describe(kind: number, features: MeshFeatures, sampleCount: SampleCount): GPURenderPipelineDescriptor {
    const isBlended = kind === AlphaKind.blend;
    const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
    return {
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_main', constants: { HAS_TEXTURES: Number(features.hasTextures) } },
      fragment: {
        module: this.#module,
        entryPoint: ENTRY_POINTS[kind]!,
        constants: {
          HAS_TEXTURES: Number(features.hasTextures),
          HAS_LIGHTS: Number(features.hasLights),
          HAS_COAT: Number(features.hasCoat),
          BUCKETS: features.buckets,
        },
        targets: [{ format: LIGHT_FORMAT, ...(isBlended ? { blend: { color: over, alpha: over } } : {}) }],
      },
      primitive: { topology: 'triangle-list', cullMode: 'none' },
      depthStencil: { format: DEPTH_FORMAT, depthCompare: 'greater', depthWriteEnabled: !isBlended },
      multisample: { count: sampleCount },
    };
  }

  #describeAside(kind: number, entryPoint: string, format: GPUTextureFormat): GPURenderPipelineDescriptor {
    return {
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_main' },
      fragment: {
        module: this.#module,
        entryPoint: kind === AlphaKind.cutout ? `${entryPoint}_cutout` : entryPoint,
        targets: [{ format }],
      },
      primitive: { topology: 'triangle-list', cullMode: 'none' },
      depthStencil: { format: DEPTH_FORMAT, depthCompare: 'greater', depthWriteEnabled: true },
    };
  }
}

function keyOf(kind: number, features: MeshFeatures, sampleCount: SampleCount): string {
  const name = KIND_NAMES[kind] ?? String(kind);
  const parts = [
    features.hasTextures ? ` textures ${features.buckets}` : '',
    features.hasLights ? ' lights' : '',
    features.hasCoat ? ' coat' : '',
  ];
  return `mesh/${name}${parts.join('')} ${sampleCount}x`;
}

/** By rate of change. */
export interface MeshLayouts {
  readonly frame: GPUBindGroupLayout;
  readonly scene: GPUBindGroupLayout;
  readonly page: GPUBindGroupLayout;
  readonly textures: GPUBindGroupLayout;
}

function createLayouts(device: GPUDevice): MeshLayouts {
  const { VERTEX, FRAGMENT } = GPUShaderStage;
  const storage = (binding: number, visibility: number): GPUBindGroupLayoutEntry => ({
    binding,
    visibility,
    buffer: { type: 'read-only-storage' },
  });
  return {
    frame: device.createBindGroupLayout({
      label: 'mesh/frame',
      entries: [
        { binding: 0, visibility: VERTEX | FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 1, visibility: FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 2, visibility: FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 3, visibility: FRAGMENT, texture: { viewDimension: '2d-array' } },
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
        ...Array.from({ length: TEXTURE_BUCKETS }, (_, i) => ({
          binding: i + 1,
          visibility: FRAGMENT,
          texture: { viewDimension: '2d-array' as const },
        })),
      ],
    }),
  };
}
