/** Flattened stages: records of `expected/index.json` and cases of kind `stage-flatten` (values.md section 10). */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FileResolver, flattenStage, parseUsda, ProblemList, Stage, type LayerData, type Path, type Value } from 'usd-wasm/node';
import { isPropertyPath, nameOf, primPathOf } from '../../../packages/usd-wasm/src/sdf/path.ts';
import { STANDARD_FIELDS } from '../../../packages/usd-wasm/src/sdf/schema.ts';
import { valueAs } from '../../../packages/usd-wasm/src/vt/value.ts';
import { compareFlattened, renumberPrototypes } from '../../support/compare-flattened.ts';
import { CORPUS, type ExpectedFile, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';
import { FLATTEN_DIFFERENCE_KINDS, FLATTEN_DIFFERENCES, type FlattenDifference } from './flatten-differences.ts';

const corpus = resolve(CORPUS);
const MOST_LINES = 4;

/** Whether a record has a text that can be relied on. */
export function isFlattenRecord(record: ExpectedFile): boolean {
  return record.opened && record.trusted && textOf(record) !== undefined;
}

function textOf({ flat, flatSameAsLayer, layer }: ExpectedFile): string | undefined {
  return flat ?? (flatSameAsLayer === true ? layer : undefined) ?? undefined;
}

/** The flattened stage of a file against the one that OpenUSD made. The reason names what is known to differ. */
export async function runFlattenRecord(record: ExpectedFile): Promise<CaseResult> {
  return run(record.file, `expected/${textOf(record) ?? ''}`, FLATTEN_DIFFERENCES[record.file] ?? [], record.messages ?? []);
}

export async function runStageFlatten({ input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  return run(`usd/${input}`, `usd/${baseline}`, []);
}

async function run(
  file: string,
  baseline: string,
  known: readonly FlattenDifference[],
  messages: readonly string[] = [],
): Promise<CaseResult> {
  const kinds = FLATTEN_DIFFERENCE_KINDS.filter(({ said }) => said === undefined || messages.some((message) => said.test(message)));
  const reasons = new Set(known.map(({ reason }) => reason));
  const met = new Set(known.filter(({ at }) => at === undefined));
  const isKnown: IsKnown = (path, field, expected, actual, data) => {
    const place = field === '' ? `<${path}>` : `<${path}> ${field}`;
    const rule = known.find(({ at }) => at?.test(place));
    if (rule !== undefined) met.add(rule);
    if (rule !== undefined || isUnregistered(field, expected, actual)) return true;
    const property = isPropertyPath(path) ? nameOf(path) : '';
    const primType = valueAs(data.field(property === '' ? path : primPathOf(path), 'typeName'), 'token') ?? '';
    const kind = kinds.find(({ explains }) => explains({ primType, property, field, expected, actual }));
    if (kind !== undefined) reasons.add(kind.reason);
    return kind !== undefined;
  };
  let found: string[];
  try {
    found = await differences(file, baseline, known, isKnown);
  } catch (error) {
    return { passed: false, reason: String(error).slice(0, 300) };
  }
  for (const rule of known) if (!met.has(rule)) found.push(`agrees now, but is said to differ: ${rule.reason}`);
  return found.length === 0
    ? { passed: true, reason: [...reasons].join('; ') }
    : { passed: false, reason: found.slice(0, MOST_LINES).join('\n   ') };
}

type IsKnown = (path: Path, field: string, expected: Value | undefined, actual: Value | undefined, data: LayerData) => boolean;

async function differences(file: string, baseline: string, known: readonly FlattenDifference[], isKnown: IsKnown): Promise<string[]> {
  const path = `${corpus}/${file}`;
  const stage = await Stage.open(path, { resolver: new AmendingResolver(path, known) });
  const actual = flattenStage(stage).data;
  const parse = (source: string): ReturnType<typeof parseUsda> =>
    parseUsda('expected.usda', new TextEncoder().encode(source), new ProblemList());
  const text = amend(
    readFileSync(`${corpus}/${baseline}`, 'utf8'),
    known.flatMap(({ inExpected }) => inExpected ?? []),
  );
  const expected = parse(renumberPrototypes(text, parse(text), actual));
  return compareFlattened(expected, actual, {
    assetPath: withoutCorpus,
    isKnown: (at, field, a, b) => isKnown(at, field, a, b, actual),
  });
}

/** Files on disk, of which one is amended as it is read. */
class AmendingResolver extends FileResolver {
  readonly #file: string;
  readonly #amendments: readonly (readonly [RegExp, string])[];

  constructor(file: string, known: readonly FlattenDifference[]) {
    super([dirname(file)]);
    this.#file = file;
    this.#amendments = known.flatMap(({ inInput }) => inInput ?? []);
  }

  override async read(identifier: string, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await super.read(identifier, signal);
    if (identifier !== this.#file || this.#amendments.length === 0) return bytes;
    return new TextEncoder().encode(amend(new TextDecoder().decode(bytes), this.#amendments));
  }
}

/** Each amendment has to find its place. */
function amend(text: string, amendments: readonly (readonly [RegExp, string])[]): string {
  return amendments.reduce((result, [from, to]) => {
    const amended = result.replace(from, to);
    if (amended === result) throw new Error(`nothing to put right: ${from.source}`);
    return amended;
  }, text);
}

function withoutCorpus(path: string): string {
  return path.replace(/^\/corpus\//, '').replace(`${corpus}/`, '');
}

/** Flatten of OpenUSD leaves out metadata that no schema registers; here it is kept. */
function isUnregistered(field: string, expected: Value | undefined, actual: Value | undefined): boolean {
  if (field === '' || expected !== undefined) return false;
  return actual?.type === 'unregistered' || STANDARD_FIELDS.field(field) === undefined;
}
