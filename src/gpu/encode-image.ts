/**
 * Encodes straight-alpha RGBA bytes. PNG is written here, because a canvas would pass the pixels through pre-multiplied
 * alpha and lose the colour of faint ones; lossy types go through a canvas.
 *
 * @param pixels shape [height·width·4], top row first, sRGB encoded, not pre-multiplied
 * @param quality of types that lose detail, 0 to 1
 */
export async function encodeImage(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
  type: string,
  quality = 0.92,
): Promise<Blob> {
  if (type === 'image/png') return encodePng(pixels, width, height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.convertToBlob({ type, quality });
}

/** Divides colours by alpha, in place: canvases want pre-multiplied, files straight alpha. */
export function unpremultiply(pixels: Uint8ClampedArray): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255 || alpha === 0) continue;
    const factor = 255 / alpha;
    pixels[i] = pixels[i]! * factor;
    pixels[i + 1] = pixels[i + 1]! * factor;
    pixels[i + 2] = pixels[i + 2]! * factor;
  }
}

/** PNG, 8 bits, RGBA, sRGB chunk; each row by the Up or Sub filter, whichever sums smaller (PNG specification, 12.8). */
async function encodePng(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Promise<Blob> {
  const rowBytes = width * 4;
  const raw = new Uint8Array((rowBytes + 1) * height);
  const sub = new Uint8Array(rowBytes);
  const up = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    let subSum = 0;
    let upSum = 0;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const value = pixels[at]!;
      const s = (value - (x >= 4 ? pixels[at - 4]! : 0)) & 0xff;
      const u = (value - (y > 0 ? pixels[at - rowBytes]! : 0)) & 0xff;
      sub[x] = s;
      up[x] = u;
      subSum += s < 128 ? s : 256 - s;
      upSum += u < 128 ? u : 256 - u;
    }
    const start = y * (rowBytes + 1);
    raw[start] = upSum < subSum ? 2 : 1;
    raw.set(upSum < subSum ? up : sub, start + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const packed = new Uint8Array(await new Response(new Blob([raw]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('sRGB', new Uint8Array(1)),
    chunk('IDAT', packed),
    chunk('IEND', new Uint8Array(0)),
  ];
  return new Blob(parts, { type: 'image/png' });
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
