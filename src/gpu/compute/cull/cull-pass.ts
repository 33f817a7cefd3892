import { ALPHA_KINDS, AlphaKind } from '../../layout/material-record.ts';
import { createShaderModule } from '../../shaders/compose.ts';
import { SHADERS } from '../../shaders/library.ts';
import type { RenderScene } from '../../scene/render-scene.ts';
import type { ListSizes } from './list-sizes.ts';
import { MAX_BINS, layOutRegions, sumListSizes } from './list-sizes.ts';

/** Words of the argument buffer; twin of arguments.wgsl. */
const PLACE_DISPATCH = 4;
const SLOT_DISPATCHES = 8;
const DRAWS = SLOT_DISPATCHES + 4 * MAX_BINS;
const SORTS = DRAWS + 4 * MAX_BINS;
const ARGUMENT_WORDS = SORTS + 4 * MAX_BINS;
const DEPTHS = 64;
const COUNTER_WORDS = 4 + (2 + DEPTHS) * MAX_BINS;
const DROPPED_WORD = 2;
/** Most elements of each list, whatever the scene. */
const MAX_ENTRIES = 8 << 20;
const MAX_SLOTS = 16 << 20;
const MAX_TRIANGLES = 32 << 20;
const MAX_WORK = 1 << 20;
const INSTANCES_PER_GROUP = 64;
const WIDEST_DISPATCH = 32768;
/** Uniform offsets must be multiples of this. */
const UNIFORM_STEP = 256;

/** One draw of a frame. */
export interface DrawBin {
  readonly page: number;
  readonly alphaKind: number;
  /** Byte offset of its four words in `CullPass.arguments`. */
  readonly argumentOffset: number;
  /** Byte offset there of the dispatch that sorts it. */
  readonly sortOffset: number;
  readonly firstTriangle: number;
  readonly triangleCapacity: number;
}

/** Bytes of the lists that the views of a device take turns in. */
interface ListBytes {
  readonly entries: number;
  readonly slots: number;
  readonly triangles: number;
  /** Depths of blended triangles. */
  readonly keys: number;
  readonly work: number;
}

const NO_LISTS: ListBytes = { entries: 0, slots: 0, triangles: 0, keys: 0, work: 0 };
/** Lists that are so many times larger than any view needs are made anew. */
const MOST_SLACK = 4;

/**
 * Finds what a view sees, on the GPU: instances, then clusters, then triangles, each list appended with atomics, and one
 * indirect draw per (geometry page, alpha kind), roughly front to back. The number of API calls depends on pages and kinds alone.
 *
 * The kernels and the lists are one set per device: a view's lists are filled and drawn within one submission, so that the
 * next view may overwrite them. They are as large as the largest view needs. What is a view's own is in `CullView`.
 */
export class CullPass {
  readonly device: GPUDevice;
  readonly maxBindingBytes: number;
  readonly pipelines: Pipelines;
  readonly layouts: Layouts;
  readonly arguments: GPUBuffer;
  readonly counters: GPUBuffer;
  readonly drawnBins: GPUBuffer;
  readonly placeholderPage: GPUBuffer;
  entries: GPUBuffer;
  slots: GPUBuffer;
  triangles: GPUBuffer;
  keys: GPUBuffer;
  work: GPUBuffer;
  /** Raised when a buffer is replaced. */
  version = 0;
  #needs = new Map<CullView, ListBytes>();

  static async create(device: GPUDevice, maxBindingBytes: number): Promise<CullPass> {
    const layouts = createLayouts(device);
    const modules = {
      cull: createShaderModule(device, SHADERS.cull),
      expand: createShaderModule(device, SHADERS.expand),
      arguments: createShaderModule(device, SHADERS.arguments),
    };
    const cullLayout = device.createPipelineLayout({ label: 'cull', bindGroupLayouts: [layouts.scene, layouts.lists] });
    const expandLayout = device.createPipelineLayout({
      label: 'cull/expand',
      bindGroupLayouts: [layouts.expandScene, layouts.expandLists, layouts.page],
    });
    const argumentLayout = device.createPipelineLayout({ label: 'cull/arguments', bindGroupLayouts: [layouts.arguments] });
    const make = (layout: GPUPipelineLayout, module: GPUShaderModule, entryPoint: string): Promise<GPUComputePipeline> =>
      device.createComputePipelineAsync({ label: `cull/${entryPoint}`, layout, compute: { module, entryPoint } });
    const [instances, clusters, place, expand, workDispatch, slotDispatches, draws] = await Promise.all([
      make(cullLayout, modules.cull, 'cull_instances'),
      make(cullLayout, modules.cull, 'cull_clusters'),
      make(cullLayout, modules.cull, 'place_slots'),
      make(expandLayout, modules.expand, 'expand'),
      make(argumentLayout, modules.arguments, 'write_work_dispatch'),
      make(argumentLayout, modules.arguments, 'write_slot_dispatches'),
      make(argumentLayout, modules.arguments, 'write_draws'),
    ]);
    return new CullPass(device, maxBindingBytes, layouts, { instances, clusters, place, expand, workDispatch, slotDispatches, draws });
  }

