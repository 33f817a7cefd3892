/** Prims that should be seen but cannot be drawn yet: a line in the problems panel instead of silence. */
import type { Prim } from 'usd-wasm';
import type { Imaged, ImagingContext, PrimAdapter } from './adapter.ts';

export const unsupportedAdapter: PrimAdapter = {
  typeNames: [
    'Points',
    'BasisCurves',
    'NurbsCurves',
    'HermiteCurves',
    'NurbsPatch',
    'TetMesh',
    'Volume',
    'ParticleField',
    'ParticleField3DGaussianSplat',
    'Preliminary_Text',
  ],
  isBounded: false,

  image(prim: Prim, context: ImagingContext): Imaged {
    context.report({
      code: 'unsupported-prim',
      severity: 'warning',
      message: `${prim.typeName} ${prim.path} is not drawn: prims of this type are not supported yet`,
      path: prim.path,
    });
    return {};
  },
};
