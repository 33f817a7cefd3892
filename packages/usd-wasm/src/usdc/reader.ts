import type { LayerData, SpecType } from '../sdf/layer-data.ts';
import { isValidIdentifier, isValidNamespacedIdentifier, ROOT_PATH, type Path } from '../sdf/path.ts';
import { attributeType } from '../sdf/value-type.ts';
import { LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { makeValue, type Value } from '../vt/value.ts';
import { reportProblem } from './crate-problem.ts';
import { readCrateTables, type CrateTables } from './crate-tables.ts';
import { END_OF_FIELDS, SPEC_TYPES, TYPE, versionText } from './layout.ts';
import { UsdcReadError } from './usdc-error.ts';
import { ValueReader } from './value-reader.ts';

/** Fields of crates that say nothing the list ops do not say: child lists of targets. */
const SILENT_FIELDS: ReadonlySet<string> = new Set(['connectionChildren', 'targetChildren']);

/** Fields that list children, and what their names may be. */
const CHILD_NAMES: ReadonlyMap<string, (name: string) => boolean> = new Map([
  ['primChildren', isValidIdentifier],
  ['properties', isValidNamespacedIdentifier],
  ['variantSetChildren', isVariantPart],
  ['variantChildren', isVariantPart],
]);

const ATTRIBUTE_SPEC = SPEC_TYPES.indexOf('attribute');

const NO_NAMES: readonly string[] = [];
/** Slots for lists of field names: a power of two, more than the kinds of specs that a layer has. */
const NAME_LISTS = 64;

function isVariantPart(name: string): boolean {
  return /^[^\s{}[\]=/<>]+$/u.test(name);
}

/**
 * A crate as layer data. Opening reads the tables; values decode when asked for, and arrays that are stored plainly
 * are views on `bytes`, which must stay as they are while the layer lives.
 * Source: OpenUSD sdf/crateData.cpp; usdc.md.
 */
export class CrateLayerData implements LayerData {
  readonly #tables: CrateTables;
  readonly #values: ValueReader;
  readonly #reporter: Reporter | undefined;
  /** Decoded values by field index; arrays that are not views are left to the value reader, which keeps recent ones. */
  readonly #fieldValues: (Value | null | undefined)[];
  /** Lists of field names, which specs have in common, by a hash of them; each begins in the field sets at `start`. */
  readonly #nameLists = new Array<{ readonly start: number; readonly names: readonly string[] } | undefined>(NAME_LISTS).fill(undefined);
  /** Attribute types under their standard names, by the value that says so in the file. */
  readonly #standardNames = new Map<Value, Value>();

  /**
   * @param asset identifier of the layer, for messages
   * @param reporter told of values and paths that cannot be read; they then count as not authored. Without it they throw
   * @throws UsdcReadError where the tables are broken, LimitError where they are larger than allowed
   */
  constructor(asset: string, bytes: Uint8Array, reporter?: Reporter, limits?: ReadLimits) {
    this.#tables = readCrateTables(asset, bytes, reporter, limits);
    this.#reporter = reporter;
    this.#values = new ValueReader(this.#tables, (error) => this.#report(error, undefined));
    this.#fieldValues = new Array<Value | null | undefined>(this.#tables.fieldNames.length);
  }

  /** Version of the file, e.g. `0.8.0`. */
  get version(): string {
    return versionText(this.#tables.version);
  }

  specType(path: Path): SpecType | undefined {
    const index = this.#tables.pathTable.indexOf(path);
    const type = index < 0 ? undefined : SPEC_TYPES[this.#tables.specTypes[index]!];
    return type ?? (path === ROOT_PATH ? 'pseudoRoot' : undefined);
  }

  propertyType(primPath: Path, name: string): SpecType | undefined {
    const index = this.#tables.pathTable.indexOfProperty(primPath, name);
    return index < 0 ? undefined : SPEC_TYPES[this.#tables.specTypes[index]!];
  }

  fieldNames(path: Path): readonly string[] {
    const { pathTable, specTypes, specFieldSets, fieldSets, fieldNames } = this.#tables;
    const index = pathTable.indexOf(path);
    if (index < 0 || specTypes[index] === 0) return NO_NAMES;
    const start = specFieldSets[index]!;
    let hash = 0;
    let end = start;
    for (let field = fieldSets[end]!; field !== END_OF_FIELDS; field = fieldSets[++end]!)
      hash = ((hash << 5) - hash + fieldNames[field]!) | 0;
    const slot = (hash ^ (hash >>> 9)) & (NAME_LISTS - 1);
    const known = this.#nameLists[slot];
    if (known !== undefined && haveSameNames(fieldSets, fieldNames, known.start, start, end)) return known.names;
    const names = this.#namesOf(start, end);
    this.#nameLists[slot] = { start, names };
    return names;
  }

  #namesOf(start: number, end: number): readonly string[] {
    const { fieldSets, fieldNames, tokens } = this.#tables;
    const names: string[] = [];
    for (let at = start; at < end; at++) {
      const name = tokens[fieldNames[fieldSets[at]!]!] as string;
      if (!SILENT_FIELDS.has(name)) names.push(name);
    }
    return names;
  }

  field(path: Path, name: string): Value | undefined {
    const { pathTable, specTypes, specFieldSets, fieldSets, fieldNames, tokens } = this.#tables;
    const index = pathTable.indexOf(path);
    const type = index < 0 ? 0 : specTypes[index]!;
    if (type === 0) return undefined;
    let at = specFieldSets[index]!;
    for (let field = fieldSets[at]!; field !== END_OF_FIELDS; field = fieldSets[++at]!) {
      if (tokens[fieldNames[field]!] !== name) continue;
      if (SILENT_FIELDS.has(name)) return undefined;
      const value = this.#fieldValues[field] ?? this.#decodeField(field, path);
      return value !== undefined && type === ATTRIBUTE_SPEC && name === 'typeName' ? this.#withStandardName(value) : value;
    }
    return undefined;
  }

  /** Told by the names of all fields, whether or not a spec has them. */
  hasArcs(): boolean {
    return this.#tables.hasArcs;
  }

  /** Told by the types of all fields. */
  hasTextValues(): boolean {
    const { fieldReps } = this.#tables;
    for (let i = 1; i < fieldReps.length; i += 2) if (((fieldReps[i]! >>> 16) & 0xff) === TYPE.unregistered) return true;
    return false;
  }

  *paths(): Iterable<Path> {
    const { pathTable, specTypes } = this.#tables;
    let hasRoot = false;
    const { order } = pathTable;
    for (let i = 0; i < order.length; i++) {
      const index = order[i]!;
      if (specTypes[index] === 0) continue;
      const path = pathTable.pathInPassing(index) as Path;
      if (!hasRoot && path !== ROOT_PATH) yield ROOT_PATH;
      hasRoot = true;
      yield path;
    }
    if (!hasRoot) yield ROOT_PATH;
  }

  /** The value of a field that is not among those decoded, or `null` among them as it cannot be. */
  #decodeField(field: number, path: Path): Value | undefined {
    if (this.#fieldValues[field] === null) return undefined;
    const { fieldReps, file } = this.#tables;
    try {
      let value = this.#values.read(fieldReps[2 * field]!, fieldReps[2 * field + 1]!);
      if (value.type === 'tokenVector') value = this.#withLegalNames(field, value, path);
      // Numbers outside of the fields are decoded as fast as they are found again; a layer may have millions that differ.
      if (typeof value.value !== 'number' && !isOwnList(value, file.buffer)) this.#fieldValues[field] = value;
      return value;
    } catch (error) {
      this.#report(error, path);
      this.#fieldValues[field] = null;
      return undefined;
    }
  }

  /** Lists of children may hold any token: those that are no names would make paths that mean something else. */
  #withLegalNames(field: number, value: Value & { readonly type: 'tokenVector' }, path: Path): Value {
    const { fieldNames, tokens, file } = this.#tables;
    const isLegal = CHILD_NAMES.get(tokens[fieldNames[field]!] as string);
    if (isLegal === undefined || value.value.every(isLegal)) return value;
    const illegal = value.value.filter((name) => !isLegal(name));
    const what = `${illegal.length} names of children are none and are left out, the first is ${JSON.stringify(illegal[0])}`;
    reportProblem(this.#reporter, file.error('usdc-path', 'VALUES', 0, what), 'warning', path);
    return makeValue('tokenVector', value.value.filter(isLegal));
  }

  /** Attribute type names of old releases (`Vec3f[]`) become the standard ones. */
  #withStandardName(value: Value): Value {
    let standard = this.#standardNames.get(value);
    if (standard === undefined) {
      const name = value.type === 'token' ? attributeType(value.value)?.name : undefined;
      standard = name === undefined || name === value.value ? value : makeValue('token', name);
      this.#standardNames.set(value, standard);
    }
    return standard;
  }

  #report(error: unknown, path: Path | undefined): void {
    if (!(error instanceof UsdcReadError || error instanceof LimitError)) throw error;
    reportProblem(this.#reporter, error, 'error', path);
  }
}

/** Whether the run of fields at `known` has the names of the one from `start` to `end`, in that order. */
function haveSameNames(fieldSets: Int32Array, fieldNames: Uint32Array, known: number, start: number, end: number): boolean {
  for (; start < end; start++, known++) {
    const field = fieldSets[known]!;
    if (field === END_OF_FIELDS || fieldNames[field] !== fieldNames[fieldSets[start]!]) return false;
  }
  return fieldSets[known] === END_OF_FIELDS;
}

/** A tuple, or an array that is no view on the file's bytes. */
function isOwnList({ type, value }: Value, file: ArrayBufferLike): boolean {
  if (Array.isArray(value)) return typeof value[0] === 'number' || type.endsWith('[]');
  return ArrayBuffer.isView(value) && value.buffer !== file;
}
