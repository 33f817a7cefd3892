/**
 * Which payloads are loaded: a rule per path, of which the nearest counts. Source: OpenUSD usd/stageLoadRules.h;
 * composition.md section 11.
 */
import { hasPrefix, parentPath, ROOT_PATH, type Path } from '../sdf/path.ts';

/** `all`: the prim and everything below; `only`: the prim itself; `none`: nothing, but for what other rules load. */
export type LoadRule = 'all' | 'only' | 'none';
/** Whether payloads below a prim are loaded with it. */
export type LoadPolicy = 'withDescendants' | 'withoutDescendants';

/** Which payloads a stage loads. Source: OpenUSD usd/stageLoadRules.h. */
export class LoadRules {
  readonly #rules = new Map<Path, LoadRule>();

  /** Everything is loaded. */
  static all(): LoadRules {
    return new LoadRules();
  }

  /** Nothing is loaded. */
  static none(): LoadRules {
    const rules = new LoadRules();
    rules.#rules.set(ROOT_PATH, 'none');
    return rules;
  }

  /** Path → rule, ascending by path. */
  get rules(): readonly (readonly [Path, LoadRule])[] {
    return [...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Rules of their own that say the same. */
  copy(): LoadRules {
    const copy = new LoadRules();
    for (const [path, rule] of this.#rules) copy.#rules.set(path, rule);
    return copy;
  }

  /** Takes back the rules below a path and loads it, with or without what is below it. */
  load(path: Path, policy: LoadPolicy = 'withDescendants'): void {
    this.#dropBelow(path);
    this.#rules.set(path, policy === 'withDescendants' ? 'all' : 'only');
  }

  /** Takes back the rules at and below a path and unloads it. */
  unload(path: Path): void {
    this.#dropBelow(path);
    this.#rules.set(path, 'none');
  }

  /** Unloads, then loads. */
  loadAndUnload(load: Iterable<Path>, unload: Iterable<Path>, policy: LoadPolicy = 'withDescendants'): void {
    for (const path of unload) this.unload(path);
    for (const path of load) this.load(path, policy);
  }

  /** Adds a rule and leaves those below as they are. */
  addRule(path: Path, rule: LoadRule): void {
    this.#rules.set(path, rule);
  }

  /** Replaces all rules. */
  setRules(rules: Iterable<readonly [Path, LoadRule]>): void {
    this.#rules.clear();
    for (const [path, rule] of rules) this.#rules.set(path, rule);
  }

  /** Drops rules that say what would be so without them. */
  minimize(): void {
    for (const [path, rule] of this.rules) {
      if (path === ROOT_PATH) {
        if (rule === 'all') this.#rules.delete(path);
        continue;
      }
      const above = this.getEffectiveRuleForPath(parentPath(path));
      if (rule === above && rule !== 'only') this.#rules.delete(path);
      else if (rule === 'none' && above === 'only') this.#rules.delete(path);
    }
  }

  /** Whether the payloads of a prim are loaded. */
  isLoaded(path: Path): boolean {
    return this.getEffectiveRuleForPath(path) !== 'none';
  }

  /** Whether the payloads of a prim and of everything below it are loaded. */
  isLoadedWithAllDescendants(path: Path): boolean {
    if (this.getEffectiveRuleForPath(path) !== 'all') return false;
    for (const [at, rule] of this.#rules) if (at !== path && rule !== 'all' && hasPrefix(at, path)) return false;
    return true;
  }

  /** The rule that decides about a path. An unloaded prim is loaded all the same when something below it is. */
  getEffectiveRuleForPath(path: Path): LoadRule {
    if (this.#rules.size === 0) return 'all';
    let rule: LoadRule = 'all';
    for (let at = path; ; at = parentPath(at)) {
      const found = this.#rules.get(at);
      if (found !== undefined) {
        rule = found === 'only' && at !== path ? 'none' : found;
        break;
      }
      if (at === ROOT_PATH) break;
    }
    if (rule !== 'none') return rule;
    for (const [at, below] of this.#rules) if (below !== 'none' && at !== path && hasPrefix(at, path)) return 'only';
    return 'none';
  }

  /** What the rules say below a prim, as text: instances share a prototype only where it is the same. */
  relativeTo(path: Path): string {
    if (this.#rules.size === 0) return '';
    const rule = this.getEffectiveRuleForPath(path);
    const below = this.rules.filter(([at]) => at !== path && hasPrefix(at, path)).map(([at, its]) => `${at.slice(path.length)} ${its}`);
    return rule === 'all' && below.length === 0 ? '' : [rule, ...below].join(' ');
  }

  /** Whether two sets of rules load the same. */
  equals(other: LoadRules): boolean {
    if (this.#rules.size !== other.#rules.size) return false;
    for (const [path, rule] of this.#rules) if (other.#rules.get(path) !== rule) return false;
    return true;
  }

  #dropBelow(path: Path): void {
    for (const at of this.#rules.keys()) if (hasPrefix(at, path)) this.#rules.delete(at);
  }
}
