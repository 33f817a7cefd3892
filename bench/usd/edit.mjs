/**
 * `node bench/usd/edit.mjs EDITS`: milliseconds from `attribute.set` to the notice heard, on the synthetic scene, as JSON lists:
 * `fresh` edits write to prims that the root layer says nothing of yet (specs are made), `repeated` ones change what is there.
 */
import { initKernel, MemoryResolver, Stage } from 'usd-wasm';
import { sceneFiles } from './scene.mjs';

const [edits] = process.argv.slice(2);
if (!(await initKernel())) throw new Error('the kernel did not start');
const stage = await Stage.open('scene.usda', { resolver: new MemoryResolver(sceneFiles()) });
let heardAt = 0;
let heard;
stage.addListener('objectsChanged', (notice) => {
  heardAt = performance.now();
  heard = notice;
});

const results = { fresh: [], repeated: [] };
for (const kind of ['fresh', 'repeated']) {
  for (let i = 0; i < Number(edits); i++) {
    const path = `/World/Group_${i % 100}/Model_${(i * 7) % 100}/Part_${i % 9}`;
    const attribute = stage.getPrimAtPath(path).getAttribute('size');
    const value = i + (kind === 'fresh' ? 100 : 200);
    heard = undefined;
    const started = performance.now();
    attribute.set(value);
    results[kind].push(heardAt - started);
    const isNamed = heard?.affectedObject(`${path}.size`);
    if (isNamed !== true) throw new Error(`no notice of <${path}.size> in edit ${i}`);
    if (stage.getPrimAtPath(path).getAttribute('size').get() !== value) throw new Error(`<${path}.size> is not ${value} after edit ${i}`);
  }
}
console.log(JSON.stringify(results));
