/**
 * Path expressions: patterns with globs and predicates, joined by set operators. Source: OpenUSD sdf/pathExpression.h.
 *
 * `/A/B` the path itself, `//` any descendants, `*` `?` `[ab]` inside names, `{isa:Mesh kind:component}` predicates on the
 * element before, `~` complement, blank or `+` union, `&` intersection, `-` difference (in falling order of precedence),
 * `%:name` and `%/Path:name` other collections.
 */
import { isPropertyPath, primPathOf, type Path } from '../sdf/path.ts';
import type { Prim } from '../usd/prim.ts';
import { isComponent, isGroup, isModel } from './geom/model.ts';
import { matchesPredicateExpression, type PredicateCall } from './predicate-expression.ts';

export type PathExpression =
  | { readonly op: 'nothing' }
  | { readonly op: 'pattern'; readonly regex: RegExp; readonly predicates: readonly string[] }
  | { readonly op: 'not'; readonly of: PathExpression }
  | { readonly op: 'or' | 'and' | 'minus'; readonly left: PathExpression; readonly right: PathExpression };

/** Nested deeper than this, an expression is not read. */
const MAX_DEPTH = 64;
const NOTHING: PathExpression = { op: 'nothing' };

/**
 * Reads an expression. What cannot be read, or refers to nothing, matches nothing.
 *
 * @param expressionOf the expression a reference means: `:name` of the same prim, `/Path:name` of another
 */
export function parsePathExpression(text: string, expressionOf: (reference: string) => PathExpression | undefined): PathExpression {
  const tokens = text.match(/%[^\s&+()~]*|[()&~+]|-(?=\s|\/|\(|%|~)|(?:\{[^}]*\}|[^\s()&~+%{])+/g) ?? [];
  let at = 0;
  let depth = 0;
  const parseAtom = (): PathExpression => {
    const token = tokens[at++];
    if (token === undefined) return NOTHING;
    if (token === '~') return { op: 'not', of: parseAtom() };
    if (token === '(') {
      if (++depth > MAX_DEPTH) return NOTHING;
      const inner = parseDifference();
      if (tokens[at] === ')') at++;
      depth--;
      return inner;
    }
    if (token.startsWith('%')) return token === '%_' ? NOTHING : (expressionOf(token.slice(1)) ?? NOTHING);
    return patternOf(token);
  };
  const parseChain = (operand: () => PathExpression, operators: readonly string[], op: 'or' | 'and' | 'minus'): PathExpression => {
    let left = operand();
    for (;;) {
      const token = tokens[at];
      if (token === undefined || token === ')') return left;
      if (operators.includes(token)) at++;
      else if (!(operators.includes('') && isOperand(token))) return left;
      left = { op, left, right: operand() };
    }
  };
  const parseImplied = (): PathExpression => parseChain(parseAtom, [''], 'or');
  const parseUnion = (): PathExpression => parseChain(parseImplied, ['+'], 'or');
  const parseIntersection = (): PathExpression => parseChain(parseUnion, ['&'], 'and');
  const parseDifference = (): PathExpression => parseChain(parseIntersection, ['-'], 'minus');
  return parseDifference();
}

/** Whether a path matches; predicates are asked of its prim. */
export function matchesExpression(expression: PathExpression, path: Path, prim: Prim): boolean {
  switch (expression.op) {
    case 'nothing':
      return false;
    case 'pattern':
      return (
        expression.regex.test(path) &&
        expression.predicates.every((predicate) =>
          matchesPredicates(predicate, isPropertyPath(path) ? prim.stage.getPrimAtPath(primPathOf(path)) : prim),
        )
      );
    case 'not':
      return !matchesExpression(expression.of, path, prim);
    case 'or':
      return matchesExpression(expression.left, path, prim) || matchesExpression(expression.right, path, prim);
    case 'and':
      return matchesExpression(expression.left, path, prim) && matchesExpression(expression.right, path, prim);
    case 'minus':
      return matchesExpression(expression.left, path, prim) && !matchesExpression(expression.right, path, prim);
  }
}

function isOperand(token: string): boolean {
  return !['&', '+', '-', ')'].includes(token);
}

function patternOf(token: string): PathExpression {
  const predicates: string[] = [];
  const glob = token.replace(/\{([^}]*)\}/g, (_, predicate: string) => {
    predicates.push(predicate);
    return '';
  });
  if (!glob.startsWith('/')) return NOTHING;
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i] as string;
    if (c === '/' && glob[i + 1] === '/') {
      i++;
      // `//` alone or at the end means the element itself and everything below; before a name any number of levels.
      source += i + 1 >= glob.length ? '(?:/.*)?' : '(?:/[^/]*)*/';
    } else if (c === '*') source += '[^/.]*';
    else if (c === '?') source += '[^/.]';
    else if (c === '[') {
      const close = glob.indexOf(']', i);
      if (close < 0) return NOTHING;
      source += `[${glob.slice(i + 1, close).replace(/[\\\]]/g, '\\$&')}]`;
      i = close;
    } else source += c.replace(/[.+^${}()|\\]/g, '\\$&');
  }
  return { op: 'pattern', regex: new RegExp(`^${source === '' ? '/' : source}$`, 'u'), predicates };
}

function matchesPredicates(text: string, prim: Prim | undefined): boolean {
  return prim !== undefined && matchesPredicateExpression(text, (call) => matchesPredicate(call, prim));
}

function matchesPredicate({ name, args, isStrict }: PredicateCall, prim: Prim): boolean {
  const [first = ''] = args;
  const wanted = first === '' || first === 'true' || first === '1';
  switch (name) {
    case 'isa':
      return args.some((type) => (isStrict ? prim.definition.typeName === type : prim.isA(type)));
    case 'has':
    case 'hasAPI':
      return args.some((api) => prim.hasAPI(api));
    case 'kind':
      return args.some((kind) => (isStrict ? prim.kind === kind : isKindOf(prim.kind ?? '', kind)));
    case 'model':
      return isModel(prim) === wanted;
    case 'group':
      return isGroup(prim) === wanted;
    case 'component':
      return isComponent(prim) === wanted;
    case 'abstract':
      return prim.isAbstract === wanted;
    case 'defined':
      return prim.isDefined === wanted;
    case 'specifier':
      return args.includes(prim.specifier);
    case 'variant':
      return args.every((argument) => {
        const [set, selection] = argument.split('=') as [string, string | undefined];
        return prim.index.variantSelections.get(set) === selection;
      });
    default:
      return false;
  }
}

/** Whether a kind is another or a sort of it: components, groups and assemblies are models, assemblies are groups. */
function isKindOf(kind: string, base: string): boolean {
  if (kind === base) return true;
  if (base === 'model') return kind === 'component' || kind === 'group' || kind === 'assembly';
  return base === 'group' && kind === 'assembly';
}
