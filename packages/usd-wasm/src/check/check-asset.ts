/**
 * Checks a scene against the rules. Source: OpenUSD usdUtils/complianceChecker.py (ComplianceChecker).
 */
import { splitInnermost, splitPackagePath } from '../ar/asset-path.ts';
import { PackageResolver } from '../ar/package-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { dependencyGraph } from '../package/dependency-graph.ts';
import { appendChild, type Path } from '../sdf/path.ts';
import type { Problem } from '../tf/reporter.ts';
import type { Prim } from '../usd/prim.ts';
import { Stage } from '../usd/stage.ts';
import { makeValue } from '../vt/value.ts';
import type { CheckContext, Finding, Rule, Violation } from './rule.ts';
import { ARKIT_RULES, BASE_RULES } from './rules.ts';

/** What is checked. */
export interface CheckOptions {
  /** Reads the asset and what it needs. */
  readonly resolver: AssetResolver;
  /** Also check what ARKit and its like need. */
  readonly isArkit?: boolean;
  /** Look at the selected variants only; by default at every combination of the variants of each prim. */
  readonly skipsVariants?: boolean;
  /** Look at the root package as a file only, not at its prims. */
  readonly isRootPackageOnly?: boolean;
  /** Whether the scene is meant to be referenced by others, so that it needs a default prim; true by default. */
  readonly isAsset?: boolean;
  /** Combinations of variants that are looked at, at most; the rest is reported. */
  readonly maxVariations?: number;
  /** Those of OpenUSD by default. */
  readonly rules?: readonly Rule[];
  /** Stops checking. */
  readonly signal?: AbortSignal;
}

const MAX_VARIATIONS = 10_000;

/**
 * What is wrong with a scene, rule by rule in their order. Instances are looked into. Values are those of the first time
 * sample.
 *
 * @throws the typed error of resolver or reader when the root layer cannot be read
 */
export async function checkAsset(assetPath: string, options: CheckOptions): Promise<Violation[]> {
  const resolver = options.resolver instanceof PackageResolver ? options.resolver : new PackageResolver(options.resolver);
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const stage = await Stage.open(assetPath, { resolver, ...signal });
  try {
    const dependencies = await dependencyGraph(assetPath, { resolver, ...signal });
    return await new Checker(stage, dependencies, { ...options, resolver }).run();
  } finally {
    stage.close();
  }
}

class Checker {
  readonly #options: CheckOptions & { readonly resolver: PackageResolver };
  readonly #rules: readonly Rule[];
  readonly #context: CheckContext;
  readonly #found = new Map<Rule, Violation[]>();
  readonly #general: Violation[] = [];
  readonly #compositionProblems = new Map<string, Problem>();
  #variations = 0;

  constructor(stage: Stage, dependencies: CheckContext['dependencies'], options: CheckOptions & { readonly resolver: PackageResolver }) {
    this.#options = options;
    const { isArkit = false, isAsset = true, resolver } = options;
    this.#rules = options.rules ?? (isArkit ? [...BASE_RULES, ...ARKIT_RULES] : BASE_RULES);
    for (const rule of this.#rules) this.#found.set(rule, []);
    const missing = new Set<string>();
    for (const { dependencies: needed } of dependencies.nodes.values())
      for (const { files, identifier } of needed) if (files.length === 0) missing.add(identifier);
    const problems = this.#compositionProblems;
    this.#context = {
      stage,
      rootPackage: splitPackagePath(stage.rootLayer.identifier)?.package,
      dependencies,
      isMissing: (identifier) => missing.has(identifier),
      get compositionProblems() {
        return [...problems.values()];
      },
      resolver,
      isArkit,
      isAsset,
    };
  }

