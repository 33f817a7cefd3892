import { implicitAdapter, alongAxis, readAxis } from './implicit-adapter.ts';
import { cylinder } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

export const cylinderAdapter = implicitAdapter(
  ['Cylinder', 'Cylinder_1'],
  ['height', 'radius', 'radiusTop', 'radiusBottom'],
  (prim, time) => {
    const height = readNumber(prim, 'height', time, 2);
    const isTapered = prim.typeName === 'Cylinder_1';
    const bottom = readNumber(prim, isTapered ? 'radiusBottom' : 'radius', time, 1);
    const top = isTapered ? readNumber(prim, 'radiusTop', time, 1) : bottom;
    if (bottom === top)
      return {
        key: 'cylinder',
        make: (segments) => cylinder(segments, 1, 1),
        matrix: alongAxis(readAxis(prim, time), bottom, bottom, height / 2),
      };
    const widest = Math.max(bottom, top);
    if (!(widest > 0)) return undefined;
    return {
      key: `cylinder ${bottom / widest} ${top / widest}`,
      make: (segments) => cylinder(segments, bottom / widest, top / widest),
      matrix: alongAxis(readAxis(prim, time), widest, widest, height / 2),
    };
  },
);
