import { videoPixelFormatOf } from '../formats.ts';
import type { TextureDescriptor } from '../texture-descriptor.ts';
import { divideByAlpha } from './pixel-order.ts';

/**
 * A VideoFrame of bytes. Frames with alpha hold straight colours (WebCodecs 9.4), so premultiplied ones are divided first, see `divideByAlpha`.
 *
 * @param pixels may be in shared memory
 * @param timestampUs microseconds
 * @returns a frame of its own memory, that the caller closes
 * @throws ShareError `share-unsupported-format`
 */
export function frameOfPixels(pixels: Uint8Array, descriptor: TextureDescriptor, timestampUs: number): VideoFrame {
  const { width, height, format, alphaMode, colorSpace } = descriptor;
  let bytes = pixels;
  if (alphaMode === 'premultiplied') {
    bytes = Uint8Array.from(pixels);
    divideByAlpha(bytes);
  }
  return new VideoFrame(bytes as Uint8Array<ArrayBuffer>, {
    format: videoPixelFormatOf(format, alphaMode),
    codedWidth: width,
    codedHeight: height,
    timestamp: timestampUs,
    colorSpace: {
      // The types do not know the primaries of Display P3 (WebCodecs 9.9.1).
      primaries: colorSpace === 'srgb' ? 'bt709' : ('smpte432' as 'bt709'),
      transfer: 'iec61966-2-1',
      matrix: 'rgb',
      fullRange: true,
    },
  });
}
