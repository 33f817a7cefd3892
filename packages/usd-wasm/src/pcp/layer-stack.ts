/**
 * A layer stack: a root layer (and session layer) with everything they sublayer, strongest first, each with the
 * offset from its time to the stack's. Source: composition.md sections 2 and 12.
 */
import { composeOffsets, IDENTITY_OFFSET, isIdentityOffset, isValidOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import { appendChild, ROOT_PATH, type Path } from '../sdf/path.ts';
import { DEFAULT_LIMITS, type ReadLimits } from '../tf/read-limits.ts';
import type { Dictionary } from '../vt/value.ts';
import { valuesEqual } from '../vt/value-equality.ts';
import type { CompositionError } from './composition-error.ts';
import { composeRelocates, type Relocates } from './relocates.ts';
import { evaluateExpression, isVariableExpression } from './variable-expression.ts';

/** Where layers come from; synchronous. */
export interface LayerSource {
  /** How much may be composed; `DEFAULT_LIMITS` where it does not say. */
  readonly limits?: ReadLimits;
  /** The layer; `pending` while its bytes are not there; or why it cannot be had. */
  find(identifier: string): Layer | 'pending' | { readonly failed: string };
  /** The identifier of an asset path that the layer `anchor` names. */
  identify(assetPath: string, anchor: string | undefined): string;
}

interface LayerStackEntry {
  readonly layer: Layer;
  /** Layer time → time of the stack. */
  readonly offset: LayerOffset;
}

/** Composed expression variables, and the key of the layer stack that authored their last part ('' for none). */
export interface ExpressionVariables {
  readonly values: Dictionary;
  readonly sourceKey: string;
}

export const NO_VARIABLES: ExpressionVariables = { values: new Map(), sourceKey: '' };

/** What composing a layer stack again changed. */
export interface LayerStackChanges {
  /** Layers that came, went, or stand elsewhere or with another offset than before. */
  readonly movedLayers: ReadonlySet<Layer>;
  readonly didVariablesChange: boolean;
  readonly didRelocatesChange: boolean;
  readonly didRateChange: boolean;
}

export class LayerStack {
  /** Unique among the stacks of a cache. */
  readonly key: string;
  readonly rootLayer: Layer;
  /** Not there when there is none, or it is muted. */
  sessionLayer: Layer | undefined;
  /** Strongest first. */
  entries: readonly LayerStackEntry[] = [];
  /** Layers of `entries`. */
  layers: readonly Layer[] = [];
  timeCodesPerSecond = 24;
  expressionVariables: ExpressionVariables = NO_VARIABLES;
  relocates: Relocates | undefined;
  errors: readonly CompositionError[] = [];
  /** Sublayers that were not there yet. */
  pendingAssets: readonly string[] = [];
  hasOffsets = false;
  /** Paths of its prims by parent and name, once several arcs lead here. */
  #childPaths: Map<Path, Map<string, Path>> | undefined;
  readonly #sessionLayer: Layer | undefined;
  readonly #source: LayerSource;
  readonly #mutedLayers: ReadonlySet<string>;
  readonly #overrides: ExpressionVariables;

  constructor(
    key: string,
    rootLayer: Layer,
    sessionLayer: Layer | undefined,
    source: LayerSource,
    mutedLayers: ReadonlySet<string>,
    overrides: ExpressionVariables,
  ) {
    this.key = key;
    this.rootLayer = rootLayer;
    this.#sessionLayer = sessionLayer;
    this.#source = source;
    this.#mutedLayers = mutedLayers;
    this.#overrides = overrides;
    this.#compose();
  }

  /** Composes the stack again after an edit or when layers came: in place, as the nodes of indexes hold on to it. */
  recompose(): LayerStackChanges {
    const { entries, expressionVariables, relocates, timeCodesPerSecond } = this;
    this.#compose();
    return {
      movedLayers: movedLayers(entries, this.entries),
      didVariablesChange: !sameDictionary(expressionVariables.values, this.expressionVariables.values),
      didRelocatesChange: !sameRelocates(relocates, this.relocates),
      didRateChange: timeCodesPerSecond !== this.timeCodesPerSecond,
    };
  }

  #compose(): void {
    const { key, rootLayer } = this;
    const session = this.#sessionLayer;
    this.sessionLayer = session !== undefined && this.#mutedLayers.has(session.identifier) ? undefined : session;
    this.expressionVariables = composeVariables(key, rootLayer, this.sessionLayer, this.#overrides);
    this.timeCodesPerSecond = stackTimeCodesPerSecond(rootLayer, this.sessionLayer);
    const builder = new StackBuilder(
      this.#source,
      this.#mutedLayers,
      this.expressionVariables.values,
      this.sessionLayer?.fieldAs(ROOT_PATH, 'sessionOwner', 'string') ?? '',
    );
    for (const layer of [this.sessionLayer, rootLayer]) {
      if (layer === undefined) continue;
      const rate = layer.timeCodesPerSecond;
      builder.add(layer, rate === this.timeCodesPerSecond ? IDENTITY_OFFSET : { offset: 0, scale: this.timeCodesPerSecond / rate }, rate);
    }
    this.entries = builder.entries;
    this.layers = builder.entries.map(({ layer }) => layer);
    this.hasOffsets = builder.entries.some(({ offset }) => !isIdentityOffset(offset));
    this.relocates = composeRelocates(this.layers, builder.errors, (this.#source.limits ?? DEFAULT_LIMITS).relocates);
    this.errors = builder.errors;
    this.pendingAssets = builder.pendingAssets;
  }

  /** From here on paths are kept: more than one arc leads to the stack, and they will ask for the same ones. */
  sharePaths(): void {
    this.#childPaths ??= new Map<Path, Map<string, Path>>();
  }

  /** A path with a name appended: if paths are shared the same text each time, which maps find without reading it. */
  childPath(parent: Path, name: string): Path {
    const paths = this.#childPaths;
    if (paths === undefined) return appendChild(parent, name);
    let children = paths.get(parent);
    if (children === undefined) {
      children = new Map<string, Path>();
      paths.set(parent, children);
    }
    let path = children.get(name);
    if (path === undefined) {
      path = appendChild(parent, name);
      children.set(name, path);
    }
    return path;
  }

  /** Whether any layer names a child of a prim. */
  hasChildren(path: Path): boolean {
    const { layers } = this;
    for (let i = 0; i < layers.length; i++) if ((layers[i] as Layer).childNames(path, 'primChildren').length > 0) return true;
    return false;
  }

  /** Whether any layer has a spec at a path. */
  hasSpec(path: Path): boolean {
    const { layers } = this;
    for (let i = 0; i < layers.length; i++) if ((layers[i] as Layer).data.specType(path) !== undefined) return true;
    return false;
  }
}

/** Layers of which the strength or offset differs; where only others came or went between them, they did not move. */
function movedLayers(before: readonly LayerStackEntry[], after: readonly LayerStackEntry[]): Set<Layer> {
  const moved = new Set<Layer>();
  const offsets = new Map(before.map(({ layer, offset }) => [layer, offset]));
  const layersAfter = new Set(after.map(({ layer }) => layer));
  for (const { layer } of before) if (!layersAfter.has(layer)) moved.add(layer);
  const kept = before.filter(({ layer }) => layersAfter.has(layer)).map(({ layer }) => layer);
  let next = 0;
  for (const { layer, offset } of after) {
    const known = offsets.get(layer);
    if (known === undefined) moved.add(layer);
    else {
      if (known.offset !== offset.offset || known.scale !== offset.scale || kept[next] !== layer) moved.add(layer);
      next++;
    }
  }
  return moved;
}

function sameDictionary(a: Dictionary, b: Dictionary): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!valuesEqual(value, b.get(key))) return false;
  return true;
}

function sameRelocates(a: Relocates | undefined, b: Relocates | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.incremental.size !== b.incremental.size) return false;
  for (const [source, target] of a.incremental) if (b.incremental.get(source) !== target) return false;
  return true;
}

