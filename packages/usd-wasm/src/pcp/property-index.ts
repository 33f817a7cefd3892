/**
 * Composed properties: spec stacks, targets and connections. Source: composition.md section 7.
 */
import { applyListOp, type ListOp } from '../sdf/list-op.ts';
import { appendProperty, hasPrefix, primPathOf, stripVariants, type Path } from '../sdf/path.ts';
import type { CompositionError } from './composition-error.ts';
import { ancestorPath, ARC, type IndexNode } from './index-node.ts';
import type { PrimIndex, SpecSite } from './prim-index.ts';

/** Specs of one property, strongest first, all attributes or all relationships as the strongest is. */
export function composePropertyStack(index: PrimIndex, name: string, errors: CompositionError[]): readonly SpecSite[] {
  const stack = index.propertySpecs(name);
  const [strongest] = stack;
  if (strongest === undefined) return stack;
  const kind = strongest.layer.specType(strongest.path);
  if (stack.every(({ layer, path }) => layer.specType(path) === kind)) return stack;
  return stack.filter(({ layer, path }) => {
    const conflictingType = layer.specType(path);
    if (conflictingType === kind) return true;
    errors.push({
      kind: 'InconsistentPropertyType',
      property: appendProperty(index.path, name),
      defining: { layer: strongest.layer.identifier, path: strongest.path },
      definingType: kind ?? '',
      conflicting: { layer: layer.identifier, path },
      conflictingType: conflictingType ?? '',
    });
    return false;
  });
}

export interface ComposedTargets {
  /** In the namespace of the composed prim, strongest order, without variant selections. */
  readonly paths: readonly Path[];
  /** Targets that opinions delete. */
  readonly deleted: readonly Path[];
  readonly errors: readonly CompositionError[];
}

type TargetError = CompositionError & { readonly kind: 'InvalidExternalTargetPath' | 'InvalidInstanceTargetPath' };

/**
 * Composes targets or connections over a property stack.
 *
 * @param indexOf the index of another prim, to find out whether it is an instance of a class
 */
export function composeTargets(
  stack: readonly SpecSite[],
  field: 'targetPaths' | 'connectionPaths',
  indexOf: (path: Path) => PrimIndex,
): ComposedTargets {
  let paths: readonly Path[] = [];
  let deleted: Path[] = [];
  let errors: { readonly composed: Path | undefined; readonly error: TargetError }[] = [];
  for (let i = stack.length - 1; i >= 0; i--) {
    const site = stack[i] as SpecSite;
    const op = site.layer.fieldAs(site.path, field, 'pathListOp');
    if (op === undefined) continue;
    if (op.isExplicit) {
      deleted = [];
      errors = [];
    }
    const translate = (items: readonly Path[]): Path[] => {
      const translated: Path[] = [];
      for (const item of items) {
        const composed = toRoot(site, item);
        if (composed === '') continue;
        const error = composed === undefined ? externalTarget(site, item, field) : instanceTarget(site, item, composed, field, indexOf);
        if (error !== undefined) errors.push({ composed, error });
        else if (composed !== undefined) translated.push(composed);
      }
      return translated;
    };
    const deletedItems: Path[] = [];
    if (!op.isExplicit) {
      for (const item of op.deletedItems) {
        const composed = toRoot(site, item);
        if (composed === undefined || composed === '') continue;
        deletedItems.push(composed);
        errors = errors.filter((entry) => entry.composed !== composed);
      }
      deleted.push(...deletedItems);
    }
    const mapped: ListOp<Path> = {
      isExplicit: op.isExplicit,
      explicitItems: op.isExplicit ? translate(op.explicitItems) : [],
      deletedItems,
      addedItems: translate(op.addedItems),
      prependedItems: translate(op.prependedItems),
      appendedItems: translate(op.appendedItems),
      orderedItems: op.orderedItems.map((item) => toRoot(site, item)).filter((path): path is Path => path !== undefined && path !== ''),
    };
    paths = applyListOp(mapped, paths, identity);
  }
  return { paths, deleted, errors: errors.map(({ error }) => error) };
}

const identity = (path: Path): Path => path;

/** A target path in the root's namespace; '' when relocated to nothing, undefined when outside of what the arcs map. */
function toRoot(site: SpecSite, target: Path): Path | '' | undefined {
  return site.node.mapToRoot.mapToTarget(target);
}

function externalTarget(site: SpecSite, target: Path, field: string): TargetError {
  const node = site.node as IndexNode;
  return {
    kind: 'InvalidExternalTargetPath',
    target,
    property: site.path,
    layer: site.layer.identifier,
    isConnection: field === 'connectionPaths',
    arcType: node.arcType,
    introducedAt: node.parent === undefined ? node.path : ancestorPath(node.parent.path, node.depthBelowIntroduction),
  };
}

/** A class may not point at its own instances: that could not be mapped back. */
function instanceTarget(
  site: SpecSite,
  target: Path,
  composed: Path,
  field: string,
  indexOf: (path: Path) => PrimIndex,
): TargetError | undefined {
  const node = site.node as IndexNode;
  if (node.arc !== ARC.inherit) return undefined;
  // Targets name no variants, also those of a class inside of one.
  const classPath = stripVariants(node.pathAtIntroduction);
  if (hasPrefix(target, classPath)) return undefined;
  const isInstance = someNode(
    indexOf(primPathOf(composed)).root,
    (n) => n.arc === ARC.inherit && n.layerStack === node.layerStack && hasPrefix(stripVariants(n.path), classPath),
  );
  if (!isInstance) return undefined;
  return {
    kind: 'InvalidInstanceTargetPath',
    target,
    property: site.path,
    layer: site.layer.identifier,
    isConnection: field === 'connectionPaths',
  };
}

function someNode(node: IndexNode, test: (node: IndexNode) => boolean): boolean {
  return test(node) || node.children.some((child) => someNode(child, test));
}
