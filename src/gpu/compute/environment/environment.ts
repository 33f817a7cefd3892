import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';

/** Texels of a face of the prefiltered cube; level l has roughness l / (LEVELS - 1). */
const FACE = 128;
/** The same for pictures that are at least eight times as wide. */
const LARGE_FACE = 256;
const LEVELS = 6;
const TABLE_SIZE = 32;
/** Samples per level: the first is a copy, sharp lobes need few because the source is filtered. */
const SAMPLES = [0, 8, 16, 24, 32, 48] as const;
const TABLE_SAMPLES = 48;
const HARMONICS = 9;
/** Texels of a face of the level that is projected to harmonics. */
const PROJECTED_SIZE = 16;

/** What the mesh shader binds. */
export interface EnvironmentBindings {
  /** Faces of a cube as an array, levels by roughness. */
  readonly cube: GPUTextureView;
  readonly harmonics: GPUBuffer;
  readonly table: GPUTextureView;
}

/** A dome light: its colour, an optional picture, and the sum of all domes without one. */
export interface DomeFacts {
  /** Rotation, columns, shape [9]. */
  readonly localFromWorld: readonly number[];
  readonly color: readonly [number, number, number];
  readonly more: readonly [number, number, number];
  /** Latitude-longitude picture with mip levels, in linear light. */
  readonly picture?: { readonly view: GPUTextureView; readonly layer: number; readonly width: number };
}

/** Size of the faces for a dome: what its picture can fill, within what is quickly filtered. */
export function faceOf(picture: DomeFacts['picture']): number {
  return picture !== undefined && picture.width >= 8 * LARGE_FACE ? LARGE_FACE : FACE;
}

/** Light from all around: prefiltered faces and harmonics. The studio's is shared by all views; a dome light's is its view's own. */
export class EnvironmentMap {
  readonly bindings: EnvironmentBindings;
  /** Texels of a side. */
  readonly face: number;
  readonly filtered: GPUTexture;
  readonly harmonics: GPUBuffer;

  constructor(maker: EnvironmentMaker, face = FACE) {
    const { device } = maker;
    this.face = face;
    this.filtered = createFaces(device, 'filtered', face, GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST);
    this.harmonics = device.createBuffer({
      label: 'environment/harmonics',
      size: HARMONICS * 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM,
    });
    this.bindings = {
      cube: this.filtered.createView({ dimension: '2d-array' }),
      harmonics: this.harmonics,
      table: maker.table,
    };
  }

  get gpuBytes(): number {
    // Six faces of eight bytes a texel; levels add a third.
    return this.face * this.face * 6 * 8 * (4 / 3);
  }

  dispose(): void {
    this.filtered.destroy();
    this.harmonics.destroy();
  }
}

/**
 * Fills environments: a source cube (the studio, or a dome light's picture) is prefiltered on the GPU. About 0.4 M samples,
 * so that a software adapter takes well under a tenth of a second. One per device.
 */
export class EnvironmentMaker {
  readonly device: GPUDevice;
  /** Split-sum table, the same for every environment. */
  readonly table: GPUTextureView;
  #pipelines: Promise<Pipelines>;
  #table: GPUTexture;
  #steps: GPUBuffer;
  #sampler: GPUSampler;
  #wrapping: GPUSampler;
  #dome: GPUComputePipeline | undefined;
  #isTableMade = false;

