/** Counts what is alive on the graphics devices of a page: devices, buffers, textures and their bytes. */
export class GpuLedger {
  devices = 0;
  #buffers = new Map<GPUBuffer, number>();
  #textures = new Map<GPUTexture, number>();
  #restore: (() => void)[] = [];

  constructor() {
    this.#around(GPUAdapter.prototype, 'requestDevice', async (request) => {
      const device = await request();
      this.devices++;
      void device.lost.then(() => {
        this.devices--;
        for (const resource of this.#buffers.keys()) if (OWNERS.get(resource) === device) this.#buffers.delete(resource);
        for (const resource of this.#textures.keys()) if (OWNERS.get(resource) === device) this.#textures.delete(resource);
      });
      return device;
    });
    this.#around(GPUDevice.prototype, 'createBuffer', (create, device) => {
      const buffer = create();
      OWNERS.set(buffer, device);
      this.#buffers.set(buffer, buffer.size);
      return buffer;
    });
    this.#around(GPUDevice.prototype, 'createTexture', (create, device) => {
      const texture = create();
      OWNERS.set(texture, device);
      this.#textures.set(texture, bytesOf(texture));
      return texture;
    });
    this.#around(GPUBuffer.prototype, 'destroy', (destroy, buffer) => {
      this.#buffers.delete(buffer);
      return destroy();
    });
    this.#around(GPUTexture.prototype, 'destroy', (destroy, texture) => {
      this.#textures.delete(texture);
      return destroy();
    });
  }

  get buffers(): number {
    return this.#buffers.size;
  }

  get textures(): number {
    return this.#textures.size;
  }

  get bytes(): number {
    return [...this.#buffers.values(), ...this.#textures.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Bytes by the first word of labels, largest first. */
  get byLabel(): Record<string, number> {
    const sums = new Map<string, number>();
    for (const [{ label }, bytes] of [...this.#buffers, ...this.#textures]) {
      const name = label.split(/[/ ]/u)[0]!;
      sums.set(name, (sums.get(name) ?? 0) + bytes);
    }
    return Object.fromEntries([...sums].sort((a, b) => b[1] - a[1]));
  }

  /** Puts the page's own functions back. */
  stop(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Puts `wrapper` around a method; `call` runs the method as it was asked to. */
  #around<T, K extends keyof T>(prototype: T, name: K, wrapper: (call: () => Returned<T[K]>, target: T) => Returned<T[K]>): void {
    const original = prototype[name] as (...args: unknown[]) => Returned<T[K]>;
    const wrapped = function (this: T, ...args: unknown[]): Returned<T[K]> {
      return wrapper(() => original.apply(this, args), this);
    };
    Object.assign(prototype as object, { [name]: wrapped });
    this.#restore.push(() => void Object.assign(prototype as object, { [name]: original }));
  }
}

type Returned<F> = F extends (...args: never[]) => infer R ? R : never;

const OWNERS = new WeakMap<object, GPUDevice>();

function bytesOf({ width, height, depthOrArrayLayers, mipLevelCount, sampleCount, format }: GPUTexture): number {
  const texel = format.startsWith('rgba16') ? 8 : format.startsWith('r8') ? 1 : 4;
  let texels = 0;
  for (let level = 0; level < mipLevelCount; level++) texels += Math.max(1, width >> level) * Math.max(1, height >> level);
  return texels * depthOrArrayLayers * sampleCount * texel;
}
