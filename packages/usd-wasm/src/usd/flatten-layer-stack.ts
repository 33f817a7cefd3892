/**
 * Flattening of a layer stack: its layers as one, arcs kept. Source: OpenUSD usd/flattenUtils.cpp; values.md section 10.
 */
import type { LayerStack } from '../pcp/layer-stack.ts';
import { evaluateExpression, isVariableExpression } from '../pcp/variable-expression.ts';
import { composeListOps } from '../sdf/compose-list-ops.ts';
import { composeOffsets, IDENTITY_OFFSET, isIdentityOffset, isValidOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import { Layer } from '../sdf/layer.ts';
import { MemoryLayerData, type SpecType } from '../sdf/layer-data.ts';
import { reorder, type ListOp } from '../sdf/list-op.ts';
import { appendChild, appendProperty, appendVariant, ROOT_PATH, type Path } from '../sdf/path.ts';
import { CHILDREN_FIELDS } from '../sdf/spec-tree.ts';
import { makeValue, type ArrayEdit, type Dictionary, type ReferenceItem, type Value } from '../vt/value.ts';
import { applyArrayEdit } from './array-edit.ts';
import type { FlattenOptions } from './flatten.ts';
import { retime } from './layer-value.ts';
import { listItemKey, mergeDictionaries } from './metadata.ts';
import type { Stage } from './stage.ts';

/**
 * The layer stack of the root of a stage (session layer, root layer, and what they sublayer) as one layer that composes to
 * the same scene: per field the strongest opinion, list ops composed into one, dictionaries merged, times mapped to those of
 * the stage. References, payloads, variants and other arcs stay. Expressions in asset paths are evaluated; expression variables
 * stay for what else uses them. Legacy `add` and `reorder` edits in several layers come out as appends.
 */
export function flattenLayerStack(stage: Stage, options: FlattenOptions = {}): Layer {
  return new LayerStackFlattener(stage, options.assetPath ?? ((asset) => asset.resolvedPath || asset.path)).run();
}

type ChildrenField = 'primChildren' | 'properties' | 'variantSetChildren' | 'variantChildren';

const LEFT_OUT: ReadonlySet<string> = new Set([
  ...CHILDREN_FIELDS,
  'connectionChildren',
  'targetChildren',
  'mapperChildren',
  'subLayers',
  'subLayerOffsets',
]);

/** Where the value of an attribute comes from. */
const VALUE_FIELDS = ['default', 'timeSamples', 'spline'] as const;

class LayerStackFlattener {
  readonly #stage: Stage;
  readonly #stack: LayerStack;
  readonly #assetPath: NonNullable<FlattenOptions['assetPath']>;
  readonly #data = new MemoryLayerData();

  constructor(stage: Stage, assetPath: NonNullable<FlattenOptions['assetPath']>) {
    this.#stage = stage;
    this.#stack = stage.cache.layerStack;
    this.#assetPath = assetPath;
  }

  run(): Layer {
    this.#writeFields(ROOT_PATH, 'pseudoRoot');
    // the rate may be authored nowhere, or by a sublayer only, whose times are mapped to those of the stack
    const layer = new Layer('flattened', this.#data, 'memory');
    const rate = this.#stack.timeCodesPerSecond;
    if (layer.timeCodesPerSecond !== rate) this.#data.setField(ROOT_PATH, 'timeCodesPerSecond', makeValue('double', rate));
    // prims wait in a list, as namespaces may be deeper than the call stack
    const waiting: (readonly [Path, 'prim' | 'variant'])[] = [];
    this.#writeChildren(ROOT_PATH, 'primChildren', (name) => waiting.push([appendChild(ROOT_PATH, name), 'prim']));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) this.#writePrim(next[0], next[1], waiting);
    return layer;
  }

  #writePrim(path: Path, type: 'prim' | 'variant', waiting: (readonly [Path, 'prim' | 'variant'])[]): void {
    this.#data.createSpec(path, type);
    this.#writeFields(path, type);
    this.#writeChildren(path, 'properties', (name) => this.#writeProperty(appendProperty(path, name)));
    this.#writeChildren(path, 'variantSetChildren', (name) => {
      const set = appendVariant(path, name, '');
      this.#data.createSpec(set, 'variantSet');
      this.#writeFields(set, 'variantSet');
      this.#writeChildren(set, 'variantChildren', (variant) => waiting.push([appendVariant(path, name, variant), 'variant']));
    });
    this.#writeChildren(path, 'primChildren', (name) => waiting.push([appendChild(path, name), 'prim']));
  }

  #writeProperty(path: Path): void {
    const type = this.#stack.layers.find((layer) => layer.hasSpec(path))?.specType(path) as SpecType;
    this.#data.createSpec(path, type);
    this.#writeFields(path, type);
  }

  /** Names over all layers: weaker layers' first, each layer's new ones behind, reordered as each says. */
  #writeChildren(path: Path, field: ChildrenField, write: (name: string) => unknown): void {
    let names: readonly string[] = [];
    const { layers } = this.#stack;
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i] as Layer;
      names = [...new Set([...names, ...layer.childNames(path, field)])];
      const order = field === 'primChildren' ? layer.fieldAs(path, 'primOrder', 'tokenVector') : undefined;
      if (order !== undefined) names = reorder(names, order, (name) => name);
    }
    if (names.length > 0) this.#data.setField(path, field, makeValue('tokenVector', names));
    for (const name of names) write(name);
  }

  #writeFields(path: Path, type: SpecType): void {
    const sites = this.#stack.entries.filter(({ layer }) => layer.specType(path) === type);
    const names = new Set(sites.flatMap(({ layer }) => layer.data.fieldNames(path)));
    // A default hides samples and splines of weaker layers, and the strongest of these hides the others.
    const strongest = sites.find(({ layer }) => VALUE_FIELDS.some((name) => layer.field(path, name) !== undefined));
    for (const name of names) {
      if (LEFT_OUT.has(name)) continue;
      const isAnimation = name === 'timeSamples' || name === 'spline';
      let result: Value | undefined;
      for (const { layer, offset } of isAnimation ? (strongest === undefined ? [] : [strongest]) : sites) {
        const value = layer.field(path, name);
        if (value === undefined) continue;
        const opinion = this.#opinion(name, value, layer, offset);
        result = result === undefined ? opinion : reduce(name, result, opinion);
      }
      if (result !== undefined) this.#data.setField(path, name, withoutKeys(result));
    }
  }

  /** A value of a layer as it is to stand in the result. */
  #opinion(name: string, value: Value, layer: Layer, offset: LayerOffset): Value {
    switch (value.type) {
      case 'referenceListOp':
      case 'payloadListOp':
        return makeValue(
          value.type,
          mapItems(value.value, (item) => this.#reference(item, layer, offset)),
        );
      default: {
        const timed = isIdentityOffset(offset) ? value : name === 'clips' ? retimeClips(value, offset) : retime(value, offset);
        return this.#withAssets(timed, layer);
      }
    }
  }

  #reference(item: ReferenceItem, layer: Layer, offset: LayerOffset): KeyedReference {
    const assetPath = this.#asset(item.assetPath, layer);
    // following a reference multiplies by the rate of the layer that has it, which is then that of the stack
    const rate = layer.timeCodesPerSecond / this.#stack.timeCodesPerSecond;
    const authored = item.layerOffset;
    const composed = isValidOffset(authored) ? composeOffsets(offset, { offset: authored.offset, scale: authored.scale * rate }) : authored;
    const layerOffset = { offset: composed.offset, scale: composed.scale };
    return { ...item, assetPath, layerOffset, key: listItemKey({ ...item, assetPath }) as string };
  }

  #withAssets(value: Value, layer: Layer): Value {
    switch (value.type) {
      case 'asset':
        return makeValue('asset', { path: this.#asset(value.value.path, layer) });
      case 'asset[]':
        return makeValue(
          'asset[]',
          value.value.map(({ path }) => ({ path: this.#asset(path, layer) })),
        );
      case 'dictionary':
        return makeValue(
          'dictionary',
          mapDictionary(value.value, (entry) => this.#withAssets(entry, layer)),
        );
      case 'timeSamples': {
        const samples = value.value;
        return makeValue('timeSamples', { times: samples.times, value: (index) => this.#withAssets(samples.value(index), layer) });
      }
      default:
        return value;
    }
  }

  #asset(path: string, layer: Layer): string {
    if (path === '') return '';
    let text = path;
    if (isVariableExpression(path)) {
      const result = evaluateExpression(path, this.#stack.expressionVariables.values);
      if ('error' in result || typeof result.value !== 'string') return path;
      text = result.value;
    }
    const site = { layer, path: ROOT_PATH, layerOffset: IDENTITY_OFFSET, node: this.#stage.cache.primIndex(ROOT_PATH).root };
    return text === '' ? '' : this.#assetPath({ path: text, resolvedPath: this.#stage.resolveAssetPath(site, text) });
  }
}

/** Layers compare references by the offset as authored, whatever it comes to in the stack (composition.md section 8). */
interface KeyedReference extends ReferenceItem {
  readonly key: string;
}

/** A stronger opinion over a weaker one. */
function reduce(name: string, strong: Value, weak: Value): Value {
  if (strong.type === 'arrayEdit' && weak.type.endsWith('[]')) return applyArrayEdit(strong.value, weak);
  if (strong.type !== weak.type) return strong;
  switch (strong.type) {
    case 'specifier':
      return strong.value === 'over' ? weak : strong;
    case 'token':
      return name === 'typeName' && strong.value === '' ? weak : strong;
    case 'dictionary':
      return makeValue('dictionary', mergeDictionaries(strong.value, weak.value as Dictionary));
    case 'variantSelectionMap':
      return makeValue('variantSelectionMap', new Map([...(weak.value as ReadonlyMap<string, string>), ...strong.value]));
    case 'relocates': {
      const sources = new Set(strong.value.map(([source]) => source));
      return makeValue('relocates', [...strong.value, ...(weak.value as typeof strong.value).filter(([source]) => !sources.has(source))]);
    }
    case 'arrayEdit':
      return makeValue('arrayEdit', joinArrayEdits(strong.value, weak.value as ArrayEdit));
    case 'referenceListOp':
    case 'payloadListOp':
      return makeValue(
        strong.type,
        composeListOps(strong.value as ListOp<KeyedReference>, weak.value as ListOp<KeyedReference>, ({ key }) => key),
      );
    default:
      if (!strong.type.endsWith('ListOp')) return strong;
      return {
        type: strong.type,
        value: composeListOps(strong.value as ListOp<unknown>, weak.value as ListOp<unknown>, listItemKey),
      } as Value;
  }
}

/** The weaker edit, then the stronger, whose literals stand behind those of the weaker. */
function joinArrayEdits(strong: ArrayEdit, weak: ArrayEdit): ArrayEdit {
  if (strong.elementType !== weak.elementType || strong.literals.type !== weak.literals.type) return strong;
  const literals = applyArrayEdit(
    {
      elementType: strong.elementType,
      literals: strong.literals,
      instructions: Array.from({ length: strong.instructions.reduce(literalCount, 0) }, (_, from) => ({
        op: 'insert',
        source: 'literal',
        from,
        to: 'end',
      })),
    },
    weak.literals,
  );
  const shift = weak.instructions.reduce(literalCount, 0);
  const instructions = strong.instructions.map((instruction) => {
    if ('source' in instruction) return instruction.source === 'literal' ? { ...instruction, from: instruction.from + shift } : instruction;
    return 'fill' in instruction && instruction.fill !== undefined ? { ...instruction, fill: instruction.fill + shift } : instruction;
  });
  return { elementType: strong.elementType, literals, instructions: [...weak.instructions, ...instructions] };
}

function literalCount(count: number, instruction: ArrayEdit['instructions'][number]): number {
  if ('source' in instruction) return instruction.source === 'literal' ? Math.max(count, instruction.from + 1) : count;
  return 'fill' in instruction && instruction.fill !== undefined ? Math.max(count, instruction.fill + 1) : count;
}

/** The pairs of `active` and `times` begin with a stage time. */
function retimeClips(value: Value, offset: LayerOffset): Value {
  if (value.type !== 'dictionary') return value;
  return makeValue(
    'dictionary',
    mapDictionary(value.value, (set) => {
      if (set.type !== 'dictionary') return set;
      return makeValue(
        'dictionary',
        mapDictionary(set.value, (entry, key) => {
          if ((key !== 'active' && key !== 'times') || entry.type !== 'double2[]') return entry;
          return makeValue(
            'double2[]',
            entry.value.map((number, i) => (i % 2 === 0 ? number * offset.scale + offset.offset : number)),
          );
        }),
      );
    }),
  );
}

function mapDictionary(dictionary: Dictionary, map: (value: Value, key: string) => Value): Dictionary {
  return new Map(Array.from(dictionary, ([key, value]) => [key, map(value, key)]));
}

function mapItems<T, U>(op: ListOp<T>, map: (item: T) => U): ListOp<U> {
  return {
    isExplicit: op.isExplicit,
    explicitItems: op.explicitItems.map(map),
    prependedItems: op.prependedItems.map(map),
    appendedItems: op.appendedItems.map(map),
    addedItems: op.addedItems.map(map),
    deletedItems: op.deletedItems.map(map),
    orderedItems: op.orderedItems.map(map),
  };
}

/** References that had different offsets in their layers may be the same now, which they must not be in one layer. */
function withoutKeys(value: Value): Value {
  if (value.type !== 'referenceListOp' && value.type !== 'payloadListOp') return value;
  const op = value.value as ListOp<KeyedReference>;
  const plain = (items: readonly KeyedReference[]): ReferenceItem[] => [
    ...new Map(items.map(({ key: _, ...item }) => [listItemKey(item), item])).values(),
  ];
  return makeValue(value.type, {
    isExplicit: op.isExplicit,
    explicitItems: plain(op.explicitItems),
    prependedItems: plain(op.prependedItems),
    appendedItems: plain(op.appendedItems),
    addedItems: plain(op.addedItems),
    deletedItems: plain(op.deletedItems),
    orderedItems: plain(op.orderedItems),
  });
}
