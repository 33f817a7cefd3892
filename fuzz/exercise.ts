/**
 * Takes one input all the way: reads it, decodes everything, opens a stage on it, asks for every value, and writes what came of it.
 * The file stands among companions that it may refer to, itself included.
 */
import {
  cameraFacts,
  collectionQuery,
  computeBoundMaterial,
  computeExtent,
  flattenPrimvar,
  flattenStage,
  LimitError,
  lightFacts,
  listPrimvars,
  listSubsets,
  localTransform,
  MemoryResolver,
  parseUsda,
  pointInstances,
  ProblemList,
  readLayer,
  ResolveError,
  skelBinding,
  Stage,
  subsetIndices,
  surfaceShader,
  UnknownFormatError,
  UsdaParseError,
  UsdcReadError,
  UsdzError,
  worldBounds,
  worldTransform,
  writeUsda,
  writeUsdc,
  type Attribute,
  type FileFormat,
  type LayerData,
  type Prim,
  type Value,
} from 'usd-wasm';
import { COMPANIONS } from './seed-layers.ts';

/** What became of an input. Anything but `finding` is right. */
export type Outcome =
  | { readonly kind: 'stage' }
  | { readonly kind: 'problems' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'finding'; readonly signature: string; readonly detail: string };

const TYPED_ERRORS: readonly (abstract new (...args: never[]) => Error)[] = [
  UsdaParseError,
  UsdcReadError,
  UsdzError,
  UnknownFormatError,
  ResolveError,
  LimitError,
];
const TIME = 1.5;
/** What a page could set that shows files of strangers: everything is asked of every prim here. */
const LIMITS = { prims: 10_000 };
const QUIET = { report: () => {} };

export async function exercise(bytes: Uint8Array, format: FileFormat): Promise<Outcome> {
  const step: Step = { name: 'read' };
  const root = `root.${format}`;
  try {
    const problems = new ProblemList();
    const layer = readLayer(root, bytes, problems);
    readData(layer.data, step);
    // what came out of text can be written as text; crates may hold names that no text can say
    if (format === 'usda') writeLayer(layer.data, step);
    step.name = 'open';
    const files = new Map<string, Uint8Array>(COMPANIONS);
    files.set(root, bytes);
    const stage = await Stage.open(root, { resolver: new MemoryResolver(files, QUIET), variantFallbacks: FALLBACKS, limits: LIMITS });
    try {
      askEverything(stage, step);
      writeEverything(stage, step);
      return { kind: stage.problems.length > 0 || problems.problems.length > 0 ? 'problems' : 'stage' };
    } catch (error) {
      // a stage that is open answers; it does not throw
      return finding(error, step.name);
    } finally {
      stage.close();
    }
  } catch (error) {
    return typedCode(error) === undefined ? finding(error, step.name) : { kind: 'refused', code: typedCode(error) as string };
  }
}

interface Step {
  name: string;
}

const FALLBACKS: ReadonlyMap<string, readonly string[]> = new Map([['shape', ['ball', 'box']]]);

function typedCode(error: unknown): string | undefined {
  return TYPED_ERRORS.some((type) => error instanceof type) ? (error as { code?: string }).code : undefined;
}

function finding(error: unknown, step: string): Outcome {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frame = /\n\s+at (?:new |async )?([\w.#$<>]+)/.exec(stack)?.[1] ?? '';
  const signature = `${step}: ${text
    .split('\n')[0]!
    .slice(0, 120)
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/["'<@][^"'>@]*["'>@]/g, '…')} in ${frame}`;
  return { kind: 'finding', signature, detail: `${step}: ${text}\n${stack}` };
}

function readData(data: LayerData, step: Step): void {
  step.name = 'decode';
  for (const path of data.paths()) {
    data.specType(path);
    for (const name of data.fieldNames(path)) touch(data.field(path, name));
  }
}

function writeLayer(data: LayerData, step: Step): void {
  step.name = 'write layer';
  const text = writeUsda(data);
  writeUsdc(data, QUIET);
  step.name = 'read written';
  parseUsda('written.usda', new TextEncoder().encode(text), QUIET);
}

function touch(value: Value | undefined): void {
  if (value?.type === 'timeSamples') for (let i = 0; i < value.value.times.length; i++) value.value.value(i);
}

function askEverything(stage: Stage, step: Step): void {
  step.name = 'traverse';
  const prims = [...stage.traverse()];
  for (const prototype of stage.prototypes) prims.push(...stage.traverse(prototype));
  void [
    stage.upAxis,
    stage.metersPerUnit,
    stage.framesPerSecond,
    stage.startTimeCode,
    stage.endTimeCode,
    stage.defaultPrim,
    stage.hasClips,
  ];
  for (const prim of prims) {
    step.name = 'values';
    askPrim(prim);
    step.name = 'schemas';
    askSchemas(prim);
  }
  step.name = 'bounds';
  worldBounds(stage.pseudoRoot);
  worldBounds(stage.pseudoRoot, { time: TIME });
}

function askPrim(prim: Prim): void {
  void [prim.typeName, prim.specifier, prim.appliedSchemas, prim.kind, prim.isInstanceProxy, prim.getVariantSets()];
  for (const name of ['documentation', 'customData', 'assetInfo', 'apiSchemas', 'clips']) prim.getMetadata(name);
  for (const attribute of prim.getAttributes()) askAttribute(attribute);
  for (const relationship of prim.getRelationships()) {
    relationship.getTargets();
    relationship.getForwardedTargets();
  }
}

function askAttribute(attribute: Attribute): void {
  attribute.getValue();
  // fallbacks of schemas are the same for every input
  if (!attribute.isAuthored) return;
  attribute.getValue(TIME);
  void [attribute.typeName, attribute.variability, attribute.valueSource, attribute.valueMightBeTimeVarying];
  attribute.getTimeSamples();
  attribute.getConnections();
  attribute.getMetadata('colorSpace');
}

function askSchemas(prim: Prim): void {
  worldTransform(prim, TIME);
  localTransform(prim);
  computeExtent(prim, TIME);
  for (const primvar of listPrimvars(prim)) flattenPrimvar(primvar, TIME);
  for (const subset of listSubsets(prim)) subsetIndices(subset, TIME);
  for (const schema of prim.appliedSchemas) if (schema.startsWith('CollectionAPI:')) collectionQuery(prim, schema.slice(14));
  const material = computeBoundMaterial(prim);
  if (material !== undefined) surfaceShader(material);
  if (prim.isA('PointInstancer')) pointInstances(prim, TIME);
  if (prim.isA('Camera')) cameraFacts(prim, TIME);
  if (prim.isA('SkelRoot') || prim.isA('Mesh')) skelBinding(prim);
  lightFacts(prim, TIME);
}

function writeEverything(stage: Stage, step: Step): void {
  step.name = 'flatten';
  const flat = flattenStage(stage);
  step.name = 'write flattened';
  // not read again: where layers disagree about a type, its values are of another, as in OpenUSD
  writeUsda(flat.data);
  writeUsdc(flat.data, QUIET);
}
