/** Composition as text, from files: what OpenUSD's composition tests print. Source: OpenUSD pcp/testenv/testPcpCompositionResults.py. */
import { folderOf } from '../ar/asset-path.ts';
import { PackageResolver } from '../ar/package-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { Cache, type LayerSource } from '../pcp/cache.ts';
import { dumpComposition, type ErrorSection } from '../pcp/dump.ts';
import { readLayer, sniffFormat } from '../sdf/file-format.ts';
import { Layer } from '../sdf/layer.ts';
import { appendChild, ROOT_PATH, type Path } from '../sdf/path.ts';
import { ProblemList, type Reporter } from '../tf/reporter.ts';
import { parseUsda } from '../usda/parser.ts';

/** What is composed. */
export interface CompositionResultsOptions {
  /** Reads layers. */
  readonly resolver: AssetResolver;
  /** Asset path of the session layer. */
  readonly session?: string;
  /** Payloads of which prims are included; all by default. */
  readonly includePayload?: (path: Path) => boolean;
  /** Per variant set: names tried in order where nothing selects one. */
  readonly variantFallbacks?: ReadonlyMap<string, readonly string[]>;
  /** Reads variant selections in texts that are no names, instead of refusing the layer. */
  readonly keepInvalidSelections?: boolean;
  /** What errors call a layer, from its identifier; that itself by default. */
  readonly nameOf?: (identifier: string) => string;
  /** Told of what is wrong with layers. */
  readonly reporter?: Reporter;
}

/** The text that OpenUSD's composition tests compare. */
export interface CompositionResults {
  /** Layer stack and prims, depth first; layers are named from the folder of the root layer. */
  readonly results: string;
  /** Errors by prim, '' when there are none. */
  readonly errors: string;
  /** Errors of composing, by the prim that they were found at. */
  readonly errorSections: readonly ErrorSection[];
}

/**
 * Composes every prim of a root layer, active or not, and prints what it is made of.
 *
 * @throws the typed error of the reader or resolver when the root or session layer cannot be read
 */
export async function compositionResults(root: string, options: CompositionResultsOptions): Promise<CompositionResults> {
  const source = new LoadedLayers(options);
  const { session, includePayload, variantFallbacks, nameOf } = options;
  const rootLayer = await source.open(root);
  const cache = new Cache({
    rootLayer,
    ...(session === undefined ? {} : { sessionLayer: await source.open(session) }),
    layers: source,
    ...(includePayload === undefined ? {} : { includePayload }),
    ...(variantFallbacks === undefined ? {} : { variantFallbacks }),
  });
  for (let pending = pendingAssets(cache); pending.size > 0; pending = pendingAssets(cache)) {
    await source.load(pending);
    cache.invalidateAll();
  }
  const folder = folderOf(rootLayer.identifier);
  return dumpComposition(cache, ({ identifier }) => relativePath(folder, identifier), nameOf);
}

/** Layers that composing everything there is so far asks for. */
function pendingAssets(cache: Cache): Set<string> {
  const pending = new Set(cache.layerStack.pendingAssets);
  const waiting: Path[] = [ROOT_PATH];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const index = cache.primIndex(path);
    for (const identifier of index.pendingAssets) pending.add(identifier);
    for (const name of index.childNames) waiting.push(appendChild(path, name));
  }
  return pending;
}

class LoadedLayers implements LayerSource {
  readonly #resolver: PackageResolver;
  readonly #reporter: Reporter;
  readonly #keepInvalidSelections: boolean;
  readonly #layers = new Map<string, Layer | { readonly failed: string }>();

  constructor({ resolver, reporter, keepInvalidSelections }: CompositionResultsOptions) {
    this.#reporter = reporter ?? new ProblemList();
    this.#resolver = resolver instanceof PackageResolver ? resolver : new PackageResolver(resolver, this.#reporter);
    this.#keepInvalidSelections = keepInvalidSelections ?? false;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return this.#resolver.identify(assetPath, anchor);
  }

  find(identifier: string): Layer | 'pending' | { readonly failed: string } {
    return this.#layers.get(identifier) ?? 'pending';
  }

  async open(assetPath: string): Promise<Layer> {
    const identifier = this.identify(assetPath, undefined);
    const layer = await this.#read(identifier);
    this.#layers.set(identifier, layer);
    this.#layers.set(layer.identifier, layer);
    return layer;
  }

  async load(identifiers: Iterable<string>): Promise<void> {
    for (const identifier of identifiers) {
      try {
        this.#layers.set(identifier, await this.#read(identifier));
      } catch (error) {
        this.#layers.set(identifier, { failed: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  async #read(identifier: string): Promise<Layer> {
    const bytes = await this.#resolver.read(identifier);
    if (this.#keepInvalidSelections && sniffFormat(bytes) === 'usda')
      return new Layer(identifier, parseUsda(identifier, bytes, this.#reporter, { keepInvalidSelections: true }), 'usda');
    return readLayer(identifier, bytes, this.#reporter);
  }
}

/** A path as seen from a folder, which ends in `/`. */
function relativePath(folder: string, path: string): string {
  const from = folder.split('/').slice(0, -1);
  const to = path.split('/');
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}
