/** Layers made by the benchmark, as text and as crates, kept in `.cache/bench-usd` from one run to the next. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MemoryLayerData, makeValue, parseUsda, ProblemList, writeUsdc } from 'usd-wasm';

const folder = fileURLToPath(new URL('../../.cache/bench-usd/', import.meta.url));
const MEGABYTES = Number(process.env.MEGABYTES ?? 30);
/** Crates are made from this many times as much text, as they hold it in less: but for small prims, of which writing takes longest. */
const CRATE_SCALE = { 'meshes of 4,000 triangles': 8, 'small prims': 1, animation: 4 };

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
const spread = (scale) => single((random() - 0.5) * scale);
const tuples = (count, component) => Array.from({ length: count }, () => `(${component()})`).join(', ');

const PRIMS = {
  'meshes of 4,000 triangles': (i) => {
    const points = 2000;
    return `    def Mesh "Mesh_${i}"
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
`;
  },
  'points of 17 digits': (i) => `    def Points "Points_${i}"
    {
        point3f[] points = [${tuples(5000, () => `${random()}, ${-random()}, ${random() * 1e-5}`)}]
    }
`,
  // In groups: three.js's crate reader calls itself for each sibling.
  'small prims': (i) => `${
    i % 1000 === 0
      ? `${i === 0 ? '' : '    }\n'}    def Xform "Group_${i / 1000}"
    {
`
      : ''
  }    def Cube "Cube_${i}" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        float3[] extent = [(-1, -1, -1), (1, 1, 1)]
        rel material:binding = </World/Looks/Material_${i % 100}>
        color3f[] primvars:displayColor = [(${single(random())}, 0.5, 0.25)]
        double size = ${i / 7}
        double3 xformOp:translate = (${i + 0.25}, 0, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
`,
  animation: (i) => `    def Mesh "Moving_${i}"
    {
        point3f[] points.timeSamples = {
${Array.from({ length: 24 }, (_, frame) => `            ${frame}: [${tuples(200, () => `${spread(10)}, ${spread(10)}, ${spread(10)}`)}],\n`).join('')}        }
        double3 xformOp:translate.timeSamples = {
${Array.from({ length: 24 }, (_, frame) => `            ${frame}: (${spread(10)}, ${spread(10)}, ${frame + 0.25}),\n`).join('')}        }
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
`,
};

export const TEXT_LAYERS = Object.keys(PRIMS);
/** Digits are nothing to a crate. */
export const CRATE_LAYERS = Object.keys(CRATE_SCALE);

/** Path of a generated layer: `usda` of about `MEGABYTES` MB, `usdc` of the same prims, some times as many. */
export function generatedLayer(name, format) {
  const scale = format === 'usda' ? 1 : CRATE_SCALE[name];
  const file = `${folder}${name.replaceAll(/\W+/gu, '-')}-${MEGABYTES * scale}.${format}`;
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const text = repeated(MEGABYTES * scale * 1e6, PRIMS[name], name === 'small prims' ? '    }\n' : '');
    writeFileSync(file, format === 'usda' ? text : writeUsdc(parseUsda(file, text, new ProblemList())));
  }
  return file;
}

function repeated(bytes, prim, end) {
  state = 1;
  const parts = ['#usda 1.0\n(\n    defaultPrim = "World"\n    upAxis = "Y"\n)\n\ndef Xform "World"\n{\n'];
  for (let length = 0, i = 0; length < bytes; i++) {
    const text = prim(i);
    length += text.length;
    parts.push(text);
  }
  return new TextEncoder().encode(`${parts.join('')}${end}}\n`);
}

/**
 * A crate of about that many megabytes: meshes of 20,000 points, floats stored plainly and indices compressed, as exporters write
 * them. Made without text, which would take ten times the room.
 */
export function generatedCrate(megabytes) {
  const file = `${folder}meshes-${megabytes}-MB.usdc`;
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const points = 20_000;
  // Random indices take 2.25 bytes each.
  const bytesPerMesh = points * (12 + 12 + 8) + points * 6 * 2.25;
  const data = new MemoryLayerData();
  const names = Array.from({ length: Math.round((megabytes * 1e6) / bytesPerMesh) }, (_, i) => `Mesh_${i}`);
  data.setField('/', 'primChildren', makeValue('tokenVector', ['World']));
  prim(data, '/World', 'Xform', { primChildren: makeValue('tokenVector', names) });
  state = 1;
  for (const name of names) {
    const path = `/World/${name}`;
    const attributes = {
      faceVertexCounts: ['int[]', new Int32Array(points * 2).fill(3)],
      faceVertexIndices: ['int[]', Int32Array.from({ length: points * 6 }, () => Math.floor(random() * points))],
      normals: ['normal3f[]', Float32Array.from({ length: points * 3 }, () => random() - 0.5), 'float3[]'],
      points: ['point3f[]', Float32Array.from({ length: points * 3 }, () => random() * 10), 'float3[]'],
      'primvars:st': ['texCoord2f[]', Float32Array.from({ length: points * 2 }, random), 'float2[]'],
    };
    prim(data, path, 'Mesh', { properties: makeValue('tokenVector', Object.keys(attributes)) });
    for (const [attribute, [type, value, storage]] of Object.entries(attributes)) {
      const at = `${path}.${attribute}`;
      data.createSpec(at, 'attribute');
      data.setField(at, 'typeName', makeValue('token', type));
      data.setField(at, 'default', makeValue(storage ?? type, value));
    }
  }
  writeFileSync(file, writeUsdc(data));
  return file;
}

function prim(data, path, type, fields) {
  data.createSpec(path, 'prim');
  data.setField(path, 'specifier', makeValue('specifier', 'def'));
  data.setField(path, 'typeName', makeValue('token', type));
  for (const [name, value] of Object.entries(fields)) data.setField(path, name, value);
}

/** Size of a file in MB. */
export const megabytesOf = (file) => statSync(file).size / 1e6;
