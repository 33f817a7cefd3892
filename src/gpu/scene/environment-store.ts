import type { EnvironmentPicture, TextureId } from '../../share/protocol/scene.ts';
import type { GraphicsDevice } from '../device/device.ts';
import { TexturePool } from '../resources/texture-pool.ts';
import { newVersion } from '../resources/version.ts';

const ID = 0 as TextureId;

/** The picture around the scene that the user gave. Belongs to no stage; its pixels stay in memory for the next device. */
export class EnvironmentStore {
  /** Raised when there is another picture, its pixels have come, or there is none any more. */
  version = newVersion();
  #pool = new TexturePool();

  /** The picture once its pixels are on the device. */
  get picture(): ReturnType<TexturePool['pictureOf']> {
    return this.#pool.pictureOf(ID);
  }

  get hasPicture(): boolean {
    return this.#pool.placeOf(ID) !== undefined;
  }

  get gpuBytes(): number {
    return this.#pool.gpuBytes;
  }

  /**
   * Takes another picture, or none; `upload` sends it.
   *
   * @returns a sentence when it cannot be taken
   */
  set(picture: EnvironmentPicture | undefined): string | undefined {
    this.#pool.clear();
    this.version = newVersion();
    return picture === undefined ? undefined : this.#pool.add({ ...picture, id: ID });
  }

  /** Sends pixels that are not on the device, yielding between pieces. */
  *upload(): Generator<void, void> {
    yield* this.#pool.upload(ID);
    this.version = newVersion();
  }

  setDevice({ device, maxTextureSize, maxTextureLayers }: GraphicsDevice): void {
    this.#pool.setDevice(device, maxTextureSize, maxTextureLayers);
  }

  dispose(): void {
    this.#pool.clear();
    this.#pool.dispose();
  }
}
