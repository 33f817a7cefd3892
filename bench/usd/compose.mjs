/**
 * `node bench/usd/compose.mjs ROUNDS`: milliseconds to open the synthetic scene, per round as JSON: `whole` from text in memory,
 * `composing` from layers in memory that are read already; and the CPU time of both.
 */
import { initKernel, Layer, MemoryResolver, ProblemList, readLayer, Stage } from 'usd-wasm';
import { PRIMS, sceneFiles } from './scene.mjs';

const [rounds] = process.argv.slice(2);
if (!(await initKernel())) throw new Error('the kernel did not start');
const files = sceneFiles();
const resolver = new MemoryResolver(files);
const results = [];
for (let round = 0; round < Number(rounds); round++) {
  // Fresh layers each time, so that no round finds what another one left on them.
  const layers = [...files].map(
    ([identifier, bytes]) => new Layer(identifier, readLayer(identifier, bytes, new ProblemList()).data, 'usda'),
  );
  const composing = await measure({ resolver, layers });
  const whole = await measure({ resolver });
  results.push({ composing: composing.elapsed, composingCpu: composing.cpu, whole: whole.elapsed, wholeCpu: whole.cpu });
}
console.log(JSON.stringify(results));

async function measure(options) {
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  const stage = await Stage.open('scene.usda', options);
  const { user, system } = process.cpuUsage(cpuStarted);
  const elapsed = performance.now() - started;
  check(stage);
  return { elapsed, cpu: (user + system) / 1000 };
}

function check(stage) {
  if (stage.primCount !== PRIMS + 1 || stage.problems.length > 0)
    throw new Error(`${stage.primCount} prims, ${PRIMS + 1} expected; ${stage.problems[0]?.message ?? 'no problems'}`);
}
