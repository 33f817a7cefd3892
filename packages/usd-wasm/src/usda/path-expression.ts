import type { Path } from '../sdf/path.ts';
import { anchorPath, parsePathText } from './path-syntax.ts';

/**
 * Makes the relative patterns of a path expression absolute: `../anim//*` in `/A/B` is `/A/anim//*`.
 * Patterns that lead above the root, references (`%:name`) and predicates are left as they are.
 * Source: OpenUSD sdf/pathExpression.h, `MakeAbsolute`.
 *
 * @param anchor prim path without variant selections
 */
export function anchorPathExpression(expression: string, anchor: Path): string {
  let result = '';
  let at = 0;
  while (at < expression.length) {
    const c = expression[at] as string;
    if (/[\s()&|+~-]/.test(c)) {
      result += c;
      at++;
      continue;
    }
    const end = patternEnd(expression, at);
    result += anchorPattern(expression.slice(at, end), anchor);
    at = end;
  }
  return result;
}

/** End of a pattern: predicates in braces may hold blanks, brackets (character classes) may hold operators. */
function patternEnd(expression: string, from: number): number {
  let braces = 0;
  let brackets = 0;
  let at = from;
  for (; at < expression.length; at++) {
    const c = expression[at] as string;
    if (c === '{') braces++;
    else if (c === '}') braces--;
    else if (braces > 0) continue;
    else if (c === '[') brackets++;
    else if (c === ']') brackets--;
    else if (brackets <= 0 && at > from && /[\s()&|+~-]/.test(c)) break;
  }
  return at;
}

function anchorPattern(pattern: string, anchor: Path): string {
  const first = pattern[0];
  if (first === '/' || first === '%') return pattern;
  // The part in front that is a path, and the rest, which begins with `//` or holds wildcards.
  const prefix = /^(?:\.\.(?:\/\.\.)*|\.(?=\/|$))/.exec(pattern)?.[0] ?? '';
  const base =
    prefix === ''
      ? anchor
      : anchorPath(parsePathText(prefix) ?? { isAbsolute: false, ups: 0, elements: [], hasVariants: false, kind: 'relative' }, anchor);
  if (base === undefined) return pattern;
  const rest = pattern.slice(prefix.length);
  if (rest === '' || rest.startsWith('/')) return base === '/' ? rest || '/' : `${base}${rest}`;
  if (rest.startsWith('.') || rest.startsWith('{')) return `${base}${rest}`;
  return base === '/' ? `/${rest}` : `${base}/${rest}`;
}
