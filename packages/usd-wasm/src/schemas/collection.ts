/**
 * Collections: which prims and properties belong. Source: OpenUSD usd/collectionAPI.cpp, usd/collectionMembershipQuery.cpp; schemas.md 0.2.
 * Collections in expression mode (`membershipExpression`) are matched by `path-expression.ts`.
 */
import { appendProperty, isPropertyPath, nameOf, parentPath, primPathOf, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Prim } from '../usd/prim.ts';
import { boolAt, readText } from './value-readers.ts';
import { matchesExpression, parsePathExpression, type PathExpression } from './path-expression.ts';

/** Collections that include others, and those others again, are read so often at most. */
const MAX_INCLUDED = 10_000;

type Rule = 'explicitOnly' | 'expandPrims' | 'expandPrimsAndProperties' | 'exclude';

/** A collection ready to be asked. Valid as long as the stage's revision stays. */
export interface CollectionQuery {
  /** Path → what of it is in the collection. */
  readonly rules: ReadonlyMap<Path, Rule>;
  /** Of a collection defined by a path expression. */
  readonly expression: PathExpression | undefined;
}

/**
 * Prepares a collection.
 *
 * @param name instance name of the `CollectionAPI`, e.g. `lightLink`
 */
export function collectionQuery(prim: Prim, name: string): CollectionQuery {
  const rules = new Map<Path, Rule>();
  addRules(prim, name, rules, { open: new Set(), left: MAX_INCLUDED });
  return { rules, expression: rules.size > 0 ? undefined : membershipExpression(prim, name, new Set()) };
}

/**
 * Paths of the members below a prim, in the order of traversal: prims, and properties where the collection has any.
 *
 * @param root where to begin; the stage's pseudo-root for all
 */
export function computeIncludedPaths(query: CollectionQuery, root: Prim): Path[] {
  const paths: Path[] = [];
  const hasProperties =
    query.expression !== undefined ||
    [...query.rules].some(([path, rule]) => rule === 'expandPrimsAndProperties' || (rule !== 'exclude' && isPropertyPath(path)));
  const open: Prim[] = [root];
  for (let prim = open.pop(); prim !== undefined; prim = open.pop()) {
    if (prim.path !== ROOT_PATH && collectionIncludes(query, prim)) paths.push(prim.path);
    if (hasProperties) {
      for (const name of prim.getPropertyNames()) {
        const path = appendProperty(prim.path, name);
        if (collectionIncludes(query, prim, path)) paths.push(path);
      }
    }
    const { children } = prim;
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i] as Prim);
  }
  return paths;
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

/** Collections being read: one that includes itself is read once. */
interface Reading {
  readonly open: Set<string>;
  left: number;
}

function addRules(prim: Prim, name: string, rules: Map<Path, Rule>, reading: Reading): void {
  const id = `${prim.path} ${name}`;
  if (reading.open.has(id) || reading.left-- <= 0) return;
  reading.open.add(id);
  const expansion = readText(prim.getAttribute(`collection:${name}:expansionRule`)?.getValue());
  const rule: Rule = expansion === 'explicitOnly' || expansion === 'expandPrimsAndProperties' ? expansion : 'expandPrims';
  for (const target of prim.getRelationship(`collection:${name}:includes`)?.getTargets() ?? []) {
    const other = parseCollectionPath(target);
    const otherPrim = other === undefined ? undefined : prim.stage.getPrimAtPath(other[0]);
    if (other !== undefined && otherPrim !== undefined) addRules(otherPrim, other[1], rules, reading);
    else rules.set(target, rule);
  }
  if (rule !== 'explicitOnly' && boolAt(prim, `collection:${name}:includeRoot`, undefined, false)) rules.set(ROOT_PATH, rule);
  for (const target of prim.getRelationship(`collection:${name}:excludes`)?.getTargets() ?? []) rules.set(target, 'exclude');
  reading.open.delete(id);
}

function membershipExpression(prim: Prim, name: string, open: ReadonlySet<string>): PathExpression | undefined {
  const id = `${prim.path} ${name}`;
  if (open.has(id)) return undefined;
  const value = prim.getAttribute(`collection:${name}:membershipExpression`)?.getValue();
  const text = value?.type === 'pathExpression' || value?.type === 'string' ? value.value : '';
  if (text === '') return undefined;
  const inner = new Set(open).add(id);
  return parsePathExpression(text, (reference) => {
    const colon = reference.indexOf(':');
    if (colon < 0) return undefined;
    const path = reference.slice(0, colon);
    const other = path === '' ? prim : prim.stage.getPrimAtPath(path as Path);
    return other === undefined ? undefined : membershipExpression(other, reference.slice(colon + 1), inner);
  });
}
