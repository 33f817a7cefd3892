/** One end of a measured connection, in any realm: draws or writes frames, or samples them on the GPU. */
import type { ImportedFrame, ImportedTexture, ShareableTexture } from '../../src/share/frames/share-types.ts';
import { transferablesOf, type TextureHandle } from '../../src/share/frames/texture-handle.ts';
import { TextureShareManager } from '../../src/share/frames/texture-share-manager.ts';
import type { TransportKind } from '../../src/share/frames/transports/transport.ts';
import { CopyCount } from './share-copies.ts';
import type { ShareCell, Stamps } from './share-figures.ts';
import sampleWgsl from './share-sample.wgsl?raw';

export type ShareEndCalls = {
  start: { request: object; reply: null };
  exportFrames: { request: { cell: ShareCell }; reply: TextureHandle };
  importFrames: { request: { handle: TextureHandle }; reply: TransportKind };
  /** Publishes frames until there were so many or time is up. */
  produce: { request: { cell: ShareCell; frames: number; limitMs: number }; reply: Stamps };
  /** Takes frames until `finish`. */
  consume: { request: object; reply: Stamps };
  /** The producer's last value: the consumer ends with it. */
  finish: { request: { lastValue: number }; reply: null };
  /** What the producer measured while it connected. */
  measured: { request: object; reply: Record<string, number | null> };
  end: { request: object; reply: null };
};

type Handlers = {
  [K in keyof ShareEndCalls]: (request: ShareEndCalls[K]['request']) => Promise<ShareEndCalls[K]['reply']> | ShareEndCalls[K]['reply'];
};

export class MeasuredEnd implements Handlers {
  #copies = new CopyCount();
  #device: GPUDevice | undefined;
  #manager = new TextureShareManager();
  #texture: ShareableTexture | undefined;
  #imported: ImportedTexture | undefined;
  #sampler: FrameSampler | undefined;
  #lastValue = Infinity;
  #value = 0;

