/**
 * Packages made of a scene and all it needs. Source: OpenUSD usdUtils/usdzPackage.cpp.
 */
import { folderOf } from '../ar/asset-path.ts';
import { PackageResolver } from '../ar/package-resolver.ts';
import type { AssetResolver } from '../ar/resolver.ts';
import { sniffFormat } from '../sdf/file-format.ts';
import { Layer } from '../sdf/layer.ts';
import { ProblemList, type Reporter } from '../tf/reporter.ts';
import { flattenStage } from '../usd/flatten.ts';
import { Stage } from '../usd/stage.ts';
import { writeUsda } from '../usda/writer.ts';
import { writeUsdc } from '../usdc/writer.ts';
import { writePackage, type PackageFile } from '../usdz/writer.ts';
import type { AssetPath } from '../vt/value.ts';
import { RemappedLayerData } from './asset-paths.ts';
import { dependencyGraph, type DependencyGraph, type DependencyOptions } from './dependency-graph.ts';
import { localize, type LocalizedFile, type NamedDependency } from './localize.ts';

/** How a package is made. */
export interface UsdzPackageOptions {
  /** Reads what goes into the package. */
  readonly resolver: AssetResolver;
  /** Name of the root layer inside the package; by default that of the asset, with an extension of layers. It says the format by its extension. */
  readonly firstLayerName?: string;
  /** Hears of what cannot be packaged. */
  readonly reporter?: Reporter;
  /** Stops reading. */
  readonly signal?: AbortSignal;
  /** Called before each file is added. */
  readonly onFile?: (name: string) => void;
}

/**
 * A package with a layer and everything it needs, found by following asset paths from layer to layer. The layer comes
 * first; layers in which no path has to change are copied byte for byte, others are written anew in their format.
 * Missing files are reported and their paths left as they are. A package that a layer refers to goes in whole.
 *
 * @param assetPath of the root layer. A package becomes the only file of the new one
 * @returns bytes of the package
 * @throws the typed error of resolver or reader when the root layer cannot be read; RangeError past what 32-bit zips hold
 */
export async function createNewUsdzPackage(assetPath: string, options: UsdzPackageOptions): Promise<Uint8Array> {
  const resolver = packageResolver(options);
  const identifier = resolver.identify(assetPath, undefined);
  const bytes = await resolver.read(identifier, options.signal);
  if (sniffFormat(bytes) === 'usdz') return writePackage([{ name: baseNameOf(identifier), bytes }]);
  const graph = await dependencyGraph(assetPath, { ...graphOptions(options), resolver });
  return packageOf(graph, options.firstLayerName ?? layerName(baseNameOf(identifier), bytes), { ...options, resolver });
}

/**
 * As `createNewUsdzPackage`, for viewers that read nothing but one crate: a scene of several layers is flattened, which
 * loses its variants, and the root layer is written as `.usdc`.
 */
export async function createNewARKitUsdzPackage(assetPath: string, options: UsdzPackageOptions): Promise<Uint8Array> {
  const resolver = packageResolver(options);
  const identifier = resolver.identify(assetPath, undefined);
  const name = (options.firstLayerName ?? baseNameOf(identifier)).replace(/\.\w*$/, '');
  const all = { ...graphOptions(options), resolver };
  const { root } = await dependencyGraph(assetPath, { ...all, isRecursive: false });
  const isComposed = root.dependencies.some(({ kind }) => kind === 'sublayer' || kind === 'reference' || kind === 'payload');
  let source: string | Layer = assetPath;
  if (isComposed) {
    const stage = await Stage.open(assetPath, { resolver, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    const flat = flattenStage(stage, { assetPath: (asset) => pathBeside(identifier, asset) });
    source = new Layer(identifier, flat.data, 'memory');
  }
  return packageOf(await dependencyGraph(source, all), `${name}.usdc`, { ...options, resolver });
}

async function packageOf(graph: DependencyGraph, rootName: string, options: UsdzPackageOptions): Promise<Uint8Array> {
  const { files, missing, stuck } = localize(graph, rootName);
  const report = (code: string, problem: NamedDependency, message: string): void =>
    options.reporter?.report({ code, severity: 'warning', message, asset: problem.node.identifier, path: problem.dependency.specPath });
  for (const problem of missing) {
    const { assetPath, identifier } = problem.dependency;
    report(
      'package-missing-file',
      problem,
      `@${assetPath}@ in @${problem.node.identifier}@ leads to @${identifier}@, which does not exist`,
    );
  }
  for (const problem of stuck) {
    const { assetPath } = problem.dependency;
    report(
      'package-fixed-path',
      problem,
      `@${assetPath}@ in @${problem.node.identifier}@ has another place in the package, but such files are not rewritten`,
    );
  }
  const packed: PackageFile[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    options.onFile?.(file.name);
    packed.push({ name: file.name, bytes: await bytesOf(file, options) });
  }
  return writePackage(packed);
}

/** The file as it is, unless its paths or its format change. */
async function bytesOf({ name, node, rewrite }: LocalizedFile, options: UsdzPackageOptions): Promise<Uint8Array> {
  const { layer, bytes } = node;
  if (layer === undefined) return bytes ?? options.resolver.read(node.identifier, options.signal);
  const format = /\.usda$/i.test(name) ? 'usda' : /\.usdc$/i.test(name) ? 'usdc' : layer.format === 'usda' ? 'usda' : 'usdc';
  if (rewrite === undefined && bytes !== undefined && format === layer.format) return bytes;
  const data = rewrite === undefined ? layer.data : new RemappedLayerData(layer.data, rewrite);
  return format === 'usda' ? new TextEncoder().encode(writeUsda(data)) : writeUsdc(data, options.reporter ?? new ProblemList());
}

function packageResolver({ resolver, reporter }: UsdzPackageOptions): PackageResolver {
  return resolver instanceof PackageResolver ? resolver : new PackageResolver(resolver, reporter);
}

function graphOptions({ reporter, signal }: UsdzPackageOptions): Omit<DependencyOptions, 'resolver'> {
  return {
    ...(reporter === undefined ? {} : { reporter }),
    ...(signal === undefined ? {} : { signal }),
    // What an asset calls itself is no file that it needs.
    isIncluded: ({ keyPath }) => !keyPath.endsWith('assetInfo:identifier'),
  };
}

/** Relative to the root layer's folder where that holds the file. */
function pathBeside(rootIdentifier: string, { path, resolvedPath }: AssetPath): string {
  const resolved = resolvedPath ?? '';
  const folder = folderOf(rootIdentifier);
  if (resolved === '') return path;
  return folder !== '' && resolved.startsWith(folder) ? `./${resolved.slice(folder.length)}` : resolved;
}

/** Packages open with their first file only where its name is that of a layer. */
function layerName(name: string, bytes: Uint8Array): string {
  return /\.usd[ac]?$/i.test(name) ? name : `${name.replace(/\.\w*$/, '')}.${sniffFormat(bytes) ?? 'usd'}`;
}

function baseNameOf(path: string): string {
  return path.slice(folderOf(path).length);
}
