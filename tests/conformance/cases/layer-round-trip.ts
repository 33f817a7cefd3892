/** A layer, written as text, as a crate and in a package, and read again: equal to what it was. */
import { readLayer, sniffFormat } from '../../../packages/usd-wasm/src/sdf/file-format.ts';
import type { LayerData } from '../../../packages/usd-wasm/src/sdf/layer-data.ts';
import type { Path } from '../../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { writeUsda } from '../../../packages/usd-wasm/src/usda/writer.ts';
import { writeUsdc } from '../../../packages/usd-wasm/src/usdc/writer.ts';
import { openArchive } from '../../../packages/usd-wasm/src/usdz/archive.ts';
import { writePackage } from '../../../packages/usd-wasm/src/usdz/writer.ts';
import type { Value } from '../../../packages/usd-wasm/src/vt/value.ts';
import { differences } from '../../support/compare-layer-data.ts';
import { corpusBytes } from '../../support/corpus.ts';
import { sameInAnyOrder } from '../../support/text-layers.ts';
import type { CaseResult } from './case-result.ts';

export type LayerFormat = 'usda' | 'usdc' | 'usdz';

export interface LayerRoundTrip extends CaseResult {
  readonly format: LayerFormat;
  /** Fields that crates have no type for, and that are left out of them. */
  readonly unwritable: number;
  /** Bytes of the file, and of the crate written of it. */
  readonly bytes: number;
  readonly crateBytes: number;
}

/** @returns undefined where the file cannot be read, be it on purpose */
export async function runLayerRoundTrip(file: string): Promise<LayerRoundTrip | undefined> {
  const bytes = corpusBytes(file);
  const format = sniffFormat(bytes);
  if (format === undefined) return undefined;
  let data: LayerData;
  try {
    ({ data } = readLayer(file, bytes, new ProblemList()));
  } catch {
    return undefined;
  }
  const problems = new ProblemList();
  const writtenText = writeUsda(data);
  const text = new TextEncoder().encode(writtenText);
  const crate = writeUsdc(data, problems);
  const packed = format === 'usdz' ? repacked(file, bytes) : writePackage([{ name: 'root.usdc', bytes: crate }]);
  const leftOut = new Set(problems.problems.map(({ path }) => path));
  const reasons: string[] = [];
  for (const [written, name] of [
    [text, 'text'],
    [crate, 'crate'],
    [packed, 'package'],
  ] as const) {
    const again = readLayer(`${file} (${name})`, written, new ProblemList());
    const found = differences(
      data,
      again.data,
      {
        equivalent: (path, field, before, after) =>
          name === 'text' ? isSameInText(path, field, before, after) : after === undefined && leftOut.has(path) && isUnwritable(before),
      },
      2,
    );
    if (found.length > 0) reasons.push(`${name}: ${found.join('; ')}`);
    if (name === 'text' && writeUsda(again.data) !== writtenText) reasons.push('text: it is another one when written again');
  }
  return {
    passed: reasons.length === 0,
    reason: reasons.join('\n'),
    format,
    unwritable: problems.problems.length,
    bytes: bytes.length,
    crateBytes: crate.length,
  };
}

/** Single paths, which were defaults of relationships once: OpenUSD cannot put them into crates either. */
function isUnwritable(value: Value | undefined): boolean {
  return value?.type === 'path' || value?.type === 'timeSamples';
}

/** What text has no word for: it is read back, and crates leave it out. */
const STATED: Readonly<Record<string, unknown>> = { custom: false, variability: 'varying', specifier: 'over' };

/** Order aside, and the types of fields that no schema has: text of those is kept as it is. */
function isSameInText(path: Path, field: string, before: Value | undefined, after: Value | undefined): boolean {
  if (before === undefined) return field in STATED && after?.value === STATED[field];
  return after?.type === 'unregistered' || sameInAnyOrder(path, field, before, after);
}

/** The same files in a package of ours. */
function repacked(file: string, bytes: Uint8Array): Uint8Array {
  const archive = openArchive(file, bytes);
  return writePackage(archive.entries.map(({ name }) => ({ name, bytes: archive.read(name) })));
}
