/** Writes the generated inputs of `bench:open`: 2,000 meshes of about 1,000 triangles, as text and as a crate. Cached in `.cache/bench`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseUsda, writeUsdc } from 'usd-wasm';

const folder = fileURLToPath(new URL('../.cache/bench/', import.meta.url));
/** Quarter offsets keep translations from being inlined in the crate as small integers, which the other side cannot read. */
const MESHES = 2000;
const [COLUMNS, ROWS] = [25, 20];

/** Paths of the two files, made if they are not there. */
export function generatedFiles() {
  const [text, crate] = [`${folder}meshes.usda`, `${folder}meshes.usdc`];
  if (existsSync(text) && existsSync(crate)) return [text, crate];
  mkdirSync(folder, { recursive: true });
  const bytes = new TextEncoder().encode(sceneText());
  writeFileSync(text, bytes);
  writeFileSync(crate, writeUsdc(parseUsda('meshes.usda', bytes, { report: (problem) => console.warn(problem.message) })));
  return [text, crate];
}

function sceneText() {
  const parts = ['#usda 1.0\n(\n    defaultPrim = "World"\n    metersPerUnit = 1\n    upAxis = "Y"\n)\n\ndef Xform "World"\n{\n'];
  const side = Math.ceil(Math.cbrt(MESHES));
  for (let i = 0; i < MESHES; i++) {
    const place = [i % side, Math.floor(i / side) % side, Math.floor(i / (side * side))];
    parts.push(meshText(i, place));
  }
  parts.push('}\n');
  return parts.join('');
}

function meshText(index, [x, y, z]) {
  const points = [];
  const normals = [];
  const st = [];
  for (let row = 0; row <= ROWS; row++) {
    for (let column = 0; column <= COLUMNS; column++) {
      const [u, v] = [column / COLUMNS, row / ROWS];
      const [longitude, latitude] = [u * Math.PI * 2, (v - 0.5) * Math.PI];
      const normal = [Math.cos(latitude) * Math.cos(longitude), Math.sin(latitude), -Math.cos(latitude) * Math.sin(longitude)];
      const radius = 0.4 + 0.03 * Math.sin(index + normal[0] * 5) * Math.cos(index * 2 + normal[1] * 7);
      points.push(`(${normal.map((value) => (value * radius).toPrecision(7)).join(', ')})`);
      normals.push(`(${normal.map((value) => value.toPrecision(6)).join(', ')})`);
      st.push(`(${u.toPrecision(4)}, ${v.toPrecision(4)})`);
    }
  }
  const counts = [];
  const indices = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const corner = row * (COLUMNS + 1) + column;
      counts.push(4);
      indices.push(corner, corner + 1, corner + COLUMNS + 2, corner + COLUMNS + 1);
    }
  }
  return `    def Mesh "Mesh_${index}"
    {
        float3[] extent = [(-0.45, -0.45, -0.45), (0.45, 0.45, 0.45)]
        int[] faceVertexCounts = [${counts.join(', ')}]
        int[] faceVertexIndices = [${indices.join(', ')}]
        normal3f[] normals = [${normals.join(', ')}] (
            interpolation = "vertex"
        )
        point3f[] points = [${points.join(', ')}]
        color3f[] primvars:displayColor = [(${[0.3 + (0.7 * ((index * 7) % 10)) / 10, 0.5, 0.3 + (0.7 * ((index * 3) % 10)) / 10].map((value) => value.toFixed(2)).join(', ')})]
        texCoord2f[] primvars:st = [${st.join(', ')}] (
            interpolation = "vertex"
        )
        uniform token subdivisionScheme = "none"
        double3 xformOp:translate = (${[x, y, z].map((value) => value + 0.25).join(', ')})
        uniform token[] xformOpOrder = ["xformOp:translate"]
    }
`;
}