  private constructor(device: GPUDevice, maxBindingBytes: number, layouts: Layouts, pipelines: Pipelines) {
    this.device = device;
    this.maxBindingBytes = maxBindingBytes;
    this.layouts = layouts;
    this.pipelines = pipelines;
    const make = (label: string, bytes: number, usage: number): GPUBuffer =>
      device.createBuffer({ label: `cull/${label}`, size: bytes, usage });
    this.arguments = make('arguments', ARGUMENT_WORDS * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.INDIRECT);
    this.counters = make('counters', COUNTER_WORDS * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC);
    this.drawnBins = make('drawn bins', MAX_BINS * UNIFORM_STEP, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    this.placeholderPage = make('no page', 16, GPUBufferUsage.STORAGE);
    this.entries = make('entries', 8, GPUBufferUsage.STORAGE);
    this.slots = make('slots', 4, GPUBufferUsage.STORAGE);
    this.triangles = make('triangles', 4, GPUBufferUsage.STORAGE);
    this.keys = make('keys', 4, GPUBufferUsage.STORAGE);
    this.work = make('work', 8, GPUBufferUsage.STORAGE);
    const drawn = new Uint32Array((MAX_BINS * UNIFORM_STEP) / 4);
    for (let bin = 0; bin < MAX_BINS; bin++) drawn.set([bin, bin % ALPHA_KINDS === AlphaKind.blend ? 1 : 0], (bin * UNIFORM_STEP) / 4);
    device.queue.writeBuffer(this.drawnBins, 0, drawn);
  }

  get gpuBytes(): number {
    return this.entries.size + this.slots.size + this.triangles.size + this.keys.size + this.work.size;
  }

  /** Makes room for what a view needs; undefined: it needs nothing any more. */
  reserve(view: CullView, bytes: ListBytes | undefined): void {
    if (bytes === undefined) this.#needs.delete(view);
    else this.#needs.set(view, bytes);
    const most = { ...NO_LISTS };
    for (const needs of this.#needs.values()) {
      for (const list of LISTS) most[list] = Math.max(most[list], needs[list]);
    }
    for (const list of LISTS) this[list] = this.#fit(this[list], most[list]);
  }

  dispose(): void {
    for (const buffer of [this.arguments, this.counters, this.drawnBins, this.placeholderPage]) buffer.destroy();
    for (const list of LISTS) this[list].destroy();
  }

  #fit(buffer: GPUBuffer, bytes: number): GPUBuffer {
    let size = SMALLEST_LIST;
    while (size < bytes) size *= 2;
    if (buffer.size >= bytes && buffer.size <= MOST_SLACK * size) return buffer;
    const fitting = this.device.createBuffer({
      label: buffer.label,
      size: Math.min(size, Math.floor(this.maxBindingBytes / 8) * 8),
      usage: buffer.usage,
    });
    buffer.destroy();
    this.version++;
    return fitting;
  }
}

const LISTS = ['entries', 'slots', 'triangles', 'keys', 'work'] as const;
const SMALLEST_LIST = 4096;

/**
 * One view's use of the cull pass: where its bins lie in the lists, and the bind groups that name its scene.
 *
 * Lists are as large as the scene could need, up to fixed limits; beyond them elements are dropped and counted.
 */
export class CullView {
  readonly binTable: GPUBuffer;
  /** Bins that can hold anything, in draw order. */
  bins: readonly DrawBin[] = [];
  /** Raised when bins or their regions change. */
  layoutVersion = 0;
  /** Lists are smaller than the scene could need: `readDropped` is worth asking. */
  isBounded = false;
  #pass: CullPass;
  #readback: GPUBuffer | undefined;
  #sizes: ListSizes | undefined;
  #sceneVersion = '';
  #bindVersion = '';
  #sceneGroup: GPUBindGroup | undefined;
  #expandSceneGroup: GPUBindGroup | undefined;
  #listGroup: GPUBindGroup | undefined;
  #expandListGroup: GPUBindGroup | undefined;
  #argumentGroup: GPUBindGroup | undefined;
  #pageGroups: GPUBindGroup[] = [];

