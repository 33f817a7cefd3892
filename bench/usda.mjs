/**
 * Megabytes of text layer per second: ours with and without the WebAssembly kernel, and three.js's reader, on layers made here.
 *
 * All read the same bytes in one process, in turn; the first and the best of the rounds are printed. `npm run build -w usd-wasm` first.
 */
import { readFileSync } from 'node:fs';
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

const inputs = Object.entries(layers).map(([name, make]) => [name, make(MEGABYTES * 1e6)]);
const ours = (bytes) => parseUsda('bench.usda', bytes, new ProblemList());
const three = (bytes) => new USDAParser().parseData(new TextDecoder().decode(bytes));
const results = new Map(inputs.map(([name]) => [name, {}]));
for (const [name, bytes] of inputs) results.get(name).three = measure(() => three(bytes));
for (const [name, bytes] of inputs) results.get(name).script = measure(() => ours(bytes));
if (!(await initKernel(readFileSync(new URL('../packages/usd-wasm/dist/kernel.wasm', import.meta.url)))))
  throw new Error('the kernel did not start');
for (const [name, bytes] of inputs) results.get(name).kernel = measure(() => ours(bytes));

console.log('MB/s, first and best of', ROUNDS, 'rounds'.padEnd(12), 'three.js        TypeScript      with kernel     ratio of firsts');
for (const [name, bytes] of inputs) {
  const { three, script, kernel } = results.get(name);
  const speed = ({ first, best }) =>
    `${(bytes.length / 1000 / first).toFixed(0).padStart(4)} ${(bytes.length / 1000 / best).toFixed(0).padStart(4)}`.padEnd(15);
  console.log(
    `${name} (${(bytes.length / 1e6).toFixed(1)} MB)`.padEnd(41),
    speed(three),
    speed(script),
    speed(kernel),
    (three.first / kernel.first).toFixed(1),
  );
}
