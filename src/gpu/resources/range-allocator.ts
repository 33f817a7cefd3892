/**
 * First-fit allocator of ranges in an address space that grows by blocks. Ranges never cross a block border, so each
 * block can be backed by its own memory. Free ranges are kept in address order and merged with their neighbours.
 *
 * No deferred free is needed: a WebGPU queue runs in order, so a write into a freed range happens after every frame
 * that was submitted before it.
 */
export class RangeAllocator {
  readonly blockSize: number;
  #starts: number[] = [];
  #sizes: number[] = [];
  #blockCount = 0;
  #used = 0;

  constructor(blockSize: number) {
    this.blockSize = blockSize;
  }

  get blockCount(): number {
    return this.#blockCount;
  }

  /** Units handed out. */
  get used(): number {
    return this.#used;
  }

  /** Adds one block at the end of the address space. */
  addBlock(): void {
    this.#starts.push(this.#blockCount * this.blockSize);
    this.#sizes.push(this.blockSize);
    this.#blockCount++;
  }

  /** Start of a free range of `size` units, or undefined when no block has room. */
  allocate(size: number): number | undefined {
    if (size <= 0 || size > this.blockSize) throw new RangeError(`A range of ${size} units does not fit a block of ${this.blockSize}`);
    for (let i = 0; i < this.#sizes.length; i++) {
      const free = this.#sizes[i]!;
      if (free < size) continue;
      const start = this.#starts[i]!;
      if (free === size) {
        this.#starts.splice(i, 1);
        this.#sizes.splice(i, 1);
      } else {
        this.#starts[i] = start + size;
        this.#sizes[i] = free - size;
      }
      this.#used += size;
      return start;
    }
    return undefined;
  }

  /** Gives back a range exactly as `allocate` returned it. */
  free(start: number, size: number): void {
    const starts = this.#starts;
    const sizes = this.#sizes;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! < start) low = middle + 1;
      else high = middle;
    }
    this.#used -= size;
    const touchesPrevious = low > 0 && starts[low - 1]! + sizes[low - 1]! === start && start % this.blockSize !== 0;
    const end = start + size;
    const touchesNext = low < starts.length && starts[low] === end && end % this.blockSize !== 0;
    if (touchesPrevious) {
      sizes[low - 1] = sizes[low - 1]! + size;
      if (touchesNext) {
        sizes[low - 1] = sizes[low - 1]! + sizes[low]!;
        starts.splice(low, 1);
        sizes.splice(low, 1);
      }
    } else if (touchesNext) {
      starts[low] = start;
      sizes[low] = sizes[low]! + size;
    } else {
      starts.splice(low, 0, start);
      sizes.splice(low, 0, size);
    }
  }
}
