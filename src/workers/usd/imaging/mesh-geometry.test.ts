import { describe, expect, test } from 'vitest';
import { NONE_ID, type MaterialId } from '../../../share/protocol/scene.ts';
import { buildMesh, type MeshSource, type PrimvarData } from './mesh-geometry.ts';

/** Two quads that share an edge, in the XY plane, seen from +Z:
 *
 *   3 --- 2 --- 5
 *   |  0  |  1  |
 *   0 --- 1 --- 4
 */
const TWO_QUADS: MeshSource = {
  points: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 2, 0, 0, 2, 1, 0),
  faceVertexCounts: Int32Array.of(4, 4),
  faceVertexIndices: Int32Array.of(0, 1, 2, 3, 1, 4, 5, 2),
  isLeftHanded: false,
  isSmooth: true,
  uvs: [],
  subsets: [],
};

const none = (): never => {
  throw new Error('no problem was expected');
};
const primvar = (values: number[], width: number, interpolation: PrimvarData['interpolation'], indices?: number[]): PrimvarData => ({
  values: Float32Array.from(values),
  width,
  interpolation,
  ...(indices === undefined ? {} : { indices: Int32Array.from(indices) }),
});
const rows = (array: Float32Array, width: number): number[][] =>
  Array.from({ length: array.length / width }, (_, i) => Array.from(array.subarray(i * width, i * width + width)));

