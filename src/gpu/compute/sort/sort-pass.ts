import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { DrawBin } from '../cull/cull-pass.ts';
import { ALPHA_KINDS } from '../../layout/material-record.ts';
import { MAX_BINS } from '../cull/list-sizes.ts';

const BLOCK = 256;
const DIGITS = 256;
/** Bits of the keys that are sorted, eight a pass. */
const SHIFTS = [0, 8, 16] as const;
const UNIFORM_STEP = 256;

/** Buffers of the cull pass that the sort reads. */
export interface SortInput {
  readonly keys: GPUBuffer;
  readonly triangles: GPUBuffer;
  readonly counters: GPUBuffer;
  readonly binTable: GPUBuffer;
  readonly arguments: GPUBuffer;
}

/**
 * Sorts the blended triangles of a view back to front, on the GPU: nine dispatches per page that has any, whatever their
 * number. After an odd number of passes the result lies in `triangles` of this pass.
 */
export class SortPass {
  triangles: GPUBuffer;
  #device: GPUDevice;
  #pipelines: Readonly<Record<'count' | 'scan' | 'scatter', GPUComputePipeline>>;
  #bufferLayout: GPUBindGroupLayout;
  #stepLayout: GPUBindGroupLayout;
  #keys: GPUBuffer;
  #offsets: GPUBuffer;
  #steps: GPUBuffer;
  #forward: GPUBindGroup | undefined;
  #backward: GPUBindGroup | undefined;
  #stepGroup: GPUBindGroup;

  static async create(device: GPUDevice): Promise<SortPass> {
    const module = createShaderModule(device, SHADERS.sort);
    const buffer = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    });
    const bufferLayout = device.createBindGroupLayout({
      label: 'sort/buffers',
      entries: [
        buffer(0, 'read-only-storage'),
        buffer(1, 'read-only-storage'),
        buffer(2, 'storage'),
        buffer(3, 'storage'),
        buffer(4, 'storage'),
        buffer(5, 'storage'),
        buffer(6, 'uniform'),
      ],
    });
    const stepLayout = device.createBindGroupLayout({
      label: 'sort/step',
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } }],
    });
    const layout = device.createPipelineLayout({ label: 'sort', bindGroupLayouts: [bufferLayout, stepLayout] });
    const make = (entryPoint: string): Promise<GPUComputePipeline> =>
      device.createComputePipelineAsync({ label: `sort/${entryPoint}`, layout, compute: { module, entryPoint } });
    const [count, scan, scatter] = await Promise.all([make('count_digits'), make('scan'), make('scatter')]);
    return new SortPass(device, { count, scan, scatter }, bufferLayout, stepLayout);
  }

  private constructor(device: GPUDevice, pipelines: SortPipelines, bufferLayout: GPUBindGroupLayout, stepLayout: GPUBindGroupLayout) {
    this.#device = device;
    this.#pipelines = pipelines;
    this.#bufferLayout = bufferLayout;
    this.#stepLayout = stepLayout;
    const make = (label: string, bytes: number, usage: number): GPUBuffer =>
      device.createBuffer({ label: `sort/${label}`, size: bytes, usage });
    this.triangles = make('triangles', 4, GPUBufferUsage.STORAGE);
    this.#keys = make('keys', 4, GPUBufferUsage.STORAGE);
    this.#offsets = make('offsets', 4, GPUBufferUsage.STORAGE);
    this.#steps = make('steps', MAX_BINS * SHIFTS.length * UNIFORM_STEP, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const steps = new Uint32Array((MAX_BINS * SHIFTS.length * UNIFORM_STEP) / 4);
    for (let bin = 0; bin < MAX_BINS; bin++) {
      for (const [pass, shift] of SHIFTS.entries()) steps.set([bin, shift], stepOffset(bin, pass) / 4);
    }
    device.queue.writeBuffer(this.#steps, 0, steps);
    this.#stepGroup = device.createBindGroup({
      label: 'sort/step',
      layout: this.#stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#steps, size: 8 } }],
    });
  }

  get gpuBytes(): number {
    return this.triangles.size + this.#keys.size + this.#offsets.size;
  }

  /** Fits buffers and bind groups to the lists; call when a list buffer was replaced. */
  prepare(input: SortInput, bins: readonly DrawBin[]): void {
    const most = Math.max(0, ...bins.map((bin) => bin.triangleCapacity));
    this.triangles = this.#fit(this.triangles, input.triangles.size);
    this.#keys = this.#fit(this.#keys, input.keys.size);
    this.#offsets = this.#fit(this.#offsets, Math.ceil(most / BLOCK) * DIGITS * 4);
    const group = (label: string, keysIn: GPUBuffer, valuesIn: GPUBuffer, keysOut: GPUBuffer, valuesOut: GPUBuffer): GPUBindGroup =>
      this.#device.createBindGroup({
        label: `sort/${label}`,
        layout: this.#bufferLayout,
        entries: [keysIn, valuesIn, keysOut, valuesOut, this.#offsets, input.counters, input.binTable].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      });
    this.#forward = group('forward', input.keys, input.triangles, this.#keys, this.triangles);
    this.#backward = group('backward', this.#keys, this.triangles, input.keys, input.triangles);
  }

  encode(encoder: GPUCommandEncoder, input: SortInput, bins: readonly DrawBin[]): void {
    const pass = encoder.beginComputePass({ label: 'sort' });
    for (const bin of bins) {
      for (let step = 0; step < SHIFTS.length; step++) {
        pass.setBindGroup(0, step % 2 === 0 ? this.#forward! : this.#backward!);
        pass.setBindGroup(1, this.#stepGroup, [stepOffset(bin.page * ALPHA_KINDS + bin.alphaKind, step)]);
        pass.setPipeline(this.#pipelines.count);
        pass.dispatchWorkgroupsIndirect(input.arguments, bin.sortOffset);
        pass.setPipeline(this.#pipelines.scan);
        pass.dispatchWorkgroups(1);
        pass.setPipeline(this.#pipelines.scatter);
        pass.dispatchWorkgroupsIndirect(input.arguments, bin.sortOffset);
      }
    }
    pass.end();
  }

  dispose(): void {
    for (const buffer of [this.triangles, this.#keys, this.#offsets, this.#steps]) buffer.destroy();
  }

  #fit(buffer: GPUBuffer, bytes: number): GPUBuffer {
    if (buffer.size >= bytes) return buffer;
    const grown = this.#device.createBuffer({ label: buffer.label, size: Math.ceil(bytes / 4096) * 4096, usage: buffer.usage });
    buffer.destroy();
    return grown;
  }
}

type SortPipelines = Readonly<Record<'count' | 'scan' | 'scatter', GPUComputePipeline>>;

function stepOffset(bin: number, pass: number): number {
  return (bin * SHIFTS.length + pass) * UNIFORM_STEP;
}
