/**
 * What is known of schemas: type hierarchy, built-in properties with their fallbacks, prim definitions.
 * Source: OpenUSD usd/schemaRegistry.cpp, usd/primDefinition.cpp; values.md section 7.
 */
import { storageTypeOf } from '../sdf/value-type.ts';
import { compareDictionaryOrder } from '../tf/dictionary-order.ts';
import { COMPONENT_COUNT, isArrayType, makeTuple, makeValue, type ScalarType, type TupleType, type Value } from '../vt/value.ts';
import { SCHEMA_TEXT } from './schema-data.ts';

/** What a schema says of a property. */
export interface SchemaProperty {
  /** With its namespaces. */
  readonly name: string;
  /** Attribute or relationship. */
  readonly kind: 'attribute' | 'relationship';
  /** Attribute type name with its role; `''` for a relationship. */
  readonly typeName: string;
  /** Whether it may change with time. */
  readonly variability: 'varying' | 'uniform';
  /** The value where no layer gives any. */
  readonly fallback: Value | undefined;
  /** What the schema says of the property besides: `allowedTokens`, `displayGroup`. */
  readonly metadata: ReadonlyMap<string, Value>;
}

/** A schema: a type of prims, or an API that is applied to them. */
export interface Schema {
  /** As prims say it: `Mesh`, `MaterialBindingAPI`. */
  readonly name: string;
  /** Whether prims can have it as their type, and how it is applied. */
  readonly kind: 'abstract' | 'concrete' | 'api' | 'multi';
  /** The schema that it derives from; undefined at the top. */
  readonly base: string | undefined;
  /** Names of built-in API schemas, `Name` or `Name:instance`. */
  readonly builtInApis: readonly string[];
  /** Types whose prims this API schema is applied to without being named. */
  readonly autoApplyTo: readonly string[];
  /** Its own and those of its bases, by name. */
  readonly properties: readonly SchemaProperty[];
}

/** A prim's built-in properties, by name. */
export interface PrimDefinition {
  /** Type of the prims; `''` where they have none. */
  readonly typeName: string;
  /** Every applied API schema: built-in ones first, then the authored ones. */
  readonly appliedSchemas: readonly string[];
  /** Built-in properties by name. */
  readonly properties: ReadonlyMap<string, SchemaProperty>;
}

let schemas: Map<string, Schema> | undefined;
/** Type → API schemas that are applied to its prims by themselves. */
const autoApplied = new Map<string, string[]>();
const NONE: readonly string[] = [];
const NO_METADATA: ReadonlyMap<string, Value> = new Map();
const definitions = new Map<string, PrimDefinition>();
const sortedNames = new WeakMap<PrimDefinition, readonly string[]>();

/** A known schema by name, without instance. */
export function findSchema(name: string): Schema | undefined {
  schemas ??= parseSchemas(SCHEMA_TEXT);
  return schemas.get(name);
}

/** Whether a prim may have this type: known and not abstract. */
export function isConcreteType(name: string): boolean {
  return findSchema(name)?.kind === 'concrete';
}

/** Whether a type is another or derives from it. Unknown types are only themselves. */
export function isTypeA(typeName: string, ancestor: string): boolean {
  let name: string | undefined = typeName;
  while (name !== undefined) {
    if (name === ancestor) return true;
    name = findSchema(name)?.base;
  }
  return false;
}

/**
 * The definition of a prim with this type and these applied API schemas (composed list, strongest first).
 * Definitions are shared; a property defined twice is the strongest schema's: typed schema, its built-in APIs, then
 * the applied ones in order.
 */
export function primDefinition(typeName: string, appliedSchemas: readonly string[]): PrimDefinition {
  const key = appliedSchemas.length === 0 ? typeName : `${typeName}\n${appliedSchemas.join('\n')}`;
  let definition = definitions.get(key);
  if (definition === undefined) {
    const properties = new Map<string, SchemaProperty>();
    const applied: string[] = [];
    if (isConcreteType(typeName)) addTyped(typeName, properties, applied);
    for (const api of appliedSchemas) addApi(api, properties, applied);
    definition = { typeName, appliedSchemas: applied, properties };
    // Files choose type and API names: the cache is bounded.
    if (definitions.size > 5000) definitions.clear();
    definitions.set(key, definition);
  }
  return definition;
}

/** Names of a definition's properties in dictionary order. @internal */
export function sortedBuiltInNames(definition: PrimDefinition): readonly string[] {
  let names = sortedNames.get(definition);
  if (names === undefined) {
    names = [...definition.properties.keys()].sort(compareDictionaryOrder);
    sortedNames.set(definition, names);
  }
  return names;
}

/** Splits `CollectionAPI:lightLink` into schema and instance name (`''` for single-apply). */
export function splitApiName(name: string): readonly [schema: string, instance: string] {
  const colon = name.indexOf(':');
  return colon < 0 ? [name, ''] : [name.slice(0, colon), name.slice(colon + 1)];
}

function addTyped(typeName: string, properties: Map<string, SchemaProperty>, applied: string[]): void {
  const chain: Schema[] = [];
  for (let schema = findSchema(typeName); schema !== undefined; schema = schema.base === undefined ? undefined : findSchema(schema.base))
    chain.push(schema);
  for (const schema of chain) addProperties(schema, '', properties);
  for (const schema of chain) for (const api of schema.builtInApis) addApi(api, properties, applied);
  for (const schema of chain) for (const api of autoApplied.get(schema.name) ?? NONE) addApi(api, properties, applied);
}

