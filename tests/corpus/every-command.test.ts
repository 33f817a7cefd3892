/**
 * Every command of `usd` over layer files of the corpus: it ends, soon, and what it throws is a typed error. Each command takes every
 * fourth file, another fourth than the next command; `COMMAND_FILES=text` runs all on all files whose path holds the text (`/`: every one).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initKernel } from 'usd-wasm';
import { cat } from '../../packages/usd-wasm/src/cli/cat.ts';
import { check } from '../../packages/usd-wasm/src/cli/check.ts';
import { UsageError, type Command } from '../../packages/usd-wasm/src/cli/command.ts';
import { compose } from '../../packages/usd-wasm/src/cli/compose.ts';
import type { Output } from '../../packages/usd-wasm/src/cli/output.ts';
import { stats } from '../../packages/usd-wasm/src/cli/stats.ts';
import { tree } from '../../packages/usd-wasm/src/cli/tree.ts';
import { zip } from '../../packages/usd-wasm/src/cli/zip.ts';
import { CORPUS, CORPUS_NOTE, corpusLayerFiles, hasCorpus } from '../support/corpus.ts';

const LONGEST_MS = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'usd-commands-'));
const filter = process.env['COMMAND_FILES'];
const SHARES = 4;

const COMMANDS: readonly (readonly [name: string, command: Command, args: (file: string) => readonly string[]])[] = [
  ['cat', cat, (file) => [file]],
  ['cat --flatten', cat, (file) => ['--flatten', file]],
  ['cat --flattenLayerStack', cat, (file) => ['--flattenLayerStack', file]],
  ['cat --layerMetadata', cat, (file) => ['--layerMetadata', file]],
  ['tree -am', tree, (file) => ['-am', file]],
  ['tree -fam', tree, (file) => ['-fam', file]],
  ['tree -f --unloaded', tree, (file) => ['-f', '--unloaded', file]],
  ['tree --flattenLayerStack', tree, (file) => ['--flattenLayerStack', '-s', file]],
  ['tree --mask', tree, (file) => ['-f', '--mask', '/World,/root/child1', file]],
  ['compose', compose, (file) => [file]],
  ['stats', stats, (file) => ['--json', file]],
  ['stats --dependencies', stats, (file) => ['--dependencies', file]],
  ['check', check, (file) => [file]],
  ['check --arkit', check, (file) => ['--arkit', file]],
  ['zip', zip, (file) => [join(folder, 'out.usdz'), '--asset', file]],
  ['zip --arkitAsset', zip, (file) => [join(folder, 'arkit.usdz'), '--arkitAsset', file]],
];

const QUIET: Output = { print: async () => {}, warn: () => {} };

/** What was wrong with how it ended, if anything. */
async function wrongWith(command: Command, args: readonly string[]): Promise<string | undefined> {
  const started = process.cpuUsage().user;
  try {
    await command.run(args, QUIET);
  } catch (error) {
    const isTyped = error instanceof UsageError || (error instanceof Error && 'code' in error);
    if (!isTyped) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const elapsed = (process.cpuUsage().user - started) / 1000; // other processes may slow the clock
  return elapsed > LONGEST_MS ? `took ${Math.round(elapsed)} ms of processor time` : undefined;
}

describe.skipIf(!hasCorpus)(`commands over the corpus${CORPUS_NOTE}`, () => {
  const files = corpusLayerFiles().filter((file) => file.includes(filter ?? ''));
  beforeAll(async () => {
    await initKernel();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(COMMANDS)(
    '%s ends well',
    async (name, command, args) => {
      const failed: string[] = [];
      const share = COMMANDS.findIndex((one) => one[0] === name) % SHARES;
      for (const [i, file] of files.entries()) {
        if (filter === undefined && i % SHARES !== share) continue;
        const wrong = await wrongWith(command, args(`${CORPUS}/${file}`));
        if (wrong !== undefined) failed.push(`${file}: ${wrong.split('\n').slice(0, 5).join('\n')}`);
      }
      expect(files.length).toBeGreaterThan(0);
      expect(failed.length, failed.slice(0, 12).join('\n')).toBe(0);
    },
    300_000,
  );
});
