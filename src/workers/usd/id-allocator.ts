/**
 * Hands out dense numbers from 0. A released number is handed out again only after `recycle`, which the writer calls
 * when the message with the removal has left: within one message removals come first, so a number must not mean two things.
 */
export class IdAllocator {
  #next = 0;
  #free: number[] = [];
  #released: number[] = [];

  allocate(): number {
    return this.#free.pop() ?? this.#next++;
  }

  /** `count` numbers; not necessarily neighbours. */
  allocateMany(count: number): Uint32Array {
    const ids = new Uint32Array(count);
    let i = 0;
    while (i < count && this.#free.length > 0) ids[i++] = this.#free.pop() as number;
    while (i < count) ids[i++] = this.#next++;
    return ids;
  }

  release(id: number): void {
    this.#released.push(id);
  }

  recycle(): void {
    for (const id of this.#released) this.#free.push(id);
    this.#released.length = 0;
  }

  /** Numbers in use. */
  get count(): number {
    return this.#next - this.#free.length - this.#released.length;
  }
}
