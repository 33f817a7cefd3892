/**
 * What is wrong with a stage, kept with what it belongs to: a prim that is composed anew takes its problems along, and
 * those of files that nothing uses any more are not listed. So the list is what opening the stage again would give.
 */
import type { Cache } from '../pcp/cache.ts';
import { describeCompositionError, type CompositionError } from '../pcp/composition-error.ts';
import type { LayerStack } from '../pcp/layer-stack.ts';
import type { PrimIndex, PrimIndexNode } from '../pcp/prim-index.ts';
import type { Path } from '../sdf/path.ts';
import { ProblemList, type Problem, type Reporter } from '../tf/reporter.ts';

/** Hears of the problems of files: layers and packages. */
export class StageProblems implements Reporter {
  readonly #next: Reporter | undefined;
  readonly #ofFiles = new ProblemList();
  readonly #ofPrims = new Map<Path, Problem[]>();
  /** Prim → property → what is wrong with its targets. */
  readonly #ofTargets = new Map<Path, Map<string, readonly Problem[]>>();
  /** Files that the stage used once and does not use now. */
  readonly #unused = new Set<string>();
  /** What was passed on and still holds. */
  #passedOn = new ProblemList();
  #ofRoot: readonly Problem[] = [];
  #list: readonly Problem[] | undefined;

  /** @param next hears of each problem once, and again when it comes back */
  constructor(next: Reporter | undefined) {
    this.#next = next;
  }

  report(problem: Problem): void {
    this.#ofFiles.report(problem);
    this.#passOn(problem);
  }

  /** Problems of the root layer stack, in place of those before. */
  setRootErrors(errors: readonly CompositionError[]): void {
    this.#ofRoot = errors.map(describeCompositionError);
    for (const problem of this.#ofRoot) this.#passOn(problem);
  }

  /** @param owner the prim whose composing anew makes the problem void */
  reportPrim(owner: Path, problem: Problem): void {
    const known = this.#ofPrims.get(owner);
    if (known === undefined) this.#ofPrims.set(owner, [problem]);
    else known.push(problem);
    this.#passOn(problem);
  }

  /** Problems of the targets or connections of a property, in place of those before. */
  reportTargets(owner: Path, property: string, problems: readonly Problem[]): void {
    const known = this.#ofTargets.get(owner);
    if (problems.length === 0) {
      if (known?.delete(property) === true) this.#list = undefined;
      return;
    }
    if (known === undefined) this.#ofTargets.set(owner, new Map([[property, problems]]));
    else known.set(property, problems);
    for (const problem of problems) this.#passOn(problem);
  }

  /** The targets of a property are to be composed anew. */
  forgetTargets(owner: Path, property: string): void {
    this.reportTargets(owner, property, []);
  }

  /** The prim is to be composed anew, or is gone. */
  forgetPrim(owner: Path): void {
    if (this.#ofPrims.delete(owner)) this.#list = undefined;
    if (this.#ofTargets.delete(owner)) this.#list = undefined;
  }

  /** Whether it matters which files are used. */
  get hasFileProblems(): boolean {
    return this.#ofFiles.problems.length > 0;
  }

  /** After composing anew: which files were used before, and which are now. */
  setUsedFiles(before: ReadonlySet<string>, now: ReadonlySet<string>): void {
    for (const file of before) if (!now.has(file)) this.#unused.add(file);
    for (const file of now) this.#unused.delete(file);
  }

  /** After composing anew: a problem that is gone is passed on again if it comes back. */
  settle(): void {
    this.#list = undefined;
    this.#passedOn = new ProblemList();
    for (const problem of this.list) this.#passedOn.report(problem);
  }

  get list(): readonly Problem[] {
    if (this.#list === undefined) {
      const all = new ProblemList();
      for (const problem of this.#ofFiles.problems)
        if (problem.asset === undefined || !this.#unused.has(problem.asset)) all.report(problem);
      for (const problem of this.#ofRoot) all.report(problem);
      for (const problems of this.#ofPrims.values()) for (const problem of problems) all.report(problem);
      for (const properties of this.#ofTargets.values())
        for (const problems of properties.values()) for (const problem of problems) all.report(problem);
      this.#list = all.problems;
    }
    return this.#list;
  }

  #passOn(problem: Problem): void {
    this.#list = undefined;
    const before = this.#passedOn.problems.length;
    this.#passedOn.report(problem);
    if (this.#passedOn.problems.length > before) this.#next?.report(problem);
  }
}

/** Identifiers of the layers that prim indexes are made of, could not be made of, and of the packages that these lie in. */
export function usedFiles(cache: Cache, indexes: Iterable<PrimIndex>): Set<string> {
  const stacks = new Set<LayerStack>([cache.layerStack]);
  const files = new Set<string>();
  const visit = (node: PrimIndexNode): void => {
    stacks.add(node.layerStack);
    for (const child of node.children) visit(child);
  };
  for (const index of indexes) {
    visit(index.root);
    for (const error of index.errors) if ('identifier' in error) addFile(files, error.identifier);
  }
  for (const stack of stacks) for (const layer of stack.layers) addFile(files, layer.identifier);
  return files;
}

function addFile(files: Set<string>, identifier: string): void {
  if (files.has(identifier)) return;
  files.add(identifier);
  let depth = 0;
  for (let at = identifier.indexOf('['); at >= 0; at = identifier.indexOf('[', at + 1))
    files.add(identifier.slice(0, at) + ']'.repeat(depth++));
}
