/** Every scene of the corpus that needs other files is packaged with them, and is the same scene when the package is opened. */
import { describe, expect, test } from 'vitest';
import { CORPUS_NOTE, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { runPackageRoundTrip } from './cases/package-round-trip.ts';

const files = expectedFiles().map((record) => record.file);

describe.skipIf(!hasCorpus)(`scenes of the corpus as packages${CORPUS_NOTE}`, () => {
  test(`of ${files.length} files, those that need others are the same scene in a package`, async () => {
    const failed: string[] = [];
    const counts = { scenes: 0, files: 0, incomplete: 0 };
    for (const file of files) {
      const result = await runPackageRoundTrip(file);
      if (result === undefined) continue;
      counts.scenes++;
      counts.files += result.files;
      if (result.missing > 0) counts.incomplete++;
      if (!result.passed) failed.push(`${file}: ${result.reason}`);
    }
    console.info(
      `packages of ${counts.scenes} scenes hold ${counts.files} files; ${counts.incomplete} scenes name files that do not exist`,
    );
    expect(failed).toEqual([]);
    expect(counts.scenes).toBeGreaterThan(200);
  }, 300_000);
});
