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
  /** As authored. */
  readonly path: string;
  /** Identifier that the resolver reads; undefined in layers. */
  readonly resolvedPath?: string;
}

/** One entry of a `references` or `payload` list op. Empty `assetPath`: internal. Empty `primPath`: the default prim. */
export interface ReferenceItem {
  /** As authored; `''` means the same layer stack. */
  readonly assetPath: string;
  /** The prim that is referred to; `''` means the layer's default prim. */
  readonly primPath: Path | '';
  /** From times of the referenced layer to those of the one that refers to it. */
  readonly layerOffset: LayerOffset;
  /** Of references only. */
  readonly customData?: Dictionary;
}

/** Typed values by key, in the order of the file. */
export type Dictionary = ReadonlyMap<string, Value>;

/** Samples of one attribute. `times` ascend strictly; values decode when asked for. A `block` value is a blocked sample. */
export interface TimeSamples {
  /** Shape [N], in time codes of the layer. */
  readonly times: Float64Array;
  /** The sample at `times[index]`. */
  value(index: number): Value;
  /** Whether a sample is an array edit, where that can be told without decoding it. */
  isEdit?(index: number): boolean;
}

/** A spline as authored (values.md section 3). Times and slopes in the layer's time codes. */
export interface Spline {
  /** Precision of the values. */
  readonly valueType: 'double' | 'float' | 'half' | 'timecode';
  /** What curved segments are. */
  readonly curve: 'bezier' | 'hermite';
  /** Before the first knot. */
  readonly preExtrapolation: SplineExtrapolation;
  /** After the last knot. */
  readonly postExtrapolation: SplineExtrapolation;
  /** Knots from `start` up to `end` are repeated before and after, each repetition `valueOffset` higher than the one before it. */
  readonly loop?: {
    readonly start: number;
    readonly end: number;
    readonly preCount: number;
    readonly postCount: number;
    readonly valueOffset: number;
  };
  /** By ascending time. */
  readonly knots: readonly SplineKnot[];
}

/** How a spline goes on beyond its knots. */
export interface SplineExtrapolation {
  /** `block`: no value; `held`: the nearest knot's; `linear`: along the nearest segment; `sloped`: along `slope`; else the knots again. */
  readonly mode: 'block' | 'held' | 'linear' | 'sloped' | 'loopRepeat' | 'loopReset' | 'loopOscillate';
  /** Of `sloped`: value per time code. */
  readonly slope?: number;
}

/** A point of a spline, and the segment that follows it. */
export interface SplineKnot {
  /** In time codes of the layer. */
  readonly time: number;
  /** At the time and after it. */
  readonly value: number;
  /** What the segment before it tends to, where that is another value. */
  readonly preValue?: number;
  /** Of the segment that ends here. */
  readonly preTangent: SplineTangent;
  /** Of the segment that begins here. */
  readonly postTangent: SplineTangent;
  /** How values come from this knot to the next. */
  readonly nextSegment: 'block' | 'held' | 'linear' | 'curve';
  /** What applications keep with the knot. */
  readonly customData?: Dictionary;
}

/** The direction of a curve at a knot. */
export interface SplineTangent {
  /** Time codes from the knot; only of Bezier curves. */
  readonly width: number;
  /** Value per time code. */
  readonly slope: number;
  /** `autoEase` computes slope and width from the neighbouring knots. */
  readonly algorithm: 'none' | 'custom' | 'autoEase';
}

/**
 * Edits of a weaker array (OpenUSD 25.11; usda.md 5.3, values.md 1.1). Instructions run in order on the current array;
 * negative indexes count from its end, `'end'` is its size, indexes outside it do nothing.
 */
export interface ArrayEdit {
  /** Of the array that is edited. */
  readonly elementType: ScalarType;
  /** Elements that the instructions name by index. */
  readonly literals: Value;
  /** In the order in which they run. */
  readonly instructions: readonly ArrayEditInstruction[];
}

/** One step of an array edit. Indexes are in elements. */
export type ArrayEditInstruction =
  | { readonly op: 'write' | 'insert'; readonly source: 'literal' | 'element'; readonly from: number; readonly to: number | 'end' }
  | { readonly op: 'erase'; readonly at: number }
  /** `fill` is a literal index; without it new elements are zero. */
  | { readonly op: 'minSize' | 'setSize'; readonly size: number; readonly fill?: number }
  | { readonly op: 'maxSize'; readonly size: number };

