/**
 * Collections: which prims and properties belong. Source: OpenUSD usd/collectionAPI.cpp, usd/collectionMembershipQuery.cpp; schemas.md 0.2.
 * Collections in expression mode (`membershipExpression`) are matched by `path-expression.ts`.
 */
import { isPropertyPath, nameOf, parentPath, primPathOf, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Prim } from '../usd/prim.ts';
import { boolAt, readText } from './value-readers.ts';
import { matchesExpression, parsePathExpression, type PathExpression } from './path-expression.ts';

type Rule = 'explicitOnly' | 'expandPrims' | 'expandPrimsAndProperties' | 'exclude';

/** A collection ready to be asked. Valid as long as the stage's revision stays. */
export interface CollectionQuery {
  readonly rules: ReadonlyMap<Path, Rule>;
  readonly expression: PathExpression | undefined;
}

/**
 * Prepares a collection.
 *
 * @param name instance name of the `CollectionAPI`, e.g. `lightLink`
 */
export function collectionQuery(prim: Prim, name: string): CollectionQuery {
  const rules = new Map<Path, Rule>();
  addRules(prim, name, rules, new Set());
  return { rules, expression: rules.size > 0 ? undefined : membershipExpression(prim, name) };
}

/** Whether a prim or property is a member. */
export function collectionIncludes(query: CollectionQuery, prim: Prim, path: Path = prim.path): boolean {
  if (query.expression !== undefined) return matchesExpression(query.expression, path, prim);
  const isProperty = isPropertyPath(path);
  for (let at = path; ; at = parentPath(at)) {
    const rule = query.rules.get(at);
    if (rule === 'exclude') return false;
    if (rule !== undefined) {
      if (!isProperty) {
        if (rule !== 'explicitOnly' || at === path) return true;
      } else if (isPropertyPath(at) || rule === 'expandPrimsAndProperties' || (rule === 'explicitOnly' && at === path)) return true;
    }
    if (at === ROOT_PATH) return false;
  }
}

/** Prim and instance name that a collection path means: `/A.collection:b` → [`/A`, `b`]. */
export function parseCollectionPath(path: Path): readonly [Path, string] | undefined {
  const name = isPropertyPath(path) ? nameOf(path) : '';
  return name.startsWith('collection:') ? [primPathOf(path), name.slice('collection:'.length)] : undefined;
}

function addRules(prim: Prim, name: string, rules: Map<Path, Rule>, seen: Set<string>): void {
  const id = `${prim.path} ${name}`;
  if (seen.has(id)) return;
  seen.add(id);
  const expansion = readText(prim.getAttribute(`collection:${name}:expansionRule`)?.getValue());
  const rule: Rule = expansion === 'explicitOnly' || expansion === 'expandPrimsAndProperties' ? expansion : 'expandPrims';
  for (const target of prim.getRelationship(`collection:${name}:includes`)?.getTargets() ?? []) {
    const other = parseCollectionPath(target);
    const otherPrim = other === undefined ? undefined : prim.stage.getPrimAtPath(other[0]);
    if (other !== undefined && otherPrim !== undefined) addRules(otherPrim, other[1], rules, seen);
    else rules.set(target, rule);
  }
  if (rule !== 'explicitOnly' && boolAt(prim, `collection:${name}:includeRoot`, undefined, false)) rules.set(ROOT_PATH, rule);
  for (const target of prim.getRelationship(`collection:${name}:excludes`)?.getTargets() ?? []) rules.set(target, 'exclude');
}

function membershipExpression(prim: Prim, name: string): PathExpression | undefined {
  const value = prim.getAttribute(`collection:${name}:membershipExpression`)?.getValue();
  const text = value?.type === 'pathExpression' || value?.type === 'string' ? value.value : '';
  if (text === '') return undefined;
  return parsePathExpression(text, (reference) => {
    const [path, sibling] = reference.split(':') as [string, string | undefined];
    const other = path === '' ? prim : prim.stage.getPrimAtPath(path as Path);
    if (sibling === undefined || other === undefined || (other === prim && sibling === name)) return undefined;
    return membershipExpression(other, sibling);
  });
}
