/** Random edits of layers, the same for the same seed and the same content of the layer. */
import type { Layer } from '../../packages/usd-wasm/src/sdf/layer.ts';
import { addListOpItem, makeExplicitListOp, makeListOp, removeListOpItem, type ListOp } from '../../packages/usd-wasm/src/sdf/list-op.ts';
import {
  appendChild,
  appendProperty,
  appendVariant,
  hasPrefix,
  parentPath,
  ROOT_PATH,
  stripVariants,
  type Path,
} from '../../packages/usd-wasm/src/sdf/path.ts';
import { makeValue, valueAs, type Value } from '../../packages/usd-wasm/src/vt/value.ts';

const PRIM_NAMES = ['A', 'B', 'C', 'Geom', 'Looks'];
const PROPERTY_NAMES = ['x', 'y', 'xformOp:translate', 'rel'];
const POSITIONS = ['frontOfPrependList', 'backOfPrependList', 'frontOfAppendList', 'backOfAppendList'] as const;

export class RandomEditor {
  readonly #layer: Layer;
  readonly #random: () => number;

  constructor(layer: Layer, random: () => number) {
    this.#layer = layer;
    this.#random = random;
  }

  /** Makes one edit; some do nothing. Says what it was. */
  edit(): string {
    const layer = this.#layer;
    const owners = this.#paths('prim', 'variant', 'pseudoRoot');
    const prims = this.#paths('prim');
    const variants = this.#paths('variant');
    const properties = this.#paths('attribute', 'relationship');
    const attributes = this.#paths('attribute');
    const kind = this.#below(20);
    switch (kind) {
      case 0:
      case 1: {
        const path = this.#newPrim(owners);
        layer.createPrimSpec(path, this.#one(['def', 'over', 'class']), this.#one(['', 'Xform', 'Scope']));
        return `make prim ${path}`;
      }
      case 2: {
        if (prims.length === 0) return 'nothing';
        const path = appendVariant(this.#one([...prims, ...variants]), this.#one(['v', 'w']), this.#one(['one', 'two', 'three']));
        layer.createPrimSpec(this.#random() < 0.5 ? path : appendChild(path, this.#one(PRIM_NAMES)));
        return `make variant ${path}`;
      }
      case 3:
      case 4: {
        const owner = owners.length < 2 ? undefined : this.#one(owners.slice(1));
        if (owner === undefined) return 'nothing';
        const path = appendProperty(owner, this.#one(PROPERTY_NAMES));
        const type = path.endsWith('rel') ? 'relationship' : 'attribute';
        if (layer.specType(path) !== undefined && layer.specType(path) !== type) return 'nothing';
        layer.createPropertySpec(path, type, { typeName: this.#one(['int', 'float3', 'double[]']), isCustom: this.#random() < 0.3 });
        return `make property ${path}`;
      }
      case 5: {
        const path = this.#one([...prims, ...properties, ...properties, ...variants, ...this.#paths('variantSet')]);
        if (path === undefined) return 'nothing';
        layer.removeSpec(path);
        return `remove ${path}`;
      }
      case 6: {
        if (prims.length === 0) return 'nothing';
        const from = this.#one(prims);
        const to = this.#newPrim(owners);
        if (layer.hasSpec(to) || hasPrefix(to, from)) return 'nothing';
        layer.moveSpec(from, to, this.#random() < 0.3 ? this.#below(3) : undefined);
        return `move ${from} to ${to}`;
      }
      case 7: {
        if (properties.length === 0 || owners.length < 2) return 'nothing';
        const from = this.#one(properties);
        const to = appendProperty(this.#random() < 0.5 ? parentPath(from) : this.#one(owners.slice(1)), this.#one(PROPERTY_NAMES));
        if (layer.hasSpec(to)) return 'nothing';
        layer.moveSpec(from, to);
        return `move ${from} to ${to}`;
      }
      case 8: {
        if (variants.length === 0) return 'nothing';
        const from = this.#one(variants);
        const to = `${from.slice(0, from.lastIndexOf('=') + 1)}${this.#one(['one', 'two', 'three'])}}` as Path;
        if (layer.hasSpec(to)) return 'nothing';
        layer.moveSpec(from, to);
        return `move ${from} to ${to}`;
      }
      case 9: {
        const path = this.#one(owners);
        const field = this.#random() < 0.5 ? 'primChildren' : 'properties';
        const names = [...layer.childNames(path, field)];
        if (new Set(names).size < names.length) return 'nothing';
        for (let i = names.length - 1; i > 0; i--) {
          const j = this.#below(i + 1);
          [names[i], names[j]] = [names[j] as string, names[i] as string];
        }
        layer.reorderChildren(path, field, names);
        return `reorder ${field} of ${path}`;
      }
      case 10: {
        const source = this.#one([...prims, ...variants]);
        const to = this.#random() < 0.3 && variants.length > 0 ? this.#one(variants) : this.#newPrim(owners);
        if (source === undefined || this.#size(source) > 60) return 'nothing';
        layer.copySpec(layer, source, to);
        return `copy ${source} to ${to}`;
      }
      case 11: {
        if (properties.length === 0) return 'nothing';
        const source = this.#one(properties);
        const to = this.#one(properties);
        layer.copySpec(layer, source, to);
        return `copy ${source} to ${to}`;
      }
      case 12:
      case 13: {
        if (attributes.length === 0) return 'nothing';
        const path = this.#one(attributes);
        if (this.#random() < 0.5) layer.setField(path, 'default', this.#random() < 0.2 ? undefined : this.#valueFor(path));
        else {
          const samples = layer.fieldAs(path, 'timeSamples', 'timeSamples');
          const known = samples !== undefined && samples.times.length > 0 && this.#random() < 0.5;
          const time = known ? (samples.times[this.#below(samples.times.length)] as number) : this.#below(5);
          layer.setTimeSample(path, time, this.#random() < 0.3 ? undefined : this.#valueFor(path));
        }
        return `value of ${path}`;
      }
      case 14: {
        const path = this.#one(owners);
        layer.setField(path, 'documentation', this.#random() < 0.4 ? undefined : makeValue('string', this.#one(['', 'one', 'two'])));
        return `doc of ${path}`;
      }
      case 15: {
        const path = this.#one(prims);
        if (path === undefined) return 'nothing';
        if (this.#random() < 0.5) layer.setField(path, 'active', this.#one([undefined, makeValue('bool', true), makeValue('bool', false)]));
        else layer.setField(path, 'primOrder', this.#random() < 0.5 ? undefined : makeValue('tokenVector', ['B', 'A']));
        return `metadata of ${path}`;
      }
      case 16: {
        const relationships = this.#paths('relationship');
        if (relationships.length === 0) return 'nothing';
        const path = this.#one(relationships);
        const target = stripVariants(this.#one([...prims, ...properties]));
        const op = this.#editList(layer.fieldAs(path, 'targetPaths', 'pathListOp'), target);
        layer.setField(path, 'targetPaths', op === undefined ? undefined : makeValue('pathListOp', op));
        return `targets of ${path}`;
      }
      case 17: {
        if (prims.length === 0) return 'nothing';
        const path = this.#one(prims);
        const item = {
          assetPath: this.#one(['', 'a.usda']),
          primPath: this.#one(['/A', '/B/C', '/Geom']) as Path,
          layerOffset: { offset: this.#below(2), scale: 1 },
        };
        const op = this.#editList(layer.fieldAs(path, 'references', 'referenceListOp'), item, JSON.stringify);
        layer.setField(path, 'references', op === undefined ? undefined : makeValue('referenceListOp', op));
        return `references of ${path}`;
      }
      case 18: {
        const count = layer.subLayerPaths.length;
        const path = this.#one(['a.usda', 'b.usda', 'c.usda']);
        const choice = this.#random();
        if (count > 0 && choice < 0.4) layer.removeSubLayerPath(this.#below(count));
        else if (count > 0 && choice < 0.6) layer.setSubLayerOffset(this.#below(count), { offset: this.#below(3), scale: 2 });
        else if (!layer.subLayerPaths.includes(path))
          layer.insertSubLayerPath(path, this.#below(count + 1), { offset: this.#below(2), scale: 1 });
        return 'sublayers';
      }
      default: {
        const path = this.#one([...attributes, ...prims]);
        if (path === undefined) return 'nothing';
        const entries: [string, Value][] = [['a', makeValue('int', this.#below(3))]];
        layer.setField(path, 'customData', this.#random() < 0.3 ? undefined : makeValue('dictionary', new Map(entries)));
        return `customData of ${path}`;
      }
    }
  }

  #editList<T>(op: ListOp<T> | undefined, item: T, keyOf: (item: T) => unknown = (x) => x): ListOp<T> | undefined {
    const kind = this.#random();
    if (kind < 0.1) return undefined;
    if (kind < 0.2) return makeExplicitListOp([item]);
    const old = op ?? makeListOp<T>();
    return kind < 0.4 ? removeListOpItem(old, item, keyOf) : addListOpItem(old, item, this.#one(POSITIONS), keyOf);
  }

  #valueFor(path: Path): Value {
    const typeName = valueAs(this.#layer.field(path, 'typeName'), 'token');
    switch (typeName) {
      case 'int':
        return makeValue('int', this.#below(4));
      case 'float3':
        return makeValue('float3', [this.#below(2), 0, 1]);
      case 'double[]':
        return makeValue(
          'double[]',
          Float64Array.from({ length: this.#below(4) }, () => this.#below(2)),
        );
      default:
        return makeValue('block', null);
    }
  }

  #newPrim(owners: readonly Path[]): Path {
    return appendChild(this.#one(owners), this.#one(PRIM_NAMES));
  }

  #size(path: Path): number {
    let size = 0;
    for (const other of this.#layer.data.paths()) if (hasPrefix(other, path)) size++;
    return size;
  }

  /** Sorted, since layers may list their specs in any order. Deep ones are left alone, so that copies of copies do not add up. */
  #paths(...types: readonly string[]): Path[] {
    const found: Path[] = [];
    for (const path of this.#layer.data.paths())
      if (!path.includes('[') && path.length < 80 && types.includes(this.#layer.specType(path) as string)) found.push(path);
    return types.includes('pseudoRoot') ? [ROOT_PATH, ...found.filter((path) => path !== ROOT_PATH).sort()] : found.sort();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #one<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}
