/** UsdLux lights in world space. */
import { lightFacts, lightSizeFactor, type LightFacts, type Prim } from 'usd-wasm';
import type { Imaged, ImagingContext, PrimAdapter } from './adapter.ts';
import type { Matrix } from './matrix.ts';

export const lightAdapter: PrimAdapter = {
  typeNames: [
    'DistantLight',
    'SphereLight',
    'RectLight',
    'DiskLight',
    'CylinderLight',
    'DomeLight',
    'DomeLight_1',
    'PortalLight',
    'GeometryLight',
    'PluginLight',
  ],
  isBounded: false,

  image(prim: Prim, context: ImagingContext): Imaged | undefined {
    const facts = lightFacts(prim, context.time);
    const isAnimated = prim
      .getAttributes()
      .some((attribute) => !attribute.name.startsWith('xformOp') && attribute.name !== 'visibility' && attribute.valueMightBeTimeVarying);
    const light = facts === undefined ? undefined : lightOf(prim, facts, context);
    if (light === undefined) {
      context.report({
        code: 'unsupported-light',
        severity: 'info',
        message: `${prim.typeName} ${prim.path} is not supported and gives no light`,
        path: prim.path,
      });
      return { isAnimated };
    }
    return { light, isAnimated };
  },
};

function lightOf(prim: Prim, facts: LightFacts, context: ImagingContext): Imaged['light'] {
  const m = context.worldFromLocal;
  const scale = [Math.hypot(m[0]!, m[1]!, m[2]!), Math.hypot(m[4]!, m[5]!, m[6]!), Math.hypot(m[8]!, m[9]!, m[10]!)] as const;
  const common = { label: prim.path, color: facts.radiance };
  switch (facts.kind) {
    case 'distant': {
      // Normalised: the colour is the illuminance on a facing surface. Otherwise it is the radiance of a disc of that angle.
      const solidAngle = facts.normalize ? 1 : lightSizeFactor(facts);
      const color = [facts.radiance[0] * solidAngle, facts.radiance[1] * solidAngle, facts.radiance[2] * solidAngle] as const;
      return {
        ...common,
        color,
        kind: 'distant',
        direction: [-m[8]! / (scale[2] || 1), -m[9]! / (scale[2] || 1), -m[10]! / (scale[2] || 1)],
        angleRadians: (facts.angleDegrees * Math.PI) / 180,
      };
    }
    case 'sphere':
      return {
        ...common,
        kind: 'sphere',
        position: [m[12]!, m[13]!, m[14]!],
        radius: facts.radius * Math.max(...scale),
        isNormalized: facts.normalize,
        treatAsPoint: facts.treatAsPoint,
      };
    case 'rect':
      return {
        ...common,
        kind: 'rect',
        worldFromLocal: Float32Array.from(m),
        size: [facts.width, facts.height],
        isNormalized: facts.normalize,
      };
    case 'disk':
      return {
        ...common,
        kind: 'disk',
        worldFromLocal: Float32Array.from(m),
        size: [facts.radius, facts.radius],
        isNormalized: facts.normalize,
      };
    case 'cylinder':
      return {
        ...common,
        kind: 'cylinder',
        worldFromLocal: Float32Array.from(m),
        size: [facts.length, facts.radius],
        isNormalized: facts.normalize,
      };
    case 'dome': {
      const isZUp = facts.poleAxis === 'Z' || (facts.poleAxis === 'scene' && prim.stage.upAxis === 'Z');
      const { texture } = facts;
      return {
        ...common,
        kind: 'dome',
        worldFromLocal: Float32Array.from(isZUp ? turnedToZ(m) : m),
        ...(texture === undefined ? {} : { texture: context.texture(texture.path, texture.resolvedPath ?? '') }),
      };
    }
    default:
      return undefined;
  }
}

/** The dome turned by +90 degrees about X first, so that its pole is Z. */
function turnedToZ(m: Matrix): Matrix {
  const turned = m.slice();
  for (let k = 0; k < 4; k++) {
    turned[4 + k] = m[8 + k]!;
    turned[8 + k] = -m[4 + k]!;
  }
  return turned;
}
