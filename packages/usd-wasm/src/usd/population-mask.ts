/**
 * Which prims a stage is populated with: those at the paths of the mask, above and below them.
 * Source: OpenUSD usd/stagePopulationMask.h; composition.md section 11.
 */
import { hasPrefix, nameOf, parentPath, ROOT_PATH, type Path } from '../sdf/path.ts';

/** Which prims a stage is populated with. Source: OpenUSD usd/stagePopulationMask.h. */
export class PopulationMask {
  /** Ascending, none below another. */
  readonly paths: readonly Path[];

  /** An empty mask leaves nothing but the pseudo-root. */
  constructor(paths: Iterable<Path> = []) {
    const kept: Path[] = [];
    // sorted by text, a path is not always followed by its descendants (`/A`, `/A-`, `/A/B`), so all kept ones are asked
    for (const path of [...new Set(paths)].sort()) if (!kept.some((above) => hasPrefix(path, above))) kept.push(path);
    this.paths = kept;
  }

  /** Everything. */
  static all(): PopulationMask {
    return new PopulationMask([ROOT_PATH]);
  }

  /** It includes nothing. */
  get isEmpty(): boolean {
    return this.paths.length === 0;
  }

  /** Whether a prim is on the stage: at, above or below a path of the mask. */
  includes(path: Path): boolean {
    return path === ROOT_PATH || this.paths.some((at) => hasPrefix(path, at) || hasPrefix(at, path));
  }

  /** Whether a prim and all below it are on the stage. */
  includesSubtree(path: Path): boolean {
    return this.paths.some((at) => hasPrefix(path, at));
  }

  /** Names of the children of a prim that are on the stage; undefined: all. */
  getIncludedChildNames(path: Path): ReadonlySet<string> | undefined {
    if (this.includesSubtree(path)) return undefined;
    const names = new Set<string>();
    for (const at of this.paths) {
      if (at === path || !hasPrefix(at, path)) continue;
      let child = at;
      while (parentPath(child) !== path) child = parentPath(child);
      names.add(nameOf(child));
    }
    return names;
  }

  /** What one of them includes. */
  union(other: PopulationMask): PopulationMask {
    return new PopulationMask([...this.paths, ...other.paths]);
  }

  /** What both include. */
  intersection(other: PopulationMask): PopulationMask {
    return new PopulationMask([
      ...this.paths.filter((path) => other.includesSubtree(path)),
      ...other.paths.filter((path) => this.includesSubtree(path)),
    ]);
  }

  /** Whether two masks include the same. */
  equals(other: PopulationMask): boolean {
    return this.paths.length === other.paths.length && this.paths.every((path, i) => path === other.paths[i]);
  }

  /** What the mask says below a prim, as text: instances share a prototype only where it is the same. */
  relativeTo(path: Path): string {
    if (this.includesSubtree(path)) return '';
    return this.paths
      .filter((at) => hasPrefix(at, path))
      .map((at) => at.slice(path.length))
      .join(' ');
  }
}
