/** Part "readers": text and crates against three.js's parsers, on generated and on the corpus' files. */
import { CORPUS_NOTE, corpusFiles, hasCorpus } from './corpus.mjs';
import { CRATE_LAYERS, generatedLayer, megabytesOf, TEXT_LAYERS } from './layers.mjs';
import { measureAlone } from './processes.mjs';
import { bar, median, ms, sum, table, times } from './table.mjs';

const DECODE_BAR = 3;
const OPEN_BAR = 20;

/** @param processes of each side and file, alternating; medians over them count */
export function measureReaders({ processes, rounds }) {
  const rows = [];
  const add = (format, names) => {
    for (const name of names) rows.push(measure(`${name}, \`.${format}\``, format, [generatedLayer(name, format)], processes, rounds));
    if (!hasCorpus) return;
    const files = ['usdwg', 'usd'].flatMap((folder) => corpusFiles(folder, format === 'usdc' ? ['PXR-USDC'] : ['#usda']));
    rows.push(measure(`corpus, \`.${format}\``, format, files, processes, rounds));
  };
  add('usda', TEXT_LAYERS);
  add('usdc', CRATE_LAYERS);
  return report(rows, processes, rounds);
}

function measure(name, format, files, processes, rounds) {
  const runs = { three: [], decode: [], open: [], compose: [] };
  for (let i = 0; i < processes; i++) {
    runs.three.push(measureAlone('read.mjs', ['three.js', 'decode', rounds, ...files]));
    runs.decode.push(measureAlone('read.mjs', ['ours', 'decode', rounds, ...files]));
    runs.open.push(measureAlone('read.mjs', ['ours', 'open', rounds, ...files]));
    runs.compose.push(measureAlone('read.mjs', ['ours', 'compose', rounds, ...files]));
  }
  // A file counts where both sides read it every time.
  const all = Object.values(runs).flat(2);
  const counted = files.map((_, file) => all.every((row) => row[file] !== null));
  const total = (row, which) => sum(row.filter((_, file) => counted[file]).map((figures) => figures[which]));
  const figures = (side) => ({
    first: median(runs[side].map((process) => total(process[0], 0))),
    best: Math.min(...runs[side].flat().map((row) => total(row, 0))),
    cpu: median(runs[side].map((process) => total(process[0], 1))),
  });
  const read = counted.filter(Boolean).length;
  const row = {
    name,
    isCrate: format === 'usdc',
    isCorpus: files.length > 1,
    files: files.length,
    read,
    unreadByOurs: files.filter((_, file) => [...runs.decode, ...runs.open].flat().some((times) => times[file] === null)).length,
    megabytes: sum(files.filter((_, file) => counted[file]).map(megabytesOf)),
    three: figures('three'),
    decode: figures('decode'),
    open: figures('open'),
    compose: figures('compose'),
  };
  console.log(
    `${name}: ${row.megabytes.toFixed(1)} MB, three.js ${ms(row.three.first)} ms, ours ${ms(row.decode.first)} ms decoded, ${ms(row.open.first)} ms open`,
  );
  return row;
}

function report(rows, processes, rounds) {
  const ratio = (row, task, which) => row.three[which] / row[task][which];
  const cells = rows.map((row) => [
    row.isCorpus ? `${row.name}, ${row.read} of ${row.files} files` : row.name,
    row.megabytes.toFixed(1),
    `${ms(row.three.first)}, ${ms(row.three.best)}`,
    `${ms(row.decode.first)}, ${ms(row.decode.best)}`,
    ['first', 'best', 'cpu'].map((which) => times(ratio(row, 'decode', which))).join(', '),
    `${ms(row.open.first)}, ${ms(row.open.best)}`,
    ['first', 'best', 'cpu'].map((which) => times(ratio(row, 'open', which))).join(', '),
    `${ms(row.compose.first)}, ${ms(row.compose.best)}`,
    ['first', 'best', 'cpu'].map((which) => times(ratio(row, 'compose', which))).join(', '),
  ]);
  const crates = rows.filter((row) => row.isCrate);
  const verdict = (text, list, task, limit) => {
    const missed = list.filter((row) => ratio(row, task, 'first') < limit);
    const range = list.map((row) => ratio(row, task, 'first')).toSorted((a, b) => a - b);
    const measured = `${times(range[0])} to ${times(range.at(-1))} in the first round${missed.length === 0 ? '' : `, less on ${missed.map((row) => `${row.name} (${times(ratio(row, task, 'first'))})`).join('; ')}`}`;
    return bar(text, measured, missed.length === 0);
  };
  const left = rows.filter((row) => row.isCorpus && row.read < row.files);
  return `Milliseconds from bytes in memory, first round and best of ${rounds}; ours with the kernel against three.js's \`USDAParser\` and \`USDCParser\`, ${processes} processes a side in turn,
medians of their first rounds. "Decoded" ends when every array of every sample is there; "open" is \`Stage.open\` with its root prims asked for; arrays, and in layers without arcs prims below, are left for later. "Composed" is the same with every
prim composed and arrays left for later. three.js's parsers have one call, which decodes: it is compared with all. The first round is what opening a file costs; the best one is what a warm program reaches; the third
ratio is of the CPU time of the first round, garbage collection and compiling on other threads included, which other work on the machine disturbs less. Arrays that a crate stores plainly are views on the file's bytes on both
sides. For the corpus all its files of \`usdwg\` and \`usd\` that both sides read are added up.

${table(['layer', 'MB', 'three.js, ms', 'ours decoded, ms', 'ratio', 'ours open, ms', 'ratio', 'ours composed, ms', 'ratio'], cells)}

${verdict(`All arrays decoded, at least ${DECODE_BAR}x as fast`, rows, 'decode', DECODE_BAR)}
${verdict(`Crates: an open stage with lazy arrays, at least ${OPEN_BAR}x as fast`, crates, 'open', OPEN_BAR)}
${hasCorpus ? left.map((row) => `- ${row.name}: ${row.files - row.read} files left out that a side does not read or open (ours: ${row.unreadByOurs}).`).join('\n') : `- ${CORPUS_NOTE}.`}
`;
}
