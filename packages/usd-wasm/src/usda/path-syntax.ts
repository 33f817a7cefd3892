/**
 * Paths as text layers write them: the grammar of usda.md section 2.3, and what relative ones mean.
 * Source: OpenUSD sdf/pathParser.h.
 */
import { appendChild, appendProperty, parentPath, ROOT_PATH, type Path } from '../sdf/path.ts';

export type PathElement =
  | { readonly kind: 'child' | 'property'; readonly name: string }
  | { readonly kind: 'variant'; readonly set: string; readonly selection: string }
  /** `[/target]`, `.mapper[/target]`, `.expression` and what may follow them: legacy, kept as text. */
  | { readonly kind: 'legacy'; readonly text: string };

export interface PathText {
  readonly isAbsolute: boolean;
  /** Number of leading `..`. */
  readonly ups: number;
  readonly elements: readonly PathElement[];
  readonly hasVariants: boolean;
  /** What the last element makes it; a path without elements is `root` (absolute), or names its anchor (`relative`). */
  readonly kind: 'root' | 'relative' | 'prim' | 'variant' | 'property' | 'legacy';
}

const PLAIN_PATH = /^(?:\/[A-Za-z_]\w*)+(?:\.[A-Za-z_]\w*(?::[A-Za-z_]\w*)*)?$/;
const IDENTIFIER = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const PROPERTY_NAME = /[\p{XID_Start}_][\p{XID_Continue}]*(?::[\p{XID_Start}_][\p{XID_Continue}]*)*/uy;
const VARIANT = /[ \t]*\{[ \t]*([\p{XID_Start}_][\p{XID_Continue}-]*)[ \t]*=[ \t]*(\.?[\p{XID_Continue}|-]*)[ \t]*\}/uy;
const VARIANT_NAME = /^\.?[\p{XID_Continue}|-]*$/u;

/** Whether a path is absolute, plain and without variants: the usual case, checked without taking it apart. */
export function isPlainPath(text: string): text is Path {
  return PLAIN_PATH.test(text);
}

/** Whether text may be a variant name or selection; the empty one may not be a name. */
export function isVariantName(text: string): boolean {
  return VARIANT_NAME.test(text);
}

/** Takes the text of a path apart; undefined where it is none. */
export function parsePathText(text: string): PathText | undefined {
  return new PathReader(text).read();
}

/**
 * The absolute path that a path means below an anchor prim; undefined where it leads above the root.
 * The anchor is a prim path without variant selections.
 */
export function anchorPath(path: PathText, anchor: Path): Path | undefined {
  let result: Path = path.isAbsolute ? ROOT_PATH : anchor;
  for (let i = 0; i < path.ups; i++) {
    if (result === ROOT_PATH) return undefined;
    result = parentPath(result);
  }
  for (const element of path.elements) {
    switch (element.kind) {
      case 'child':
        result = appendChild(result, element.name);
        break;
      case 'property':
        if (result === ROOT_PATH) return undefined;
        result = appendProperty(result, element.name);
        break;
      case 'variant':
        if (result === ROOT_PATH) return undefined;
        result = `${result}{${element.set}=${element.selection}}` as Path;
        break;
      case 'legacy':
        result = `${result}${element.text}` as Path;
    }
  }
  return result;
}

/** Deepest nesting of target paths in target paths. */
const DEEPEST_TARGET = 16;

class PathReader {
  readonly #text: string;
  #at = 0;
  readonly #depth: number;

  constructor(text: string, depth = 0) {
    this.#text = text;
    this.#depth = depth;
  }

  read(): PathText | undefined {
    const text = this.#text;
    const isAbsolute = text[0] === '/';
    const elements: PathElement[] = [];
    let ups = 0;
    if (isAbsolute) this.#at = 1;
    else if (text === '.') return { isAbsolute, ups, elements, hasVariants: false, kind: 'relative' };
    else {
      while (text.startsWith('..', this.#at)) {
        ups++;
        this.#at += 2;
        if (this.#at === text.length) break;
        if (text[this.#at] !== '/') return undefined;
        this.#at++;
      }
    }
    if (this.#at === text.length) {
      if (isAbsolute) return { isAbsolute, ups, elements, hasVariants: false, kind: 'root' };
      return ups > 0 && text.endsWith('..') ? { isAbsolute, ups, elements, hasVariants: false, kind: 'relative' } : undefined;
    }
    if (!this.#readPrims(elements) || !this.#readProperty(elements)) return undefined;
    if (this.#at !== text.length || elements.length === 0) return undefined;
    const last = elements.at(-1) as PathElement;
    return {
      isAbsolute,
      ups,
      elements,
      hasVariants: elements.some((e) => e.kind === 'variant'),
      kind: last.kind === 'child' ? 'prim' : last.kind,
    };
  }

  #readPrims(elements: PathElement[]): boolean {
    if (this.#text[this.#at] === '.') return true;
    for (;;) {
      const name = this.#match(IDENTIFIER);
      if (name === undefined) return false;
      elements.push({ kind: 'child', name: name[0] });
      let hasVariant = false;
      for (let variant = this.#match(VARIANT); variant !== undefined; variant = this.#match(VARIANT)) {
        hasVariant = true;
        elements.push({ kind: 'variant', set: variant[1] as string, selection: variant[2] as string });
      }
      const c = this.#text[this.#at];
      if (c === '/' && !hasVariant) this.#at++;
      else if (c === undefined || c === '.' || !hasVariant) return true;
    }
  }

  #readProperty(elements: PathElement[]): boolean {
    if (this.#text[this.#at] !== '.') return true;
    this.#at++;
    const name = this.#match(PROPERTY_NAME);
    if (name === undefined) return false;
    elements.push({ kind: 'property', name: name[0] });
    return this.#at === this.#text.length || this.#readLegacy(elements);
  }

  /** `[/target].attribute`, `.mapper[/target].argument`, `.expression`. */
  #readLegacy(elements: PathElement[]): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text.startsWith('.expression', start)) this.#at += 11;
    else {
      if (text.startsWith('.mapper', start)) this.#at += 7;
      if (text[this.#at] !== '[' || this.#depth >= DEEPEST_TARGET) return false;
      const close = this.#closingBracket(this.#at);
      if (close < 0 || new PathReader(text.slice(this.#at + 1, close).trim(), this.#depth + 1).read() === undefined) return false;
      this.#at = close + 1;
      if (text[this.#at] === '.') {
        this.#at++;
        if (this.#match(PROPERTY_NAME) === undefined) return false;
        if (this.#at < text.length) {
          elements.push({ kind: 'legacy', text: text.slice(start, this.#at) });
          return this.#depth < DEEPEST_TARGET && elements.length < 64 && this.#readLegacy(elements);
        }
      }
    }
    elements.push({ kind: 'legacy', text: text.slice(start, this.#at) });
    return true;
  }

  #closingBracket(open: number): number {
    let depth = 0;
    for (let i = open; i < this.#text.length; i++) {
      const c = this.#text[i];
      if (c === '[') depth++;
      else if (c === ']' && --depth === 0) return i;
    }
    return -1;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }
}
