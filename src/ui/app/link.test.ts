import { afterEach, expect, test, vi } from 'vitest';
import type { ViewState } from '../../share/view-state/view-state.ts';
import { fileOfLink, linkTo, viewOfQuery } from './link.ts';

const PAGE = 'https://example.org/app/?empty#part';
const VIEW: ViewState = {
  time: 12,
  variants: [{ primPath: '/Car', set: 'color', selection: 'red' }],
  select: '/Car/Body',
  cameraOrbit: { azimuthRadians: 0, polarRadians: Math.PI / 2, radius: { unit: 'm', value: 2 } },
};

afterEach(() => vi.unstubAllGlobals());

test('a link opens the file it names inside a package, or beside an address', () => {
  vi.stubGlobal('document', { baseURI: PAGE });
  expect(fileOfLink('models/car.usdz', { root: 'inner/shot.usda' })).toBe('https://example.org/app/models/car.usdz[inner/shot.usda]');
  expect(fileOfLink('https://models.example/set/', { root: 'shot.usda' })).toBe('https://models.example/set/shot.usda');
  expect(fileOfLink('models/car.usdz', {})).toBe('models/car.usdz');
});

test('a link says where the file is and what is seen of it', () => {
  const link = new URL(linkTo({ kind: 'url', name: 'car.usdz', url: 'https://models.example/car.usdz?v=1&w=2' }, VIEW, PAGE));
  expect(link.pathname).toBe('/app/');
  expect(link.hash).toBe('');
  expect(link.searchParams.has('empty')).toBe(false);
  expect(link.searchParams.get('src')).toBe('https://models.example/car.usdz?v=1&w=2');
  const { src, ...view } = viewOfQuery(link.searchParams).view;
  expect(src).toBe('https://models.example/car.usdz?v=1&w=2');
  expect(view).toEqual(VIEW);
});

test('a file beside the page is named relative to it', () => {
  const link = linkTo({ kind: 'url', name: 'a.usdz', url: 'https://example.org/app/samples/a.usdz' }, {}, PAGE);
  expect(link).toBe('https://example.org/app/?src=samples/a.usdz');
});

test("a visitor's own file is named only, with what is seen of it", () => {
  const file = { kind: 'files', name: 'my car.usdz', files: [], root: 'my car.usdz', handles: [] } as const;
  const { searchParams } = new URL(linkTo(file, VIEW, PAGE));
  expect(searchParams.get('file')).toBe('my car.usdz');
  expect(searchParams.has('src')).toBe(false);
  expect(viewOfQuery(searchParams).view).toEqual(VIEW);
});

test('a part that cannot be read becomes a problem, the others stay', () => {
  const { view, problems } = viewOfQuery(new URLSearchParams('select=/A&time=soon'));
  expect(view).toEqual({ select: '/A' });
  expect(problems).toMatchObject([{ code: 'bad-view-state', severity: 'warning' }]);
});
