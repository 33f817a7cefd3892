/**
 * Where asset paths stand in a layer, and layers with other ones in their place.
 * Source: OpenUSD usdUtils/assetLocalization.cpp; values.md section 5 for templates of clips.
 */
import type { LayerData, SpecType } from '../sdf/layer-data.ts';
import type { ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { valueAs, type ArrayEdit, type AssetPath, type Dictionary, type ReferenceItem, type TimeSamples, type Value } from '../vt/value.ts';

/** `asset`: a value or metadata. `clipTemplate`: stands for many files, `#` for each digit. */
export type AssetPathKind = 'sublayer' | 'reference' | 'payload' | 'asset' | 'clipTemplate';

/** Where an asset path stands. */
export interface AssetPathSite {
  /** What names the asset. */
  readonly kind: AssetPathKind;
  /** The spec that has the field. */
  readonly path: Path;
  /** Name of the field, and of the keys of dictionaries in it, joined by colons. */
  readonly keyPath: string;
  /** False for what a list op deletes or reorders: it is named, but not asked for. */
  readonly isUsed: boolean;
  /** Of templates: the clip set that they stand in. */
  readonly clipSet?: Dictionary;
}

/** Sees each authored path that is not empty, and says what is to stand there instead. */
export type AssetPathVisitor = (assetPath: string, site: AssetPathSite) => string;

/** Shows every asset path of a layer to the visitor, in the order of specs and fields; the layer stays as it is. */
export function visitAssetPaths(data: LayerData, visitor: AssetPathVisitor): void {
  for (const path of data.paths()) {
    for (const field of data.fieldNames(path)) {
      if (!mayHoldAssetPaths(data, path, field)) continue;
      const value = data.field(path, field);
      if (value !== undefined) mapField(value, path, field, visitor);
    }
  }
}

/** A layer whose asset paths are what the visitor says; nothing is copied. */
export class RemappedLayerData implements LayerData {
  readonly #data: LayerData;
  readonly #visitor: AssetPathVisitor;

  constructor(data: LayerData, visitor: AssetPathVisitor) {
    this.#data = data;
    this.#visitor = visitor;
  }

  specType(path: Path): SpecType | undefined {
    return this.#data.specType(path);
  }

  fieldNames(path: Path): readonly string[] {
    return this.#data.fieldNames(path);
  }

  field(path: Path, name: string): Value | undefined {
    const value = this.#data.field(path, name);
    return value === undefined || !mayHoldAssetPaths(this.#data, path, name) ? value : mapField(value, path, name, this.#visitor);
  }

  paths(): Iterable<Path> {
    return this.#data.paths();
  }
}

/** Values of attributes of other types are not even decoded. */
function mayHoldAssetPaths(data: LayerData, path: Path, field: string): boolean {
  if (field !== 'default' && field !== 'timeSamples') return true;
  const typeName = valueAs(data.field(path, 'typeName'), 'token');
  return typeName === 'asset' || typeName === 'asset[]';
}

function mapField(value: Value, path: Path, field: string, visitor: AssetPathVisitor): Value {
  const visit =
    (kind: AssetPathKind, keyPath = field, isUsed = true, clipSet?: Dictionary) =>
    (assetPath: string): string =>
      assetPath === '' ? '' : visitor(assetPath, { kind, path, keyPath, isUsed, ...(clipSet === undefined ? {} : { clipSet }) });

  const mapArc = (item: ReferenceItem, kind: AssetPathKind, isUsed: boolean): ReferenceItem => {
    const assetPath = visit(kind, field, isUsed)(item.assetPath);
    return assetPath === item.assetPath ? item : { ...item, assetPath };
  };

  const mapValue = (inner: Value, keyPath: string): Value => {
    switch (inner.type) {
      case 'asset': {
        const asset = mapAsset(inner.value, visit('asset', keyPath));
        return asset === inner.value ? inner : { type: 'asset', value: asset };
      }
      case 'asset[]': {
        const assets = mapList(inner.value, (asset) => mapAsset(asset, visit('asset', keyPath)));
        return assets === inner.value ? inner : { type: 'asset[]', value: assets };
      }
      case 'dictionary': {
        const dictionary = mapDictionary(inner.value, (entry, key) => mapValue(entry, `${keyPath}:${key}`));
        return dictionary === inner.value ? inner : { type: 'dictionary', value: dictionary };
      }
      case 'arrayEdit': {
        const literals = inner.value.elementType === 'asset' ? mapValue(inner.value.literals, keyPath) : inner.value.literals;
        const edit: ArrayEdit = { ...inner.value, literals };
        return literals === inner.value.literals ? inner : { type: 'arrayEdit', value: edit };
      }
      case 'timeSamples': {
        const samples = mapSamples(inner.value, (sample) => mapValue(sample, keyPath));
        return samples === inner.value ? inner : { type: 'timeSamples', value: samples };
      }
      default:
        return inner;
    }
  };

  switch (value.type) {
    case 'stringVector': {
      if (field !== 'subLayers') return value;
      const paths = mapList(value.value, visit('sublayer'));
      return paths === value.value ? value : { type: 'stringVector', value: paths };
    }
    case 'referenceListOp': {
      const op = mapListOp(value.value, (item, isUsed) => mapArc(item, 'reference', isUsed));
      return op === value.value ? value : { type: 'referenceListOp', value: op };
    }
    case 'payloadListOp': {
      const op = mapListOp(value.value, (item, isUsed) => mapArc(item, 'payload', isUsed));
      return op === value.value ? value : { type: 'payloadListOp', value: op };
    }
    case 'string':
      return field === 'clipTemplateAssetPath' ? { type: 'string', value: visit('clipTemplate')(value.value) } : value;
    case 'dictionary': {
      if (field !== 'clips') return mapValue(value, field);
      const sets = mapDictionary(value.value, (set, name) => {
        if (set.type !== 'dictionary') return mapValue(set, `${field}:${name}`);
        const entries = mapDictionary(set.value, (entry, key) => {
          const keyPath = `${field}:${name}:${key}`;
          if (key !== 'templateAssetPath' || entry.type !== 'string') return mapValue(entry, keyPath);
          const template = visit('clipTemplate', keyPath, true, set.value)(entry.value);
          return template === entry.value ? entry : { type: 'string', value: template };
        });
        return entries === set.value ? set : { type: 'dictionary', value: entries };
      });
      return sets === value.value ? value : { type: 'dictionary', value: sets };
    }
    default:
      return mapValue(value, field);
  }
}

function mapAsset(asset: AssetPath, visit: (path: string) => string): AssetPath {
  const path = visit(asset.path);
  return path === asset.path ? asset : { path };
}

/** The same list where nothing changes. */
function mapList<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let isSame = true;
  const mapped = items.map((item) => {
    const next = map(item);
    if (next !== item) isSame = false;
    return next;
  });
  return isSame ? items : mapped;
}

function mapDictionary(dictionary: Dictionary, map: (value: Value, key: string) => Value): Dictionary {
  let isSame = true;
  const mapped = new Map<string, Value>();
  for (const [key, value] of dictionary) {
    const next = map(value, key);
    if (next !== value) isSame = false;
    mapped.set(key, next);
  }
  return isSame ? dictionary : mapped;
}

function mapListOp<T>(op: ListOp<T>, map: (item: T, isUsed: boolean) => T): ListOp<T> {
  const used = (items: readonly T[]): readonly T[] =>
    once(
      items,
      mapList(items, (item) => map(item, true)),
    );
  const named = (items: readonly T[]): readonly T[] =>
    once(
      items,
      mapList(items, (item) => map(item, false)),
    );
  const mapped: ListOp<T> = {
    isExplicit: op.isExplicit,
    explicitItems: used(op.explicitItems),
    prependedItems: used(op.prependedItems),
    appendedItems: used(op.appendedItems),
    addedItems: used(op.addedItems),
    deletedItems: named(op.deletedItems),
    orderedItems: named(op.orderedItems),
  };
  const isSame = (Object.keys(mapped) as (keyof ListOp<T>)[]).every((key) => mapped[key] === op[key]);
  return isSame ? op : mapped;
}

/** Two paths to one file may have become the same one: list ops must not say anything twice. */
function once<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  if (before === after) return after;
  const seen = new Map(after.map((item) => [JSON.stringify(item), item] as const).reverse());
  return seen.size === after.length ? after : [...seen.values()].reverse();
}

function mapSamples(samples: TimeSamples, map: (sample: Value) => Value): TimeSamples {
  const values = Array.from(samples.times, (_, i) => samples.value(i));
  const mapped = mapList(values, map);
  return mapped === values ? samples : { times: samples.times, value: (index) => mapped[index] as Value };
}
