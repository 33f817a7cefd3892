/** Models. Source: OpenUSD usd/prim.cpp (model hierarchy), usd/modelAPI.cpp, usdGeom/modelAPI.cpp; schemas.md 2.11. */
import { multiply, fromNumbers, type Matrix4d } from '../../gf/matrix4d.ts';
import { valueAs } from '../../vt/value.ts';
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readTuple } from '../value-readers.ts';
import { worldTransform } from './xformable.ts';

const MODEL_KINDS: ReadonlySet<string> = new Set(['model', 'group', 'assembly', 'component']);
const GROUP_KINDS: ReadonlySet<string> = new Set(['group', 'assembly']);

/** What `assetInfo` says of the asset that a prim is the root of. */
export interface AssetInfo {
  /** Asset path by which the asset is meant to be referenced. */
  readonly identifier: string | undefined;
  /** Name of the asset, for people. */
  readonly name: string | undefined;
  /** Version of the asset, in whatever form. */
  readonly version: string | undefined;
}

/** Whether a prim is a model: by its kind, and since all above it are groups. */
export function isModel(prim: Prim): boolean {
  return isInHierarchy(prim, MODEL_KINDS);
}

/** Whether a prim is a group of models: a group or assembly whose ancestors are groups too. */
export function isGroup(prim: Prim): boolean {
  return isInHierarchy(prim, GROUP_KINDS);
}

/** Whether a prim is a component: a leaf of the model hierarchy. */
export function isComponent(prim: Prim): boolean {
  return prim.kind === 'component' && isModel(prim);
}

/** Whether a prim is an important part of a component, by its kind alone. */
export function isSubComponent(prim: Prim): boolean {
  return prim.kind === 'subcomponent';
}

/** What a prim's `assetInfo` says of the asset that it is the root of. Source: OpenUSD usd/modelAPI.h. */
export function assetInfo(prim: Prim): AssetInfo {
  const info = valueAs(prim.getMetadata('assetInfo'), 'dictionary');
  return {
    identifier: valueAs(info?.get('identifier'), 'asset')?.path,
    name: valueAs(info?.get('name'), 'string'),
    version: valueAs(info?.get('version'), 'string'),
  };
}

/** Names of the constraint targets of a model. */
export function constraintTargets(prim: Prim): string[] {
  return prim
    .getPropertyNames()
    .filter((name) => name.startsWith(CONSTRAINT) && prim.getAttribute(name) !== undefined)
    .map((name) => name.slice(CONSTRAINT.length));
}

/** World from constraint target; undefined where there is no such target. */
export function constraintTargetTransform(prim: Prim, name: string, time?: number): Matrix4d | undefined {
  const numbers = readTuple(authoredAttribute(prim, CONSTRAINT + name)?.getValue(time), 16);
  return numbers === undefined ? undefined : multiply(fromNumbers(numbers), worldTransform(prim, time));
}

const CONSTRAINT = 'constraintTargets:';

function isInHierarchy(prim: Prim, kinds: ReadonlySet<string>): boolean {
  if (!kinds.has(prim.kind ?? '')) return false;
  for (let p = prim.parent; p !== undefined && p.parent !== undefined; p = p.parent) if (!GROUP_KINDS.has(p.kind ?? '')) return false;
  return true;
}
