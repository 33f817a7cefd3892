/**
 * Typed values as layers hold them.
 *
 * A value carries its *storage* type (`float3`, never the role name `color3f`: roles belong to an attribute's
 * `typeName`). Arrays are flat typed arrays, components interleaved, so that an uncompressed crate array can be
 * a view on the file's bytes. Nothing here is mutable by its readers.
 *
 * Component orders: quaternions are (i, j, k, real) as in memory and in crates (text writes real first; the text
 * reader reorders). Matrices are row-major for row vectors, translation in the last row.
 *
 * Source: OpenUSD sdf/types.h, AOUSD Core "Value types".
 */
import type { LayerOffset } from '../sdf/layer-offset.ts';
import type { ListOp } from '../sdf/list-op.ts';
import type { Path } from '../sdf/path.ts';

/** An asset path: as authored, and, once a stage resolved it, the identifier it resolves to (`''`: it does not). */
export interface AssetPath {
  readonly path: string;
  readonly resolvedPath?: string;
}

/** One entry of a `references` or `payload` list op. Empty `assetPath`: internal. Empty `primPath`: the default prim. */
export interface ReferenceItem {
  readonly assetPath: string;
  readonly primPath: Path | '';
  readonly layerOffset: LayerOffset;
  readonly customData?: Dictionary;
}

export type Dictionary = ReadonlyMap<string, Value>;

/** Samples of one attribute. `times` ascend strictly; values decode when asked for. A `block` value is a blocked sample. */
export interface TimeSamples {
  readonly times: Float64Array;
  value(index: number): Value;
}

/** A spline as authored (values.md section 3). Times and slopes in the layer's time codes. */
export interface Spline {
  readonly valueType: 'double' | 'float' | 'half' | 'timecode';
  readonly curve: 'bezier' | 'hermite';
  readonly preExtrapolation: SplineExtrapolation;
  readonly postExtrapolation: SplineExtrapolation;
  readonly loop?: {
    readonly start: number;
    readonly end: number;
    readonly preCount: number;
    readonly postCount: number;
    readonly valueOffset: number;
  };
  readonly knots: readonly SplineKnot[];
}

export interface SplineExtrapolation {
  readonly mode: 'block' | 'held' | 'linear' | 'sloped' | 'loopRepeat' | 'loopReset' | 'loopOscillate';
  readonly slope?: number;
}

export interface SplineKnot {
  readonly time: number;
  readonly value: number;
  readonly preValue?: number;
  readonly preTangent: SplineTangent;
  readonly postTangent: SplineTangent;
  readonly nextSegment: 'block' | 'held' | 'linear' | 'curve';
  readonly customData?: Dictionary;
}

export interface SplineTangent {
  readonly width: number;
  readonly slope: number;
  readonly algorithm: 'none' | 'custom' | 'autoEase';
}

/**
 * Edits of a weaker array (OpenUSD 25.11; usda.md 5.3, values.md 1.1). Instructions run in order on the current array;
 * negative indexes count from its end, `'end'` is its size, indexes outside it do nothing.
 */
export interface ArrayEdit {
  readonly elementType: ScalarType;
  /** Elements that the instructions name by index. */
  readonly literals: Value;
  readonly instructions: readonly ArrayEditInstruction[];
}

export type ArrayEditInstruction =
  | { readonly op: 'write' | 'insert'; readonly source: 'literal' | 'element'; readonly from: number; readonly to: number | 'end' }
  | { readonly op: 'erase'; readonly at: number }
  /** `fill` is a literal index; without it new elements are zero. */
  | { readonly op: 'minSize' | 'setSize'; readonly size: number; readonly fill?: number }
  | { readonly op: 'maxSize'; readonly size: number };

/** Storage type → data of a scalar. Tuples, quaternions and matrices are plain number lists of fixed length. */
export interface ScalarMap {
  bool: boolean;
  uchar: number;
  int: number;
  uint: number;
  int64: bigint;
  uint64: bigint;
  half: number;
  float: number;
  double: number;
  timecode: number;
  string: string;
  token: string;
  asset: AssetPath;
  pathExpression: string;
  int2: readonly number[];
  int3: readonly number[];
  int4: readonly number[];
  half2: readonly number[];
  half3: readonly number[];
  half4: readonly number[];
  float2: readonly number[];
  float3: readonly number[];
  float4: readonly number[];
  double2: readonly number[];
  double3: readonly number[];
  double4: readonly number[];
  quath: readonly number[];
  quatf: readonly number[];
  quatd: readonly number[];
  matrix2d: readonly number[];
  matrix3d: readonly number[];
  matrix4d: readonly number[];
}

