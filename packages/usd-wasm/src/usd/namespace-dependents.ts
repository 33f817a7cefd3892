/**
 * Prims that show an edited prim through arcs: by an ancestral arc they follow it, by an arc of their own the arc does.
 * Source: OpenUSD pcp/dependentNamespaceEditUtils.cpp.
 */
import { ancestorPath, type IndexNode } from '../pcp/index-node.ts';
import type { LayerStack } from '../pcp/layer-stack.ts';
import type { Layer } from '../sdf/layer.ts';
import { appendChild, hasPrefix, nameOf, parentPath, replacePrefix, stripVariants, type Path } from '../sdf/path.ts';
import type { PrimRecord } from './prim-record.ts';
import type { Stage } from './stage.ts';

export interface Dependents {
  /** Prims of the stage and where they go, `''` for nowhere. */
  readonly moved: ReadonlyMap<Path, Path | ''>;
  /** Sources of relocations whose prims stay where they were relocated to. */
  readonly relocatedSources: ReadonlyMap<Path, Path | ''>;
  readonly warnings: readonly string[];
}

/**
 * @param edited layers of the stage's layer stack in which specs or relocations change
 * @param newPath `''` deletes
 */
export function findDependents(stage: Stage, oldPath: Path, newPath: Path | '', edited: ReadonlySet<Layer>): Dependents {
  const finder = new DependentFinder(stage.cache.layerStack, oldPath, newPath, edited);
  const records: PrimRecord[] = [];
  const visit = (record: PrimRecord): void => {
    if (record.index.root.children.length > 0) records.push(record);
    record.children.forEach(visit);
  };
  visit(stage.pseudoRoot.record);
  for (const record of records) finder.find(record);
  for (const record of records) {
    finder.warnOfOtherOpinions(record);
    finder.warnOfNewPrims(record);
  }
  return finder;
}

class DependentFinder implements Dependents {
  readonly moved = new Map<Path, Path | ''>();
  readonly relocatedSources = new Map<Path, Path | ''>();
  readonly #warnings = new Set<string>();
  readonly #stack: LayerStack;
  readonly #oldPath: Path;
  readonly #newPath: Path | '';
  readonly #edited: ReadonlySet<Layer>;

