/** Random edits of layers, of every kind that composition has to hear of. */
import { makeListOp, makeValue, type Layer, type ListOp, type Path, type ReferenceItem, type Value } from 'usd-wasm';
import { changeBlock } from '../../packages/usd-wasm/src/sdf/change-block.ts';

export interface EditableScene {
  readonly layers: readonly Layer[];
  /** Layers that sublayers, references and payloads may name. */
  readonly assets: readonly string[];
}

const NAMES = ['A', 'B', 'C', 'Geom', 'Rig'];
const TYPES = ['', 'Xform', 'Sphere', 'Scope', 'Mesh'];
const PROPERTIES = ['size', 'radius', 'visibility', 'x:y'];
const SETS = ['shape', 'lod'];
const VARIANTS = ['one', 'two'];

export class RandomEdits {
  readonly #random: () => number;
  readonly #scene: EditableScene;
  /** What the last edits were, for a message. */
  readonly log: string[] = [];

  constructor(random: () => number, scene: EditableScene) {
    this.#random = random;
    this.#scene = scene;
  }

  /** Makes one edit, or a few in one block. */
  step(): void {
    if (this.#random() < 0.15) {
      changeBlock(() => {
        for (let i = 0; i < 3; i++) this.#edit();
      });
    } else this.#edit();
  }

