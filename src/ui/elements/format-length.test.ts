import { expect, test } from 'vitest';
import { formatSize } from './format-length.ts';

test('sizes are shown in the unit that was chosen', () => {
  // 250 x 100 x 50 centimetres
  const box = [-125, 0, 0, 125, 100, 50] as const;
  expect(formatSize(box, 0.01, 'stage')).toBe('250 × 100 × 50 cm');
  expect(formatSize(box, 0.01, 'm')).toBe('2.5 × 1 × 0.5 m');
  expect(formatSize(box, 0.01, 'mm')).toBe('2,500 × 1,000 × 500 mm');
  expect(formatSize(box, 0.01, 'in')).toBe('98.43 × 39.37 × 19.69 in');
  expect(formatSize(box, 0.01, 'ft')).toBe('8.202 × 3.281 × 1.64 ft');
});

test('a stage unit without a name is called one', () => {
  expect(formatSize([0, 0, 0, 1, 2, 3], 1000, 'stage')).toBe('1 × 2 × 3 units');
  expect(formatSize([0, 0, 0, 1, 2, 3], 0.9144, 'm')).toBe('0.9144 × 1.829 × 2.743 m');
});
