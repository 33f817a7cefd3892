/** Lists of what a layer needs. Source: OpenUSD usdUtils/dependencies.h. */
import type { Layer } from '../sdf/layer.ts';
import type { Path } from '../sdf/path.ts';
import { dependencyGraph, type Dependency, type DependencyOptions } from './dependency-graph.ts';

/** Asset paths as authored, sorted, each once. */
export interface ExternalReferences {
  /** Asset paths of sublayers, as authored. */
  readonly subLayers: readonly string[];
  /** References, asset-valued attributes and metadata, and the clips that templates stand for. */
  readonly references: readonly string[];
  /** Asset paths of payloads, as authored. */
  readonly payloads: readonly string[];
}

/** How references of one layer are gathered. */
export interface ExternalReferencesOptions extends DependencyOptions {
  /** List the tiles that exist in place of a path with `<UDIM>`. */
  readonly resolveUdimPaths?: boolean;
}

/** What one layer names: UsdUtilsExtractExternalReferences. Clips of templates are listed where they exist. */
export async function extractExternalReferences(layer: string | Layer, options: ExternalReferencesOptions): Promise<ExternalReferences> {
  const { root } = await dependencyGraph(layer, { ...options, isRecursive: false });
  const namesOf = (dependency: Dependency): readonly string[] => {
    const isExpanded = dependency.kind === 'clipTemplate' || options.resolveUdimPaths === true;
    const expanded = isExpanded ? dependency.files.map((file) => file.assetPath) : [];
    if (dependency.kind === 'clipTemplate') return expanded;
    return expanded.length > 0 ? expanded : [dependency.assetPath];
  };
  const list = (isMeant: (dependency: Dependency) => boolean): string[] =>
    [...new Set(root.dependencies.filter(isMeant).flatMap(namesOf))].sort();
  return {
    subLayers: list(({ kind }) => kind === 'sublayer'),
    references: list(({ kind }) => kind === 'reference' || kind === 'asset' || kind === 'clipTemplate'),
    payloads: list(({ kind }) => kind === 'payload'),
  };
}

/** Everything that is needed to show a scene, all variants and payloads counted. */
export interface AllDependencies {
  /** Identifiers of layers and packages, the root first. */
  readonly layers: readonly string[];
  /** Identifiers of other files. */
  readonly assets: readonly string[];
  /** What leads nowhere. */
  readonly unresolved: readonly UnresolvedDependency[];
}

/** An asset path that leads nowhere, and where it stands. */
export interface UnresolvedDependency {
  /** As authored. */
  readonly assetPath: string;
  /** Where it was looked for. */
  readonly identifier: string;
  /** Identifier of the layer that names it. */
  readonly layer: string;
  /** The spec that names it; `/` for the layer. */
  readonly specPath: Path;
}

/** Follows a scene's files from layer to layer: UsdUtilsComputeAllDependencies. Packages that it names are one file each. */
export async function computeAllDependencies(root: string | Layer, options: DependencyOptions): Promise<AllDependencies> {
  const { nodes } = await dependencyGraph(root, options);
  const layers: string[] = [];
  const assets: string[] = [];
  const unresolved = new Map<string, UnresolvedDependency>();
  for (const node of nodes.values()) {
    if (node.kind === 'layer' || node.kind === 'package') layers.push(node.identifier);
    else assets.push(node.identifier);
    for (const { kind, assetPath, identifier, specPath, files } of node.dependencies) {
      if (files.length > 0 || kind === 'clipTemplate' || unresolved.has(identifier)) continue;
      unresolved.set(identifier, { assetPath, identifier, layer: node.identifier, specPath });
    }
  }
  return { layers, assets, unresolved: [...unresolved.values()] };
}
