/** Counts what a realm holds that only it can let go of: open images, ports, channels, and what is alive on its graphics devices. */
import { GpuLedger } from '../support/gpu-ledger.ts';

export interface RealmCounts {
  /** ImageBitmaps and VideoFrames that were made or received here and are neither closed nor moved on. */
  readonly images: number;
  /** MessagePorts, likewise. */
  readonly ports: number;
  readonly channels: number;
  readonly buffers: number;
  readonly textures: number;
  readonly gpuBytes: number;
  /** Liveness locks held or asked for in the whole origin; -1 where there are none to be had. */
  readonly locks: number;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** To be made before anything that is counted. */
export class RealmLedger {
  #images = new Set<ImageBitmap | VideoFrame>();
  #ports = new Set<MessagePort>();
  #channels = new Set<BroadcastChannel>();
  #gpu = 'GPUAdapter' in globalThis ? new GpuLedger() : undefined;

  constructor() {
    this.#countImages();
    this.#countPorts();
  }

  async counts(): Promise<RealmCounts> {
    this.#dropClosedImages();
    return {
      images: this.#images.size,
      ports: this.#ports.size,
      channels: this.#channels.size,
      buffers: this.#gpu?.buffers ?? 0,
      textures: this.#gpu?.textures ?? 0,
      gpuBytes: this.#gpu?.bytes ?? 0,
      locks: await livenessLocks(),
    };
  }

  /** A closed or moved image has no size. */
  #dropClosedImages(): void {
    for (const image of this.#images) {
      if ((image instanceof ImageBitmap ? image.width : image.codedWidth) === 0) this.#images.delete(image);
    }
  }

  #seeImage(image: unknown): void {
    if (!isImage(image)) return;
    this.#images.add(image);
    if (this.#images.size > 500) this.#dropClosedImages();
  }

  #countImages(): void {
    after(globalThis, 'createImageBitmap', (result) => void (result as Promise<unknown>).then((image) => this.#seeImage(image), ignore));
    if ('OffscreenCanvas' in globalThis) after(OffscreenCanvas.prototype, 'transferToImageBitmap', (result) => this.#seeImage(result));
    if (!('VideoFrame' in globalThis)) return;
    const see = (image: unknown): void => this.#seeImage(image);
    const Original = VideoFrame;
    after(Original.prototype, 'clone', see);
    globalThis.VideoFrame = new Proxy(Original, {
      construct(target, args: ConstructorParameters<typeof VideoFrame>) {
        const frame = new target(...args);
        see(frame);
        return frame;
      },
    });
  }

  #countPorts(): void {
    const ports = this.#ports;
    const twins = new WeakMap<MessagePort, MessagePort>();
    const seeImage = (value: unknown): void => this.#seeImage(value);
    globalThis.MessageChannel = new Proxy(MessageChannel, {
      construct(target) {
        const channel = new target();
        const { port1, port2 } = channel;
        ports.add(port1).add(port2);
        twins.set(port1, port2).set(port2, port1);
        return channel;
      },
    });
    globalThis.BroadcastChannel = new Proxy(BroadcastChannel, {
      construct: (target, args: [string]) => {
        const channel = new target(...args);
        this.#channels.add(channel);
        return channel;
      },
    });
    // Closing one port closes the other, if it is still here.
    before(MessagePort.prototype, 'close', (port) => {
      ports.delete(port as MessagePort);
      ports.delete(twins.get(port as MessagePort) as MessagePort);
    });
    before(BroadcastChannel.prototype, 'close', (channel) => this.#channels.delete(channel as BroadcastChannel));
    // A window's own function is left alone: other windows call it, and would no longer be the source of what they post.
    const posters: object[] = 'document' in globalThis ? [MessagePort.prototype] : [MessagePort.prototype, globalThis];
    if ('Worker' in globalThis) posters.push(Worker.prototype);
    for (const poster of posters) {
      if (!('postMessage' in poster)) continue;
      before(poster, 'postMessage', (_, args) => {
        for (const moved of (args.findLast((arg) => Array.isArray(arg)) as unknown[] | undefined) ?? []) {
          if (moved instanceof MessagePort) ports.delete(moved);
        }
      });
    }
    const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
    const seen = new WeakSet<MessageEvent>();
    Object.defineProperty(MessageEvent.prototype, 'data', {
      ...data,
      get(this: MessageEvent) {
        const value: unknown = data?.get?.call(this);
        if (!seen.has(this)) {
          seen.add(this);
          for (const port of this.ports) ports.add(port);
          walk(value, seeImage, 6);
        }
        return value;
      },
    });
  }
}

function walk(value: unknown, see: (value: unknown) => void, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  see(value);
  if (ArrayBuffer.isView(value) || isImage(value)) return;
  for (const field of Object.values(value)) walk(field, see, depth - 1);
}

function isImage(value: unknown): value is ImageBitmap | VideoFrame {
  return value instanceof ImageBitmap || ('VideoFrame' in globalThis && value instanceof VideoFrame);
}

function before(target: object, name: string, look: (self: unknown, args: unknown[]) => void): void {
  wrap(target, name, (original) => {
    return function (this: unknown, ...args) {
      look(this, args);
      return original.apply(this, args);
    };
  });
}

function after(target: object, name: string, look: (result: unknown) => void): void {
  wrap(target, name, (original) => {
    return function (this: unknown, ...args) {
      const result = original.apply(this, args);
      look(result);
      return result;
    };
  });
}

function wrap(target: object, name: string, around: (original: AnyFunction) => AnyFunction): void {
  const original = (target as Record<string, AnyFunction>)[name];
  if (original !== undefined) Object.assign(target, { [name]: around(original) });
}

function ignore(): void {
  // A bitmap that was not made is not counted; its maker hears of the failure.
}

async function livenessLocks(): Promise<number> {
  try {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter(({ name }) => name?.startsWith('proscenium-') === true).length;
  } catch {
    return -1;
  }
}
