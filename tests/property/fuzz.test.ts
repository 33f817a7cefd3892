/** The fuzzer's first 20,000 inputs, from seeds of the project's own: what CI runs of `npm run fuzz`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const INPUTS = 20_000;
const SEED = 20_261_128;

test(`${INPUTS} mutated files each give a stage or a typed error (seed ${SEED})`, { timeout: 600_000 }, async () => {
  const options = ['--inputs', String(INPUTS), '--seed', String(SEED), '--jobs', '2', '--corpus', 'none'];
  const { stdout } = await promisify(execFile)('node', ['fuzz/run.mjs', ...options]).catch((error: unknown) => error as { stdout: string });
  expect(stdout).toContain('20,000 of 20,000 inputs');
  expect(stdout).toContain('faults: none');
});
