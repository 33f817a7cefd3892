/** Gathers problems of one stage and passes new ones on in batches. */
import { ProblemList, type Problem, type Reporter } from 'usd-wasm';
import type { ErrorInfo } from '../../share/protocol/error-info.ts';
import type { EngineEvent } from '../../share/protocol/engine.ts';

const BATCH_DELAY_MS = 60;

export class ProblemFeed implements Reporter {
  #list = new ProblemList();
  #sent = 0;
  #isOpen = false;
  #isReset = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #byPath = new Map<string, number>();
  #post: (event: EngineEvent) => void;

  constructor(post: (event: EngineEvent) => void) {
    this.#post = post;
  }

  report(problem: Problem | ErrorInfo): void {
    const before = this.#list.problems.length;
    this.#list.report(problem);
    if (this.#list.problems.length === before) return;
    if (problem.path !== undefined) {
      const prim = problem.path.split('.', 1)[0] as string;
      this.#byPath.set(prim, (this.#byPath.get(prim) ?? 0) + 1);
    }
    if (this.#isOpen) this.#timer ??= setTimeout(() => this.flush(), BATCH_DELAY_MS);
  }

  /** From now on problems go out; those before a stage is shown wait, since it may never be. The first batch clears the list. */
  open(): void {
    this.#isOpen = true;
    this.flush();
  }

  /** Nothing goes out any more. */
  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { problems } = this.#list;
    if (!this.#isOpen || (problems.length === this.#sent && !this.#isReset)) return;
    this.#post({ kind: 'problems', problems: problems.slice(this.#sent), ...(this.#isReset ? { isReset: true } : {}) });
    this.#isReset = false;
    this.#sent = problems.length;
  }

  /** Problems at this very prim. */
  countOf(path: string): number {
    return this.#byPath.get(path) ?? 0;
  }

  get problems(): readonly Problem[] {
    return this.#list.problems;
  }
}
