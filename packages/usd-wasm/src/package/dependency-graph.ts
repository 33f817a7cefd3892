/**
 * All files that a layer needs, found by following its asset paths from layer to layer.
 * Source: OpenUSD usdUtils/assetLocalization.cpp (UsdUtils_LocalizationContext).
 */
import { folderOf, joinPackagePath, splitInnermost, splitPackagePath } from '../ar/asset-path.ts';
import { PackageResolver } from '../ar/package-resolver.ts';
import { assetExists, ResolveError, type AssetResolver } from '../ar/resolver.ts';
import { evaluateExpression, isVariableExpression } from '../pcp/variable-expression.ts';
import { readLayer, sniffFormat } from '../sdf/file-format.ts';
import type { Layer } from '../sdf/layer.ts';
import { ROOT_PATH, type Path } from '../sdf/path.ts';
import { ProblemList, type Reporter } from '../tf/reporter.ts';
import { templateAssetPaths } from '../usd/clip-set-definition.ts';
import type { Dictionary } from '../vt/value.ts';
import { visitAssetPaths, type AssetPathKind, type AssetPathSite } from './asset-paths.ts';
import { materialxReferences } from './materialx-references.ts';
import { isUdimPath, udimTilePaths } from './udim.ts';

/** An asset path of a layer, and the files it comes to. */
export interface Dependency {
  readonly kind: AssetPathKind;
  /** As it stands in the layer. */
  readonly authored: string;
  /** The same, or what its expression gives. */
  readonly assetPath: string;
  /** The first spec it was found on. */
  readonly specPath: Path;
  /** Files that exist: one, or one per tile or clip. Empty where it is missing. */
  readonly files: readonly DependencyFile[];
  /** What the path itself resolves to, whether or not that exists. */
  readonly identifier: string;
}

export interface DependencyFile {
  /** The path that a layer would write to mean this file: `./tex.1001.png` for `./tex.<UDIM>.png`. */
  readonly assetPath: string;
  /** Of the file, or of the package it lies in as seen from the layer. */
  readonly identifier: string;
}

/** A file of the graph. Only layers and MaterialX documents have dependencies; packages are taken as a whole. */
export interface DependencyNode {
  readonly identifier: string;
  readonly kind: 'layer' | 'package' | 'materialx' | 'file';
  /** Of layers. */
  readonly layer?: Layer;
  /** Where it was read to build the graph. */
  readonly bytes?: Uint8Array;
  readonly dependencies: readonly Dependency[];
}

/** Files that a layer needs, and what they need. */
export interface DependencyGraph {
  /** What was asked for. */
  readonly root: DependencyNode;
  /** By identifier, the root first, then in the order they were found in. */
  readonly nodes: ReadonlyMap<string, DependencyNode>;
}

/** How dependencies are gathered. */
export interface DependencyOptions {
  /** Reads layers and tells what exists. */
  readonly resolver: AssetResolver;
  /** Told of layers that exist but cannot be read. */
  readonly reporter?: Reporter;
  /** Stops reading. */
  readonly signal?: AbortSignal;
  /** Leave out asset paths by where they stand, e.g. `assetInfo:identifier`. */
  readonly isIncluded?: (site: AssetPathSite) => boolean;
  /** Follow the layers that layers name; true by default. */
  readonly isRecursive?: boolean;
}

/** A root that is a layer already, or a file to be read. A root package is looked into, packages that it names are not. */
export async function dependencyGraph(root: string | Layer, options: DependencyOptions): Promise<DependencyGraph> {
  const { resolver } = options;
  return new GraphBuilder({ ...options, resolver: resolver instanceof PackageResolver ? resolver : new PackageResolver(resolver) }).build(
    root,
  );
}

/** Extensions of what may be opened as a layer. */
const LAYER_EXTENSION = /\.(usd|usda|usdc|usdz|sdf)$/i;
const MATERIALX_EXTENSION = /\.mtlx$/i;
const NO_VARIABLES: Dictionary = new Map();

