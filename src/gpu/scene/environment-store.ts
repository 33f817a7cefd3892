import type { EnvironmentPicture, TextureId } from '../../share/protocol/scene.ts';
import type { GraphicsDevice } from '../device/device.ts';
import { TexturePool } from '../resources/texture-pool.ts';
import { newVersion } from '../resources/version.ts';
import type { ReportProblem } from './render-scene.ts';

const ID = 0 as TextureId;

/** The picture around the scene that the user gave. Belongs to no stage; its pixels stay in memory for the next device. */
export class EnvironmentStore {
  /** Raised when there is another picture, or none any more. */
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

  /** Takes another picture, or none, and sends its pixels, yielding between pieces. */
  *set(picture: EnvironmentPicture | undefined, report: ReportProblem): Generator<void, void> {
    this.#pool.clear();
    this.version = newVersion();
    if (picture === undefined) return;
    const refusal = this.#pool.add({ ...picture, id: ID });
    if (refusal === undefined) yield* this.restore();
    else report({ code: 'texture-refused', severity: 'warning', message: refusal });
  }

  /** Sends pixels that a lost device took with it. */
  *restore(): Generator<void, void> {
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
