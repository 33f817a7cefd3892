/**
 * `npm run bench:usd`: the engine's speed and memory, ratios in one run, with the bars they are held to. Each part writes its own
 * section of `docs/benchmarks.md` between markers; `--only readers,memory` measures some parts and leaves the others' sections.
 *
 * Parts are in `bench/usd/`; each measurement runs in a process (or page) of its own.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureComposing } from './usd/composing.mjs';
import { measureEditing } from './usd/editing.mjs';
import { measureMemory } from './usd/memory.mjs';
import { measureOpenUsd } from './usd/openusd.mjs';
import { measureReaders } from './usd/readers.mjs';
import { writePart } from './usd/table.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    processes: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '4' },
    files: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});
const options = { processes: Number(values.processes), rounds: Number(values.rounds), files: values.files };

const PARTS = {
  readers: measureReaders,
  openusd: measureOpenUsd,
  memory: measureMemory,
  composing: measureComposing,
  editing: measureEditing,
};
const names = values.only === undefined ? Object.keys(PARTS) : values.only.split(',');
for (const name of names) {
  if (PARTS[name] === undefined) throw new Error(`no part "${name}": ${Object.keys(PARTS).join(', ')}`);
  const loadBefore = loadavg()[0];
  const body = await PARTS[name](options);
  const circumstances = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.version.slice(1)}; load before and after ${loadBefore.toFixed(1)} and ${loadavg()[0].toFixed(1)}. \`${commandLine(name)}\``;
  const text = `${circumstances}\n\n${body}`;
  console.log(`\n${text}`);
  if (!values['no-write']) writePart(name, text);
}

function commandLine(name) {
  const changed = [
    ['processes', '3'],
    ['rounds', '4'],
  ].filter(([key, usual]) => values[key] !== usual);
  return `npm run bench:usd -- --only ${name}${changed.map(([key]) => ` --${key} ${values[key]}`).join('')}`;
}