  constructor(stack: LayerStack, oldPath: Path, newPath: Path | '', edited: ReadonlySet<Layer>) {
    this.#stack = stack;
    this.#oldPath = oldPath;
    this.#newPath = newPath;
    this.#edited = edited;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  find(record: PrimRecord): void {
    const visit = (node: IndexNode): void => {
      if (node.parent !== undefined && this.#isEdited(node)) {
        const path = stripVariants(node.path);
        if (!node.isDueToAncestor) {
          if (hasPrefix(path, this.#oldPath)) this.#checkArc(record, node);
        } else if (path === this.#oldPath && record.path !== this.#oldPath) this.#follow(record, node);
      }
      node.children.forEach(visit);
    };
    visit(record.index.root);
  }

  /** A prim that follows may show others too, which do not. */
  warnOfOtherOpinions(record: PrimRecord): void {
    if (!this.moved.has(record.path)) return;
    if (!this.#hasOtherOpinions(record.index.root, record.path)) return;
    this.#warnings.add(`<${record.path}> shows <${this.#oldPath}>, and opinions from elsewhere that stay at its path`);
    // What is still there is not to lose what layers say of it.
    if (this.#newPath === '') this.moved.delete(record.path);
  }

  #hasOtherOpinions(node: IndexNode, path: Path): boolean {
    return node.children.some((child) => {
      if (!child.isDueToAncestor) return false;
      if (!this.#isFollowing(child)) return someNode(child, (at) => at.contributes && !this.#isBelowFollowing(at, path));
      return stripVariants(child.path) === path && this.#hasOtherOpinions(child, path);
    });
  }

  #isFollowing(node: IndexNode): boolean {
    const path = stripVariants(node.path);
    return node.layerStack === this.#stack && (path === this.#oldPath || this.moved.has(path));
  }

  /** Comes by another prim that follows; variants of the prim itself are none. */
  #isBelowFollowing(node: IndexNode, path: Path): boolean {
    for (let at = node; at.parent !== undefined; at = at.parent) if (this.#isFollowing(at) && stripVariants(at.path) !== path) return true;
    return false;
  }

  /** What shows the parent of the edited prim shows it under its new name too, also where it showed nothing under the old one. */
  warnOfNewPrims(record: PrimRecord): void {
    const { oldPath, newPath } = { oldPath: this.#oldPath, newPath: this.#newPath };
    if (newPath === '' || parentPath(oldPath) !== parentPath(newPath)) return;
    const child = appendChild(record.path, nameOf(oldPath));
    if (child === oldPath || this.moved.has(child) || this.relocatedSources.has(child)) return;
    if (someNode(record.index.root, (node) => node.contributes && this.#isEdited(node) && stripVariants(node.path) === parentPath(oldPath)))
      this.#warnings.add(`<${record.path}> will have a child <${nameOf(newPath)}> that it did not have`);
  }

  /** From a node up to the prim: each arc on the way maps the old path and the new one. */
  #follow(record: PrimRecord, start: IndexNode): void {
    let from = this.#oldPath;
    let to = this.#newPath;
    let node = start;
    for (let { parent } = start; parent !== undefined; parent = node.parent) {
      if (node.arcType === 'relocate') {
        if (node.layerStack === this.#stack) this.relocatedSources.set(from, to);
        else
          this.#warnings.add(
            `<${record.path}> was relocated from <${from}> in @${node.layerStack.rootLayer.identifier}@, which stays as it is`,
          );
        return;
      }
      if (!node.isDueToAncestor) {
        // The arc names the path; that it can be changed there, its own check tells.
        if (node !== start && node.layerStack !== this.#stack) this.#warnAcross(record, node);
        return;
      }
      const [below, above] = [
        stripVariants(node.pathAtIntroduction),
        stripVariants(ancestorPath(parent.path, node.depthBelowIntroduction)),
      ];
      // By the arc alone: relocations that its map has too are those of other prims.
      const mappedFrom = replacePrefix(from, below, above);
      const mappedTo = to === '' ? '' : hasPrefix(to, below) ? replacePrefix(to, below, above) : undefined;
      if (mappedFrom !== stripVariants(parent.path)) return;
      if (mappedTo === undefined) {
        this.#warnings.add(`<${record.path}> shows <${this.#oldPath}>, and cannot follow it out of the prim that the arc leads to`);
        return;
      }
      from = mappedFrom;
      to = mappedTo;
      if (parent.layerStack !== this.#stack && parent.hasSpecs) this.#warnAcross(record, parent);
      node = parent;
    }
    const known = this.moved.get(record.path);
    if (known === undefined) this.moved.set(record.path, to);
    else if (known !== to) this.#warnings.add(`<${record.path}> shows <${this.#oldPath}> in more than one way`);
  }

  /** An arc of a prim's own, that leads to the edited prim or one below it, where that cannot be changed. */
  #checkArc(record: PrimRecord, node: IndexNode): void {
    if (node.arcType === 'relocate' || node.arcType === 'variant') return;
    const authored = node.originRoot;
    if (authored.parent === undefined) return;
    if (authored.parent.layerStack !== this.#stack) this.#warnAcross(record, authored.parent);
    else if (!hasPrefix(stripVariants(authored.path), this.#oldPath) && someNode(node, (at) => at.contributes))
      this.#warnings.add(`<${record.path}> shows <${this.#oldPath}> because of its arc to <${authored.path}>, which stays as it is`);
  }

  #warnAcross(record: PrimRecord, node: IndexNode): void {
    this.#warnings.add(
      `<${record.path}> shows <${this.#oldPath}> by what @${node.layerStack.rootLayer.identifier}@ says of <${node.path}>, which stays as it is`,
    );
  }

  #isEdited({ layerStack }: IndexNode): boolean {
    return layerStack === this.#stack || layerStack.layers.some((layer) => this.#edited.has(layer));
  }
}

/** The arc leads to the same place whatever the prim is called: it is an ancestor's, or follows from one of an ancestor. */
export function isAncestral(node: IndexNode): boolean {
  if (node.isDueToAncestor) return true;
  if (node.origin === node.parent) return false;
  for (let at = node.originRoot.parent; at !== undefined; at = at.parent) if (at.isDueToAncestor) return true;
  return false;
}

export function someNode(node: IndexNode, test: (node: IndexNode) => boolean): boolean {
  return test(node) || node.children.some((child) => someNode(child, test));
}
