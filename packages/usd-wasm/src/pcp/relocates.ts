/**
 * Relocations of a layer stack: where its prims moved to. Source: composition.md section 2, "Relocates of a layer stack".
 */
import type { Layer } from '../sdf/layer.ts';
import { hasPrefix, isPropertyPath, parentPath, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import { DEFAULT_LIMITS } from '../tf/read-limits.ts';
import type { CompositionError, RelocationConflict } from './composition-error.ts';
import { MapFunction, type PathPair } from './map-function.ts';

export class Relocates {
  /** As authored: source → target in the namespace the ancestors ended in. An empty target deletes. */
  readonly incremental: ReadonlyMap<Path, Path | ''>;
  /** Target → source of `incremental`, without deletions. */
  readonly incrementalSources: ReadonlyMap<Path, Path>;
  /** Source in the namespace before any relocation → target. */
  readonly full: ReadonlyMap<Path, Path | ''>;
  /** Parent path of sources → their entries; the same for targets (without deletions). */
  readonly bySourceParent: ReadonlyMap<Path, readonly PathPair[]>;
  readonly byTargetParent: ReadonlyMap<Path, readonly PathPair[]>;
  /** Ascending by source. */
  readonly #fullPairs: readonly PathPair[];
  readonly #incrementalPairs: readonly PathPair[];
  readonly #atPath = new Map<Path, MapFunction>();

  constructor(incremental: ReadonlyMap<Path, Path | ''>) {
    this.incremental = incremental;
    const sources = new Map<Path, Path>();
    for (const [source, target] of incremental) if (target !== '') sources.set(target, source);
    this.incrementalSources = sources;
    const full = new Map<Path, Path | ''>();
    for (const [source, target] of incremental) full.set(originOf(source, sources), target);
    this.full = full;
    this.#fullPairs = [...full].sort(bySource);
    this.#incrementalPairs = [...incremental].sort(bySource);
    this.bySourceParent = groupBy(incremental, ([source]) => parentPath(source));
    this.byTargetParent = groupBy(incremental, ([, target]) => (target === '' ? undefined : parentPath(target)));
  }

  /** Source → target for what is relocated at or below a path, all else unchanged. */
  mapAtPath(path: Path): MapFunction {
    let map = this.#atPath.get(path);
    if (map === undefined) {
      const pairs: PathPair[] = [[ROOT_PATH, ROOT_PATH]];
      const targets = new Set<Path | ''>();
      forEachBelow(this.#fullPairs, path, (pair) => {
        pairs.push(pair);
        targets.add(pair[1]);
      });
      forEachBelow(this.#incrementalPairs, path, (pair) => {
        if (pair[1] !== '' && !targets.has(pair[1])) pairs.push(pair);
      });
      map = pairs.length === 1 ? MapFunction.IDENTITY : MapFunction.create(pairs);
      this.#atPath.set(path, map);
    }
    return map;
  }
}

const bySource = (a: PathPair, b: PathPair): number => compare(a[0], b[0]);

/** Visits the pairs, sorted by source, whose source is at or below a path. */
function forEachBelow(pairs: readonly PathPair[], path: Path, visit: (pair: PathPair) => void): void {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pairs[middle] as PathPair)[0] < path) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < pairs.length && (pairs[i] as PathPair)[0].startsWith(path); i++) {
    if (hasPrefix((pairs[i] as PathPair)[0], path)) visit(pairs[i] as PathPair);
  }
}

function groupBy(pairs: Iterable<PathPair>, keyOf: (pair: PathPair) => Path | undefined): Map<Path, PathPair[]> {
  const groups = new Map<Path, PathPair[]>();
  for (const pair of pairs) {
    const key = keyOf(pair);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pair]);
    else group.push(pair);
  }
  return groups;
}

/** Undoes the relocations of a path's ancestors, nearest first, until none is a target. */
function originOf(path: Path, sources: ReadonlyMap<Path, Path>): Path {
  let origin = path;
  let left = sources.size; // relocations may be cyclic: each is undone once at most
  for (let ancestor = parentPath(origin); ancestor !== ROOT_PATH;) {
    const source = sources.get(ancestor);
    if (source === undefined || left === 0) ancestor = parentPath(ancestor);
    else {
      left--;
      origin = replacePrefix(origin, ancestor, source);
      ancestor = parentPath(source);
    }
  }
  return origin;
}

interface AuthoredRelocation {
  readonly source: Path;
  readonly target: Path | '';
  readonly layer: string;
}

/**
 * Reads and checks the relocates of layers, strong to weak.
 *
 * @returns undefined when none is valid
 */
