/** Numbers of the crate file format (`shared/spec/usdc.md`; OpenUSD sdf/crateFile.h, crateDataTypes.h). */
import type { SpecType } from '../sdf/layer-data.ts';
import { COMPONENT_COUNT, type ArrayType, type ScalarType } from '../vt/value.ts';

/** ASCII `PXR-USDC`. */
export const CRATE_MAGIC: readonly number[] = [0x50, 0x58, 0x52, 0x2d, 0x55, 0x53, 0x44, 0x43];
export const BOOTSTRAP_BYTES = 88;
export const SECTION_RECORD_BYTES = 32;

/** Ends each run of FIELDSETS: an index that stands for "none". */
export const END_OF_FIELDS = -1;

/** Version as one number that orders like versions do. */
export type CrateVersion = number & { readonly __brand: 'CrateVersion' };

export function crateVersion(major: number, minor: number, patch: number): CrateVersion {
  return ((major << 16) | (minor << 8) | patch) as CrateVersion;
}

export function versionText(version: CrateVersion): string {
  return `${version >> 16}.${(version >> 8) & 0xff}.${version & 0xff}`;
}

/** What a version changed; a feature is there when the file's version is at least this. */
export const VERSION = {
  packedStructs: crateVersion(0, 1, 0),
  compressedSections: crateVersion(0, 4, 0),
  compressedInts: crateVersion(0, 5, 0),
  compressedFloats: crateVersion(0, 6, 0),
  wideCounts: crateVersion(0, 7, 0),
  payloadOffsets: crateVersion(0, 8, 0),
  timecodes: crateVersion(0, 9, 0),
  pathExpressions: crateVersion(0, 10, 0),
  relocates: crateVersion(0, 11, 0),
  splines: crateVersion(0, 12, 0),
  newest: crateVersion(0, 14, 0),
} as const;

/** Flags in the top four bits of a ValueRep (bits 60-63, shifted down). */
export const REP_ARRAY = 8;
export const REP_INLINED = 4;
export const REP_COMPRESSED = 2;
export const REP_ARRAY_EDIT = 1;

/** Type enum of ValueReps for what is not a plain scalar. */
export const TYPE = {
  string: 10,
  token: 11,
  asset: 12,
  dictionary: 31,
  tokenListOp: 32,
  stringListOp: 33,
  pathListOp: 34,
  referenceListOp: 35,
  intListOp: 36,
  int64ListOp: 37,
  uintListOp: 38,
  uint64ListOp: 39,
  pathVector: 40,
  tokenVector: 41,
  specifier: 42,
  permission: 43,
  variability: 44,
  variantSelectionMap: 45,
  timeSamples: 46,
  payload: 47,
  doubleVector: 48,
  layerOffsetVector: 49,
  stringVector: 50,
  block: 51,
  value: 52,
  unregistered: 53,
  unregisteredListOp: 54,
  payloadListOp: 55,
  relocates: 58,
  spline: 59,
  animationBlock: 60,
} as const;

/** Type enum → value type, for the types that may also be arrays; the position is the enum's number. */
export const SCALAR_TYPES: readonly (ScalarType | undefined)[] = listScalarTypes();

function listScalarTypes(): (ScalarType | undefined)[] {
  const types: (ScalarType | undefined)[] = [
    undefined,
    'bool',
    'uchar',
    'int',
    'uint',
    'int64',
    'uint64',
    'half',
    'float',
    'double',
    'string',
    'token',
    'asset',
    'matrix2d',
    'matrix3d',
    'matrix4d',
    'quatd',
    'quatf',
    'quath',
    'double2',
    'float2',
    'half2',
    'int2',
    'double3',
    'float3',
    'half3',
    'int3',
    'double4',
    'float4',
    'half4',
    'int4',
  ];
  types[56] = 'timecode';
  types[57] = 'pathExpression';
  return types;
}

