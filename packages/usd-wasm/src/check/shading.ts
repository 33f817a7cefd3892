/** What rules on shading ask of prims and attributes. */
import type { Attribute } from '../usd/attribute.ts';
import type { Prim } from '../usd/prim.ts';
import type { Value } from '../vt/value.ts';

/** Whether shading connections may begin or end at the prim: it is a Shader, NodeGraph, Material, light or light filter. */
export function isConnectable(prim: Prim): boolean {
  return prim.typeName !== '' && (prim.isA('Shader') || isConnectableContainer(prim));
}

/** Whether connectable prims may lie in it. */
export function isConnectableContainer(prim: Prim): boolean {
  return prim.typeName !== '' && (prim.isA('NodeGraph') || prim.isA('LightFilter') || prim.hasAPI('LightAPI'));
}

/** Shading inputs of a prim, authored or built-in. */
export function inputsOf(prim: Prim): Attribute[] {
  return prim.getPropertyNames().flatMap((name) => (name.startsWith('inputs:') ? (prim.getAttribute(name) ?? []) : []));
}

/** The first sample, or the default. */
export function earliestValue(attribute: Attribute): Value | undefined {
  return attribute.getValue(attribute.getTimeSamples()[0]);
}

/** Relationships that bind materials. */
export function isMaterialBinding(name: string): boolean {
  return name === 'material:binding' || name.startsWith('material:binding:');
}
