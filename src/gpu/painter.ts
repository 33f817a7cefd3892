import type { CameraPose, RenderSettings } from '../share/protocol/renderer.ts';
import { InstanceFlag } from '../share/protocol/scene.ts';
import type { DrawBin } from './compute/cull/cull-pass.ts';
import { CullPass } from './compute/cull/cull-pass.ts';
import { SortPass } from './compute/sort/sort-pass.ts';
import type { DomeFacts } from './compute/environment/environment.ts';
import { Environment } from './compute/environment/environment.ts';
import type { GraphicsDevice } from './device/device.ts';
import { AlphaKind } from './layout/material-record.ts';
import { SHADING_BYTES, TEXTURE_BUCKETS, writeShadingInto } from './layout/shading-uniforms.ts';
import { VIEW_BYTES, writeViewInto } from './layout/view-uniforms.ts';
import type { MeshFeatures } from './passes/mesh/mesh-pass.ts';
import { GroundPass, placeGround } from './passes/ground/ground-pass.ts';
import { MeshPass, bucketTier } from './passes/mesh/mesh-pass.ts';
import type { SampleCount } from './passes/targets.ts';
import { DEPTH_FORMAT, PICK_FORMAT, PictureTargets } from './passes/targets.ts';
import { ToneMapPass } from './passes/tone-map/tone-map-pass.ts';
import { UniformBuffer } from './resources/uniform-buffer.ts';
import { PipelineCache } from './resources/pipeline-cache.ts';
import type { DomeLight } from './scene/light-rig.ts';
import { domeOf, effectiveLighting, lightRigOf } from './scene/light-rig.ts';
import type { RenderScene } from './scene/render-scene.ts';
import type { ViewTransform, ViewWindow } from './scene/view-transform.ts';
import { depthRange, viewTransformOf } from './scene/view-transform.ts';

/** Format of captures: exact bytes, copied to memory. */
export const CAPTURE_FORMAT: GPUTextureFormat = 'rgba8unorm';

/** What one picture shows and where it goes. */
export interface PictureRequest {
  readonly camera: CameraPose;
  readonly settings: RenderSettings;
  readonly target: GPUTexture;
  /** More of the scene is on its way: leave out what would be made anew at once. */
  readonly isLoading: boolean;
  /** One sample a pixel, for pictures that another follows at once. */
  readonly isDraft: boolean;
}

/** Everything that belongs to one device. A new device gets a new painter; the scene stays. */
export class Painter {
  readonly device: GPUDevice;
  #pipelines: PipelineCache;
  #isSoftware: boolean;
  #cull: CullPass;
  #mesh: MeshPass;
  #toneMap: ToneMapPass;
  #environment: Environment;
  #view: UniformBuffer;
  #shading: UniformBuffer;
  #targets: PictureTargets | undefined;
  #sort: SortPass | undefined;
  #startingSort: Promise<void> | undefined;
  #sortVersion = '';
  #ground: GroundPass | undefined;
  #groundVersion = '';
  #environmentVersion = STUDIO;
  #changingEnvironment: Promise<void> | undefined;
  #features: MeshFeatures = { hasTextures: false, hasLights: false, hasCoat: false, buckets: TEXTURE_BUCKETS };
  #samples: SampleCount = 4;

  /** Compiles what the first picture needs; everything else comes when a scene asks for it. */
  static async create(graphics: GraphicsDevice, canvasFormat: GPUTextureFormat): Promise<Painter> {
    const { device } = graphics;
    const view = new UniformBuffer(device, 'view', VIEW_BYTES);
    const shading = new UniformBuffer(device, 'shading', SHADING_BYTES);
    const pipelines = new PipelineCache(device);
    // Software adapters begin with drafts.
    const [anisotropy, samples] = graphics.isSoftware ? ([1, 1] as const) : ([8, 4] as const);
    const environment = new Environment(device);
    const [cull, toneMap, mesh] = await Promise.all([
      CullPass.create(device, graphics.maxBindingBytes),
      ToneMapPass.create(device, pipelines, canvasFormat),
      MeshPass.create(device, pipelines, { view: view.buffer, shading: shading.buffer }, environment.bindings, anisotropy, samples),
      environment.drawStudio(),
    ]);
    return new Painter(graphics, pipelines, cull, mesh, toneMap, environment, view, shading);
  }