class GraphBuilder {
  readonly #options: DependencyOptions;
  readonly #reporter: Reporter;
  readonly #nodes = new Map<string, DependencyNode>();
  #variables = NO_VARIABLES;

  constructor(options: DependencyOptions) {
    this.#options = options;
    this.#reporter = options.reporter ?? new ProblemList();
  }

  async build(root: string | Layer): Promise<DependencyGraph> {
    const layer = typeof root === 'string' ? undefined : root;
    const identifier = typeof root === 'string' ? this.#options.resolver.identify(root, undefined) : root.identifier;
    const bytes = layer === undefined ? await this.#options.resolver.read(identifier, this.#options.signal) : undefined;
    const rootLayer = layer ?? readLayer(identifier, bytes as Uint8Array, this.#reporter);
    this.#variables = rootLayer.fieldAs(ROOT_PATH, 'expressionVariables', 'dictionary') ?? NO_VARIABLES;
    const first: DependencyNode = {
      identifier: rootLayer.identifier,
      kind: 'layer',
      layer: rootLayer,
      ...(bytes === undefined ? {} : { bytes }),
      dependencies: await this.#ofLayer(rootLayer),
    };
    this.#nodes.set(first.identifier, first);
    const queue = [first];
    for (let node = queue.shift(); node !== undefined && this.#options.isRecursive !== false; node = queue.shift()) {
      for (const { kind, files } of node.dependencies) {
        for (const file of files) {
          if (this.#nodes.has(file.identifier)) continue;
          this.#options.signal?.throwIfAborted();
          const next = await this.#read(file.identifier, kind);
          this.#nodes.set(file.identifier, next);
          queue.push(next);
        }
      }
    }
    return { root: first, nodes: this.#nodes };
  }

  async #read(identifier: string, kind: AssetPathKind): Promise<DependencyNode> {
    const { resolver, signal } = this.#options;
    const file: DependencyNode = { identifier, kind: 'file', dependencies: [] };
    if (MATERIALX_EXTENSION.test(nameIn(identifier))) {
      const bytes = await resolver.read(identifier, signal);
      return { identifier, kind: 'materialx', bytes, dependencies: await this.#ofMaterialx(identifier, bytes) };
    }
    const isArc = kind !== 'asset' && kind !== 'clipTemplate';
    if (!isArc && !LAYER_EXTENSION.test(nameIn(identifier))) return file;
    const bytes = await resolver.read(identifier, signal);
    const format = sniffFormat(bytes);
    if (format === 'usdz') return { identifier, kind: 'package', bytes, dependencies: [] };
    if (format === undefined) return file;
    try {
      const layer = readLayer(identifier, bytes, this.#reporter);
      return { identifier, kind: 'layer', layer, bytes, dependencies: await this.#ofLayer(layer) };
    } catch (error) {
      signal?.throwIfAborted();
      this.#reporter.report({
        code: 'unreadable-dependency',
        severity: 'warning',
        asset: identifier,
        message: `@${identifier}@ cannot be read, so what it needs is not known: ${error instanceof Error ? error.message : String(error)}`,
      });
      return { ...file, bytes };
    }
  }

  async #ofLayer(layer: Layer): Promise<Dependency[]> {
    const sites = new Map<string, { readonly authored: string; readonly site: AssetPathSite }>();
    visitAssetPaths(layer.data, (authored, site) => {
      const key = `${site.kind} ${authored}`;
      const isIncluded = site.isUsed && this.#options.isIncluded?.(site) !== false;
      if (isIncluded && !sites.has(key)) sites.set(key, { authored, site });
      return authored;
    });
    // The root layer's variables are stronger than those of the layers it brings in.
    const own = layer.fieldAs(ROOT_PATH, 'expressionVariables', 'dictionary') ?? NO_VARIABLES;
    const variables: Dictionary = new Map([...own, ...this.#variables]);
    const dependencies: Dependency[] = [];
    for (const { authored, site } of sites.values()) {
      const assetPath = evaluated(authored, variables);
      if (assetPath === undefined) continue;
      dependencies.push(await this.#dependency(site.kind, authored, assetPath, site.path, layer.identifier, site.clipSet));
    }
    return dependencies;
  }

  async #ofMaterialx(identifier: string, bytes: Uint8Array): Promise<Dependency[]> {
    const dependencies: Dependency[] = [];
    for (const path of materialxReferences(bytes))
      dependencies.push(await this.#dependency('asset', path, path, ROOT_PATH, identifier, undefined));
    return dependencies;
  }

  async #dependency(
    kind: AssetPathKind,
    authored: string,
    assetPath: string,
    specPath: Path,
    anchor: string,
    clipSet: Dictionary | undefined,
  ): Promise<Dependency> {
    const { resolver, signal } = this.#options;
    // Arguments of file formats are for formats that we do not have.
    const [file] = assetPath.split(':SDF_FORMAT_ARGS:') as [string];
    const candidates = await this.#candidates(kind, file, anchor, clipSet);
    const files: DependencyFile[] = [];
    for (const candidate of candidates) {
      const identifier = wholeFile(resolver.identify(candidate, anchor), anchor);
      if (await assetExists(resolver, identifier, signal)) files.push({ assetPath: candidate, identifier });
    }
    return { kind, authored, assetPath, specPath, files, identifier: resolver.identify(file, anchor) };
  }

  /** Paths that a path may stand for; of those in folders that can be listed only the existing ones. */
  async #candidates(kind: AssetPathKind, path: string, anchor: string, clipSet: Dictionary | undefined): Promise<readonly string[]> {
    const isUdim = kind === 'asset' && isUdimPath(path);
    if (!isUdim && kind !== 'clipTemplate') return [path];
    const folder = folderOf(path);
    const name = escapeForRegExp(path.slice(folder.length));
    // Templates have one or two runs of digits; more would only make matching slow.
    if (!isUdim && !/^[^#]*#+([^#]+#+)?[^#]*$/.test(name)) return [];
    const pattern = new RegExp(`^${isUdim ? name.replace(/<UDIM>/i, '\\d{4}') : name.replaceAll(/#+/g, '.*')}$`);
    const names = await this.#list(folder, anchor);
    if (names !== undefined) {
      const matching = names.filter((candidate) => pattern.test(candidate)).sort();
      return matching.map((candidate) => folder + candidate);
    }
    return isUdim ? udimTilePaths(path) : clipSet === undefined ? [] : templateAssetPaths(clipSet);
  }

  async #list(folder: string, anchor: string): Promise<readonly string[] | undefined> {
    const { resolver, signal } = this.#options;
    if (resolver.list === undefined) return undefined;
    const inFolder = resolver.identify(`${folder}_`, anchor);
    const site = splitInnermost(inFolder);
    try {
      return await resolver.list(site === undefined ? folderOf(inFolder) : joinPackagePath(site.package, folderOf(site.inner)), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ResolveError) return [];
      throw error;
    }
  }
}

/** Undefined where an expression cannot be evaluated to a path. */
function evaluated(authored: string, variables: Dictionary): string | undefined {
  if (!isVariableExpression(authored)) return authored;
  const result = evaluateExpression(authored, variables);
  return 'error' in result || typeof result.value !== 'string' || result.value === '' ? undefined : result.value;
}

/** The file that a layer asks for: what lies in another package than the layer itself is that package. */
function wholeFile(identifier: string, anchor: string): string {
  const home = splitInnermost(anchor)?.package;
  if (home !== undefined) {
    let at = identifier;
    for (let site = splitInnermost(at); site !== undefined; site = splitInnermost(at)) {
      if (site.package === home) return at;
      at = site.package;
    }
  }
  return splitPackagePath(identifier)?.package ?? identifier;
}

/** Path inside the innermost package. */
function nameIn(identifier: string): string {
  return splitInnermost(identifier)?.inner ?? identifier;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