/** Two numbers, in the order of the text. */
export type Tuple2 = readonly [number, number];
/** Three numbers, in the order of the text. */
export type Tuple3 = readonly [number, number, number];
/** Four numbers, in the order of the text. */
export type Tuple4 = readonly [number, number, number, number];
/** A quaternion: i, j, k, real. In text the real part comes first. */
export type QuatTuple = readonly [i: number, j: number, k: number, real: number];
/** A 2×2 matrix for row vectors, row after row. */
export type Matrix2Tuple = readonly [number, number, number, number];
/** A 3×3 matrix for row vectors, row after row. */
// prettier-ignore
export type Matrix3Tuple = readonly [
  number, number, number,
  number, number, number,
  number, number, number,
];
/** A 4×4 matrix for row vectors, row after row: elements 12, 13 and 14 are the translation. */
// prettier-ignore
export type Matrix4Tuple = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

/** Storage type → data of a scalar. Tuples, quaternions and matrices are plain number lists of fixed length. */
export interface ScalarMap {
  /** A boolean. */
  bool: boolean;
  /** 0 to 255. */
  uchar: number;
  /** 32 bits, signed. */
  int: number;
  /** 32 bits, unsigned. */
  uint: number;
  /** 64 bits, signed. */
  int64: bigint;
  /** 64 bits, unsigned. */
  uint64: bigint;
  /** Half precision, widened (every half is exact as a double). */
  half: number;
  /** Single precision, widened. */
  float: number;
  /** Double precision. */
  double: number;
  /** A time in the layer's time codes; an attribute gives it in the stage's. */
  timecode: number;
  /** Text. */
  string: string;
  /** A name, one of a set that its attribute may declare (`allowedTokens`). */
  token: string;
  /** A path of a file, resolved where an attribute gives it. */
  asset: AssetPath;
  /** A path expression, as text. */
  pathExpression: string;
  /** Two 32-bit integers. */
  int2: Tuple2;
  /** Three 32-bit integers. */
  int3: Tuple3;
  /** Four 32-bit integers. */
  int4: Tuple4;
  /** Two components of half precision. */
  half2: Tuple2;
  /** Three components of half precision. */
  half3: Tuple3;
  /** Four components of half precision. */
  half4: Tuple4;
  /** Two components of single precision. */
  float2: Tuple2;
  /** Three components of single precision: points, vectors, normals, linear RGB. */
  float3: Tuple3;
  /** Four components of single precision. */
  float4: Tuple4;
  /** Two components of double precision. */
  double2: Tuple2;
  /** Three components of double precision. */
  double3: Tuple3;
  /** Four components of double precision. */
  double4: Tuple4;
  /** A quaternion of half precision. */
  quath: QuatTuple;
  /** A quaternion of single precision. */
  quatf: QuatTuple;
  /** A quaternion of double precision. */
  quatd: QuatTuple;
  /** 2×2 doubles. */
  matrix2d: Matrix2Tuple;
  /** 3×3 doubles. */
  matrix3d: Matrix3Tuple;
  /** 4×4 doubles. */
  matrix4d: Matrix4Tuple;
}

/**
 * Storage type → data of an array of N elements: flat, the components of an element beside each other, so that element
 * `i` of a `float3[]` is at `3 * i`. Halfs are widened to Float32Array (every half is exact in single precision).
 */
export interface ArrayMap {
  /** Shape [N], 0 or 1. */
  'bool[]': Uint8Array;
  /** Shape [N]. */
  'uchar[]': Uint8Array;
  /** Shape [N]. */
  'int[]': Int32Array;
  /** Shape [N]. */
  'uint[]': Uint32Array;
  /** Shape [N]. */
  'int64[]': BigInt64Array;
  /** Shape [N]. */
  'uint64[]': BigUint64Array;
  /** Shape [N]. */
  'half[]': Float32Array;
  /** Shape [N]. */
  'float[]': Float32Array;
  /** Shape [N]. */
  'double[]': Float64Array;
  /** Shape [N], time codes. */
  'timecode[]': Float64Array;
  /** Shape [N]. */
  'string[]': readonly string[];
  /** Shape [N]. */
  'token[]': readonly string[];
  /** Shape [N]. */
  'asset[]': readonly AssetPath[];
  /** Shape [N]. */
  'pathExpression[]': readonly string[];
  /** Shape [N, 2]. */
  'int2[]': Int32Array;
  /** Shape [N, 3]. */
  'int3[]': Int32Array;
  /** Shape [N, 4]. */
  'int4[]': Int32Array;
  /** Shape [N, 2]. */
  'half2[]': Float32Array;
  /** Shape [N, 3]. */
  'half3[]': Float32Array;
  /** Shape [N, 4]. */
  'half4[]': Float32Array;
  /** Shape [N, 2]. */
  'float2[]': Float32Array;
  /** Shape [N, 3]. */
  'float3[]': Float32Array;
  /** Shape [N, 4]. */
  'float4[]': Float32Array;
  /** Shape [N, 2]. */
  'double2[]': Float64Array;
  /** Shape [N, 3]. */
  'double3[]': Float64Array;
  /** Shape [N, 4]. */
  'double4[]': Float64Array;
  /** Shape [N, 4]: i, j, k, real. */
  'quath[]': Float32Array;
  /** Shape [N, 4]: i, j, k, real. */
  'quatf[]': Float32Array;
  /** Shape [N, 4]: i, j, k, real. */
  'quatd[]': Float64Array;
  /** Shape [N, 2, 2], for row vectors. */
  'matrix2d[]': Float64Array;
  /** Shape [N, 3, 3], for row vectors. */
  'matrix3d[]': Float64Array;
  /** Shape [N, 4, 4], for row vectors. */
  'matrix4d[]': Float64Array;
}

