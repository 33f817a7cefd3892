/**
 * Fields that specs may have: value type, fallback, and where they are metadata. Both readers and the writer use it.
 * Source: OpenUSD sdf/schema.cpp and the plugInfo.json of usd, usdGeom, usdShade, usdSkel, usdPhysics; usda.md section 4.
 */
import { makeValue, type Value, type ValueType } from '../vt/value.ts';
import { makeListOp } from './list-op.ts';
import type { SpecType } from './layer-data.ts';

/** Specs as far as fields are concerned: a variant takes the fields of a prim. */
export type FieldOwner = 'layer' | 'prim' | 'attribute' | 'relationship';

/** Value types of fields. `token` and `string` fields both read quoted text; `unit` and `identifier` read bare words. */
export interface FieldDefinition {
  readonly name: string;
  readonly type: ValueType;
  /** Specs that may author the field inside `( )`. Empty: part of the spec's own syntax, never metadata. */
  readonly metadataOf: readonly FieldOwner[];
  readonly fallback?: Value;
  /** Key in text, where it is not the field's name. */
  readonly keyword?: string;
  /** Words other than quoted text that the value is made of. */
  readonly words?: 'identifier' | 'unit' | 'stringMap';
  /** Text with a value that this refuses is not read; crates are not asked. Values of the field's type are accepted where it is absent. */
  readonly accepts?: (value: Value) => boolean;
}

const PROPERTY: readonly FieldOwner[] = ['attribute', 'relationship'];
const PRIM_AND_PROPERTY: readonly FieldOwner[] = ['prim', 'attribute', 'relationship'];
const ANY: readonly FieldOwner[] = ['layer', 'prim', 'attribute', 'relationship'];

const text = (value: string): Value => makeValue('string', value);
const token = (value: string): Value => makeValue('token', value);
const bool = (value: boolean): Value => makeValue('bool', value);
const double = (value: number): Value => makeValue('double', value);
const NO_ENTRIES: Value = makeValue('dictionary', new Map());

/** Names that text uses for units of length and angle. Source: OpenUSD sdf/types.h. */
export const UNIT_NAMES: ReadonlySet<string> = new Set([
  'mm',
  'cm',
  'dm',
  'm',
  'km',
  'in',
  'ft',
  'yd',
  'mi',
  'deg',
  'rad',
  'percent',
  'default',
]);

