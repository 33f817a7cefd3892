/**
 * What a namespace edit comes to: the specs that move, and the fields that change with them. Planning edits nothing.
 * Source: OpenUSD usd/namespaceEditor.cpp, pcp/dependentNamespaceEditUtils.cpp.
 */
import type { IndexNode } from '../pcp/index-node.ts';
import type { LayerStack } from '../pcp/layer-stack.ts';
import { RelocatesEdit } from '../pcp/relocates-edit.ts';
import type { Layer } from '../sdf/layer.ts';
import {
  appendChild,
  appendProperty,
  hasPrefix,
  isPropertyPath,
  nameOf,
  parentPath,
  primPathOf,
  ROOT_PATH,
  stripVariants,
  variantOf,
  type Path,
} from '../sdf/path.ts';
import { makeValue, type Value } from '../vt/value.ts';
import { findDependents, isAncestral, someNode } from './namespace-dependents.ts';
import { planFixups, warnOfTargetsAcrossArcs } from './namespace-fixups.ts';
import type { Prim } from './prim.ts';
import type { Stage } from './stage.ts';

export interface SpecMove {
  readonly layer: Layer;
  readonly from: Path;
  /** `''` removes the spec. */
  readonly to: Path | '';
}

export interface FieldEdit {
  readonly layer: Layer;
  readonly path: Path;
  readonly name: string;
  readonly value: Value | undefined;
}

/** Objects of the stage's own namespace and where they go; `''` for those that are deleted. */
export type MovedPaths = ReadonlyMap<Path, Path | ''>;

export interface NamespacePlan {
  /** Why the edit cannot be made. */
  readonly errors: readonly string[];
  /** What will not follow. */
  readonly warnings: readonly string[];
  readonly moves: readonly SpecMove[];
  /** By the paths that specs have before they move. */
  readonly fields: readonly FieldEdit[];
  /** The edited object, and prims of the stage that follow it. */
  readonly moved: MovedPaths;
}

/** @param newPath `''` deletes */
export function planNamespaceEdit(stage: Stage, oldPath: Path, newPath: Path | '', allowsRelocates: boolean): NamespacePlan {
  const planner = new NamespacePlanner(stage, oldPath, newPath, allowsRelocates);
  planner.run();
  return planner;
}

/** Makes the edits of a plan without errors. */
export function applyPlan({ moves, fields }: NamespacePlan): void {
  for (const { layer, path, name, value } of fields) layer.setField(path, name, value);
  // What is below comes first: its path changes with what is above.
  for (const { layer, from, to } of moves.toSorted((a, b) => b.from.length - a.from.length)) {
    if (to === '') {
      layer.removeSpec(from);
      continue;
    }
    const [oldParent, newParent] = [parentPath(from), parentPath(to)];
    if (newParent !== ROOT_PATH && !layer.hasSpec(newParent)) layer.createPrimSpec(newParent);
    layer.moveSpec(from, to);
    if (oldParent !== newParent) removeInertOvers(layer, oldParent);
  }
}

class NamespacePlanner implements NamespacePlan {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly moves: SpecMove[] = [];
  readonly fields: FieldEdit[] = [];
  readonly moved = new Map<Path, Path | ''>();
  readonly #stage: Stage;
  readonly #stack: LayerStack;
  readonly #oldPath: Path;
  readonly #newPath: Path | '';
  readonly #allowsRelocates: boolean;
  readonly #isProperty: boolean;

  constructor(stage: Stage, oldPath: Path, newPath: Path | '', allowsRelocates: boolean) {
    this.#stage = stage;
    this.#stack = stage.cache.layerStack;
    this.#oldPath = oldPath;
    this.#newPath = newPath;
    this.#allowsRelocates = allowsRelocates;
    this.#isProperty = isPropertyPath(oldPath);
  }

