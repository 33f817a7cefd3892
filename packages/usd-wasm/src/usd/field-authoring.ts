/**
 * Metadata of prims, properties and the layer from plain data. Source: OpenUSD usd/stage.cpp (_SetMetadata), usd/object.cpp.
 */
import type { ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';
import { STANDARD_FIELDS, type FieldDefinition, type FieldOwner } from '../sdf/schema.ts';
import {
  COMPONENT_COUNT,
  isArrayType,
  makeValue,
  valueAs,
  type ArrayType,
  type Dictionary,
  type ScalarType,
  type Value,
} from '../vt/value.ts';
import type { EditSite } from './authoring.ts';
import { EditError } from './edit-error.ts';
import { toLayerValue } from './layer-value.ts';
import { describeData, inferType, isMismatch, isValue, toValue, type ValueInput } from './value-input.ts';

/** What dictionaries are made of: values, plain data whose type is inferred, and dictionaries within. */
export type DictionaryInput = ReadonlyMap<string, DictionaryEntry> | { readonly [key: string]: DictionaryEntry };
/** What an entry of a dictionary may be authored as: a tagged value, plain data, or a nested dictionary. */
export type DictionaryEntry = ValueInput | DictionaryInput;

/** What metadata may be set to: by the field's type a value, plain data, a list op, or entries. */
export type MetadataInput = ValueInput | DictionaryInput | ListOp<unknown>;

/** Fields that the syntax of a spec writes and that may still be set as metadata. */
const SYNTAX_FIELDS: Readonly<Record<FieldOwner, readonly string[]>> = {
  layer: [],
  prim: ['specifier', 'typeName', 'primOrder', 'propertyOrder'],
  attribute: ['typeName', 'variability', 'custom', 'timeSamples', 'spline', 'connectionPaths'],
  relationship: ['variability', 'custom', 'targetPaths'],
};

/** Without these a spec would not be one. */
const REQUIRED: ReadonlySet<string> = new Set(['specifier', 'variability', 'custom']);

/**
 * The field of that name, for that kind of object.
 *
 * @throws EditError `edit-invalid-field`
 */
export function metadataField(owner: FieldOwner, name: string, path: Path): FieldDefinition {
  const field = STANDARD_FIELDS.field(name);
  if (field === undefined || !(field.metadataOf.includes(owner) || SYNTAX_FIELDS[owner].includes(name)))
    throw new EditError(
      'edit-invalid-field',
      path,
      `${JSON.stringify(name)} is no metadata of ${owner === 'layer' ? 'a stage' : owner === 'attribute' ? 'an attribute' : `a ${owner}`}`,
    );
  return field;
}

/**
 * Data as the value of a field.
 *
 * @throws EditError `edit-invalid-field`, `edit-value-type`
 */
export function metadataValue(owner: FieldOwner, name: string, input: MetadataInput, path: Path): Value {
  const { type } = metadataField(owner, name, path);
  if (isValue(input) && input.type === type)
    return type === 'dictionary' ? makeValue('dictionary', dictionaryOf(input.value as Dictionary, path)) : input;
  if (isAttributeType(type)) {
    const value = toValue(type, input);
    if (isMismatch(value)) throw mismatch(path, name, value.expected, value.found);
    return value;
  }
  const value = isValue(input) ? undefined : plainFieldValue(type, input, path);
  if (value === undefined) throw mismatch(path, name, type, describeData(input));
  return value;
}

/** Sets a field of a spec that is there. */
export function writeField(site: EditSite, name: string, value: Value): void {
  site.layer.setField(site.path, name, toLayerValue(value, site.offset));
}

/**
 * Takes a field's opinion back.
 *
 * @throws EditError `edit-invalid-field` for one that the spec cannot be without
 */
export function clearField(owner: FieldOwner, site: EditSite, name: string, path: Path): void {
  metadataField(owner, name, path);
  if (REQUIRED.has(name) || (name === 'typeName' && owner === 'attribute'))
    throw new EditError('edit-invalid-field', path, `a spec cannot be without ${JSON.stringify(name)}`);
  if (site.layer.field(site.path, name) !== undefined) site.layer.setField(site.path, name, undefined);
}

/**
 * The dictionary of a field with an entry more.
 *
 * @param keyPath keys of nested dictionaries, joined by colons
 */
export function withEntry(dictionary: Dictionary | undefined, keyPath: string, value: Value): Dictionary {
  const [key, rest] = splitKeyPath(keyPath);
  const result = new Map(dictionary);
  result.set(key, rest === '' ? value : makeValue('dictionary', withEntry(valueAs(result.get(key), 'dictionary'), rest, value)));
  return result;
}

/** The dictionary without an entry, nor the nested dictionaries that this leaves empty. */
export function withoutEntry(dictionary: Dictionary, keyPath: string): Dictionary {
  const [key, rest] = splitKeyPath(keyPath);
  const result = new Map(dictionary);
  const nested = rest === '' ? undefined : valueAs(result.get(key), 'dictionary');
  if (rest === '') result.delete(key);
  else if (nested !== undefined) {
    const left = withoutEntry(nested, rest);
    if (left.size === 0) result.delete(key);
    else result.set(key, makeValue('dictionary', left));
  }
  return result;
}

/** The value at a path of keys. */
export function entryAt(dictionary: Dictionary | undefined, keyPath: string): Value | undefined {
  const [key, rest] = splitKeyPath(keyPath);
  const value = dictionary?.get(key);
  return rest === '' ? value : entryAt(valueAs(value, 'dictionary'), rest);
}

/**
 * A dictionary from entries.
 *
 * @throws EditError `edit-value-type` for an entry that values cannot be made from
 */
export function dictionaryOf(input: DictionaryInput, path: Path): Dictionary {
  const entries: Iterable<[string, DictionaryEntry]> =
    input instanceof Map
      ? (input as ReadonlyMap<string, DictionaryEntry>)
      : Object.entries(input as { readonly [key: string]: DictionaryEntry });
  return new Map(Array.from(entries, ([key, entry]) => [key, entryValue(entry, key, path)]));
}

/** One entry of a dictionary as a value. */
export function entryValue(entry: DictionaryEntry, key: string, path: Path): Value {
  const type = inferType(entry);
  if (isValue(entry)) return type === 'dictionary' ? makeValue('dictionary', dictionaryOf(entry.value as Dictionary, path)) : entry;
  if (type === 'dictionary') return makeValue('dictionary', dictionaryOf(entry as DictionaryInput, path));
  const value = type === undefined || !isAttributeType(type) ? undefined : toValue(type, entry);
  if (value === undefined || isMismatch(value)) throw mismatch(path, key, 'a value, or data of one type', describeData(entry));
  return value;
}

function splitKeyPath(keyPath: string): [key: string, rest: string] {
  const colon = keyPath.indexOf(':');
  return colon < 0 ? [keyPath, ''] : [keyPath.slice(0, colon), keyPath.slice(colon + 1)];
}

/** Types of fields that attributes do not have. */
function plainFieldValue(type: string, input: MetadataInput, path: Path): Value | undefined {
  switch (type) {
    case 'specifier':
      return oneOf(['def', 'over', 'class'], input, type);
    case 'permission':
      return oneOf(['public', 'private'], input, type);
    case 'variability':
      return oneOf(['varying', 'uniform'], input, type);
    case 'dictionary':
      return inferType(input) === 'dictionary' ? makeValue('dictionary', dictionaryOf(input as DictionaryInput, path)) : undefined;
    case 'tokenVector':
    case 'stringVector':
      return Array.isArray(input) && input.every((item) => typeof item === 'string')
        ? makeValue(type, [...(input as string[])])
        : undefined;
    case 'variantSelectionMap': {
      if (inferType(input) !== 'dictionary') return undefined;
      const entries = input instanceof Map ? [...(input as ReadonlyMap<string, unknown>)] : Object.entries(input);
      return entries.every(([, name]) => typeof name === 'string') ? makeValue(type, new Map(entries as [string, string][])) : undefined;
    }
    default:
      if (!type.endsWith('ListOp') || typeof input !== 'object' || !('isExplicit' in input)) return undefined;
      return { type, value: input } as unknown as Value;
  }
}

function oneOf(allowed: readonly string[], input: unknown, type: 'specifier' | 'permission' | 'variability'): Value | undefined {
  return typeof input === 'string' && allowed.includes(input) ? ({ type, value: input } as unknown as Value) : undefined;
}

function isAttributeType(type: string): type is ScalarType | ArrayType {
  return (isArrayType(type) ? type.slice(0, -2) : type) in COMPONENT_COUNT;
}

function mismatch(path: Path, name: string, expected: string, found: string): EditError {
  return new EditError('edit-value-type', path, `${name}: expected ${expected}, found ${found}`);
}