  constructor(pass: CullPass) {
    this.#pass = pass;
    this.binTable = pass.device.createBuffer({
      label: 'cull/bins',
      size: MAX_BINS * 16,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** The lists, and the arguments and counters of what was encoded last. */
  get lists(): CullPass {
    return this.#pass;
  }

  /** Fits lists and bind groups to the scene; cheap when nothing changed. */
  prepare(scene: RenderScene, viewBuffer: GPUBuffer): void {
    const sceneVersion = scene.structureVersion;
    if (sceneVersion !== this.#sceneVersion) {
      this.#sceneVersion = sceneVersion;
      this.#fit(
        sumListSizes(
          scene.instances.pairs(),
          (id) => scene.meshes.get(id),
          (row, isTranslucent) => scene.materials.alphaKind(row, isTranslucent),
        ),
      );
    }
    const bindVersion = `${scene.bufferVersion}/${this.#pass.version}`;
    if (bindVersion === this.#bindVersion) return;
    this.#bindVersion = bindVersion;
    this.#bind(scene, viewBuffer);
  }

  /** Encodes all cull kernels. Afterwards `arguments`, `entries` and `triangles` of the lists hold the view's draws. */
  encode(encoder: GPUCommandEncoder, instanceRows: number): void {
    const { pipelines, counters, arguments: dispatches } = this.#pass;
    encoder.clearBuffer(counters);
    const pass = encoder.beginComputePass({ label: 'cull' });
    pass.setPipeline(pipelines.instances);
    pass.setBindGroup(0, this.#sceneGroup!);
    pass.setBindGroup(1, this.#listGroup!);
    const groups = Math.ceil(instanceRows / INSTANCES_PER_GROUP);
    pass.dispatchWorkgroups(Math.min(groups, WIDEST_DISPATCH), Math.max(1, Math.ceil(groups / WIDEST_DISPATCH)));
    if ((this.#sizes?.work ?? 0) > 0) {
      pass.setPipeline(pipelines.workDispatch);
      pass.setBindGroup(0, this.#argumentGroup!);
      pass.dispatchWorkgroups(1);
      pass.setPipeline(pipelines.clusters);
      pass.setBindGroup(0, this.#sceneGroup!);
      pass.setBindGroup(1, this.#listGroup!);
      pass.dispatchWorkgroupsIndirect(dispatches, 0);
    }
    pass.setPipeline(pipelines.slotDispatches);
    pass.setBindGroup(0, this.#argumentGroup!);
    pass.dispatchWorkgroups(1);
    pass.setPipeline(pipelines.place);
    pass.setBindGroup(0, this.#sceneGroup!);
    pass.setBindGroup(1, this.#listGroup!);
    pass.dispatchWorkgroupsIndirect(dispatches, PLACE_DISPATCH * 4);
    pass.setPipeline(pipelines.expand);
    pass.setBindGroup(0, this.#expandSceneGroup!);
    pass.setBindGroup(1, this.#expandListGroup!);
    for (const bin of this.bins) {
      const index = bin.page * ALPHA_KINDS + bin.alphaKind;
      pass.setBindGroup(2, this.#pageGroups[bin.page]!, [index * UNIFORM_STEP]);
      pass.dispatchWorkgroupsIndirect(dispatches, (SLOT_DISPATCHES + 4 * index) * 4);
    }
    pass.setPipeline(pipelines.draws);
    pass.setBindGroup(0, this.#argumentGroup!);
    pass.dispatchWorkgroups(1);
    pass.end();
  }

  /** Keeps the counters of what was encoded last for `readDropped`. Another view's kernels will overwrite them. */
  encodeReadback(encoder: GPUCommandEncoder): void {
    this.#readback ??= this.#pass.device.createBuffer({
      label: 'cull/readback',
      size: 16,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    if (this.#readback.mapState === 'unmapped') encoder.copyBufferToBuffer(this.#pass.counters, 0, this.#readback, 0, 16);
  }

  /** How many list elements found no room in the view of the last readback. Waits for the GPU. */
  async readDropped(): Promise<number> {
    const readback = this.#readback;
    if (readback === undefined || readback.mapState !== 'unmapped') return 0;
    await readback.mapAsync(GPUMapMode.READ);
    const dropped = new Uint32Array(readback.getMappedRange())[DROPPED_WORD]!;
    readback.unmap();
    return dropped;
  }

  dispose(): void {
    this.#pass.reserve(this, undefined);
    this.binTable.destroy();
    this.#readback?.destroy();
  }

  #fit(sizes: ListSizes): void {
    const { device, maxBindingBytes } = this.#pass;
    this.#sizes = sizes;
    this.layoutVersion++;
    const most = (elements: number, bytes: number): number => Math.min(elements, Math.floor(maxBindingBytes / bytes));
    const slots = layOutRegions(sizes.slots, most(MAX_SLOTS, 4));
    const triangles = layOutRegions(sizes.triangles, most(MAX_TRIANGLES, 4));
    const entries = Math.min(sizes.entries, most(MAX_ENTRIES, 8));
    const work = Math.min(sizes.work, MAX_WORK);
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    this.isBounded =
      entries < sizes.entries || work < sizes.work || slots.total < sum(sizes.slots) || triangles.total < sum(sizes.triangles);
    const table = new Uint32Array(MAX_BINS * 4);
    const bins: DrawBin[] = [];
    let hasBlended = false;
    for (let bin = 0; bin < MAX_BINS; bin++) {
      table.set([slots.first[bin]!, slots.size[bin]!, triangles.first[bin]!, triangles.size[bin]!], bin * 4);
      if (slots.size[bin]! === 0) continue;
      const alphaKind = bin % ALPHA_KINDS;
      hasBlended ||= alphaKind === AlphaKind.blend;
      bins.push({
        page: Math.floor(bin / ALPHA_KINDS),
        alphaKind,
        argumentOffset: (DRAWS + 4 * bin) * 4,
        sortOffset: (SORTS + 4 * bin) * 4,
        firstTriangle: triangles.first[bin]!,
        triangleCapacity: triangles.size[bin]!,
      });
    }
    this.bins = bins.sort((a, b) => a.alphaKind - b.alphaKind || a.page - b.page);
    device.queue.writeBuffer(this.binTable, 0, table);
    this.#pass.reserve(this, {
      entries: entries * 8,
      slots: slots.total * 4,
      triangles: triangles.total * 4,
      keys: hasBlended ? triangles.total * 4 : 0,
      work: work * 8,
    });
  }

  #bind(scene: RenderScene, viewBuffer: GPUBuffer): void {
    const { device, layouts, counters, entries, slots, triangles, keys, work, arguments: dispatches } = this.#pass;
    const { binTable } = this;
    const group = (label: string, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup =>
      device.createBindGroup({
        label: `cull/${label}`,
        layout,
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
    const instances = scene.instances.table.buffer!;
    const clusters = scene.meshes.clusterTable.buffer!;
    this.#sceneGroup = group('scene', layouts.scene, [
      viewBuffer,
      instances,
      scene.meshes.meshTable.buffer!,
      clusters,
      scene.materials.table.buffer!,
    ]);
    this.#expandSceneGroup = group('expand scene', layouts.expandScene, [viewBuffer, instances, clusters]);
    this.#listGroup = group('lists', layouts.lists, [counters, entries, slots, work, binTable]);
    this.#expandListGroup = group('expand lists', layouts.expandLists, [counters, entries, slots, triangles, keys, binTable]);
    this.#argumentGroup = group('arguments', layouts.arguments, [counters, dispatches, binTable]);
    this.#pageGroups = [];
    for (let page = 0; page < Math.max(1, scene.meshes.pages.pageCount); page++) {
      this.#pageGroups.push(
        device.createBindGroup({
          label: `cull/page ${page}`,
          layout: layouts.page,
          entries: [
            { binding: 0, resource: { buffer: scene.meshes.pages.buffer(page) ?? this.#pass.placeholderPage } },
            { binding: 1, resource: { buffer: this.#pass.drawnBins, size: 16 } },
          ],
        }),
      );
    }
  }
}

interface Layouts {
  readonly scene: GPUBindGroupLayout;
  readonly lists: GPUBindGroupLayout;
  readonly expandScene: GPUBindGroupLayout;
  readonly expandLists: GPUBindGroupLayout;
  readonly page: GPUBindGroupLayout;
  readonly arguments: GPUBindGroupLayout;
}

function createLayouts(device: GPUDevice): Layouts {
  const layout = (label: string, types: readonly ('uniform' | 'read-only-storage' | 'storage' | 'offset-uniform')[]): GPUBindGroupLayout =>
    device.createBindGroupLayout({
      label: `cull/${label}`,
      entries: types.map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: type === 'offset-uniform' ? { type: 'uniform', hasDynamicOffset: true } : { type },
      })),
    });
  return {
    scene: layout('scene', ['uniform', 'read-only-storage', 'read-only-storage', 'read-only-storage', 'read-only-storage']),
    lists: layout('lists', ['storage', 'storage', 'storage', 'storage', 'uniform']),
    expandScene: layout('expand scene', ['uniform', 'read-only-storage', 'read-only-storage']),
    expandLists: layout('expand lists', ['storage', 'read-only-storage', 'read-only-storage', 'storage', 'storage', 'uniform']),
    page: layout('page', ['read-only-storage', 'offset-uniform']),
    arguments: layout('arguments', ['storage', 'storage', 'uniform']),
  };
}

type Pipelines = Readonly<
  Record<'instances' | 'clusters' | 'place' | 'expand' | 'workDispatch' | 'slotDispatches' | 'draws', GPUComputePipeline>
>;
