/**
 * Composition as text, in the format of OpenUSD's composition tests (composition.md section 16): one section per prim,
 * depth first, with its prim stack, offsets, variant selections, names, property stacks and targets.
 */
import { isIdentityOffset, type LayerOffset } from '../sdf/layer-offset.ts';
import type { Layer } from '../sdf/layer.ts';
import { appendChild, appendProperty, ROOT_PATH, type Path } from '../sdf/path.ts';
import type { Cache } from './cache.ts';
import type { CompositionError } from './composition-error.ts';
import { compositionErrorText } from './error-text.ts';
import type { PrimIndexNode, SpecSite } from './prim-index.ts';

const RULE = '-'.repeat(72);

interface CompositionDump {
  /** Layer stack and prims. */
  readonly results: string;
  /** Errors by prim, in OpenUSD's words; '' when there are none. */
  readonly errors: string;
  readonly errorSections: readonly ErrorSection[];
}

export interface ErrorSection {
  /** Undefined: the root layer stack. */
  readonly path: Path | undefined;
  readonly errors: readonly CompositionError[];
}

/**
 * Composes everything below the pseudo-root and prints it.
 *
 * @param labelOf name of a layer in the results
 * @param nameOf name of a layer in errors, from its identifier; that itself by default
 */
export function dumpComposition(
  cache: Cache,
  labelOf: (layer: Layer) => string,
  nameOf: (identifier: string) => string = (identifier) => identifier,
): CompositionDump {
  const out: string[] = [RULE, 'Layer Stack:'];
  for (const { layer } of cache.layerStack.entries) out.push(`     ${labelOf(layer)}`);
  out.push('');
  const sections: ErrorSection[] = [];
  const seen = new Set<CompositionError>();
  if (cache.layerStack.errors.length > 0) sections.push({ path: undefined, errors: cache.layerStack.errors });
  const waiting: Path[] = [ROOT_PATH];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path !== ROOT_PATH) {
      // Errors of a referenced layer stack stand with the first prim that refers to it.
      const errors = dumpPrim(cache, path, labelOf, out).filter((error) => !seen.has(error));
      for (const { errors: stackErrors } of cache.layerStacks) for (const error of stackErrors) seen.add(error);
      if (errors.length > 0) sections.push({ path, errors });
    }
    const names = cache.primIndex(path).childNames;
    for (let i = names.length - 1; i >= 0; i--) waiting.push(appendChild(path, names[i] as string));
  }
  return { results: `${out.join('\n')}\n`, errors: sections.map((part) => errorText(part, nameOf)).join(''), errorSections: sections };
}

function dumpPrim(cache: Cache, path: Path, labelOf: (layer: Layer) => string, out: string[]): CompositionError[] {
  const index = cache.primIndex(path);
  const errors: CompositionError[] = [...index.errors];
  out.push(RULE, `Results for composing <${path}>`, '', 'Prim Stack:', ...stackLines(index.primStack, labelOf), '');
  section(out, 'Time Offsets:', offsetLines(index.root, labelOf));
  section(
    out,
    'Variant Selections:',
    [...index.variantSelections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([set, selection]) => `    {${set} = ${selection}}`),
  );
  section(out, 'Child names:', listLine(index.childNames));
  section(out, 'Prohibited child names:', listLine(index.prohibitedChildNames));
  section(out, 'Property names:', listLine(index.propertyNames));

  const stacks: string[] = [];
  const targets: string[] = [];
  const connections: string[] = [];
  const deleted: string[] = [];
  for (const name of index.propertyNames) {
    const stackErrors = cache.propertyIndex(appendProperty(path, name)).errors;
    errors.push(...stackErrors);
  }
  for (const name of index.propertyNames) errors.push(...targetErrors(cache, appendProperty(path, name)));
  for (const name of [...index.propertyNames].sort()) {
    const propertyPath = appendProperty(path, name);
    const stack = cache.propertyStack(propertyPath);
    const [strongest] = stack;
    if (strongest === undefined) continue;
    stacks.push(`${propertyPath}:`, ...stackLines(stack, labelOf));
    const isRelationship = strongest.layer.specType(strongest.path) === 'relationship';
    const composed = cache.targets(propertyPath, isRelationship ? 'targetPaths' : 'connectionPaths');
    if (composed.paths.length > 0)
      (isRelationship ? targets : connections).push(`${propertyPath}:`, ...composed.paths.map((target) => `    ${target}`));
    if (composed.deleted.length > 0) deleted.push(`${propertyPath}:`, ...composed.deleted.map((target) => `    ${target}`));
  }
  section(out, 'Property stacks:', stacks);
  section(out, 'Relationship targets:', targets);
  section(out, 'Attribute connections:', connections);
  section(out, 'Deleted target paths:', deleted);
  return errors;
}

/** Composing targets composes the property stack again, with its errors. */
function targetErrors(cache: Cache, propertyPath: Path): readonly CompositionError[] {
  const { stack, errors } = cache.propertyIndex(propertyPath);
  const [strongest] = stack;
  if (strongest === undefined) return errors;
  const field = strongest.layer.specType(strongest.path) === 'relationship' ? 'targetPaths' : 'connectionPaths';
  return [...errors, ...cache.targets(propertyPath, field).errors];
}

function section(out: string[], title: string, lines: readonly string[]): void {
  if (lines.length > 0) out.push(title, ...lines, '');
}

function stackLines(stack: readonly SpecSite[], labelOf: (layer: Layer) => string): string[] {
  return stack.map(({ layer, path }) => `    ${labelOf(layer).padEnd(20)} ${path}`);
}

function listLine(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`     [${names.map((name) => `'${name}'`).join(', ')}]`];
}

/** All nodes, when any node or layer has an offset. */
function offsetLines(root: PrimIndexNode, labelOf: (layer: Layer) => string): string[] {
  const nodes: PrimIndexNode[] = [];
  const collect = (node: PrimIndexNode): void => {
    if (node.isCulled) return;
    nodes.push(node);
    for (const child of node.children) collect(child);
  };
  collect(root);
  if (!nodes.some((node) => !isIdentityOffset(node.mapToParent.offset) || node.layerStack.hasOffsets)) return [];
  const lines: string[] = [];
  for (const node of nodes) {
    lines.push(
      `    ${labelOf(node.layerStack.rootLayer).padEnd(20)} ${node.path.padEnd(15)} ${node.arcType.padEnd(10)} ${offsetText(node.mapToRoot.offset)}`,
    );
    for (const { layer, offset } of node.layerStack.entries) {
      if (!isIdentityOffset(offset)) lines.push(`        ${labelOf(layer).padEnd(32)} ${'sublayer'.padEnd(10)} ${offsetText(offset)}`);
    }
  }
  return lines;
}

function offsetText(offset: LayerOffset): string {
  return `(offset=${offset.offset.toFixed(2)}, scale=${offset.scale.toFixed(2)})`;
}

function errorText({ path, errors }: ErrorSection, nameOf: (identifier: string) => string): string {
  const title = path === undefined ? 'Errors while computing Layer Stack' : `Errors while composing <${path}>`;
  return `${RULE}\n${title}\n\n${errors.map((error) => `${compositionErrorText(error, nameOf)}\n`).join('')}\n`;
}
