/**
 * Reads textures back into memory: `copyTextureToBuffer` into staging buffers that are mapped in rotation, so that the next frame can be copied while
 * the one before is still on its way. WebGPU wants rows of a buffer to begin at multiples of 256 bytes (WebGPU 19.2.1 "bytesPerRow"); what comes
 * out has tight rows, in one `set` where the padding is nothing (64 pixels of 4 bytes, so all usual widths).
 */
import { byteLengthOf, bytesPerPixel } from '../formats.ts';
import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { checkSource } from './check-source.ts';

const ROW_ALIGNMENT = 256;
/** A refused mapping is told from a lost device by waiting this long for the news of the loss. */
const LOSS_NEWS_MS = 200;

export class FrameReadback {
  readonly #device: GPUDevice;
  readonly #descriptor: TextureDescriptor;
  readonly #bytesPerRow: number;
  readonly #tightBytesPerRow: number;
  readonly #limit: number;
  /** Every staging buffer, and those of them that nothing is being copied into. */
  readonly #staging: GPUBuffer[] = [];
  #idle: GPUBuffer[] = [];
  #waiting: ((staging: GPUBuffer | undefined) => void)[] = [];
  /** Settles when the read before is done; never rejects. */
  #turn: Promise<unknown> = Promise.resolve();
  #isDisposed = false;

  /** @param descriptor `slots` of it can be on their way at once; more wait */
  constructor(device: GPUDevice, descriptor: TextureDescriptor) {
    this.#device = device;
    this.#descriptor = descriptor;
    this.#tightBytesPerRow = descriptor.width * bytesPerPixel(descriptor.format);
    this.#bytesPerRow = Math.ceil(this.#tightBytesPerRow / ROW_ALIGNMENT) * ROW_ALIGNMENT;
    this.#limit = Math.max(descriptor.slots, 3);
  }

  /**
   * The copy is submitted before this returns while fewer than `slots` are on their way, so that the texture may be drawn into again at once. Reads
   * complete in the order of their calls.
   *
   * @param texture of this device, with usage COPY_SRC, in the descriptor's size and format (or its `-srgb` twin)
   * @param into receives the frame, rows top first, tight; may be shared memory
   * @throws ShareError `share-device-lost`, `share-released`, `share-bad-descriptor`, `share-limit`
   */
  async read(texture: GPUTexture, into: Uint8Array): Promise<void> {
    this.#check(texture, into);
    const staging = this.#takeIdle() ?? (await new Promise<GPUBuffer | undefined>((resolve) => this.#waiting.push(resolve)));
    if (staging === undefined) throw released();
    const { width, height, label } = this.#descriptor;
    const encoder = this.#device.createCommandEncoder({ label: `${label}/readback` });
    encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: this.#bytesPerRow }, [width, height]);
    this.#device.queue.submit([encoder.finish()]);
    const read = Promise.all([staging.mapAsync(GPUMapMode.READ), this.#turn]).then(() => {
      if (this.#isDisposed) throw released();
      this.#copy(new Uint8Array(staging.getMappedRange()), into);
      staging.unmap();
    });
    this.#turn = read.catch(() => undefined);
    try {
      await read;
    } catch (cause) {
      throw await this.#explain(cause);
    } finally {
      this.#giveBack(staging);
    }
  }

  /** What is on its way is rejected with `share-released`. Safe to call twice. */
  dispose(): void {
    this.#isDisposed = true;
    this.#idle = [];
    for (const staging of this.#staging.splice(0)) staging.destroy();
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }

  #check(texture: GPUTexture, into: Uint8Array): void {
    if (this.#isDisposed) throw released();
    checkSource(texture, this.#descriptor);
    const bytes = byteLengthOf(this.#descriptor);
    if (into.byteLength !== bytes) {
      throw new ShareError('share-bad-descriptor', `A frame has ${bytes} bytes; there is memory for ${into.byteLength}.`);
    }
  }

  #takeIdle(): GPUBuffer | undefined {
    const idle = this.#idle.pop();
    if (idle !== undefined || this.#staging.length >= this.#limit) return idle;
    const staging = this.#device.createBuffer({
      label: `${this.#descriptor.label}/staging`,
      size: this.#bytesPerRow * this.#descriptor.height,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    this.#staging.push(staging);
    return staging;
  }

  #giveBack(staging: GPUBuffer): void {
    if (this.#isDisposed) return;
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(staging);
    else next(staging);
  }

  #copy(mapped: Uint8Array, into: Uint8Array): void {
    const tight = this.#tightBytesPerRow;
    if (this.#bytesPerRow === tight) {
      into.set(mapped);
      return;
    }
    for (let row = 0; row < this.#descriptor.height; row++) {
      const begin = row * this.#bytesPerRow;
      into.set(mapped.subarray(begin, begin + tight), row * tight);
    }
  }

  async #explain(cause: unknown): Promise<ShareError> {
    if (cause instanceof ShareError) return cause;
    if (this.#isDisposed) return released();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isLost = await Promise.race([
      this.#device.lost.then(() => true),
      new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), LOSS_NEWS_MS);
      }),
    ]);
    clearTimeout(timer);
    return isLost
      ? new ShareError('share-device-lost', 'The graphics device was lost while a frame was read back.', { cause })
      : new ShareError('share-limit', `There is no graphics memory to read back frames of "${this.#descriptor.label}".`, { cause });
  }
}

function released(): ShareError {
  return new ShareError('share-released', 'The readback was disposed of.');
}
