/**
 * Something computed for a time: kept while the same time is asked for, and for every numeric time where it does not vary.
 */
export class TimeSampled<T> {
  readonly isVarying: boolean;
  readonly #compute: (time: number | undefined) => T;
  #key: number | 'any' | 'default' | undefined;
  #value: T | undefined;

  constructor(isVarying: boolean, compute: (time: number | undefined) => T) {
    this.isVarying = isVarying;
    this.#compute = compute;
  }

  /** The value is shared: not to be written to. */
  at(time: number | undefined): T {
    const key = time === undefined ? 'default' : this.isVarying ? time : 'any';
    if (this.#key !== key) {
      this.#value = this.#compute(time);
      this.#key = key;
    }
    return this.#value as T;
  }
}
