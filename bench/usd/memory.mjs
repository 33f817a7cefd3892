/** Part "memory": the most that a process holds while a crate of 200 MB is opened, traversed and decoded. */
import { generatedCrate } from './layers.mjs';
import { measureAlone } from './processes.mjs';
import { bar, median, ms, table } from './table.mjs';

const BAR = 1.5;
const MEGABYTES = 200;

export function measureMemory({ processes }) {
  const file = generatedCrate(MEGABYTES);
  const runs = Array.from({ length: processes }, () => measureAlone('peak.mjs', [file]));
  const of = (key) => median(runs.map((run) => run[key]));
  const row = (step, key) => [
    step,
    of(key).toFixed(0),
    (of(key) / of('fileMB')).toFixed(2),
    ((of(key) - of('start')) / of('fileMB')).toFixed(2),
  ];
  const whole = of('decoded') / of('fileMB');
  const own = (of('decoded') - of('start')) / of('fileMB');
  return `A crate of ${of('fileMB').toFixed(1)} MB (${of('prims')} prims, ${(of('elements') / 1e6).toFixed(0)} million numbers; floats stored plainly, indices compressed) is read from disk in a process of its own, opened, traversed, and then every array
is decoded and looked at, one by one. Counted is the process' peak resident set as the operating system keeps it: the file's bytes, the stage, decoded arrays, and garbage that is not collected yet (V8 lets
64 MB of arrays gather before it looks). The bar is held against what opening adds to a Node that has loaded the engine; the last but one column has Node in it, too.
Medians of ${processes} processes; reading, opening and traversing took ${ms(of('openMs'))} ms, decoding everything ${ms(of('decodeMs'))} ms.

${table(
  ['peak after', 'MB', 'of the file', 'of the file, without Node'],
  [row('start: Node, engine and kernel', 'start'), row('opening and traversing', 'opened'), row('decoding all arrays', 'decoded')],
)}

${bar(`Peak memory at most ${BAR}x the file`, `${own.toFixed(2)}x above Node and engine, ${whole.toFixed(2)}x with them`, own <= BAR)}
`;
}
