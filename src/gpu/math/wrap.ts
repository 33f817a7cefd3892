import type { WrapMode } from '../../share/protocol/scene.ts';

/**
 * Plain twin of `wrap_coordinate` in `shaders/textures.wgsl`.
 *
 * @param texel size of a texel of the mip level, in units of the whole image
 * @returns where a repeating sampler must look, and how much of the filter lies inside the image
 */
export function wrapCoordinate(u: number, mode: WrapMode, texel: number): readonly [coordinate: number, inside: number] {
  if (mode === 'repeat') return [u, 1];
  const inset = Math.min(0.5 * texel, 0.5);
  const hold = (value: number): number => Math.min(Math.max(value, inset), 1 - inset);
  if (mode === 'mirror') return [hold(Math.abs(u - 2 * Math.floor(0.5 * u + 0.5))), 1];
  if (mode === 'clamp') return [hold(u), 1];
  return [hold(u), Math.min(1, Math.max(0, (0.5 - Math.abs(u - 0.5)) / texel + 0.5))];
}
