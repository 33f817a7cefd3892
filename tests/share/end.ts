/** An end as tests drive it: textures that it makes or imports, by name, filled and checked with the pattern of `pattern.ts`. */
import { byteLengthOf, bytesPerPixel } from '../../src/share/frames/formats.ts';
import { ShareError } from '../../src/share/frames/share-error.ts';
import type { ImportedFrame, ImportedTexture, ShareableTexture } from '../../src/share/frames/share-types.ts';
import { transferablesOf } from '../../src/share/frames/texture-handle.ts';
import { TextureShareManager } from '../../src/share/frames/texture-share-manager.ts';
import { createTimeline, exportTimeline, importTimeline } from '../../src/share/frames/timeline/shared-timeline.ts';
import type { TimelineSemaphore } from '../../src/share/frames/timeline/timeline-semaphore.ts';
import { makeRandom } from '../support/random.ts';
import type { EndCalls, Failure, PixelAccess, PublishReport, TakeReport, TextureState } from './end-calls.ts';
import { fillPattern, mismatch } from './pattern.ts';
import type { RealmLedger } from './realm-ledger.ts';

type Handlers = { [K in keyof EndCalls]: (request: EndCalls[K]['request']) => Promise<EndCalls[K]['reply']> | EndCalls[K]['reply'] };

const MOST_FAULTS = 10;
const WAIT_MS = 20_000;

export class ShareEnd implements Handlers {
  #ledger: RealmLedger;
  #device: GPUDevice | undefined;
  #manager = new TextureShareManager();
  #made = new Map<string, ShareableTexture>();
  #imported = new Map<string, ImportedTexture>();
  #held = new Map<string, ImportedFrame>();
  #timelines = new Map<string, TimelineSemaphore>();

  constructor(ledger: RealmLedger) {
    this.#ledger = ledger;
  }

