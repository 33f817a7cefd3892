#!/usr/bin/env node
/** `npm run fuzz`: mutated files of every format through the whole of usd-wasm. `--help` tells the options. */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { alias } from '../bench/aliases.mjs';

const HELP = `npm run fuzz -- [options]
  --inputs N        how many inputs (20000)
  --seed S          what they are made from (1); the same seed makes the same inputs
  --format F        usda, usdc, usdz or all (all)
  --jobs J          processes (2)
  --seconds T       stop after that time
  --state FILE      keep the counts there, and go on from there when it exists
  --report FILE     write the report as Markdown
  --json FILE       write the report as JSON
  --corpus DIR      take its small files as seeds too (../shared/corpus where it exists); --corpus none for none
Inputs that something is wrong with are kept below fuzz/findings. Exit status 1 when there are any.`;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', default: 'all' },
    jobs: { type: 'string', default: '2' },
    seconds: { type: 'string' },
    state: { type: 'string' },
    report: { type: 'string' },
    json: { type: 'string' },
    corpus: { type: 'string' },
  },
});

async function main() {
  if (values.help) return console.log(HELP);
  const whole = (name) => {
    const number = Number(values[name]);
    if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} must be a whole number, not ${values[name]}`);
    return number;
  };
  if (!['usda', 'usdc', 'usdz', 'all'].includes(values.format))
    throw new Error(`--format must be usda, usdc, usdz or all, not ${values.format}`);
  const scratch = at(`../.cache/fuzz/${process.pid}`);
  await build({
    configFile: false,
    root: at('..'),
    logLevel: 'error',
    resolve: { alias },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir: scratch,
      emptyOutDir: true,
      reportCompressedSize: false,
      rollupOptions: {
        input: { runner: at('runner.ts'), worker: at('worker.ts') },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  const { runFuzzer } = await import(`${scratch}/runner.mjs`);
  const corpus = values.corpus ?? process.env.USD_CORPUS ?? at('../../shared/corpus');
  console.log(`seed ${values.seed}, ${values.inputs} inputs`);
  const { state, text } = await runFuzzer({
    inputs: whole('inputs'),
    seed: whole('seed'),
    format: values.format,
    jobs: Math.max(1, whole('jobs')),
    corpus: existsSync(corpus) ? corpus : undefined,
    kernel: at('../packages/usd-wasm/src/kernel/kernel.wasm'),
    workerScript: `${scratch}/worker.mjs`,
    scratch,
    findings: at('findings'),
    state: values.state,
    seconds: values.seconds === undefined ? undefined : whole('seconds'),
    log: (line) => console.log(line),
  });
  console.log(`\n${text}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...state, done: undefined }, undefined, 2)}\n`);
  if (values.report !== undefined) writeFileSync(values.report, `${INTRODUCTION}\n${text}\n`);
  if (Object.keys(state.findings).length > 0) process.exitCode = 1;
}

const INTRODUCTION = `# Fuzzing

Written by \`npm run fuzz -- --inputs 1000000 --report docs/fuzzing.md\`.

Every input is made from its number and a seed: small scenes of the project's own, and the small files of the conformance corpus where it
is present, changed as bytes, as text token by token, as tables of a crate that are packed again, and as packages whose headers lie.
Each goes all the way: read, every field decoded, opened as a stage among files that it refers to, every value, bound, material and
instance asked for, flattened, written as text and as a crate; text layers are also written as they are, and read again. It must end in
a stage or in a typed error with a code (\`errors.md\`), within 2 s of processor time and 512 MiB of a process that has read thousands of
inputs before it. Limits are the defaults, but for 10,000 prims. An input that is slow, large or fatal is looked at again in a process of
its own; what fails is kept, with a smaller input that fails in the same way, below \`fuzz/findings\`. A run that was stopped goes on with
\`--state FILE\`, and takes what failed again: in the run below, inputs that failed at first ended well once the fault was mended.

## The last long run
`;

try {
  await main();
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
