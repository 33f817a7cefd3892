/**
 * Variable expressions: text in backquotes that is evaluated with a layer stack's expression variables.
 *
 * Grammar: strings in single or double quotes with `${NAME}` substitution and backslash escapes, `${NAME}`, integers,
 * `True`/`False`/`None` (any of OpenUSD's spellings), lists `[a, b]`, and the functions below. A variable whose value is itself an
 * expression is evaluated; a variable that needs itself is an error. Source: composition.md section 12; OpenUSD
 * sdf/variableExpression.h.
 */
import type { Dictionary, Value } from '../vt/value.ts';

type ExpressionValue = string | boolean | number | null | readonly (string | boolean | number)[];

/** Whether text is an expression: it begins and ends with a backquote. */
export function isVariableExpression(text: string): boolean {
  return text.length >= 2 && text.charCodeAt(0) === 96 && text.charCodeAt(text.length - 1) === 96;
}

/** The value of an expression, or why it has none. Never throws. */
export function evaluateExpression(
  expression: string,
  variables: Dictionary,
): { readonly value: ExpressionValue } | { readonly error: string } {
  try {
    return { value: new Evaluator(expression, variables, [], { lookUps: 0 }).evaluate() };
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return { error: error.message };
    throw error;
  }
}

/** Never leaves this file. */
class ExpressionSyntaxError extends Error {}

const MAX_DEPTH = 64;
/** Variables looked up for one expression: each may name another several times. */
const MOST_LOOK_UPS = 1000;
const MOST_CHARACTERS = 1 << 16;

class Evaluator {
  readonly #text: string;
  readonly #end: number;
  readonly #variables: Dictionary;
  /** Names of the variables being evaluated, outermost first. */
  readonly #active: readonly string[];
  /** Shared by the expression and those of its variables. */
  readonly #used: { lookUps: number };
  #at = 1;
  #depth = 0;

  constructor(expression: string, variables: Dictionary, active: readonly string[], used: { lookUps: number }) {
    this.#text = expression;
    this.#end = expression.length - 1;
    this.#variables = variables;
    this.#active = active;
    this.#used = used;
  }

