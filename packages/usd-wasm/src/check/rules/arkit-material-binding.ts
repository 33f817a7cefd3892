import type { Rule } from '../rule.ts';
import { checkTargets, materialBindings } from './material-binding-collection.ts';

export const arkitMaterialBinding: Rule = {
  name: 'ARKitMaterialBindingChecker',
  description: 'All material binding relationships must have valid targets.',
  *checkPrim(prim) {
    for (const relationship of materialBindings(prim)) {
      const targets = relationship.getTargets();
      if (targets.length === 1 || targets.length === 2) yield* checkTargets(relationship, targets);
    }
  },
};