/** Storage type → data of an array. Halfs are widened to Float32Array (every half is exact in single precision). */
export interface ArrayMap {
  'bool[]': Uint8Array;
  'uchar[]': Uint8Array;
  'int[]': Int32Array;
  'uint[]': Uint32Array;
  'int64[]': BigInt64Array;
  'uint64[]': BigUint64Array;
  'half[]': Float32Array;
  'float[]': Float32Array;
  'double[]': Float64Array;
  'timecode[]': Float64Array;
  'string[]': readonly string[];
  'token[]': readonly string[];
  'asset[]': readonly AssetPath[];
  'pathExpression[]': readonly string[];
  'int2[]': Int32Array;
  'int3[]': Int32Array;
  'int4[]': Int32Array;
  'half2[]': Float32Array;
  'half3[]': Float32Array;
  'half4[]': Float32Array;
  'float2[]': Float32Array;
  'float3[]': Float32Array;
  'float4[]': Float32Array;
  'double2[]': Float64Array;
  'double3[]': Float64Array;
  'double4[]': Float64Array;
  'quath[]': Float32Array;
  'quatf[]': Float32Array;
  'quatd[]': Float64Array;
  'matrix2d[]': Float64Array;
  'matrix3d[]': Float64Array;
  'matrix4d[]': Float64Array;
}

/** Types that only fields other than attribute values have. */
export interface MetadataMap {
  /** `None` in text: an authored absence. */
  block: null;
  /** `AnimationBlock`: no animation from here down. */
  animationBlock: null;
  dictionary: Dictionary;
  arrayEdit: ArrayEdit;
  timeSamples: TimeSamples;
  spline: Spline;
  specifier: 'def' | 'over' | 'class';
  permission: 'public' | 'private';
  variability: 'varying' | 'uniform' | 'config';
  tokenListOp: ListOp<string>;
  stringListOp: ListOp<string>;
  pathListOp: ListOp<Path>;
  referenceListOp: ListOp<ReferenceItem>;
  payloadListOp: ListOp<ReferenceItem>;
  intListOp: ListOp<number>;
  uintListOp: ListOp<number>;
  int64ListOp: ListOp<bigint>;
  uint64ListOp: ListOp<bigint>;
  unregisteredListOp: ListOp<Value>;
  /** `[Path]` of crates: an ordered list of paths (children of targets, connections). */
  pathVector: readonly Path[];
  /** Ordered token list such as `primChildren`, `properties`, `primOrder`. */
  tokenVector: readonly string[];
  /** `variantSelection`. */
  variantSelectionMap: ReadonlyMap<string, string>;
  /** `layerRelocates` / `relocates`: pairs, in authored order. An empty target deletes. */
  relocates: readonly (readonly [Path, Path | ''])[];
  /** `subLayerOffsets`. */
  layerOffsetVector: readonly LayerOffset[];
  doubleVector: Float64Array;
  stringVector: readonly string[];
  path: Path;
  /** Text kept as authored for a field whose type is not registered. */
  unregistered: string;
}

export interface ValueMap extends ScalarMap, ArrayMap, MetadataMap {}
export type ScalarType = keyof ScalarMap;
export type ArrayType = keyof ArrayMap;
export type ValueType = keyof ValueMap;

/** A value: discriminate on `type`. */
export type Value = { readonly [K in ValueType]: { readonly type: K; readonly value: ValueMap[K] } }[ValueType];
export type ValueOf<K extends ValueType> = { readonly type: K; readonly value: ValueMap[K] };

/** Builds a value; the type parameter ties data to type. */
export function makeValue<K extends ValueType>(type: K, value: ValueMap[K]): Value {
  return { type, value } as Value;
}

/** The data of `value` if it has that type. */
export function valueAs<K extends ValueType>(value: Value | undefined, type: K): ValueMap[K] | undefined {
  return value !== undefined && value.type === type ? (value.value as ValueMap[K]) : undefined;
}

/** Scalar type → number of components per element (1 for plain scalars). */
export const COMPONENT_COUNT: Readonly<Record<ScalarType, number>> = {
  bool: 1,
  uchar: 1,
  int: 1,
  uint: 1,
  int64: 1,
  uint64: 1,
  half: 1,
  float: 1,
  double: 1,
  timecode: 1,
  string: 1,
  token: 1,
  asset: 1,
  pathExpression: 1,
  int2: 2,
  int3: 3,
  int4: 4,
  half2: 2,
  half3: 3,
  half4: 4,
  float2: 2,
  float3: 3,
  float4: 4,
  double2: 2,
  double3: 3,
  double4: 4,
  quath: 4,
  quatf: 4,
  quatd: 4,
  matrix2d: 4,
  matrix3d: 9,
  matrix4d: 16,
};

/** Whether a value type is an array type. */
export function isArrayType(type: string): type is ArrayType {
  return type.endsWith('[]');
}
