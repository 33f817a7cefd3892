/**
 * The free camera in words: model-viewer's `camera-orbit`, `camera-target` and `field-of-view`.
 *
 * A Y-up frame in metres, right-handed, whatever the stage's units and axes (a Z-up stage is turned up to Y). Azimuth 0 looks
 * at the front from +Z and grows towards +X; the polar angle is 0 above and 180 degrees below. 100% is the radius at which
 * everything fits into the picture.
 */
import { AUTO, formatAngle, formatLength, parseAngle, parseLength, type Auto, type Length } from './quantity.ts';
import { ViewStateError } from './view-state-error.ts';

export interface CameraOrbit {
  readonly azimuthRadians: number | Auto;
  readonly polarRadians: number | Auto;
  readonly radius: Length | Auto;
}

/** Metres, each `auto`: the middle of everything visible along that axis. */
export type CameraTarget = readonly [x: number | Auto, y: number | Auto, z: number | Auto];

/** Vertical, radians. */
export type FieldOfView = number | Auto;

/** `30deg 75deg 105%`, each also `auto`. @throws ViewStateError */
export function parseCameraOrbit(text: string, part = 'camera-orbit'): CameraOrbit {
  const words = threeWords(text, part, 'azimuth, polar angle and radius, e.g. "30deg 75deg 105%"');
  const [azimuth, polar, radius] = words;
  const length = radius === AUTO ? AUTO : parseLength(radius, part);
  if (length !== AUTO && !(length.value >= 0)) throw new ViewStateError(part, text, 'a radius that is not negative');
  return {
    azimuthRadians: azimuth === AUTO ? AUTO : parseAngle(azimuth, part),
    polarRadians: polar === AUTO ? AUTO : parseAngle(polar, part),
    radius: length,
  };
}

export function formatCameraOrbit({ azimuthRadians, polarRadians, radius }: CameraOrbit): string {
  const angle = (radians: number | Auto): string => (radians === AUTO ? AUTO : formatAngle(radians));
  return `${angle(azimuthRadians)} ${angle(polarRadians)} ${radius === AUTO ? AUTO : formatLength(radius)}`;
}

/** `0m 1m 0m`, each also `auto`. @throws ViewStateError */
export function parseCameraTarget(text: string, part = 'camera-target'): CameraTarget {
  const expected = 'three lengths, e.g. "0m 1m 0m" or "auto auto auto"';
  const [x, y, z] = threeWords(text, part, expected);
  const meters = (word: string): number | Auto => {
    if (word === AUTO) return AUTO;
    const length = parseLength(word, part);
    if (length.unit === '%') throw new ViewStateError(part, text, expected);
    return length.value;
  };
  return [meters(x), meters(y), meters(z)];
}

export function formatCameraTarget(target: CameraTarget): string {
  return target.map((value) => (value === AUTO ? AUTO : formatLength({ unit: 'm', value }))).join(' ');
}

/** `30deg` or `auto`. @throws ViewStateError */
export function parseFieldOfView(text: string, part = 'field-of-view'): FieldOfView {
  const word = text.trim().toLowerCase();
  if (word === AUTO) return AUTO;
  const radians = parseAngle(word, part);
  if (!(radians > 0 && radians < Math.PI)) throw new ViewStateError(part, text, 'an angle between 0deg and 180deg, or auto');
  return radians;
}

export function formatFieldOfView(radians: FieldOfView): string {
  return radians === AUTO ? AUTO : formatAngle(radians);
}

function threeWords(text: string, part: string, expected: string): [string, string, string] {
  const words = text.trim().toLowerCase().split(/\s+/);
  const [first, second, third] = words;
  if (first === undefined || second === undefined || third === undefined || words.length !== 3) {
    throw new ViewStateError(part, text, expected);
  }
  return [first, second, third];
}
