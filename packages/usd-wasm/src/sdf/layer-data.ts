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
import type { Value } from '../vt/value.ts';
import type { Path } from './path.ts';

export type SpecType = 'pseudoRoot' | 'prim' | 'attribute' | 'relationship' | 'variantSet' | 'variant' | 'connection' | 'relationshipTarget' | 'mapper' | 'mapperArg' | 'expression';

export interface LayerData {
  specType(path: Path): SpecType | undefined;
  /** Names of the authored fields of a spec, in authored order; empty where there is no spec. */
  fieldNames(path: Path): readonly string[];
  /** The value of a field, decoded now if it was not yet. Throws a typed read error where the bytes are bad. */
  field(path: Path, name: string): Value | undefined;
  /** Every spec path, parents before children. */
  paths(): Iterable<Path>;
}

/** Specs held in maps: what the text reader fills and editing writes to. */
export class MemoryLayerData implements LayerData {
  readonly #specs = new Map<Path, { type: SpecType; fields: Map<string, Value> }>();

  constructor() {
    this.#specs.set('/' as Path, { type: 'pseudoRoot', fields: new Map() });
  }

  specType(path: Path): SpecType | undefined {
    return this.#specs.get(path)?.type;
  }

  fieldNames(path: Path): readonly string[] {
    const spec = this.#specs.get(path);
    return spec === undefined ? [] : [...spec.fields.keys()];
  }

  field(path: Path, name: string): Value | undefined {
    return this.#specs.get(path)?.fields.get(name);
  }

  paths(): Iterable<Path> {
    return this.#specs.keys();
  }

  /** Adds a spec; an existing one keeps its fields and takes the type. Does not touch the parent's children field. */
  createSpec(path: Path, type: SpecType): void {
    const spec = this.#specs.get(path);
    if (spec === undefined) this.#specs.set(path, { type, fields: new Map() });
    else spec.type = type;
  }

  /**
   * The fields of a spec, to be filled in place; the spec is made where there is none. For readers, which set many
   * fields of one spec. Does not touch the parent's children field.
   */
  openSpec(path: Path, type: SpecType): Map<string, Value> {
    let spec = this.#specs.get(path);
    if (spec === undefined) this.#specs.set(path, (spec = { type, fields: new Map<string, Value>() }));
    return spec.fields;
  }

  /** Removes one spec, not its descendants. */
  eraseSpec(path: Path): void {
    this.#specs.delete(path);
  }

  /** Sets a field of an existing spec; `undefined` clears it. */
  setField(path: Path, name: string, value: Value | undefined): void {
    const spec = this.#specs.get(path);
    if (spec === undefined) throw new RangeError(`no spec at <${path}> to set "${name}" on`);
    if (value === undefined) spec.fields.delete(name);
    else spec.fields.set(name, value);
  }
}
