import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { valueAs, type Value } from '../../packages/usd-wasm/src/vt/value.ts';

/** For `differences`: the writer sorts properties and variants, and a legacy map of relocates has no order. */
export function sameInAnyOrder(_path: Path, field: string, left: Value | undefined, right: Value | undefined): boolean {
  if (field === 'relocates') return sameItems(valueAs(left, 'relocates')?.map(String), valueAs(right, 'relocates')?.map(String));
  if (field !== 'properties' && field !== 'variantChildren') return false;
  return sameItems(valueAs(left, 'tokenVector'), valueAs(right, 'tokenVector'));
}

function sameItems(left: readonly string[] | undefined, right: readonly string[] | undefined): boolean {
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  const sorted = [...right].sort();
  return [...left].sort().every((item, i) => item === sorted[i]);
}
