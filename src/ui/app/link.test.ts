import { expect, test } from 'vitest';
import type { ViewState } from '../../share/view-state/view-state.ts';
import { linkTo, viewOfQuery } from './link.ts';

const PAGE = 'https://example.org/app/?empty#part';
const VIEW: ViewState = {
  time: 12,
  variants: [{ primPath: '/Car', set: 'color', selection: 'red' }],
  select: '/Car/Body',
  cameraOrbit: { azimuthRadians: 0, polarRadians: Math.PI / 2, radius: { unit: 'm', value: 2 } },
};

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
