/** Whole frames of 4 bytes per pixel, changed in place or on the way; 32 bits at a time where the memory allows, little-endian as every WebGPU platform. */

/** @param into may be `pixels` itself */
export function swapRedAndBlue(pixels: Uint8Array, into: Uint8Array | Uint8ClampedArray): void {
  const from = words(pixels);
  const to = words(into);
  if (from === undefined || to === undefined) {
    for (let byte = 0; byte < pixels.length; byte += 4) {
      const red = pixels[byte]!;
      into[byte] = pixels[byte + 2]!;
      into[byte + 1] = pixels[byte + 1]!;
      into[byte + 2] = red;
      into[byte + 3] = pixels[byte + 3]!;
    }
    return;
  }
  for (let i = 0; i < from.length; i++) {
    const word = from[i]!;
    to[i] = (word & 0xff00ff00) | ((word & 0xff) << 16) | ((word >>> 16) & 0xff);
  }
}

/** Premultiplied colours become straight ones, as ImageData has them; rounded, and lost where alpha is 0. */
export function dividedByAlpha(pixels: Uint8ClampedArray): void {
  for (let byte = 0; byte < pixels.length; byte += 4) {
    const alpha = pixels[byte + 3]!;
    if (alpha === 255) continue;
    const factor = alpha === 0 ? 0 : 255 / alpha;
    for (let channel = byte; channel < byte + 3; channel++) pixels[channel] = Math.round(pixels[channel]! * factor);
  }
}

function words({ buffer, byteOffset, byteLength }: Uint8Array | Uint8ClampedArray): Uint32Array | undefined {
  return byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength / 4) : undefined;
}
