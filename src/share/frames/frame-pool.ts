import { byteLengthOf, gpuFormatOf, gpuUsageOf } from './formats.ts';
import type { TextureDescriptor } from './texture-descriptor.ts';
import type { FrameContent } from './transports/transport.ts';

/** One frame of the producer, with who still needs it. */
export interface PooledFrame {
  readonly descriptor: TextureDescriptor;
  readonly content: FrameContent;
  /** Keeps it as it is until the returned function is called; again is harmless. */
  retain(): () => void;
}

interface Entry extends PooledFrame {
  uses: number;
}

/** Beside the published one and the one that is drawn: more come while consumers hold some, and go again. */
const MOST_IDLE = 2;
const COPY_SRC = 0x01;
const TEXTURE_BINDING = 0x04;

/**
 * Textures and memory that a producer draws or writes into in turn. One that somebody reads, be it a transport that still sends it or a consumer in the
 * same realm, is not given out; there are two of them while nobody holds any longer.
 */
export class FramePool {
  #entries: Entry[] = [];
  #count = 0;

  /** A texture that nobody uses. What is in it is undefined. */
  takeTexture(device: GPUDevice, descriptor: TextureDescriptor): PooledFrame {
    return (
      this.#free(
        ({ content, descriptor: its }) => content.kind === 'texture' && content.device === device && isSameSize(its, descriptor),
      ) ??
      this.#add(descriptor, (retain) => ({
        kind: 'texture',
        device,
        texture: device.createTexture({
          label: `${descriptor.label}/shared ${this.#count}`,
          size: [descriptor.width, descriptor.height],
          format: gpuFormatOf(descriptor.format),
          usage: gpuUsageOf(descriptor.usages) | COPY_SRC | TEXTURE_BINDING,
        }),
        retain,
      }))
    );
  }

  /** Memory that nobody uses. What is in it is undefined. */
  takePixels(descriptor: TextureDescriptor): PooledFrame {
    return (
      this.#free(({ content, descriptor: its }) => content.kind === 'pixels' && isSameSize(its, descriptor)) ??
      this.#add(descriptor, (retain) => ({ kind: 'pixels', pixels: new Uint8Array(byteLengthOf(descriptor)), retain }))
    );
  }

  /** Frees all that is not in use, and the rest as soon as it is not. */
  clear(): void {
    for (const entry of this.#entries.splice(0)) {
      if (entry.uses === 0) destroy(entry);
    }
  }

  #free(fits: (entry: Entry) => boolean): Entry | undefined {
    return this.#entries.find((entry) => entry.uses === 0 && fits(entry));
  }

  #add(descriptor: TextureDescriptor, make: (retain: () => () => void) => FrameContent): Entry {
    const retain = (): (() => void) => {
      let isRetained = true;
      entry.uses += 1;
      return () => {
        if (!isRetained) return;
        isRetained = false;
        entry.uses -= 1;
        if (entry.uses === 0) this.#settle(entry);
      };
    };
    const entry: Entry = { descriptor, content: make(retain), uses: 0, retain };
    this.#count += 1;
    this.#entries.push(entry);
    return entry;
  }

  #settle(entry: Entry): void {
    const isKept = this.#entries.includes(entry);
    const idle = this.#entries.filter(({ uses, content }) => uses === 0 && content.kind === entry.content.kind).length;
    if (isKept && idle <= MOST_IDLE) return;
    if (isKept) this.#entries.splice(this.#entries.indexOf(entry), 1);
    destroy(entry);
  }
}

function isSameSize(a: TextureDescriptor, b: TextureDescriptor): boolean {
  return a.width === b.width && a.height === b.height;
}

function destroy({ content }: Entry): void {
  if (content.kind === 'texture') content.texture.destroy();
}
