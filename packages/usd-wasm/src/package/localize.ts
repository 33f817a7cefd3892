/**
 * Names for the files of a scene inside a folder of their own, and layers that use them.
 *
 * Method: files keep their place below the root layer's folder where layers name them by anchored relative paths
 * (`./tex.png`); all others go to numbered folders, one per source folder, so that no names of folders leak out. Layers
 * refer to a file by the first name it got, by anchored relative paths wherever what they say does not lead there
 * already. Tiles and clips, which one path names together, share a folder; if some of them have names elsewhere, they
 * are there twice. Source: OpenUSD usdUtils/assetLocalizationPackage.cpp.
 */
import { folderOf, isAbsolutePath, isSearchPath, normalizePath, splitPackagePath } from '../ar/asset-path.ts';
import type { AssetPathVisitor } from './asset-paths.ts';
import type { Dependency, DependencyGraph, DependencyNode } from './dependency-graph.ts';

export interface LocalizedFile {
  /** Path inside the package. */
  readonly name: string;
  readonly node: DependencyNode;
  /** What to write for the asset paths of a layer; undefined where all of them stay. */
  readonly rewrite: AssetPathVisitor | undefined;
}

/** A dependency, and the file that has it. */
export interface NamedDependency {
  readonly node: DependencyNode;
  readonly dependency: Dependency;
}

export interface Localization {
  /** The root first, then layers and packages, then other files. */
  readonly files: readonly LocalizedFile[];
  /** Paths that lead nowhere, and stay as they are. */
  readonly missing: readonly NamedDependency[];
  /** Paths in files that are not rewritten, though what they name has another place. */
  readonly stuck: readonly NamedDependency[];
}

/** @param rootName name of the root layer inside the package */
export function localize(graph: DependencyGraph, rootName: string): Localization {
  return new Localizer(graph).run(rootName);
}

class Localizer {
  readonly #graph: DependencyGraph;
  readonly #rootFolder: string;
  readonly #nodesByName = new Map<string, DependencyNode>();
  /** Identifier → names, the first one first. */
  readonly #names = new Map<string, string[]>();
  /** Source folder → numbered folder. */
  readonly #folders = new Map<string, string>();
  #nextFolder = 0;

  constructor(graph: DependencyGraph) {
    this.#graph = graph;
    this.#rootFolder = folderOf(graph.root.identifier);
  }

  run(rootName: string): Localization {
    const files: LocalizedFile[] = [];
    const missing: NamedDependency[] = [];
    const stuck: NamedDependency[] = [];
    this.#add(rootName, this.#graph.root.identifier);
    // Names are added while the map is walked, and walked in turn.
    for (const [name, node] of this.#nodesByName) {
      const changed = new Map<string, string>();
      for (const dependency of node.dependencies) {
        if (dependency.files.length === 0) {
          if (dependency.kind !== 'clipTemplate') missing.push({ node, dependency });
          continue;
        }
        const path = this.#place(name, node, dependency);
        if (path === dependency.assetPath) continue;
        if (node.kind === 'layer') changed.set(dependency.authored, path);
        else stuck.push({ node, dependency });
      }
      files.push({ name, node, rewrite: changed.size === 0 ? undefined : (assetPath) => changed.get(assetPath) ?? assetPath });
    }
    const [root, ...rest] = files as [LocalizedFile, ...LocalizedFile[]];
    const isScene = ({ node }: LocalizedFile): boolean => node.kind === 'layer' || node.kind === 'package';
    return { files: [root, ...rest.filter(isScene), ...rest.filter((file) => !isScene(file))], missing, stuck };
  }

  /** Names the files of a dependency, and says by which path the file called `from` reaches them. */
  #place(from: string, node: DependencyNode, { assetPath, files }: Dependency): string {
    const [asset] = assetPath.split(':SDF_FORMAT_ARGS:') as [string];
    const path = splitPackagePath(asset)?.package ?? asset;
    const isAnchored = !isAbsolutePath(path) && (node.kind === 'materialx' || !isSearchPath(path));
    const staying = isAnchored ? within(`${folderOf(from)}${folderOf(path)}`) : undefined;
    const folder = this.#folderFor(files, staying);
    const names = files.map(({ identifier }) => this.#nameIn(folder, identifier));
    // Tiles and clips are found by their pattern, be there one or many.
    const isPattern = files.length > 1 || files[0]!.assetPath !== asset;
    const target = isPattern ? `${folder}${baseNameOf(path)}` : names[0]!;
    const isThere = isAnchored && within(`${folderOf(from)}${path}`) === target;
    return isThere ? assetPath : relativePath(from, target) + assetPath.slice(path.length);
  }

  /** Where files that are named together go, or where they are. */
  #folderFor(files: Dependency['files'], staying: string | undefined): string {
    const first = files[0]!.identifier;
    const known = this.#names.get(first)?.map(folderOf) ?? [];
    const source = folderOf(first);
    const candidates = [...known, ...(staying !== undefined && source.startsWith(this.#rootFolder) ? [staying] : [])];
    for (const folder of candidates) if (this.#isFree(files, folder)) return folder;
    const own = this.#folders.get(source);
    if (own !== undefined && this.#isFree(files, own)) return own;
    let folder: string;
    do folder = `${this.#nextFolder++}/`;
    while (!this.#isFree(files, folder));
    if (own === undefined) this.#folders.set(source, folder);
    return folder;
  }

  #isFree(files: Dependency['files'], folder: string): boolean {
    return files.every(({ identifier }) => {
      const taken = this.#nodesByName.get(folder + baseNameOf(identifier));
      return taken === undefined || taken.identifier === identifier;
    });
  }

  /** The name of a file in a folder; it gets one where it has none. A file that is called otherwise there keeps that name. */
  #nameIn(folder: string, identifier: string): string {
    const known = this.#names.get(identifier)?.find((name) => folderOf(name) === folder);
    if (known !== undefined) return known;
    const name = folder + baseNameOf(identifier);
    this.#add(name, identifier);
    return name;
  }

  #add(name: string, identifier: string): void {
    const node = this.#graph.nodes.get(identifier);
    if (node === undefined) return;
    this.#nodesByName.set(name, node);
    const names = this.#names.get(identifier);
    if (names === undefined) this.#names.set(identifier, [name]);
    else names.push(name);
  }
}

/** The path without `.` and `..`; undefined where it leaves the package. A folder keeps its separator. */
function within(path: string): string | undefined {
  const normal = normalizePath(path);
  if (normal === '..' || normal.startsWith('../')) return undefined;
  return path.endsWith('/') && normal !== '' ? `${normal}/` : normal;
}

/** From one file to another of the same package: `./tex.png`, `../0/tex.png`. */
function relativePath(from: string, to: string): string {
  const here = folderOf(from).split('/').slice(0, -1);
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  const up = here.length - shared;
  return `${up === 0 ? './' : '../'.repeat(up)}${there.slice(shared).join('/')}`;
}

function baseNameOf(path: string): string {
  return path.slice(folderOf(path).length);
}
