/**
 * Maps values in one order of names (an animation's joints) to another (a skeleton's joints). Source: OpenUSD usdSkel/animMapper.cpp.
 */
export class AnimMapper {
  /** Number of names in the target order. */
  readonly size: number;
  /** Where each source value goes, or -1 (shape [source names]). */
  readonly #targets: Int32Array;
  readonly #isIdentity: boolean;
  readonly #isSparse: boolean;
  readonly #isNull: boolean;

  constructor(source: readonly string[], target: readonly string[]) {
    this.size = target.length;
    this.#targets = new Int32Array(source.length).fill(-1);
    const offset = source.length === 0 ? -1 : orderedOffset(source, target);
    if (offset >= 0) {
      for (let i = 0; i < source.length; i++) this.#targets[i] = offset + i;
      this.#isIdentity = source.length === target.length;
      this.#isSparse = !this.#isIdentity;
      this.#isNull = false;
      return;
    }
    const indexOf = new Map(target.map((name, i) => [name, i]));
    const isMapped = new Uint8Array(target.length);
    for (let i = 0; i < source.length; i++) {
      const index = indexOf.get(source[i] as string) ?? -1;
      this.#targets[i] = index;
      if (index >= 0) isMapped[index] = 1;
    }
    this.#isIdentity = false;
    this.#isSparse = source.length === 0 || target.length === 0 || isMapped.includes(0);
    this.#isNull = !isMapped.includes(1);
  }

  /** Both orders are the same. */
  get isIdentity(): boolean {
    return this.#isIdentity;
  }

  /** Some target values have no source. */
  get isSparse(): boolean {
    return this.#isSparse;
  }

  /** No source value has a target. */
  get isNull(): boolean {
    return this.#isNull;
  }

  /**
   * Writes source values where they belong; target values without a source stay as they are. Missing source values are left out.
   *
   * @param target shape [width · size]
   * @param source shape [width · N], width numbers per name
   */
  remapInto(target: Float32Array | Float64Array, source: ArrayLike<number>, width: number): void {
    const count = Math.min(Math.floor(source.length / width), this.#targets.length);
    for (let i = 0; i < count; i++) {
      const index = this.#targets[i]!;
      if (index < 0) continue;
      for (let c = 0; c < width; c++) target[index * width + c] = source[i * width + c]!;
    }
  }

  /** Transforms in the target order, shape [16 · size]; the identity where there is none. */
  remapTransforms(source: Float64Array): Float64Array {
    if (this.#isIdentity && source.length === this.size * 16) return source;
    const target = new Float64Array(this.size * 16);
    for (let i = 0; i < target.length; i += 16) target[i] = target[i + 5] = target[i + 10] = target[i + 15] = 1;
    this.remapInto(target, source, 16);
    return target;
  }
}

/** Where the source order stands in the target order as a whole, or -1. */
function orderedOffset(source: readonly string[], target: readonly string[]): number {
  const offset = target.indexOf(source[0] as string);
  if (offset < 0 || offset + source.length > target.length) return -1;
  return source.every((name, i) => target[offset + i] === name) ? offset : -1;
}