/** Types that only fields other than attribute values have. */
export interface MetadataMap {
  /** `None` in text: an authored absence. */
  block: null;
  /** `AnimationBlock`: no animation from here down. */
  animationBlock: null;
  /** Values by key, in authored order. */
  dictionary: Dictionary;
  /** Edits of a weaker array. */
  arrayEdit: ArrayEdit;
  /** Values over time. */
  timeSamples: TimeSamples;
  /** A curve over time. */
  spline: Spline;
  /** What a prim spec says of the prim. */
  specifier: 'def' | 'over' | 'class';
  /** Who may refer to a spec. */
  permission: 'public' | 'private';
  /** Whether an attribute may change with time. */
  variability: 'varying' | 'uniform' | 'config';
  /** Edits of a list of tokens: `apiSchemas`, … */
  tokenListOp: ListOp<string>;
  /** Edits of a list of strings: `variantSetNames`, … */
  stringListOp: ListOp<string>;
  /** Edits of a list of paths: `inheritPaths`, `specializes`, targets, connections. */
  pathListOp: ListOp<Path>;
  /** Edits of the references. */
  referenceListOp: ListOp<ReferenceItem>;
  /** Edits of the payloads. */
  payloadListOp: ListOp<ReferenceItem>;
  /** Edits of a list of 32-bit integers. */
  intListOp: ListOp<number>;
  /** Edits of a list of unsigned 32-bit integers. */
  uintListOp: ListOp<number>;
  /** Edits of a list of 64-bit integers. */
  int64ListOp: ListOp<bigint>;
  /** Edits of a list of unsigned 64-bit integers. */
  uint64ListOp: ListOp<bigint>;
  /** Edits of a list in a field that is not registered. */
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
  /** An ordered list of doubles. */
  doubleVector: Float64Array;
  /** An ordered list of strings: `subLayers`. */
  stringVector: readonly string[];
  /** One path. */
  path: Path;
  /** Text kept as authored for a field whose type is not registered. */
  unregistered: string;
}

/** Value type → data: what values of attributes and metadata are made of. */
export interface ValueMap extends ScalarMap, ArrayMap, MetadataMap {}
/** Storage types of one element. */
export type ScalarType = keyof ScalarMap;
/** Storage types of arrays. */
export type ArrayType = keyof ArrayMap;
/** Every type that a value may have. */
export type ValueType = keyof ValueMap;

/** A value: discriminate on `type`. */
export type Value = { readonly [K in ValueType]: { readonly type: K; readonly value: ValueMap[K] } }[ValueType];
/** A value of one type. */
export type ValueOf<K extends ValueType> = {
  /** What the data is. */
  readonly type: K;
  /** The data. */
  readonly value: ValueMap[K];
};

/** Builds a value; the type parameter ties data to type. */
export function makeValue<K extends ValueType>(type: K, value: ValueMap[K]): Value {
  return { type, value } as Value;
}

/** Storage types whose scalars are number lists. */
export type TupleType = { [K in ScalarType]: ScalarMap[K] extends readonly number[] ? K : never }[ScalarType];

/**
 * Builds a tuple, quaternion or matrix.
 *
 * @param components as many numbers as the type has (`COMPONENT_COUNT`); the value keeps the list
 */
export function makeTuple(type: TupleType, components: readonly number[]): Value {
  return { type, value: components } as unknown as Value;
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
