import { expect, test } from 'vitest';
import { checkDescriptor, checkExpected, completeDescriptor, isSameButSize } from './check-descriptor.ts';
import type { TextureDescriptorInit } from './texture-descriptor.ts';

const SIZE = { width: 64, height: 48 };

test('everything but the size has a default', () => {
  expect(completeDescriptor(SIZE)).toEqual({
    width: 64,
    height: 48,
    format: 'rgba8unorm',
    usages: ['sample', 'render', 'copy-from', 'copy-to'],
    colorSpace: 'srgb',
    alphaMode: 'premultiplied',
    mode: 'latest',
    slots: 3,
    label: 'shared texture',
  });
  expect(completeDescriptor({ ...SIZE, format: 'rgba16float', slots: 8 })).toMatchObject({ format: 'rgba16float', slots: 8 });
});

test('a checked descriptor is a copy with known fields, which does not change', () => {
  const usages = ['sample', 'sample', 'copy-to'] as const;
  const checked = checkDescriptor({ ...completeDescriptor(SIZE), usages, extra: 1 });
  expect(checked).not.toHaveProperty('extra');
  expect(checked.usages).toEqual(['sample', 'copy-to']);
  expect([Object.isFrozen(checked), Object.isFrozen(checked.usages)]).toEqual([true, true]);
});

test.each([
  [{ width: 0 }, 'width is a whole number from 1 to 16384, not 0'],
  [{ height: 16_385 }, 'height is a whole number from 1 to 16384, not 16385'],
  [{ width: Number.NaN }, 'not NaN'],
  [{ width: '64' }, 'not "64"'],
  [{ format: 'depth32float' }, 'format is one of the formats that can be shared, not "depth32float"'],
  [{ format: 'constructor' }, 'not "constructor"'],
  [{ usages: [] }, 'usages is a list of 1 to 16 usages, not a list'],
  [{ usages: ['sample', 'everything'] }, 'not "everything"'],
  [{ colorSpace: 'rec2020' }, 'one of srgb, display-p3'],
  [{ alphaMode: null }, 'not null'],
  [{ mode: {} }, 'one of latest, queue, not an object'],
  [{ slots: 2 }, 'slots is a whole number from 3 to 8, not 2'],
  [{ label: 'x'.repeat(201) }, 'text of at most 200 characters'],
])('%j is refused', (fields, message) => {
  expect(() => checkDescriptor({ ...completeDescriptor(SIZE), ...fields })).toThrow(
    expect.objectContaining({ code: 'share-bad-descriptor', message: expect.stringContaining(message) }),
  );
});

test.each([undefined, null, 7, 'text'])('%j is no descriptor', (value) => {
  expect(() => checkDescriptor(value)).toThrow(expect.objectContaining({ code: 'share-bad-descriptor' }));
});

test('frames that take too much memory are refused before any is taken', () => {
  const large: TextureDescriptorInit = { width: 16_384, height: 16_384 };
  expect(() => completeDescriptor(large)).toThrow(expect.objectContaining({ code: 'share-limit' }));
  expect(completeDescriptor({ width: 8192, height: 8192 }).width).toBe(8192);
});

test('a usage that the format does not have is refused', () => {
  expect(() => completeDescriptor({ ...SIZE, format: 'r8unorm', usages: ['storage'] })).toThrow(
    expect.objectContaining({ code: 'share-unsupported-usage' }),
  );
});

test('what a consumer expects is compared field by field; more usages than expected are no difference', () => {
  const descriptor = completeDescriptor({ ...SIZE, usages: ['sample', 'copy-to'], label: 'pool' });
  checkExpected(descriptor, {});
  checkExpected(descriptor, { width: 64, usages: ['sample'], alphaMode: 'premultiplied' });
  expect(() => checkExpected(descriptor, { alphaMode: 'opaque' })).toThrow(
    'The shared texture "pool" has alphaMode "premultiplied"; "opaque" was expected.',
  );
});

test('only the size may differ between frames of one texture', () => {
  const descriptor = completeDescriptor(SIZE);
  expect(isSameButSize(descriptor, completeDescriptor({ width: 1, height: 1, label: 'other' }))).toBe(true);
  for (const fields of [{ format: 'bgra8unorm' }, { usages: ['sample'] }, { mode: 'queue' }, { slots: 4 }] as const) {
    expect(isSameButSize(descriptor, completeDescriptor({ ...SIZE, ...fields }))).toBe(false);
  }
});
