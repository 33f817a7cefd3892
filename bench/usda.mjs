/**
 * Megabytes of text layer per second: ours with and without the WebAssembly kernel, and three.js's reader, on layers made here.
 *
 * All read the same bytes, each in a process of its own; the first and the best of the rounds are printed as a table.
 * `npm run build -w usd-wasm` first.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { USDAParser } from 'three/examples/jsm/loaders/usd/USDAParser.js';
import { initKernel, parseUsda, ProblemList } from 'usd-wasm';

const ROUNDS = Number(process.env.ROUNDS ?? 4);
const MEGABYTES = Number(process.env.MEGABYTES ?? 30);

let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
/** Shortest text of a single-precision number, as exporters write it. */
const single = (value) => {
  const rounded = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = rounded.toPrecision(digits);
    if (Math.fround(Number(text)) === rounded) return String(Number(text));
  }
  return String(Number(rounded.toPrecision(9)));
};
const tuples = (count, component) => Array.from({ length: count }, () => `(${component()})`).join(', ');

const layers = {
  'meshes of 4,000 triangles': (bytes) => {
    const points = 2000;
    const spread = (scale) => single((random() - 0.5) * scale);
    return repeat(
      bytes,
      (i) => `    def Mesh "Mesh_${i}"
    {
        int[] faceVertexCounts = [${new Array(points * 2).fill(3).join(', ')}]
        int[] faceVertexIndices = [${Array.from({ length: points * 6 }, () => Math.floor(random() * points)).join(', ')}]
        normal3f[] normals = [${tuples(points, () => `${spread(2)}, ${spread(2)}, ${spread(2)}`)}] (
            interpolation = "vertex"
        )
        point3f[] points = [${tuples(points, () => `${spread(10)}, ${spread(10)}, ${spread(10)}`)}]
        texCoord2f[] primvars:st = [${tuples(points, () => `${single(random())}, ${single(random())}`)}] (
            interpolation = "vertex"
        )
    }
`,
    );
  },
  'points of 17 digits': (bytes) =>
    repeat(
      bytes,
      (i) => `    def Points "Points_${i}"
    {
        point3f[] points = [${tuples(5000, () => `${random()}, ${-random()}, ${random() * 1e-5}`)}]
    }
`,
    ),
  'small prims': (bytes) =>
    repeat(
      bytes,
      (i) => `    def Cube "Cube_${i}" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        float3[] extent = [(-1, -1, -1), (1, 1, 1)]
        rel material:binding = </World/Looks/Material_${i % 100}>
        color3f[] primvars:displayColor = [(${single(random())}, 0.5, 0.25)]
        double size = ${i / 7}
        double3 xformOp:translate = (${i}, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
`,
    ),
};

function repeat(bytes, prim) {
  const parts = ['#usda 1.0\n(\n    upAxis = "Y"\n)\n\ndef Xform "World"\n{\n'];
  for (let length = 0, i = 0; length < bytes; i++) {
    const text = prim(i);
    length += text.length;
    parts.push(text);
  }
  return new TextEncoder().encode(`${parts.join('')}}\n`);
}

function measure(run) {
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return { first: times[0], best: Math.min(...times) };
}

const ours = (bytes) => parseUsda('bench.usda', bytes, new ProblemList());
const READERS = {
  'three.js': (bytes) => new USDAParser().parseData(new TextDecoder().decode(bytes)),
  TypeScript: ours,
  'with kernel': ours,
};

/** One reader on one layer, in a process of its own: what another one leaves on the heap slows the next. */
async function measureAlone(reader, layer) {
  if (reader === 'with kernel' && !(await initKernel(readFileSync(new URL('../packages/usd-wasm/dist/kernel.wasm', import.meta.url)))))
    throw new Error('the kernel did not start');
  const bytes = layers[layer](MEGABYTES * 1e6);
  console.log(JSON.stringify({ megabytes: bytes.length / 1e6, ...measure(() => READERS[reader](bytes)) }));
}

const [reader, layer] = process.argv.slice(2);
if (reader !== undefined) await measureAlone(reader, layer);
else {
  console.log(
    `| MB/s, first and best of ${ROUNDS} rounds | ${Object.keys(READERS).join(' | ')} | ratio of firsts |\n|---|---|---|---|---|`,
  );
  for (const name of Object.keys(layers)) {
    const results = Object.keys(READERS).map((reader) =>
      JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), reader, name], { encoding: 'utf8' })),
    );
    const cells = results.map(
      ({ megabytes, first, best }) => `${((megabytes * 1000) / first).toFixed(0)}, ${((megabytes * 1000) / best).toFixed(0)}`,
    );
    console.log(
      `| ${name}, ${results[0].megabytes.toFixed(1)} MB | ${cells.join(' | ')} | ${(results[0].first / results[2].first).toFixed(1)} |`,
    );
  }
}
