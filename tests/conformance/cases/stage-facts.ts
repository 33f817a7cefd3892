/** What OpenUSD says of a file besides its flattened text: whether it opens, its metadata, and how many prims of each type it has. */
import { dirname, resolve } from 'node:path';
import { FileResolver, flattenStage, ROOT_PATH, Stage, valueAs } from 'usd-wasm/node';
import type { LayerData } from '../../../packages/usd-wasm/src/sdf/layer-data.ts';
import { CORPUS, type ExpectedFile } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** Metadata as authored: null where they are not. */
const AUTHORED = ['upAxis', 'metersPerUnit', 'framesPerSecond', 'defaultPrim'] as const;
/** What later releases open, with the words of the old one. */
const NEWER_THAN_ORACLE = /syntax error at 'relocates'|crate file version mismatch/;

/** Whether OpenUSD refuses the file for what it is, not because the oracle is an old one or has no MaterialX. */
export function isRefused({ file, opened, messages }: ExpectedFile): boolean {
  return !opened && !file.startsWith('usd/usdMtlx/') && !(messages ?? []).some((message) => NEWER_THAN_ORACLE.test(message));
}

/** Opening must fail, with a typed error. */
export async function runRefused({ file }: ExpectedFile): Promise<CaseResult> {
  try {
    const stage = await open(file);
    stage.close();
    return { passed: false, reason: 'the stage opens' };
  } catch (error) {
    return { passed: error instanceof Error && 'code' in error, reason: String(error) };
  }
}

/** Time codes as the stage resolves them, other metadata as authored, and prims by type in the flattened stage. */
export async function runStageFacts(record: ExpectedFile): Promise<CaseResult> {
  const stage = await open(record.file);
  const found: string[] = [];
  const compare = (what: string, actual: unknown, expected: unknown): void => {
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      found.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
  };
  compare('startTimeCode', stage.startTimeCode ?? 0, record.startTimeCode);
  compare('endTimeCode', stage.endTimeCode ?? 0, record.endTimeCode);
  compare('timeCodesPerSecond', stage.timeCodesPerSecond, record.timeCodesPerSecond);
  const { data } = flattenStage(stage);
  stage.close();
  for (const name of AUTHORED) compare(name, data.field(ROOT_PATH, name)?.value ?? null, record[name] ?? null);
  compare('prims by type', linesOf(primsByType(data)), linesOf(record.primsByType ?? {}));
  return { passed: found.length === 0, reason: found.join('\n') };
}

function linesOf(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .map(([type, count]) => `${type} ${count}`)
    .sort();
}

async function open(file: string): Promise<Stage> {
  const path = resolve(CORPUS, file);
  return Stage.open(path, { resolver: new FileResolver([dirname(path)]) });
}

/** `Mesh`, `over Mesh`, `class Mesh`, and `(untyped)` for prims without a type. */
function primsByType(data: LayerData): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of data.paths()) {
    if (data.specType(path) !== 'prim') continue;
    const specifier = valueAs(data.field(path, 'specifier'), 'specifier') ?? 'over';
    const typeName = valueAs(data.field(path, 'typeName'), 'token') ?? '';
    const name = `${specifier === 'def' ? '' : `${specifier} `}${typeName === '' ? '(untyped)' : typeName}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
