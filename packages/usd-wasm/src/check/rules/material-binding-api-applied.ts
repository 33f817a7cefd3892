import type { Rule } from '../rule.ts';
import { isMaterialBinding } from '../shading.ts';

export const materialBindingAPIApplied: Rule = {
  name: 'MaterialBindingAPIAppliedChecker',
  description: 'A prim providing a material binding, must have MaterialBindingAPI applied on the prim.',
  *checkPrim(prim) {
    if (prim.hasAPI('MaterialBindingAPI')) return;
    const { path } = prim;
    if (prim.getAuthoredPropertyNames().some((name) => isMaterialBinding(name) && prim.getRelationship(name) !== undefined))
      yield { message: `Found material bindings but no MaterialBindingAPI applied on the prim <${path}>.`, path };
  },
};
