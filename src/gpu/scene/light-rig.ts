import type { Lighting } from '../../share/protocol/renderer.ts';
import type { LightSnapshot, TextureId } from '../../share/protocol/scene.ts';
import type { LightFacts } from '../layout/shading-uniforms.ts';
import { LightKind } from '../layout/shading-uniforms.ts';
import type { ViewTransform } from './view-transform.ts';

/** What lights a picture: analytic lights, and how much of the environment. */
export interface LightRig {
  readonly lights: readonly LightFacts[];
  readonly environmentIntensity: number;
  readonly isLit: boolean;
}

type Vec3 = readonly [number, number, number];
const ZERO: Vec3 = [0, 0, 0];

/**
 * The lights of a picture.
 *
 * - `studio`: the built-in environment alone.
 * - `image`: a picture in its place.
 * - `camera`: one light from the eye, so bright that a white matte surface facing it is exactly white.
 * - `stage`: what the stage has, dome lights as the environment; the studio where the stage has no lights.
 * - `none`: base colours as they are.
 */
export function lightRigOf(lighting: Lighting, stageLights: readonly LightSnapshot[], view: ViewTransform): LightRig {
  switch (effectiveLighting(lighting, stageLights)) {
    case 'studio':
    case 'image':
      return { lights: [], environmentIntensity: 1, isLit: true };
    case 'camera':
      return {
        lights: [
          { kind: LightKind.distant, color: [Math.PI, Math.PI, Math.PI], position: view.forward, radius: 0, axisX: ZERO, axisY: ZERO },
        ],
        environmentIntensity: 0,
        isLit: true,
      };
    case 'stage': {
      const lights: LightFacts[] = [];
      for (const light of stageLights) {
        const facts = lightFactsOf(light);
        if (facts !== undefined) lights.push(facts);
      }
      return { lights, environmentIntensity: stageLights.some((light) => light.kind === 'dome') ? 1 : 0, isLit: true };
    }
    case 'none':
      return { lights: [], environmentIntensity: 0, isLit: false };
  }
}

/**
 * A stage without lights is shown in the studio, as is one that a picture is to light while there is none.
 *
 * @param hasPicture the user gave a picture, and its pixels are there
 */
export function effectiveLighting(lighting: Lighting, stageLights: readonly LightSnapshot[], hasPicture = true): Lighting {
  const isMissing = (lighting === 'stage' && stageLights.length === 0) || (lighting === 'image' && !hasPicture);
  return isMissing ? 'studio' : lighting;
}

/**
 * The dome lights as one environment: the first with a picture, the colours of the others around it.
 *
 * @returns undefined where there is no dome
 */
export function domeOf(stageLights: readonly LightSnapshot[]): DomeLight | undefined {
  const domes = stageLights.filter((light) => light.kind === 'dome');
  if (domes.length === 0) return undefined;
  const main = domes.find((dome) => dome.texture !== undefined) ?? domes[0]!;
  const more: [number, number, number] = [0, 0, 0];
  for (const dome of domes) {
    // Of several pictures one is shown.
    if (dome === main || dome.texture !== undefined) continue;
    for (let i = 0; i < 3; i++) more[i] = more[i]! + dome.color[i]!;
  }
  // Rows of the rotation, scale taken out: local from world.
  const columns = [0, 1, 2].map((i) => unit(column(main.worldFromLocal, i)));
  const localFromWorld = [0, 1, 2].flatMap((axis) => columns.map((c) => c[axis]!));
  return { color: main.color, more, localFromWorld, texture: main.texture };
}

export interface DomeLight {
  readonly color: Vec3;
  readonly more: Vec3;
  /** Columns, shape [9]. */
  readonly localFromWorld: readonly number[];
  readonly texture: TextureId | undefined;
}

/**
 * A stage light as the shader sees it; undefined for domes. Normalised lights are divided by their world-space area
 * (UsdLux, schemas.md 5.1), so that the colour here is always radiance.
 */
export function lightFactsOf(light: LightSnapshot): LightFacts | undefined {
  switch (light.kind) {
    case 'distant': {
      const half = Math.min(Math.max(light.angleRadians / 2, 0), Math.PI / 2);
      // Radiance over the cone of the source. A cone of no width: the colour is the irradiance itself.
      const sine = Math.sin(half);
      const irradiance = half > 0 ? Math.PI * sine * sine : 1;
      return {
        kind: LightKind.distant,
        color: scale(light.color, irradiance),
        position: unit(light.direction),
        radius: half,
        axisX: ZERO,
        axisY: ZERO,
      };
    }
    case 'sphere': {
      const area = 4 * Math.PI * light.radius * light.radius;
      if (light.treatAsPoint || light.radius <= 0) {
        // Intensity of a sphere of that radiance: L pi r^2; normalised, L / 4.
        const intensity = light.isNormalized || light.radius <= 0 ? 0.25 : Math.PI * light.radius * light.radius;
        return {
          kind: LightKind.point,
          color: scale(light.color, intensity),
          position: light.position,
          radius: 0,
          axisX: ZERO,
          axisY: ZERO,
        };
      }
      const color = scale(light.color, light.isNormalized ? 1 / area : 1);
      return { kind: LightKind.sphere, color, position: light.position, radius: light.radius, axisX: ZERO, axisY: ZERO };
    }
    case 'rect':
    case 'disk':
    case 'cylinder': {
      const m = light.worldFromLocal;
      const [a, b] = light.size;
      const position: Vec3 = [m[12] ?? 0, m[13] ?? 0, m[14] ?? 0];
      if (light.kind === 'cylinder') {
        // size: length, radius; along local x.
        const axisX = scale(column(m, 0), a / 2);
        const radius = b * length(column(m, 1));
        const area = 2 * Math.PI * radius * 2 * length(axisX);
        return {
          kind: LightKind.cylinder,
          color: scale(light.color, normalisation(light.isNormalized, area)),
          position,
          radius,
          axisX,
          axisY: ZERO,
        };
      }
      // size: width and height, or radius twice.
      const reach = light.kind === 'rect' ? 0.5 : 1;
      const axisX = scale(column(m, 0), a * reach);
      const axisY = scale(column(m, 1), b * reach);
      const area = length(cross(axisX, axisY)) * (light.kind === 'rect' ? 4 : Math.PI);
      return {
        kind: light.kind === 'rect' ? LightKind.rect : LightKind.disk,
        color: scale(light.color, normalisation(light.isNormalized, area)),
        position,
        radius: length(axisX),
        axisX,
        axisY,
      };
    }
    case 'dome':
      return undefined;
  }
}

function normalisation(isNormalized: boolean, area: number): number {
  return isNormalized && area > 0 ? 1 / area : 1;
}

function column(matrix: Float32Array, index: number): Vec3 {
  return [matrix[4 * index] ?? 0, matrix[4 * index + 1] ?? 0, matrix[4 * index + 2] ?? 0];
}

function scale(v: Vec3, factor: number): Vec3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor];
}

function length(v: Vec3): number {
  return Math.hypot(v[0], v[1], v[2]);
}

function unit(v: Vec3): Vec3 {
  const l = length(v);
  return l > 0 ? scale(v, 1 / l) : [0, 0, -1];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
