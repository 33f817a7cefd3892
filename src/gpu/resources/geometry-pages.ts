import { RangeAllocator } from './range-allocator.ts';

/** Place of a run of packed geometry: a page and an offset in units of four words. */
export interface GeometryRange {
  readonly page: number;
  readonly firstQuad: number;
  readonly quadCount: number;
}

interface Page {
  buffer: GPUBuffer | undefined;
  readonly ranges: RangeAllocator;
  /** Mirror, one array per block, as long as its highest run asked for; what a new device is filled from. */
  readonly blocks: Uint32Array<ArrayBuffer>[];
  /** Changed words per block: [first, end) pairs. */
  readonly dirty: number[];
}

/** Words of one block: 4 MiB. A run of clusters never crosses a block, so it is also the largest allocation. */
export const BLOCK_WORDS = 1 << 20;
const BLOCK_QUADS = BLOCK_WORDS / 4;
const BLOCK_BYTES = BLOCK_WORDS * 4;
/** A block begins with this many words and doubles: many scenes are small, and a page may show many. */
const FIRST_WORDS = 1 << 14;
/** Pages above this many bytes only make moving them slower. */
const MAX_PAGE_BYTES = 256 << 20;
export const MAX_PAGES = 16;

/**
 * Vertices and triangles of all meshes in few large buffers. A page starts with 64 KiB and doubles by copying on the GPU until
 * it reaches min(256 MiB, binding limit); then the next page begins.
 */
export class GeometryPages {
  #pages: Page[] = [];
  #device: GPUDevice | undefined;
  #maxBlocks = MAX_PAGE_BYTES / BLOCK_BYTES;
  #isDirty = false;

  get pageCount(): number {
    return this.#pages.length;
  }

  get gpuBytes(): number {
    return this.#pages.reduce((sum, page) => sum + (page.buffer?.size ?? 0), 0);
  }

  buffer(page: number): GPUBuffer | undefined {
    return this.#pages[page]?.buffer;
  }

  setDevice(device: GPUDevice, maxBindingBytes: number): void {
    this.#device = device;
    this.#maxBlocks = Math.max(1, Math.floor(Math.min(MAX_PAGE_BYTES, maxBindingBytes) / BLOCK_BYTES));
    for (const page of this.#pages) {
      page.buffer?.destroy();
      page.buffer = undefined;
      for (let block = 0; block < page.blocks.length; block++) {
        page.dirty[2 * block] = 0;
        page.dirty[2 * block + 1] = page.blocks[block]!.length;
      }
    }
    this.#isDirty = this.#pages.length > 0;
  }

  /**
   * Stores `wordCount` words (a multiple of 4).
   *
   * @returns where they lie, or undefined when all pages are full
   */
  store(words: Uint32Array, wordCount: number): GeometryRange | undefined {
    const quadCount = wordCount / 4;
    for (let index = 0; index <= this.#pages.length && index < MAX_PAGES; index++) {
      let page = this.#pages[index];
      if (page === undefined) {
        page = { buffer: undefined, ranges: new RangeAllocator(BLOCK_QUADS), blocks: [], dirty: [] };
        this.#pages.push(page);
      }
      let firstQuad = page.ranges.allocate(quadCount);
      if (firstQuad === undefined && page.blocks.length < this.#maxBlocks) {
        page.ranges.addBlock();
        page.blocks.push(new Uint32Array(FIRST_WORDS));
        page.dirty.push(BLOCK_WORDS, 0);
        firstQuad = page.ranges.allocate(quadCount);
      }
      if (firstQuad === undefined) continue;
      const block = Math.floor(firstQuad / BLOCK_QUADS);
      const start = (firstQuad - block * BLOCK_QUADS) * 4;
      ensureWords(page, block, start + wordCount);
      page.blocks[block]!.set(words.subarray(0, wordCount), start);
      page.dirty[2 * block] = Math.min(page.dirty[2 * block]!, start);
      page.dirty[2 * block + 1] = Math.max(page.dirty[2 * block + 1]!, start + wordCount);
      this.#isDirty = true;
      return { page: index, firstQuad, quadCount };
    }
    return undefined;
  }

  free(range: GeometryRange): void {
    this.#pages[range.page]?.ranges.free(range.firstQuad, range.quadCount);
  }

  /** Sends changed words. Returns whether a page's buffer object was replaced. */
  upload(): boolean {
    const device = this.#device;
    if (device === undefined || !this.#isDirty) return false;
    this.#isDirty = false;
    let isReplaced = false;
    for (const [index, page] of this.#pages.entries()) {
      const wantedBytes = this.#bytesFor(page);
      if (page.buffer === undefined || page.buffer.size < wantedBytes) {
        const grown = device.createBuffer({
          label: `geometry/page ${index}`,
          size: wantedBytes,
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
        });
        if (page.buffer !== undefined) {
          const encoder = device.createCommandEncoder({ label: 'geometry/grow' });
          encoder.copyBufferToBuffer(page.buffer, 0, grown, 0, page.buffer.size);
          device.queue.submit([encoder.finish()]);
          page.buffer.destroy();
        }
        page.buffer = grown;
        isReplaced = true;
      }
      for (let block = 0; block < page.blocks.length; block++) {
        const first = page.dirty[2 * block]!;
        const end = page.dirty[2 * block + 1]!;
        if (first >= end) continue;
        device.queue.writeBuffer(page.buffer, block * BLOCK_BYTES + first * 4, page.blocks[block]!, first, end - first);
        page.dirty[2 * block] = BLOCK_WORDS;
        page.dirty[2 * block + 1] = 0;
      }
    }
    return isReplaced;
  }

  dispose(): void {
    for (const page of this.#pages) page.buffer?.destroy();
    this.#pages = [];
  }

  #bytesFor(page: Page): number {
    if (page.blocks.length === 1) return page.blocks[0]!.length * 4;
    let blocks = 1;
    while (blocks < page.blocks.length) blocks *= 2;
    return Math.min(blocks, Math.max(this.#maxBlocks, page.blocks.length)) * BLOCK_BYTES;
  }
}

function ensureWords(page: Page, block: number, words: number): void {
  const before = page.blocks[block]!;
  if (before.length >= words) return;
  let length = before.length;
  while (length < words) length *= 2;
  const grown = new Uint32Array(length);
  grown.set(before);
  page.blocks[block] = grown;
}
