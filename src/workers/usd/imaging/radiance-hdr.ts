/**
 * Radiance RGBE pictures (`.hdr`) to linear halfs. Source: Greg Ward, "Real Pixels", Graphics Gems II; the
 * `#?RADIANCE` header and both run-length forms.
 */
import { ImageDecodeError, ImageTooLargeError } from './image-error.ts';
import { LinearPicture, type HalfImage } from './linear-picture.ts';

const MAX_PIXELS = 1 << 27;

export function isRadianceHdr(bytes: Uint8Array): boolean {
  return bytes[0] === 35 && bytes[1] === 63; // #?
}

/**
 * @param maxSize longest side of the result; a larger picture is scaled down by a power of two
 * @throws ImageDecodeError
 */
export function decodeRadianceHdr(bytes: Uint8Array, maxSize: number): HalfImage {
  let offset = 0;
  const line = (): string => {
    let end = offset;
    while (end < bytes.length && bytes[end] !== 10) end++;
    if (end >= bytes.length) throw new ImageDecodeError('HDR', 'the header does not end');
    const text = String.fromCharCode(...bytes.subarray(offset, Math.min(end, offset + 512)));
    offset = end + 1;
    return text;
  };
  for (let header = line(); header !== ''; header = line()) {
    if (header.startsWith('FORMAT=') && !header.includes('32-bit_rle_rgbe'))
      throw new ImageDecodeError('HDR', `the pixel format "${header.slice(7)}" is not supported`);
  }
  const size = /^([+-])Y (\d+) ([+-])X (\d+)$/.exec(line().trim());
  if (size === null) throw new ImageDecodeError('HDR', 'the resolution line is not of the form "-Y height +X width"');
  const height = Number(size[2]);
  const width = Number(size[4]);
  if (width * height > MAX_PIXELS) throw new ImageTooLargeError('HDR', width, height);
  if (width === 0 || height === 0 || width * height > (bytes.length - offset) * 64) {
    throw new ImageDecodeError('HDR', `the size ${width}x${height} does not fit ${bytes.length} bytes`);
  }
  const picture = new LinearPicture(width, height, maxSize);
  const values = new Float32Array(width * 4);
  const row = new Uint8Array(width * 4);
  for (let y = 0; y < height; y++) {
    offset = readRow(bytes, offset, width, row);
    for (let x = 0; x < width; x++) {
      const exponent = row[x * 4 + 3]!;
      const scale = exponent === 0 ? 0 : 2 ** (exponent - 136);
      const to = (size[3] === '+' ? x : width - 1 - x) * 4;
      values[to] = row[x * 4]! * scale;
      values[to + 1] = row[x * 4 + 1]! * scale;
      values[to + 2] = row[x * 4 + 2]! * scale;
      values[to + 3] = 1;
    }
    picture.addSpan(0, size[1] === '-' ? y : height - 1 - y, values);
  }
  return picture.finish();
}

/** Reads one scanline in any of the three codings; returns the offset after it. */
function readRow(bytes: Uint8Array, offset: number, width: number, row: Uint8Array): number {
  const isPlanar = width >= 8 && width < 32768 && bytes[offset] === 2 && bytes[offset + 1] === 2 && bytes[offset + 2]! < 128;
  if (isPlanar) {
    if (((bytes[offset + 2]! << 8) | bytes[offset + 3]!) !== width)
      throw new ImageDecodeError('HDR', 'a scanline has another width than the picture');
    offset += 4;
    for (let channel = 0; channel < 4; channel++) {
      for (let x = 0; x < width;) {
        if (offset + 1 >= bytes.length) throw new ImageDecodeError('HDR', 'the pixels end too early');
        let count = bytes[offset++]!;
        if (count > 128) {
          count -= 128;
          const value = bytes[offset++]!;
          if (x + count > width) throw new ImageDecodeError('HDR', 'a run passes the end of its scanline');
          for (let i = 0; i < count; i++) row[x++ * 4 + channel] = value;
        } else {
          if (count === 0 || x + count > width || offset + count > bytes.length)
            throw new ImageDecodeError('HDR', 'a run passes the end of its scanline');
          for (let i = 0; i < count; i++) row[x++ * 4 + channel] = bytes[offset++]!;
        }
      }
    }
    return offset;
  }
  let shift = 0;
  for (let x = 0; x < width;) {
    if (offset + 4 > bytes.length) throw new ImageDecodeError('HDR', 'the pixels end too early');
    if (bytes[offset] === 1 && bytes[offset + 1] === 1 && bytes[offset + 2] === 1) {
      const count = bytes[offset + 3]! << shift;
      if (x === 0 || shift > 16 || x + count > width) throw new ImageDecodeError('HDR', 'a run passes the end of its scanline');
      for (let i = 0; i < count; i++, x++) row.copyWithin(x * 4, x * 4 - 4, x * 4);
      shift += 8;
    } else {
      row.set(bytes.subarray(offset, offset + 4), x * 4);
      x++;
      shift = 0;
    }
    offset += 4;
  }
  return offset;
}
