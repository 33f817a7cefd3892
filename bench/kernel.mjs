/**
 * Compares the WebAssembly jobs of usd-wasm with their TypeScript forms, copies into and out of WebAssembly memory included.
 *
 * Both run alternately in one process; the best of the rounds counts, because other work on the machine only ever adds time.
 * Exit status 1 when a job that has a WebAssembly form is less than 1.3 times as fast with it on 30,000 elements or more.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const REQUIRED = 1.3;
const ROUNDS = Number(process.env.ROUNDS ?? 9);
const root = fileURLToPath(new URL('..', import.meta.url));
const source = `${root}packages/usd-wasm/src`;
const names = ['kernel', 'kernel-module', 'bounds-reference', 'gather-reference', 'half-reference', 'integers-reference', 'lz4-reference', 'normals-reference', 'numbers-reference', 'tangents-reference', 'triangulate-reference', 'weld-reference']; // prettier-ignore
const outDir = `${root}node_modules/.tmp/bench-kernel`;
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    minify: false,
    outDir,
    rollupOptions: {
      input: {
        ...Object.fromEntries(names.map((name) => [name, `${source}/kernel/${name}.ts`])),
        lz4: `${source}/usdc/lz4-compressor.ts`,
        integers: `${source}/usdc/integer-encoding.ts`,
      },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    },
  },
});
const load = (name) => import(pathToFileURL(`${outDir}/${name}.mjs`).href);
const kernel = await load('kernel');
const reference = Object.assign({}, ...(await Promise.all(names.slice(2).map(load))));
const { lz4Compress } = await load('lz4');
const { encodeIntegers32, encodeIntegers64 } = await load('integers');
const { readFileSync } = await import('node:fs');
if (!(await kernel.initKernel(readFileSync(`${source}/kernel/kernel.wasm`)))) throw new Error('the kernel did not load');

const rows = [];
for (const size of [1_000, 30_000, 300_000, 1_000_000]) {
  for (const { name, amount, unit, run } of jobs(size)) rows.push(measure(name, size, amount, unit, run));
}
print(rows);
const slow = rows.filter((row) => row.size >= 30_000 && row.hasKernel && row.ratio < REQUIRED);
if (slow.length > 0) {
  console.error(`less than ${REQUIRED} times as fast with WebAssembly: ${slow.map((row) => row.name).join(', ')}`);
  process.exitCode = 1;
}

/** What each job does on arrays of about `size` elements; `amount` is in millions of `unit`. */
function jobs(size) {
  const random = seeded(7);
  const side = Math.max(2, Math.round(Math.sqrt(size)));
  const mesh = makeGrid(side);
  const indexCodes = encodeIntegers32(mesh.indices);
  const ids = BigInt64Array.from({ length: size }, (_, i) => BigInt(i * 3 + Math.floor(random() * 900)));
  const idCodes = encodeIntegers64(ids);
  const floats = Float32Array.from({ length: size }, () => (random() - 0.5) * 100);
  const halfs = reference.floatToHalf(floats);
  const block = lz4Compress(indexCodes);
  const names = new TextEncoder().encode(
    Array.from({ length: size / 4 }, (_, i) => `Mesh_${i}\0primvars:st${Math.floor(random() * 40)}\0`).join(''),
  );
  const nameBlock = lz4Compress(names);
  const text = (spell, count) => new TextEncoder().encode(`${Array.from({ length: count }, spell).join(', ')}]`);
  const points = text(
    (_, i) =>
      `(${mesh.points[(i * 3) % mesh.points.length]}, ${mesh.points[(i * 3 + 1) % mesh.points.length].toPrecision(7)}, ${floats[i].toFixed(4)})`,
    size / 3,
  );
  const doubles = text(() => String(random() * 20 - 10), size);
  const integers = text((_, i) => mesh.quads[i % mesh.quads.length], size);
  const corners = expand(mesh);
  const rows = weldRows(corners);
  const millions = (count) => count / 1e6;
  return [
    job('lz4Decompress, indices', millions(indexCodes.length), 'MB', 'lz4Decompress', block, indexCodes.length),
    job('lz4Decompress, names', millions(names.length), 'MB', 'lz4Decompress', nameBlock, names.length),
    job('decodeIntegers32', millions(mesh.indices.length), 'M', 'decodeIntegers32', indexCodes, mesh.indices.length),
    job('decodeIntegers64', millions(size), 'M', 'decodeIntegers64', idCodes, size),
    job('halfToFloat', millions(size), 'M', 'halfToFloat', halfs),
    job('floatToHalf', millions(size), 'M', 'floatToHalf', floats),
    job('parseNumbers, float3', millions(points.length), 'MB', 'parseNumbers', points, 0, 'f32'),
    job('parseNumbers, double', millions(doubles.length), 'MB', 'parseNumbers', doubles, 0, 'f64'),
    job('parseNumbers, int', millions(integers.length), 'MB', 'parseNumbers', integers, 0, 'i32'),
    job('triangulate', millions(mesh.quads.length / 4), 'M quads', 'triangulate', mesh.counts, mesh.quads, mesh.points, undefined, false),
    job('smoothNormals', millions(mesh.indices.length / 3), 'M triangles', 'smoothNormals', mesh.points, mesh.indices),
    job('weld', millions(rows.length / 8), 'M corners', 'weld', rows, 8),
    job('tangents', millions(corners.positions.length / 9), 'M triangles', 'tangents', corners.positions, corners.normals, corners.uvs),
    job('bounds', millions(mesh.points.length / 3), 'M points', 'bounds', mesh.points),
    job('gather, width 2', millions(mesh.indices.length), 'M rows', 'gather', mesh.uvs, 2, mesh.indices),
    job('gather, width 3', millions(mesh.indices.length), 'M rows', 'gather', mesh.points, 3, mesh.indices),
  ];
}

