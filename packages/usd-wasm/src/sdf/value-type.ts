/** Attribute type names and the storage types behind them. Source: OpenUSD sdf/schema.cpp, AOUSD Core "Value types". */
import { COMPONENT_COUNT, type ArrayType, type ScalarType } from '../vt/value.ts';

const PRECISION: Readonly<Record<string, string>> = { h: 'half', f: 'float', d: 'double' };

/**
 * Storage type of an attribute's type name: `color3f[]` → `float3[]`, `frame4d` → `matrix4d`.
 * Undefined for names that are no value type, and for `opaque` and `group`, which hold no value.
 */
export function storageTypeOf(typeName: string): ScalarType | ArrayType | undefined {
  if (typeName.endsWith('[]')) {
    const element = storageTypeOf(typeName.slice(0, -2));
    return element === undefined ? undefined : (`${element}[]` as ArrayType);
  }
  if (Object.hasOwn(COMPONENT_COUNT, typeName)) return typeName as ScalarType;
  if (typeName === 'frame4d') return 'matrix4d';
  const role = /^(?:(?:point|vector|normal)(3)|color([34])|texCoord([23]))([hfd])$/.exec(typeName);
  if (role === null) return undefined;
  return `${PRECISION[role[4] as string]}${role[1] ?? role[2] ?? role[3]}` as ScalarType;
}
