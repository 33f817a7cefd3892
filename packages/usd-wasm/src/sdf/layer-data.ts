/**
 * What every file format delivers: specs by path, fields by name. Source: OpenUSD sdf/abstractData.h.
 *
 * Field names are OpenUSD's (`specifier`, `typeName`, `default`, `timeSamples`, `primChildren`, `properties`,
 * `variantSetChildren`, `variantChildren`, `variantSetNames`, `variantSelection`, `references`, `payload`,
 * `inheritPaths`, `specializes`, `apiSchemas`, `targetPaths`, `connectionPaths`, `subLayers`, `subLayerOffsets`,
 * `layerRelocates`, `primOrder`, `propertyOrder`, `customData`, …). Types per field:
 * children fields are `tokenVector`, `subLayers` is `stringVector`, `subLayerOffsets` `layerOffsetVector`,
 * `references` `referenceListOp`, `payload` `payloadListOp`, `inheritPaths`/`specializes`/`targetPaths`/`connectionPaths`
 * `pathListOp`, `apiSchemas` `tokenListOp`, `variantSetNames` `stringListOp`, `specifier` `specifier`, `typeName` `token`.
 */
import { makeValue, type Value } from '../vt/value.ts';
import { ARC_FIELDS } from './arc-fields.ts';
import type { EditableLayerData, EditableSpec } from './editable-layer-data.ts';
import type { Path } from './path.ts';
import { FieldShape, SpecFields } from './spec-fields.ts';

/** What a spec is of. */
export type SpecType =
  | 'pseudoRoot'
  | 'prim'
  | 'attribute'
  | 'relationship'
  | 'variantSet'
  | 'variant'
  | 'connection'
  | 'relationshipTarget'
  | 'mapper'
  | 'mapperArg'
  | 'expression';

/** Specs and their fields, however they are stored. */
export interface LayerData {
  /** What the spec at a path is of; undefined where there is none. */
  specType(path: Path): SpecType | undefined;
  /** Names of the authored fields of a spec, in authored order; empty where there is no spec. */
  fieldNames(path: Path): readonly string[];
  /** The value of a field, decoded now if it was not yet. Throws a typed read error where the bytes are bad. */
  field(path: Path, name: string): Value | undefined;
  /** As `specType` of the path of a prim's property, where that can be told without making the path. */
  propertyType?(primPath: Path, name: string): SpecType | undefined;
  /** Bits of `ARC_FIELD`: which fields of a spec add arcs, where that can be told without asking for one after the other. */
  arcFields?(path: Path): number;
  /** Every spec path, parents before children. */
  paths(): Iterable<Path>;
  /** Whether any spec may have arcs, variants, value clips or an instance; also where that is not known without looking at all. */
  hasArcs?(): boolean;
  /** Whether values of fields are text that is still to be read, as the format knew no type for them. */
  hasTextValues?(): boolean;
}

/**
 * Specs held in memory: what the text reader fills and editing writes to. Specs of properties hang on the spec of
 * their prim: one map of all paths would take several times as long to fill, and a path string for each.
 */
export class MemoryLayerData implements EditableLayerData {
  /** Layer, prims, variants and variant sets; also properties whose prim has no spec, and what is below properties. */
  readonly #specs = new Map<Path, MemorySpec>();
  readonly #emptyShape = FieldShape.empty();
  /** What was looked for last: composition asks for field after field of one path, most of them absent. */
  #lastPath: Path | undefined;
  #lastSpec: MemorySpec | undefined;

  constructor() {
    this.openSpec('/' as Path, 'pseudoRoot');
  }

  /** What the spec at a path is of; undefined where there is none. */
  specType(path: Path): SpecType | undefined {
    return this.#find(path)?.type;
  }

  propertyType(primPath: Path, name: string): SpecType | undefined {
    const prim = primPath === this.#lastPath ? this.#lastSpec : this.#specs.get(primPath);
    return prim === undefined ? this.specType(`${primPath}.${name}` as Path) : prim.property(name)?.type;
  }

