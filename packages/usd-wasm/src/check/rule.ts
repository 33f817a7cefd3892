/** What a rule is. Source: OpenUSD usdUtils/complianceChecker.py. */
import type { AssetResolver } from '../ar/resolver.ts';
import type { DependencyGraph } from '../package/dependency-graph.ts';
import type { Path } from '../sdf/path.ts';
import type { Problem } from '../tf/reporter.ts';
import type { Prim } from '../usd/prim.ts';
import type { Stage } from '../usd/stage.ts';
import type { Archive } from '../usdz/archive.ts';

/**
 * `failure`: the scene breaks the rule. `error`: so does it, or the rule could not be checked. `warning`: it may break
 * the rule, or others read the scene in other ways.
 */
export type ViolationSeverity = 'failure' | 'error' | 'warning';

/** One thing wrong with a scene. */
export interface Violation {
  /** Name of the rule, as OpenUSD has it; `''` where the check itself could not be made. */
  readonly rule: string;
  /** An asset fails by failures and errors; warnings are advice. */
  readonly severity: ViolationSeverity;
  /** One sentence. */
  readonly message: string;
  /** The prim or property it concerns. */
  readonly path?: Path;
  /** Identifier of the layer, package or asset it concerns. */
  readonly asset?: string;
}

/** A violation of the rule that finds it; a failure unless it says otherwise. */
export interface Finding {
  /** One sentence. */
  readonly message: string;
  /** That of the rule where it says nothing. */
  readonly severity?: ViolationSeverity;
  /** The prim or property it concerns. */
  readonly path?: Path;
  /** Identifier of the layer, package or asset it concerns. */
  readonly asset?: string;
}

/** What rules may look at. */
export interface CheckContext {
  /** The stage as opened. */
  readonly stage: Stage;
  /** Identifier of the package that is the root, if it is one. */
  readonly rootPackage: string | undefined;
  /** Every file that the root layer needs, whatever variants are selected. */
  readonly dependencies: DependencyGraph;
  /** Whether a resolved asset path leads nowhere. */
  isMissing(identifier: string): boolean;
  /** Problems of composing, in every selection of variants that was looked at. */
  readonly compositionProblems: readonly Problem[];
  /** Where files lie outside of packages. */
  readonly resolver: AssetResolver;
  /** Whether viewers that read little are meant: `--arkit`. */
  readonly isArkit: boolean;
  /** Whether the scene is meant to be referenced by others. */
  readonly isAsset: boolean;
}

/** A rule: functions over what it looks at. Each is called once, or for each package, layer or prim. */
export interface Rule {
  /** As OpenUSD has it. */
  readonly name: string;
  /** What the rule asks for. */
  readonly description: string;
  /** Looks at the stage as a whole. */
  checkStage?(context: CheckContext): Iterable<Finding> | Promise<Iterable<Finding>>;
  /** Looks at each package. */
  checkPackage?(archive: Archive, identifier: string, context: CheckContext): Iterable<Finding>;
  /** Looks at each layer. */
  checkLayer?(identifier: string, context: CheckContext): Iterable<Finding>;
  /** Looks at each prim, in every selection of variants. */
  checkPrim?(prim: Prim, context: CheckContext): Iterable<Finding>;
}