  #edit(): void {
    const layer = this.#pick(this.#scene.layers);
    const path = this.#somePrim(layer);
    const kind = this.#pick(KINDS);
    this.log.push(`${kind} @${layer.identifier}@<${path}>`);
    if (this.log.length > 12) this.log.shift();
    switch (kind) {
      case 'createPrim':
        layer.createPrimSpec(
          this.#below(path, this.#random() < 0.3 ? 2 : 1),
          this.#pick(['def', 'over', 'over', 'class'] as const),
          this.#pick(TYPES),
        );
        break;
      case 'createOver': // as the session layer does, on prims of other layers
        layer.createPrimSpec(this.#somePrim(this.#pick(this.#scene.layers)));
        break;
      case 'removePrim':
        if (path !== '/' && this.#random() < 0.4) layer.removeSpec(path);
        break;
      case 'movePrim': {
        const target = this.#below(this.#somePrim(layer), 1);
        if (path === '/' || path.endsWith('}') || layer.hasSpec(target) || target.startsWith(path) || this.#random() < 0.5) break;
        layer.moveSpec(path, target);
        break;
      }
      case 'createProperty':
      case 'setDefault':
      case 'setSample':
        this.#property(layer, path, kind);
        break;
      case 'removeProperty': {
        const name = this.#pick(PROPERTIES);
        if (path !== '/' && layer.hasSpec(`${path}.${name}` as Path)) layer.removeSpec(`${path}.${name}` as Path);
        break;
      }
      case 'setTargets': {
        if (path === '/') break;
        const property = `${path}.link` as Path;
        if (!layer.hasSpec(property)) layer.createPropertySpec(property, 'relationship');
        layer.setField(property, 'targetPaths', this.#maybe(makeValue('pathListOp', this.#listOp([this.#plainPrim(), this.#plainPrim()]))));
        break;
      }
      case 'setArc':
        if (path !== '/') this.#arc(layer, path);
        break;
      case 'setField':
        if (path !== '/') this.#field(layer, path);
        break;
      case 'variant':
        this.#variant(layer, path);
        break;
      case 'layer':
        if (this.#random() < 0.4) this.#layerField(layer);
        break;
      case 'order': {
        const names = layer.childNames(path, 'primChildren');
        if (names.length > 1) layer.reorderChildren(path, 'primChildren', names.toReversed());
        break;
      }
    }
  }

  #property(layer: Layer, path: Path, kind: string): void {
    if (path === '/') return;
    const property = `${path}.${this.#pick(PROPERTIES)}` as Path;
    if (!layer.hasSpec(property)) layer.createPropertySpec(property, 'attribute', { typeName: 'double', isCustom: this.#random() < 0.5 });
    if (layer.specType(property) !== 'attribute' || kind === 'createProperty') return;
    const value = makeValue('double', Math.floor(this.#random() * 100));
    if (kind === 'setDefault') layer.setField(property, 'default', this.#random() < 0.15 ? makeValue('block', null) : this.#maybe(value));
    else layer.setTimeSample(property, Math.floor(this.#random() * 4) * 5, this.#maybe(value));
  }

  #arc(layer: Layer, path: Path): void {
    const items = (): ReferenceItem[] => [
      {
        assetPath: this.#random() < 0.4 ? '' : this.#pick(this.#scene.assets),
        primPath: this.#random() < 0.15 ? '' : this.#plainPrim(),
        layerOffset: { offset: this.#random() < 0.3 ? 10 : 0, scale: 1 },
      },
    ];
    const field = this.#pick(['references', 'payload', 'inheritPaths', 'specializes'] as const);
    const value =
      field === 'references'
        ? makeValue('referenceListOp', this.#listOp(items()))
        : field === 'payload'
          ? makeValue('payloadListOp', this.#listOp(items()))
          : makeValue('pathListOp', this.#listOp([this.#plainPrim()]));
    layer.setField(path, field, this.#maybe(value));
  }

  #field(layer: Layer, path: Path): void {
    const flag = (): Value => makeValue('bool', this.#random() < 0.5);
    const edits: readonly (readonly [string, () => Value | undefined])[] = [
      ['active', () => this.#maybe(flag())],
      ['instanceable', () => this.#maybe(flag())],
      ['kind', () => this.#maybe(makeValue('token', this.#pick(['component', 'group'])))],
      ['documentation', () => this.#maybe(makeValue('string', this.#pick(NAMES)))],
      ['typeName', () => makeValue('token', this.#pick(TYPES))],
      ['apiSchemas', () => this.#maybe(makeValue('tokenListOp', this.#listOp(['GeomModelAPI'])))],
      ['customData', () => this.#maybe(makeValue('dictionary', new Map([[this.#pick(NAMES), flag()]])))],
      ['primOrder', () => this.#maybe(makeValue('tokenVector', [this.#pick(NAMES), this.#pick(NAMES)]))],
      ['specifier', () => makeValue('specifier', this.#pick(['def', 'over', 'class'] as const))],
      ['variantSelection', () => this.#maybe(makeValue('variantSelectionMap', new Map([[this.#pick(SETS), this.#pick(VARIANTS)]])))],
    ];
    const [name, make] = this.#pick(edits);
    if (path.endsWith('}') && (name === 'specifier' || name === 'typeName')) return;
    layer.setField(path, name, make());
  }

  #variant(layer: Layer, path: Path): void {
    if (path === '/') return;
    const variant = `${path}{${this.#pick(SETS)}=${this.#pick(VARIANTS)}}` as Path;
    if (!layer.hasSpec(variant)) layer.createPrimSpec(variant);
    else if (this.#random() < 0.3) layer.removeSpec(variant);
    else layer.createPrimSpec(`${variant}${this.#pick(NAMES)}` as Path, 'def', this.#pick(TYPES));
  }

  #layerField(layer: Layer): void {
    const root = '/' as Path;
    switch (this.#pick(['sublayer', 'sublayer', 'relocates', 'defaultPrim', 'rate', 'variables', 'upAxis'] as const)) {
      case 'sublayer': {
        const asset = this.#pick(this.#scene.assets);
        const index = layer.subLayerPaths.indexOf(asset);
        if (index >= 0) layer.removeSubLayerPath(index);
        else layer.insertSubLayerPath(asset, 0, { offset: this.#random() < 0.3 ? 5 : 0, scale: 1 });
        break;
      }
      case 'relocates': {
        const pair = [this.#plainPrim(), this.#random() < 0.2 ? ('' as const) : this.#plainPrim()] as const;
        layer.setField(root, 'layerRelocates', this.#maybe(makeValue('relocates', [pair])));
        break;
      }
      case 'defaultPrim':
        layer.setField(root, 'defaultPrim', this.#maybe(makeValue('token', this.#pick(NAMES))));
        break;
      case 'rate':
        layer.setField(root, 'timeCodesPerSecond', this.#maybe(makeValue('double', this.#pick([24, 48]))));
        break;
      case 'variables':
        layer.setField(root, 'expressionVariables', this.#maybe(makeValue('dictionary', new Map([['WHO', makeValue('string', 'x')]]))));
        break;
      case 'upAxis':
        layer.setField(root, 'upAxis', this.#maybe(makeValue('token', 'Z')));
        break;
    }
  }

  /** Usually the value, sometimes nothing: the field is cleared. */
  #maybe(value: Value): Value | undefined {
    return this.#random() < 0.3 ? undefined : value;
  }

  #listOp<T>(items: readonly T[]): ListOp<T> {
    const part = this.#pick(['explicitItems', 'prependedItems', 'prependedItems', 'appendedItems', 'deletedItems'] as const);
    return makeListOp<T>({ [part]: items, ...(part === 'explicitItems' ? { isExplicit: true } : {}) });
  }

  /** A prim, variant or the root of a layer. */
  #somePrim(layer: Layer): Path {
    let path = '/' as Path;
    for (let depth = 0; depth < 4; depth++) {
      const sets = path === '/' ? [] : layer.childNames(path, 'variantSetChildren');
      if (sets.length > 0 && this.#random() < 0.4) {
        const set = this.#pick(sets);
        const variants = layer.childNames(`${path}{${set}=}` as Path, 'variantChildren');
        if (variants.length > 0) path = `${path}{${set}=${this.#pick(variants)}}` as Path;
        continue;
      }
      const names = layer.childNames(path, 'primChildren');
      if (names.length === 0 || (path !== '/' && this.#random() < 0.35)) break;
      path = childPath(path, this.#pick(names));
    }
    return path;
  }

  /** A prim path that exists somewhere, or nearly. */
  #plainPrim(): Path {
    for (let tries = 0; tries < 5; tries++) {
      const path = this.#somePrim(this.#pick(this.#scene.layers));
      if (path !== '/' && !path.includes('{')) return path;
    }
    return `/${this.#pick(NAMES)}` as Path;
  }

  #below(path: Path, levels: number): Path {
    let result = path;
    for (let level = 0; level < levels; level++) result = childPath(result, this.#pick(NAMES));
    return result;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }
}

function childPath(parent: Path, name: string): Path {
  return (parent === '/' ? `/${name}` : parent.endsWith('}') ? `${parent}${name}` : `${parent}/${name}`) as Path;
}

const KINDS = [
  'createPrim',
  'createOver',
  'createOver',
  'removePrim',
  'movePrim',
  'createProperty',
  'setDefault',
  'setDefault',
  'setSample',
  'removeProperty',
  'setTargets',
  'setArc',
  'setArc',
  'setField',
  'setField',
  'variant',
  'layer',
  'order',
] as const;
