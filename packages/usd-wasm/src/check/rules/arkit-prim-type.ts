import type { Rule } from '../rule.ts';

/** All core types but PointInstancers, curves, patches and lights. */
const ALLOWED: ReadonlySet<string> = new Set([
  '',
  'Scope',
  'Xform',
  'Camera',
  'Shader',
  'Material',
  'Mesh',
  'Sphere',
  'Cube',
  'Cylinder',
  'Cone',
  'Capsule',
  'GeomSubset',
  'Points',
  'SkelRoot',
  'Skeleton',
  'SkelAnimation',
  'BlendShape',
  'SpatialAudio',
  'PhysicsScene',
  'Preliminary_ReferenceImage',
  'Preliminary_Text',
  'Preliminary_Trigger',
]);

export const arkitPrimType: Rule = {
  name: 'ARKitPrimTypeChecker',
  description: 'UsdGeomPointInstancers and custom schemas not provided by core USD are not allowed.',
  *checkPrim({ path, typeName }) {
    if (!ALLOWED.has(typeName) && !typeName.startsWith('RealityKit'))
      yield { message: `Prim <${path}> has unsupported type '${typeName}'.`, path };
  },
};
