import { primDefinition } from '../../usd/schema-registry.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Rule } from '../rule.ts';

export const skelBindingAPIApplied: Rule = {
  name: 'SkelBindingAPIAppliedChecker',
  description: 'A prim providing skelBinding properties, must have SkelBindingAPI applied on the prim.',
  *checkPrim(prim) {
    const { path } = prim;
    if (!prim.hasAPI('SkelBindingAPI')) {
      const found = [...primDefinition('', ['SkelBindingAPI']).properties.keys()].find((name) => prim.hasAuthoredProperty(name));
      if (found !== undefined)
        yield { message: `Found a UsdSkelBinding property (${found}) , but no SkelBindingAPI applied on the prim <${path}>.`, path };
      return;
    }
    for (let at: Prim | undefined = prim; at !== undefined; at = at.parent) if (at.typeName === 'SkelRoot') return;
    yield {
      message:
        'UsdSkelBindingAPI applied on a prim, which is not of type SkelRoot or is not rooted at a prim of type SkelRoot, as required by the UsdSkel schema.',
      path,
    };
  },
};
