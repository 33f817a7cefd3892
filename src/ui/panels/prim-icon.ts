import type { IconName } from '../styles/icons.ts';

export interface PrimIcon {
  readonly icon: IconName;
  /** CSS class, coloured by the tree. */
  readonly family: 'group' | 'shape' | 'look' | 'light' | 'camera' | 'rig' | 'other';
}

const BY_TYPE: Readonly<Record<string, PrimIcon>> = {
  Xform: { icon: 'xform', family: 'group' },
  Scope: { icon: 'scope', family: 'group' },
  Mesh: { icon: 'mesh', family: 'shape' },
  Cube: { icon: 'mesh', family: 'shape' },
  Sphere: { icon: 'sphere', family: 'shape' },
  Cylinder: { icon: 'sphere', family: 'shape' },
  Cone: { icon: 'sphere', family: 'shape' },
  Capsule: { icon: 'sphere', family: 'shape' },
  Plane: { icon: 'mesh', family: 'shape' },
  GeomSubset: { icon: 'subset', family: 'shape' },
  PointInstancer: { icon: 'instancer', family: 'shape' },
  Points: { icon: 'points', family: 'shape' },
  BasisCurves: { icon: 'curves', family: 'shape' },
  NurbsCurves: { icon: 'curves', family: 'shape' },
  HermiteCurves: { icon: 'curves', family: 'shape' },
  Material: { icon: 'material', family: 'look' },
  NodeGraph: { icon: 'shader', family: 'look' },
  Shader: { icon: 'shader', family: 'look' },
  Camera: { icon: 'camera', family: 'camera' },
  SkelRoot: { icon: 'skeleton', family: 'rig' },
  Skeleton: { icon: 'skeleton', family: 'rig' },
  SkelAnimation: { icon: 'skeleton', family: 'rig' },
  BlendShape: { icon: 'skeleton', family: 'rig' },
};
const LIGHT: PrimIcon = { icon: 'light', family: 'light' };
const OTHER: PrimIcon = { icon: 'prim', family: 'other' };

/** Icon of a prim type; versions (`Cylinder_1`) look like their type. */
export function primIcon(typeName: string): PrimIcon {
  const plain = typeName.replace(/_\d+$/u, '');
  return BY_TYPE[plain] ?? (plain.endsWith('Light') ? LIGHT : OTHER);
}
