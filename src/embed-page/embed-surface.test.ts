import { expect, test } from 'vitest';
import type { UsdView } from '../embed/usd-view.ts';
import { linkable, propertyOf, surfaceOf } from './embed-surface.ts';

const surface = surfaceOf(['src', 'cameraOrbit', 'autoRotate']);

/** Stands for an element: what is called and set is written down. */
function fakeView(): UsdView & { readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const view = {
    calls,
    loaded: true,
    play: (...params: unknown[]) => calls.push(['play', ...params]),
    whenLoaded: () => Promise.resolve(view),
  };
  return view as unknown as UsdView & { readonly calls: unknown[][] };
}

test('credentials are in no link, properties are named as script names them', () => {
  expect(linkable(['src', 'with-credentials', 'auto-rotate'])).toEqual(['src', 'auto-rotate']);
  expect(propertyOf('min-camera-orbit')).toBe('minCameraOrbit');
});

test('what may be set may be read; the rest of an element may not be touched', () => {
  expect(Object.keys(surface.readable)).toEqual(expect.arrayContaining([...Object.keys(surface.writable), 'loaded', 'stage']));
  expect(Object.keys(surface.writable)).toEqual(['src', 'cameraOrbit', 'autoRotate', 'currentTime', 'timeScale']);
  expect(Object.keys(surface.methods)).not.toContain('remove');
});

test.each([
  ['seek', ['soon']],
  ['seek', []],
  ['setVariant', ['/Box', 'paint']],
  ['setVariant', ['/Box', 'paint', 'green', 'more']],
  ['play', ['fast']],
])('%s with %j is refused', async (method, params) => {
  await expect(surface.methods[method]?.(fakeView(), params)).rejects.toMatchObject({ code: 'bad-value' });
});

test('optional parameters may be left out or null', async () => {
  const view = fakeView();
  await surface.methods['play']?.(view, []);
  await surface.methods['play']?.(view, [null]);
  await surface.methods['play']?.(view, [{ repetitions: 1 }]);
  expect(view.calls).toEqual([['play'], ['play', undefined], ['play', { repetitions: 1 }]]);
});

test('properties take no objects', () => {
  expect(() => surface.writable['src']?.(fakeView(), {})).toThrow(/takes a text/u);
});

test('the element itself stays in its frame', async () => {
  expect(await surface.methods['whenLoaded']?.(fakeView(), [])).toBeNull();
});
