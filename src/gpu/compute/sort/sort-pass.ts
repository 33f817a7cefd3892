import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { CullPass, CullView, DrawBin } from '../cull/cull-pass.ts';
import { ALPHA_KINDS } from '../../layout/material-record.ts';
import { MAX_BINS } from '../cull/list-sizes.ts';

const BLOCK = 256;
const DIGITS = 256;
/** Bits of the keys that are sorted, eight a pass. */
const SHIFTS = [0, 8, 16] as const;
const UNIFORM_STEP = 256;

/**
 * Sorts the blended triangles of a view back to front, on the GPU: nine dispatches per page that has any, whatever their
 * number. After an odd number of passes the result lies in `triangles` of this pass. Kernels and buffers are one set per
 * device, like the lists of the cull pass; a view's bind groups are in `SortView`.
 */
export class SortPass {
  readonly device: GPUDevice;
  readonly pipelines: SortPipelines;
  readonly bufferLayout: GPUBindGroupLayout;
  readonly stepGroup: GPUBindGroup;
  triangles: GPUBuffer;
  keys: GPUBuffer;
  offsets: GPUBuffer;
  /** Raised when a buffer is replaced. */
  version = 0;
  #steps: GPUBuffer;

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
    this.device = device;
    this.pipelines = pipelines;
    this.bufferLayout = bufferLayout;
    const make = (label: string, bytes: number, usage: number): GPUBuffer =>
      device.createBuffer({ label: `sort/${label}`, size: bytes, usage });
    this.triangles = make('triangles', 4, GPUBufferUsage.STORAGE);
    this.keys = make('keys', 4, GPUBufferUsage.STORAGE);
    this.offsets = make('offsets', 4, GPUBufferUsage.STORAGE);
    this.#steps = make('steps', MAX_BINS * SHIFTS.length * UNIFORM_STEP, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const steps = new Uint32Array((MAX_BINS * SHIFTS.length * UNIFORM_STEP) / 4);
    for (let bin = 0; bin < MAX_BINS; bin++) {
      for (const [pass, shift] of SHIFTS.entries()) steps.set([bin, shift], stepOffset(bin, pass) / 4);
    }
    device.queue.writeBuffer(this.#steps, 0, steps);
    this.stepGroup = device.createBindGroup({
      label: 'sort/step',
      layout: stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#steps, size: 8 } }],
    });
  }

  get gpuBytes(): number {
    return this.triangles.size + this.keys.size + this.offsets.size;
  }

  /** Fits the buffers to the lists of the cull pass: there are keys for the views that have something to sort. */
  fit(lists: CullPass): void {
    const bytes = lists.keys.size;
    this.triangles = this.#fit(this.triangles, bytes);
    this.keys = this.#fit(this.keys, bytes);
    this.offsets = this.#fit(this.offsets, Math.ceil(bytes / 4 / BLOCK) * DIGITS * 4);
  }

  dispose(): void {
    for (const buffer of [this.triangles, this.keys, this.offsets, this.#steps]) buffer.destroy();
  }

  #fit(buffer: GPUBuffer, bytes: number): GPUBuffer {
    const size = Math.ceil(bytes / 4096) * 4096;
    if (buffer.size === size) return buffer;
    const fitting = this.device.createBuffer({ label: buffer.label, size, usage: buffer.usage });
    buffer.destroy();
    this.version++;
    return fitting;
  }
}

/** One view's use of the sort: bind groups over its lists. */
export class SortView {
  #pass: SortPass;
  #forward: GPUBindGroup | undefined;
  #backward: GPUBindGroup | undefined;
  #version = '';

  constructor(pass: SortPass) {
    this.#pass = pass;
  }

  /** Fits buffers and bind groups to the lists; cheap when nothing changed. */
  prepare(cull: CullView): void {
    const { lists } = cull;
    this.#pass.fit(lists);
    const version = `${lists.version}/${this.#pass.version}`;
    if (version === this.#version) return;
    this.#version = version;
    const { device, bufferLayout, keys, triangles, offsets } = this.#pass;
    const group = (label: string, keysIn: GPUBuffer, valuesIn: GPUBuffer, keysOut: GPUBuffer, valuesOut: GPUBuffer): GPUBindGroup =>
      device.createBindGroup({
        label: `sort/${label}`,
        layout: bufferLayout,
        entries: [keysIn, valuesIn, keysOut, valuesOut, offsets, lists.counters, cull.binTable].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      });
    this.#forward = group('forward', lists.keys, lists.triangles, keys, triangles);
    this.#backward = group('backward', keys, triangles, lists.keys, lists.triangles);
  }

  encode(encoder: GPUCommandEncoder, cull: CullView, bins: readonly DrawBin[]): void {
    const { pipelines, stepGroup } = this.#pass;
    const pass = encoder.beginComputePass({ label: 'sort' });
    for (const bin of bins) {
      for (let step = 0; step < SHIFTS.length; step++) {
        pass.setBindGroup(0, step % 2 === 0 ? this.#forward! : this.#backward!);
        pass.setBindGroup(1, stepGroup, [stepOffset(bin.page * ALPHA_KINDS + bin.alphaKind, step)]);
        pass.setPipeline(pipelines.count);
        pass.dispatchWorkgroupsIndirect(cull.lists.arguments, bin.sortOffset);
        pass.setPipeline(pipelines.scan);
        pass.dispatchWorkgroups(1);
        pass.setPipeline(pipelines.scatter);
        pass.dispatchWorkgroupsIndirect(cull.lists.arguments, bin.sortOffset);
      }
    }
    pass.end();
  }
}

type SortPipelines = Readonly<Record<'count' | 'scan' | 'scatter', GPUComputePipeline>>;

function stepOffset(bin: number, pass: number): number {
  return (bin * SHIFTS.length + pass) * UNIFORM_STEP;
}
