import type { MapFunction } from '../pcp/map-function.ts';
import type { Path } from '../sdf/path.ts';

/** `%` of a reference, the path that a pattern begins with, and the rest of the pattern. */
const PATTERN =
  /(^|[\s(&|+~-])(%?)(\/(?:[^\s()&|+~{}*?[\]/:%]+(?:\/(?=[^\s()&|+~{}*?[\]/:%]))?)*)((?:\{[^}]*\}|\[[^\]]*\]|[^\s()&|+~{}[\]])*)/g;

/** Everything but everything. */
const NOTHING = '~//';

/**
 * The absolute paths of a path expression as the root of a prim index sees them. Patterns and references whose path
 * does not map match nothing. Source: OpenUSD pcp/mapFunction.cpp (MapSourceToTarget of expressions).
 */
export function mapPathExpression(expression: string, mapToRoot: MapFunction): string {
  if (mapToRoot.isPathIdentity) return expression;
  return expression.replace(PATTERN, (_, before: string, percent: string, path: string, rest: string) => {
    // A name that goes on with a wildcard is no part of the path: `/A/b*` begins with `/A`.
    const cut = /^[*?[]/.test(rest) ? path.lastIndexOf('/') : path.length;
    const literal = path.slice(0, cut) || '/';
    const tail = path.slice(cut) + rest;
    const mapped = mapToRoot.mapToTarget(literal as Path);
    if (mapped === undefined || mapped === '') return `${before}${NOTHING}`;
    return `${before}${percent}${mapped === '/' && tail.startsWith('/') ? '' : mapped}${tail}`;
  });
}
