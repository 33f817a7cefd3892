/** Which ImageBitmaps and VideoFrames of a realm are open, and which were closed more than once. Those that were transferred away are not open here. */
export class ImageLedger {
  #images = new Set<ImageBitmap | VideoFrame>();
  #closes = new Map<ImageBitmap | VideoFrame, number>();
  #restore: (() => void)[] = [];

  constructor() {
    const add = (image: ImageBitmap): ImageBitmap => this.add(image);
    const noteClose = (image: ImageBitmap | VideoFrame): unknown => this.#closes.set(image, (this.#closes.get(image) ?? 0) + 1);
    for (const prototype of [ImageBitmap.prototype, VideoFrame.prototype] as { close: () => void }[]) {
      const { close } = prototype;
      prototype.close = function (this: ImageBitmap | VideoFrame) {
        noteClose(this);
        close.call(this);
      };
      this.#restore.push(() => {
        prototype.close = close;
      });
    }
    const { createImageBitmap: create, VideoFrame: Frame } = globalThis;
    const canvases = OffscreenCanvas.prototype as { transferToImageBitmap: () => ImageBitmap };
    const transfer = canvases.transferToImageBitmap;
    globalThis.createImageBitmap = async (...args: unknown[]) =>
      this.add(await (create as (...args: unknown[]) => Promise<ImageBitmap>)(...args));
    globalThis.VideoFrame = new Proxy(Frame, { construct: (target, args) => this.add(Reflect.construct(target, args) as VideoFrame) });
    canvases.transferToImageBitmap = function () {
      return add(transfer.call(this));
    };
    this.#restore.push(() => {
      globalThis.createImageBitmap = create;
      globalThis.VideoFrame = Frame;
      canvases.transferToImageBitmap = transfer;
    });
  }

  /** One that arrived; all that are made here are found by themselves. */
  add<T>(image: T): T {
    if (image instanceof ImageBitmap || image instanceof VideoFrame) this.#images.add(image);
    return image;
  }

  get made(): number {
    return this.#images.size;
  }

  get open(): number {
    return [...this.#images].filter((image) => ('codedWidth' in image ? image.codedWidth : image.width) > 0).length;
  }

  get closedTwice(): number {
    return [...this.#closes.values()].filter((count) => count > 1).length;
  }

  dispose(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }
}
