import type { LimitError } from 'usd-wasm';

const MIB = 1024 * 1024;

/** Reads that a budget stops fail with this. */
export class MemoryBudgetError extends Error {
  readonly code = 'memory-budget';
  readonly asset: string;

  constructor(budgetBytes: number, cause: LimitError) {
    super(
      `@${cause.asset}@ needs more memory than the budget of ${inMib(budgetBytes)} allows. Raise the memory budget in the settings, and open it again`,
      { cause },
    );
    this.name = 'MemoryBudgetError';
    this.asset = cause.asset;
  }
}

/** Bytes of one kind that a scene holds, and how many it may. */
export class MemoryBudget {
  readonly limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number = Infinity) {
    this.limitBytes = limitBytes;
  }

  get freeBytes(): number {
    return this.limitBytes - this.#usedBytes;
  }

  /** Counts the bytes when they fit; @returns whether they did */
  take(bytes: number): boolean {
    if (bytes > this.freeBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /** For messages. */
  get text(): string {
    return inMib(this.limitBytes);
  }
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB).toLocaleString('en')} MiB`;
}
