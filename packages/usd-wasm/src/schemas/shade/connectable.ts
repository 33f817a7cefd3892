/** Shading networks: connections through node graphs, terminals. Source: OpenUSD usdShade/utils.cpp, usdShade/material.cpp; schemas.md 3.1-3.2. */
import { nameOf, primPathOf, type Path } from '../../sdf/path.ts';
import type { Attribute } from '../../usd/attribute.ts';
import type { Prim } from '../../usd/prim.ts';
import type { Value } from '../../vt/value.ts';
import { readText } from '../value-readers.ts';

/** What feeds a port: an output of a shader, or an attribute that holds the value. */
export type PortSource =
  | { readonly kind: 'output'; readonly shader: Prim; /** Without `outputs:`. */ readonly output: string }
  | { readonly kind: 'value'; readonly attribute: Attribute };

/** Chains of connections longer than this are not followed. */
const MAX_HOPS = 256;

/**
 * What feeds an input of a shader or material: through node graphs to the shader output or the authored value at the end.
 * Undefined: nothing is authored, the shader's own default counts.
 *
 * @param inputName without `inputs:`
 */
export function resolveInput(prim: Prim, inputName: string): PortSource | undefined {
  const attribute = prim.getAttribute(`inputs:${inputName}`);
  return attribute === undefined ? undefined : resolvePort(attribute);
}

/** Value of an input that is not fed by a shader; undefined where it is, or where none is authored. */
export function inputValue(prim: Prim, inputName: string, time?: number): Value | undefined {
  const source = resolveInput(prim, inputName);
  return source?.kind === 'value' ? source.attribute.getValue(time) : undefined;
}

/** What feeds a port; all its sources where several are connected. */
export function resolvePort(attribute: Attribute): PortSource | undefined {
  return resolve(attribute, new Set());
}

/** Every source of a port with several connections, in order. */
export function resolvePortSources(attribute: Attribute): PortSource[] {
  return attribute.getConnections().flatMap((path) => follow(attribute, path, new Set([attribute.path])) ?? []);
}

/**
 * The shader at the end of a material's surface terminal.
 *
 * @param renderContexts tried in order before the universal terminal, e.g. `['mtlx']`
 */
export function surfaceShader(
  material: Prim,
  renderContexts: readonly string[] = [],
): { readonly shader: Prim; readonly output: string; readonly renderContext: string } | undefined {
  return terminalShader(material, 'surface', renderContexts);
}

/** The shader at the end of a terminal: `surface`, `displacement` or `volume`. */
export function terminalShader(
  material: Prim,
  terminal: string,
  renderContexts: readonly string[] = [],
): { readonly shader: Prim; readonly output: string; readonly renderContext: string } | undefined {
  for (const renderContext of [...renderContexts, '']) {
    const attribute = material.getAttribute(renderContext === '' ? `outputs:${terminal}` : `outputs:${renderContext}:${terminal}`);
    const source = attribute === undefined ? undefined : resolvePort(attribute);
    if (source?.kind === 'output') return { shader: source.shader, output: source.output, renderContext };
  }
  return undefined;
}

/** `info:id` of a shader, or undefined where it is implemented by source code or an asset. */
export function shaderId(shader: Prim): string | undefined {
  const kind = readText(shader.getAttribute('info:implementationSource')?.getValue());
  return kind === 'sourceAsset' || kind === 'sourceCode' ? undefined : readText(shader.getAttribute('info:id')?.getValue());
}

/** Names of authored inputs, without `inputs:`. */
export function inputNames(prim: Prim): string[] {
  return prim.getPropertyNames().flatMap((name) => (name.startsWith('inputs:') ? [name.slice(7)] : []));
}

function resolve(attribute: Attribute, seen: Set<Path>): PortSource | undefined {
  if (seen.has(attribute.path) || seen.size > MAX_HOPS) return undefined;
  seen.add(attribute.path);
  for (const path of attribute.getConnections()) {
    const source = follow(attribute, path, seen);
    if (source !== undefined) return source;
  }
  return attribute.hasAuthoredValue ? { kind: 'value', attribute } : undefined;
}

function follow(from: Attribute, path: Path, seen: Set<Path>): PortSource | undefined {
  const prim = from.prim.stage.getPrimAtPath(primPathOf(path));
  const name = nameOf(path);
  if (prim === undefined) return undefined;
  const isOutput = name.startsWith('outputs:');
  if (!isOutput && !name.startsWith('inputs:')) return undefined;
  if (prim.isA('NodeGraph')) {
    const next = prim.getAttribute(name);
    return next === undefined ? undefined : resolve(next, seen);
  }
  return isOutput ? { kind: 'output', shader: prim, output: name.slice(8) } : undefined;
}
