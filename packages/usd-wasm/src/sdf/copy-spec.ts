/** Copies of specs with all below them, within a layer and between layers. Source: OpenUSD sdf/copyUtils.cpp. */
import { makeValue, type ReferenceItem, type Value } from '../vt/value.ts';
import type { LayerData, SpecType } from './layer-data.ts';
import type { LayerEditor } from './layer-editor.ts';
import type { ListOp } from './list-op.ts';
import { hasPrefix, primPathOf, replacePrefix, ROOT_PATH, stripVariants, type Path } from './path.ts';
import { replaceTreePrefix } from './spec-editing.ts';
import { childPathOf, childPlaceOf, childrenFieldsOf, specTree } from './spec-tree.ts';

/**
 * Makes the spec at `path` and all below it what they are at `sourcePath` of other data, or of the same. What is there
 * already and equal stays untouched. A prim may become a variant and the other way round; the prim then takes specifier and
 * type from the prim around the variant. Paths in values that lead below the source lead below the copy.
 */
export function copySpec(editor: LayerEditor, source: LayerData, sourcePath: Path, path: Path): void {
  const { data } = editor;
  const sourceType = source.specType(sourcePath);
  if (sourceType === undefined) editor.fail('layer-no-spec', sourcePath, 'there is no spec to copy');
  if (path === sourcePath && source === data) return;
  const isPrimLike = sourceType === 'prim' || sourceType === 'variant';
  const place = path === ROOT_PATH ? undefined : childPlaceOf(path);
  const field = sourcePath === ROOT_PATH ? undefined : childPlaceOf(sourcePath).field;
  const isFitting = isPrimLike ? place?.field === 'primChildren' || place?.field === 'variantChildren' : place?.field === field;
  if (!isFitting) editor.fail('layer-invalid-path', path, `a spec of type ${sourceType} cannot be copied to here`);
  if (place !== undefined && data.specType(place.parent) === undefined)
    editor.fail('layer-no-spec', place.parent, `there is no spec to hold the copy of <${sourcePath}>`);
  const rootType = !isPrimLike ? sourceType : place?.field === 'variantChildren' ? 'variant' : 'prim';
  const mapValue = valueMapper(stripVariants(primPathOf(sourcePath)), stripVariants(primPathOf(path)));
  const copies = [...copiesOf(source, sourcePath, path, sourceType, rootType, mapValue)];
  for (const copy of source === data ? copies.map(withFieldsRead) : copies) placeCopy(editor, copy);
  if (place !== undefined) editor.listChild(path);
}

/** One spec as it shall be. */
interface SpecCopy {
  readonly path: Path;
  readonly type: SpecType;
  readonly fieldNames: readonly string[];
  field(name: string): Value | undefined;
}

function* copiesOf(
  source: LayerData,
  sourcePath: Path,
  path: Path,
  sourceType: SpecType,
  rootType: SpecType,
  mapValue: (name: string, value: Value | undefined) => Value | undefined,
): Generator<SpecCopy> {
  for (const at of specTree(source, sourcePath)) {
    const isConverted = at === sourcePath && sourceType !== rootType;
    const own = source.fieldNames(at);
    const names = isConverted ? own.filter((name) => name !== 'specifier' && name !== 'typeName') : own;
    // The prim around a variant is its set's parent.
    const outer = isConverted && rootType === 'prim' ? primAround(source, sourcePath) : undefined;
    const outerNames = outer === undefined ? [] : ['specifier', 'typeName'].filter((name) => source.field(outer, name) !== undefined);
    yield {
      path: replaceTreePrefix(at, sourcePath, path),
      type: at === sourcePath ? rootType : (source.specType(at) as SpecType),
      fieldNames: [...outerNames, ...names],
      field: (name) =>
        outer !== undefined && outerNames.includes(name) ? source.field(outer, name) : mapValue(name, source.field(at, name)),
    };
  }
}

function primAround(source: LayerData, variant: Path): Path {
  let at = variant;
  do at = childPlaceOf(at).parent;
  while (source.specType(at) === 'variant' || source.specType(at) === 'variantSet');
  return at;
}

/** Where source and copy overlap, what is read must not have been written yet. */
function withFieldsRead(copy: SpecCopy): SpecCopy {
  const fields = new Map(copy.fieldNames.map((name) => [name, copy.field(name)]));
  return { ...copy, field: (name) => fields.get(name) };
}

function placeCopy(editor: LayerEditor, copy: SpecCopy): void {
  const { data } = editor;
  const { path } = copy;
  const known = data.specType(path);
  if (known !== undefined && known !== copy.type) editor.removeSpecs(specTree(data, path));
  if (known !== copy.type) editor.makeSpec(path, copy.type);
  const kept = new Set(copy.fieldNames);
  for (const field of childrenFieldsOf(data, path)) {
    const value = kept.has(field) ? copy.field(field) : undefined;
    const names = new Set(value?.type === 'tokenVector' ? value.value : []);
    for (const name of editor.layer.childNames(path, field)) {
      const child = childPathOf(path, field, name);
      if (!names.has(name) && data.specType(child) !== undefined) editor.removeSpecs(specTree(data, child));
    }
  }
  for (const name of data.fieldNames(path)) if (!kept.has(name)) editor.setField(path, name, undefined);
  for (const name of copy.fieldNames) editor.setField(path, name, copy.field(name));
}

/** Values with paths at or below `from` led to the same below `to`. */
function valueMapper(from: Path, to: Path): (name: string, value: Value | undefined) => Value | undefined {
  if (from === to || from === ROOT_PATH) return (_name, value) => value;
  const map = (path: Path): Path => (hasPrefix(path, from) ? replacePrefix(path, from, to) : path);
  const mapItem = (item: ReferenceItem): ReferenceItem =>
    item.assetPath === '' && item.primPath !== '' ? { ...item, primPath: map(item.primPath) } : item;
  return (name, value) => {
    switch (value?.type) {
      case 'pathListOp':
        return makeValue(
          'pathListOp',
          mapItems(value.value, map, (path) => path),
        );
      case 'referenceListOp':
      case 'payloadListOp':
        return makeValue(value.type, mapItems(value.value, mapItem, referenceKey));
      case 'relocates':
        return name === 'relocates'
          ? makeValue(
              'relocates',
              value.value.map(([a, b]) => [map(a), b === '' ? '' : map(b)]),
            )
          : value;
      default:
        return value;
    }
  };
}

/** Items that become the same are one item, the first. */
function mapItems<T>(op: ListOp<T>, map: (item: T) => T, keyOf: (item: T) => unknown): ListOp<T> {
  const mapAll = (items: readonly T[]): readonly T[] => {
    const byKey = new Map<unknown, T>();
    for (const item of items.map(map)) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
    return [...byKey.values()];
  };
  return {
    isExplicit: op.isExplicit,
    explicitItems: mapAll(op.explicitItems),
    prependedItems: mapAll(op.prependedItems),
    appendedItems: mapAll(op.appendedItems),
    addedItems: mapAll(op.addedItems),
    deletedItems: mapAll(op.deletedItems),
    orderedItems: mapAll(op.orderedItems),
  };
}

/** References to one prim with one offset are one, but not those that carry data. */
function referenceKey(item: ReferenceItem): unknown {
  const { assetPath, primPath, layerOffset, customData } = item;
  return customData !== undefined && customData.size > 0
    ? item
    : JSON.stringify([assetPath, primPath, layerOffset.offset, layerOffset.scale]);
}
