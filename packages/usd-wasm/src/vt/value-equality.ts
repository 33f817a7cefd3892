import type { TimeSamples, Value } from './value.ts';

/** Whether two values have the same type and data. NaN equals NaN; 0 and -0 differ, as their texts do. */
export function valuesEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.type !== b.type) return false;
  if (a.type === 'timeSamples') return samplesEqual(a.value, b.value as TimeSamples);
  return dataEqual(a.value, b.value);
}

function samplesEqual(a: TimeSamples, b: TimeSamples): boolean {
  if (a === b) return true;
  if (!listsEqual(a.times, b.times)) return false;
  for (let i = 0; i < a.times.length; i++) if (!valuesEqual(a.value(i), b.value(i))) return false;
  return true;
}

function dataEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && listsEqual(a, b);
  if (isList(b)) return false;
  if (a instanceof Map) return b instanceof Map && mapsEqual(a, b);
  if (b instanceof Map) return false;
  return recordsEqual(a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>);
}

function listsEqual(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && a.constructor === b.constructor && bytesEqual(a, b)) return true;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && !dataEqual(a[i], b[i])) return false;
  return true;
}

/** Whether two arrays hold the same bytes, word by word, which is quick for numbers of any type; false where words do not fit. */
function bytesEqual(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (((a.byteOffset | b.byteOffset | a.byteLength) & 3) !== 0) return false;
  const left = new Int32Array(a.buffer, a.byteOffset, a.byteLength >> 2);
  const right = new Int32Array(b.buffer, b.byteOffset, b.byteLength >> 2);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function mapsEqual(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !dataEqual(value, b.get(key))) return false;
  return true;
}

/** A property that is undefined counts as absent. */
function recordsEqual(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  for (const key of Object.keys(a)) if (!dataEqual(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

function isList(data: object): data is ArrayLike<unknown> & object {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && 'length' in data);
}
