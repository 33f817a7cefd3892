import { TextureShareManager } from '../../share/frames/texture-share-manager.ts';
import type { RenderScene } from '../scene/render-scene.ts';
import { LiveTextures, type LiveTextureHooks } from './live-textures.ts';
import { Overlays, type OverlayHooks } from './overlays.ts';
import { PictureShares } from './picture-shares.ts';

/** What the renderer shares and is given, with one manager for all views. Fetched when somebody shares. */
export class Sharing {
  #manager: TextureShareManager;

  constructor(device: GPUDevice | undefined) {
    this.#manager = new TextureShareManager(device === undefined ? {} : { device });
  }

  useDevice(device: GPUDevice): void {
    this.#manager.useDevice(device);
  }

  liveTextures(scene: RenderScene, hooks: LiveTextureHooks): LiveTextures {
    return new LiveTextures(this.#manager, scene, hooks);
  }

  overlays(hooks: OverlayHooks): Overlays {
    return new Overlays(this.#manager, hooks);
  }

  pictureShares(onWanted: () => void): PictureShares {
    return new PictureShares(this.#manager, onWanted);
  }

  dispose(): void {
    this.#manager.close();
  }
}
