/**
 * The arena: a job allocates its arrays one behind the other, and the next job starts over. Nothing is freed singly and there
 * is no garbage collector; `release` goes back to a mark within a job.
 * Every allocation is 16-byte aligned and followed by `SLACK` bytes that vector loads and stores may run into.
 */
const SLACK: u32 = 64;
/** 1 GiB: a job that asks for more gets 0 and is done by the caller in script. */
const MAX_BYTES: u64 = 1 << 30;

let top: usize = 0;
let peak: usize = 0;

/** Starts a job; tells how much the one before had at most. */
export function reset(): usize {
  const used = peak;
  top = (__heap_base + 15) & ~15;
  peak = top;
  return used;
}

/** Address of `size` bytes, not cleared; 0 when there is no room. */
export function alloc(size: u32): usize {
  const address = top;
  const end = (<u64>address + size + SLACK + 15) & ~15;
  if (end > MAX_BYTES) return 0;
  const missing = <i64>end - (<i64>memory.size() << 16);
  if (missing > 0) {
    const pages = <i32>((missing + 0xfffff) >> 20 << 4); // whole MiB
    if (memory.grow(pages) < 0) return 0;
  }
  top = <usize>end;
  peak = max(peak, top);
  return address;
}

// @ts-ignore: decorator
@inline
export function mark(): usize {
  return top;
}

// @ts-ignore: decorator
@inline
export function release(to: usize): void {
  top = to;
}