function addApi(name: string, properties: Map<string, SchemaProperty>, applied: string[]): void {
  if (applied.includes(name)) return;
  applied.push(name);
  const [schemaName, instance] = splitApiName(name);
  const schema = findSchema(schemaName);
  if (schema === undefined || (schema.kind === 'multi' ? instance === '' : schema.kind !== 'api' || instance !== '')) return;
  addProperties(schema, instance, properties);
  for (const api of schema.builtInApis) addApi(api, properties, applied);
}

function addProperties(schema: Schema, instance: string, properties: Map<string, SchemaProperty>): void {
  for (const property of schema.properties) {
    const name = schema.kind === 'multi' ? property.name.replace('*', () => instance) : property.name;
    if (!properties.has(name)) properties.set(name, name === property.name ? property : { ...property, name });
  }
}

/** Properties are read when a schema is first asked for them: a stage needs those of few, and the first stage is to open fast. */
function parseSchemas(text: string): Map<string, Schema> {
  const result = new Map<string, Schema>();
  let statements: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith(' ')) {
      statements.push(line.slice(1));
      continue;
    }
    const match = /^(?:(abstract|api|multi) )?(\w+)(?: < (\w+))?(?: \+ (.*?))?(?: -> (.*))?$/.exec(line);
    if (match === null) throw new Error(`schema text: cannot read "${line}"`);
    const own: string[] = [];
    statements = own;
    let properties: readonly SchemaProperty[] | undefined;
    const name = match[2] as string;
    const autoApplyTo = match[5]?.split(', ') ?? NONE;
    for (const type of autoApplyTo) autoApplied.set(type, [...(autoApplied.get(type) ?? NONE), name]);
    result.set(name, {
      name,
      kind: (match[1] as Schema['kind'] | undefined) ?? 'concrete',
      base: match[3],
      builtInApis: match[4]?.split(', ') ?? NONE,
      autoApplyTo,
      get properties(): readonly SchemaProperty[] {
        return (properties ??= own.map(parseProperty));
      },
    });
  }
  return result;
}

function parseProperty(line: string): SchemaProperty {
  const [, statement = '', tokens, group] = /^(.*?)(?: \{(.*)\})?(?: @(.*))?$/.exec(line) ?? [];
  const equals = statement.indexOf(' = ');
  const words = (equals < 0 ? statement : statement.slice(0, equals)).split(' ');
  const isUniform = words[0] === 'uniform';
  if (isUniform) words.shift();
  const [typeName, name] = words as [string, string];
  const metadata = metadataOf(tokens, group);
  if (typeName === 'rel') return { name, kind: 'relationship', typeName: '', variability: 'uniform', fallback: undefined, metadata };
  const fallback = equals < 0 ? undefined : parseFallback(typeName, statement.slice(equals + 3));
  return { name, kind: 'attribute', typeName, variability: isUniform ? 'uniform' : 'varying', fallback, metadata };
}

function metadataOf(tokens: string | undefined, group: string | undefined): ReadonlyMap<string, Value> {
  if (tokens === undefined && group === undefined) return NO_METADATA;
  const metadata = new Map<string, Value>();
  if (tokens !== undefined) metadata.set('allowedTokens', makeValue('token[]', tokens.split(', ')));
  if (group !== undefined) metadata.set('displayGroup', makeValue('string', group));
  return metadata;
}

function parseFallback(typeName: string, text: string): Value {
  const type = storageTypeOf(typeName);
  if (type === undefined) throw new Error(`schema text: ${typeName} holds no value`);
  const words = text.replace(/[()[\]]/g, '').split(',');
  if (isArrayType(type)) {
    if (type === 'token[]' || type === 'string[]') return makeValue(type, text === '[]' ? [] : words);
    const numbers = text === '[]' ? [] : words.map(toNumber);
    if (type === 'int[]') return makeValue(type, Int32Array.from(numbers));
    if (type === 'int64[]') return makeValue(type, BigInt64Array.from(numbers, BigInt));
    if (type === 'float[]' || type === 'float3[]' || type === 'float4[]') return makeValue(type, Float32Array.from(numbers));
    throw new Error(`schema text: no fallback of type ${typeName} is expected`);
  }
  if (type === 'token' || type === 'string') return makeValue(type, text === '""' ? '' : text);
  if (type === 'bool') return makeValue(type, text === 'true');
  const count = COMPONENT_COUNT[type as ScalarType];
  if (count === 1) return makeValue(type as 'double', type === 'float' ? Math.fround(toNumber(text)) : toNumber(text));
  let numbers = words.map(toNumber);
  // Text has the real part first, values have it last.
  if (type.startsWith('quat')) numbers = [...numbers.slice(1), numbers[0] as number];
  return makeTuple(type as TupleType, type.startsWith('float') ? numbers.map(Math.fround) : numbers);
}

function toNumber(text: string): number {
  const word = text.trim();
  return word === 'inf' ? Infinity : word === '-inf' ? -Infinity : Number(word);
}
