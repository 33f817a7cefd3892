/** Values as one line of text for reading: long arrays and texts are cut, numbers rounded to what matters. */
import { COMPONENT_COUNT, isArrayType, type AssetPath, type Dictionary, type ScalarType, type Value } from 'usd-wasm';

const MAX_ELEMENTS = 8;
const MAX_TEXT = 400;
const MAX_DEPTH = 4;

export function formatValue(value: Value | undefined, depth = 0): string {
  if (value === undefined) return '';
  if (depth > MAX_DEPTH) return '…';
  if (isArrayType(value.type)) return formatArray(value.value as ArrayLike<unknown>, value.type.slice(0, -2) as ScalarType);
  switch (value.type) {
    case 'block':
    case 'animationBlock':
      return 'None';
    case 'string':
      return cut(value.value);
    case 'asset':
      return formatAsset(value.value);
    case 'dictionary':
      return formatDictionary(value.value, depth);
    case 'timeSamples':
      return `${value.value.times.length} time samples`;
    case 'spline':
      return `spline of ${value.value.knots.length} knots`;
    case 'tokenListOp':
    case 'stringListOp':
    case 'pathListOp': {
      const op = value.value;
      return listed([...op.explicitItems, ...op.prependedItems, ...op.addedItems, ...op.appendedItems]);
    }
    default:
      return formatPlain(value.value);
  }
}

/** Elements of an array value (tuples count once), undefined for other values. */
export function elementCountOf(value: Value | undefined): number | undefined {
  if (value === undefined || !isArrayType(value.type)) return undefined;
  return (value.value as ArrayLike<unknown>).length / COMPONENT_COUNT[value.type.slice(0, -2) as ScalarType];
}

/** At most six digits that matter. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan';
  return String(Number(value.toPrecision(6)));
}

function formatArray(values: ArrayLike<unknown>, type: ScalarType): string {
  const width = COMPONENT_COUNT[type];
  const count = values.length / width;
  const parts: string[] = [];
  for (let i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
    if (width === 1) parts.push(formatElement(values[i], type));
    else parts.push(tuple(Array.from({ length: width }, (_, k) => values[i * width + k] as number)));
  }
  return `[${parts.join(', ')}${count > MAX_ELEMENTS ? ', …' : ''}]`;
}

function formatElement(element: unknown, type: ScalarType): string {
  if (type === 'bool') return element === 0 ? 'false' : 'true';
  if (type === 'asset') return formatAsset(element as AssetPath);
  return formatPlain(element);
}

function formatPlain(data: unknown): string {
  if (typeof data === 'number') return formatNumber(data);
  if (typeof data === 'string') return cut(data);
  if (typeof data === 'boolean' || typeof data === 'bigint') return String(data);
  if (Array.isArray(data) && data.every((item) => typeof item === 'number')) return tuple(data as number[]);
  if (Array.isArray(data)) return listed(data.map((item) => (typeof item === 'string' ? item : '…')));
  if (data instanceof Float64Array) return listed(Array.from(data.subarray(0, MAX_ELEMENTS + 1), formatNumber));
  return '…';
}

function formatAsset(asset: AssetPath): string {
  return `@${asset.path}@`;
}

function formatDictionary(dictionary: Dictionary, depth: number): string {
  return `{${cut([...dictionary].map(([key, value]) => `${key}: ${formatValue(value, depth + 1)}`).join(', '))}}`;
}

function listed(items: readonly string[]): string {
  return `[${cut(items.slice(0, MAX_ELEMENTS).join(', '))}${items.length > MAX_ELEMENTS ? ', …' : ''}]`;
}

function tuple(values: readonly number[]): string {
  return `(${values.map(formatNumber).join(', ')})`;
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
