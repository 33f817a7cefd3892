import type { LayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import type { Value } from '../../packages/usd-wasm/src/vt/value.ts';

export interface CompareOptions {
  /** Fields to leave out, by name. */
  readonly ignoredFields?: ReadonlySet<string>;
  /** Compare as texts, where one side lost what the other keeps (types of unregistered fields). */
  readonly equivalent?: (path: Path, field: string, left: Value | undefined, right: Value | undefined) => boolean;
}

/** Where two layers differ in meaning: lines for a person, at most `limit`. */
export function differences(left: LayerData, right: LayerData, options: CompareOptions = {}, limit = 10): string[] {
  const found: string[] = [];
  const paths = new Set([...left.paths(), ...right.paths()]);
  for (const path of paths) {
    if (found.length >= limit) break;
    const types = [left.specType(path), right.specType(path)];
    if (types[0] !== types[1]) {
      found.push(`<${path}> is ${types[0]} and ${types[1]}`);
      continue;
    }
    for (const name of new Set([...left.fieldNames(path), ...right.fieldNames(path)])) {
      if (options.ignoredFields?.has(name) === true) continue;
      const a = left.field(path, name);
      const b = right.field(path, name);
      if (valuesEqual(a, b) || options.equivalent?.(path, name, a, b) === true) continue;
      found.push(`<${path}> ${name}: ${valueText(a)} and ${valueText(b)}`);
    }
  }
  return found.slice(0, limit);
}

/** Equal type and data; NaN equals NaN, and 0 equals -0 nowhere. */
export function valuesEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type !== b.type) return false;
  if (a.type === 'timeSamples' && b.type === 'timeSamples') {
    return dataEqual(a.value.times, b.value.times) && a.value.times.every((_, i) => valuesEqual(a.value.value(i), b.value.value(i)));
  }
  return dataEqual(a.value, b.value);
}

function dataEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!dataEqual(a[i], b[i])) return false;
    return true;
  }
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && dataEqual(value, b.get(key)));
  if (isList(a) || isList(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  if ('times' in a && 'value' in a && typeof a.value === 'function')
    return valuesEqual({ type: 'timeSamples', value: a } as Value, { type: 'timeSamples', value: b } as Value);
  return left.length === right.size && left.every(([key, value]) => right.has(key) && dataEqual(value, right.get(key)));
}

function isList(data: object): data is ArrayLike<unknown> & object {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && 'length' in data);
}

function valueText(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(
    value.type === 'timeSamples'
      ? { times: [...value.value.times], first: value.value.times.length > 0 ? value.value.value(0) : undefined }
      : value.value,
    (_key, data: unknown) =>
      typeof data === 'bigint'
        ? `${data}n`
        : data instanceof Map
          ? Object.fromEntries(data)
          : ArrayBuffer.isView(data)
            ? [...(data as Uint8Array)].slice(0, 12)
            : Object.is(data, -0)
              ? '-0'
              : data,
  );
  return `${value.type} ${text.slice(0, 160)}`;
}
