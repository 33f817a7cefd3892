/** Primvars: inheritance, indices, interpolation. Source: OpenUSD usdGeom/primvar.cpp, usdGeom/primvarsAPI.cpp; schemas.md 2.5. */
import { COMPONENT_COUNT, isArrayType, type ScalarType, type Value } from '../../vt/value.ts';
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim } from '../../usd/prim.ts';
import { readNumber, readNumbers, readText } from '../value-readers.ts';

/** What there is a value for: the prim, each face, each point (linear or as the surface is), or each corner of each face. */
export type Interpolation = 'constant' | 'uniform' | 'varying' | 'vertex' | 'faceVarying';

/** An attribute in the namespace `primvars:`. Source: OpenUSD usdGeom/primvar.h. */
export interface Primvar {
  /** Without `primvars:`. */
  readonly name: string;
  /** Holds the values. */
  readonly attribute: Attribute;
  /** What there is a value for each of. */
  readonly interpolation: Interpolation;
  /** Number of consecutive array elements that make one value. */
  readonly elementSize: number;
  /** Undefined where the primvar is not indexed. */
  readonly indicesAttribute: Attribute | undefined;
}

/** A primvar without indices. */
export interface FlatPrimvar {
  /** Values with indices applied. */
  readonly value: Value;
  /** What there is a value for each of. */
  readonly interpolation: Interpolation;
  /** Number of consecutive array elements that make one value. */
  readonly elementSize: number;
  /** Indices outside the values: their elements are zero. */
  readonly invalidIndexCount: number;
}

const PREFIX = 'primvars:';
const INDICES = ':indices';
const INTERPOLATIONS: readonly string[] = ['constant', 'uniform', 'varying', 'vertex', 'faceVarying'];

/**
 * A primvar of a prim: its own if some layer gives it a value, else the nearest ancestor's, if that one is constant.
 *
 * @param name without `primvars:`
 */
export function findPrimvar(prim: Prim, name: string): Primvar | undefined {
  const own = ownPrimvar(prim, name);
  if (own !== undefined) return own;
  for (let p = prim.parent; p !== undefined; p = p.parent) {
    const inherited = ownPrimvar(p, name);
    if (inherited !== undefined) return inherited.interpolation === 'constant' ? inherited : undefined;
  }
  return undefined;
}

/** Every primvar that a prim has: its own with a value, and constant ones of ancestors. */
export function listPrimvars(prim: Prim): Primvar[] {
  const result = new Map<string, Primvar>();
  const hidden = new Set<string>();
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    for (const propertyName of p.getAuthoredPropertyNames()) {
      if (!isPrimvarName(propertyName)) continue;
      const name = propertyName.slice(PREFIX.length);
      if (result.has(name) || hidden.has(name)) continue;
      const primvar = ownPrimvar(p, name);
      if (primvar === undefined) continue;
      if (p === prim || primvar.interpolation === 'constant') result.set(name, primvar);
      else hidden.add(name);
    }
  }
  return [...result.values()];
}

/** A primvar authored on the prim itself. */
export function ownPrimvar(prim: Prim, name: string): Primvar | undefined {
  const attribute = prim.hasAuthoredProperty(PREFIX + name) ? prim.getAttribute(PREFIX + name) : undefined;
  if (attribute === undefined || !attribute.hasAuthoredValue) return undefined;
  const indices = prim.getAttribute(`${PREFIX}${name}${INDICES}`);
  return {
    name,
    attribute,
    interpolation: interpolationOf(attribute, 'constant'),
    elementSize: Math.max(1, readNumber(attribute.getMetadata('elementSize')) ?? 1),
    indicesAttribute: indices?.hasAuthoredValue === true ? indices : undefined,
  };
}

/**
 * `normals` or `widths`: the primvar of that name if it is authored, else the plain attribute, whose interpolation falls back to `vertex`.
 */
export function primvarOrAttribute(prim: Prim, name: 'normals' | 'widths'): Primvar | undefined {
  const primvar = ownPrimvar(prim, name);
  if (primvar !== undefined) return primvar;
  const attribute = prim.getAttribute(name);
  if (attribute === undefined || !attribute.hasAuthoredValue) return undefined;
  return { name, attribute, interpolation: interpolationOf(attribute, 'vertex'), elementSize: 1, indicesAttribute: undefined };
}

/** Authored `interpolation` metadata. */
export function interpolationOf(attribute: Attribute, fallback: Interpolation): Interpolation {
  const authored = readText(attribute.getMetadata('interpolation'));
  return authored !== undefined && INTERPOLATIONS.includes(authored) ? (authored as Interpolation) : fallback;
}

/** Whether the value or its indices may change with time. */
export function primvarMightBeTimeVarying(primvar: Primvar): boolean {
  return primvar.attribute.valueMightBeTimeVarying || primvar.indicesAttribute?.valueMightBeTimeVarying === true;
}

/** The value at a time with indices applied; undefined where there is none. */
export function flattenPrimvar(primvar: Primvar, time?: number): FlatPrimvar | undefined {
  const value = primvar.attribute.getValue(time);
  if (value === undefined) return undefined;
  const { interpolation, elementSize } = primvar;
  const indices = readNumbers(primvar.indicesAttribute?.getValue(time));
  if (indices === undefined || !isArrayType(value.type)) return { value, interpolation, elementSize, invalidIndexCount: 0 };
  const width = COMPONENT_COUNT[value.type.slice(0, -2) as ScalarType] * elementSize;
  const { flat, invalid } = gatherRows(value.value as ArrayLike<unknown>, width, indices);
  return { value: { type: value.type, value: flat } as Value, interpolation, elementSize, invalidIndexCount: invalid };
}

/** Whether a property name is a primvar's value (and not its indices). */
export function isPrimvarName(propertyName: string): boolean {
  return propertyName.startsWith(PREFIX) && !propertyName.endsWith(INDICES) && !propertyName.endsWith(':idFrom');
}

function gatherRows(
  source: ArrayLike<unknown>,
  width: number,
  indices: ArrayLike<number>,
): { readonly flat: ArrayLike<unknown>; readonly invalid: number } {
  const rows = Math.floor(source.length / width);
  const flat = ArrayBuffer.isView(source)
    ? new (source.constructor as new (length: number) => { [index: number]: unknown; readonly length: number })(indices.length * width)
    : new Array<unknown>(indices.length * width).fill('');
  let invalid = 0;
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    if (row < 0 || row >= rows) {
      invalid++;
      continue;
    }
    for (let c = 0; c < width; c++) flat[i * width + c] = source[row * width + c];
  }
  return { flat, invalid };
}
