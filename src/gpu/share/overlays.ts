import type { TextureHandle } from '../../share/frames/texture-handle.ts';
import type { TextureShareManager } from '../../share/frames/texture-share-manager.ts';
import type { OverlayPlace } from '../../share/protocol/renderer.ts';
import type { PictureOverlay } from '../painter.ts';
import type { PipelineCache } from '../resources/pipeline-cache.ts';
import { UniformBuffer } from '../resources/uniform-buffer.ts';
import { createShaderModule } from '../shaders/compose.ts';
import { frameFlags } from './frame-flags.ts';
import { LiveFrame, type TakenFrame } from './live-frame.ts';
import { SHARE_SHADERS } from './share-shaders.ts';

export interface OverlayHooks {
  /** The picture is out of date. */
  changed(): void;
  failed(error: unknown): void;
}

interface Overlay {
  readonly frame: LiveFrame;
  place: OverlayPlace;
  taken: TakenFrame | undefined;
  facts: UniformBuffer | undefined;
}

interface OverlayParts {
  readonly device: GPUDevice;
  readonly module: GPUShaderModule;
  readonly layout: GPUBindGroupLayout;
}

const WHOLE: OverlayPlace = { x: 0, y: 0, width: 1, height: 1, opacity: 1 };

/** Shared textures over the picture of one view, the last one set on top. */
export class Overlays implements PictureOverlay {
  #manager: TextureShareManager;
  #hooks: OverlayHooks;
  #overlays = new Map<string, Overlay>();
  #parts: OverlayParts | undefined;

  constructor(manager: TextureShareManager, hooks: OverlayHooks) {
    this.#manager = manager;
    this.#hooks = hooks;
  }

  /**
   * @param handle undefined: the overlay is gone, or, with a place, moves there
   * @param place the whole picture where it is not given
   */
  set(id: string, handle: TextureHandle | undefined, place: OverlayPlace | undefined): void {
    const before = this.#overlays.get(id);
    if (handle === undefined && place !== undefined && before !== undefined) before.place = place;
    else {
      this.#remove(id);
      if (handle !== undefined) this.#add(id, handle, place ?? WHOLE);
    }
    this.#hooks.changed();
  }

  /** Takes the newest frames; to be drawn until the next call. Returns undefined where there is nothing to draw. */
  update(): PictureOverlay | undefined {
    let hasAny = false;
    for (const overlay of this.#overlays.values()) {
      overlay.taken = overlay.frame.take();
      hasAny ||= overlay.taken !== undefined;
    }
    return hasAny ? this : undefined;
  }

  encode(encoder: GPUCommandEncoder, target: GPUTexture, device: GPUDevice, pipelines: PipelineCache): void {
    const { module, layout } = this.#partsOf(device);
    const { format } = target;
    const pipeline = pipelines.get(`overlay ${format}`, () => ({
      layout: device.createPipelineLayout({ label: 'overlay', bindGroupLayouts: [layout] }),
      vertex: { module, entryPoint: 'vs_main' },
      fragment: { module, entryPoint: 'fs_main', targets: [{ format, blend: { color: OVER, alpha: OVER } }] },
      primitive: { topology: 'triangle-strip' },
    }));
    if (pipeline === undefined) return;
    const pass = encoder.beginRenderPass({
      label: 'overlay',
      colorAttachments: [{ view: target.createView(), loadOp: 'load', storeOp: 'store' }],
    });
    pass.setPipeline(pipeline);
    for (const overlay of this.#overlays.values()) {
      const { taken, place } = overlay;
      if (taken === undefined || !(place.width > 0 && place.height > 0 && place.opacity > 0)) continue;
      overlay.facts ??= new UniformBuffer(device, 'overlay/facts', 32);
      const { facts } = overlay;
      const { width, height } = target;
      facts.floats.set([place.x * width, place.y * height, place.width * width, place.height * height, width, height]);
      facts.floats[6] = Math.min(place.opacity, 1);
      facts.words[7] = frameFlags(taken.descriptor);
      facts.send();
      const entries = [
        { binding: 0, resource: taken.texture.createView() },
        { binding: 1, resource: { buffer: facts.buffer } },
      ];
      pass.setBindGroup(0, device.createBindGroup({ label: 'overlay', layout, entries }));
      pass.draw(4);
    }
    pass.end();
  }

  deviceChanged(): void {
    this.#parts = undefined;
    for (const overlay of this.#overlays.values()) {
      overlay.frame.deviceChanged();
      overlay.taken = undefined;
      overlay.facts = undefined;
    }
  }

  dispose(): void {
    for (const id of this.#overlays.keys()) this.#remove(id);
  }

  #add(id: string, handle: TextureHandle, place: OverlayPlace): void {
    try {
      const frame = new LiveFrame(this.#manager, handle, {
        arrived: () => this.#hooks.changed(),
        ended: (error) => {
          if (this.#overlays.get(id)?.frame !== frame) return;
          this.#remove(id);
          this.#hooks.changed();
          if (error !== undefined) this.#hooks.failed(error);
        },
      });
      this.#overlays.set(id, { frame, place, taken: undefined, facts: undefined });
    } catch (error) {
      this.#hooks.failed(error);
    }
  }

  #remove(id: string): void {
    const overlay = this.#overlays.get(id);
    this.#overlays.delete(id);
    overlay?.frame.close();
    overlay?.facts?.dispose();
  }

  #partsOf(device: GPUDevice): OverlayParts {
    if (this.#parts?.device === device) return this.#parts;
    const layout = device.createBindGroupLayout({
      label: 'overlay',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'unfilterable-float' } },
        { binding: 1, visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    this.#parts = { device, layout, module: createShaderModule(device, SHARE_SHADERS.overlay) };
    return this.#parts;
  }
}

/** Both are multiplied by alpha. */
const OVER: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' };
