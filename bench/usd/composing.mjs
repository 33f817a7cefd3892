/** Part "composing": opening a scene of 100,000 prims with 10,000 references. */
import { measureAlone } from './processes.mjs';
import { PRIMS, REFERENCES } from './scene.mjs';
import { bar, median, ms, table } from './table.mjs';

const BAR_MS = 1000;

export function measureComposing({ processes, rounds }) {
  const runs = Array.from({ length: processes }, () => measureAlone('compose.mjs', [rounds]));
  const first = (key) => median(runs.map((run) => run[0][key]));
  const best = (key) => Math.min(...runs.flat().map((round) => round[key]));
  return `${PRIMS.toLocaleString('en')} prims below the root: ${REFERENCES.toLocaleString('en')} references to 100 text layers of 10 prims each, nothing instanced. Milliseconds, median of the first rounds of ${processes} processes, and best of all rounds. CPU time has garbage
collection and compiling on other threads in it, but not what other programs take.

${table(
  ['from', 'first round, ms', 'best, ms', 'CPU time of the first, ms', 'best CPU time, ms'],
  [
    ['layers in memory: composing alone', ...['composing', 'composingCpu'].flatMap((key) => [ms(first(key)), ms(best(key))])],
    ['text in memory: reading 101 layers and composing', ...['whole', 'wholeCpu'].flatMap((key) => [ms(first(key)), ms(best(key))])],
  ],
)}

${bar(`Composing it under ${BAR_MS / 1000} s`, `${ms(first('composing'))} ms from layers in memory, ${ms(first('whole'))} ms with reading`, Math.max(first('composing'), first('whole')) < BAR_MS)}
`;
}
