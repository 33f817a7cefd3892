import type { MemoryLayerData, MemorySpec, SpecType } from '../sdf/layer-data.ts';
import type { Path } from '../sdf/path.ts';

/** The prim that a property statement stands in. */
export interface PropertyOwner {
  readonly path: Path;
  /** The prim's path without variant selections. */
  readonly anchor: Path;
  readonly spec: MemorySpec;
}

/** Where a reader puts specs; keeps an account of how much memory their paths take. */
export class SpecStore {
  readonly #data: MemoryLayerData;
  readonly #onSpent: () => never;
  #budget: number;

  /** @param budget characters that the paths of all specs may have together; then `onSpent` is called */
  constructor(data: MemoryLayerData, budget: number, onSpent: () => never) {
    this.#data = data;
    this.#budget = budget;
    this.#onSpent = onSpent;
  }

  /** A spec, new or known: a new one has no fields. */
  open(path: Path, type: SpecType): MemorySpec {
    this.#spend(path);
    return this.#data.openSpec(path, type);
  }

  #spend(path: Path): void {
    this.#budget -= path.length;
    if (this.#budget < 0) this.#onSpent();
  }
}
