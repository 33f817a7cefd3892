import type { CameraPose, RenderSettings } from '../share/protocol/renderer.ts';
import { InstanceFlag } from '../share/protocol/scene.ts';
import type { DrawBin } from './compute/cull/cull-pass.ts';
import { CullView } from './compute/cull/cull-pass.ts';
import type { DomeFacts } from './compute/environment/environment.ts';
import { EnvironmentMap, faceOf } from './compute/environment/environment.ts';
import { SortView } from './compute/sort/sort-pass.ts';
import { DeviceError } from './device/device-error.ts';
import type { Graphics } from './graphics.ts';
import { AlphaKind } from './layout/material-record.ts';
import { SHADING_BYTES, TEXTURE_BUCKETS, writeShadingInto } from './layout/shading-uniforms.ts';
import { VIEW_BYTES, writeViewInto } from './layout/view-uniforms.ts';
import { GroundMap, placeGround } from './passes/ground/ground-pass.ts';
import { MeshBindings } from './passes/mesh/mesh-bindings.ts';
import type { MeshFeatures } from './passes/mesh/mesh-pass.ts';
import { bucketTier } from './passes/mesh/mesh-pass.ts';
import type { SkyboxFacts } from './passes/skybox/skybox-pass.ts';
import { SkyboxView } from './passes/skybox/skybox-pass.ts';
import type { SampleCount } from './passes/targets.ts';
import { DEPTH_FORMAT, PICK_FORMAT } from './passes/targets.ts';
import { ToneMapView } from './passes/tone-map/tone-map-pass.ts';
import type { LackingPipelines, PipelineCache } from './resources/pipeline-cache.ts';
import { UniformBuffer } from './resources/uniform-buffer.ts';
import { environmentFromWorld } from './scene/environment-turn.ts';
import type { DomeLight } from './scene/light-rig.ts';
import { domeOf, effectiveLighting, lightRigOf } from './scene/light-rig.ts';
import type { RenderScene } from './scene/render-scene.ts';
import type { ViewTransform, ViewWindow } from './scene/view-transform.ts';
import { depthRange, viewDepthOf, viewTransformOf } from './scene/view-transform.ts';

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
  readonly overlay?: PictureOverlay | undefined;
  /** Textures of the same size that show the same picture. */
  readonly copies?: readonly GPUTexture[];
}

/** What lies over a picture. */
export interface PictureOverlay {
  encode(encoder: GPUCommandEncoder, target: GPUTexture, device: GPUDevice, pipelines: PipelineCache): void;
}

/**
 * What one view draws with, on one device: uniforms, bind groups, its environment and its ground's shadow. A new device gets a
 * new painter; the scene stays.
 */
export class Painter {
  readonly device: GPUDevice;
  #graphics: Graphics;
  #cull: CullView;
  #bindings: MeshBindings;
  #toneMap: ToneMapView;
  #view: UniformBuffer;
  #shading: UniformBuffer;
  #sort: SortView | undefined;
  #startingSort: Promise<void> | undefined;
  #ground: GroundMap | undefined;
  #groundVersion = '';
  /** Light of a dome or of the picture that the user gave. */
  #own: EnvironmentMap | undefined;
  #ownVersion = '';
  #isOwnDome = false;
  /** The studio, or the view's own. */
  #environment: EnvironmentMap;
  #environmentVersion = STUDIO;
  #changingEnvironment: Promise<void> | undefined;
  #skybox: SkyboxView | undefined;
  #features: MeshFeatures = { hasTextures: false, hasLights: false, hasCoat: false, buckets: TEXTURE_BUCKETS };
  #samples: SampleCount = 4;
  #lacking: LackingPipelines | undefined;
  #isDisposed = false;

  constructor(graphics: Graphics) {
    const { device } = graphics;
    this.device = device;
    this.#graphics = graphics;
    this.#view = new UniformBuffer(device, 'view', VIEW_BYTES);
    this.#shading = new UniformBuffer(device, 'shading', SHADING_BYTES);
    this.#cull = new CullView(graphics.cull);
    this.#bindings = new MeshBindings(graphics.mesh, { view: this.#view.buffer, shading: this.#shading.buffer });
    this.#toneMap = new ToneMapView(graphics.toneMap);
    this.#environment = graphics.studio;
  }

