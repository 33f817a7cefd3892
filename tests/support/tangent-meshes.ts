import { makeRandom } from './random.ts';

/** Unindexed triangles for tangent tests. Each kind has its own trap. */
export const MESH_KINDS = [
  'sphere', // seam and poles, where triangles lose their area
  'torus', // closed in both directions
  'torus with mirrored texture', // both orientations meet at shared vertices
  'flat-shaded sphere', // normals differ, vertices are not shared
  'bumpy grid', // shared vertices of uneven angles
  'grid without texture area', // some triangles join any group
  'grid with degenerate triangles', // some copy a neighbour's result
  'random triangles', // nothing shared
  'random shared triangles', // edges of many triangles
  'opposite directions', // a group that must be split
] as const;
export type MeshKind = (typeof MESH_KINDS)[number];

export interface TangentMesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
}

type Vertex = readonly [position: number[], normal: number[], uv: number[]];

export function makeMesh(kind: MeshKind, size = 24, seed = 1): TangentMesh {
  const random = makeRandom(seed);
  switch (kind) {
    case 'sphere':
      return flatten(surface(size, 2 * size, sphereAt));
    case 'torus':
      return flatten(surface(size, size, torusAt));
    case 'torus with mirrored texture':
      return flatten(surface(size, size, (u, v) => mirror(torusAt(u, v))));
    case 'flat-shaded sphere':
      return flatten(surface(size, size, sphereAt).map(flatShade));
    case 'bumpy grid':
      return flatten(surface(size, size, bumpAt));
    case 'grid without texture area':
      return flatten(
        surface(size, size, bumpAt).map((triangle) =>
          random() < 0.15 ? triangle.map((v): Vertex => [v[0], v[1], [0.25, v[2][1]!]]) : triangle,
        ),
      );
    case 'grid with degenerate triangles':
      return flatten(
        surface(size, size, bumpAt).map((triangle) => (random() < 0.15 ? [triangle[0]!, triangle[1]!, triangle[0]!] : triangle)),
      );
    case 'random triangles':
      return flatten(Array.from({ length: size * size }, () => [randomVertex(random), randomVertex(random), randomVertex(random)]));
    case 'random shared triangles': {
      const vertices = Array.from({ length: size }, () => randomVertex(random));
      const pick = (): Vertex => vertices[Math.floor(random() * size)]!;
      return flatten(Array.from({ length: size * size }, () => [pick(), pick(), pick()]));
    }
    case 'opposite directions':
      return flatten(pinwheel());
  }
}

/** A quad grid over the unit square, two triangles each. */
function surface(columns: number, rows: number, at: (u: number, v: number) => Vertex): Vertex[][] {
  const triangles: Vertex[][] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = (i: number, j: number): Vertex => at((column + i) / columns, (row + j) / rows);
      triangles.push([corner(0, 0), corner(1, 0), corner(1, 1)], [corner(0, 0), corner(1, 1), corner(0, 1)]);
    }
  }
  return triangles;
}

function sphereAt(u: number, v: number): Vertex {
  const theta = 2 * Math.PI * (u === 1 ? 0 : u);
  const phi = Math.PI * v;
  const ring = v === 1 ? 0 : Math.sin(phi);
  const normal = [Math.cos(theta) * ring, Math.cos(phi), Math.sin(theta) * ring];
  return [normal.map((x) => x * 3), normal, [u, v]];
}

function torusAt(u: number, v: number): Vertex {
  const a = 2 * Math.PI * (u === 1 ? 0 : u);
  const b = 2 * Math.PI * (v === 1 ? 0 : v);
  const normal = [Math.cos(a) * Math.cos(b), Math.sin(b), Math.sin(a) * Math.cos(b)];
  return [[Math.cos(a) * (2 + Math.cos(b) * 0.7), Math.sin(b) * 0.7, Math.sin(a) * (2 + Math.cos(b) * 0.7)], normal, [u * 4, v]];
}

function mirror([position, normal, [u, v]]: Vertex): Vertex {
  return [position, normal, [Math.abs(u! - 2), v!]];
}

function bumpAt(u: number, v: number): Vertex {
  const height = Math.sin(u * 7) * Math.cos(v * 9) * 0.2;
  const slope = [-Math.cos(u * 7) * 7 * Math.cos(v * 9) * 0.2, 1, Math.sin(u * 7) * Math.sin(v * 9) * 9 * 0.2];
  return [[u, height, v], normalize(slope), [u + v * 0.2, v - u * u * 0.3]];
}

function flatShade(triangle: Vertex[]): Vertex[] {
  const [a, b, c] = triangle.map((vertex) => vertex[0]) as [number[], number[], number[]];
  const u = a.map((x, i) => b[i]! - x);
  const v = a.map((x, i) => c[i]! - x);
  const normal = normalize([u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!]);
  return triangle.map((vertex): Vertex => [vertex[0], normal, vertex[2]]);
}

function randomVertex(random: () => number): Vertex {
  const signed = (): number => random() * 2 - 1;
  return [[signed(), signed(), signed()], normalize([signed(), signed(), signed()]), [random(), random()]];
}

/** Eight triangles around one vertex; the texture goes round twice, so that directions across are exactly opposite. */
function pinwheel(): Vertex[][] {
  const up = [0, 0, 1];
  const rim = [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]]; // prettier-ignore
  const turned = [[1, 0], [0, 1], [-1, 0], [0, -1]]; // prettier-ignore
  const corner = (blade: number): Vertex => [[...rim[blade % 8]!, 0], up, turned[blade % 4]!];
  return rim.map((_, blade) => [[[0, 0, 0], up, [0, 0]], corner(blade), corner(blade + 1)]);
}

function normalize(v: number[]): number[] {
  const length = Math.hypot(...v) || 1;
  return v.map((x) => x / length);
}

function flatten(triangles: Vertex[][]): TangentMesh {
  const corners = triangles.flat();
  return {
    positions: new Float32Array(corners.flatMap((vertex) => vertex[0])),
    normals: new Float32Array(corners.flatMap((vertex) => vertex[1])),
    uvs: new Float32Array(corners.flatMap((vertex) => vertex[2])),
  };
}
