/**
 * A table of fixed-size rows in one storage buffer, with its mirror in memory. Writers change the mirror and mark rows;
 * `upload` sends the changed 64 KiB blocks, neighbours in one call. The mirror is what a new device is filled from.
 */
export class TableBuffer {
  readonly label: string;
  readonly rowWords: number;
  words: Uint32Array<ArrayBuffer>;
  /** The same memory as `words`. */
  floats: Float32Array<ArrayBuffer>;
  buffer: GPUBuffer | undefined;
  #device: GPUDevice | undefined;
  #blockRows: number;
  #dirty: Uint8Array<ArrayBuffer>;
  #firstDirty = Infinity;
  #lastDirty = -1;

  constructor(label: string, rowWords: number, initialRows: number) {
    this.label = label;
    this.rowWords = rowWords;
    this.#blockRows = Math.max(1, BLOCK_BYTES / (rowWords * 4));
    this.words = new Uint32Array(initialRows * rowWords);
    this.floats = new Float32Array(this.words.buffer);
    this.#dirty = new Uint8Array(Math.ceil(initialRows / this.#blockRows));
  }

  get rowCapacity(): number {
    return this.words.length / this.rowWords;
  }

  get gpuBytes(): number {
    return this.buffer?.size ?? 0;
  }

  /** Makes room for `rows` rows; new rows are zero. */
  ensureRows(rows: number): void {
    if (rows <= this.rowCapacity) return;
    const capacity = Math.max(rows, this.rowCapacity * 2);
    const words = new Uint32Array(capacity * this.rowWords);
    words.set(this.words);
    this.words = words;
    this.floats = new Float32Array(words.buffer);
    const dirty = new Uint8Array(Math.ceil(capacity / this.#blockRows));
    dirty.set(this.#dirty);
    this.#dirty = dirty;
  }

  markRows(first: number, count: number): void {
    if (count <= 0) return;
    const firstBlock = Math.floor(first / this.#blockRows);
    const lastBlock = Math.floor((first + count - 1) / this.#blockRows);
    for (let block = firstBlock; block <= lastBlock; block++) this.#dirty[block] = 1;
    if (firstBlock < this.#firstDirty) this.#firstDirty = firstBlock;
    if (lastBlock > this.#lastDirty) this.#lastDirty = lastBlock;
  }

  /** Forgets the GPU side: the next upload fills a new buffer of this device. */
  setDevice(device: GPUDevice): void {
    this.buffer?.destroy();
    this.buffer = undefined;
    this.#device = device;
  }

  /**
   * Sends what changed, at most about `maxBytes`.
   *
   * @returns whether the buffer object is another one than before, and whether changed rows are left for the next call
   */
  upload(maxBytes = Infinity): { readonly isNewBuffer: boolean; readonly hasMore: boolean } {
    const device = this.#device;
    if (device === undefined) return { isNewBuffer: false, hasMore: true };
    const wantedBytes = Math.max(this.words.byteLength, 256);
    let isNewBuffer = false;
    if (this.buffer === undefined || this.buffer.size < wantedBytes) {
      const grown = device.createBuffer({
        label: `table/${this.label}`,
        size: wantedBytes,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
      });
      if (this.buffer === undefined) {
        this.#dirty.fill(1);
        this.#firstDirty = 0;
        this.#lastDirty = this.#dirty.length - 1;
      } else {
        const encoder = device.createCommandEncoder({ label: `table/${this.label}/grow` });
        encoder.copyBufferToBuffer(this.buffer, 0, grown, 0, this.buffer.size);
        device.queue.submit([encoder.finish()]);
        this.buffer.destroy();
      }
      this.buffer = grown;
      isNewBuffer = true;
    }
    let sentBytes = 0;
    const blockWords = this.#blockRows * this.rowWords;
    let block = this.#firstDirty;
    while (block <= this.#lastDirty && sentBytes < maxBytes) {
      if (this.#dirty[block] === 0) {
        block++;
        continue;
      }
      const start = block;
      while (block <= this.#lastDirty && this.#dirty[block] === 1 && (block - start) * BLOCK_BYTES < maxBytes - sentBytes) {
        this.#dirty[block] = 0;
        block++;
      }
      const firstWord = start * blockWords;
      const wordCount = Math.min(block * blockWords, this.words.length) - firstWord;
      device.queue.writeBuffer(this.buffer, firstWord * 4, this.words, firstWord, wordCount);
      sentBytes += wordCount * 4;
    }
    const hasMore = block <= this.#lastDirty;
    if (hasMore) {
      this.#firstDirty = block;
    } else {
      this.#firstDirty = Infinity;
      this.#lastDirty = -1;
    }
    return { isNewBuffer, hasMore };
  }

  dispose(): void {
    this.buffer?.destroy();
    this.buffer = undefined;
  }
}

const BLOCK_BYTES = 65536;
