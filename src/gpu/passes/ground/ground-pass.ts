import type { CameraPose } from '../../../share/protocol/renderer.ts';
import type { Aabb } from '../../../share/protocol/scene.ts';
import type { PipelineCache } from '../../resources/pipeline-cache.ts';
import { UniformBuffer } from '../../resources/uniform-buffer.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { SampleCount } from '../targets.ts';
import { DEPTH_FORMAT, HEIGHT_FORMAT, LIGHT_FORMAT } from '../targets.ts';

/** Texels of a side of the shadow map. */
const MAP_SIZE = 256;
/** Side of the ground over the larger side of the model's footprint. */
const REACH = 1.9;
/** Surfaces higher than this part of the model's size cast no shadow here. */
const HEIGHT_PART = 0.45;
/** Ground below the model, as a part of its size: models with a floor of their own cover it. */
const SINK_PART = 0.002;
/** Texels between taps of the softest blur. */
const MAX_BLUR_TEXELS = 2.5;

/** Where the ground lies for given bounds, and the view from below that measures heights above it. */
export interface GroundPlace {
  readonly center: readonly [number, number, number];
  readonly axisX: readonly [number, number, number];
  readonly axisY: readonly [number, number, number];
  readonly height: number;
  readonly camera: CameraPose;
}

/** The ground under the bounds; undefined for flat or empty scenes. */
export function placeGround(bounds: Aabb, upAxis: 'Y' | 'Z'): GroundPlace | undefined {
  const up = upAxis === 'Y' ? 1 : 2;
  const across = upAxis === 'Y' ? 2 : 1;
  const sizes = [bounds[3] - bounds[0], bounds[4] - bounds[1], bounds[5] - bounds[2]] as const;
  const side = Math.max(sizes[0], sizes[across]);
  const largest = Math.max(...sizes);
  if (!(largest > 0) || !Number.isFinite(largest)) return undefined;
  const half = 0.5 * REACH * Math.max(side, 0.1 * largest);
  const center: [number, number, number] = [0.5 * (bounds[0] + bounds[3]), 0.5 * (bounds[1] + bounds[4]), 0.5 * (bounds[2] + bounds[5])];
  center[up] = bounds[up] - SINK_PART * largest;
  const axisX: [number, number, number] = [half, 0, 0];
  const axisY: [number, number, number] = [0, 0, 0];
  // The view from below sees x to the right when its up vector is this one.
  axisY[across] = upAxis === 'Y' ? half : -half;
  const target: [number, number, number] = [...center];
  target[up] += 1;
  const upVector: [number, number, number] = [axisY[0] / half, axisY[1] / half, axisY[2] / half];
  const height = HEIGHT_PART * Math.max(side, 0.5 * largest);
  const camera = { eye: center, target, up: upVector, orthographicHeight: 2 * half, near: 1e-4 * largest };
  return { center, axisX, axisY, height, camera };
}

/** Draws shadows on the ground. One per device; a view's shadow map is a `GroundMap`. */
export class GroundPass {
  readonly device: GPUDevice;
  readonly layout: GPUBindGroupLayout;
  readonly sampler: GPUSampler;
  /** Used while a map is made. */
  readonly halfBlurred: GPUTexture;
  readonly depth: GPUTexture;
  #pipelines: PipelineCache;
  #module: GPUShaderModule;
  #pipelineLayout: GPUPipelineLayout;

  constructor(device: GPUDevice, pipelines: PipelineCache) {
    this.device = device;
    this.#pipelines = pipelines;
    this.#module = createShaderModule(device, SHADERS.ground);
    const { VERTEX, FRAGMENT } = GPUShaderStage;
    this.layout = device.createBindGroupLayout({
      label: 'ground',
      entries: [
        { binding: 0, visibility: VERTEX, buffer: { type: 'uniform' } },
        { binding: 1, visibility: VERTEX | FRAGMENT, buffer: { type: 'uniform' } },
        { binding: 2, visibility: FRAGMENT, texture: {} },
        { binding: 3, visibility: FRAGMENT, sampler: {} },
      ],
    });
    this.#pipelineLayout = device.createPipelineLayout({ label: 'ground', bindGroupLayouts: [this.layout] });
    this.sampler = device.createSampler({ label: 'ground', minFilter: 'linear', magFilter: 'linear' });
    this.halfBlurred = createMap(device, 'half blurred');
    this.depth = device.createTexture({
      label: 'ground/depth',
      size: [MAP_SIZE, MAP_SIZE],
      format: DEPTH_FORMAT,
      usage: GPUTextureUsage.RENDER_ATTACHMENT,
    });
  }

