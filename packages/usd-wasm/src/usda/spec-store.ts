import type { MemoryLayerData, SpecType } from '../sdf/layer-data.ts';
import type { Path } from '../sdf/path.ts';
import type { Value } from '../vt/value.ts';

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

  type(path: Path): SpecType | undefined {
    return this.#data.specType(path);
  }

  /** The fields of a spec, new or known. */
  open(path: Path, type: SpecType): Map<string, Value> {
    this.#budget -= path.length;
    if (this.#budget < 0) this.#onSpent();
    return this.#data.openSpec(path, type);
  }
}