  async start(): Promise<null> {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error('there is no graphics adapter');
    this.#device = await adapter.requestDevice();
    this.#device.addEventListener('uncapturederror', ({ error }) => {
      throw error;
    });
    this.#manager = new TextureShareManager({ device: this.#device });
    this.#sampler = await FrameSampler.make(this.#device);
    return null;
  }

  exportFrames({ cell }: ShareEndCalls['exportFrames']['request']): TextureHandle {
    const { width, height, transport } = cell;
    this.#copies.leastBytes = (width * height * 4) / 2;
    // In order, so that frames in flight are all counted; one more slot than are in flight.
    const descriptor = { width, height, mode: 'queue', slots: 4, alphaMode: 'opaque', label: 'benchmark' } as const;
    this.#texture = this.#manager.createShareableTexture(descriptor);
    this.#value = 0;
    return this.#manager.exportTexture(this.#texture, { transport, isPortless: transport === 'broadcast' });
  }

  importFrames({ handle }: ShareEndCalls['importFrames']['request']): Promise<TransportKind> {
    this.#imported = this.#manager.importTexture(handle);
    const { width, height } = handle.descriptor;
    this.#copies.leastBytes = (width * height * 4) / 2;
    this.#lastValue = Infinity;
    return this.#imported.ready;
  }

  async produce({ cell, frames, limitMs }: ShareEndCalls['produce']['request']): Promise<Stamps> {
    const texture = this.#texture as ShareableTexture;
    const consumed = texture.connections[0]?.consumed;
    this.#copies.take();
    const values: number[] = [];
    const epochMs: number[] = [];
    const end = performance.now() + limitMs;
    let failure: unknown;
    while (values.length < frames && performance.now() < end && failure === undefined) {
      const value = ++this.#value;
      const room = await consumed?.wait(value - cell.inFlight, limitMs);
      if (room !== 'ok') throw new Error(`frame ${value - cell.inFlight} was not released: ${room}`);
      values.push(value);
      epochMs.push(epochNow());
      if (cell.source === 'cpu') writeFrame(texture.beginPixels(), value);
      else this.#drawFrame(texture.begin(), value);
      texture.publish().catch((error: unknown) => {
        failure = error;
      });
    }
    if (failure !== undefined) throw failure;
    const last = await consumed?.wait(this.#value, limitMs);
    if (last !== 'ok') throw new Error(`the last frame was not released: ${last}`);
    return { values, epochMs, copies: this.#copies.take() };
  }

  async consume(): Promise<Stamps> {
    const imported = this.#imported as ImportedTexture;
    const sampler = this.#sampler as FrameSampler;
    this.#lastValue = Infinity;
    this.#copies.take();
    const values: number[] = [];
    const epochMs: number[] = [];
    const uses: Promise<void>[] = [];
    let wrongColor: string | undefined;
    let last = 0;
    while (last < this.#lastValue) {
      let frame: ImportedFrame;
      try {
        frame = await imported.acquire(undefined, 250);
      } catch (error) {
        if ((error as { code?: string }).code === 'share-timeout') continue;
        throw error;
      }
      last = frame.value;
      sampler.sample(frame);
      uses.push(
        sampler.done().then(async () => {
          values.push(frame.value);
          epochMs.push(epochNow());
          frame.release();
        }),
      );
      // Two are used while the third arrives.
      if (uses.length > 2) await uses.shift();
    }
    await Promise.all(uses);
    const color = await sampler.color();
    if (color.some((byte, i) => Math.abs(byte - (colorOf(last)[i] ?? 0)) > 1))
      wrongColor = `${color.join(' ')}, not ${colorOf(last).join(' ')}`;
    return { values, epochMs, copies: this.#copies.take(), ...(wrongColor === undefined ? {} : { wrongColor }) };
  }

  finish({ lastValue }: ShareEndCalls['finish']['request']): null {
    this.#lastValue = lastValue;
    return null;
  }

  measured(): Record<string, number | null> {
    const { measured } = this.#texture?.connections[0] ?? {};
    return Object.fromEntries([...(measured ?? [])].map(([kind, ms]) => [kind, ms ?? null]));
  }

  end(): null {
    this.#manager.close();
    this.#manager = new TextureShareManager(this.#device === undefined ? {} : { device: this.#device });
    this.#copies.leastBytes = Infinity;
    return null;
  }

  #drawFrame(target: GPUTexture, value: number): void {
    const device = this.#device as GPUDevice;
    const encoder = device.createCommandEncoder();
    const clearValue = colorOf(value).map((byte) => byte / 255);
    encoder.beginRenderPass({ colorAttachments: [{ view: target.createView(), loadOp: 'clear', storeOp: 'store', clearValue }] }).end();
    device.queue.submit([encoder.finish()]);
  }
}

/** Answers calls over a port or a worker's own channel. */
export function answerCalls(end: MeasuredEnd, post: (message: unknown, transfer: Transferable[]) => void): (message: unknown) => void {
  return (message) => {
    const { kind, call } = (message ?? {}) as { kind?: keyof ShareEndCalls; call?: number };
    if (kind === undefined || call === undefined) return;
    const handle = async (): Promise<void> => {
      try {
        const reply = await (end[kind] as (request: unknown) => unknown).call(end, message);
        post({ kind: 'reply', call, reply }, kind === 'exportFrames' ? transferablesOf(reply as TextureHandle) : []);
      } catch (error) {
        const { code = '', message: text = String(error) } = error as { code?: string; message?: string };
        post({ kind: 'failed', call, error: { code, severity: 'error', message: text } }, []);
      }
    };
    void handle();
  };
}

/** Reads the middle of a frame in a render pass, as a renderer would that uses it as a texture. */
class FrameSampler {
  #device: GPUDevice;
  #plain: GPURenderPipeline;
  #external: GPURenderPipeline;
  #target: GPUTexture;

  private constructor(device: GPUDevice, plain: GPURenderPipeline, external: GPURenderPipeline) {
    this.#device = device;
    this.#plain = plain;
    this.#external = external;
    const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
    this.#target = device.createTexture({ label: 'benchmark/sample', size: [64, 64], format: 'rgba8unorm', usage });
  }

  static async make(device: GPUDevice): Promise<FrameSampler> {
    const module = device.createShaderModule({ label: 'benchmark/sample', code: sampleWgsl });
    const pipeline = (entryPoint: string): Promise<GPURenderPipeline> =>
      device.createRenderPipelineAsync({
        label: `benchmark/${entryPoint}`,
        layout: 'auto',
        vertex: { module, entryPoint: 'vs_main' },
        fragment: { module, entryPoint, targets: [{ format: 'rgba8unorm' }] },
      });
    return new FrameSampler(device, await pipeline('fs_texture'), await pipeline('fs_external'));
  }

  /** Submits; without a copy where the frame can be had so. */
  sample(frame: ImportedFrame): void {
    const external = frame.externalTexture();
    const pipeline = external === undefined ? this.#plain : this.#external;
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view: this.#target.createView(), loadOp: 'clear', storeOp: 'store' }] });
    const entries = [external === undefined ? { binding: 0, resource: frame.texture().createView() } : { binding: 1, resource: external }];
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.draw(3);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  done(): Promise<undefined> {
    return this.#device.queue.onSubmittedWorkDone();
  }

  /** RGBA bytes of the last sample. */
  async color(): Promise<number[]> {
    const buffer = this.#device.createBuffer({ size: 256, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture: this.#target }, { buffer, bytesPerRow: 256 }, [1, 1]);
    this.#device.queue.submit([encoder.finish()]);
    await buffer.mapAsync(GPUMapMode.READ);
    const color = [...new Uint8Array(buffer.getMappedRange(), 0, 4)];
    buffer.destroy();
    return color;
  }
}

/** As sRGB bytes with alpha, different from frame to frame. */
function colorOf(value: number): [number, number, number, number] {
  return [value & 255, (value >> 3) & 255, 64, 255];
}

function writeFrame(pixels: Uint8Array, value: number): void {
  const [r, g, b, a] = colorOf(value);
  new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 2).fill((a << 24) | (b << 16) | (g << 8) | r);
}

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