class StackBuilder {
  readonly entries: LayerStackEntry[] = [];
  readonly errors: CompositionError[] = [];
  readonly pendingAssets: string[] = [];
  readonly #chain: string[] = [];
  readonly #source: LayerSource;
  readonly #mostLayers: number;
  readonly #muted: ReadonlySet<string>;
  readonly #variables: Dictionary;
  readonly #sessionOwner: string;

  constructor(source: LayerSource, muted: ReadonlySet<string>, variables: Dictionary, sessionOwner: string) {
    this.#source = source;
    this.#mostLayers = (source.limits ?? DEFAULT_LIMITS).layers;
    this.#muted = muted;
    this.#variables = variables;
    this.#sessionOwner = sessionOwner;
  }

  add(layer: Layer, offset: LayerOffset, layerRate: number): void {
    this.entries.push({ layer, offset });
    const paths = layer.fieldAs(ROOT_PATH, 'subLayers', 'stringVector');
    if (paths === undefined || paths.length === 0) return;
    const offsets = layer.fieldAs(ROOT_PATH, 'subLayerOffsets', 'layerOffsetVector');
    this.#chain.push(layer.identifier);
    let sublayers: { layer: Layer; offset: LayerOffset }[] = [];
    for (let i = 0; i < paths.length; i++) {
      const sublayer = this.#open(layer, paths[i] as string);
      if (sublayer !== undefined) sublayers.push({ layer: sublayer, offset: offsets?.[i] ?? IDENTITY_OFFSET });
    }
    sublayers = this.#ownedFirst(layer, sublayers);
    for (const { layer: sublayer, offset: authored } of sublayers) {
      if (this.entries.length >= this.#mostLayers) {
        this.errors.push({ kind: 'LimitExceeded', limit: 'layers', allowed: this.#mostLayers, layer: layer.identifier });
        break;
      }
      if (this.#chain.includes(sublayer.identifier)) {
        this.errors.push({ kind: 'SublayerCycle', layer: layer.identifier, sublayer: sublayer.identifier });
        continue;
      }
      let own = authored;
      if (!isValidOffset(own)) {
        this.errors.push({ kind: 'InvalidSublayerOffset', layer: layer.identifier, sublayer: sublayer.identifier, ...own });
        own = IDENTITY_OFFSET;
      }
      const rate = sublayer.timeCodesPerSecond;
      if (rate !== layerRate) own = { offset: own.offset, scale: (own.scale * layerRate) / rate };
      this.add(sublayer, isIdentityOffset(own) ? offset : composeOffsets(offset, own), rate);
    }
    this.#chain.pop();
  }

  #open(layer: Layer, authored: string): Layer | undefined {
    let path = authored;
    if (isVariableExpression(path)) {
      const result = evaluateExpression(path, this.#variables);
      if ('error' in result) {
        this.errors.push({
          kind: 'VariableExpressionError',
          expression: authored,
          context: 'sublayer',
          layer: layer.identifier,
          path: undefined,
          reason: result.error,
        });
        return undefined;
      }
      if (typeof result.value !== 'string' || result.value === '') return undefined;
      path = result.value;
    }
    const identifier = this.#source.identify(path, layer.identifier);
    if (this.#muted.has(identifier)) return undefined;
    const found = this.#source.find(identifier);
    if (found === 'pending') {
      this.pendingAssets.push(identifier);
      return undefined;
    }
    if ('failed' in found) {
      this.errors.push({ kind: 'InvalidSublayerPath', layer: layer.identifier, sublayerPath: path, reason: found.failed });
      return undefined;
    }
    return found;
  }

  /** Sublayers that the session owns come first; two owners of one name are an error. */
  #ownedFirst<T extends { readonly layer: Layer }>(layer: Layer, sublayers: T[]): T[] {
    if (this.#sessionOwner === '' || layer.fieldAs(ROOT_PATH, 'hasOwnedSubLayers', 'bool') !== true) return sublayers;
    const isOwned = (entry: T): boolean => entry.layer.fieldAs(ROOT_PATH, 'owner', 'string') === this.#sessionOwner;
    const owned = sublayers.filter(isOwned);
    if (owned.length === 0) return sublayers;
    if (owned.length > 1) {
      this.errors.push({
        kind: 'InvalidSublayerOwnership',
        layer: layer.identifier,
        owner: this.#sessionOwner,
        sublayers: owned.map((entry) => entry.layer.identifier),
      });
    }
    return [...owned, ...sublayers.filter((entry) => !isOwned(entry))];
  }
}

function stackTimeCodesPerSecond(rootLayer: Layer, sessionLayer: Layer | undefined): number {
  if (sessionLayer === undefined) return rootLayer.timeCodesPerSecond;
  const has = (layer: Layer, field: string): boolean => layer.field(ROOT_PATH, field) !== undefined;
  const sessionWins =
    has(sessionLayer, 'timeCodesPerSecond') || (!has(rootLayer, 'timeCodesPerSecond') && has(sessionLayer, 'framesPerSecond'));
  return sessionWins ? sessionLayer.timeCodesPerSecond : rootLayer.timeCodesPerSecond;
}

function composeVariables(
  key: string,
  rootLayer: Layer,
  sessionLayer: Layer | undefined,
  overrides: ExpressionVariables,
): ExpressionVariables {
  const root = rootLayer.fieldAs(ROOT_PATH, 'expressionVariables', 'dictionary');
  const session = sessionLayer?.fieldAs(ROOT_PATH, 'expressionVariables', 'dictionary');
  if ((root === undefined || root.size === 0) && (session === undefined || session.size === 0)) return overrides;
  return { values: new Map([...(root ?? []), ...(session ?? []), ...overrides.values]), sourceKey: key };
}
