/** Lights. Source: OpenUSD usdLux, proposals/usdlux-clarification; schemas.md section 5. */
import type { Matrix4d } from '../../gf/matrix4d.ts';
import type { Prim } from '../../usd/prim.ts';
import type { AssetPath, Value } from '../../vt/value.ts';
import { boolAt, readNumber, readText, readTuple } from '../value-readers.ts';
import { worldTransform } from '../geom/xformable.ts';
import { blackbodyRgb } from './blackbody.ts';

/** The form of a light. */
export type LightKind = 'distant' | 'disk' | 'rect' | 'sphere' | 'cylinder' | 'dome' | 'portal' | 'geometry' | 'mesh';

/** A light, ready to draw with. Source: OpenUSD usdLux/lightAPI.h. */
export interface LightFacts {
  /** Its form. */
  readonly kind: LightKind;
  /** World from light; emission along local -Z where the kind has a direction. */
  readonly transform: Matrix4d;
  /** Linear Rec.709: colour · temperature · intensity · 2^exposure. Divide by `sizeFactor` where `normalize` is true. */
  readonly radiance: readonly [number, number, number];
  /** Power does not depend on the size of the light. */
  readonly normalize: boolean;
  /** Factor on what surfaces scatter. */
  readonly diffuse: number;
  /** Factor on what surfaces mirror. */
  readonly specular: number;
  /** Local units. */
  readonly radius: number;
  /** Along X, of `rect` and `portal`. Local units. */
  readonly width: number;
  /** Along Y, of `rect` and `portal`. Local units. */
  readonly height: number;
  /** Along X, of `cylinder`. Local units. */
  readonly length: number;
  /** Angular diameter of a distant light. */
  readonly angleDegrees: number;
  /** Of `sphere`: without size, whatever the radius. */
  readonly treatAsPoint: boolean;
  /** Of `cylinder`: without thickness, whatever the radius. */
  readonly treatAsLine: boolean;
  /** Image that colours the light, of `rect` and `dome`. */
  readonly texture: AssetPath | undefined;
  /** How the image of a dome maps to directions: `latlong`, `automatic`, … */
  readonly textureFormat: string;
  /** Pole of a dome: of the stage, or of its own. */
  readonly poleAxis: 'scene' | 'Y' | 'Z';
  /** Focus and cone; undefined where ShapingAPI is not applied. */
  readonly shaping:
    | {
        readonly focus: number;
        readonly focusTint: readonly [number, number, number];
        readonly coneAngleDegrees: number;
        readonly coneSoftness: number;
        readonly iesFile: AssetPath | undefined;
      }
    | undefined;
  /** Whether it casts shadows, and in which linear colour. */
  readonly shadow: { readonly enable: boolean; readonly color: readonly [number, number, number] };
}

const KINDS: Readonly<Record<string, LightKind>> = {
  DistantLight: 'distant',
  DiskLight: 'disk',
  RectLight: 'rect',
  SphereLight: 'sphere',
  CylinderLight: 'cylinder',
  DomeLight: 'dome',
  DomeLight_1: 'dome',
  PortalLight: 'portal',
  GeometryLight: 'geometry',
};

/** The kind of light a prim is, or undefined where it is none. A mesh with `MeshLightAPI` is one. */
export function lightKind(prim: Prim): LightKind | undefined {
  const { typeName } = prim.definition;
  return (Object.hasOwn(KINDS, typeName) ? KINDS[typeName] : undefined) ?? (prim.hasAPI('MeshLightAPI') ? 'mesh' : undefined);
}