  /** Begins to compile. */
  constructor(device: GPUDevice) {
    this.device = device;
    this.#pipelines = compile(device);
    this.#table = device.createTexture({
      label: 'environment/split sum',
      size: [TABLE_SIZE, TABLE_SIZE],
      format: 'rgba16float',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.STORAGE_BINDING,
    });
    this.table = this.#table.createView();
    this.#sampler = device.createSampler({ label: 'environment', minFilter: 'linear', magFilter: 'linear', mipmapFilter: 'linear' });
    this.#wrapping = device.createSampler({
      label: 'environment/dome',
      addressModeU: 'repeat',
      minFilter: 'linear',
      magFilter: 'linear',
      mipmapFilter: 'linear',
    });
    this.#steps = device.createBuffer({
      label: 'environment/steps',
      size: (LEVELS + 1) * 256,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    const bytes = new ArrayBuffer((LEVELS + 1) * 256);
    const floats = new Float32Array(bytes);
    const words = new Uint32Array(bytes);
    for (let level = 0; level <= LEVELS; level++) {
      floats[level * 64] = level / (LEVELS - 1);
      words[level * 64 + 1] = level === LEVELS ? TABLE_SAMPLES : SAMPLES[level]!;
    }
    device.queue.writeBuffer(this.#steps, 0, bytes);
  }

  /** Fills an environment with the built-in studio. */
  async drawStudio(map: EnvironmentMap): Promise<void> {
    const pipelines = await this.#pipelines;
    const work = this.#createWork(map.face);
    const encoder = this.device.createCommandEncoder({ label: 'environment/studio' });
    const pass = encoder.beginComputePass({ label: 'environment/studio' });
    pass.setPipeline(pipelines.studio);
    pass.setBindGroup(0, this.#group(pipelines.studio, [[0, levelOf(work, 0)]]));
    dispatchFaces(pass, map.face);
    this.#finish(encoder, pass, pipelines, work, map);
  }

  /**
   * Fills an environment with a dome light.
   *
   * @param factsOf asked once all is compiled; undefined: no longer wanted
   */
  async drawDome(map: EnvironmentMap, factsOf: () => DomeFacts | undefined): Promise<void> {
    const pipelines = await this.#pipelines;
    this.#dome ??= await this.device.createComputePipelineAsync({
      label: 'environment/write_dome',
      layout: 'auto',
      compute: { module: createShaderModule(this.device, SHADERS.dome), entryPoint: 'write_dome' },
    });
    const dome = factsOf();
    if (dome === undefined) return;
    const floats = new Float32Array(20);
    for (let column = 0; column < 3; column++)
      for (let row = 0; row < 3; row++) floats[4 * column + row] = dome.localFromWorld[3 * column + row]!;
    floats.set(dome.color, 12);
    new Int32Array(floats.buffer)[15] = dome.picture?.layer ?? -1;
    floats.set(dome.more, 16);
    // A face is a quarter of the picture's width.
    floats[19] = dome.picture === undefined ? 0 : Math.max(0, Math.log2(dome.picture.width / (4 * map.face)));
    const uniform = this.device.createBuffer({
      label: 'environment/dome',
      size: 80,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.device.queue.writeBuffer(uniform, 0, floats);
    const none =
      dome.picture === undefined
        ? this.device.createTexture({
            label: 'environment/none',
            size: [1, 1],
            format: 'rgba8unorm',
            usage: GPUTextureUsage.TEXTURE_BINDING,
          })
        : undefined;
    const work = this.#createWork(map.face);
    const picture = dome.picture?.view ?? none!.createView({ dimension: '2d-array' });
    const encoder = this.device.createCommandEncoder({ label: 'environment/dome' });
    const pass = encoder.beginComputePass({ label: 'environment/dome' });
    pass.setPipeline(this.#dome);
    pass.setBindGroup(
      0,
      this.#group(this.#dome, [
        [0, levelOf(work, 0)],
        [1, { buffer: uniform }],
        [2, picture],
        [3, this.#wrapping],
      ]),
    );
    dispatchFaces(pass, map.face);
    this.#finish(encoder, pass, pipelines, work, map);
    uniform.destroy();
    none?.destroy();
  }

  dispose(): void {
    this.#table.destroy();
    this.#steps.destroy();
  }

  /** What kernels write; needed while an environment is filled. */
  #createWork(face: number): GPUTexture {
    const { TEXTURE_BINDING, STORAGE_BINDING, COPY_SRC } = GPUTextureUsage;
    return createFaces(this.device, 'work', face, TEXTURE_BINDING | STORAGE_BINDING | COPY_SRC);
  }

  /** Level 0 of the work texture holds radiance; everything else follows from it. */
  #finish(encoder: GPUCommandEncoder, pass: GPUComputePassEncoder, pipelines: Pipelines, work: GPUTexture, map: EnvironmentMap): void {
    const { halve, filter, project, integrate } = pipelines;
    pass.setPipeline(halve);
    for (let level = 1; level < LEVELS; level++) {
      pass.setBindGroup(
        0,
        this.#group(halve, [
          [0, levelOf(work, level - 1)],
          [1, levelOf(work, level)],
          [3, this.#sampler],
        ]),
      );
      dispatchFaces(pass, map.face >> level);
    }
    pass.setPipeline(project);
    pass.setBindGroup(
      0,
      this.#group(project, [
        [0, levelOf(work, Math.log2(map.face / PROJECTED_SIZE))],
        [5, { buffer: map.harmonics }],
      ]),
    );
    pass.dispatchWorkgroups(HARMONICS);
    if (!this.#isTableMade) {
      this.#isTableMade = true;
      pass.setPipeline(integrate);
      pass.setBindGroup(
        0,
        this.#group(integrate, [
          [4, { buffer: this.#steps, offset: LEVELS * 256, size: 16 }],
          [6, this.table],
        ]),
      );
      pass.dispatchWorkgroups(TABLE_SIZE / 8, TABLE_SIZE / 8);
    }
    pass.end();
    const sharp = createFaces(this.device, 'source', map.face, GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST);
    copyLevels(encoder, work, sharp);
    const filtering = encoder.beginComputePass({ label: 'environment/filter' });
    filtering.setPipeline(filter);
    const source = sharp.createView({ dimension: '2d-array' });
    for (let level = 1; level < LEVELS; level++) {
      const step = { buffer: this.#steps, offset: level * 256, size: 16 };
      filtering.setBindGroup(
        0,
        this.#group(filter, [
          [0, source],
          [1, levelOf(work, level)],
          [3, this.#sampler],
          [4, step],
        ]),
      );
      dispatchFaces(filtering, map.face >> level);
    }
    filtering.end();
    // Level 0 is still the radiance itself: a mirror.
    copyLevels(encoder, work, map.filtered);
    this.device.queue.submit([encoder.finish()]);
    work.destroy();
    sharp.destroy();
  }

  #group(pipeline: GPUComputePipeline, entries: readonly (readonly [number, GPUBindingResource])[]): GPUBindGroup {
    return this.device.createBindGroup({
      label: pipeline.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: entries.map(([binding, resource]) => ({ binding, resource })),
    });
  }
}