/** How the components of a scalar type are stored out of line. `index`: a u32 into STRINGS or TOKENS. */
export type ComponentKind = 'u8' | 'i32' | 'u32' | 'i64' | 'u64' | 'f16' | 'f32' | 'f64' | 'index';

export const COMPONENT_KIND: Readonly<Record<ScalarType, ComponentKind>> = {
  bool: 'u8',
  uchar: 'u8',
  int: 'i32',
  uint: 'u32',
  int64: 'i64',
  uint64: 'u64',
  half: 'f16',
  float: 'f32',
  double: 'f64',
  timecode: 'f64',
  string: 'index',
  token: 'index',
  asset: 'index',
  pathExpression: 'index',
  int2: 'i32',
  int3: 'i32',
  int4: 'i32',
  half2: 'f16',
  half3: 'f16',
  half4: 'f16',
  float2: 'f32',
  float3: 'f32',
  float4: 'f32',
  double2: 'f64',
  double3: 'f64',
  double4: 'f64',
  quath: 'f16',
  quatf: 'f32',
  quatd: 'f64',
  matrix2d: 'f64',
  matrix3d: 'f64',
  matrix4d: 'f64',
};

export const COMPONENT_BYTES: Readonly<Record<ComponentKind, number>> = {
  u8: 1,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f16: 2,
  f32: 4,
  f64: 8,
  index: 4,
};

/** How values of a scalar type lie in a crate. */
export interface ScalarLayout {
  readonly type: ScalarType;
  readonly arrayType: ArrayType;
  readonly kind: ComponentKind;
  /** Components of one element, and bytes of each. */
  readonly componentCount: number;
  readonly componentBytes: number;
  /** Bytes of each component where that is a float or a double; else 0. */
  readonly floatBytes: 0 | 4 | 8;
  /** What an array that is stored plainly is a view of; undefined where it cannot be one. */
  readonly View: NumbersView | undefined;
}

/** A typed array over bytes that are there. */
export type NumbersView = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayBufferView;

/** What the components of an array are as they lie in the file. */
export const STORED_VIEW: Readonly<Record<ComponentKind, NumbersView>> = {
  u8: Uint8Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f16: Uint16Array,
  f32: Float32Array,
  f64: Float64Array,
  index: Uint32Array,
};

/** Type enum → layout, for the types of `SCALAR_TYPES`. */
export const SCALAR_LAYOUTS: readonly (ScalarLayout | undefined)[] = Array.from(SCALAR_TYPES, (type) => {
  if (type === undefined) return undefined;
  const kind = COMPONENT_KIND[type];
  return {
    type,
    arrayType: `${type}[]`,
    kind,
    componentCount: COMPONENT_COUNT[type],
    componentBytes: COMPONENT_BYTES[kind],
    floatBytes: kind === 'f64' ? 8 : kind === 'f32' ? 4 : 0,
    View: type === 'bool' || kind === 'f16' || kind === 'index' ? undefined : STORED_VIEW[kind],
  };
});

/** Spec type enum of SPECS; the position is the enum's number. */
export const SPEC_TYPES: readonly (SpecType | undefined)[] = [
  undefined,
  'attribute',
  'connection',
  'expression',
  'mapper',
  'mapperArg',
  'prim',
  'pseudoRoot',
  'relationship',
  'relationshipTarget',
  'variant',
  'variantSet',
];

/** Bits of a list op's header byte. */
export const LIST_OP = { explicit: 1, explicitItems: 2, added: 4, deleted: 8, ordered: 16, prepended: 32, appended: 64 } as const;

/** Arrays shorter than this are never compressed, even when flagged so. */
export const MIN_COMPRESSED_COUNT = 16;

/** Bounds that follow from the file's own size (usdc.md section 18); all others are `ReadLimits`. */
export const LIMIT = {
  /** Paths, fields or specs that a file may have at least, and per byte. Real files have one in four bytes. */
  itemsOfAnyFile: 2 ** 16,
  itemsPerByte: 32,
  valueItemsPerByte: 4,
  /** Most that LZ4 can expand its input. */
  lz4Ratio: 255,
} as const;
