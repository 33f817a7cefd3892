import { expect, test } from 'vitest';
import {
  byteLengthOf,
  bytesPerPixel,
  canvasFormatOf,
  gpuUsageOf,
  imageDataFormatOf,
  isShareFormat,
  nearestFormat,
  refuseFormat,
  refuseUsages,
  SHARE_FORMATS,
  videoPixelFormatOf,
} from './formats.ts';

const BIT_8 = ['rgba8unorm', 'rgba8unorm-srgb', 'bgra8unorm', 'bgra8unorm-srgb'] as const;

test('every format has the bytes that its name says', () => {
  expect(Object.fromEntries(SHARE_FORMATS.map((format) => [format, bytesPerPixel(format)]))).toEqual({
    r8unorm: 1,
    rg8unorm: 2,
    rgba8unorm: 4,
    'rgba8unorm-srgb': 4,
    bgra8unorm: 4,
    'bgra8unorm-srgb': 4,
    rgb10a2unorm: 4,
    r16float: 2,
    rg16float: 4,
    rgba16float: 8,
    r32float: 4,
    rg32float: 8,
    rgba32float: 16,
  });
  expect(byteLengthOf({ width: 3, height: 5, format: 'rgba16float' })).toBe(120);
});

test('formats are told from other words, also from those of every object', () => {
  expect(['rgba8unorm', 'depth32float', 'toString', 7, undefined].map(isShareFormat)).toEqual([true, false, false, false, false]);
});

test('usages become the bits of GPUTextureUsage', () => {
  expect(gpuUsageOf([])).toBe(0);
  expect(gpuUsageOf(['sample', 'render', 'copy-to'])).toBe(4 | 16 | 2);
  expect(gpuUsageOf(['storage', 'copy-from', 'storage'])).toBe(8 | 1);
});

test('VideoFrame formats keep the order of bytes, and alpha only where there is some', () => {
  expect(videoPixelFormatOf('rgba8unorm', 'premultiplied')).toBe('RGBA');
  expect(videoPixelFormatOf('rgba8unorm-srgb', 'opaque')).toBe('RGBX');
  expect(videoPixelFormatOf('bgra8unorm', 'opaque')).toBe('BGRX');
});

test('an unsupported pair names both and the nearest supported format', () => {
  expect(() => videoPixelFormatOf('rgba16float', 'opaque')).toThrow(
    expect.objectContaining({
      code: 'share-unsupported-format',
      message: 'The format "rgba16float" cannot cross by VideoFrame; the nearest that can is "rgba8unorm".',
    }),
  );
  expect(() => imageDataFormatOf('bgra8unorm')).toThrow('nearest that can is "rgba8unorm"');
  expect(() => imageDataFormatOf('rgba32float')).toThrow('nearest that can is "rgba16float"');
  expect(() => canvasFormatOf('rgb10a2unorm')).toThrow('nearest that can is "rgba16float"');
  expect(refuseFormat('bitmap', { format: 'r8unorm' }, BIT_8)?.message).toContain('"r8unorm" cannot cross by bitmap');
  expect(refuseFormat('bitmap', { format: 'bgra8unorm' }, BIT_8)).toBeUndefined();
  expect(refuseFormat('nothing', { format: 'r8unorm' }, [])?.message).toContain('no format can');
});

test('the nearest format keeps channels, then range, then precision, then the reading', () => {
  expect(nearestFormat('rg8unorm', ['r8unorm', 'rgba8unorm'])).toBe('rgba8unorm');
  expect(nearestFormat('r16float', ['r8unorm', 'rgba32float'])).toBe('rgba32float');
  expect(nearestFormat('bgra8unorm-srgb', ['rgba8unorm', 'rgba8unorm-srgb', 'bgra8unorm'])).toBe('rgba8unorm-srgb');
});

test('storage is refused for formats that need a feature for it', () => {
  expect(refuseUsages({ format: 'rgba8unorm', usages: ['storage'] })).toBeUndefined();
  expect(refuseUsages({ format: 'bgra8unorm', usages: ['sample'] })).toBeUndefined();
  expect(refuseUsages({ format: 'rgba8unorm-srgb', usages: ['storage'] })).toMatchObject({
    code: 'share-unsupported-usage',
    message: expect.stringContaining('"rgba8unorm-srgb"; the nearest that has it is "rgba8unorm"'),
  });
});
