import type { TimeSamples, Value } from '../vt/value.ts';

/** The sample at exactly that time, if there is one. */
export function sampleAt(samples: TimeSamples | undefined, time: number): Value | undefined {
  if (samples === undefined) return undefined;
  const index = lowerBound(samples.times, time);
  return samples.times[index] === time ? samples.value(index) : undefined;
}

/**
 * Samples with one set, or taken out (`undefined`); undefined when none is left. Other samples stay undecoded.
 * Source: OpenUSD sdf/data.cpp, SetTimeSample and EraseTimeSample.
 */
export function withSample(samples: TimeSamples | undefined, time: number, value: Value | undefined): EditedSamples | undefined {
  const edited = EditedSamples.over(samples).with(time, value);
  return edited.times.length === 0 ? undefined : edited;
}

const NO_TIMES = new Float64Array();

/** Samples of their own among samples of others, which decode when asked for. */
export class EditedSamples implements TimeSamples {
  readonly times: Float64Array;
  /** Never edited itself, so that a value is found in one step. */
  readonly base: TimeSamples | undefined;
  /** Per time: the value, or the index of the sample of the base. */
  readonly slots: readonly (Value | number)[];

  constructor(base: TimeSamples | undefined, times: Float64Array, slots: readonly (Value | number)[]) {
    this.base = base;
    this.times = times;
    this.slots = slots;
  }

  /** The samples as they are, to be edited. */
  static over(samples: TimeSamples | undefined): EditedSamples {
    if (samples instanceof EditedSamples) return samples;
    const times = samples?.times ?? NO_TIMES;
    return new EditedSamples(
      samples,
      times,
      Array.from(times, (_, i) => i),
    );
  }

  value(index: number): Value {
    const slot = this.slots[index] as Value | number;
    return typeof slot === 'number' ? (this.base as TimeSamples).value(slot) : slot;
  }

  with(time: number, value: Value | undefined): EditedSamples {
    const { times } = this;
    const at = lowerBound(times, time);
    const isThere = times[at] === time;
    const slots = this.slots.slice();
    if (value !== undefined && isThere) slots[at] = value;
    else if (value !== undefined) slots.splice(at, 0, value);
    else if (isThere) slots.splice(at, 1);
    if (slots.length === times.length) return new EditedSamples(this.base, times, slots);
    const edited = new Float64Array(slots.length);
    edited.set(times.subarray(0, at));
    if (value === undefined) edited.set(times.subarray(at + 1), at);
    else {
      edited[at] = time;
      edited.set(times.subarray(at), at + 1);
    }
    return new EditedSamples(this.base, edited, slots);
  }
}

/** Index of the first time that is not less. */
export function lowerBound(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
