/** The layers of a stage: opens them through the resolver, once each, and answers the composition cache. */
import { ResolveError, type AssetResolver } from '../ar/resolver.ts';
import type { LayerSource } from '../pcp/cache.ts';
import { loadLayer } from '../sdf/file-format.ts';
import type { LayerData } from '../sdf/layer-data.ts';
import type { Layer } from '../sdf/layer.ts';
import { DEFAULT_LIMITS, LimitError, type ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';

type Entry = { readonly layer: Layer } | { readonly failed: string; readonly cause: unknown };

/** What identifiers of layers in memory begin with; these have no place that they could be relative to. */
const ANONYMOUS = 'anon:';
/** What arguments of file formats in an identifier begin with. */
const FORMAT_ARGUMENTS = ':SDF_FORMAT_ARGS:';
/** Identifiers that are kept. */
const MOST_IDENTIFIED = 10_000;

export interface LayerStoreOptions {
  readonly resolver: AssetResolver;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  /** Called after each layer. */
  readonly onLayer?: () => void;
  readonly limits?: ReadLimits | undefined;
}

export class LayerStore implements LayerSource {
  readonly #options: LayerStoreOptions;
  readonly #entries = new Map<string, Entry>();
  /** Reads that are under way: whoever wants the same layer waits for the same read. */
  readonly #loading = new Map<string, Promise<void>>();
  /** Identifiers by anchor and asset path: many prims name the same asset. */
  readonly #identified = new Map<string, Map<string, string>>();
  #identifiedCount = 0;
  readonly limits: ReadLimits;
  /** Layers that are being read. */
  #opening = 0;
  #bytes = 0;
  #hasLayersInMemory = false;

  constructor(options: LayerStoreOptions) {
    this.#options = options;
    this.limits = options.limits ?? DEFAULT_LIMITS;
  }

  /** Sum of the sizes of the files read. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Some layers were not read but made by the program: what they hold has no size in bytes. */
  get hasLayersInMemory(): boolean {
    return this.#hasLayersInMemory;
  }

  /** Every layer read, in order of opening. */
  get layers(): Layer[] {
    const layers = new Set<Layer>();
    for (const entry of this.#entries.values()) if ('layer' in entry) layers.add(entry.layer);
    return [...layers];
  }

  find(identifier: string): Layer | 'pending' | { readonly failed: string } {
    const entry = this.#entries.get(identifier);
    if (entry === undefined) return 'pending';
    return 'layer' in entry ? entry.layer : { failed: entry.failed };
  }

  /** Makes a layer known that was made in memory: asset paths may name it by its identifier. */
  add(layer: Layer): void {
    this.#hasLayersInMemory = true;
    this.#entries.set(layer.identifier, { layer });
  }

  /** A layer was edited: what it says is no longer held to the bytes that were read. */
  noteEdit(): void {
    this.#hasLayersInMemory = true;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    const known = anchor === undefined ? undefined : this.#identified.get(anchor)?.get(assetPath);
    if (known !== undefined) return known;
    if (assetPath.startsWith(ANONYMOUS)) return assetPath;
    const identifier = this.#options.resolver.identify(assetPath, anchor);
    // What is meant inside of a package may depend on whether it is open yet.
    if (anchor !== undefined && !anchor.endsWith(']') && !identifier.endsWith(']')) this.#keepIdentifier(anchor, assetPath, identifier);
    return identifier;
  }

  #keepIdentifier(anchor: string, assetPath: string, identifier: string): void {
    if (this.#identifiedCount >= MOST_IDENTIFIED) {
      this.#identified.clear();
      this.#identifiedCount = 0;
    }
    this.#identifiedCount++;
    const known = this.#identified.get(anchor);
    if (known === undefined) this.#identified.set(anchor, new Map([[assetPath, identifier]]));
    else known.set(assetPath, identifier);
  }

  /** Why a layer could not be had: what reading it threw. */
  causeOf(identifier: string): unknown {
    const entry = this.#entries.get(identifier);
    return entry === undefined || 'layer' in entry ? undefined : entry.cause;
  }

  /**
   * Reads layers side by side. One that cannot be read is remembered as failed; only an abort rejects.
   *
   * @throws the signal's reason when it is aborted
   */
  async load(identifiers: Iterable<string>): Promise<void> {
    const wanted = [...new Set(identifiers)].filter((identifier) => !this.#entries.has(identifier));
    await Promise.all(
      wanted.map((identifier) => {
        const known = this.#loading.get(identifier);
        if (known !== undefined) return known;
        const loading = this.#loadOne(identifier).finally(() => this.#loading.delete(identifier));
        this.#loading.set(identifier, loading);
        return loading;
      }),
    );
  }

  /**
   * Reads the data of a layer, whether or not it is known already.
   *
   * @throws the typed error of the reader or resolver
   */
  async readData(identifier: string): Promise<LayerData> {
    const { resolver, reporter, signal } = this.#options;
    const layer = await loadLayer(identifier, await resolver.read(identifier, signal), reporter, this.limits);
    return layer.data;
  }

  #allow(limit: 'layers' | 'stageBytes', found: number, asset: string, what: string): void {
    const allowed = this.limits[limit];
    if (found > allowed) throw new LimitError(limit, allowed, found, asset, what);
  }

  async #loadOne(identifier: string): Promise<void> {
    const { resolver, reporter, signal, onLayer } = this.#options;
    let entry: Entry;
    // Arguments of file formats are for formats that we do not have: the file is the one in front of them.
    const asset = identifier.includes(FORMAT_ARGUMENTS) ? identifier.replace(/:SDF_FORMAT_ARGS:[^\]]*/, '') : identifier;
    if (asset !== identifier) {
      await this.load([asset]);
      const known = this.#entries.get(asset);
      if (known !== undefined) this.#entries.set(identifier, known);
      return;
    }
    try {
      this.#allow('layers', this.#entries.size + this.#opening, asset, 'the stage has more layers');
      this.#opening++;
      const bytes = await resolver.read(asset, signal).finally(() => this.#opening--);
      signal?.throwIfAborted();
      this.#allow('stageBytes', this.#bytes + bytes.byteLength, asset, 'the layers of the stage are larger in all');
      this.#bytes += bytes.byteLength;
      entry = { layer: await loadLayer(asset, bytes, reporter, this.limits) };
    } catch (error) {
      signal?.throwIfAborted();
      entry = {
        failed:
          error instanceof ResolveError
            ? error.message
            : `cannot read @${identifier}@: ${error instanceof Error ? error.message : String(error)}`,
        cause: error,
      };
    }
    this.#entries.set(identifier, entry);
    // A package is opened by its own name, its root layer is also known by the name inside.
    if ('layer' in entry && !this.#entries.has(entry.layer.identifier)) this.#entries.set(entry.layer.identifier, entry);
    onLayer?.();
  }
}