  evaluate(): ExpressionValue {
    this.#skipSpace();
    if (this.#at >= this.#end) this.#fail('No expression specified');
    const value = this.#expression();
    this.#skipSpace();
    if (this.#at < this.#end) this.#fail('Unexpected text');
    return value;
  }

  #expression(): ExpressionValue {
    if (++this.#depth > MAX_DEPTH) this.#fail('Expression is nested too deeply');
    this.#skipSpace();
    const c = this.#at < this.#end ? (this.#text[this.#at] as string) : '';
    let value: ExpressionValue;
    if (c === '"' || c === "'") value = this.#string(c);
    else if (c === '$') value = this.#variable();
    else if (c === '[') value = this.#list();
    else if (c === '-' || (c >= '0' && c <= '9')) value = this.#integer();
    else value = this.#word();
    this.#depth--;
    return value;
  }

  #string(quote: string): string {
    let result = '';
    this.#at++;
    for (;;) {
      if (this.#at >= this.#end) this.#fail(`Missing ending '${quote}'`);
      const c = this.#text[this.#at] as string;
      if (c === quote) {
        this.#at++;
        return result;
      }
      if (c === '\\') {
        this.#at++;
        if (this.#at < this.#end) result += this.#text[this.#at++];
      } else if (c === '$' && this.#text[this.#at + 1] === '{') {
        const name = this.#variableName();
        const value = this.#lookUp(name);
        if (value === undefined) this.#fail(`No value for variable '${name}'`);
        if (typeof value !== 'string') this.#fail(`String value required for substituting variable '${name}', got ${typeName(value)}`);
        result += value;
        if (result.length > MOST_CHARACTERS) this.#fail(`String is longer than ${MOST_CHARACTERS} characters`);
      } else {
        result += c;
        this.#at++;
      }
    }
  }

  #variableName(): string {
    if (this.#text[this.#at + 1] !== '{') this.#fail("Expected '{' after '$'");
    const start = this.#at + 2;
    let end = start;
    while (end < this.#end && /[A-Za-z0-9_]/.test(this.#text[end] as string)) end++;
    this.#at = end;
    if (end >= this.#end || this.#text[end] !== '}') this.#fail("Missing ending '}'");
    const name = this.#text.slice(start, end);
    if (!/^[A-Za-z_]/.test(name)) this.#fail('Variables must be a C identifier');
    this.#at = end + 1;
    return name;
  }

  #variable(): ExpressionValue {
    const name = this.#variableName();
    const value = this.#lookUp(name);
    if (value === undefined) this.#fail(`No value for variable '${name}'`);
    return value;
  }

  #lookUp(name: string): ExpressionValue | undefined {
    const authored = this.#variables.get(name);
    if (authored === undefined) return undefined;
    const value = fromValue(authored);
    if (value === undefined) this.#fail(`Variable '${name}' has unsupported type ${authored.type}`);
    if (typeof value !== 'string' || !isVariableExpression(value)) return value;
    if (this.#active.includes(name)) this.#fail(`Encountered circular variable substitutions: ['${[...this.#active, name].join("', '")}']`);
    if (++this.#used.lookUps > MOST_LOOK_UPS) this.#fail(`More than ${MOST_LOOK_UPS} variables substituted`);
    if (this.#active.length >= MAX_DEPTH) this.#fail('Variables are nested too deeply');
    return new Evaluator(value, this.#variables, [...this.#active, name], this.#used).evaluate();
  }

  #list(): ExpressionValue {
    this.#at++;
    const items: (string | boolean | number)[] = [];
    for (;;) {
      this.#skipSpace();
      if (this.#at >= this.#end) this.#fail("Missing ending ']'");
      if (this.#text[this.#at] === ']') break;
      const value = this.#expression();
      if (value === null || typeof value === 'object') this.#fail('Lists may hold strings, integers and booleans only');
      items.push(value);
      this.#skipSpace();
      if (this.#text[this.#at] === ',') this.#at++;
      else if (this.#text[this.#at] !== ']') this.#fail("Expected ',' or ']'");
    }
    this.#at++;
    return items;
  }

  #integer(): number {
    const match = /^-?[0-9]+/.exec(this.#text.slice(this.#at, this.#end));
    if (match === null) this.#fail('Expected an integer');
    const value = Number(match[0]);
    if (!Number.isSafeInteger(value)) this.#fail(`Integer ${match[0]} out of range`);
    this.#at += match[0].length;
    return value;
  }

  #word(): ExpressionValue {
    const match = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at, this.#end));
    if (match === null) this.#fail('Unexpected character');
    const word = match[0];
    this.#at += word.length;
    switch (word) {
      case 'True':
      case 'true':
        return true;
      case 'False':
      case 'false':
        return false;
      case 'None':
      case 'none':
        return null;
      default:
        return this.#call(word);
    }
  }

  /** Arguments are all evaluated; a failing one fails the call, except in the branch that `if` does not take. */
  #call(name: string): ExpressionValue {
    this.#skipSpace();
    if (this.#text[this.#at] !== '(') this.#fail(`Unknown word '${name}'`);
    this.#at++;
    if (name === 'defined') return this.#defined();
    if (name === 'if') return this.#if();
    const values: ExpressionValue[] = [];
    this.#skipSpace();
    while (this.#text[this.#at] !== ')') {
      values.push(this.#expression());
      this.#endArgument();
    }
    this.#at++;
    return this.#apply(name, values);
  }

  #endArgument(): void {
    this.#skipSpace();
    if (this.#at < this.#end && this.#text[this.#at] === ',') this.#at++;
    else if (this.#at >= this.#end || this.#text[this.#at] !== ')') this.#fail("Expected ',' or ')'");
    this.#skipSpace();
  }

  #defined(): boolean {
    let all = true;
    let count = 0;
    this.#skipSpace();
    while (this.#text[this.#at] !== ')') {
      const match = /^(?:[A-Za-z_][A-Za-z0-9_]*|"[A-Za-z0-9_]*"|'[A-Za-z0-9_]*')/.exec(this.#text.slice(this.#at, this.#end));
      if (match === null) this.#fail('Expected a variable name');
      this.#at += match[0].length;
      if (!this.#variables.has(match[0].replace(/["']/g, ''))) all = false;
      count++;
      this.#endArgument();
    }
    this.#at++;
    if (count === 0) this.#fail("Function 'defined' requires at least 1 argument");
    return all;
  }

  #if(): ExpressionValue {
    const condition = this.#expression();
    if (typeof condition !== 'boolean') this.#fail("Condition of 'if' must be a boolean");
    this.#endArgument();
    if (this.#text[this.#at] === ')') this.#fail("Function 'if' takes 2 or 3 arguments");
    const yes = this.#branch(condition);
    this.#endArgument();
    let no: ExpressionValue = null;
    if (this.#text[this.#at] !== ')') {
      no = this.#branch(!condition);
      this.#endArgument();
    }
    if (this.#text[this.#at] !== ')') this.#fail("Function 'if' takes 2 or 3 arguments");
    this.#at++;
    return condition ? yes : no;
  }

  #branch(isTaken: boolean): ExpressionValue {
    if (isTaken) return this.#expression();
    this.#skipExpression();
    return null;
  }

  /** Steps over an expression without evaluating it: balanced brackets, strings whole. */
  #skipExpression(): void {
    let depth = 0;
    while (this.#at < this.#end) {
      const c = this.#text[this.#at] as string;
      if (c === '"' || c === "'") {
        this.#at++;
        while (this.#at < this.#end && this.#text[this.#at] !== c) this.#at += this.#text[this.#at] === '\\' ? 2 : 1;
        if (this.#at >= this.#end) this.#fail(`Missing ending '${c}'`);
      } else if (c === '(' || c === '[' || c === '{') depth++;
      else if (depth === 0 && (c === ',' || c === ')')) return;
      else if (c === ')' || c === ']' || c === '}') depth--;
      this.#at++;
    }
  }

  #apply(name: string, values: readonly ExpressionValue[]): ExpressionValue {
    const [a, b] = values;
    const need = (count: number): void => {
      if (values.length !== count) this.#fail(`Function '${name}' takes ${count} arguments, got ${values.length}`);
    };
    const booleans = (): readonly boolean[] => {
      if (values.length < 2) this.#fail(`Function '${name}' takes at least 2 arguments`);
      if (!values.every((value) => typeof value === 'boolean')) this.#fail(`${name}: arguments must be booleans`);
      return values as readonly boolean[];
    };
    const order = (): number => {
      need(2);
      if (typeof a !== typeof b || a === null || typeof a === 'object')
        this.#fail(`${name}: cannot compare ${typeName(a)} and ${typeName(b)}`);
      return (a as string) < (b as string) ? -1 : a === b ? 0 : 1;
    };
    switch (name) {
      case 'and':
        return booleans().every(Boolean);
      case 'or':
        return booleans().some(Boolean);
      case 'not':
        need(1);
        if (typeof a !== 'boolean') this.#fail('not: argument must be a boolean');
        return !a;
      case 'eq':
        need(2);
        return JSON.stringify(a) === JSON.stringify(b);
      case 'neq':
        need(2);
        return JSON.stringify(a) !== JSON.stringify(b);
      case 'lt':
        return order() < 0;
      case 'leq':
        return order() <= 0;
      case 'gt':
        return order() > 0;
      case 'geq':
        return order() >= 0;
      case 'contains':
        need(2);
        if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
        if (!isList(a)) this.#fail('contains: first argument must be a list or string');
        return a.includes(b as string);
      case 'len':
        need(1);
        if (typeof a !== 'string' && !isList(a)) this.#fail('len: argument must be a list or string');
        return a.length;
      case 'at': {
        need(2);
        if ((typeof a !== 'string' && !isList(a)) || typeof b !== 'number') this.#fail('at: expected a list or string and an index');
        const item = a[b < 0 ? a.length + b : b];
        if (item === undefined) this.#fail('at: index out of range');
        return item;
      }
      default:
        return this.#fail(`Unknown function '${name}'`);
    }
  }

  #skipSpace(): void {
    while (this.#at < this.#end && /\s/.test(this.#text[this.#at] as string)) this.#at++;
  }

  #fail(message: string): never {
    throw new ExpressionSyntaxError(`${message} at character ${this.#at}`);
  }
}

function isList(value: ExpressionValue | undefined): value is readonly (string | boolean | number)[] {
  return Array.isArray(value);
}

function typeName(value: ExpressionValue | undefined): string {
  return value === null ? 'None' : Array.isArray(value) ? 'list' : typeof value;
}

function fromValue({ type, value }: Value): ExpressionValue | undefined {
  if (type === 'string' || type === 'token' || type === 'bool' || type === 'int' || type === 'uint') return value;
  if (type === 'int64' || type === 'uint64') return Number(value);
  if (type === 'string[]' || type === 'token[]') return value;
  if (type === 'bool[]') return Array.from(value, Boolean);
  if (type === 'int[]' || type === 'uint[]') return Array.from(value);
  if (type === 'int64[]' || type === 'uint64[]') return Array.from(value, Number);
  return type === 'block' ? null : undefined;
}