/** Everything a renderer needs of a light, attributes with and without the `inputs:` prefix of 21.05. */
export function lightFacts(prim: Prim, time?: number): LightFacts | undefined {
  const kind = lightKind(prim);
  if (kind === undefined) return undefined;
  const number = (name: string, fallback: number): number => readNumber(input(prim, name, time)) ?? fallback;
  const color = (name: string, fallback: readonly [number, number, number]): readonly [number, number, number] =>
    (readTuple(input(prim, name, time), 3) as [number, number, number] | undefined) ?? fallback;
  const strength = number('intensity', kind === 'distant' ? 50000 : 1) * 2 ** number('exposure', 0);
  const base = color('color', [1, 1, 1]);
  const warmth = isTrue(input(prim, 'enableColorTemperature', time)) ? blackbodyRgb(number('colorTemperature', 6500)) : [1, 1, 1];
  const isShaped =
    prim.hasAPI('ShapingAPI') ||
    ['focus', 'cone:angle', 'cone:softness', 'ies:file'].some(
      (name) => prim.getAttribute(`inputs:shaping:${name}`)?.isAuthored ?? prim.getAttribute(`shaping:${name}`)?.isAuthored,
    );
  const pole = readText(prim.getAttribute('poleAxis')?.getValue(time));
  return {
    kind,
    transform: worldTransform(prim, time),
    radiance: [base[0] * warmth[0]! * strength, base[1] * warmth[1]! * strength, base[2] * warmth[2]! * strength],
    normalize: isTrue(input(prim, 'normalize', time)),
    diffuse: number('diffuse', 1),
    specular: number('specular', 1),
    radius: number('radius', 0.5),
    width: number('width', 1),
    height: number('height', 1),
    length: number('length', 1),
    angleDegrees: number('angle', 0.53),
    treatAsPoint: boolAt(prim, 'treatAsPoint', time, false),
    treatAsLine: boolAt(prim, 'treatAsLine', time, false),
    texture: assetOf(input(prim, 'texture:file', time)),
    textureFormat: readText(input(prim, 'texture:format', time)) ?? 'automatic',
    poleAxis: prim.definition.typeName === 'DomeLight_1' ? (pole === 'Y' || pole === 'Z' ? pole : 'scene') : 'Y',
    shaping: isShaped
      ? {
          focus: number('shaping:focus', 0),
          focusTint: color('shaping:focusTint', [0, 0, 0]),
          coneAngleDegrees: number('shaping:cone:angle', 90),
          coneSoftness: number('shaping:cone:softness', 0),
          iesFile: assetOf(input(prim, 'shaping:ies:file', time)),
        }
      : undefined,
    shadow: {
      enable: isTrue(input(prim, 'shadow:enable', time) ?? { type: 'bool', value: true }),
      color: color('shadow:color', [0, 0, 0]),
    },
  };
}

/**
 * What radiance is divided by for a normalised light: the area in world units, for a distant light the projected solid angle.
 *
 * @param scale factors of the light's transform along its axes
 */
export function lightSizeFactor(light: LightFacts, scale: readonly [number, number, number] = [1, 1, 1]): number {
  const { radius, width, height, length, angleDegrees } = light;
  const [sx, sy, sz] = scale;
  switch (light.kind) {
    case 'rect':
      return positive(width * height * sx * sy);
    case 'disk':
      return positive(Math.PI * radius * radius * sx * sy);
    case 'sphere':
      return positive(4 * Math.PI * radius * radius * Math.cbrt(sx * sy * sz) ** 2);
    case 'cylinder':
      return positive(2 * Math.PI * radius * length * sx * Math.sqrt(sy * sz));
    case 'distant': {
      const angle = Math.min(Math.PI, Math.max(0, (angleDegrees * Math.PI) / 360));
      if (angle === 0) return 1;
      const sine = Math.sin(angle) ** 2;
      return Math.PI * (angle <= Math.PI / 2 ? sine : 2 - sine);
    }
    case 'dome':
    case 'portal':
    case 'geometry':
    case 'mesh':
      return 1;
  }
}

function positive(area: number): number {
  return area > 0 ? area : 1;
}

/** `inputs:name`, or the plain name of files older than 21.05 where only that is authored. */
function input(prim: Prim, name: string, time: number | undefined): Value | undefined {
  const current = prim.getAttribute(`inputs:${name}`);
  if (current?.hasAuthoredValue !== true) {
    const old = prim.getAttribute(name);
    if (old?.hasAuthoredValue === true) return old.getValue(time);
  }
  return current?.getValue(time);
}

function isTrue(value: Value | undefined): boolean {
  return value?.type === 'bool' ? value.value : (readNumber(value) ?? 0) !== 0;
}

function assetOf(value: Value | undefined): AssetPath | undefined {
  return value?.type === 'asset' && value.value.path !== '' ? value.value : undefined;
}
