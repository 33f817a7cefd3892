/**
 * Triangles of the implicit shapes, along +Z, with analytic normals and a simple set of texture coordinates.
 * Round shapes are profiles turned about Z; the profile runs from the bottom centre outwards, up, and in again.
 * Source: OpenUSD UsdGeom (schemas.md 2.8); finer than Hydra's 10 segments, which show.
 */
import type { Complexity } from '../../../share/protocol/engine.ts';
import { NONE_ID, type MaterialId } from '../../../share/protocol/scene.ts';
import { boundsOf, type MeshArrays } from './mesh-geometry.ts';

/** Segments around round shapes. Multiples of four. */
export const SEGMENTS: Readonly<Record<Complexity, number>> = { low: 48, medium: 64, high: 96, veryhigh: 192 };

/** A point of a profile: distance from the axis, height, and normal in that plane. */
type ProfilePoint = readonly [radius: number, z: number, normalRadius: number, normalZ: number];
interface ProfilePart {
  readonly points: readonly ProfilePoint[];
  readonly isCap: boolean;
}

/** Edge length 2, centred. */
export function unitCube(): MeshArrays {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const sign of [1, -1]) {
      const base = positions.length / 3;
      for (const [s, t] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const corner = [0, 0, 0];
        corner[axis] = sign;
        corner[(axis + 1) % 3] = s * sign;
        corner[(axis + 2) % 3] = t;
        positions.push(...corner);
        const normal = [0, 0, 0];
        normal[axis] = sign;
        normals.push(...normal);
        uvs.push((s + 1) / 2, (t + 1) / 2);
      }
      indices.push(base, base + 1, base + 2, base, base + 2, base + 3);
    }
  }
  return meshOf(positions, normals, uvs, indices);
}

/** Extends ±1 in X and Y, faces +Z. */
export function unitPlane(): MeshArrays {
  return meshOf(
    [-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0],
    [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
    [0, 0, 1, 0, 1, 1, 0, 1],
    [0, 1, 2, 0, 2, 3],
  );
}

/** Radius 1. */
export function unitSphere(segments: number): MeshArrays {
  return turned(segments, [{ points: arc(1, 0, -Math.PI / 2, Math.PI / 2, segments / 2), isCap: false }]);
}

/** A cylinder or truncated cone with closed ends, height 2 (±1). */
export function cylinder(segments: number, bottomRadius: number, topRadius: number): MeshArrays {
  const slope = (bottomRadius - topRadius) / 2;
  const length = Math.hypot(1, slope);
  return turned(segments, [
    {
      points: [
        [0, -1, 0, -1],
        [bottomRadius, -1, 0, -1],
      ],
      isCap: true,
    },
    {
      points: [
        [bottomRadius, -1, 1 / length, slope / length],
        [topRadius, 1, 1 / length, slope / length],
      ],
      isCap: false,
    },
    {
      points: [
        [topRadius, 1, 0, 1],
        [0, 1, 0, 1],
      ],
      isCap: true,
    },
  ]);
}

/** Radius 1, height 2, apex up. */
export function unitCone(segments: number): MeshArrays {
  const length = Math.hypot(1, 0.5);
  // The side is cut into bands: with one band, lighting between base and apex would follow long thin triangles.
  const side: ProfilePoint[] = [];
  for (let i = 0; i <= 8; i++) side.push([1 - i / 8, -1 + i / 4, 1 / length, 0.5 / length]);
  return turned(segments, [
    {
      points: [
        [0, -1, 0, -1],
        [1, -1, 0, -1],
      ],
      isCap: true,
    },
    { points: side, isCap: false },
  ]);
}

/** Two caps of spheres that meet the side smoothly; `height` is that of the straight part. */
export function capsule(segments: number, height: number, bottomRadius: number, topRadius: number): MeshArrays {
  const slope = height > 0 ? (bottomRadius - topRadius) / height : 0;
  const factor = Math.hypot(1, slope);
  const joint = Math.atan(slope);
  const bottom = arc(bottomRadius * factor, -height / 2 - slope * bottomRadius, -Math.PI / 2, joint, segments / 4);
  const top = arc(topRadius * factor, height / 2 - slope * topRadius, joint, Math.PI / 2, segments / 4);
  return turned(segments, [{ points: [...bottom, ...top], isCap: false }]);
}

function arc(radius: number, centerZ: number, from: number, to: number, steps: number): ProfilePoint[] {
  const points: ProfilePoint[] = [];
  for (let i = 0; i <= steps; i++) {
    const latitude = from + ((to - from) * i) / steps;
    const isPole = (i === 0 && from === -Math.PI / 2) || (i === steps && to === Math.PI / 2);
    const cosine = isPole ? 0 : Math.cos(latitude);
    points.push([radius * cosine, centerZ + radius * Math.sin(latitude), cosine, Math.sin(latitude)]);
  }
  return points;
}

function turned(segments: number, parts: readonly ProfilePart[]): MeshArrays {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  const heights = parts.flatMap((part) => part.points.map((point) => point[1]));
  const minZ = Math.min(...heights);
  const extentZ = Math.max(...heights) - minZ;
  const maxRadius = Math.max(...parts.flatMap((part) => part.points.map((point) => point[0])));
  for (const { points, isCap } of parts) {
    const base = positions.length / 3;
    for (const [radius, z, normalRadius, normalZ] of points) {
      for (let k = 0; k <= segments; k++) {
        const angle = (2 * Math.PI * (k % segments)) / segments;
        const x = Math.cos(angle);
        const y = Math.sin(angle);
        positions.push(radius * x, radius * y, z);
        normals.push(normalRadius * x, normalRadius * y, normalZ);
        if (isCap) uvs.push(0.5 + (0.5 * radius * x) / maxRadius, 0.5 + (0.5 * radius * y) / maxRadius);
        else uvs.push(k / segments, (z - minZ) / extentZ);
      }
    }
    const stride = segments + 1;
    for (let ring = 0; ring + 1 < points.length; ring++) {
      const hasBottom = points[ring]![0] > 0;
      const hasTop = points[ring + 1]![0] > 0;
      for (let k = 0; k < segments; k++) {
        const a = base + ring * stride + k;
        if (hasBottom) indices.push(a, a + 1, a + stride + 1);
        if (hasTop) indices.push(a, a + stride + 1, a + stride);
      }
    }
  }
  return meshOf(positions, normals, uvs, indices);
}

function meshOf(positions: number[], normals: number[], uvs: number[], indices: number[]): MeshArrays {
  const points = Float32Array.from(positions);
  return {
    positions: points,
    normals: Float32Array.from(normals),
    uvs: [Float32Array.from(uvs)],
    indices: Uint32Array.from(indices),
    subsets: [{ firstTriangle: 0, triangleCount: indices.length / 3, material: NONE_ID as MaterialId }],
    bounds: boundsOf(points),
  };
}