const STANDARD: readonly FieldDefinition[] = [
  // What the syntax of a spec itself sets.
  { name: 'specifier', type: 'specifier', metadataOf: [], fallback: makeValue('specifier', 'over') },
  { name: 'typeName', type: 'token', metadataOf: [], fallback: token('') },
  { name: 'variability', type: 'variability', metadataOf: [], fallback: makeValue('variability', 'varying') },
  { name: 'custom', type: 'bool', metadataOf: [], fallback: bool(false) },
  { name: 'default', type: 'unregistered', metadataOf: [] },
  { name: 'timeSamples', type: 'timeSamples', metadataOf: [] },
  { name: 'spline', type: 'spline', metadataOf: [] },
  { name: 'connectionPaths', type: 'pathListOp', metadataOf: [], fallback: makeValue('pathListOp', makeListOp()) },
  { name: 'targetPaths', type: 'pathListOp', metadataOf: [], fallback: makeValue('pathListOp', makeListOp()) },
  { name: 'primChildren', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'properties', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'variantSetChildren', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'variantChildren', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'connectionChildren', type: 'pathVector', metadataOf: [] },
  { name: 'targetChildren', type: 'pathVector', metadataOf: [] },
  { name: 'mapperChildren', type: 'pathVector', metadataOf: [] },
  { name: 'primOrder', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'propertyOrder', type: 'tokenVector', metadataOf: [], fallback: makeValue('tokenVector', []) },
  { name: 'subLayerOffsets', type: 'layerOffsetVector', metadataOf: [], fallback: makeValue('layerOffsetVector', []) },

  // Composition.
  { name: 'subLayers', type: 'stringVector', metadataOf: ['layer'], fallback: makeValue('stringVector', []) },
  { name: 'layerRelocates', type: 'relocates', metadataOf: ['layer'], keyword: 'relocates' },
  { name: 'references', type: 'referenceListOp', metadataOf: ['prim'], fallback: makeValue('referenceListOp', makeListOp()) },
  { name: 'payload', type: 'payloadListOp', metadataOf: ['prim'], fallback: makeValue('payloadListOp', makeListOp()) },
  { name: 'inheritPaths', type: 'pathListOp', metadataOf: ['prim'], keyword: 'inherits', fallback: makeValue('pathListOp', makeListOp()) },
  { name: 'specializes', type: 'pathListOp', metadataOf: ['prim'], fallback: makeValue('pathListOp', makeListOp()) },
  { name: 'relocates', type: 'relocates', metadataOf: ['prim'] },
  {
    name: 'variantSetNames',
    type: 'stringListOp',
    metadataOf: ['prim'],
    keyword: 'variantSets',
    fallback: makeValue('stringListOp', makeListOp()),
  },
  {
    name: 'variantSelection',
    type: 'variantSelectionMap',
    metadataOf: ['prim'],
    keyword: 'variants',
    fallback: makeValue('variantSelectionMap', new Map()),
  },
  { name: 'expressionVariables', type: 'dictionary', metadataOf: ['layer'], fallback: NO_ENTRIES },
  { name: 'apiSchemas', type: 'tokenListOp', metadataOf: ['prim'], fallback: makeValue('tokenListOp', makeListOp()) },
  { name: 'clips', type: 'dictionary', metadataOf: ['prim'], fallback: NO_ENTRIES },
  { name: 'clipSets', type: 'stringListOp', metadataOf: ['prim'] },

  // Any spec.
  { name: 'comment', type: 'string', metadataOf: ANY, fallback: text('') },
  { name: 'documentation', type: 'string', metadataOf: ANY, keyword: 'doc', fallback: text('') },
  { name: 'customData', type: 'dictionary', metadataOf: PRIM_AND_PROPERTY, fallback: NO_ENTRIES },
  { name: 'assetInfo', type: 'dictionary', metadataOf: PRIM_AND_PROPERTY, fallback: NO_ENTRIES },
  { name: 'hidden', type: 'bool', metadataOf: PRIM_AND_PROPERTY, fallback: bool(false) },
  { name: 'displayName', type: 'string', metadataOf: PRIM_AND_PROPERTY, fallback: text('') },
  { name: 'uiHints', type: 'dictionary', metadataOf: PRIM_AND_PROPERTY, fallback: NO_ENTRIES },
  {
    name: 'permission',
    type: 'permission',
    metadataOf: PRIM_AND_PROPERTY,
    words: 'identifier',
    fallback: makeValue('permission', 'public'),
  },
  { name: 'prefix', type: 'string', metadataOf: PRIM_AND_PROPERTY, fallback: text('') },
  { name: 'suffix', type: 'string', metadataOf: PRIM_AND_PROPERTY, fallback: text('') },
  { name: 'symmetricPeer', type: 'string', metadataOf: PRIM_AND_PROPERTY, fallback: text('') },
  { name: 'symmetryFunction', type: 'token', metadataOf: PRIM_AND_PROPERTY, words: 'identifier', fallback: token('') },
  { name: 'symmetryArguments', type: 'dictionary', metadataOf: PRIM_AND_PROPERTY, fallback: NO_ENTRIES },

  // Layer.
  { name: 'defaultPrim', type: 'token', metadataOf: ['layer'], fallback: token('') },
  { name: 'customLayerData', type: 'dictionary', metadataOf: ['layer'], fallback: NO_ENTRIES },
  { name: 'startTimeCode', type: 'double', metadataOf: ['layer'], fallback: double(0) },
  { name: 'endTimeCode', type: 'double', metadataOf: ['layer'], fallback: double(0) },
  { name: 'timeCodesPerSecond', type: 'double', metadataOf: ['layer'], fallback: double(24) },
  {
    name: 'framesPerSecond',
    type: 'double',
    metadataOf: ['layer'],
    fallback: double(24),
    accepts: ({ type, value }) => type === 'double' && value > 0,
  },
  { name: 'framePrecision', type: 'int', metadataOf: ['layer'], fallback: makeValue('int', 3) },
  { name: 'startFrame', type: 'double', metadataOf: ['layer'], fallback: double(0) },
  { name: 'endFrame', type: 'double', metadataOf: ['layer'], fallback: double(0) },
  { name: 'owner', type: 'string', metadataOf: ['layer'], fallback: text('') },
  { name: 'sessionOwner', type: 'string', metadataOf: ['layer'], fallback: text('') },
  { name: 'hasOwnedSubLayers', type: 'bool', metadataOf: ['layer'], fallback: bool(false) },
  { name: 'colorConfiguration', type: 'asset', metadataOf: ['layer'], fallback: makeValue('asset', { path: '' }) },
  { name: 'colorManagementSystem', type: 'token', metadataOf: ['layer'], fallback: token('') },
  { name: 'upAxis', type: 'token', metadataOf: ['layer'], fallback: token('Y') },
  { name: 'metersPerUnit', type: 'double', metadataOf: ['layer'], fallback: double(0.01) },
  { name: 'kilogramsPerUnit', type: 'double', metadataOf: ['layer'], fallback: double(1) },
  { name: 'fallbackPrimTypes', type: 'dictionary', metadataOf: ['layer'], fallback: NO_ENTRIES },
  { name: 'playbackMode', type: 'token', metadataOf: ['layer'] },
  { name: 'autoPlay', type: 'bool', metadataOf: ['layer'] },

  // Prim.
  { name: 'active', type: 'bool', metadataOf: ['prim'], fallback: bool(true) },
  { name: 'kind', type: 'token', metadataOf: ['prim'], fallback: token('') },
  { name: 'instanceable', type: 'bool', metadataOf: ['prim'], fallback: bool(false) },
  { name: 'displayGroupOrder', type: 'string[]', metadataOf: ['prim'], fallback: makeValue('string[]', []) },
  { name: 'inactiveIds', type: 'int64ListOp', metadataOf: ['prim'] },
  { name: 'prefixSubstitutions', type: 'dictionary', metadataOf: ['prim'], words: 'stringMap', fallback: NO_ENTRIES },
  { name: 'suffixSubstitutions', type: 'dictionary', metadataOf: ['prim'], words: 'stringMap', fallback: NO_ENTRIES },

  // Properties.
  { name: 'allowedTokens', type: 'token[]', metadataOf: ['attribute'], fallback: makeValue('token[]', []) },
  { name: 'colorSpace', type: 'token', metadataOf: ['attribute'], fallback: token('') },
  { name: 'displayGroup', type: 'string', metadataOf: PROPERTY, fallback: text('') },
  { name: 'displayUnit', type: 'token', metadataOf: ['attribute'], words: 'unit' },
  { name: 'noLoadHint', type: 'bool', metadataOf: ['relationship'], fallback: bool(false) },
  { name: 'interpolation', type: 'token', metadataOf: ['attribute'], fallback: token('constant') },
  { name: 'elementSize', type: 'int', metadataOf: ['attribute'], fallback: makeValue('int', 1) },
  { name: 'unauthoredValuesIndex', type: 'int', metadataOf: ['attribute'], fallback: makeValue('int', -1) },
  { name: 'constraintTargetIdentifier', type: 'token', metadataOf: ['attribute'], fallback: token('') },
  { name: 'arraySizeConstraint', type: 'int64', metadataOf: ['attribute'], fallback: makeValue('int64', 0n) },
  { name: 'limits', type: 'dictionary', metadataOf: ['attribute'], fallback: NO_ENTRIES },
  { name: 'weight', type: 'float', metadataOf: ['attribute'], fallback: makeValue('float', 0) },
  { name: 'connectability', type: 'token', metadataOf: ['attribute'], fallback: token('full') },
  { name: 'renderType', type: 'token', metadataOf: PROPERTY },
  { name: 'sdrMetadata', type: 'dictionary', metadataOf: ['prim', 'attribute'], fallback: NO_ENTRIES },
  { name: 'outputName', type: 'token', metadataOf: ['relationship'] },
  { name: 'bindMaterialAs', type: 'token', metadataOf: ['relationship'], fallback: token('weakerThanDescendants') },
];

