import type { Lexer } from './lexer.ts';

/** Layers with more kinds of statements hardly repeat them in one order. */
const MOST_HEADS = 512;

/** What statements begin with, up to behind the `=`: bytes of the layer, and what they were read as. */
interface Head<T> {
  start: number;
  length: number;
  meaning: T;
  /** The head that followed this one last. */
  next: Head<T> | undefined;
}

/**
 * Foretells how the next statement begins: prims of a layer say the same things in the same order again and again, so that comparing
 * bytes with those of the head that came next the last time mostly takes the place of reading words.
 */
export class StatementHeads<T> {
  readonly #lexer: Lexer;
  /** By what is named. */
  #heads: Map<string, Head<T>> | undefined;
  #last: Head<T> | undefined;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** Takes a head that is as foretold, and the blanks behind it, and gives its meaning; undefined where the statement has to be read. */
  take(): T | undefined {
    const next = this.#last?.next;
    if (next === undefined || !this.#lexer.takeSame(next.start, next.length)) return undefined;
    this.#lexer.skipBlanks();
    this.#last = next;
    return next.meaning;
  }

  /** Keeps a head that was read, from `start` up to where the lexer is: it must mean the same wherever it stands. */
  add(name: string, start: number, meaning: T): void {
    const heads = (this.#heads ??= new Map<string, Head<T>>());
    let head = heads.get(name);
    if (head === undefined) {
      if (heads.size === MOST_HEADS) return;
      head = { start: 0, length: 0, meaning, next: undefined };
      heads.set(name, head);
    }
    head.start = start;
    head.length = this.#lexer.offset - start;
    head.meaning = meaning;
    if (this.#last !== undefined) this.#last.next = head;
    this.#last = head;
  }
}
