import { splitElement } from './path-element.ts';
import { UnwritableValueError } from './unwritable-value-error.ts';

/** The tables of names and paths of a crate being written: each once, numbered in order of first use. */
export class CrateStrings {
  /** The first token is never used: a property's element is its token's number made negative, and -0 would be lost. */
  readonly tokens: string[] = [';-)'];
  readonly #tokenIndex = new Map<string, number>([[';-)', 0]]);
  /** Token index by string index. */
  readonly strings: number[] = [];
  readonly #stringIndex = new Map<string, number>();
  /** Paths by path index; `''` is the empty path, which PATHS does not encode. */
  readonly paths: string[] = [];
  readonly #pathIndex = new Map<string, number>();

  token(text: string): number {
    let index = this.#tokenIndex.get(text);
    if (index === undefined) {
      if (text.includes('\0')) throw new UnwritableValueError(`a crate cannot hold text with NUL: ${JSON.stringify(text)}`);
      index = this.tokens.push(text) - 1;
      this.#tokenIndex.set(text, index);
    }
    return index;
  }

  string(text: string): number {
    let index = this.#stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.push(this.token(text)) - 1;
      this.#stringIndex.set(text, index);
    }
    return index;
  }

  /** Adds the path and its ancestors. */
  path(path: string): number {
    let index = this.#pathIndex.get(path);
    if (index === undefined) {
      const element = splitElement(path);
      if (element !== undefined) {
        this.path(element.parent);
        this.token(element.text);
      }
      index = this.paths.push(path) - 1;
      this.#pathIndex.set(path, index);
    }
    return index;
  }
}
