/**
 * Values that a change block edits again and again, one item at a time: children lists and time samples. They are changed in
 * place and copied only when somebody looks at them in between, so nobody sees a value change that they hold. At the
 * end of the block plain values take their place.
 */
import { makeValue, type TimeSamples, type Value } from '../vt/value.ts';
import { EditedSamples, lowerBound } from './time-sample-editing.ts';

/** Names without duplicates. */
export class GrowingNames {
  readonly type = 'tokenVector';
  readonly #names: Set<string>;
  #list: readonly string[] | undefined;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  get value(): readonly string[] {
    return (this.#list ??= [...this.#names]);
  }

  get length(): number {
    return this.#names.size;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  push(name: string): void {
    this.#names.add(name);
    this.#list = undefined;
  }

  delete(name: string): void {
    this.#names.delete(name);
    this.#list = undefined;
  }
}

export class GrowingSamples {
  readonly type = 'timeSamples';
  readonly #base: TimeSamples | undefined;
  readonly #times: number[];
  /** Per time: the value, or the index of the sample of the base. */
  readonly #slots: (Value | number)[];
  #samples: TimeSamples | undefined;

  constructor(samples: EditedSamples) {
    this.#base = samples.base;
    this.#times = [...samples.times];
    this.#slots = [...samples.slots];
    this.#samples = samples;
  }

  get value(): TimeSamples {
    return (this.#samples ??= new EditedSamples(this.#base, Float64Array.from(this.#times), this.#slots.slice()));
  }

  get length(): number {
    return this.#times.length;
  }

  at(time: number): Value | undefined {
    const index = lowerBound(this.#times, time);
    const slot = this.#times[index] === time ? this.#slots[index] : undefined;
    return typeof slot === 'number' ? this.#base?.value(slot) : slot;
  }

  set(time: number, value: Value | undefined): void {
    const at = lowerBound(this.#times, time);
    const known = this.#times[at] === time ? 1 : 0;
    this.#samples = undefined;
    if (value === undefined) {
      this.#times.splice(at, known);
      this.#slots.splice(at, known);
    } else {
      this.#times.splice(at, known, time);
      this.#slots.splice(at, known, value);
    }
  }
}

/** The value itself, or one that stays as it is when the growing one is edited further. */
export function settled(value: Value | undefined): Value | undefined {
  if (value instanceof GrowingNames) return makeValue('tokenVector', value.value);
  return value instanceof GrowingSamples ? makeValue('timeSamples', value.value) : value;
}
