import { implicitAdapter, alongAxis, readAxis } from './implicit-adapter.ts';
import { capsule } from './implicit-shapes.ts';
import { readNumber } from './read-attribute.ts';

/** Caps are round only at equal scale, so that a mesh is shared by capsules of the same proportions. */
export const capsuleAdapter = implicitAdapter(['Capsule', 'Capsule_1'], ['height', 'radius', 'radiusTop', 'radiusBottom'], (prim, time) => {
  const height = readNumber(prim, 'height', time, 1);
  const isTapered = prim.typeName === 'Capsule_1';
  const bottom = readNumber(prim, isTapered ? 'radiusBottom' : 'radius', time, 0.5);
  const top = isTapered ? readNumber(prim, 'radiusTop', time, 0.5) : bottom;
  const scale = Math.max(bottom, top);
  if (!(scale > 0)) return undefined;
  const proportions = [height / scale, bottom / scale, top / scale] as const;
  return {
    key: `capsule ${proportions.join(' ')}`,
    make: (segments) => capsule(segments, ...proportions),
    matrix: alongAxis(readAxis(prim, time), scale, scale, scale),
  };
});
