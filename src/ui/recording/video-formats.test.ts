import { expect, test } from 'vitest';
import { bitrateOf, codecStrings, trackOf, VIDEO_FORMATS } from './video-formats.ts';

const HD = { width: 1280, height: 720 };
const FULL_HD = { width: 1920, height: 1080 };
const UHD = { width: 3840, height: 2160 };

test('levels are the least that the size and rate need', () => {
  expect(codecStrings('avc', HD, 30)[0]).toBe('avc1.64001f');
  expect(codecStrings('avc', FULL_HD, 30)[0]).toBe('avc1.640028');
  expect(codecStrings('avc', FULL_HD, 60)[0]).toBe('avc1.64002a');
  expect(codecStrings('avc', UHD, 30)).toEqual(['avc1.640033', 'avc1.4d0033', 'avc1.420033']);
  expect(codecStrings('avc', UHD, 60)[0]).toBe('avc1.640034');
  expect(codecStrings('hevc', FULL_HD, 30)).toEqual(['hvc1.1.6.L123.B0']);
  expect(codecStrings('vp9', FULL_HD, 60)).toEqual(['vp09.00.41.08']);
  expect(codecStrings('av1', HD, 30)).toEqual(['av01.0.05M.08']);
  expect(codecStrings('av1', UHD, 60)).toEqual(['av01.0.13M.08']);
  expect(codecStrings('vp9', { width: 8192, height: 8192 }, 60)).toEqual(['vp09.00.61.08']);
});

test('bits grow with size, rate and quality, and newer codecs need fewer', () => {
  const bits = bitrateOf(FULL_HD, 30, 'good', 'avc');
  expect(bits).toBe(6_220_800);
  expect(bitrateOf(UHD, 30, 'good', 'avc')).toBe(4 * bits);
  expect(bitrateOf(FULL_HD, 60, 'good', 'avc')).toBeLessThan(2 * bits);
  expect(bitrateOf(FULL_HD, 30, 'best', 'avc')).toBeGreaterThan(2 * bits);
  expect(bitrateOf(FULL_HD, 30, 'good', 'av1')).toBeLessThan(bits);
  expect(bitrateOf({ width: 16, height: 16 }, 24, 'small', 'vp9')).toBe(400_000);
});

test('only what can be transparent is', () => {
  const isTransparent = VIDEO_FORMATS.filter(
    (format) => trackOf({ format, size: HD, framesPerSecond: 30, quality: 'good', isTransparent: true, isLive: false }, 'x').isTransparent,
  );
  expect(isTransparent.map(({ label }) => label)).toEqual(['WebM, VP9']);
});
