/** A decoded picture: interleaved channels, 8 bits each. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

export interface PictureDifference {
  /** Mean absolute difference per channel, 0..255. */
  readonly mean: number;
  /** Largest mean difference of a 4x4 block: one moved object shows here, noise on an edge does not. */
  readonly worstBlock: number;
}

const BLOCK = 4;

/** Compares two pictures of one size. Throws when they differ in size. */
export function comparePictures(a: Picture, b: Picture): PictureDifference {
  if (a.width !== b.width || a.height !== b.height) throw new RangeError(`sizes differ: ${a.width}x${a.height} and ${b.width}x${b.height}`);
  let total = 0;
  let worstBlock = 0;
  for (let top = 0; top < a.height; top += BLOCK) {
    for (let left = 0; left < a.width; left += BLOCK) {
      let block = 0;
      let samples = 0;
      for (let y = top; y < Math.min(top + BLOCK, a.height); y++) {
        for (let x = left; x < Math.min(left + BLOCK, a.width); x++) {
          for (let channel = 0; channel < 3; channel++) {
            const pixel = y * a.width + x;
            block += Math.abs((a.data[pixel * a.channels + channel] ?? 0) - (b.data[pixel * b.channels + channel] ?? 0));
            samples++;
          }
        }
      }
      total += block;
      worstBlock = Math.max(worstBlock, block / samples);
    }
  }
  return { mean: total / (a.width * a.height * 3), worstBlock };
}
