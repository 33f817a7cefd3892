/**
 * Every case of the conformance corpus. `npm run conformance` runs this and writes `docs/conformance.md`; in all other runs that
 * document must say what was found. `CONFORMANCE_ONLY=text` runs the cases alone whose kind or id holds the text.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { initKernel } from 'usd-wasm';
import { CORPUS, hasCorpus } from '../support/corpus.ts';
import { runCase, type ConformanceRecord } from './report/conformance-case.ts';
import { countsLine, reportText, type SourceRecords } from './report/report-text.ts';
import { SOURCES } from './report/sources.ts';

const DOCUMENT = resolve(import.meta.dirname, '../../docs/conformance.md');
const only = process.env['CONFORMANCE_ONLY'] ?? '';
const isWriting = process.env['CONFORMANCE_WRITE'] === '1';
const MOST_SHOWN = 20;

if (!hasCorpus) {
  const note = `corpus not found at ${CORPUS}: skipped all cases of conformance`;
  process.stdout.write(`${note}\n`);
  test.skip(note, () => {});
}

describe.runIf(hasCorpus)('conformance', () => {
  const sources: SourceRecords[] = [];
  beforeAll(async () => {
    await initKernel();
  });

  for (const { title, about, cases } of SOURCES) {
    test(
      title,
      async () => {
        const records: ConformanceRecord[] = [];
        for (const conformanceCase of cases()) {
          if (!`${conformanceCase.kind} ${conformanceCase.id}`.includes(only)) continue;
          const record = await runCase(conformanceCase);
          if (record !== undefined) records.push(record);
        }
        sources.push({ title, about, records });
        process.stdout.write(`${title}: ${countsLine(records)}\n`);
        for (const kind of new Set(records.map((record) => record.kind)))
          process.stdout.write(`  ${kind}: ${countsLine(records.filter((record) => record.kind === kind))}\n`);
        const failed = records
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ kind, id, reason }) => `${kind} ${id}: ${reason ?? ''}`);
        expect(failed.length, failed.slice(0, MOST_SHOWN).join('\n')).toBe(0);
        expect(records.length).toBeGreaterThan(0);
      },
      600_000,
    );
  }

  test.runIf(only === '')('is what docs/conformance.md says: run "npm run conformance" and commit it', () => {
    expect(sources.map(({ title }) => title)).toEqual(SOURCES.map(({ title }) => title));
    const text = reportText(sources, corpusLine());
    if (isWriting) writeFileSync(DOCUMENT, text);
    else expect(text).toBe(readFileSync(DOCUMENT, 'utf8'));
  });
});

function corpusLine(): string {
  const { source, release } = JSON.parse(readFileSync(`${CORPUS}/usd/cases.json`, 'utf8')) as { source: string; release: string };
  return `The corpus holds test cases of ${source} ${release}, the assets of the USD Assets Working Group, and the stages that an OpenUSD 22 makes of them.`;
}
