import { describe, expect, test } from 'vitest';
import { profileOfJpeg, transferOfProfile } from './icc.ts';

/** A profile with one curve tag. */
function profile(tag: string, curve: number[]): Uint8Array {
  const bytes = new Uint8Array(144 + curve.length);
  bytes[131] = 1;
  bytes.set(ascii(tag), 132);
  bytes[139] = 144;
  bytes.set(curve, 144);
  return bytes;
}
const ascii = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));

describe('transferOfProfile', () => {
  test('tells gamma, parametric curves and tables apart', () => {
    expect(transferOfProfile(profile('rTRC', [...ascii('curv'), 0, 0, 0, 0, 0, 0, 0, 1, 2, 51]))).toBe('srgb'); // 2.2
    expect(transferOfProfile(profile('kTRC', [...ascii('curv'), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toBe('raw');
    expect(transferOfProfile(profile('rTRC', [...ascii('para'), 0, 0, 0, 0, 0, 3, 0, 0, 0, 2, 0x66, 0x66]))).toBe('srgb'); // 2.4
    expect(transferOfProfile(profile('rTRC', [...ascii('curv'), 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0x36, 0, 255, 255]))).toBe('srgb'); // middle at 0.21
    expect(transferOfProfile(profile('rTRC', [...ascii('curv'), 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0x80, 0, 255, 255]))).toBe('raw');
  });

  test('says nothing of what is damaged', () => {
    expect(transferOfProfile(new Uint8Array(10))).toBeUndefined();
    const cut = profile('rTRC', [...ascii('curv')]);
    expect(transferOfProfile(cut)).toBeUndefined();
    cut.fill(255, 128, 132);
    expect(transferOfProfile(cut)).toBeUndefined();
  });
});

test('profileOfJpeg joins segments', () => {
  const segment = (index: number, data: number[]): number[] => [
    0xff,
    0xe2,
    0,
    16 + data.length,
    ...ascii('ICC_PROFILE'),
    0,
    index,
    2,
    ...data,
  ];
  expect([...profileOfJpeg(Uint8Array.from([0xff, 0xd8, ...segment(1, [1, 2, 3]), ...segment(2, [4]), 0xff, 0xda]))!]).toEqual([
    1, 2, 3, 4,
  ]);
  expect(profileOfJpeg(Uint8Array.of(0xff, 0xd8, 0xff, 0xda))).toBeUndefined();
});
