import { makeValue, valueAs, type Value, type ValueMap, type ValueType } from '../vt/value.ts';
import { MemoryLayerData, type LayerData, type SpecType } from './layer-data.ts';
import { appendChild, appendProperty, nameOf, parentPath, primPathOf, ROOT_PATH, type Path } from './path.ts';

/** One layer: its data and what it is called. Source: OpenUSD sdf/layer.h. */
export class Layer {
  /** Unique key of the layer: what the resolver made of its asset path, e.g. `pkg.usdz[geo/ball.usdc]`. */
  readonly identifier: string;
  readonly data: LayerData;
  /** Format the bytes were in. */
  readonly format: 'usda' | 'usdc' | 'memory';

  constructor(identifier: string, data: LayerData, format: 'usda' | 'usdc' | 'memory') {
    this.identifier = identifier;
    this.data = data;
    this.format = format;
  }

  /** An empty layer in memory, for session opinions. */
  static inMemory(identifier: string): Layer {
    return new Layer(identifier, new MemoryLayerData(), 'memory');
  }

  hasSpec(path: Path): boolean {
    return this.data.specType(path) !== undefined;
  }

  specType(path: Path): SpecType | undefined {
    return this.data.specType(path);
  }

  /** What a property of a prim is, or undefined where the layer has no spec of it. */
  propertyType(primPath: Path, name: string): SpecType | undefined {
    const { data } = this;
    return data.propertyType === undefined ? data.specType(appendProperty(primPath, name)) : data.propertyType(primPath, name);
  }

  field(path: Path, name: string): Value | undefined {
    return this.data.field(path, name);
  }

  /** Data of a field if it is authored with that type. */
  fieldAs<K extends ValueType>(path: Path, name: string, type: K): ValueMap[K] | undefined {
    return valueAs(this.data.field(path, name), type);
  }

  /** Names in a children field (`primChildren`, `properties`, `variantSetChildren`, `variantChildren`). */
  childNames(path: Path, field: 'primChildren' | 'properties' | 'variantSetChildren' | 'variantChildren'): readonly string[] {
    return this.fieldAs(path, field, 'tokenVector') ?? [];
  }

  /** Authored time codes per second: `timeCodesPerSecond`, else `framesPerSecond`, else 24. */
  get timeCodesPerSecond(): number {
    return this.fieldAs(ROOT_PATH, 'timeCodesPerSecond', 'double') ?? this.fieldAs(ROOT_PATH, 'framesPerSecond', 'double') ?? 24;
  }

  /** Default prim as a path (a token is a root prim's name, a path is taken as it is), or undefined. */
  get defaultPrim(): Path | undefined {
    const name = this.fieldAs(ROOT_PATH, 'defaultPrim', 'token');
    if (name === undefined || name === '') return undefined;
    return (name.startsWith('/') ? name : `/${name}`) as Path;
  }

  /** Makes sure a prim spec exists at a plain prim path, ancestors as `over`. Memory layers only. */
  ensurePrim(path: Path): void {
    if (path === ROOT_PATH || this.hasSpec(path)) return;
    const data = this.#memory();
    const parent = parentPath(path);
    this.ensurePrim(parent);
    data.createSpec(path, 'prim');
    data.setField(path, 'specifier', makeValue('specifier', 'over'));
    this.#addChildName(parent, 'primChildren', nameOf(path));
  }

  /** Makes sure an attribute spec exists. Memory layers only. */
  ensureAttribute(path: Path, typeName: string): void {
    if (this.hasSpec(path)) return;
    const data = this.#memory();
    const prim = primPathOf(path);
    this.ensurePrim(prim);
    data.createSpec(path, 'attribute');
    data.setField(path, 'typeName', makeValue('token', typeName));
    this.#addChildName(prim, 'properties', nameOf(path));
  }

  /** Sets or clears a field. Memory layers only. */
  setField(path: Path, name: string, value: Value | undefined): void {
    this.#memory().setField(path, name, value);
  }

  #addChildName(parent: Path, field: 'primChildren' | 'properties', name: string): void {
    const names = this.childNames(parent, field);
    if (!names.includes(name)) this.#memory().setField(parent, field, makeValue('tokenVector', [...names, name]));
  }

  #memory(): MemoryLayerData {
    if (!(this.data instanceof MemoryLayerData)) throw new TypeError(`layer @${this.identifier}@ is read-only (${this.format})`);
    return this.data;
  }
}

/** Visits every prim spec below (and with) a path, depth first, variants included. */
export function* primSpecPaths(layer: Layer, path: Path = ROOT_PATH): Generator<Path> {
  yield path;
  for (const name of layer.childNames(path, 'primChildren')) yield* primSpecPaths(layer, appendChild(path, name));
}
