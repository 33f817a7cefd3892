/** Everything that a stage says, as lines: two stages of the same layers must say the same. */
import type { Attribute, Path, Prim, Relationship, Stage, Value } from 'usd-wasm';

/** Times that values are asked for besides the default. */
const TIMES = [0, 7.5];
/** Instances within instances: seen through all of them there are many. */
const MAX_DEPTH = 10;

export function describeStage(stage: Stage): string[] {
  const lines = [`/ ${stage.upAxis} ${stage.timeCodesPerSecond} ${stage.metersPerUnit} ${stage.startTimeCode} ${stage.defaultPrim?.path}`];
  const visit = (prim: Prim, depth: number): void => {
    describePrim(stage, prim, lines);
    if (depth < MAX_DEPTH) for (const child of childrenOf(stage, prim)) visit(child, depth + 1);
  };
  for (const child of stage.pseudoRoot.allChildren) visit(child, 1);
  lines.push(`prototypes ${stage.prototypes.length}`);
  // what is wrong inside a prototype is said of the instance that it happens to be made from
  const isShared = stage.prototypes.length > 0;
  const problems = stage.problems.map(({ code, path, asset, message }) =>
    isShared ? `problem ${code} ${String(asset)}` : `problem ${code} ${String(path)} ${String(asset)} ${message}`,
  );
  lines.push(...new Set(problems.sort()));
  return lines;
}

function childrenOf(stage: Stage, prim: Prim): readonly Prim[] {
  const shared = prim.isInstance ? prim.prototype : undefined;
  if (shared === undefined) return prim.allChildren;
  return shared.allChildren.map((child) => {
    const proxy = stage.getPrimAtPath(`${prim.path}/${child.name}` as Path);
    if (proxy === undefined) throw new Error(`<${prim.path}/${child.name}> is not seen through its instance`);
    return proxy;
  });
}

function describePrim(stage: Stage, prim: Prim, lines: string[]): void {
  const flags = ['isActive', 'isDefined', 'isAbstract', 'isLoaded', 'isInstance', 'isInstanceProxy', 'isValid'] as const;
  lines.push(
    `${prim.path} ${prim.specifier} ${prim.typeName} ${flags.filter((flag) => prim[flag]).join(' ')} apis ${prim.appliedSchemas.join(' ')}`,
  );
  for (const { layer, path, layerOffset } of prim.index.primStack)
    lines.push(`  ${layer.identifier} ${path} ${layerOffset.offset} ${layerOffset.scale}`);
  const { index } = prim;
  for (const name of index.variantSetNames)
    lines.push(`  {${name}=${String(index.variantSelections.get(name))}} of ${index.variantNames(name).join(' ')}`);
  for (const name of ['kind', 'documentation', 'customData', 'active', 'instanceable']) {
    const value = prim.getMetadata(name);
    if (value !== undefined) lines.push(`  ${name} ${show(value)}`);
  }
  for (const name of prim.getPropertyNames()) {
    const attribute = prim.getAttribute(name);
    if (attribute?.isAuthored === true) lines.push(...describeAttribute(attribute));
    const relationship = prim.getRelationship(name);
    if (relationship?.isAuthored === true) lines.push(describeRelationship(stage, prim, relationship));
  }
}

function describeAttribute(attribute: Attribute): string[] {
  const { name, typeName, variability, valueSource, isCustom, sites } = attribute;
  const values = [undefined, ...TIMES].map((time) => show(attribute.getValue(time)));
  return [
    `  .${name} ${typeName} ${variability} ${valueSource} ${isCustom} ${sites.map(({ layer, path }) => `${layer.identifier}${path}`).join(' ')}`,
    `    ${values.join(' | ')} ${[...attribute.getTimeSamples()].join(' ')} -> ${attribute.getConnections().join(' ')}`,
  ];
}

function describeRelationship(stage: Stage, prim: Prim, relationship: Relationship): string {
  // prototypes are numbered in the order in which they were made
  const targets = relationship.getTargets().map((path) => path.replace(/^\/__Prototype_\d+/, '/__Prototype'));
  return `  .${relationship.name} rel ${targets.join(' ')} ${relationship.sites.length} ${stage === prim.stage}`;
}

function show(value: Value | undefined): string {
  if (value === undefined) return '-';
  return `${value.type} ${JSON.stringify(value.value, (_, part: unknown) =>
    part instanceof Map ? [...part] : typeof part === 'bigint' ? `${part}n` : ArrayBuffer.isView(part) ? [...(part as Float32Array)] : part,
  )}`;
}
