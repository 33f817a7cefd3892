/**
 * Extents from the attributes of a prim. Source: OpenUSD usdGeom/{cube,sphere,cylinder,cone,capsule,plane,points,curves}.cpp,
 * usdLux/boundableLightBase.cpp; schemas.md 2.3, 2.8, 5.2.
 */
import { rangeOfPoints, type Range3d } from '../../gf/range3d.ts';
import type { Prim } from '../../usd/prim.ts';
import { numberAt, readNumbers, textAt } from '../value-readers.ts';

/** Local box of a shape, of points, or of a light; undefined for types that have none of their own. */
export function extentOfShape(prim: Prim, time: number | undefined): Range3d | undefined {
  const type = prim.definition.typeName;
  switch (type) {
    case 'Cube':
      return half(numberAt(prim, 'size', time, 2) / 2);
    case 'Sphere':
      return half(numberAt(prim, 'radius', time, 1));
    case 'Cylinder':
    case 'Cone':
      return alongAxis(prim, time, numberAt(prim, 'radius', time, 1), numberAt(prim, 'height', time, 2) / 2);
    case 'Cylinder_1':
      return alongAxis(
        prim,
        time,
        Math.max(numberAt(prim, 'radiusTop', time, 1), numberAt(prim, 'radiusBottom', time, 1)),
        numberAt(prim, 'height', time, 2) / 2,
      );
    case 'Capsule': {
      const radius = numberAt(prim, 'radius', time, 0.5);
      return alongAxis(prim, time, radius, numberAt(prim, 'height', time, 1) / 2 + radius);
    }
    case 'Capsule_1': {
      const radius = Math.max(numberAt(prim, 'radiusTop', time, 0.5), numberAt(prim, 'radiusBottom', time, 0.5));
      return alongAxis(prim, time, radius, numberAt(prim, 'height', time, 1) / 2 + radius);
    }
    case 'Plane': {
      const width = numberAt(prim, 'width', time, 2) / 2;
      const length = numberAt(prim, 'length', time, 2) / 2;
      const axis = textAt(prim, 'axis', time, 'Z');
      return axis === 'X' ? box(0, length, width) : axis === 'Y' ? box(width, 0, length) : box(width, length, 0);
    }
    case 'SphereLight':
      return half(numberAt(prim, 'inputs:radius', time, 0.5));
    case 'DiskLight': {
      const radius = numberAt(prim, 'inputs:radius', time, 0.5);
      return box(radius, radius, 0);
    }
    case 'RectLight':
    case 'PortalLight':
      return box(numberAt(prim, 'inputs:width', time, 1) / 2, numberAt(prim, 'inputs:height', time, 1) / 2, 0);
    case 'CylinderLight': {
      const radius = numberAt(prim, 'inputs:radius', time, 0.5);
      return box(numberAt(prim, 'inputs:length', time, 1) / 2, radius, radius);
    }
    case 'ParticleField3DGaussianSplat': {
      const positions = readNumbers(prim.getAttribute('positions')?.getValue(time));
      return positions === undefined || positions.length < 3 ? undefined : rangeOfPoints(positions);
    }
    default:
      break;
  }
  const points = prim.isA('PointBased') ? readNumbers(prim.getAttribute('points')?.getValue(time)) : undefined;
  return points === undefined || points.length < 3 ? undefined : extentOfPoints(prim, points, time);
}

/**
 * Box of points (shape [3·N]) that a point-based prim may have. Curves are as wide all along as their widest place; each of
 * Points has its own width, where there is one for each.
 */
export function extentOfPoints(prim: Prim, points: ArrayLike<number>, time?: number): Range3d {
  const isPoints = prim.definition.typeName === 'Points';
  const widths = isPoints || prim.isA('Curves') ? readNumbers(prim.getAttribute('widths')?.getValue(time)) : undefined;
  if (widths === undefined || widths.length === 0) return rangeOfPoints(points);
  if (!isPoints) {
    let widest = 0;
    for (let i = 0; i < widths.length; i++) if (widths[i]! > widest) widest = widths[i]!;
    return rangeOfPoints(points, widest / 2);
  }
  return widths.length * 3 === points.length ? rangeOfDiscs(points, widths) : rangeOfPoints(points);
}

function rangeOfDiscs(points: ArrayLike<number>, widths: ArrayLike<number>): Range3d {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < widths.length; i++) {
    const radius = widths[i]! / 2;
    for (let c = 0; c < 3; c++) {
      const at = points[i * 3 + c]!;
      min[c] = Math.min(min[c]!, at - radius);
      max[c] = Math.max(max[c]!, at + radius);
    }
  }
  return { min, max };
}

function half(size: number): Range3d {
  return box(size, size, size);
}

/** The box around the origin with these half sizes. */
function box(x: number, y: number, z: number): Range3d {
  return { min: [-x, -y, -z], max: [x, y, z] };
}

function alongAxis(prim: Prim, time: number | undefined, radius: number, halfLength: number): Range3d {
  const axis = textAt(prim, 'axis', time, 'Z');
  return axis === 'X' ? box(halfLength, radius, radius) : axis === 'Y' ? box(radius, halfLength, radius) : box(radius, radius, halfLength);
}
