/** Composition results: the cases of the museum, and those of kind `composition-results`. Results and errors, to the letter. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { composeText } from '../../../packages/usd-wasm/src/cli/compose.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** A case of `museum/cases.json`. */
export interface MuseumCase {
  readonly name: string;
  readonly folder: string;
  /** Relative to the folder, as all that follow. */
  readonly root: string;
  readonly session?: string | null;
  readonly payloads?: string | null;
  readonly env?: Readonly<Record<string, string>> | null;
  readonly registered?: boolean;
  readonly baseline: string;
  readonly errorsBaseline?: string | null;
}

/** All cases of the museum; upstream runs those that are not marked otherwise. */
export function museumCases(): readonly MuseumCase[] {
  const file = `${CORPUS}/museum/cases.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly MuseumCase[] }).cases : [];
}

export async function runMuseum(record: MuseumCase): Promise<CaseResult> {
  return runIn(join(CORPUS, 'museum', record.folder), record);
}

export async function runComposition({ id, input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const folder = dirname(dirname(join(CORPUS, 'usd', baseline)));
  const errors = baseline.replace('compositionResults', 'compositionErrors');
  return runIn(folder, {
    name: id,
    folder,
    root: relative(folder, join(CORPUS, 'usd', input)),
    baseline: relative(folder, join(CORPUS, 'usd', baseline)),
    ...(existsSync(join(CORPUS, 'usd', errors)) ? { errorsBaseline: relative(folder, join(CORPUS, 'usd', errors)) } : {}),
  });
}

async function runIn(folder: string, { root, session, payloads, env, baseline, errorsBaseline }: MuseumCase): Promise<CaseResult> {
  const options = { session: session ?? undefined, payloads: payloads ?? undefined };
  const { results, errors } = await composeText([root], options, env ?? {}, resolve(folder));
  const expected = readFileSync(join(folder, baseline), 'utf8');
  if (results !== expected) return { passed: false, reason: firstDifference(expected, results) };
  if (errorsBaseline == null)
    return errors === '' ? { passed: true, reason: '' } : { passed: false, reason: `unexpected errors:\n${errors}` };
  const expectedErrors = readFileSync(join(folder, errorsBaseline), 'utf8');
  return errors === expectedErrors
    ? { passed: true, reason: '' }
    : { passed: false, reason: `errors: ${firstDifference(expectedErrors, errors)}` };
}

function firstDifference(expected: string, actual: string): string {
  const [a, b] = [expected.split('\n'), actual.split('\n')];
  const line = a.findIndex((text, i) => text !== b[i]);
  const at = line < 0 ? a.length : line;
  return `line ${at + 1}: expected ${JSON.stringify(a[at])}, found ${JSON.stringify(b[at])}`;
}
