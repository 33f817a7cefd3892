/** How much a problem costs the user. `error`: something is not drawn or not read; `warning`: drawn, but not as authored. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * Something wrong with a scene that did not stop it: data, not an exception.
 * Operational failures (a file that cannot be read at all) are thrown as typed errors instead.
 */
export interface Problem {
  /** Stable kebab-case code, explained in `docs/errors.md`, e.g. `unresolved-reference`. */
  readonly code: string;
  /** How much it costs the user. */
  readonly severity: Severity;
  /** What failed, where, what was expected, what was found. One sentence, sentence case. */
  readonly message: string;
  /** Composed path of the prim or property it concerns, when there is one. */
  readonly path?: string;
  /** Identifier of the layer or asset it concerns, when there is one. */
  readonly asset?: string;
}

/** Where problems go. Implementations must not throw. */
export interface Reporter {
  /** Takes a problem in. */
  report(problem: Problem): void;
}

/** Keeps every problem, the same one (code, path, asset, message) once, up to a limit. */
export class ProblemList implements Reporter {
  /** In the order in which they were found. */
  readonly problems: Problem[] = [];
  #seen = new Set<string>();
  #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** Keeps a problem. */
  report(problem: Problem): void {
    const key = `${problem.code}\n${problem.path ?? ''}\n${problem.asset ?? ''}\n${problem.message}`;
    if (this.#seen.has(key) || this.problems.length >= this.#limit) return;
    this.#seen.add(key);
    this.problems.push(problem);
  }
}