  private constructor(
    graphics: GraphicsDevice,
    pipelines: PipelineCache,
    cull: CullPass,
    mesh: MeshPass,
    toneMap: ToneMapPass,
    environment: Environment,
    view: UniformBuffer,
    shading: UniformBuffer,
  ) {
    this.device = graphics.device;
    this.#isSoftware = graphics.isSoftware;
    this.#pipelines = pipelines;
    this.#cull = cull;
    this.#mesh = mesh;
    this.#toneMap = toneMap;
    this.#environment = environment;
    this.#view = view;
    this.#shading = shading;
  }

  get gpuBytes(): number {
    return this.#cull.gpuBytes + (this.#sort?.gpuBytes ?? 0) + (this.#targets?.gpuBytes ?? 0);
  }

  /** The last picture lacked nothing: all pipelines were compiled and the environment was the right one. */
  get isReady(): boolean {
    const hasSort = this.#sort !== undefined || this.#blendedBins().length === 0;
    return this.#pipelines.isIdle && hasSort && this.#changingEnvironment === undefined;
  }

  /** Resolves when what the last picture lacked is there. */
  async settle(): Promise<void> {
    await Promise.all([this.#pipelines.settle(), this.#startingSort, this.#changingEnvironment]);
  }

  /** List elements that found no room in the last picture; undefined where that cannot happen. */
  readDropped(): Promise<number> | undefined {
    return this.#cull.isBounded ? this.#cull.readDropped() : undefined;
  }

  /** Encodes and submits one picture. Returns the number of draws. */
  draw(scene: RenderScene, request: PictureRequest): number {
    const { device } = this;
    const { width, height } = request.target;
    this.#chooseFeatures(scene, request.settings);
    this.#cull.prepare(scene, this.#view.buffer);
    // A draft stands in for a full picture whose pipelines are compiling.
    const isDraft = request.isDraft || (this.#isSoftware && !this.#mesh.canDraw(this.#cull, this.#features, 4));
    const samples = isDraft ? 1 : 4;
    this.#samples = samples;
    if (this.#targets?.width !== width || this.#targets.height !== height || this.#targets.sampleCount !== samples) {
      this.#targets?.dispose();
      this.#targets = new PictureTargets(device, width, height, samples);
    }
    const targets = this.#targets;
    this.#chooseEnvironment(scene, request.settings);
    const hasGround = this.#drawGroundMap(scene, request);
    this.#writeUniforms(scene, request, width, height);
    const encoder = device.createCommandEncoder({ label: 'picture' });
    this.#findVisible(encoder, scene);
    const pass = encoder.beginRenderPass({
      label: 'picture/light',
      colorAttachments: [targets.color],
      depthStencilAttachment: targets.depth,
    });
    let draws = this.#mesh.encode(pass, this.#cull, this.#features, samples, [AlphaKind.opaque, AlphaKind.cutout]);
    if (scene.materials.hasPartlySolid) draws += this.#mesh.encodeSolid(pass, this.#cull, this.#features, samples);
    if (hasGround) {
      this.#ground!.encode(pass, samples);
      draws++;
    }
    draws += this.#mesh.encode(pass, this.#cull, this.#features, samples, [AlphaKind.blend]);
    pass.end();
    this.#toneMap.encode(encoder, targets.light, request.target, request.settings);
    device.queue.submit([encoder.finish()]);
    return draws + 1;
  }

  /**
   * Prim handle under a pixel, by drawing the scene through a window of that one pixel.
   *
   * @param width size of the picture whose pixel (x, y) is meant
   */
  async pick(
    scene: RenderScene,
    camera: CameraPose,
    settings: RenderSettings,
    width: number,
    height: number,
    x: number,
    y: number,
  ): Promise<number | undefined> {
    const { device } = this;
    const window = { centerX: (2 * (x + 0.5)) / width - 1, centerY: 1 - (2 * (y + 0.5)) / height, width: 1 / width, height: 1 / height };
    const make = (label: string, format: GPUTextureFormat, usage: number): GPUTexture =>
      device.createTexture({ label: `pick/${label}`, size: [1, 1], format, usage: usage | GPUTextureUsage.RENDER_ATTACHMENT });
    const ids = make('ids', PICK_FORMAT, GPUTextureUsage.COPY_SRC);
    const depth = make('depth', DEPTH_FORMAT, 0);
    const readback = device.createBuffer({ label: 'pick', size: 256, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      let encoder: GPUCommandEncoder | undefined;
      this.#cull.prepare(scene, this.#view.buffer);
      await this.#mesh.encodePick(() => {
        this.#writeView(scene, { camera, settings }, width, height, { window, sampleColumns: 1 });
        encoder = device.createCommandEncoder({ label: 'pick' });
        this.#findVisible(encoder, scene);
        return encoder.beginRenderPass({
          label: 'pick',
          colorAttachments: [{ view: ids.createView(), clearValue: [NOTHING, 0, 0, 0], loadOp: 'clear', storeOp: 'store' }],
          depthStencilAttachment: { view: depth.createView(), depthClearValue: 0, depthLoadOp: 'clear', depthStoreOp: 'discard' },
        });
      }, this.#cull);
      if (encoder === undefined) return undefined;
      encoder.copyTextureToBuffer({ texture: ids }, { buffer: readback, bytesPerRow: 256 }, [1, 1]);
      device.queue.submit([encoder.finish()]);
      await readback.mapAsync(GPUMapMode.READ);
      const id = new Uint32Array(readback.getMappedRange())[0]!;
      return id === NOTHING ? undefined : id;
    } finally {
      readback.destroy();
      ids.destroy();
      depth.destroy();
    }
  }

  dispose(): void {
    this.#cull.dispose();
    this.#sort?.dispose();
    this.#ground?.dispose();
    this.#toneMap.dispose();
    this.#environment.dispose();
    this.#targets?.dispose();
    this.#view.dispose();
    this.#shading.dispose();
  }

  /** Brings the environment in line with the settings; a dome light takes effect with the next picture. */
  #chooseEnvironment(scene: RenderScene, settings: RenderSettings): void {
    if (this.#changingEnvironment !== undefined) return;
    const lights = [...scene.lights.values()];
    const dome = effectiveLighting(settings.lighting, lights) === 'stage' ? domeOf(lights) : undefined;
    const picture = dome?.texture === undefined ? undefined : scene.textures.pictureOf(dome.texture);
    const version = dome === undefined ? STUDIO : `dome ${scene.stage} ${scene.lightVersion} ${picture === undefined ? '' : dome.texture}`;
    // Other lights than the environment's leave it as it is.
    const isUnused = dome === undefined && effectiveLighting(settings.lighting, lights) !== 'studio';
    if (version === this.#environmentVersion || isUnused) return;
    this.#environmentVersion = version;
    this.#changingEnvironment = this.#drawEnvironment(dome, picture).finally(() => {
      this.#changingEnvironment = undefined;
    });
  }

  #drawEnvironment(dome: DomeLight | undefined, picture: DomeFacts['picture']): Promise<void> {
    if (dome === undefined) return this.#environment.drawStudio();
    const facts = { localFromWorld: dome.localFromWorld, color: dome.color, more: dome.more };
    return this.#environment.drawDome(picture === undefined ? facts : { ...facts, picture });
  }

  /** Keeps the ground's shadow up to date. Returns whether the ground is to be drawn. */
  #drawGroundMap(scene: RenderScene, request: PictureRequest): boolean {
    const { camera, settings } = request;
    const { upAxis } = scene.info;
    const place =
      settings.shadowIntensity > 0 && settings.lighting !== 'none' && scene.bounds !== undefined
        ? placeGround(scene.bounds, upAxis)
        : undefined;
    const up = upAxis === 'Y' ? 1 : 2;
    // From below the ground is not there.
    const isSeen =
      place !== undefined &&
      (camera.orthographicHeight !== undefined ? camera.target[up] < camera.eye[up] : camera.eye[up] > place.center[up]);
    if (!isSeen || request.isLoading) return false;
    this.#ground ??= new GroundPass(this.device, this.#pipelines, this.#view.buffer);
    const ground = this.#ground;
    this.#cull.prepare(scene, this.#view.buffer);
    const canDraw = ground.isReady(this.#samples);
    if (!this.#mesh.canDrawHeights(this.#cull) || !canDraw) return false;
    const version = `${scene.shapeVersion}/${settings.purposes.join()}`;
    if (version === this.#groundVersion) return true;
    this.#groundVersion = version;
    ground.place(place);
    this.#writeView(scene, { ...request, camera: place.camera }, ground.mapSize, ground.mapSize, {
      cullsBackFaces: false,
      sampleColumns: 1,
      depths: [0, place.height],
    });
    const encoder = this.device.createCommandEncoder({ label: 'ground' });
    this.#findVisible(encoder, scene);
    const pass = ground.beginHeights(encoder);
    this.#mesh.encodeHeights(pass, this.#cull);
    pass.end();
    ground.encodeBlur(encoder);
    this.device.queue.submit([encoder.finish()]);
    return true;
  }

  /** Cull kernels and the sort of what is blended. */
  #findVisible(encoder: GPUCommandEncoder, scene: RenderScene): void {
    this.#cull.prepare(scene, this.#view.buffer);
    const blended = this.#blendedBins();
    if (blended.length > 0 && this.#sort === undefined) {
      this.#startingSort ??= SortPass.create(this.device).then((sort) => {
        this.#sort = sort;
      });
    }
    const sort = blended.length > 0 ? this.#sort : undefined;
    const sortVersion = `${this.#cull.version}/${this.#cull.layoutVersion}`;
    if (sort !== undefined && this.#sortVersion !== sortVersion) {
      this.#sortVersion = sortVersion;
      sort.prepare(this.#cull, blended);
    }
    this.#mesh.prepare(scene, this.#cull, sort?.triangles);
    this.#cull.encode(encoder, scene.instances.rowCount);
    sort?.encode(encoder, this.#cull, blended);
  }

  #blendedBins(): readonly DrawBin[] {
    return this.#cull.bins.filter((bin) => bin.alphaKind === AlphaKind.blend);
  }

  #chooseFeatures(scene: RenderScene, settings: RenderSettings): void {
    const lighting = effectiveLighting(settings.lighting, [...scene.lights.values()]);
    this.#features = {
      hasTextures: scene.textures.sizes.length > 0,
      hasCoat: scene.materials.coatedCount > 0,
      hasLights: lighting === 'camera' || lighting === 'stage',
      buckets: this.#isSoftware ? bucketTier(scene.textures.sizes.length) : TEXTURE_BUCKETS,
    };
  }

  #writeUniforms(scene: RenderScene, request: PictureRequest, width: number, height: number): void {
    const { settings } = request;
    const transform = this.#writeView(scene, request, width, height, {});
    const rig = lightRigOf(settings.lighting, [...scene.lights.values()], transform);
    const isStudio = this.#environmentVersion === STUDIO;
    writeShadingInto(this.#shading.floats, this.#shading.words, {
      environmentFromWorld: isStudio && scene.info.upAxis === 'Z' ? Z_UP : Y_UP,
      environmentIntensity: rig.environmentIntensity,
      isLit: rig.isLit,
      textureSizes: scene.textures.sizes,
      lights: rig.lights,
    });
    this.#shading.send();
  }

  #writeView(
    scene: RenderScene,
    request: Pick<PictureRequest, 'camera' | 'settings'>,
    width: number,
    height: number,
    options: ViewOptions,
  ): ViewTransform {
    const transform = viewTransformOf(request.camera, width, height, scene.bounds, options.window);
    const [nearestDepth, farthestDepth] = options.depths ?? depthRange(scene.bounds, transform);
    writeViewInto(this.#view.floats, this.#view.words, {
      transform,
      width: options.window === undefined ? width : 1,
      height: options.window === undefined ? height : 1,
      sampleColumns: options.sampleColumns ?? this.#samples,
      purposes: purposeBits(request.settings.purposes),
      instanceCount: scene.instances.rowCount,
      cullsBackFaces: options.cullsBackFaces ?? true,
      nearestDepth,
      farthestDepth,
    });
    this.#view.send();
    return transform;
  }
}

interface ViewOptions {
  /** Draw this part of the picture into a target of one pixel. */
  readonly window?: ViewWindow;
  readonly sampleColumns?: number;
  readonly cullsBackFaces?: boolean;
  readonly depths?: readonly [nearest: number, farthest: number];
}

/** Environment version of the built-in studio. */
const STUDIO = 'studio';
/** Not a prim handle. */
const NOTHING = 0xffffffff;
/** Columns: where the world's axes lie in the environment, which is y up. */
const Y_UP = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const Z_UP = [1, 0, 0, 0, 0, -1, 0, 1, 0];

function purposeBits(purposes: RenderSettings['purposes']): number {
  let bits = 0;
  for (const purpose of purposes) {
    bits |= {
      default: InstanceFlag.purposeDefault,
      render: InstanceFlag.purposeRender,
      proxy: InstanceFlag.purposeProxy,
      guide: InstanceFlag.purposeGuide,
    }[purpose];
  }
  return bits;
}
