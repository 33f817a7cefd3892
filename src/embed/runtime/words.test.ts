import { expect, test } from 'vitest';
import { ViewStateError } from '../../share/view-state/view-state-error.ts';
import { AttributeReader } from './attribute-reader.ts';
import { directionInWords } from './directions.ts';
import { shareOf } from './load-share.ts';
import { environmentAddress, renderSettingsOf } from './render-attributes.ts';

const NOTHING = { loadedBytes: 0, totalBytes: 0, done: 0, total: 0 };
const ATTRIBUTES = {
  toneMapping: 'auto',
  exposure: 1,
  lighting: 'auto',
  environmentImage: null,
  skyboxImage: null,
  shadowIntensity: 0,
  shadowSoftness: 1,
  purposes: 'render',
} as const;

test.each([
  [0, 0.2, 'View from the front'],
  [-Math.PI / 2, 0, 'View from the left'],
  [Math.PI * 4.5, 0.5, 'View from the right, from above'],
  [Math.PI, -0.5, 'View from the back, from below'],
  [1, 1.5, 'View from above'],
])('azimuth %f, elevation %f: %s', (azimuth, elevation, words) => {
  expect(directionInWords(azimuth, elevation)).toBe(words);
});

test('a load never goes back from one phase to the next', () => {
  const steps = [
    shareOf({ ...NOTHING, phase: 'reading' }),
    shareOf({ ...NOTHING, phase: 'reading', loadedBytes: 50, totalBytes: 100 }),
    shareOf({ ...NOTHING, phase: 'reading', loadedBytes: 300, totalBytes: 100 }),
    shareOf({ ...NOTHING, phase: 'composing', done: 10 }),
    shareOf({ ...NOTHING, phase: 'geometry', done: 1, total: 2 }),
    shareOf({ ...NOTHING, phase: 'textures', done: 2, total: 2 }),
  ];
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect([steps[0], steps[1], steps.at(-1)]).toEqual([0, 0.25, 1]);
});

test('settings come from model-viewer’s words', () => {
  expect(renderSettingsOf({ ...ATTRIBUTES, exposure: 2, toneMapping: 'commerce', purposes: 'proxy guide' })).toMatchObject({
    exposure: 1,
    toneMap: 'neutral',
    lighting: 'studio',
    showsEnvironment: false,
    shadowIntensity: 0,
    background: [0, 0, 0, 0],
    purposes: ['default', 'proxy', 'guide'],
  });
  expect(renderSettingsOf({ ...ATTRIBUTES, shadowIntensity: 7, lighting: 'stage' })).toMatchObject({
    shadowIntensity: 1,
    lighting: 'stage',
  });
});

test.each([
  [{}, 'studio', false, null],
  [{ environmentImage: 'neutral' }, 'studio', false, null],
  [{ environmentImage: 'a.hdr' }, 'image', false, 'a.hdr'],
  [{ skyboxImage: 'b.hdr' }, 'image', true, 'b.hdr'],
  [{ skyboxImage: 'b.hdr', environmentImage: 'neutral' }, 'studio', true, 'b.hdr'],
] as const)('%o lights with %s', (attributes, lighting, showsEnvironment, address) => {
  expect(renderSettingsOf({ ...ATTRIBUTES, ...attributes })).toMatchObject({ lighting, showsEnvironment });
  expect(environmentAddress({ ...ATTRIBUTES, ...attributes })).toBe(address);
});

test.each([{ toneMapping: 'filmic' }, { exposure: 0 }, { exposure: -1 }, { lighting: 'sun' }, { purposes: 'all' }])(
  'settings refuse %o',
  (attributes) => {
    expect(() => renderSettingsOf({ ...ATTRIBUTES, ...attributes } as typeof ATTRIBUTES)).toThrow(ViewStateError);
  },
);

test('a bad attribute is told once for each text, and its fallback is used', () => {
  const told: string[] = [];
  const reader = new AttributeReader((error) => told.push(error.value));
  const parse = (text: string, name: string): number => {
    if (text !== '1') throw new ViewStateError(name, text, '1');
    return 1;
  };
  for (const text of ['x', 'x', 'y', '1', 'y']) expect(reader.read('time', text, parse, '1')).toBe(1);
  expect(told).toEqual(['x', 'y', 'y']);
});
