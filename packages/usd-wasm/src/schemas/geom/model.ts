/** Models. Source: OpenUSD usd/prim.cpp (model hierarchy), usdGeom/modelAPI.cpp. */
import type { Prim } from '../../usd/prim.ts';

const MODEL_KINDS: ReadonlySet<string> = new Set(['model', 'group', 'assembly', 'component']);
const GROUP_KINDS: ReadonlySet<string> = new Set(['group', 'assembly']);

/** Whether a prim is a model: by its kind, and since all above it are groups. */
export function isModel(prim: Prim): boolean {
  if (!MODEL_KINDS.has(prim.kind ?? '')) return false;
  for (let p = prim.parent; p !== undefined && p.parent !== undefined; p = p.parent) if (!GROUP_KINDS.has(p.kind ?? '')) return false;
  return true;
}
