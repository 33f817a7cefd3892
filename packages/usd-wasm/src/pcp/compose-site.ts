/**
 * Composing one field over the layers of one site, without arcs. Source: composition.md sections 4.2, 4.3, 4.8 and 8.
 */
import { ARC_FIELD } from '../sdf/arc-fields.ts';
import { composeOffsets, isValidOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import type { LayerData } from '../sdf/layer-data.ts';
import { applyListOp, type ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { valueAs, type ReferenceItem } from '../vt/value.ts';
import type { CompositionError } from './composition-error.ts';
import type { LayerSource, LayerStack } from './layer-stack.ts';
import { evaluateExpression, isVariableExpression } from './variable-expression.ts';

/** Which arc fields any layer of the site authors. */
export function scanArcFields(layerStack: LayerStack, path: Path): number {
  const { layers } = layerStack;
  let mask = 0;
  for (let i = 0; i < layers.length; i++) {
    const { data } = layers[i] as Layer;
    mask |= data.arcFields === undefined ? askForArcFields(data, path) : data.arcFields(path);
  }
  return mask;
}

function askForArcFields(data: LayerData, path: Path): number {
  if (data.specType(path) === undefined) return 0;
  let mask = 0;
  if (data.field(path, 'references') !== undefined) mask |= ARC_FIELD.references;
  if (data.field(path, 'payload') !== undefined) mask |= ARC_FIELD.payload;
  if (data.field(path, 'inheritPaths') !== undefined) mask |= ARC_FIELD.inherits;
  if (data.field(path, 'specializes') !== undefined) mask |= ARC_FIELD.specializes;
  if (data.field(path, 'variantSetNames') !== undefined) mask |= ARC_FIELD.variants;
  return mask;
}

/** A reference or payload of a site, ready to follow. */
export interface ComposedReference {
  readonly item: ReferenceItem;
  /** The layer whose opinion brought it. */
  readonly layer: Layer;
  /** Asset path after expressions; '' for internal ones. */
  readonly assetPath: string;
  /** '' for internal ones. */
  readonly identifier: string;
  /** Own offset under that of the introducing layer; undefined when the authored one is invalid. */
  readonly offset: LayerOffset | undefined;
}

/** References or payloads of a site, strongest first. Items are the same when asset (anchored), prim and offset are. */
export function composeReferences(
  layerStack: LayerStack,
  path: Path,
  field: 'references' | 'payload',
  source: LayerSource,
  errors: CompositionError[],
): readonly ComposedReference[] {
  let list: readonly ComposedReference[] = [];
  const { entries } = layerStack;
  for (let i = entries.length - 1; i >= 0; i--) {
    const { layer, offset: layerOffset } = entries[i] as { layer: Layer; offset: LayerOffset };
    const op = readListOp(layer, path, field);
    if (op === undefined) continue;
    const items = op.isExplicit || list.length === 0 ? onlyItemsOf(op) : undefined;
    if (items !== undefined && items.length < 2) list = resolveItems(items, layer, layerOffset, layerStack, path, field, source, errors);
    else
      list = applyListOp(
        mapListOp(op, (part) => resolveItems(part, layer, layerOffset, layerStack, path, field, source, errors)),
        list,
        referenceKey,
      );
  }
  return list;
}

/** The items of an op, if all are in one list that adds them: most ops are so. */
function onlyItemsOf<T>(op: ListOp<T>): readonly T[] | undefined {
  if (op.isExplicit) return op.explicitItems;
  const { prependedItems, appendedItems, addedItems } = op;
  if (op.deletedItems.length > 0 || op.orderedItems.length > 0) return undefined;
  if (appendedItems.length === 0 && addedItems.length === 0) return prependedItems;
  if (prependedItems.length > 0) return undefined;
  return addedItems.length === 0 ? appendedItems : appendedItems.length === 0 ? addedItems : undefined;
}

function resolveItems(
  items: readonly ReferenceItem[],
  layer: Layer,
  layerOffset: LayerOffset,
  layerStack: LayerStack,
  path: Path,
  field: 'references' | 'payload',
  source: LayerSource,
  errors: CompositionError[],
): ComposedReference[] {
  const resolved: ComposedReference[] = [];
  for (const item of items) {
    const assetPath = evaluateText(item.assetPath, layerStack, field === 'payload' ? 'payload' : 'reference', layer, path, errors);
    if (assetPath === undefined || (assetPath === '' && item.assetPath !== '')) continue;
    resolved.push({
      item,
      layer,
      assetPath,
      identifier: assetPath === '' ? '' : source.identify(assetPath, layer.identifier),
      offset: isValidOffset(item.layerOffset) ? composeOffsets(layerOffset, item.layerOffset) : undefined,
    });
  }
  return resolved;
}

/** Identity is by the offset as authored, not by what it comes to in its layer (museum: ReferenceListOpsWithOffsets). */
function referenceKey({ identifier, item }: ComposedReference): string {
  return `${identifier}\n${item.primPath}\n${item.layerOffset.offset} ${item.layerOffset.scale}`;
}

function readListOp(layer: Layer, path: Path, field: 'references' | 'payload'): ListOp<ReferenceItem> | undefined {
  const value = layer.data.field(path, field);
  return valueAs(value, 'referenceListOp') ?? valueAs(value, 'payloadListOp');
}

function mapListOp<T, U>(op: ListOp<T>, map: (items: readonly T[]) => readonly U[]): ListOp<U> {
  return {
    isExplicit: op.isExplicit,
    explicitItems: map(op.explicitItems),
    prependedItems: map(op.prependedItems),
    appendedItems: map(op.appendedItems),
    addedItems: map(op.addedItems),
    deletedItems: map(op.deletedItems),
    orderedItems: map(op.orderedItems),
  };
}

/** Text with its variable expression evaluated; undefined when that fails (recorded), '' when it yields nothing. */
function evaluateText(
  text: string,
  layerStack: LayerStack,
  context: 'reference' | 'payload' | 'variant',
  layer: Layer,
  path: Path,
  errors: CompositionError[],
): string | undefined {
  if (!isVariableExpression(text)) return text;
  const result = evaluateExpression(text, layerStack.expressionVariables.values);
  if ('error' in result) {
    // Variant selections are looked at again and again while an index grows; one message will do.
    const isKnown = errors.some(
      (error) =>
        error.kind === 'VariableExpressionError' && error.expression === text && error.path === path && error.layer === layer.identifier,
    );
    if (!isKnown)
      errors.push({ kind: 'VariableExpressionError', expression: text, context, layer: layer.identifier, path, reason: result.error });
    return undefined;
  }
  return typeof result.value === 'string' ? result.value : '';
}

const identity = (item: unknown): unknown => item;

/** Composed path list of a site: `inheritPaths` or `specializes`. */
export function composePathList(layerStack: LayerStack, path: Path, field: 'inheritPaths' | 'specializes'): readonly Path[] {
  let list: readonly Path[] = [];
  const { layers } = layerStack;
  for (let i = layers.length - 1; i >= 0; i--) {
    const op = (layers[i] as Layer).fieldAs(path, field, 'pathListOp');
    if (op !== undefined) list = applyListOp(op, list, identity);
  }
  return list;
}

/** Composed names of the variant sets of a site. */
export function composeVariantSetNames(layerStack: LayerStack, path: Path): readonly string[] {
  let list: readonly string[] = [];
  const { layers } = layerStack;
  for (let i = layers.length - 1; i >= 0; i--) {
    const value = (layers[i] as Layer).data.field(path, 'variantSetNames');
    const op = valueAs(value, 'stringListOp') ?? valueAs(value, 'tokenListOp');
    if (op !== undefined) list = applyListOp(op, list, identity);
  }
  return list;
}

/** Names of the variants that a site's layers author for a set. */
export function composeVariantNames(layerStack: LayerStack, path: Path, set: string, into: Set<string>): void {
  const setPath = `${path}{${set}=}` as Path;
  for (const layer of layerStack.layers) for (const name of layer.childNames(setPath, 'variantChildren')) into.add(name);
}

/** The strongest authored selection for a set at a site; '' selects no variant, undefined: none authored. */
export function composeVariantSelection(layerStack: LayerStack, path: Path, set: string, errors: CompositionError[]): string | undefined {
  for (const layer of layerStack.layers) {
    const selection = layer.fieldAs(path, 'variantSelection', 'variantSelectionMap')?.get(set);
    if (selection === undefined) continue;
    const text = evaluateText(selection, layerStack, 'variant', layer, path, errors);
    if (text !== undefined) return text;
  }
  return undefined;
}
