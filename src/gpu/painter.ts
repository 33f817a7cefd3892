import type { CameraPose, RenderSettings } from '../share/protocol/renderer.ts';
import { InstanceFlag } from '../share/protocol/scene.ts';
import { CullPass } from './compute/cull/cull-pass.ts';
import { Environment } from './compute/environment/environment.ts';
import type { GraphicsDevice } from './device/device.ts';
import { AlphaKind } from './layout/material-record.ts';
import { SHADING_BYTES, writeShadingInto } from './layout/shading-uniforms.ts';
import { VIEW_BYTES, writeViewInto } from './layout/view-uniforms.ts';
import { MeshPass } from './passes/mesh/mesh-pass.ts';
import { PictureTargets, SAMPLE_COUNT } from './passes/targets.ts';
import { ToneMapPass } from './passes/tone-map/tone-map-pass.ts';
import { lightRigOf } from './scene/light-rig.ts';
import type { RenderScene } from './scene/render-scene.ts';
import { depthRange, viewTransformOf } from './scene/view-transform.ts';

/** Format of captures: exact bytes, copied to memory. */
export const CAPTURE_FORMAT: GPUTextureFormat = 'rgba8unorm';

/** What one picture shows and where it goes. */
export interface PictureRequest {
  readonly camera: CameraPose;
  readonly settings: RenderSettings;
  readonly target: GPUTexture;
}

/** Everything that belongs to one device. A new device gets a new painter; the scene stays. */
export class Painter {
  readonly device: GPUDevice;
  #cull: CullPass;
  #mesh: MeshPass;
  #toneMap: ToneMapPass;
  #environment: Environment;
  #view: GPUBuffer;
  #shading: GPUBuffer;
  #viewWords = new Uint32Array(VIEW_BYTES / 4);
  #viewFloats = new Float32Array(this.#viewWords.buffer);
  #shadingWords = new Uint32Array(SHADING_BYTES / 4);
  #shadingFloats = new Float32Array(this.#shadingWords.buffer);
  #targets: PictureTargets | undefined;

  /** Compiles what the first picture needs; everything else comes when a scene asks for it. */
  static async create(graphics: GraphicsDevice, canvasFormat: GPUTextureFormat): Promise<Painter> {
    const { device } = graphics;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const view = device.createBuffer({ label: 'view', size: VIEW_BYTES, usage });
    const shading = device.createBuffer({ label: 'shading', size: SHADING_BYTES, usage });
    const environmentThenMesh = Environment.create(device).then(async (environment) => {
      environment.drawStudio();
      const mesh = await MeshPass.create(device, { view, shading }, environment.bindings, graphics.isSoftware ? 1 : 8);
      return { environment, mesh };
    });
    const [cull, toneMap, { environment, mesh }] = await Promise.all([
      CullPass.create(device, graphics.maxBindingBytes),
      ToneMapPass.create(device, [canvasFormat, CAPTURE_FORMAT]),
      environmentThenMesh,
    ]);
    return new Painter(device, cull, mesh, toneMap, environment, view, shading);
  }

  private constructor(device: GPUDevice, cull: CullPass, mesh: MeshPass, toneMap: ToneMapPass, environment: Environment, view: GPUBuffer, shading: GPUBuffer) {
    this.device = device;
    this.#cull = cull;
    this.#mesh = mesh;
    this.#toneMap = toneMap;
    this.#environment = environment;
    this.#view = view;
    this.#shading = shading;
  }

  get gpuBytes(): number {
    return this.#cull.gpuBytes + (this.#targets?.gpuBytes ?? 0);
  }

  /** Pipelines that the scene needs are compiled, as of the last picture. */
  get isReady(): boolean {
    return this.#mesh.isReady(this.#cull);
  }

  async settle(): Promise<void> {
    await this.#mesh.settle();
  }

  /** Encodes and submits one picture. Returns the number of draws. */
  draw(scene: RenderScene, request: PictureRequest): number {
    const { device } = this;
    const { width, height } = request.target;
    if (this.#targets?.width !== width || this.#targets.height !== height) {
      this.#targets?.dispose();
      this.#targets = new PictureTargets(device, width, height);
    }
    const targets = this.#targets;
    this.#writeUniforms(scene, request, width, height);
    this.#cull.prepare(scene, this.#view);
    this.#mesh.prepare(scene, this.#cull);
    const encoder = device.createCommandEncoder({ label: 'picture' });
    this.#cull.encode(encoder, scene.instances.rowCount);
    const pass = encoder.beginRenderPass({
      label: 'picture/light',
      colorAttachments: [{ view: targets.color, resolveTarget: targets.light, clearValue: [0, 0, 0, 0], loadOp: 'clear', storeOp: 'discard' }],
      depthStencilAttachment: { view: targets.depth, depthClearValue: 0, depthLoadOp: 'clear', depthStoreOp: 'discard' },
    });
    const draws = this.#mesh.encode(pass, this.#cull, [AlphaKind.opaque, AlphaKind.cutout, AlphaKind.blend]);
    pass.end();
    this.#toneMap.encode(encoder, targets.light, request.target.createView(), request.target.format, request.settings);
    device.queue.submit([encoder.finish()]);
    return draws + 1;
  }

  dispose(): void {
    this.#cull.dispose();
    this.#toneMap.dispose();
    this.#environment.dispose();
    this.#targets?.dispose();
    this.#view.destroy();
    this.#shading.destroy();
  }

  #writeUniforms(scene: RenderScene, request: PictureRequest, width: number, height: number): void {
    const transform = viewTransformOf(request.camera, width, height, scene.bounds);
    const [nearestDepth, farthestDepth] = depthRange(scene.bounds, transform);
    writeViewInto(this.#viewFloats, this.#viewWords, {
      transform,
      width,
      height,
      sampleColumns: SAMPLE_COUNT,
      purposes: purposeBits(request.settings.purposes),
      instanceCount: scene.instances.rowCount,
      cullsBackFaces: true,
      nearestDepth,
      farthestDepth,
    });
    this.device.queue.writeBuffer(this.#view, 0, this.#viewWords);
    const rig = lightRigOf(request.settings.lighting, scene.lights.values(), transform, false);
    writeShadingInto(this.#shadingFloats, this.#shadingWords, {
      environmentFromWorld: scene.info.upAxis === 'Z' ? Z_UP : Y_UP,
      environmentIntensity: rig.environmentIntensity,
      isLit: rig.isLit,
      textureSizes: scene.textures.sizes,
      lights: rig.lights,
    });
    this.device.queue.writeBuffer(this.#shading, 0, this.#shadingWords);
  }
}

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