  run(): void {
    const prim = this.#primToEdit();
    if (prim === undefined) return;
    this.#checkNewPath();
    this.#checkEditTarget();
    if (this.errors.length > 0) return;
    const willRelocate = this.#isProperty ? this.#checkPropertyArcs(prim) : this.#needsRelocates(prim);
    if (willRelocate && !this.#allowsRelocates)
      this.errors.push('opinions on the prim come across arcs: it could only be relocated, which is not allowed');
    this.#planMoves();
    if (this.errors.length > 0) return;
    this.moved.set(this.#oldPath, this.#newPath);
    if (!this.#isProperty) this.#planPrim(prim, willRelocate);
    if (this.errors.length > 0) return;
    const fixups = planFixups(this.#stage, this.moved, this.moves);
    this.fields.push(...fixups.fields);
    this.warnings.push(...fixups.warnings);
    if (!willRelocate) warnOfTargetsAcrossArcs(this.#stage, this.#oldPath, this.warnings);
  }

  /** Relocations, and what shows the prim. */
  #planPrim(prim: Prim, willRelocate: boolean): void {
    const relocates = new RelocatesEdit(this.#stack);
    if (willRelocate) {
      const reason = relocates.relocate(this.#stage.editTarget.layer as Layer, this.#oldPath, this.#newPath);
      if (reason !== undefined) this.errors.push(reason);
      this.#warnOfStrength(prim);
    } else relocates.update(this.#oldPath, this.#newPath);
    const edited = new Set([...this.moves.map(({ layer }) => layer), ...relocates.edits.keys()]);
    const dependents = findDependents(this.#stage, this.#oldPath, this.#newPath, edited);
    this.warnings.push(...dependents.warnings);
    for (const [from, to] of dependents.relocatedSources) relocates.update(from, to);
    for (const [from, to] of dependents.moved) {
      relocates.update(from, to);
      this.moved.set(from, to);
      this.#planDependentMoves(from, to);
    }
    for (const [layer, pairs] of relocates.edits) {
      if (!layer.permissionToEdit) this.errors.push(`layer @${layer.identifier}@ has relocations that must change, and may not be edited`);
      const value = pairs.length === 0 ? undefined : makeValue('relocates', pairs);
      this.fields.push({ layer, path: ROOT_PATH, name: 'layerRelocates', value });
    }
  }

  #primToEdit(): Prim | undefined {
    const prim = this.#stage.getPrimAtPath(primPathOf(this.#oldPath));
    const what = this.#isProperty ? 'property' : 'prim';
    if (prim === undefined || (this.#isProperty && !hasProperty(prim, nameOf(this.#oldPath))))
      this.errors.push(`there is no ${what} at <${this.#oldPath}>`);
    else if (prim.isPrototype || prim.isInPrototype) this.errors.push(`the ${what} belongs to a prototype`);
    else if (prim.isInstanceProxy) this.errors.push(`the ${what} is shared by instances`);
    else if (this.#isProperty && prim.schemaProperty(nameOf(this.#oldPath)) !== undefined)
      this.errors.push('the property is built into the type of its prim');
    return this.errors.length > 0 ? undefined : prim;
  }

  #checkNewPath(): void {
    const [oldPath, newPath] = [this.#oldPath, this.#newPath];
    if (newPath === '') return;
    const stage = this.#stage;
    const owner = stage.getPrimAtPath(primPathOf(newPath));
    if (this.#isProperty ? owner !== undefined && hasProperty(owner, nameOf(newPath)) : owner !== undefined) {
      this.errors.push(`there is an object at <${newPath}> already`);
      return;
    }
    const parent = stage.getPrimAtPath(parentPath(newPath));
    if (parent === undefined) this.errors.push(`there is no prim at <${parentPath(newPath)}>`);
    else if (parent.isPrototype || parent.isInPrototype) this.errors.push('the new parent belongs to a prototype');
    else if (parent.isInstanceProxy) this.errors.push('the new parent is shared by instances');
    else if (this.#isProperty) return;
    else if (parent.isInstance) this.errors.push('the new parent is an instance, whose children come from its prototype alone');
    else if (hasPrefix(parent.path, oldPath)) this.errors.push('the new parent is the prim itself, or below it');
    else if (parent.index.prohibitedChildNames.includes(nameOf(newPath)) && this.#stack.relocates?.incremental.get(newPath) !== oldPath)
      this.errors.push(`the prim at <${newPath}> was relocated, and nothing else may take its place`);
  }

  #checkEditTarget(): void {
    const { layer, mapping } = this.#stage.editTarget;
    if (!mapping.isPathIdentity) this.errors.push('the edit target leads across an arc, where namespace cannot be edited');
    else if (layer === undefined || !this.#stack.layers.includes(layer))
      this.errors.push("the edit target is not in the stage's own layer stack");
  }

  /** Opinions that stay mapped to the old path whatever the layers of the stack do. */
  #needsRelocates(prim: Prim): boolean {
    if (this.#stack.relocates?.incrementalSources.has(this.#oldPath) === true) return true;
    return prim.index.root.children.some((child) => isAncestral(child) && someNode(child, (node) => node.hasSpecs && !node.isInert));
  }

  /** Properties are not relocated. */
  #checkPropertyArcs(prim: Prim): false {
    const name = nameOf(this.#oldPath);
    const isAcross = prim.index.root.children.some((child) =>
      someNode(child, (node) => node.hasSpecs && !node.isInert && node.layerStack.hasSpec(appendProperty(node.path, name))),
    );
    if (isAcross) this.errors.push('opinions on the property come across arcs: it could only be relocated, which properties cannot be');
    return false;
  }

  #planMoves(): void {
    const [oldPath, newPath] = [this.#oldPath, this.#newPath];
    // A layer may be in the stack more than once.
    for (const layer of new Set(this.#stack.layers)) {
      if (!layer.hasSpec(oldPath)) continue;
      if (!layer.permissionToEdit) this.errors.push(`layer @${layer.identifier}@ has opinions and may not be edited`);
      if (newPath !== '' && layer.hasSpec(newPath)) this.errors.push(`layer @${layer.identifier}@ has a spec at <${newPath}> already`);
      this.moves.push({ layer, from: oldPath, to: newPath });
    }
  }

  /** A relocation brings opinions in that are stronger than those of references, and leaves those of variants behind. */
  #warnOfStrength(prim: Prim): void {
    const { children } = prim.index.root;
    const contributes = (child: IndexNode): boolean => someNode(child, (node) => node.contributes);
    const isTarget = this.#stack.relocates?.incrementalSources.has(this.#oldPath) === true;
    if (isTarget) {
      for (const child of children)
        if (child.arcType === 'variant' && child.isDueToAncestor && contributes(child))
          this.warnings.push(`opinions in the variant <${child.path}> stay there`);
    }
    if (this.#newPath === '') return;
    if (
      !isTarget &&
      children.some(
        (child) => !child.isDueToAncestor && (child.arcType === 'reference' || child.arcType === 'payload') && contributes(child),
      )
    )
      this.warnings.push(`what references and payloads of <${this.#oldPath}> say becomes weaker than what is relocated`);
    if (children.some((child) => child.arcType === 'specialize' && !child.isDueToAncestor && isAncestral(child) && contributes(child)))
      this.warnings.push(`what <${this.#oldPath}> specializes across an arc is another prim once it is relocated`);
    for (const child of children) {
      const [set = ''] = child.isDueToAncestor ? [] : (variantOf(child.path) ?? []);
      const isSelectedAcross = (node: IndexNode): boolean =>
        node.isDueToAncestor &&
        node.layerStack.layers.some((layer) => layer.fieldAs(node.path, 'variantSelection', 'variantSelectionMap')?.has(set) === true);
      if (set !== '' && someNode(prim.index.root, isSelectedAcross))
        this.warnings.push(`a selection of the variant set "${set}" comes across the relocation, and no longer counts`);
    }
  }

  /** Specs at the prim's own sites: its path, and the same in variants of those above it. */
  #planDependentMoves(path: Path, target: Path | ''): void {
    const { root } = this.#stage.cache.primIndex(path);
    forEachNode(root, (at) => {
      if (at.layerStack !== this.#stack || stripVariants(at.path) !== path) return;
      const to = target === '' ? '' : siteAt(at.path, path, target);
      if (to === undefined) this.warnings.push(`opinions in the variant <${at.path}> cannot follow to <${target}>`);
      else for (const layer of new Set(this.#stack.layers)) this.#planDependentMove(layer, at.path, to);
    });
  }

  #planDependentMove(layer: Layer, from: Path, to: Path | ''): void {
    if (!layer.hasSpec(from) || this.moves.some((move) => move.layer === layer && move.from === from)) return;
    if (!layer.permissionToEdit) this.warnings.push(`layer @${layer.identifier}@ may not be edited: its opinions stay at <${from}>`);
    else if (to !== '' && (layer.hasSpec(to) || this.moves.some((move) => move.layer === layer && move.to === to)))
      this.warnings.push(`layer @${layer.identifier}@ has a spec at <${to}> already: its opinions stay at <${from}>`);
    else this.moves.push({ layer, from, to });
  }
}

/** Where a site with variant selections goes when its prim moves: its last name may change, its parent may not. */
function siteAt(site: Path, oldPath: Path, newPath: Path): Path | undefined {
  if (site === oldPath) return newPath;
  return parentPath(oldPath) === parentPath(newPath) && !site.endsWith('}') ? appendChild(parentPath(site), nameOf(newPath)) : undefined;
}

function hasProperty(prim: Prim, name: string): boolean {
  return (prim.getAttribute(name) ?? prim.getRelationship(name)) !== undefined;
}

function forEachNode(node: IndexNode, visit: (node: IndexNode) => void): void {
  visit(node);
  for (const child of node.children) forEachNode(child, visit);
}

/** `over`s that nothing is left of since a spec was moved away. */
function removeInertOvers(layer: Layer, start: Path): void {
  for (let path = start; path !== ROOT_PATH; path = parentPath(path)) {
    if (layer.specType(path) !== 'prim' || layer.fieldAs(path, 'specifier', 'specifier') !== 'over') return;
    const isInert = layer.data.fieldNames(path).every((name) => {
      if (name === 'specifier') return true;
      const value = layer.field(path, name);
      return value?.type === 'tokenVector' && value.value.length === 0;
    });
    if (!isInert) return;
    layer.removeSpec(path);
  }
}