  hasArcs(): boolean {
    return this.#emptyShape.mayHave(ARC_FIELDS);
  }

  arcFields(path: Path): number {
    return this.#find(path)?.arcFields ?? 0;
  }

  fieldNames(path: Path): readonly string[] {
    return this.#find(path)?.names() ?? [];
  }

  field(path: Path, name: string): Value | undefined {
    return this.#find(path)?.get(name);
  }

  *paths(): Generator<Path> {
    for (const [path, spec] of this.#specs) {
      this.#remember(path, spec);
      yield path;
      for (const name of spec.propertyNames()) {
        const property = `${path}.${name}` as Path;
        this.#remember(property, spec.property(name));
        yield property;
      }
    }
  }

  /** Adds a spec; an existing one keeps its fields and takes the type. Does not touch the parent's children field. */
  createSpec(path: Path, type: SpecType): void {
    this.openSpec(path, type).type = type;
  }

  /**
   * A spec to be filled in place; it is made where there is none, an existing one keeps its type. For readers, which
   * set many fields of one spec. Does not touch the parent's children field.
   */
  openSpec(path: Path, type: SpecType): MemorySpec {
    const known = this.#specs.get(path);
    if (known !== undefined) return known;
    const dot = type === 'prim' ? -1 : propertyStart(path);
    const owner = dot < 0 ? undefined : this.#specs.get(path.slice(0, dot) as Path);
    if (owner !== undefined) return owner.openProperty(path.slice(dot + 1), type);
    const spec = new MemorySpec(type, this.#emptyShape);
    this.#specs.set(path, spec);
    this.#lastPath = undefined;
    return spec;
  }

  /** Removes one spec, not its descendants. */
  eraseSpec(path: Path): void {
    this.#lastPath = undefined;
    const spec = this.#specs.get(path);
    if (spec === undefined) {
      const dot = propertyStart(path);
      if (dot >= 0) this.#specs.get(path.slice(0, dot) as Path)?.removeProperty(path.slice(dot + 1));
      return;
    }
    this.#specs.delete(path);
    for (const name of spec.propertyNames()) this.#specs.set(`${path}.${name}` as Path, spec.property(name) as MemorySpec);
  }

  /** Sets a field of an existing spec; `undefined` clears it. */
  setField(path: Path, name: string, value: Value | undefined): void {
    const spec = this.#find(path);
    if (spec === undefined) throw new RangeError(`no spec at <${path}> to set "${name}" on`);
    if (value === undefined) spec.delete(name);
    else spec.set(name, value);
  }

  /** @internal */
  editSpec(path: Path): MemorySpec | undefined {
    return this.#find(path);
  }

  /** @internal */
  makeSpec(type: SpecType): MemorySpec {
    return new MemorySpec(type, this.#emptyShape);
  }

  /** @internal */
  insertSpec(path: Path, spec: EditableSpec): void {
    if (!(spec instanceof MemorySpec)) throw new TypeError(`the spec for <${path}> is of other data`);
    this.#lastPath = undefined;
    const dot = propertyStart(path);
    const owner = dot < 0 ? undefined : this.#specs.get(path.slice(0, dot) as Path);
    if (owner === undefined) this.#specs.set(path, spec);
    else owner.insertProperty(path.slice(dot + 1), spec);
  }

  /** @internal */
  removeSpec(path: Path): void {
    this.eraseSpec(path);
  }

  /** What is asked next about a path that was just handed out is found at once. */
  #remember(path: Path, spec: MemorySpec | undefined): void {
    this.#lastPath = path;
    this.#lastSpec = spec;
  }

  #find(path: Path): MemorySpec | undefined {
    if (path === this.#lastPath) return this.#lastSpec;
    const dot = propertyStart(path);
    if (dot >= 0) {
      const property = this.#specs.get(path.slice(0, dot) as Path)?.property(path.slice(dot + 1));
      if (property !== undefined) {
        this.#lastPath = path;
        this.#lastSpec = property;
        return property;
      }
    }
    const spec = this.#specs.get(path);
    // Properties come to prims without our knowing while a layer is read: that there is none may not last.
    if (spec !== undefined || dot < 0) {
      this.#lastPath = path;
      this.#lastSpec = spec;
    }
    return spec;
  }
}

/** One spec of a layer in memory, and the properties of a prim. */
export class MemorySpec extends SpecFields {
  type: SpecType;
  #properties: NamedSpecs | undefined = undefined;

