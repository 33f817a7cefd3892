/**
 * Namespace and time mapping across one composition arc, or a chain of them.
 *
 * A function is a set of (source → target) prim path pairs, optionally the root identity (`/` → `/`), and a layer
 * offset. A path maps by the pair with the longest source that prefixes it. The mapping is kept a bijection: a path
 * whose image lies under another pair's longer target does not map. A pair with the target `''` blocks its source
 * (relocated to nothing). Source: composition.md section 3; OpenUSD pcp/mapFunction.cpp.
 */
import { composeOffsets, IDENTITY_OFFSET, invertOffset, isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import { hasPrefix, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';

/** A mapped path; `''`: blocked; undefined: outside the domain. */
type MappedPath = Path | '' | undefined;

export type PathPair = readonly [source: Path, target: Path | ''];

/** Maps paths and times across an arc, or a chain of arcs. Source: OpenUSD pcp/mapFunction.h. */
export class MapFunction {
  /** Paths that no pair maps stay as they are; else they do not map. */
  readonly hasRootIdentity: boolean;
  /** Source time → target time. */
  readonly offset: LayerOffset;
  /** Pairs, ascending by source, without the root identity and without pairs that others imply. */
  readonly pairs: readonly PathPair[];
  #inverse: MapFunction | undefined;

  private constructor(pairs: readonly PathPair[], hasRootIdentity: boolean, offset: LayerOffset) {
    this.pairs = pairs;
    this.hasRootIdentity = hasRootIdentity;
    this.offset = offset;
  }

  /** Maps every path and time to itself. */
  static readonly IDENTITY: MapFunction = new MapFunction([], true, IDENTITY_OFFSET);

  /** A function from pairs; the pair (`/`, `/`) is the root identity. */
  static create(pairs: Iterable<PathPair>, offset: LayerOffset = IDENTITY_OFFSET): MapFunction {
    const bySource = new Map<Path, Path | ''>();
    let hasRootIdentity = false;
    for (const [source, target] of pairs) {
      if (source === ROOT_PATH && target === ROOT_PATH) hasRootIdentity = true;
      else if (!bySource.has(source)) bySource.set(source, target);
    }
    return MapFunction.#make(bySource, hasRootIdentity, offset);
  }

  /** The function of a single pair, which is the common arc. */
  static ofPair(source: Path, target: Path, hasRootIdentity: boolean, offset: LayerOffset = IDENTITY_OFFSET): MapFunction {
    if (source === target && (hasRootIdentity || source === ROOT_PATH)) return MapFunction.#make(NO_PAIRS, true, offset);
    return new MapFunction([[source, target]], hasRootIdentity, isIdentityOffset(offset) ? IDENTITY_OFFSET : offset);
  }

  static #make(bySource: ReadonlyMap<Path, Path | ''>, hasRootIdentity: boolean, offset: LayerOffset): MapFunction {
    const plainOffset = isIdentityOffset(offset) ? IDENTITY_OFFSET : offset;
    const pairs = canonicalPairs(bySource, hasRootIdentity);
    if (pairs.length === 0 && hasRootIdentity && plainOffset === IDENTITY_OFFSET) return MapFunction.IDENTITY;
    return new MapFunction(pairs, hasRootIdentity, plainOffset);
  }

  /** Maps every path to itself (time aside). */
  get isPathIdentity(): boolean {
    return this.hasRootIdentity && this.pairs.length === 0;
  }

  /** Maps every path and time to itself. */
  get isIdentity(): boolean {
    return this.isPathIdentity && this.offset === IDENTITY_OFFSET;
  }

  /** Source → target, also of paths embedded in brackets. */
  mapToTarget(path: Path): MappedPath {
    if (this.isPathIdentity) return path;
    return path.includes('[') ? this.#mapEmbedded(path, false) : this.#map(path, false, this.hasRootIdentity);
  }

  /** Target → source. */
  mapToSource(path: Path): MappedPath {
    if (this.isPathIdentity) return path;
    return path.includes('[') ? this.#mapEmbedded(path, true) : this.#map(path, true, this.hasRootIdentity);
  }

  /** As `mapToTarget`, but only by pairs: what merely passes by the root identity does not map. */
  mapToTargetByPairs(path: Path): MappedPath {
    return this.#map(path, false, false);
  }

  #map(path: Path, isInverse: boolean, hasRootIdentity: boolean): MappedPath {
    const { pairs } = this;
    const from = isInverse ? 1 : 0;
    let best: PathPair | undefined;
    let bestLength = -1;
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i] as PathPair;
      const prefix = pair[from];
      if (prefix.length > bestLength && prefix !== '' && hasPrefix(path, prefix)) {
        best = pair;
        bestLength = prefix.length;
      }
    }
    if (best === undefined && !hasRootIdentity) return undefined;
    let result = path;
    let targetLength = 0;
    if (best !== undefined) {
      const target = best[1 - from] as Path | '';
      if (target === '') return '';
      result = replacePrefix(path, best[from] as Path, target);
      targetLength = target.length;
    }
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i] as PathPair;
      const target = pair[1 - from] as Path | '';
      if (pair !== best && target.length > targetLength && hasPrefix(result, target as Path)) return undefined;
    }
    return result;
  }

  /** Maps the part before the first bracket and each bracketed path by itself. */
  #mapEmbedded(path: Path, isInverse: boolean): MappedPath {
    const open = path.indexOf('[');
    let depth = 0;
    let close = open;
    for (; close < path.length; close++) {
      const c = path.charCodeAt(close);
      if (c === 91) depth++;
      else if (c === 93 && --depth === 0) break;
    }
    const map = (part: Path): MappedPath => (isInverse ? this.mapToSource(part) : this.mapToTarget(part));
    const head = map(path.slice(0, open) as Path);
    const target = map(path.slice(open + 1, close) as Path);
    if (head === undefined || target === undefined) return undefined;
    if (head === '' || target === '') return '';
    const tail = path.slice(close + 1);
    if (!tail.includes('[')) return `${head}[${target}]${tail}` as Path;
    const mappedTail = this.#mapEmbeddedTail(tail, isInverse);
    return mappedTail === undefined ? undefined : (`${head}[${target}]${mappedTail}` as Path);
  }

  /** The rest after a bracket holds relational attributes and further brackets: only bracketed paths map. */
  #mapEmbeddedTail(tail: string, isInverse: boolean): string | undefined {
    const open = tail.indexOf('[');
    const close = tail.lastIndexOf(']');
    const inner = tail.slice(open + 1, close) as Path;
    const mapped = isInverse ? this.mapToSource(inner) : this.mapToTarget(inner);
    return mapped === undefined || mapped === '' ? undefined : `${tail.slice(0, open)}[${mapped}]${tail.slice(close + 1)}`;
  }

  /** `this ∘ inner`: first `inner`, then this. */
  compose(inner: MapFunction): MapFunction {
    if (this.isIdentity) return inner;
    if (inner.isIdentity) return this;
    const bySource = new Map<Path, Path | ''>();
    let hasRootIdentity = false;
    for (const [source, middle] of inner.pairs) {
      const target = middle === '' ? '' : this.mapToTarget(middle);
      if (target !== undefined) bySource.set(source, target);
    }
    for (const [middle, target] of this.pairs) {
      const source = inner.mapToSource(middle);
      if (source !== undefined && source !== '' && !bySource.has(source)) bySource.set(source, target);
    }
    if (inner.hasRootIdentity) {
      const target = this.#map(ROOT_PATH, false, this.hasRootIdentity);
      if (target === ROOT_PATH) hasRootIdentity = true;
      else if (target !== undefined && !bySource.has(ROOT_PATH)) bySource.set(ROOT_PATH, target);
    }
    if (this.hasRootIdentity) {
      const source = inner.#map(ROOT_PATH, true, inner.hasRootIdentity);
      if (source === ROOT_PATH) hasRootIdentity = true;
      else if (source !== undefined && source !== '' && !bySource.has(source)) bySource.set(source, ROOT_PATH);
    }
    return MapFunction.#make(bySource, hasRootIdentity, composeOffsets(this.offset, inner.offset));
  }

  /** Target → source as a function. Blocked sources have no inverse and are left out. */
  inverse(): MapFunction {
    if (this.#inverse === undefined) {
      const bySource = new Map<Path, Path | ''>();
      for (const [source, target] of this.pairs) if (target !== '') bySource.set(target, source);
      this.#inverse = MapFunction.#make(
        bySource,
        this.hasRootIdentity,
        this.offset === IDENTITY_OFFSET ? IDENTITY_OFFSET : invertOffset(this.offset),
      );
    }
    return this.#inverse;
  }

  /** The same function that also maps every other path to itself. */
  withRootIdentity(): MapFunction {
    return this.hasRootIdentity ? this : MapFunction.#make(new Map(this.pairs), true, this.offset);
  }

  /** Whether both map alike. */
  equals(other: MapFunction): boolean {
    if (this === other) return true;
    if (this.hasRootIdentity !== other.hasRootIdentity || this.pairs.length !== other.pairs.length) return false;
    if (this.offset.offset !== other.offset.offset || this.offset.scale !== other.offset.scale) return false;
    return this.pairs.every(([source, target], i) => source === other.pairs[i]?.[0] && target === other.pairs[i]?.[1]);
  }
}

