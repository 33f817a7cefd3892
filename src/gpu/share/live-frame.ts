import { ShareError } from '../../share/frames/share-error.ts';
import type { ImportedFrame, ImportedTexture } from '../../share/frames/share-types.ts';
import type { TextureDescriptor } from '../../share/frames/texture-descriptor.ts';
import type { TextureHandle } from '../../share/frames/texture-handle.ts';
import type { TextureShareManager } from '../../share/frames/texture-share-manager.ts';

export interface LiveFrameHooks {
  /** A frame came that was not taken yet. */
  arrived(): void;
  /** No more will come. @param error undefined: the other end closed */
  ended(error: unknown): void;
}

export interface TakenFrame {
  readonly texture: GPUTexture;
  readonly descriptor: TextureDescriptor;
  /** It was not taken before. */
  readonly isNew: boolean;
}

/** Newest frame of a texture that somebody shares. Frames that nobody draws are not taken, and without a new one nothing happens. */
export class LiveFrame {
  #imported: ImportedTexture;
  #hooks: LiveFrameHooks;
  /** Not released before the next: another device needs it again. */
  #frame: ImportedFrame | undefined;
  #texture: GPUTexture | undefined;
  #isWaiting = false;
  #isClosed = false;

  /** @throws ShareError for a handle that cannot be imported */
  constructor(manager: TextureShareManager, handle: TextureHandle, hooks: LiveFrameHooks) {
    this.#hooks = hooks;
    const imported = manager.importTexture(handle);
    this.#imported = imported;
    imported.ready.then(
      () => this.#await(0),
      (error: unknown) => this.#end(error),
    );
    void imported.closed.then(() => this.#end(undefined));
  }

  /** The newest frame, on the device; undefined before the first, and where a lost device took it. */
  take(): TakenFrame | undefined {
    if (this.#isClosed) return undefined;
    const next = this.#imported.take();
    const isNew = next !== undefined;
    if (next !== undefined) {
      this.#release();
      this.#frame = next;
    }
    this.#await(next?.value ?? this.#imported.produced.value);
    const frame = this.#frame;
    if (frame === undefined) return undefined;
    try {
      this.#texture ??= frame.texture();
    } catch (error) {
      // The next device can have it; what fails for another reason is not tried twice.
      if (!(error instanceof ShareError && error.code === 'share-device-lost')) this.#release();
      return undefined;
    }
    return { texture: this.#texture, descriptor: frame.descriptor, isNew };
  }

  /** Another device: the texture is made anew when it is taken next. */
  deviceChanged(): void {
    this.#texture = undefined;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#release();
    this.#imported.close();
  }

  /** Waits for a frame above a value, once: what is hidden, and takes none, is not told of every frame. */
  #await(value: number): void {
    if (this.#isWaiting || this.#isClosed) return;
    this.#isWaiting = true;
    void this.#imported.produced.wait(value + 1).then((result) => {
      this.#isWaiting = false;
      if (result === 'ok' && !this.#isClosed) this.#hooks.arrived();
    });
  }

  #release(): void {
    this.#frame?.release();
    this.#frame = undefined;
    this.#texture = undefined;
  }

  #end(error: unknown): void {
    if (this.#isClosed) return;
    this.close();
    this.#hooks.ended(error);
  }
}
