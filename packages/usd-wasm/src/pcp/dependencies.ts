/**
 * Which prim indexes have nodes at a site: what an edit of a layer concerns. Built when the first edit asks for it and
 * kept up to date from then on. Source: OpenUSD pcp/dependencies.cpp; composition.md section 17.
 *
 * The root nodes of the indexes are not recorded: their site is the path of the index in the root layer stack.
 */
import { parentPath, replacePrefix, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { LayerStack } from './layer-stack.ts';
import type { PrimIndex, PrimIndexNode } from './prim-index.ts';

/** One path of a layer stack: the indexes that have a node there, and the paths below that some index has. */
interface Site {
  readonly path: Path;
  /** Paths of indexes; most sites have one. */
  dependents: Path | Set<Path> | undefined;
  children: Map<Path, Site> | undefined;
}

export class Dependencies {
  readonly #stacks = new Map<LayerStack, Map<Path, Site>>();

  add(index: PrimIndex): void {
    this.#forEachSite(index, (stack, path) => {
      const site = this.#open(stack, path);
      const { dependents } = site;
      if (dependents === undefined) site.dependents = index.path;
      else if (typeof dependents !== 'string') dependents.add(index.path);
      else if (dependents !== index.path) site.dependents = new Set([dependents, index.path]);
    });
  }

  remove(index: PrimIndex): void {
    this.#forEachSite(index, (stack, path) => {
      const sites = this.#stacks.get(stack);
      const site = sites?.get(path);
      if (sites === undefined || site?.dependents === undefined) return;
      const { dependents } = site;
      if (typeof dependents === 'string') {
        if (dependents !== index.path) return;
        site.dependents = undefined;
      } else {
        dependents.delete(index.path);
        if (dependents.size > 0) return;
        site.dependents = undefined;
      }
      close(sites, site);
    });
  }

  /** Visits the indexes with a node at exactly a site. */
  forEachAt(stack: LayerStack, path: Path, visit: (index: Path) => void): void {
    for (const index of dependentsOf(this.#stacks.get(stack)?.get(path))) visit(index);
  }

  /** Visits the indexes with a node at a site or below it. `/` stands for all that use the stack. */
  forEachAtOrBelow(stack: LayerStack, path: Path, visit: (index: Path) => void): void {
    const start = this.#stacks.get(stack)?.get(path);
    if (start === undefined) return;
    const pending = [start];
    for (let site = pending.pop(); site !== undefined; site = pending.pop()) {
      for (const index of dependentsOf(site)) visit(index);
      if (site.children !== undefined) pending.push(...site.children.values());
    }
  }

  /**
   * Visits what a site is or would be in the namespace of each index that has a node above it: an index that has no node
   * for the site, because nothing was there, is found by its ancestor.
   */
  forEachBelowAncestor(stack: LayerStack, path: Path, visit: (index: Path) => void): void {
    const sites = this.#stacks.get(stack);
    if (sites === undefined) return;
    for (let ancestor = parentPath(path); ancestor !== ROOT_PATH; ancestor = parentPath(ancestor)) {
      const site = sites.get(ancestor);
      if (site?.dependents === undefined) continue;
      // a variant between the two that no index has a node for is not selected
      if (path.includes('{', ancestor.length)) continue;
      for (const index of dependentsOf(site)) visit(replacePrefix(path, ancestor, index));
    }
  }

  #forEachSite(index: PrimIndex, visit: (stack: LayerStack, path: Path) => void): void {
    const visitChildren = (node: PrimIndexNode): void => {
      for (const child of node.children) {
        visit(child.layerStack, child.path);
        visitChildren(child);
      }
    };
    visitChildren(index.root);
    for (const { layerStack, path } of index.culledSites) visit(layerStack, path);
  }

  #open(stack: LayerStack, path: Path): Site {
    let sites = this.#stacks.get(stack);
    if (sites === undefined) this.#stacks.set(stack, (sites = new Map()));
    const known = sites.get(path);
    if (known !== undefined) return known;
    const made: Site = { path, dependents: undefined, children: undefined };
    sites.set(path, made);
    for (let site = made; site.path !== ROOT_PATH;) {
      const parent = parentPath(site.path);
      const above = sites.get(parent);
      if (above !== undefined) {
        (above.children ??= new Map()).set(site.path, site);
        break;
      }
      const next: Site = { path: parent, dependents: undefined, children: new Map([[site.path, site]]) };
      sites.set(parent, next);
      site = next;
    }
    return made;
  }
}

/** Takes out a site without dependents or children, and those above that were only there for it. */
function close(sites: Map<Path, Site>, last: Site): void {
  let site = last;
  while (site.path !== ROOT_PATH && site.dependents === undefined && (site.children?.size ?? 0) === 0) {
    sites.delete(site.path);
    const above = sites.get(parentPath(site.path));
    above?.children?.delete(site.path);
    if (above === undefined) return;
    site = above;
  }
}

const NONE: readonly Path[] = [];

function dependentsOf(site: Site | undefined): Iterable<Path> {
  const dependents = site?.dependents;
  if (dependents === undefined) return NONE;
  return typeof dependents === 'string' ? [dependents] : dependents;
}