  constructor(type: SpecType, emptyShape: FieldShape) {
    super(emptyShape);
    this.type = type;
  }

  propertyNames(): readonly string[] {
    return this.#properties?.names ?? NO_NAMES;
  }

  property(name: string): MemorySpec | undefined {
    return this.#properties?.find(name);
  }

  /** The property of that name; a new one is made where there is none. */
  openProperty(name: string, type: SpecType): MemorySpec {
    const root = this.shape?.root ?? FieldShape.empty();
    this.#properties ??= new NamedSpecs(root.lists);
    return this.#properties.find(name) ?? this.#properties.add(name, new MemorySpec(type, root));
  }

  insertProperty(name: string, spec: MemorySpec): void {
    this.#properties ??= new NamedSpecs((this.shape?.root ?? FieldShape.empty()).lists);
    this.#properties.add(name, spec);
  }

  /** Names of all properties, for the `properties` field; nothing more is expected to be added. Undefined where there are none. */
  sealProperties(): Value | undefined {
    return this.#properties?.seal();
  }

  removeProperty(name: string): void {
    this.#properties?.remove(name);
  }
}

const NO_NAMES: readonly string[] = [];

/** Specs by name, in order. Prims with the same properties share their names; a map is only made for unusually many. */
class NamedSpecs {
  /** Undefined where there is a map. */
  #shape: FieldShape | undefined;
  #specs: MemorySpec[] | Map<string, MemorySpec> = [];

  constructor(emptyShape: FieldShape) {
    this.#shape = emptyShape;
  }

  get names(): readonly string[] {
    return this.#shape === undefined ? [...(this.#specs as Map<string, MemorySpec>).keys()] : this.#shape.names;
  }

  find(name: string): MemorySpec | undefined {
    if (this.#shape === undefined) return (this.#specs as Map<string, MemorySpec>).get(name);
    const position = this.#shape.names.indexOf(name);
    return position < 0 ? undefined : (this.#specs as MemorySpec[])[position];
  }

  /** The name must be new. */
  add(name: string, spec: MemorySpec): MemorySpec {
    const shape = this.#shape?.with(name);
    if (shape === undefined) this.#toMap().set(name, spec);
    else {
      (this.#specs as MemorySpec[]).push(spec);
      this.#shape = shape;
    }
    return spec;
  }

  remove(name: string): void {
    if (this.find(name) !== undefined) this.#toMap().delete(name);
  }

  /** Gives back the room that growing left, and the names as a value that will not change any more. */
  seal(): Value {
    if (this.#shape === undefined) return makeValue('tokenVector', this.names);
    this.#specs = (this.#specs as MemorySpec[]).slice();
    return this.#shape.namesValue;
  }

  #toMap(): Map<string, MemorySpec> {
    if (this.#shape !== undefined) {
      const specs = this.#specs as MemorySpec[];
      this.#specs = new Map(this.#shape.names.map((name, i) => [name, specs[i] as MemorySpec]));
      this.#shape = undefined;
    }
    return this.#specs as Map<string, MemorySpec>;
  }
}

/** Position of the dot of a prim's property path, or -1: a dot behind it is in a variant's name, brackets are below properties. */
function propertyStart(path: string): number {
  const dot = path.lastIndexOf('.');
  if (dot < 0 || path.includes('}', dot) || path.includes(']', dot) || path.indexOf('[') >= 0) return -1;
  return dot;
}
