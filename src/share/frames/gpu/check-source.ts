import { ShareError } from '../share-error.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';

/**
 * Refuses a texture that a frame cannot be copied from; WebGPU itself would only tell the device's error handler, and an old frame would go out.
 *
 * @throws ShareError `share-bad-descriptor`
 */
export function checkSource(texture: GPUTexture, { width, height, format }: TextureDescriptor): void {
  if (texture.width !== width || texture.height !== height || linearName(texture.format) !== linearName(format)) {
    throw new ShareError(
      'share-bad-descriptor',
      `A texture of ${width}x${height} in ${format} was expected, not ${texture.width}x${texture.height} in ${texture.format}.`,
    );
  }
  if ((texture.usage & GPUTextureUsage.COPY_SRC) === 0) {
    throw new ShareError('share-bad-descriptor', `The texture "${texture.label}" cannot be read: its usage lacks COPY_SRC.`);
  }
}

/** A format and its `-srgb` twin hold the same bytes and can be copied into each other. */
function linearName(format: GPUTextureFormat): string {
  return format.endsWith('-srgb') ? format.slice(0, -'-srgb'.length) : format;
}
