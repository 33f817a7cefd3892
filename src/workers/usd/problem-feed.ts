/** Gathers problems of one stage and passes new ones on in batches. */
import { hasPrefix, ProblemList, type Path, type Problem, type Reporter } from 'usd-wasm';
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
  /** Those that came of imaging prims, not of the stage. */
  #ofImaging = new Set<Problem>();
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

  /** A problem of drawing a prim: it holds until the prim is composed anew. */
  reportImaging(problem: ErrorInfo): void {
    const before = this.#list.problems.length;
    this.report(problem);
    if (this.#list.problems.length > before) this.#ofImaging.add(problem);
  }

  /**
   * After an edit: what the stage still says, and the problems of imaging but for prims that are imaged again.
   *
   * @param resynced prims that were composed anew, with all below them
   */
  renew(ofStage: readonly Problem[], resynced: readonly Path[]): void {
    const kept = [...this.#ofImaging].filter(({ path }) => path === undefined || !resynced.some((root) => hasPrefix(path as Path, root)));
    this.#list = new ProblemList();
    this.#byPath.clear();
    this.#sent = 0;
    this.#isReset = true;
    this.#ofImaging = new Set(kept);
    for (const problem of [...ofStage, ...kept]) this.report(problem);
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
