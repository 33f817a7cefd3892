import type { TextureHandle } from '../share/frames/texture-handle.ts';
import type { ErrorInfo } from '../share/protocol/error-info.ts';
import type { OverlayPlace, ShareFramesRequest, SurfaceSize } from '../share/protocol/renderer.ts';
import { DeviceError } from './device/device-error.ts';
import type { GraphicsHost } from './graphics-host.ts';
import type { PictureOverlay } from './painter.ts';
import type { ToneMapPass } from './passes/tone-map/tone-map-pass.ts';
import { shareProblem } from './scene-feed.ts';
import type { Overlays } from './share/overlays.ts';
import type { PictureShares } from './share/picture-shares.ts';

export interface ViewSharingHooks {
  /** Size of the view's pictures. */
  size(): SurfaceSize;
  /** Another picture is wanted. */
  changed(): void;
  failed(problem: ErrorInfo): void;
}

/** What one view gives and is given by sharing. Its code is fetched when it is asked for. */
export class ViewSharing {
  #host: GraphicsHost;
  #hooks: ViewSharingHooks;
  #overlays: Overlays | undefined;
  #shares: PictureShares | undefined;
  #isDisposed = false;

  constructor(host: GraphicsHost, hooks: ViewSharingHooks) {
    this.#host = host;
    this.#hooks = hooks;
  }

  /**
   * A handle of the pictures from now on.
   *
   * @throws ShareError for what cannot be shared
   */
  async shareFrames(request: ShareFramesRequest): Promise<TextureHandle> {
    const sharing = await this.#host.sharing();
    if (this.#isDisposed) throw new DeviceError('view-closed', 'The view was closed');
    this.#shares ??= sharing.pictureShares(() => this.#hooks.changed());
    return this.#shares.add(request, this.#hooks.size());
  }

  /** A shared texture over the picture; without a handle it moves to the place, and without both it is gone. */
  async setOverlay(id: string, handle: TextureHandle | undefined, place: OverlayPlace | undefined): Promise<void> {
    try {
      const sharing = await this.#host.sharing();
      if (this.#isDisposed) {
        handle?.port?.close();
        return;
      }
      this.#overlays ??= sharing.overlays({
        changed: () => this.#hooks.changed(),
        failed: (error) => this.#hooks.failed(shareProblem(error)),
      });
      this.#overlays.set(id, handle, place);
    } catch (error) {
      this.#hooks.failed(shareProblem(error));
    }
  }

  /** What lies over the next picture, with the newest frames. */
  overlay(): PictureOverlay | undefined {
    return this.#overlays?.update();
  }

  /** Begins a picture; `publish` ends it. Undefined where nobody receives it. */
  begin(toneMap: ToneMapPass): ReturnType<PictureShares['begin']> | undefined {
    return this.#shares?.begin(this.#hooks.size(), toneMap);
  }

  publish(): void {
    this.#shares?.publish();
  }

  deviceChanged(): void {
    this.#overlays?.deviceChanged();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#shares?.dispose();
    this.#overlays?.dispose();
  }
}
