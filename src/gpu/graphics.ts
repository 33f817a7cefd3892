import { CullPass } from './compute/cull/cull-pass.ts';
import { EnvironmentMaker, EnvironmentMap } from './compute/environment/environment.ts';
import { SortPass } from './compute/sort/sort-pass.ts';
import type { GraphicsDevice } from './device/device.ts';
import { GroundPass } from './passes/ground/ground-pass.ts';
import { MeshPass } from './passes/mesh/mesh-pass.ts';
import { SkyboxPass } from './passes/skybox/skybox-pass.ts';
import { TargetPool } from './passes/targets.ts';
import { ToneMapPass } from './passes/tone-map/tone-map-pass.ts';
import { PipelineCache } from './resources/pipeline-cache.ts';

interface Parts {
  readonly pipelines: PipelineCache;
  readonly cull: CullPass;
  readonly mesh: MeshPass;
  readonly toneMap: ToneMapPass;
  readonly environments: EnvironmentMaker;
  readonly studio: EnvironmentMap;
}

/**
 * Everything that belongs to one device and serves all views: pipelines, passes with their samplers, the lists that views
 * fill in turn, the studio, transient targets. What is a view's own is in its `Painter`. A new device gets a new one.
 */
export class Graphics {
  readonly device: GPUDevice;
  readonly isSoftware: boolean;
  readonly canvasFormat: GPUTextureFormat;
  readonly pipelines: PipelineCache;
  readonly cull: CullPass;
  readonly mesh: MeshPass;
  readonly toneMap: ToneMapPass;
  readonly environments: EnvironmentMaker;
  /** The built-in environment. */
  readonly studio: EnvironmentMap;
  readonly targets: TargetPool;
  #sort: SortPass | undefined;
  #startingSort: Promise<void> | undefined;
  #ground: GroundPass | undefined;
  #skybox: SkyboxPass | undefined;

  /** Compiles what the first picture needs; everything else comes when a scene asks for it. */
  static async create(graphics: GraphicsDevice, canvasFormat: GPUTextureFormat): Promise<Graphics> {
    const { device } = graphics;
    const pipelines = new PipelineCache(device);
    // Software adapters begin with drafts.
    const [anisotropy, samples] = graphics.isSoftware ? ([1, 1] as const) : ([8, 4] as const);
    const environments = new EnvironmentMaker(device);
    const studio = new EnvironmentMap(environments);
    const [cull, toneMap, mesh] = await Promise.all([
      CullPass.create(device, graphics.maxBindingBytes),
      ToneMapPass.create(device, pipelines, canvasFormat),
      MeshPass.create(device, pipelines, anisotropy, samples),
      environments.drawStudio(studio),
    ]);
    return new Graphics(graphics, canvasFormat, { pipelines, cull, mesh, toneMap, environments, studio });
  }

  private constructor(graphics: GraphicsDevice, canvasFormat: GPUTextureFormat, parts: Parts) {
    this.device = graphics.device;
    this.isSoftware = graphics.isSoftware;
    this.canvasFormat = canvasFormat;
    this.pipelines = parts.pipelines;
    this.cull = parts.cull;
    this.mesh = parts.mesh;
    this.toneMap = parts.toneMap;
    this.environments = parts.environments;
    this.studio = parts.studio;
    this.targets = new TargetPool(graphics.device);
  }

  /** Bytes of what grows with what is drawn. */
  get gpuBytes(): number {
    return this.cull.gpuBytes + (this.#sort?.gpuBytes ?? 0) + this.targets.gpuBytes;
  }

  /** Undefined until `startSort` is through. */
  get sort(): SortPass | undefined {
    return this.#sort;
  }

  startSort(): Promise<void> {
    this.#startingSort ??= SortPass.create(this.device).then((sort) => {
      this.#sort = sort;
    });
    return this.#startingSort;
  }

  get ground(): GroundPass {
    this.#ground ??= new GroundPass(this.device, this.pipelines);
    return this.#ground;
  }

  get skybox(): SkyboxPass {
    this.#skybox ??= new SkyboxPass(this.device, this.pipelines);
    return this.#skybox;
  }

  dispose(): void {
    this.cull.dispose();
    this.#sort?.dispose();
    this.#ground?.dispose();
    this.#skybox?.dispose();
    this.environments.dispose();
    this.studio.dispose();
    this.targets.clear();
  }
}
