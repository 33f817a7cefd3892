/** UsdGeomPointInstancer: rows of instances; the scene expands prototypes, nested ones too. */
import { pointInstances, pointInstancesMightBeTimeVarying, type Prim } from 'usd-wasm';
import type { Imaged, ImagingContext, PrimAdapter } from './adapter.ts';

export const pointInstancerAdapter: PrimAdapter = {
  typeNames: ['PointInstancer'],
  ownsChildren: true,

  image(prim: Prim, context: ImagingContext): Imaged {
    // The prototype root's own transform is that of its node in the prototype's space.
    const {
      prototypes: paths,
      prototypeIndices,
      transforms,
      warnings,
    } = pointInstances(prim, context.time, { includePrototypeTransform: false });
    for (const message of warnings)
      context.report({
        code: 'invalid-instancer',
        severity: 'warning',
        message: `PointInstancer ${prim.path}: ${message}`,
        path: prim.path,
      });
    // A prototype that is missing must not shift the indices of the others.
    const indexOf = new Map<number, number>();
    const prototypes: Prim[] = [];
    for (const [i, path] of paths.entries()) {
      const prototype = prim.stage.getPrimAtPath(path);
      if (prototype === undefined) {
        context.report({
          code: 'missing-prototype',
          severity: 'warning',
          message: `PointInstancer ${prim.path} has the prototype ${path}, which does not exist`,
          path: prim.path,
        });
        continue;
      }
      indexOf.set(i, prototypes.length);
      prototypes.push(prototype);
    }
    const indices = Uint32Array.from(prototypeIndices, (index) => indexOf.get(index) ?? prototypes.length);
    return {
      instances: { prototypes, prototypeIndices: indices, matrices: transforms },
      isAnimated: pointInstancesMightBeTimeVarying(prim),
    };
  },
};