function job(name, amount, unit, call, ...args) {
  const isLarge = (call === 'weld' || call === 'gather') && amount * 1e6 > kernel.MOST_ROWS;
  return {
    name,
    amount,
    unit,
    run: { reference: () => reference[call](...args), kernel: isLarge ? undefined : () => kernel[call](...args) },
  };
}

/** Best seconds per call of both forms, in turns; short jobs are repeated within a round. */
function measure(name, size, amount, unit, run) {
  const repeat = Math.max(1, Math.min(2000, Math.round(0.01 / time(run.reference, 3))));
  const best = { reference: Infinity, kernel: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    for (const form of round % 2 === 0 ? ['reference', 'kernel'] : ['kernel', 'reference']) {
      if (run[form] !== undefined) best[form] = Math.min(best[form], time(run[form], repeat));
    }
  }
  const hasKernel = run.kernel !== undefined;
  return {
    name,
    size,
    unit,
    hasKernel,
    reference: amount / best.reference,
    kernel: amount / best.kernel,
    ratio: best.reference / best.kernel,
  };
}

function time(call, repeat) {
  const begin = performance.now();
  for (let i = 0; i < repeat; i++) call();
  return (performance.now() - begin) / 1000 / repeat;
}

function print(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(line(['job', 'elements', 'TypeScript', 'WebAssembly', 'ratio', 'serves']));
  console.log(line(['---', '--:', '--:', '--:', '--:', '---']));
  for (const { name, size, unit, hasKernel, reference: slow, kernel: fast, ratio } of rows) {
    const rate = (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}/s`;
    console.log(
      line([
        name,
        size.toLocaleString('en'),
        rate(slow),
        hasKernel ? rate(fast) : '-',
        hasKernel ? ratio.toFixed(2) : '-',
        hasKernel ? 'WebAssembly' : 'TypeScript',
      ]),
    );
  }
}

/** A wavy sheet of quads: points, normals, texture coordinates, quads and their triangles. */
function makeGrid(side) {
  const points = new Float32Array(side * side * 3);
  const normals = new Float32Array(side * side * 3);
  const uvs = new Float32Array(side * side * 2);
  for (let j = 0, i = 0; j < side; j++) {
    for (let k = 0; k < side; k++, i++) {
      const [u, v] = [k / (side - 1), j / (side - 1)];
      points.set([u * 10, Math.sin(u * 9) * Math.cos(v * 7), v * 10], i * 3);
      const slope = [-0.9 * Math.cos(u * 9) * Math.cos(v * 7), 1, 0.7 * Math.sin(u * 9) * Math.sin(v * 7)];
      normals.set(slope.map((x) => x / Math.hypot(...slope)), i * 3); // prettier-ignore
      uvs.set([u, v], i * 2);
    }
  }
  const quads = new Int32Array((side - 1) * (side - 1) * 4);
  const indices = new Uint32Array((side - 1) * (side - 1) * 6);
  for (let j = 0, q = 0; j < side - 1; j++) {
    for (let k = 0; k < side - 1; k++, q++) {
      const a = j * side + k;
      quads.set([a, a + side, a + side + 1, a + 1], q * 4);
      indices.set([a, a + side, a + side + 1, a, a + side + 1, a + 1], q * 6);
    }
  }
  return { points, normals, uvs, quads, indices, counts: new Int32Array(quads.length / 4).fill(4) };
}

function expand({ points, normals, uvs, indices }) {
  return {
    positions: reference.gather(points, 3, indices),
    normals: reference.gather(normals, 3, indices),
    uvs: reference.gather(uvs, 2, indices),
  };
}

function weldRows({ positions, normals, uvs }) {
  const rows = new Float32Array((positions.length / 3) * 8);
  for (let i = 0; i < positions.length / 3; i++) {
    rows.set(positions.subarray(i * 3, i * 3 + 3), i * 8);
    rows.set(normals.subarray(i * 3, i * 3 + 3), i * 8 + 3);
    rows.set(uvs.subarray(i * 2, i * 2 + 2), i * 8 + 6);
  }
  return new Uint32Array(rows.buffer);
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
