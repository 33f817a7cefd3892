import type { Prim } from '../../usd/prim.ts';
import type { Rule } from '../rule.ts';
import { isConnectable, isConnectableContainer } from '../shading.ts';

export const primEncapsulation: Rule = {
  name: 'PrimEncapsulationChecker',
  description: `Check for basic prim encapsulation rules:
   - Boundables may not be nested under Gprims
   - Connectable prims (e.g. Shader, Material, etc) can only be nested 
     inside other Container-like Connectable prims. Container-like prims
     include Material, NodeGraph, Light, LightFilter, and *exclude Shader*`,
  *checkPrim(prim) {
    const { parent, path } = prim;
    if (parent === undefined) return;
    if (prim.isA('Boundable') && nearest(parent, (ancestor) => ancestor.isA('Gprim')) !== undefined)
      yield { message: `Gprim <${path}> has an ancestor prim that is also a Gprim, which is not allowed.`, path };
    // Lights are connectable too, but may lie anywhere.
    if (!prim.isA('Shader') && !prim.isA('NodeGraph')) return;
    if (isConnectableContainer(parent)) return;
    if (isConnectable(parent)) {
      yield { message: `Connectable ${prim.typeName} <${path}> cannot reside under a non-Container Connectable ${parent.typeName}`, path };
      return;
    }
    const ancestor = nearest(parent, isConnectable);
    if (ancestor !== undefined)
      yield {
        message: `Connectable ${prim.typeName} <${path}> can only have Connectable Container ancestors up to ${ancestor.typeName} ancestor <${ancestor.path}>, but its parent ${parent.name} is a ${parent.typeName}.`,
        path,
      };
  },
};

function nearest(prim: Prim, isMeant: (prim: Prim) => boolean): Prim | undefined {
  for (let at: Prim | undefined = prim; at !== undefined; at = at.parent) if (isMeant(at)) return at;
  return undefined;
}