  /** Whether everything is compiled; what is not is started. */
  isReady(sampleCount: SampleCount): boolean {
    return [this.#blur(true), this.#blur(false), this.#shade(sampleCount)].every((pipeline) => pipeline !== undefined);
  }

  /** The pass into which the heights of a map are drawn. */
  beginHeights(encoder: GPUCommandEncoder, map: GroundMap): GPURenderPassEncoder {
    return encoder.beginRenderPass({
      label: 'ground/heights',
      colorAttachments: [{ view: map.heights.createView(), loadOp: 'clear', storeOp: 'store' }],
      depthStencilAttachment: { view: this.depth.createView(), depthClearValue: 0, depthLoadOp: 'clear', depthStoreOp: 'discard' },
    });
  }

  /** Softens the heights: two rounds of a separable blur. */
  encodeBlur(encoder: GPUCommandEncoder, map: GroundMap): void {
    const run = (pipeline: GPURenderPipeline | undefined, from: GPUBindGroup, to: GPUTexture): void => {
      if (pipeline === undefined) return;
      const pass = encoder.beginRenderPass({
        label: 'ground/blur',
        colorAttachments: [{ view: to.createView(), loadOp: 'clear', storeOp: 'store' }],
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, from);
      pass.draw(3);
      pass.end();
    };
    for (let round = 0; round < 2; round++) {
      run(this.#blur(true), map.heightsGroup, this.halfBlurred);
      run(this.#blur(false), map.halfBlurredGroup, map.heights);
    }
  }

  /** Draws the shadow; nothing while its pipeline compiles. */
  encode(pass: GPURenderPassEncoder, map: GroundMap, sampleCount: SampleCount): void {
    const pipeline = this.#shade(sampleCount);
    if (pipeline === undefined) return;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, map.heightsGroup);
    pass.draw(6);
  }

  dispose(): void {
    this.halfBlurred.destroy();
    this.depth.destroy();
  }

  #blur(isAlongRows: boolean): GPURenderPipeline | undefined {
    return this.#pipelines.get(`ground/blur ${isAlongRows ? 'rows' : 'columns'}`, () => ({
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_screen' },
      fragment: {
        module: this.#module,
        entryPoint: 'blur',
        constants: { BLURS_ROWS: Number(isAlongRows) },
        targets: [{ format: HEIGHT_FORMAT }],
      },
    }));
  }

  #shade(sampleCount: SampleCount): GPURenderPipeline | undefined {
    const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
    return this.#pipelines.get(`ground/shade ${sampleCount}x`, () => ({
      layout: this.#pipelineLayout,
      vertex: { module: this.#module, entryPoint: 'vs_ground' },
      fragment: { module: this.#module, entryPoint: 'shade', targets: [{ format: LIGHT_FORMAT, blend: { color: over, alpha: over } }] },
      depthStencil: { format: DEPTH_FORMAT, depthCompare: 'greater', depthWriteEnabled: false },
      multisample: { count: sampleCount },
    }));
  }
}

/** Shadow map of one view's ground. The owner fills the heights by the mesh pass. */
export class GroundMap {
  readonly size = MAP_SIZE;
  readonly heights: GPUTexture;
  readonly heightsGroup: GPUBindGroup;
  readonly halfBlurredGroup: GPUBindGroup;
  #uniform: UniformBuffer;

  /** @param view uniforms of the view */
  constructor(pass: GroundPass, view: GPUBuffer) {
    const { device } = pass;
    this.heights = createMap(device, 'heights');
    this.#uniform = new UniformBuffer(device, 'ground', 48);
    const group = (texture: GPUTexture): GPUBindGroup =>
      device.createBindGroup({
        label: 'ground',
        layout: pass.layout,
        entries: [
          { binding: 0, resource: { buffer: view } },
          { binding: 1, resource: { buffer: this.#uniform.buffer } },
          { binding: 2, resource: texture.createView() },
          { binding: 3, resource: pass.sampler },
        ],
      });
    this.heightsGroup = group(this.heights);
    this.halfBlurredGroup = group(pass.halfBlurred);
  }

  /**
   * Where it lies and how it looks; another softness shows once the heights are drawn again.
   *
   * @param intensity darkest coverage, 0..1
   * @param softness 0 sharp, 1 softest
   */
  place({ center, axisX, axisY }: GroundPlace, intensity: number, softness: number): void {
    const { floats } = this.#uniform;
    floats.set(center, 0);
    floats[3] = intensity;
    floats.set(axisX, 4);
    floats[7] = MAX_BLUR_TEXELS * softness;
    floats.set(axisY, 8);
    this.#uniform.send();
  }

  get gpuBytes(): number {
    return this.size * this.size;
  }

  dispose(): void {
    this.heights.destroy();
    this.#uniform.dispose();
  }
}

function createMap(device: GPUDevice, label: string): GPUTexture {
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING;
  return device.createTexture({ label: `ground/${label}`, size: [MAP_SIZE, MAP_SIZE], format: HEIGHT_FORMAT, usage });
}