  /** Bytes of the view's own, but for a few kilobytes. */
  get gpuBytes(): number {
    return (this.#own?.gpuBytes ?? 0) + (this.#ground?.gpuBytes ?? 0);
  }

  /** The last picture lacked nothing: all its pipelines were compiled and the environment was the right one. */
  get isReady(): boolean {
    const hasSort = this.#graphics.sort !== undefined || this.#blendedBins().length === 0;
    return this.#lacking?.isEmpty !== false && hasSort && this.#changingEnvironment === undefined;
  }

  /** Resolves when what the last picture lacked is there. */
  async settle(): Promise<void> {
    await Promise.all([this.#lacking?.settle(), this.#startingSort, this.#changingEnvironment]);
  }

  /** List elements that found no room in the last picture; undefined where that cannot happen. */
  readDropped(): Promise<number> | undefined {
    return this.#cull.isBounded ? this.#cull.readDropped() : undefined;
  }

  /**
   * Encodes and submits one picture. Returns the number of draws.
   *
   * @throws DeviceError when the view has ended
   */
  draw(scene: RenderScene, request: PictureRequest): number {
    this.#checkOpen();
    const { device } = this;
    const { isSoftware, mesh, pipelines, targets: pool, toneMap } = this.#graphics;
    const { width, height } = request.target;
    pipelines.takeLacking();
    this.#chooseFeatures(scene, request.settings);
    this.#cull.prepare(scene, this.#view.buffer);
    // A draft stands in for a full picture whose pipelines are compiling.
    const isDraft = request.isDraft || (isSoftware && !mesh.canDraw(this.#cull, this.#features, 4));
    const samples = isDraft ? 1 : 4;
    this.#samples = samples;
    this.#chooseEnvironment(scene, request.settings);
    const groundMap = this.#drawGroundMap(scene, request);
    this.#writeUniforms(scene, request, width, height);
    const encoder = device.createCommandEncoder({ label: 'picture' });
    this.#findVisible(encoder, scene);
    if (this.#cull.isBounded) this.#cull.encodeReadback(encoder);
    const targets = pool.take(width, height, samples);
    const pass = encoder.beginRenderPass({
      label: 'picture/light',
      colorAttachments: [targets.color],
      depthStencilAttachment: targets.depth,
    });
    // The targets may be larger.
    pass.setViewport(0, 0, width, height, 0, 1);
    pass.setScissorRect(0, 0, width, height);
    let draws = mesh.encode(pass, this.#cull, this.#bindings, this.#features, samples, [AlphaKind.opaque, AlphaKind.cutout]);
    if (scene.materials.hasPartlySolid) draws += mesh.encodeSolid(pass, this.#cull, this.#bindings, this.#features, samples);
    // Not among the draws: it is there without a scene.
    if (request.settings.showsEnvironment) this.#drawSkybox(pass, scene, request.settings);
    if (groundMap !== undefined) {
      this.#graphics.ground.encode(pass, groundMap, samples);
      draws++;
    }
    draws += mesh.encode(pass, this.#cull, this.#bindings, this.#features, samples, [AlphaKind.blend]);
    pass.end();
    for (const target of [request.target, ...(request.copies ?? [])]) {
      toneMap.encode(encoder, this.#toneMap, targets.light, target, request.settings);
      request.overlay?.encode(encoder, target, device, pipelines);
    }
    device.queue.submit([encoder.finish()]);
    this.#lacking = pipelines.takeLacking();
    return draws + 1;
  }

  /**
   * Prim handle under a pixel, and how far along the view axis it is, by drawing the scene through a window of that one pixel.
   *
   * @param width size of the picture whose pixel (x, y) is meant
   * @throws DeviceError when the view has ended
   */
  async pick(
    scene: RenderScene,
    camera: CameraPose,
    settings: RenderSettings,
    width: number,
    height: number,
    x: number,
    y: number,
  ): Promise<{ readonly prim: number; readonly depth: number } | undefined> {
    const { device } = this;
    const window = { centerX: (2 * (x + 0.5)) / width - 1, centerY: 1 - (2 * (y + 0.5)) / height, width: 1 / width, height: 1 / height };
    const make = (label: string, format: GPUTextureFormat, usage: number): GPUTexture =>
      device.createTexture({ label: `pick/${label}`, size: [1, 1], format, usage: usage | GPUTextureUsage.RENDER_ATTACHMENT });
    const ids = make('ids', PICK_FORMAT, GPUTextureUsage.COPY_SRC);
    const depth = make('depth', DEPTH_FORMAT, GPUTextureUsage.COPY_SRC);
    const readback = device.createBuffer({ label: 'pick', size: 512, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      let encoder: GPUCommandEncoder | undefined;
      let transform: ViewTransform | undefined;
      this.#cull.prepare(scene, this.#view.buffer);
      await this.#graphics.mesh.encodePick(
        () => {
          this.#checkOpen();
          transform = this.#writeView(scene, { camera, settings }, width, height, { window, sampleColumns: 1 });
          encoder = device.createCommandEncoder({ label: 'pick' });
          this.#findVisible(encoder, scene);
          return encoder.beginRenderPass({
            label: 'pick',
            colorAttachments: [{ view: ids.createView(), clearValue: [NOTHING, 0, 0, 0], loadOp: 'clear', storeOp: 'store' }],
            depthStencilAttachment: { view: depth.createView(), depthClearValue: 0, depthLoadOp: 'clear', depthStoreOp: 'store' },
          });
        },
        this.#cull,
        this.#bindings,
      );
      if (encoder === undefined || transform === undefined) return undefined;
      encoder.copyTextureToBuffer({ texture: ids }, { buffer: readback, bytesPerRow: 256 }, [1, 1]);
      encoder.copyTextureToBuffer({ texture: depth }, { buffer: readback, offset: 256, bytesPerRow: 256 }, [1, 1]);
      device.queue.submit([encoder.finish()]);
      await readback.mapAsync(GPUMapMode.READ);
      const bytes = readback.getMappedRange();
      const id = new Uint32Array(bytes)[0]!;
      return id === NOTHING ? undefined : { prim: id, depth: viewDepthOf(transform, new Float32Array(bytes)[64]!) };
    } finally {
      readback.destroy();
      ids.destroy();
      depth.destroy();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cull.dispose();
    this.#ground?.dispose();
    this.#toneMap.dispose();
    this.#own?.dispose();
    this.#skybox?.dispose();
    this.#view.dispose();
    this.#shading.dispose();
  }

  #checkOpen(): void {
    if (this.#isDisposed) throw new DeviceError('view-closed', 'The view was closed');
  }

  /** Brings the environment in line with the settings; a dome light or picture takes effect once it is prefiltered. */
  #chooseEnvironment(scene: RenderScene, settings: RenderSettings): void {
    if (this.#changingEnvironment !== undefined) return;
    const lights = [...scene.lights.values()];
    const lighting = effectiveLighting(settings.lighting, lights, scene.environment.hasPicture);
    const dome = lighting === 'stage' ? domeOf(lights) : undefined;
    // Other lights than the environment's leave it as it is.
    if (dome === undefined && lighting !== 'studio' && lighting !== 'image') return;
    let version = STUDIO;
    if (dome !== undefined) {
      const hasPicture = dome.texture !== undefined && scene.textures.placeOf(dome.texture) !== undefined;
      version = `dome ${scene.stage} ${scene.lightVersion} ${hasPicture ? dome.texture : ''}`;
    } else if (lighting === 'image') version = `picture ${scene.environment.version}`;
    if (version === this.#environmentVersion) return;
    this.#environmentVersion = version;
    if (version === STUDIO) this.#environment = this.#graphics.studio;
    else if (version === this.#ownVersion) this.#environment = this.#own!;
    else {
      this.#ownVersion = version;
      this.#changingEnvironment = this.#drawOwn(scene, dome).finally(() => {
        this.#changingEnvironment = undefined;
      });
    }
  }

  /** @param dome undefined: the picture that the user gave */
  async #drawOwn(scene: RenderScene, dome: DomeLight | undefined): Promise<void> {
    const { environments } = this.#graphics;
    const facts = (): DomeFacts => (dome === undefined ? pictureFacts(scene) : domeFacts(scene, dome));
    const before = this.#own;
    const face = faceOf(facts().picture);
    const map = before?.face === face ? before : new EnvironmentMap(environments, face);
    await environments.drawDome(map, () => (this.#isDisposed ? undefined : facts()));
    if (this.#isDisposed) {
      map.dispose();
      return;
    }
    // The one before was drawn with until now.
    if (map !== before) before?.dispose();
    this.#own = map;
    this.#environment = map;
    this.#isOwnDome = dome !== undefined;
  }

  /** What lights the stage as a dome, else the picture that the user gave, else the studio. */
  #drawSkybox(pass: GPURenderPassEncoder, scene: RenderScene, settings: RenderSettings): void {
    const lights = [...scene.lights.values()];
    const dome = effectiveLighting(settings.lighting, lights) === 'stage' ? domeOf(lights) : undefined;
    let facts: SkyboxFacts;
    if (dome !== undefined) {
      const { localFromWorld, color, more, picture } = domeFacts(scene, dome);
      const named = picture === undefined ? {} : { picture: { ...picture, version: `${scene.textures.version} ${dome.texture}` } };
      facts = { environmentFromWorld: localFromWorld, color, more, isStudio: false, ...named };
    } else {
      const { environmentIntensity: factor, environmentRotation } = settings;
      const { picture } = pictureFacts(scene);
      facts = {
        environmentFromWorld: environmentFromWorld(scene.info.upAxis, environmentRotation),
        color: [factor, factor, factor],
        more: BLACK,
        isStudio: picture === undefined,
        ...(picture === undefined ? {} : { picture: { ...picture, version: `given ${scene.environment.version}` } }),
      };
    }
    const { skybox } = this.#graphics;
    this.#skybox ??= new SkyboxView(skybox, this.#view.buffer);
    skybox.encode(pass, this.#skybox, facts, this.#samples);
  }

  /** Keeps the ground's shadow up to date. Returns it where the ground is to be drawn. */
  #drawGroundMap(scene: RenderScene, request: PictureRequest): GroundMap | undefined {
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
    if (!isSeen || request.isLoading) return undefined;
    const { ground, mesh } = this.#graphics;
    this.#cull.prepare(scene, this.#view.buffer);
    const canDraw = ground.isReady(this.#samples);
    if (!mesh.canDrawHeights(this.#cull) || !canDraw) return undefined;
    const map = (this.#ground ??= new GroundMap(ground, this.#view.buffer));
    map.place(place, settings.shadowIntensity, settings.shadowSoftness);
    const version = `${scene.shapeVersion}/${settings.purposes.join()}/${settings.shadowSoftness}`;
    if (version === this.#groundVersion) return map;
    this.#groundVersion = version;
    this.#writeView(scene, { ...request, camera: place.camera }, map.size, map.size, {
      cullsBackFaces: false,
      sampleColumns: 1,
      depths: [0, place.height],
    });
    const encoder = this.device.createCommandEncoder({ label: 'ground' });
    this.#findVisible(encoder, scene);
    const pass = ground.beginHeights(encoder, map);
    mesh.encodeHeights(pass, this.#cull, this.#bindings);
    pass.end();
    ground.encodeBlur(encoder, map);
    this.device.queue.submit([encoder.finish()]);
    return map;
  }

  /** Cull kernels and the sort of what is blended. */
  #findVisible(encoder: GPUCommandEncoder, scene: RenderScene): void {
    this.#cull.prepare(scene, this.#view.buffer);
    const blended = this.#blendedBins();
    const pass = blended.length > 0 ? this.#graphics.sort : undefined;
    if (blended.length > 0 && pass === undefined) this.#startingSort = this.#graphics.startSort();
    const sort = pass === undefined ? undefined : (this.#sort ??= new SortView(pass));
    sort?.prepare(this.#cull);
    this.#bindings.prepare(scene, this.#cull, this.#environment.bindings, pass);
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
      buckets: this.#graphics.isSoftware ? bucketTier(scene.textures.sizes.length) : TEXTURE_BUCKETS,
    };
  }

  #writeUniforms(scene: RenderScene, request: PictureRequest, width: number, height: number): void {
    const { settings } = request;
    const transform = this.#writeView(scene, request, width, height, {});
    const rig = lightRigOf(settings.lighting, [...scene.lights.values()], transform);
    // A dome light lies and shines as the stage says.
    const isDome = this.#environment === this.#own && this.#isOwnDome;
    writeShadingInto(this.#shading.floats, this.#shading.words, {
      environmentFromWorld: isDome ? UNTURNED : environmentFromWorld(scene.info.upAxis, settings.environmentRotation),
      environmentIntensity: rig.environmentIntensity * (isDome ? 1 : settings.environmentIntensity),
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
const UNTURNED = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const BLACK = [0, 0, 0] as const;

function domeFacts(scene: RenderScene, { localFromWorld, color, more, texture }: DomeLight): DomeFacts {
  const picture = texture === undefined ? undefined : scene.textures.pictureOf(texture);
  return { localFromWorld, color, more, ...(picture === undefined ? {} : { picture }) };
}

/** The picture that the user gave, as a dome light of radiance 1. */
function pictureFacts(scene: RenderScene): DomeFacts {
  const { picture } = scene.environment;
  return { localFromWorld: UNTURNED, color: [1, 1, 1], more: BLACK, ...(picture === undefined ? {} : { picture }) };
}

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
