import { isPropertyPath, type Path } from '../../sdf/path.ts';
import { parseCollectionPath } from '../../schemas/collection.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Relationship } from '../../usd/relationship.ts';
import type { Finding, Rule } from '../rule.ts';
import { isMaterialBinding } from '../shading.ts';

/** Of OpenUSD's validation framework, usdShadeValidators/validators.cpp; the older checker looks at targets for ARKit only. */
export const materialBindingCollection: Rule = {
  name: 'MaterialBindingCollectionValidator',
  description: 'Material bindings must target a material, those of collections a collection and a material.',
  *checkPrim(prim) {
    if (!prim.hasAPI('MaterialBindingAPI')) return;
    for (const relationship of materialBindings(prim)) {
      const { path } = relationship;
      const targets = relationship.getTargets();
      if (targets.length === 0 || targets.length > 2)
        // Blocking a weaker binding leaves none, which is no fault.
        yield {
          severity: targets.length === 0 ? 'warning' : 'failure',
          message: `Invalid number of targets on material binding <${path}>`,
          path,
        };
      else if (targets.length === 1 && isCollectionBinding(relationship.name))
        yield {
          message: `Collection-based material binding on <${prim.path}> has 1 target <${targets[0]}>, needs 2: a collection path and a UsdShadeMaterial path.`,
          path,
        };
      else yield* checkTargets(relationship, targets);
    }
  },
};

/** Relationships of a prim that bind materials. */
export function materialBindings(prim: Prim): Relationship[] {
  const names = prim.getAuthoredPropertyNames().filter(isMaterialBinding).sort();
  return names.flatMap((name) => prim.getRelationship(name) ?? []);
}

/** A direct binding has one target, a binding of a collection two. */
export function* checkTargets(relationship: Relationship, targets: readonly Path[]): Generator<Finding> {
  const { path, prim } = relationship;
  const { stage } = prim;
  const isCollection = targets.length === 2;
  const material = isCollection ? targets.find((target) => !isPropertyPath(target)) : targets[0];
  const kind = isCollection ? 'Collection-based' : 'Direct';
  if (material === undefined || stage.getPrimAtPath(material)?.isA('Material') !== true)
    yield { message: `${kind} material binding <${path}> targets an invalid material <${material ?? ''}>.`, path };
  if (!isCollection) return;
  const target = targets.find(isPropertyPath);
  const collection = target === undefined ? undefined : parseCollectionPath(target);
  if (collection === undefined || stage.getPrimAtPath(collection[0])?.hasAPI(`CollectionAPI:${collection[1]}`) !== true)
    yield { message: `Collection-based material binding <${path}> targets an invalid collection <${target ?? ''}>.`, path };
}

function isCollectionBinding(name: string): boolean {
  return name === 'material:binding:collection' || name.startsWith('material:binding:collection:');
}
