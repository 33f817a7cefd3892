/** Counts calls that copy about a frame's pixels in this realm. */
export class CopyCount {
  /** Bytes above which a copy is one of a frame. */
  leastBytes = Infinity;
  #copies = 0;

  constructor() {
    const note = (bytes: number): void => {
      if (bytes >= this.leastBytes) this.#copies++;
    };
    // All typed arrays share one `set`.
    wrap(Object.getPrototypeOf(Uint8Array.prototype) as object, 'set', ([source]) =>
      note((source as Partial<ArrayBufferView>).byteLength ?? 0),
    );
    if (!('GPUQueue' in globalThis)) return;
    const bytesOf = (size: GPUExtent3DStrict): number => {
      const [width = 1, height = 1] = Symbol.iterator in size ? [...size] : [size.width, size.height];
      return width * height * 4;
    };
    wrap(GPUQueue.prototype, 'writeTexture', (args) => note(bytesOf(args[3] as GPUExtent3DStrict)));
    wrap(GPUQueue.prototype, 'copyExternalImageToTexture', (args) => note(bytesOf(args[2] as GPUExtent3DStrict)));
    for (const name of ['copyTextureToBuffer', 'copyTextureToTexture', 'copyBufferToTexture'] as const)
      wrap(GPUCommandEncoder.prototype, name, (args) => note(bytesOf(args[2] as GPUExtent3DStrict)));
  }

  /** Since the last call. */
  take(): number {
    const copies = this.#copies;
    this.#copies = 0;
    return copies;
  }
}

function wrap(prototype: object, name: string, look: (args: readonly unknown[]) => void): void {
  const original = (prototype as Record<string, (...args: unknown[]) => unknown>)[name];
  Object.assign(prototype, {
    [name](this: unknown, ...args: unknown[]) {
      look(args);
      return original?.apply(this, args);
    },
  });
}
