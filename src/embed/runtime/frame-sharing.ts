/** Textures that others share in the scene and over the picture, and the picture for others. */
import { RemoteError } from '../../share/protocol/channel.ts';
import type { TextureHandle } from '../../share/frames/texture-handle.ts';
import { parsePrimPath } from '../../share/view-state/prim-path.ts';
import type { EngineController } from '../../ui/controllers/engine-controller.ts';
import type { RendererController } from '../../ui/controllers/renderer-controller.ts';
import type { OverlayPlacement, ShareFramesOptions } from './readings.ts';

export class FrameSharing {
  #engine: EngineController;
  #renderer: RendererController;

  constructor(engine: EngineController, renderer: RendererController) {
    this.#engine = engine;
    this.#renderer = renderer;
  }

  /** @throws RemoteError for what cannot be shared */
  shareFrames({ width, height, format, mode, transport, label }: ShareFramesOptions): Promise<TextureHandle> {
    const size = width === undefined || height === undefined ? {} : { size: { width: Math.round(width), height: Math.round(height) } };
    const given = { format, mode, transport, label };
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return this.#renderer.shareFrames({ ...size, ...fields });
  }

  /** @throws ViewStateError for what is no path; RemoteError where no image is read there */
  async setTexture(shaderPath: string, handle: TextureHandle | undefined): Promise<void> {
    const path = parsePrimPath(shaderPath, 'setTexture');
    // Which image it reads is known once materials are.
    await this.#engine.completed();
    const texture = await this.#engine.textureOfShader(path);
    const { summary } = this.#engine;
    if (texture === undefined || summary === undefined) {
      const message = `No image is drawn that the prim at ${path} reads: it has to be a UsdUVTexture of a material in use, with a file that can be read`;
      throw new RemoteError({ code: 'no-image', severity: 'error', message, path });
    }
    this.#renderer.setLiveTexture(summary.stage, texture, handle);
  }

  /** @throws RangeError for a place that is none */
  setOverlay(id: string, handle: TextureHandle | undefined, placement: OverlayPlacement | undefined): void {
    const { x = 0, y = 0, width = 1, height = 1, opacity = 1 } = placement ?? {};
    for (const [name, value] of Object.entries({ x, y, width, height, opacity }))
      if (!Number.isFinite(value)) throw new RangeError(`${name} of an overlay has to be a number, not ${String(value)}`);
    this.#renderer.setOverlay(id, handle, placement === undefined ? undefined : { x, y, width, height, opacity });
  }
}
