import { attributeType } from '../../sdf/value-type.ts';
import type { Rule } from '../rule.ts';

/** Of OpenUSD's validation framework, usdValidation/coreValidators.cpp. The older checker has no such rule: found, it is a warning. */
export const attributeTypeMismatch: Rule = {
  name: 'AttributeTypeMismatch',
  description: 'All opinions on an attribute must have the type that its schema, or the strongest of them, gives it.',
  *checkPrim(prim) {
    for (const name of prim.getAuthoredPropertyNames()) {
      const attribute = prim.getAttribute(name);
      if (attribute === undefined) continue;
      const { path, typeName } = attribute;
      for (const site of attribute.sites) {
        const authored = site.layer.fieldAs(site.path, 'typeName', 'token') ?? '';
        if ((attributeType(authored)?.name ?? authored) === typeName) continue;
        yield {
          severity: 'warning',
          message: `Type mismatch for attribute <${path}>. Expected attribute type is '${typeName}' but defined as '${authored}' in layer <${site.layer.identifier}>.`,
          path,
          asset: site.layer.identifier,
        };
      }
    }
  },
};
