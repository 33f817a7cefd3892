/**
 * Predicates of path expressions: `isa:Mesh`, `kind(component, strict=true)`, joined by `not`, blanks, `and` and `or`, in
 * falling order of precedence, and by parentheses. Source: OpenUSD sdf/predicateExpressionParser.cpp.
 */
export interface PredicateCall {
  readonly name: string;
  /** Those without a name, as written; `set=selection` is one of them where its name is no option. */
  readonly args: readonly string[];
  readonly isStrict: boolean;
}

const TOKEN = /\s+|[()]|[^\s()]+/g;
const MAX_DEPTH = 64;

/** Whether an expression holds. What cannot be read does not. */
export function matchesPredicateExpression(text: string, matches: (call: PredicateCall) => boolean): boolean {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== '' || token === '');
  let at = 0;
  let depth = 0;
  const readAtom = (): boolean => {
    const token = tokens[at++];
    if (token === undefined || token === ')' || ++depth > MAX_DEPTH) return false;
    let result: boolean;
    if (token === 'not' || token === '!') result = !readAtom();
    else if (token === '(') {
      result = readOr();
      at++; // the closing parenthesis
    } else if (token.startsWith('!')) result = !matches(readCall(token.slice(1)));
    else result = matches(readCall(token));
    depth--;
    return result;
  };
  /** A name with arguments behind a colon, or in parentheses right behind it. */
  const readCall = (token: string): PredicateCall => {
    const colon = token.indexOf(':');
    if (colon >= 0) return callOf(token.slice(0, colon), token.slice(colon + 1));
    if (tokens[at] !== '(' || !isCalled(text, token)) return callOf(token, '');
    let list = '';
    for (at++; at < tokens.length && tokens[at] !== ')'; at++) list += tokens[at] as string;
    at++;
    return callOf(token, list);
  };
  // Both sides are read even where the first decides, so that reading goes on behind them.
  const readImplied = (): boolean => {
    let result = readAtom();
    while (at < tokens.length && !['and', 'or', ')'].includes(tokens[at] as string)) result = readAtom() && result;
    return result;
  };
  const readAnd = (): boolean => {
    let result = readImplied();
    while (tokens[at] === 'and') {
      at++;
      result = readImplied() && result;
    }
    return result;
  };
  const readOr = (): boolean => {
    let result = readAnd();
    while (tokens[at] === 'or') {
      at++;
      result = readAnd() || result;
    }
    return result;
  };
  return tokens.length > 0 && readOr() && at >= tokens.length;
}

/** `kind(…)` calls; `not (…)` and `model (…)` with a blank between do not. */
function isCalled(text: string, name: string): boolean {
  return text.includes(`${name}(`);
}

function callOf(name: string, list: string): PredicateCall {
  const parts = list.split(',').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
  const strict = parts.find((part) => /^strict\s*=/.test(part));
  const args = parts.filter((part) => part !== '' && part !== strict);
  return { name, args, isStrict: strict !== undefined && /=\s*(?:true|1)$/.test(strict) };
}
