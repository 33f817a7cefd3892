/**
 * What a stage says of its changes. Source: OpenUSD usd/notice.h; values.md section 9.
 */
import { hasPrefix, isPropertyPath, parentPath, primPathOf, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Stage } from './stage.ts';

const NO_FIELDS: readonly string[] = [];

/**
 * The objects that an edit changed, once per outermost change block. Lists are minimal and sorted: what is below a
 * resynced path is in none of them.
 */
export class ObjectsChanged {
  /** The stage that changed. */
  readonly stage: Stage;
  /** Subtrees that were composed anew: prims, or properties that came or went. Of `/` the whole stage. */
  readonly resyncedPaths: readonly Path[];
  /** Prims, properties and the stage (`/`) of which only values or metadata may differ. */
  readonly changedInfoOnlyPaths: readonly Path[];
  /** Subtrees in which the same asset paths may resolve to something else. */
  readonly resolvedAssetPathsResyncedPaths: readonly Path[];
  readonly #fields: ReadonlyMap<Path, ReadonlySet<string>>;

  constructor(
    stage: Stage,
    resynced: Iterable<Path>,
    changedInfo: ReadonlyMap<Path, ReadonlySet<string>>,
    resolvedAssetPathsResynced: Iterable<Path> = [],
    resyncFields: ReadonlyMap<Path, ReadonlySet<string>> = new Map(),
  ) {
    this.stage = stage;
    this.resyncedPaths = minimalPaths(resynced);
    const covering = new Set(this.resyncedPaths);
    this.changedInfoOnlyPaths = [...changedInfo.keys()].filter((path) => !isAtOrBelow(path, covering)).sort();
    this.resolvedAssetPathsResyncedPaths = minimalPaths(resolvedAssetPathsResynced);
    this.#fields = new Map([...changedInfo, ...resyncFields]);
  }

  /** Whether a prim or property is concerned in any way. */
  affectedObject(path: Path): boolean {
    return this.resyncedObject(path) || this.changedInfoOnly(path);
  }

  /** Whether a prim or property was composed anew, by itself or with an ancestor. */
  resyncedObject(path: Path): boolean {
    return this.resyncedPaths.some((resynced) => hasPrefix(path, resynced));
  }

  /** Whether only values or metadata of a prim or property may differ. */
  changedInfoOnly(path: Path): boolean {
    return this.changedInfoOnlyPaths.includes(path);
  }

  /** Names of the fields that layers changed at a path: `default`, `timeSamples`, `targetPaths`, `kind`, … */
  getChangedFields(path: Path): readonly string[] {
    const fields = this.#fields.get(path);
    return fields === undefined ? NO_FIELDS : [...fields].sort();
  }

  /** Whether layers changed fields at a path. */
  hasChangedFields(path: Path): boolean {
    return (this.#fields.get(path)?.size ?? 0) > 0;
  }
}

/** The notices of a stage by name, in the order in which an edit delivers them. */
export interface StageNotices {
  /** What an edit changed. */
  objectsChanged: ObjectsChanged;
  /** After every other notice of an edit: something of the stage differs. */
  stageContentsChanged: { readonly stage: Stage };
  /** Edits go elsewhere from now on. */
  stageEditTargetChanged: { readonly stage: Stage };
  /** Identifiers of layers that were taken out or put back; after `objectsChanged`. */
  layerMutingChanged: { readonly stage: Stage; readonly mutedLayers: readonly string[]; readonly unmutedLayers: readonly string[] };
}

/** Hears of one kind of notice. */
export type StageListener<K extends keyof StageNotices> = (notice: StageNotices[K]) => void;

/** Sorted, each once, without paths below others. */
export function minimalPaths(paths: Iterable<Path>): Path[] {
  const all = new Set(paths);
  if (all.has(ROOT_PATH)) return [ROOT_PATH];
  return [...all].filter((path) => path === ROOT_PATH || !isAtOrBelow(parentPath(path), all)).sort();
}

function isAtOrBelow(path: Path, paths: ReadonlySet<Path>): boolean {
  if (paths.has(path)) return true;
  let p = path;
  if (isPropertyPath(p)) {
    p = primPathOf(p);
    if (paths.has(p)) return true;
  }
  while (p !== ROOT_PATH) {
    p = parentPath(p);
    if (paths.has(p)) return true;
  }
  return false;
}