describe('buildMesh', () => {
  test('keeps the points as vertices when every attribute lives on points', () => {
    const mesh = buildMesh({ ...TWO_QUADS, uvs: [primvar([0, 0, 1, 0, 1, 1, 0, 1, 2, 0, 2, 1], 2, 'vertex')] }, none)!;
    expect(rows(mesh.positions, 3)).toHaveLength(6);
    expect([...mesh.indices]).toEqual([0, 1, 2, 0, 2, 3, 1, 4, 5, 1, 5, 2]);
    expect(rows(mesh.normals, 3)).toEqual(Array(6).fill([0, 0, 1]));
    expect(mesh.bounds).toEqual([0, 0, 0, 2, 1, 0]);
    expect(mesh.subsets).toEqual([{ firstTriangle: 0, triangleCount: 4, material: NONE_ID }]);
    expect(mesh.positions).not.toBe(TWO_QUADS.points);
  });

  test('splits corners that differ and joins those that agree', () => {
    const uvs = primvar(
      [0, 0, 1, 0, 1, 1, 0, 1, /* second face: */ 1, 0, 2, 0, 2, 1, /* differs at point 2: */ 0.5, 0.5],
      2,
      'faceVarying',
    );
    const mesh = buildMesh({ ...TWO_QUADS, uvs: [uvs] }, none)!;
    expect(rows(mesh.positions, 3)).toHaveLength(7); // only point 2 is split
    expect(rows(mesh.uvs[0]!, 2)).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [2, 0],
      [2, 1],
      [0.5, 0.5],
    ]);
    expect([...mesh.indices]).toEqual([0, 1, 2, 0, 2, 3, 1, 4, 5, 1, 5, 6]);
  });

  test('looks indexed values up', () => {
    const uvs = primvar([0, 0, 1, 1], 2, 'faceVarying', [0, 1, 1, 0, 1, 0, 0, 1]);
    const mesh = buildMesh({ ...TWO_QUADS, uvs: [uvs] }, none)!;
    expect(rows(mesh.uvs[0]!, 2)).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const perPoint = buildMesh({ ...TWO_QUADS, uvs: [primvar([5, 5, 6, 6], 2, 'vertex', [0, 0, 0, 1, 1, 1])] }, none)!;
    expect(rows(perPoint.uvs[0]!, 2)).toEqual([
      [5, 5],
      [5, 5],
      [5, 5],
      [6, 6],
      [6, 6],
      [6, 6],
    ]);
  });

  test('takes corner values indexed like the points as point values', () => {
    const uvs = primvar([0, 0, 1, 0, 1, 1, 0, 1, 2, 0, 2, 1], 2, 'faceVarying', [0, 1, 2, 3, 1, 4, 5, 2]);
    expect(rows(buildMesh({ ...TWO_QUADS, uvs: [uvs] }, none)!.positions, 3)).toHaveLength(6);
  });

  test('shades flat where no normals are authored and nothing is smooth', () => {
    const folded: MeshSource = {
      ...TWO_QUADS,
      isSmooth: false,
      points: Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, -1, 1, 1, -1),
    };
    const mesh = buildMesh(folded, none)!;
    // face 0 looks along +Z, face 1 along +X; points 1 and 2 belong to both
    expect(rows(mesh.normals, 3)).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  test('turns left-handed faces round, their computed normals too', () => {
    const mesh = buildMesh({ ...TWO_QUADS, isLeftHanded: true }, none)!;
    expect([...mesh.indices.subarray(0, 3)]).toEqual([0, 2, 1]);
    expect(rows(mesh.normals, 3)[0]).toEqual([0, 0, -1]);
    const flat = buildMesh({ ...TWO_QUADS, isLeftHanded: true, isSmooth: false }, none)!;
    expect(rows(flat.normals, 3)[0]!.map((x) => x + 0)).toEqual([0, 0, -1]);
  });

  test('normalises authored normals and replaces broken ones', () => {
    const mesh = buildMesh(
      { ...TWO_QUADS, normals: primvar([0, 0, 5, 3, 4, 0, 0, 0, 0, NaN, 0, 0, 0, 1, 0, 0, 1, 0], 3, 'vertex') },
      none,
    )!;
    expect(rows(mesh.normals, 3).map((n) => n.map((x) => Math.round(x * 10) / 10))).toEqual([
      [0, 0, 1],
      [0.6, 0.8, 0],
      [0, 0, 1],
      [0, 0, 1],
      [0, 1, 0],
      [0, 1, 0],
    ]);
  });

  test('normalises normals whose squares are no numbers any more', () => {
    const huge = 3e38;
    const tiny = 1e-44;
    const mesh = buildMesh(
      { ...TWO_QUADS, normals: primvar([huge, huge, 0, tiny, 0, 0, Infinity, 0, 0, 0, -huge, 0, 0, 0, NaN, 0, 1, 0], 3, 'vertex') },
      none,
    )!;
    expect(rows(mesh.normals, 3).map((n) => n.map((x) => Math.round(x * 100) / 100 + 0))).toEqual([
      [0.71, 0.71, 0],
      [1, 0, 0],
      [0, 0, 1],
      [0, -1, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
  });

  test.each([
    ['constant', [1, 0, 0], 6],
    ['uniform', [1, 0, 0, 0, 1, 0], 8], // both shared points get a vertex per face
    ['vertex', Array.from({ length: 18 }, (_, i) => i / 18), 6],
    ['varying', Array.from({ length: 18 }, (_, i) => i / 18), 6],
    ['faceVarying', Array.from({ length: 24 }, (_, i) => i / 24), 8],
  ] as const)('spreads %s colours', (interpolation, values, vertexCount) => {
    const mesh = buildMesh({ ...TWO_QUADS, color: primvar([...values], 3, interpolation), opacity: primvar([0.25], 1, 'constant') }, none)!;
    expect(mesh.colors).toHaveLength(vertexCount * 4);
    const [first] = rows(mesh.colors!, 4);
    expect(first!.slice(0, 3)).toEqual(Array.from(Float32Array.from(values.slice(0, 3))));
    expect(rows(mesh.colors!, 4).every((color) => color[3] === 0.25)).toBe(true);
  });

  test('orders triangles by subset, the first subset of a face wins', () => {
    const mesh = buildMesh(
      {
        ...TWO_QUADS,
        subsets: [
          { faces: Int32Array.of(1, 99, -1), material: 7 as MaterialId },
          { faces: Int32Array.of(1), material: 8 as MaterialId },
        ],
      },
      none,
    )!;
    expect(mesh.subsets).toEqual([
      { firstTriangle: 0, triangleCount: 2, material: NONE_ID },
      { firstTriangle: 2, triangleCount: 2, material: 7 },
    ]);
    const swapped = buildMesh(
      {
        ...TWO_QUADS,
        subsets: [
          { faces: Int32Array.of(1), material: 7 as MaterialId },
          { faces: Int32Array.of(0), material: 8 as MaterialId },
        ],
      },
      none,
    )!;
    expect([...swapped.indices]).toEqual([1, 4, 5, 1, 5, 2, 0, 1, 2, 0, 2, 3]);
  });

  test('leaves out holes', () => {
    const mesh = buildMesh({ ...TWO_QUADS, holeIndices: Int32Array.of(0) }, none)!;
    expect([...mesh.indices]).toEqual([1, 4, 5, 1, 5, 2]);
  });

  test('makes tangents along u and splits mirrored ones', () => {
    // face 1 has u running backwards
    const uvs = primvar([0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1], 2, 'faceVarying');
    const mesh = buildMesh({ ...TWO_QUADS, uvs: [uvs], tangentUvs: 0 }, none)!;
    const tangents = rows(mesh.tangents!, 4).map((t) => t.map((x) => Math.round(x) + 0));
    expect(new Set(tangents.map((t) => t.join(' ')))).toEqual(new Set(['1 0 0 1', '-1 0 0 -1']));
    expect(mesh.positions.length / 3).toBe(mesh.tangents!.length / 4);
    expect(mesh.indices).toHaveLength(12);
  });

  test('reports and leaves out primvars that are too short', () => {
    const problems: string[] = [];
    const mesh = buildMesh({ ...TWO_QUADS, uvs: [primvar([0, 0], 2, 'vertex')] }, (code) => problems.push(code))!;
    expect(problems).toEqual(['invalid-primvar']);
    expect(mesh.uvs).toEqual([]);
  });

  test('survives indices and counts that make no sense', () => {
    const problems: string[] = [];
    const broken: MeshSource = {
      ...TWO_QUADS,
      faceVertexCounts: Int32Array.of(4, 4, 3, -1, 2),
      faceVertexIndices: Int32Array.of(0, 1, 2, 3, 1, 4, 99, 2, 0, -1),
    };
    const mesh = buildMesh(broken, (code) => problems.push(code))!;
    expect(problems).toContain('invalid-topology');
    expect(Math.max(...mesh.indices)).toBeLessThan(6);
    expect(buildMesh({ ...TWO_QUADS, faceVertexCounts: new Int32Array(0), faceVertexIndices: new Int32Array(0) }, none)).toBeUndefined();
    expect(buildMesh({ ...TWO_QUADS, points: new Float32Array(0) }, () => undefined)).toBeUndefined();
  });
});
