/** Compares flattened stages by meaning: list ops by what they give, floats by the precision of their type, prototypes up to their numbers. */
import { applyListOp, type ListOp } from '../../packages/usd-wasm/src/sdf/list-op.ts';
import type { LayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { appendChild, ROOT_PATH, type Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { storageTypeOf } from '../../packages/usd-wasm/src/sdf/value-type.ts';
import { valueAs, type Value } from '../../packages/usd-wasm/src/vt/value.ts';

export interface FlattenedComparison {
  /** Whether a difference is known and left out. The field is empty where a whole spec is one too many or missing. */
  readonly isKnown?: (path: Path, field: string, expected: Value | undefined, actual: Value | undefined) => boolean;
  /** Asset paths as they are compared. */
  readonly assetPath: (path: string) => string;
}

const STRUCTURE: ReadonlySet<string> = new Set([
  'primChildren',
  'properties',
  'primOrder',
  'documentation',
  'connectionChildren',
  'targetChildren',
]);
const PROTOTYPE = /Flattened_Prototype_(\d+)/g;

/** Differences as lines for a person, at most `limit`. */
export function compareFlattened(expected: LayerData, actual: LayerData, options: FlattenedComparison, limit = 8): string[] {
  const found: string[] = [];
  const add = (line: string): void => void (found.length < limit && found.push(line));
  const isKnown = options.isKnown ?? (() => false);
  const expectedPaths = new Set(expected.paths());
  for (const path of actual.paths()) {
    if (expectedPaths.has(path) || !isSpec(actual, path) || isLaterAttribute(actual, path) || isKnown(path, '', undefined, undefined))
      continue;
    add(`<${path}> is not expected`);
  }
  for (const path of expectedPaths) {
    if (!isSpec(expected, path)) continue;
    if (actual.specType(path) === undefined) {
      if (!isKnown(path, '', undefined, undefined)) add(`<${path}> is missing`);
      continue;
    }
    compareNames(expected, actual, path, add);
    for (const name of new Set([...expected.fieldNames(path), ...actual.fieldNames(path)])) {
      if (STRUCTURE.has(name)) continue;
      const [a, b] = [expected.field(path, name), actual.field(path, name)];
      if (isSame(a, b, options.assetPath) || isKnown(path, name, a, b)) continue;
      add(`<${path}> ${name}: expected ${show(a)}, found ${show(b)}`);
    }
  }
  return found;
}

/**
 * The expected text with its prototypes numbered as in the actual layer: instances at one path must refer to corresponding ones.
 */
export function renumberPrototypes(expectedText: string, expected: LayerData, actual: LayerData): string {
  const numbers = new Map<string, string>();
  const queue: [Path, Path][] = [[ROOT_PATH, ROOT_PATH]];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [from, to] = next;
    const [a, b] = [prototypeOf(expected, from), prototypeOf(actual, to)];
    if (a !== undefined && b !== undefined && !numbers.has(a)) {
      numbers.set(a, b);
      queue.push([`/Flattened_Prototype_${a}` as Path, `/Flattened_Prototype_${b}` as Path]);
    }
    for (const name of valueAs(expected.field(from, 'primChildren'), 'tokenVector') ?? []) {
      if (!name.startsWith('Flattened_Prototype_')) queue.push([appendChild(from, name), appendChild(to, name)]);
    }
  }
  return expectedText.replace(
    PROTOTYPE,
    (name, number: string) => `Flattened_Prototype_${numbers.get(number) ?? `${number}_${name.length}`}`,
  );
}

function prototypeOf(data: LayerData, path: Path): string | undefined {
  for (const item of itemsOf(data.field(path, 'references'))) {
    const match = /^\/Flattened_Prototype_(\d+)$/.exec((item as { primPath: string }).primPath);
    if (match !== null) return match[1];
  }
  return undefined;
}

function isSpec(data: LayerData, path: Path): boolean {
  const type = data.specType(path);
  return type === 'pseudoRoot' || type === 'prim' || type === 'attribute' || type === 'relationship';
}

/** Attributes whose type OpenUSD 22 does not know are not in its text. */
function isLaterAttribute(data: LayerData, path: Path): boolean {
  const typeName = valueAs(data.field(path, 'typeName'), 'token');
  return (
    typeName !== undefined &&
    data.specType(path) === 'attribute' &&
    (typeName === 'pathExpression' || storageTypeOf(typeName) === undefined)
  );
}

function compareNames(expected: LayerData, actual: LayerData, path: Path, add: (line: string) => void): void {
  const names = (data: LayerData): readonly string[] =>
    (valueAs(data.field(path, 'primChildren'), 'tokenVector') ?? []).filter((name) => !name.startsWith('Flattened_Prototype_'));
  const [a, b] = [names(expected), names(actual)];
  if (a.join() !== b.join() && [...a].sort().join() === [...b].sort().join())
    add(`<${path}> children: expected ${a.join(' ')}, found ${b.join(' ')}`);
}

function itemsOf(value: Value | undefined): readonly unknown[] {
  if (value === undefined || !value.type.endsWith('ListOp')) return [];
  return applyListOp(value.value as ListOp<unknown>, [], (item) =>
    typeof item === 'object' ? JSON.stringify(item, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) : item,
  );
}

function isSame(a: Value | undefined, b: Value | undefined, assetPath: (path: string) => string): boolean {
  if (a === undefined || b === undefined) {
    // Empty lists and empty dictionaries say nothing.
    const some = a ?? b;
    if (some === undefined) return true;
    if (some.type.endsWith('ListOp')) return itemsOf(some).length === 0;
    if (some.type === 'bool') return some.value === false;
    return some.type === 'variability' ? some.value === 'varying' : some.type === 'dictionary' && some.value.size === 0;
  }
  if (a.type.endsWith('ListOp') && b.type.endsWith('ListOp')) return sameData(itemsOf(a), itemsOf(b), 0, assetPath);
  if (a.type !== b.type) return false;
  if (a.type === 'timeSamples' && b.type === 'timeSamples') {
    return (
      sameData(a.value.times, b.value.times, 1e-9, assetPath) &&
      a.value.times.every((_, i) => isSame(a.value.value(i), b.value.value(i), assetPath))
    );
  }
  return sameData(a.value, b.value, toleranceOf(a.type), assetPath);
}

function toleranceOf(type: string): number {
  if (type.startsWith('half') || type.startsWith('quath')) return 1e-3;
  return type.startsWith('float') || type.startsWith('quatf') ? 2e-6 : 1e-9;
}

function sameData(a: unknown, b: unknown, tolerance: number, assetPath: (path: string) => string): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a)) || (Number.isNaN(a) && Number.isNaN(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value as Value, b.get(key) as Value, assetPath));
  if ('length' in a && 'length' in b) {
    const [x, y] = [a as ArrayLike<unknown>, b as ArrayLike<unknown>];
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (!sameData(x[i], y[i], tolerance, assetPath)) return false;
    return true;
  }
  if ('path' in a && 'path' in b) return assetPath(String(a.path)) === assetPath(String(b.path));
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => sameData((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], tolerance, assetPath))
  );
}

function show(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value.type === 'timeSamples') return `samples at ${[...value.value.times].slice(0, 6).join(' ')}`;
  const text =
    JSON.stringify(value.value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v instanceof Map ? Object.fromEntries(v) : v)) ??
    'nothing';
  return `${value.type} ${text.length > 160 ? `${text.slice(0, 160)}…` : text}`;
}
