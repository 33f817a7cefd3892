/**
 * `node bench/usd/peak.mjs FILE`: opens a crate from disk, traverses the stage, then decodes every array one by one, and prints what
 * the process held at most after each step, in MB. The peak resident set is the kernel's own count (`maxRSS`), so that nothing
 * between two samples is missed: it holds Node itself, the file's bytes, the stage, and garbage that was not collected yet.
 */
import { statSync } from 'node:fs';
import { FileResolver, initKernel, Stage } from 'usd-wasm/node';

const [file] = process.argv.slice(2);
if (!(await initKernel())) throw new Error('the kernel did not start');
const peak = () => process.resourceUsage().maxRSS / 1000;
const start = peak();
const started = performance.now();
const stage = await Stage.open(file, { resolver: new FileResolver() });
let prims = 0;
for (const prim of stage.traverse()) if (prim.typeName !== '') prims++;
const traversed = performance.now();
const opened = peak();
let elements = 0;
for (const prim of stage.traverse()) {
  for (const attribute of prim.getAttributes()) {
    const value = attribute.get();
    // Every element is looked at: a view on the file costs nothing until its pages are touched.
    if (ArrayBuffer.isView(value)) for (let i = 0; i < value.length; i++) elements += value[i] === Infinity ? 0 : 1;
  }
}
console.log(
  JSON.stringify({
    start,
    opened,
    decoded: peak(),
    prims,
    elements,
    fileMB: statSync(file).size / 1e6,
    openMs: traversed - started,
    decodeMs: performance.now() - traversed,
    external: process.memoryUsage().external / 1e6,
    heap: process.memoryUsage().heapUsed / 1e6,
  }),
);