export function composeRelocates(
  layers: readonly Layer[],
  errors: CompositionError[],
  most: number = DEFAULT_LIMITS.relocates,
): Relocates | undefined {
  let authored: Map<Path, AuthoredRelocation> | undefined;
  for (const layer of layers) {
    const entries = layer.fieldAs(ROOT_PATH, 'layerRelocates', 'relocates') ?? layer.fieldAs(ROOT_PATH, 'relocates', 'relocates');
    if (entries === undefined) continue;
    authored ??= new Map();
    for (const [source, target] of entries) {
      if (authored.size >= most) {
        errors.push({ kind: 'LimitExceeded', limit: 'relocates', allowed: most, layer: layer.identifier });
        break;
      }
      const reason = invalidReason(source, target);
      if (reason !== undefined) errors.push({ kind: 'InvalidAuthoredRelocation', layer: layer.identifier, source, target, reason });
      else if (!authored.has(source)) authored.set(source, { source, target, layer: layer.identifier });
    }
  }
  if (authored === undefined) return undefined;
  for (const source of findConflicts(authored, errors)) authored.delete(source);
  if (authored.size === 0) return undefined;
  return new Relocates(new Map(Array.from(authored.values(), ({ source, target }) => [source, target])));
}

function invalidReason(source: Path, target: Path | ''): string | undefined {
  if (!isPrimPath(source) || (target !== '' && !isPrimPath(target))) {
    return source.includes('{') || target.includes('{')
      ? 'Relocates cannot have any variant selections'
      : 'Relocates must use absolute prim paths';
  }
  if (parentPath(source) === ROOT_PATH) return 'Root prims cannot be the source of a relocate';
  if (target === '') return undefined;
  if (source === target) return 'The target of a relocate cannot be the same as its source';
  if (hasPrefix(target, source)) return 'The target of a relocate cannot be a descendant of its source';
  if (hasPrefix(source, target)) return 'The target of a relocate cannot be an ancestor of its source';
  return undefined;
}

function isPrimPath(path: string): path is Path {
  return path.length > 1 && path.startsWith('/') && !path.includes('{') && !isPropertyPath(path as Path) && !path.includes('[');
}

/** Sources of all relocations that may not stay, judged against all the others at once. */
function findConflicts(authored: ReadonlyMap<Path, AuthoredRelocation>, errors: CompositionError[]): Set<Path> {
  const dropped = new Set<Path>();
  const byTarget = new Map<Path, AuthoredRelocation[]>();
  for (const relocation of authored.values()) {
    if (relocation.target === '') continue;
    const same = byTarget.get(relocation.target);
    if (same === undefined) byTarget.set(relocation.target, [relocation]);
    else same.push(relocation);
  }
  const targets = [...byTarget.keys()].sort();
  for (const target of targets) {
    const same = byTarget.get(target) ?? [];
    if (same.length < 2) continue;
    same.sort((a, b) => (a.source < b.source ? -1 : 1));
    errors.push({ kind: 'InvalidSameTargetRelocations', target, sources: same.map(({ layer, source }) => ({ layer, source })) });
    for (const { source } of same) dropped.add(source);
  }

  const conflicts: { of: AuthoredRelocation; against: AuthoredRelocation; conflict: RelocationConflict }[] = [];
  for (const relocation of authored.values()) {
    if (relocation.target !== '') {
      const chained = authored.get(relocation.target);
      if (chained !== undefined) {
        conflicts.push({ of: relocation, against: chained, conflict: 'target-is-source' });
        conflicts.push({ of: chained, against: relocation, conflict: 'source-is-target' });
      }
      for (const against of properAncestors(relocation.target, authored)) {
        if (against !== relocation) conflicts.push({ of: relocation, against, conflict: 'target-below-source' });
      }
    }
    for (const against of properAncestors(relocation.source, authored))
      conflicts.push({ of: relocation, against, conflict: 'source-below-source' });
  }
  conflicts.sort(
    (a, b) =>
      compare(a.of.source, b.of.source) ||
      CONFLICT_ORDER.indexOf(a.conflict) - CONFLICT_ORDER.indexOf(b.conflict) ||
      compare(a.against.source, b.against.source),
  );
  for (const { of, against, conflict } of conflicts) {
    dropped.add(of.source);
    errors.push({
      kind: 'InvalidConflictingRelocation',
      layer: of.layer,
      source: of.source,
      target: of.target,
      conflictLayer: against.layer,
      conflictSource: against.source,
      conflictTarget: against.target,
      conflict,
    });
  }
  return dropped;
}

const CONFLICT_ORDER: readonly RelocationConflict[] = [
  'target-is-source',
  'source-is-target',
  'target-below-source',
  'source-below-source',
];

function* properAncestors(path: Path, authored: ReadonlyMap<Path, AuthoredRelocation>): Generator<AuthoredRelocation> {
  for (let ancestor = parentPath(path); ancestor !== ROOT_PATH; ancestor = parentPath(ancestor)) {
    const found = authored.get(ancestor);
    if (found !== undefined) yield found;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
