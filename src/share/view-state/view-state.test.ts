import { expect, test } from 'vitest';
import { formatCameraOrbit, formatCameraTarget, parseCameraOrbit, parseCameraTarget, parseFieldOfView } from './camera.ts';
import { formatPurposes, parsePurposes } from './purposes.ts';
import { parseNumber } from './quantity.ts';
import { formatVariants, parseVariants } from './variants.ts';
import { readViewState, writeViewState, type ViewState } from './view-state.ts';
import { ViewStateError } from './view-state-error.ts';

const DEGREE = Math.PI / 180;

test('an orbit is azimuth, polar angle and radius', () => {
  const orbit = parseCameraOrbit(' -30deg  1.5RAD 105% ');
  expect(orbit.azimuthRadians).toBeCloseTo(-30 * DEGREE, 12);
  expect(orbit.polarRadians).toBe(1.5);
  expect(orbit.radius).toEqual({ unit: '%', value: 1.05 });
  expect(parseCameraOrbit('auto auto 20cm')).toEqual({ azimuthRadians: 'auto', polarRadians: 'auto', radius: { unit: 'm', value: 0.2 } });
  expect(parseCameraOrbit('0 0.25turn auto')).toEqual({ azimuthRadians: 0, polarRadians: Math.PI / 2, radius: 'auto' });
});

test.each([
  '',
  '30deg 75deg',
  '30deg 75deg 1m 1m',
  '30 75deg 1m',
  '30deg 75deg 1',
  '30deg 75deg -1m',
  '30deg 75m 1m',
  '1e999deg 0 1m',
  'NaN 0 1m',
])('an orbit "%s" is refused with its name', (text) => {
  expect(() => parseCameraOrbit(text)).toThrow(ViewStateError);
  expect(() => parseCameraOrbit(text, 'min-camera-orbit')).toThrow(/^min-camera-orbit="/);
});

test('an orbit survives being written', () => {
  for (const text of ['30deg 75deg 105%', '-12.35deg 90deg 2.5m', 'auto auto auto', '0deg 0deg 0.000001m']) {
    expect(formatCameraOrbit(parseCameraOrbit(text))).toBe(text);
  }
  expect(formatCameraOrbit({ azimuthRadians: -1e-9, polarRadians: 1, radius: { unit: 'm', value: 1234.5678 } })).toBe(
    '0deg 57.3deg 1234.57m',
  );
});

test('a target is three lengths, not shares', () => {
  expect(parseCameraTarget('0m -1.5m 10cm')).toEqual([0, -1.5, 0.1]);
  expect(formatCameraTarget(parseCameraTarget('auto 1m auto'))).toBe('auto 1m auto');
  expect(() => parseCameraTarget('0m 10% 0m')).toThrow(ViewStateError);
});

test('a field of view is an angle below a half turn', () => {
  expect(parseFieldOfView('30deg')).toBeCloseTo(30 * DEGREE, 12);
  expect(parseFieldOfView(' AUTO ')).toBe('auto');
  for (const text of ['0deg', '180deg', '-5deg', '30', '']) expect(() => parseFieldOfView(text)).toThrow(ViewStateError);
});

test('variants are SdfPath selections, the last of a set counts', () => {
  expect(parseVariants('/Car{color=red} /Car/Wheel_1{size=}')).toEqual([
    { primPath: '/Car', set: 'color', selection: 'red' },
    { primPath: '/Car/Wheel_1', set: 'size', selection: '' },
  ]);
  expect(parseVariants('/Car{color=red}{trim=very sporty}\n/Car{color=blue}')).toEqual([
    { primPath: '/Car', set: 'trim', selection: 'very sporty' },
    { primPath: '/Car', set: 'color', selection: 'blue' },
  ]);
  expect(parseVariants('  ')).toEqual([]);
  const text = '/Größe{farbe=grün-1|2} /A{b=c}';
  expect(formatVariants(parseVariants(text))).toBe(text);
});

test.each([
  'Car{color=red}',
  '/Car{color}',
  '/Car{=red}',
  '/Car{color=red',
  '/Car',
  '/Car{a=b=c}',
  '//Car{a=b}',
  '/Car.x{a=b}',
  '/Car{a=b}x',
])('variants "%s" are refused', (text) => {
  expect(() => parseVariants(text)).toThrow(ViewStateError);
});

test('variants without end are refused', () => {
  expect(() => parseVariants(Array.from({ length: 1001 }, (_, i) => `/P${i}{a=b}`).join(' '))).toThrow(/at most 1000/);
});

test('purposes always hold the default one', () => {
  expect(parsePurposes('guide render')).toEqual(['default', 'render', 'guide']);
  expect(parsePurposes('')).toEqual(['default']);
  expect(formatPurposes(['default', 'guide', 'render'])).toBe('render guide');
  expect(() => parsePurposes('renderer')).toThrow(ViewStateError);
});

test('a number has no unit', () => {
  expect(parseNumber(' -1.5e2 ', 'time')).toBe(-150);
  for (const text of ['', '1s', 'Infinity', '0x10', '1 2']) expect(() => parseNumber(text, 'time')).toThrow(ViewStateError);
});

test('a whole state survives a query and leaves other parameters alone', () => {
  const state: ViewState = {
    src: 'https://example.org/a b.usdz?x=1&y=2#z',
    root: 'scene.usda',
    time: 12.5,
    variants: parseVariants('/Car{color=red}'),
    select: '/Car/Body',
    camera: '/Cam',
    cameraOrbit: parseCameraOrbit('auto 75deg 2m'),
    cameraTarget: [0, 'auto', 1],
    fieldOfView: 'auto',
    purposes: ['default', 'proxy'],
  };
  const query = new URLSearchParams('coi=0&time=3');
  writeViewState(state, query);
  expect(readViewState(new URLSearchParams(query.toString()))).toEqual({ state, errors: [] });
  expect(query.get('coi')).toBe('0');
  writeViewState({ src: 'b.usdz' }, query);
  expect(query.toString()).toBe('coi=0&src=b.usdz');
});

test('a bad part is left out and named, the others stay', () => {
  const { state, errors } = readViewState(new URLSearchParams('src=a.usdz&time=soon&camera-orbit=1deg&select=/A'));
  expect(state).toEqual({ src: 'a.usdz', select: '/A' });
  expect(errors.map(({ part, code }) => [part, code])).toEqual([
    ['time', 'bad-view-state'],
    ['camera-orbit', 'bad-view-state'],
  ]);
});

test('a message quotes no more than one can read', () => {
  expect(new ViewStateError('src', 'x'.repeat(10_000), 'less').message.length).toBeLessThan(150);
});
