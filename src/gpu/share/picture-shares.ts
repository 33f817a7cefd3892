import type { ShareableTexture } from '../../share/frames/share-types.ts';
import type { TextureHandle } from '../../share/frames/texture-handle.ts';
import type { TextureShareManager } from '../../share/frames/texture-share-manager.ts';
import type { ShareFramesRequest, SurfaceSize } from '../../share/protocol/renderer.ts';
import type { ToneMapPass } from '../passes/tone-map/tone-map-pass.ts';

interface PictureShare {
  readonly texture: ShareableTexture;
  /** Pictures of this size; undefined: as the view is drawn. */
  readonly size: SurfaceSize | undefined;
  wasOpen: boolean;
}

/** A view's pictures for others, as long as somebody receives them. */
export class PictureShares {
  #manager: TextureShareManager;
  /** Somebody has just connected, and has no picture. */
  #onWanted: () => void;
  #shares = new Set<PictureShare>();
  #begun: PictureShare[] = [];

  constructor(manager: TextureShareManager, onWanted: () => void) {
    this.#manager = manager;
    this.#onWanted = onWanted;
  }

  /**
   * @param drawn size of the view's pictures
   * @throws ShareError for what cannot be shared
   */
  add(request: ShareFramesRequest, drawn: SurfaceSize): TextureHandle {
    const { size, format = 'rgba8unorm', mode = 'latest', label = 'picture', transport, isPortless } = request;
    const first = size ?? drawn;
    const texture = this.#manager.createShareableTexture({
      // A view that was not laid out yet grows with its first picture.
      width: Math.max(1, first.width),
      height: Math.max(1, first.height),
      format,
      mode,
      label,
      usages: ['render', 'sample', 'copy-from'],
      colorSpace: 'srgb',
      alphaMode: 'premultiplied',
    });
    const share: PictureShare = { texture, size, wasOpen: false };
    try {
      const handle = this.#manager.exportTexture(texture, {
        ...(transport === undefined ? {} : { transport }),
        ...(isPortless === undefined ? {} : { isPortless }),
      });
      texture.onConnection(() => this.#connectionChanged(share));
      this.#shares.add(share);
      return handle;
    } catch (error) {
      texture.close();
      throw error;
    }
  }

  /** Begins a picture. Returns the textures that it is drawn into as well: of its own size, and of others. */
  begin(drawn: SurfaceSize, toneMap: ToneMapPass): { readonly same: readonly GPUTexture[]; readonly others: readonly GPUTexture[] } {
    const same: GPUTexture[] = [];
    const others: GPUTexture[] = [];
    this.#begun = [];
    for (const share of this.#shares) {
      if (!isReceived(share)) continue;
      const { format } = share.texture.descriptor;
      if (!toneMap.canDraw(format)) {
        // Nobody is given an empty picture; a lost device has its own end.
        toneMap.prepare(format).then(this.#onWanted, () => undefined);
        continue;
      }
      const { width, height } = share.size ?? drawn;
      try {
        share.texture.resize(width, height);
        (width === drawn.width && height === drawn.height ? same : others).push(share.texture.begin());
        this.#begun.push(share);
      } catch {
        // The device is lost: so is the picture.
      }
    }
    return { same, others };
  }

  /** Call once the picture was submitted. */
  publish(): void {
    // Who ends meanwhile needs no picture.
    for (const { texture } of this.#begun.splice(0)) texture.publish().catch(() => undefined);
  }

  dispose(): void {
    for (const { texture } of this.#shares) texture.close();
    this.#shares.clear();
  }

  #connectionChanged(share: PictureShare): void {
    if (isReceived(share)) {
      share.wasOpen = true;
      this.#onWanted();
    } else if (share.texture.connections.length === 0) {
      this.#shares.delete(share);
      share.texture.close();
    }
  }
}

function isReceived({ texture }: PictureShare): boolean {
  return texture.connections.some(({ state }) => state === 'open');
}