  async start({ hasDevice }: EndCalls['start']['request']): Promise<EndCalls['start']['reply']> {
    if (hasDevice) await this.#begin(await requestDevice());
    return { isIsolated: crossOriginIsolated, origin: globalThis.origin, hasDevice: this.#device !== undefined };
  }

  make({ name, descriptor }: EndCalls['make']['request']): null {
    this.#made.set(name, this.#manager.createShareableTexture(descriptor));
    return null;
  }

  exportHandle({ name, options }: EndCalls['exportHandle']['request']): EndCalls['exportHandle']['reply'] {
    return this.#manager.exportTexture(this.#texture(name), options);
  }

  importHandle({ name, handle, expected }: EndCalls['importHandle']['request']): null {
    const imported = this.#manager.importTexture(handle, expected);
    this.#imported.set(name, imported);
    // Who asks hears of it; nobody has to.
    imported.ready.catch(() => undefined);
    return null;
  }

  ready({ name }: EndCalls['ready']['request']): EndCalls['ready']['reply'] | Promise<EndCalls['ready']['reply']> {
    return within(this.#import(name).ready, WAIT_MS, 'ready');
  }

  async connected({ name, count, state, timeoutMs }: EndCalls['connected']['request']): Promise<{ afterMs: number }> {
    const texture = this.#texture(name);
    const begin = performance.now();
    const has = (): boolean =>
      state === 'closed'
        ? texture.connections.filter((connection) => connection.state !== 'closed').length <= count
        : texture.connections.filter((connection) => connection.state === state).length >= count;
    if (!has()) {
      await within(
        new Promise<void>((resolve) => {
          texture.onConnection(() => {
            if (has()) resolve();
          });
        }),
        timeoutMs,
        `${count} connections that are ${state}`,
      );
    }
    return { afterMs: performance.now() - begin };
  }

  async publish({ name, count, access, mostDelayMs, seed, isPaced = false }: EndCalls['publish']['request']): Promise<PublishReport> {
    const texture = this.#texture(name);
    const random = makeRandom(seed);
    let lastValue = texture.produced.value;
    let longestMs = 0;
    let wholeMs = 0;
    for (let i = 0; i < count; i++) {
      await pause(random() * mostDelayMs);
      this.#draw(texture, lastValue + 1, access);
      const begin = performance.now();
      const value = await within(texture.publish(), WAIT_MS, 'publish');
      const took = performance.now() - begin;
      longestMs = Math.max(longestMs, took);
      wholeMs += took;
      if (value !== lastValue + 1) throw new Error(`frame ${lastValue + 1} was published as ${value}`);
      lastValue = value;
      if (isPaced && (await texture.connections[0]?.consumed.wait(value, WAIT_MS)) !== 'ok')
        throw new Error(`frame ${value} was not released`);
    }
    return { lastValue, longestMs, wholeMs };
  }

  async take({
    name,
    untilValue,
    count = Infinity,
    access,
    mostDelayMs,
    seed,
    timeoutMs,
  }: EndCalls['take']['request']): Promise<TakeReport> {
    const imported = this.#import(name);
    const random = makeRandom(seed);
    const values: number[] = [];
    const faults: string[] = [];
    const note = (fault: string | undefined): void => {
      if (fault !== undefined && faults.length < MOST_FAULTS) faults.push(fault);
    };
    let last = 0;
    while (last < untilValue && values.length < count) {
      const frame = await imported.acquire(undefined, timeoutMs);
      const { value, epochMs, descriptor } = frame;
      if (value <= last) note(`frame ${value} came after ${last}`);
      const age = performance.timeOrigin + performance.now() - epochMs;
      if (!(age > -50 && age < 60_000)) note(`frame ${value} says that it is ${age} ms old`);
      last = value;
      values.push(value);
      if (access !== 'nothing') note(mismatch(value, descriptor, await this.#read(frame, access)));
      await pause(random() * mostDelayMs);
      // Held for a while, it must still be the same.
      if (mostDelayMs > 0 && access === 'pixels') note(mismatch(value, descriptor, await frame.pixels()));
      frame.release();
    }
    return { values, faults };
  }

  async hold({ name }: EndCalls['hold']['request']): Promise<{ value: number }> {
    const frame = await this.#import(name).acquire(undefined, WAIT_MS);
    this.#held.set(name, frame);
    return { value: frame.value };
  }

  async releaseHeld({ name }: EndCalls['releaseHeld']['request']): Promise<{ faults: readonly string[] }> {
    const frame = this.#held.get(name);
    if (frame === undefined) throw new Error(`no frame of ${name} is held`);
    this.#held.delete(name);
    const fault = mismatch(frame.value, frame.descriptor, await frame.pixels());
    frame.release();
    frame.release();
    return { faults: fault === undefined ? [] : [fault] };
  }

  resize({ name, width, height }: EndCalls['resize']['request']): null {
    this.#texture(name).resize(width, height);
    return null;
  }

  closed({ name }: EndCalls['closed']['request']): Promise<'released' | 'peer-lost'> {
    return this.#import(name).closed;
  }

  state({ name }: EndCalls['state']['request']): TextureState {
    const { produced, descriptor, connections } = this.#texture(name);
    return {
      produced: produced.value,
      descriptor,
      connections: connections.map(({ state, transport, consumed }) => ({ state, transport, consumed: consumed.value })),
    };
  }

  release({ name }: EndCalls['release']['request']): null {
    const thing = this.#made.get(name) ?? this.#imported.get(name);
    if (thing === undefined) throw new Error(`nothing is called ${name}`);
    this.#manager.release(thing);
    this.#manager.release(thing);
    this.#made.delete(name);
    this.#imported.delete(name);
    this.#held.delete(name);
    return null;
  }

  loseDevice(): null {
    this.#device?.destroy();
    return null;
  }

  async useNewDevice({ name }: EndCalls['useNewDevice']['request']): Promise<null> {
    this.#device = await requestDevice();
    (this.#made.get(name) ?? this.#import(name)).useDevice(this.#device);
    return null;
  }

  async failureOfUse({ name }: EndCalls['failureOfUse']['request']): Promise<Failure | null> {
    try {
      const made = this.#made.get(name);
      if (made !== undefined) made.begin();
      else (this.#held.get(name) ?? (await this.#import(name).acquire(0, WAIT_MS))).texture();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  makeTimeline({ name, usesMemory }: EndCalls['makeTimeline']['request']): null {
    this.#timelines.set(name, createTimeline({ usesMemory }));
    return null;
  }

  exportTimeline({ name }: EndCalls['exportTimeline']['request']): EndCalls['exportTimeline']['reply'] {
    return exportTimeline(this.#timeline(name));
  }

  async importTimeline({ name, handle, usesMemory }: EndCalls['importTimeline']['request']): Promise<null> {
    this.#timelines.set(name, await within(importTimeline(handle, { usesMemory }), WAIT_MS, 'importTimeline'));
    return null;
  }

  signal({ name, value }: EndCalls['signal']['request']): boolean {
    return this.#timeline(name).signal(value);
  }

  wait({
    name,
    value,
    timeoutMs,
    isBlocking = false,
  }: EndCalls['wait']['request']): EndCalls['wait']['reply'] | Promise<EndCalls['wait']['reply']> {
    const timeline = this.#timeline(name);
    if (!isBlocking) return timeline.wait(value, timeoutMs);
    if (timeline.waitSync === undefined) throw new Error('this timeline has no waitSync here');
    return timeline.waitSync(value, timeoutMs);
  }

  timelineValue({ name }: EndCalls['timelineValue']['request']): number {
    return this.#timeline(name).value;
  }

  closeTimeline({ name }: EndCalls['closeTimeline']['request']): null {
    this.#timeline(name).close();
    this.#timeline(name).close();
    return null;
  }

  counts(): ReturnType<RealmLedger['counts']> {
    return this.#ledger.counts();
  }

  closeManager(): null {
    this.#manager.close();
    this.#manager.close();
    this.#made.clear();
    this.#imported.clear();
    this.#held.clear();
    this.#manager = new TextureShareManager(this.#device === undefined ? {} : { device: this.#device });
    return null;
  }

  async #begin(device: GPUDevice): Promise<void> {
    this.#manager.close();
    this.#device = device;
    this.#manager = new TextureShareManager({ device });
  }

  #texture(name: string): ShareableTexture {
    const texture = this.#made.get(name);
    if (texture === undefined) throw new Error(`no texture is called ${name}`);
    return texture;
  }

  #import(name: string): ImportedTexture {
    const imported = this.#imported.get(name);
    if (imported === undefined) throw new Error(`nothing imported is called ${name}`);
    return imported;
  }

  #timeline(name: string): TimelineSemaphore {
    const timeline = this.#timelines.get(name);
    if (timeline === undefined) throw new Error(`no timeline is called ${name}`);
    return timeline;
  }

  #draw(texture: ShareableTexture, value: number, access: PixelAccess): void {
    const { descriptor } = texture;
    if (access === 'pixels') {
      fillPattern(value, descriptor, texture.beginPixels());
      return;
    }
    const pixels = new Uint8Array(byteLengthOf(descriptor));
    fillPattern(value, descriptor, pixels);
    const { width, height, format } = descriptor;
    const target = texture.begin();
    this.#device?.queue.writeTexture({ texture: target }, pixels, { bytesPerRow: width * bytesPerPixel(format) }, [width, height]);
  }

  async #read(frame: ImportedFrame, access: PixelAccess): Promise<Uint8Array> {
    if (access === 'pixels') return frame.pixels();
    if (access === 'bitmap') return readBitmap(await frame.bitmap());
    if (this.#device === undefined) throw new Error('a texture is read with a device');
    return readTexture(
      this.#device,
      frame.texture(),
      frame.descriptor.width,
      frame.descriptor.height,
      bytesPerPixel(frame.descriptor.format),
    );
  }
}

/** What moves with a reply. */
export function transferOfReply(kind: keyof EndCalls, reply: unknown): Transferable[] {
  if (kind === 'exportHandle') return transferablesOf(reply as EndCalls['exportHandle']['reply']);
  return kind === 'exportTimeline' ? [(reply as EndCalls['exportTimeline']['reply']).port] : [];
}

export function failureOf(error: unknown): Failure {
  return { code: error instanceof ShareError ? error.code : '', message: error instanceof Error ? error.message : String(error) };
}

async function requestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('there is no graphics adapter');
  const device = await adapter.requestDevice();
  device.addEventListener('uncapturederror', ({ error }) => {
    throw error;
  });
  return device;
}

async function readTexture(device: GPUDevice, texture: GPUTexture, width: number, height: number, pixelBytes: number): Promise<Uint8Array> {
  const bytesPerRow = Math.ceil((width * pixelBytes) / 256) * 256;
  const buffer = device.createBuffer({ size: bytesPerRow * height, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  const padded = new Uint8Array(buffer.getMappedRange());
  const pixels = new Uint8Array(width * height * pixelBytes);
  for (let y = 0; y < height; y++)
    pixels.set(padded.subarray(y * bytesPerRow, y * bytesPerRow + width * pixelBytes), y * width * pixelBytes);
  buffer.destroy();
  return pixels;
}

/** R, G, B, A bytes; exact for opaque images only, as a 2D canvas keeps colours premultiplied. */
function readBitmap(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Uint8Array(context?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
}

async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Less than a millisecond is a turn of the loop. */
async function pause(ms: number): Promise<void> {
  if (ms >= 1) await new Promise((resolve) => setTimeout(resolve, ms));
  else if (ms > 0) await Promise.resolve();
}
