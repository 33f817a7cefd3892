/**
 * Names that an attribute's type may have, and what each stores. Source: OpenUSD sdf/types.h, sdf/schema.cpp.
 *
 * A role name (`color3f`) is stored as its plain tuple (`float3`); the role lives on in the attribute's `typeName`.
 * Legacy names (`Vec3f`, `PointFloat`) are read and become the standard ones.
 */
import type { ArrayType, ScalarType } from '../vt/value.ts';

/** Names of roles by letter of precision, and the tuples that they are stored as. */
type Roles<Stem extends string, Size extends 2 | 3 | 4> = {
  [P in keyof typeof PRECISIONS as `${Stem}${Size}${P}`]: `${(typeof PRECISIONS)[P]}${Size}`;
};
type RoleStorage = Roles<'point', 3> &
  Roles<'vector', 3> &
  Roles<'normal', 3> &
  Roles<'color', 3> &
  Roles<'color', 4> &
  Roles<'texCoord', 2> &
  Roles<'texCoord', 3> & { frame4d: 'matrix4d' };

/** Type names of attributes with a role: `point3f`, `color3f`, `texCoord2f`, `normal3h`, `frame4d`, … */
export type RoleName = keyof RoleStorage;
/** Type names of attributes that have values: storage types and roles, single and `[]`. */
export type AttributeTypeName = ScalarType | ArrayType | RoleName | `${RoleName}[]`;
/** Type name → storage type: `StorageTypeOf<'point3f[]'>` is `'float3[]'`. */
export type StorageTypeOf<T extends AttributeTypeName> = T extends RoleName
  ? RoleStorage[T]
  : T extends `${infer R extends RoleName}[]`
    ? `${RoleStorage[R]}[]`
    : Extract<T, ScalarType | ArrayType>;

/** What the components of a tuple mean. */
export type ValueRole = 'none' | 'point' | 'vector' | 'normal' | 'color' | 'textureCoordinate' | 'frame' | 'index';

/** What a type name stands for. */
export interface AttributeType {
  /** Standard name, with `[]` for an array. */
  readonly name: string;
  /** Type of one element; undefined for `opaque` and `group`, which cannot have a value. */
  readonly scalar: ScalarType | undefined;
  /** Type of the whole value. */
  readonly storage: ScalarType | ArrayType | undefined;
  /** The name ends in `[]`. */
  readonly isArray: boolean;
  /** `none` for plain types. */
  readonly role: ValueRole;
  /** Shape of one element in text: `[]` number, `[3]` tuple, `[4, 4]` matrix. */
  readonly dimensions: readonly number[];
}

const PLAIN: readonly ScalarType[] = [
  'bool',
  'uchar',
  'int',
  'uint',
  'int64',
  'uint64',
  'half',
  'float',
  'double',
  'timecode',
  'string',
  'token',
  'asset',
  'pathExpression',
  'int2',
  'int3',
  'int4',
  'half2',
  'half3',
  'half4',
  'float2',
  'float3',
  'float4',
  'double2',
  'double3',
  'double4',
  'quath',
  'quatf',
  'quatd',
  'matrix2d',
  'matrix3d',
  'matrix4d',
];

/** Role stem, role, storage stem, and the sizes it comes in. */
const ROLES: readonly (readonly [stem: string, role: ValueRole, sizes: readonly number[]])[] = [
  ['point', 'point', [3]],
  ['vector', 'vector', [3]],
  ['normal', 'normal', [3]],
  ['color', 'color', [3, 4]],
  ['texCoord', 'textureCoordinate', [2, 3]],
];

const PRECISIONS = { h: 'half', f: 'float', d: 'double' } as const;

/** Names of releases before 0.8, still found in old layers. */
const LEGACY: Readonly<Record<string, string>> = {
  Vec2i: 'int2',
  Vec3i: 'int3',
  Vec4i: 'int4',
  Vec2h: 'half2',
  Vec3h: 'half3',
  Vec4h: 'half4',
  Vec2f: 'float2',
  Vec3f: 'float3',
  Vec4f: 'float4',
  Vec2d: 'double2',
  Vec3d: 'double3',
  Vec4d: 'double4',
  Point: 'point3d',
  PointFloat: 'point3f',
  Normal: 'normal3d',
  NormalFloat: 'normal3f',
  Vector: 'vector3d',
  VectorFloat: 'vector3f',
  Color: 'color3d',
  ColorFloat: 'color3f',
  Quath: 'quath',
  Quatf: 'quatf',
  Quatd: 'quatd',
  Matrix2d: 'matrix2d',
  Matrix3d: 'matrix3d',
  Matrix4d: 'matrix4d',
  Frame: 'frame4d',
  Transform: 'frame4d',
  Schema: 'token',
};

/** Old role names of `int` that have no newer one, so that they stay. */
const INDEX_ROLES = ['PointIndex', 'EdgeIndex', 'FaceIndex'] as const;

const TYPES: ReadonlyMap<string, AttributeType> = buildTypes();

/** The type of a name such as `color3f[]`, standard or legacy; undefined where OpenUSD knows no such type. */
export function attributeType(typeName: string): AttributeType | undefined {
  return TYPES.get(typeName);
}

/**
 * Storage type of an attribute's type name: `color3f[]` → `float3[]`, `frame4d` → `matrix4d`.
 * Undefined for names that are no value type, and for `opaque` and `group`, which hold no value.
 */
export function storageTypeOf<T extends AttributeTypeName>(typeName: T): StorageTypeOf<T>;
export function storageTypeOf(typeName: string): ScalarType | ArrayType | undefined;
export function storageTypeOf(typeName: string): ScalarType | ArrayType | undefined {
  return TYPES.get(typeName)?.storage;
}

/** Every name that is written, arrays too, in declaration order. */
export function standardTypeNames(): string[] {
  return [...TYPES].filter(([name, type]) => name === type.name).map(([name]) => name);
}

/** Shape of one element of a storage type in text. */
export function elementDimensions(scalar: ScalarType): readonly number[] {
  if (scalar.startsWith('matrix')) {
    const size = Number(scalar[6]);
    return [size, size];
  }
  if (scalar.startsWith('quat')) return [4];
  const size = /^(?:int|half|float|double)([234])$/.exec(scalar)?.[1];
  return size === undefined ? [] : [Number(size)];
}

function buildTypes(): Map<string, AttributeType> {
  const types = new Map<string, AttributeType>();
  const add = (name: string, scalar: ScalarType, role: ValueRole): void => {
    const dimensions = elementDimensions(scalar);
    types.set(name, { name, scalar, storage: scalar, isArray: false, role, dimensions });
    types.set(`${name}[]`, { name: `${name}[]`, scalar, storage: `${scalar}[]`, isArray: true, role, dimensions });
  };
  for (const scalar of PLAIN) add(scalar, scalar, 'none');
  for (const [stem, role, sizes] of ROLES) {
    for (const size of sizes as readonly (2 | 3 | 4)[]) {
      for (const [letter, precision] of Object.entries(PRECISIONS)) add(`${stem}${size}${letter}`, `${precision}${size}`, role);
    }
  }
  add('frame4d', 'matrix4d', 'frame');
  for (const name of INDEX_ROLES) add(name, 'int', 'index');
  for (const name of ['opaque', 'group']) {
    types.set(name, { name, scalar: undefined, storage: undefined, isArray: false, role: 'none', dimensions: [] });
  }
  for (const [legacy, name] of Object.entries(LEGACY)) {
    for (const suffix of ['', '[]']) {
      const type = types.get(name + suffix);
      if (type !== undefined) types.set(legacy + suffix, type);
    }
  }
  return types;
}