/** The fields of one set of schemas. */
export class FieldRegistry {
  #byName = new Map<string, FieldDefinition>();
  #byKeyword = new Map<FieldOwner, Map<string, FieldDefinition>>();

  constructor(definitions: readonly FieldDefinition[]) {
    for (const definition of definitions) {
      this.#byName.set(definition.name, definition);
      for (const owner of definition.metadataOf) {
        let keywords = this.#byKeyword.get(owner);
        if (keywords === undefined) this.#byKeyword.set(owner, (keywords = new Map<string, FieldDefinition>()));
        keywords.set(definition.keyword ?? definition.name, definition);
      }
    }
  }

  /** This registry and more fields, such as those of a plugin. */
  with(definitions: readonly FieldDefinition[]): FieldRegistry {
    return new FieldRegistry([...this.#byName.values(), ...definitions]);
  }

  field(name: string): FieldDefinition | undefined {
    return this.#byName.get(name);
  }

  /** The field that a key of a metadata block means, if it is registered for that kind of spec. */
  metadata(owner: FieldOwner, keyword: string): FieldDefinition | undefined {
    return this.#byKeyword.get(owner)?.get(keyword);
  }

  /** Key that text uses for a field. */
  keyword(name: string): string {
    return this.#byName.get(name)?.keyword ?? name;
  }

  /** Whether a name is taken by a part of the spec's syntax, so that metadata may not use it. */
  isSyntaxField(name: string): boolean {
    const definition = this.#byName.get(name);
    return definition !== undefined && definition.metadataOf.length === 0;
  }

  fallback(name: string): Value | undefined {
    return this.#byName.get(name)?.fallback;
  }
}

export const STANDARD_FIELDS = new FieldRegistry(STANDARD);

/** The field rules that a spec type follows; undefined for specs that take no metadata. */
export function fieldOwner(specType: SpecType): FieldOwner | undefined {
  switch (specType) {
    case 'pseudoRoot':
      return 'layer';
    case 'prim':
    case 'variant':
      return 'prim';
    case 'attribute':
      return 'attribute';
    case 'relationship':
      return 'relationship';
    default:
      return undefined;
  }
}