function createFaces(device: GPUDevice, label: string, face: number, usage: number): GPUTexture {
  return device.createTexture({
    label: `environment/${label}`,
    size: [face, face, 6],
    mipLevelCount: LEVELS,
    format: 'rgba16float',
    usage,
  });
}

function levelOf(faces: GPUTexture, level: number): GPUTextureView {
  return faces.createView({ dimension: '2d-array', baseMipLevel: level, mipLevelCount: 1 });
}

function copyLevels(encoder: GPUCommandEncoder, source: GPUTexture, target: GPUTexture): void {
  for (let level = 0; level < LEVELS; level++) {
    const size = source.width >> level;
    encoder.copyTextureToTexture({ texture: source, mipLevel: level }, { texture: target, mipLevel: level }, [size, size, 6]);
  }
}

function dispatchFaces(pass: GPUComputePassEncoder, size: number): void {
  const groups = Math.ceil(size / 8);
  pass.dispatchWorkgroups(groups, groups, 6);
}

type Pipelines = Readonly<Record<'studio' | 'halve' | 'filter' | 'project' | 'integrate', GPUComputePipeline>>;

async function compile(device: GPUDevice): Promise<Pipelines> {
  const studioModule = createShaderModule(device, SHADERS.studio);
  const prefilter = createShaderModule(device, SHADERS.prefilter);
  const make = (module: GPUShaderModule, entryPoint: string): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({ label: `environment/${entryPoint}`, layout: 'auto', compute: { module, entryPoint } });
  const [studio, halve, filter, project, integrate] = await Promise.all([
    make(studioModule, 'write_studio'),
    make(prefilter, 'halve'),
    make(prefilter, 'prefilter'),
    make(prefilter, 'project'),
    make(prefilter, 'integrate'),
  ]);
  return { studio, halve, filter, project, integrate };
}