const NO_PAIRS: ReadonlyMap<Path, Path | ''> = new Map();

/** Sorted pairs without those that follow from the nearest ancestor pair on both sides. */
function canonicalPairs(bySource: ReadonlyMap<Path, Path | ''>, hasRootIdentity: boolean): readonly PathPair[] {
  if (bySource.size === 0) return [];
  const all = [...bySource];
  const kept = all.filter((pair) => !isImplied(pair, all, hasRootIdentity));
  if (kept.length > 1) kept.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return kept;
}

function isImplied(pair: PathPair, all: readonly PathPair[], hasRootIdentity: boolean): boolean {
  const [source, target] = pair;
  if (target === '') return false;
  let bySource: PathPair | undefined;
  let byTarget: PathPair | undefined;
  for (const other of all) {
    if (other === pair) continue;
    if (hasPrefix(source, other[0]) && other[0].length > (bySource?.[0].length ?? 0)) bySource = other;
    if (other[1] !== '' && hasPrefix(target, other[1]) && other[1].length > (byTarget?.[1].length ?? 0)) byTarget = other;
  }
  if (bySource !== byTarget) return false;
  if (bySource === undefined) return hasRootIdentity && source === target;
  return bySource[1] !== '' && replacePrefix(source, bySource[0], bySource[1]) === target;
}