  async run(): Promise<Violation[]> {
    const { stage, rootPackage } = this.#context;
    if (this.#options.isRootPackageOnly === true) {
      if (rootPackage !== undefined) await this.#checkPackage(rootPackage);
      else
        this.#fail(
          `Root layer of the USD stage (@${stage.rootLayer.identifier}@) doesn't belong to a package, but 'rootPackageOnly' is True!`,
        );
    } else {
      await this.#checkFiles();
      this.#noteProblems();
      await this.#checkPrims(stage.pseudoRoot, false);
    }
    for (const rule of this.#rules) this.#add(rule, (await rule.checkStage?.(this.#context)) ?? []);
    return [...this.#general, ...[...this.#found.values()].flat()];
  }

  async #checkFiles(): Promise<void> {
    const { nodes } = this.#context.dependencies;
    // What an arc leads to is meant to be a layer, also where we have no reader for it.
    const composed = new Set<string>();
    for (const { dependencies } of nodes.values())
      for (const { kind, files } of dependencies)
        if (kind === 'sublayer' || kind === 'reference' || kind === 'payload') for (const file of files) composed.add(file.identifier);
    const packages = new Set<string>();
    for (const { identifier, kind } of nodes.values()) {
      if (kind === 'file' && !composed.has(identifier)) continue;
      if (kind === 'package') packages.add(identifier);
      for (let site = splitInnermost(identifier); site !== undefined; site = splitInnermost(site.package)) packages.add(site.package);
      for (const rule of this.#rules) this.#add(rule, rule.checkLayer?.(identifier, this.#context) ?? []);
    }
    for (const identifier of packages) await this.#checkPackage(identifier);
  }

  async #checkPackage(identifier: string): Promise<void> {
    try {
      const archive = await this.#options.resolver.open(identifier, this.#options.signal);
      for (const rule of this.#rules) this.#add(rule, rule.checkPackage?.(archive, identifier, this.#context) ?? []);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#fail(`Could not open package at path '${identifier}': ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Checks prims depth first. Those with variants come last, in all their selections. */
  async #checkPrims(root: Prim, includesRoot: boolean): Promise<void> {
    const varied: Prim[] = [];
    const stack: Prim[] = includesRoot ? [root] : [...childrenOf(root)].reverse();
    for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
      // What lies in an instance cannot be varied by itself.
      const isVaried = this.#options.skipsVariants !== true && prim !== root && !prim.isInstanceProxy && prim.getVariantSets().length > 0;
      if (isVaried) {
        varied.push(prim);
        continue;
      }
      for (const rule of this.#rules) this.#add(rule, rule.checkPrim?.(prim, this.#context) ?? []);
      stack.push(...[...childrenOf(prim)].reverse());
    }
    for (const prim of varied) await this.#checkVariations(prim.path);
  }

  async #checkVariations(path: Path): Promise<void> {
    const { stage } = this.#context;
    const sets = stage.getPrimAtPath(path)?.getVariantSets() ?? [];
    const before = stage.sessionLayer.field(path, 'variantSelection');
    for (const selections of combinations(sets.map((set) => set.getVariantNames()))) {
      if (this.#variations++ >= (this.#options.maxVariations ?? MAX_VARIATIONS)) {
        if (this.#variations === (this.#options.maxVariations ?? MAX_VARIATIONS) + 1)
          this.#fail(`Not all variants were checked: there are too many combinations, from <${path}> on.`, 'warning');
        break;
      }
      this.#options.signal?.throwIfAborted();
      if (!stage.sessionLayer.hasSpec(path)) stage.sessionLayer.createPrimSpec(path);
      stage.sessionLayer.setField(
        path,
        'variantSelection',
        makeValue('variantSelectionMap', new Map(sets.map(({ name }, i) => [name, selections[i] as string]))),
      );
      await stage.settle();
      this.#noteProblems();
      const prim = stage.getPrimAtPath(path);
      if (prim !== undefined) await this.#checkPrims(prim, true);
    }
    stage.sessionLayer.setField(path, 'variantSelection', before);
    await stage.settle();
  }

  #noteProblems(): void {
    for (const problem of this.#context.stage.problems)
      if (problem.code.startsWith('composition-')) this.#compositionProblems.set(`${problem.path ?? ''} ${problem.message}`, problem);
  }

  #add(rule: Rule, findings: Iterable<Finding>): void {
    for (const finding of findings) this.#found.get(rule)?.push({ rule: rule.name, severity: 'failure', ...finding });
  }

  #fail(message: string, severity: 'error' | 'warning' = 'error'): void {
    this.#general.push({ rule: '', severity, message });
  }
}

/** Children that an ordinary traversal visits, those of an instance as its proxies. */
function childrenOf(prim: Prim): readonly Prim[] {
  const { prototype } = prim;
  if (prototype === undefined) return prim.children;
  return prototype.children.flatMap((child) => prim.stage.getPrimAtPath(appendChild(prim.path, child.name)) ?? []);
}

/** Every choice of one item per list, the last list's changing fastest. A list without items does not count. */
function* combinations(lists: readonly (readonly string[])[]): Generator<string[]> {
  const [first, ...rest] = lists;
  if (first === undefined) yield [];
  else for (const item of first.length === 0 ? [''] : first) for (const items of combinations(rest)) yield [item, ...items];
}
