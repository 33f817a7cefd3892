/**
 * `node bench/usd/read.mjs SIDE TASK ROUNDS FILE…`: one side's reader on files, in a process of its own: what another side leaves
 * on the heap slows the next. Prints `[elapsed, CPU]` milliseconds per file and round as JSON; null where the side cannot read the file.
 *
 * Tasks: `decode` ends when every array of the layer is there; `open` ends with an open stage that has named its root prims, whose arrays are
 * decoded when asked for, and, in layers without arcs, prims below composed; `compose` ends with one that has composed every prim. three.js
 * knows no such thing: there all are its parser's one call.
 */
import { readFileSync } from 'node:fs';
import { USDAParser } from 'three/examples/jsm/loaders/usd/USDAParser.js';
import { USDCParser } from 'three/examples/jsm/loaders/usd/USDCParser.js';
import { initKernel, MemoryResolver, ProblemList, readLayer, Stage } from 'usd-wasm';

const [side, task, rounds, ...files] = process.argv.slice(2);

const isCrate = (bytes) => bytes[0] === 80;

const TASKS = {
  'three.js': {
    decode: (bytes) =>
      isCrate(bytes) ? new USDCParser().parseData(bytes.buffer) : new USDAParser().parseData(new TextDecoder().decode(bytes)),
  },
  ours: {
    decode(bytes, file) {
      const { data } = readLayer(file, bytes, new ProblemList());
      let length = 0;
      for (const path of data.paths()) for (const name of data.fieldNames(path)) length += lengthOf(data.field(path, name));
      return length;
    },
    async open(bytes, file) {
      const stage = await openStage(bytes, file, true);
      return stage.pseudoRoot.allChildren.length;
    },
    async compose(bytes, file) {
      const stage = await openStage(bytes, file, false);
      return stage.primCount;
    },
  },
};

function openStage(bytes, file, deferPrims) {
  return Stage.open(file, { resolver: new MemoryResolver(new Map([[file, bytes]])), deferPrims });
}

/** Elements of a value; time samples are decoded one by one. */
function lengthOf(value) {
  if (value === undefined) return 0;
  if (value.type !== 'timeSamples') return value.value?.length ?? 1;
  let length = 0;
  for (let i = 0; i < value.value.times.length; i++) length += value.value.value(i)?.value?.length ?? 1;
  return length;
}

if (side === 'ours' && !(await initKernel())) throw new Error('the kernel did not start');
console.warn = console.error = () => {};
// A buffer of its own for each: small files that Node reads share one.
const inputs = files.map((file) => [file, new Uint8Array(readFileSync(file))]);
const times = [];
for (let round = 0; round < Number(rounds); round++) {
  const row = [];
  for (const [file, bytes] of inputs) {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    let figures = null;
    try {
      await TASKS[side][task](bytes, file);
      const { user, system } = process.cpuUsage(cpuStart);
      figures = [performance.now() - start, (user + system) / 1000];
    } catch {
      // What a side cannot read has no time; the caller leaves the file out on both sides and says so.
    }
    row.push(figures);
  }
  times.push(row);
}
console.log(JSON.stringify(times));
