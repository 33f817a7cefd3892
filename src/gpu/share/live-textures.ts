import type { TextureHandle } from '../../share/frames/texture-handle.ts';
import type { TextureShareManager } from '../../share/frames/texture-share-manager.ts';
import type { StageId, TextureId } from '../../share/protocol/scene.ts';
import type { TextureLayer } from '../resources/texture-pool.ts';
import { UniformBuffer } from '../resources/uniform-buffer.ts';
import type { RenderScene } from '../scene/render-scene.ts';
import { createShaderModule } from '../shaders/compose.ts';
import { frameFlags, FrameFlag } from './frame-flags.ts';
import { LiveFrame, type TakenFrame } from './live-frame.ts';
import { SHARE_SHADERS } from './share-shaders.ts';

export interface LiveTextureHooks {
  /** A frame came: what shows the scene is out of date. */
  arrived(): void;
  /** The image of the scene is to be shown again. */
  restore(texture: TextureId): void;
  failed(error: unknown): void;
}

interface LiveTexture {
  readonly frame: LiveFrame;
  /** Undefined: the first that comes. */
  stage: StageId | undefined;
}

/** Shared textures in the place of a scene's images. Each new frame is drawn into the layer of the image when a picture of the scene is drawn. */
export class LiveTextures {
  #manager: TextureShareManager;
  #scene: RenderScene;
  #hooks: LiveTextureHooks;
  #live = new Map<TextureId, LiveTexture>();
  #writer: LayerWriter | undefined;

  constructor(manager: TextureShareManager, scene: RenderScene, hooks: LiveTextureHooks) {
    this.#manager = manager;
    this.#scene = scene;
    this.#hooks = hooks;
  }

  /** @param handle undefined: the image is back */
  set(id: TextureId, handle: TextureHandle | undefined, stage: StageId | undefined): void {
    const before = this.#live.get(id);
    this.#remove(id);
    if (handle === undefined) {
      if (before !== undefined) this.#hooks.restore(id);
      return;
    }
    try {
      const frame = new LiveFrame(this.#manager, handle, {
        arrived: () => this.#hooks.arrived(),
        ended: (error) => {
          if (this.#live.get(id)?.frame !== frame) return;
          this.#live.delete(id);
          this.#hooks.restore(id);
          if (error !== undefined) this.#hooks.failed(error);
        },
      });
      this.#live.set(id, { frame, stage });
    } catch (error) {
      if (before !== undefined) this.#hooks.restore(id);
      this.#hooks.failed(error);
    }
  }

  /** Draws what is new. An image that is not there yet, or was sent again, gets the last frame once it is. */
  update(device: GPUDevice): void {
    const { textures, materials } = this.#scene;
    for (const [id, { frame, stage }] of this.#live) {
      if (stage !== this.#scene.stage) continue;
      const taken = frame.take();
      const layer = taken === undefined ? undefined : textures.layerOf(id);
      if (taken === undefined || layer === undefined || (!taken.isNew && layer.isReplaced)) continue;
      if (this.#writer?.device !== device) {
        this.#writer?.dispose();
        this.#writer = new LayerWriter(device);
      }
      this.#writer.write(taken, layer);
      const leastAlpha = taken.descriptor.alphaMode === 'opaque' ? 1 : 0;
      if (textures.replaced(id, leastAlpha)) materials.textureChanged(id);
    }
  }

  deviceChanged(): void {
    for (const { frame } of this.#live.values()) frame.deviceChanged();
  }

  /** Another stage takes the place of the one before, with all its images. */
  beginStage(stage: StageId): void {
    for (const [id, live] of this.#live) {
      live.stage ??= stage;
      if (live.stage !== stage) this.#remove(id);
    }
  }

  /** The scene has no such images any more. */
  forget(ids: readonly TextureId[]): void {
    for (const id of ids) this.#remove(id);
  }

  dispose(): void {
    for (const id of this.#live.keys()) this.#remove(id);
    this.#writer?.dispose();
    this.#writer = undefined;
  }

  #remove(id: TextureId): void {
    this.#live.get(id)?.frame.close();
    this.#live.delete(id);
  }
}

/** Draws frames into layers of any size and format. */
class LayerWriter {
  readonly device: GPUDevice;
  #module: GPUShaderModule;
  #layout: GPUBindGroupLayout;
  #facts: UniformBuffer;
  #pipelines = new Map<GPUTextureFormat, GPURenderPipeline>();

  constructor(device: GPUDevice) {
    this.device = device;
    this.#module = createShaderModule(device, SHARE_SHADERS.liveTexture);
    this.#layout = device.createBindGroupLayout({
      label: 'live texture',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } },
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    this.#facts = new UniformBuffer(device, 'live texture/facts', 16);
  }

  write({ texture, descriptor }: TakenFrame, { view, width, height, format }: TextureLayer): void {
    // Bytes of an image that is no picture (a normal map) stay bytes; half floats are light.
    const flags = format === 'rgba8unorm' ? FrameFlag.data : frameFlags(descriptor);
    this.#facts.floats.set([width, height]);
    this.#facts.words[2] = flags;
    this.#facts.send();
    const encoder = this.device.createCommandEncoder({ label: 'live texture' });
    const pass = encoder.beginRenderPass({ label: 'live texture', colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store' }] });
    pass.setPipeline(this.#pipelineOf(format));
    const entries = [
      { binding: 0, resource: texture.createView() },
      { binding: 1, resource: { buffer: this.#facts.buffer } },
    ];
    pass.setBindGroup(0, this.device.createBindGroup({ label: 'live texture', layout: this.#layout, entries }));
    pass.draw(3);
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#facts.dispose();
  }

  #pipelineOf(format: GPUTextureFormat): GPURenderPipeline {
    let pipeline = this.#pipelines.get(format);
    if (pipeline === undefined) {
      pipeline = this.device.createRenderPipeline({
        label: `live texture ${format}`,
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [this.#layout] }),
        vertex: { module: this.#module, entryPoint: 'vs_main' },
        fragment: { module: this.#module, entryPoint: 'fs_main', targets: [{ format }] },
      });
      this.#pipelines.set(format, pipeline);
    }
    return pipeline;
  }
}
