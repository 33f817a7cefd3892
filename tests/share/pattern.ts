/**
 * Pixels that a frame's value decides, so that whoever receives a frame can tell each of its words: from another frame, from another place, from a
 * conversion. They are legal for their descriptor: alpha is 1 where it is opaque, no colour above alpha where it is premultiplied, floats are finite.
 */
import { bytesPerPixel } from '../../src/share/frames/formats.ts';
import type { TextureDescriptor } from '../../src/share/frames/texture-descriptor.ts';

export type PatternDescriptor = Pick<TextureDescriptor, 'width' | 'height' | 'format' | 'alphaMode'>;

const HALF_ONE = 0x3c00;
const HALF_OF_HALF = 0x3800;

/** @param into rows top first, tight: exactly the frame's bytes */
export function fillPattern(value: number, descriptor: PatternDescriptor, into: Uint8Array): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const size = bytesPerPixel(descriptor.format);
  const put = pixelWriter(descriptor);
  for (let pixel = 0; pixel < descriptor.width * descriptor.height; pixel++) put(view, pixel * size, value, pixel);
}

/** What is wrong with a frame's pixels, in words; undefined: nothing. */
export function mismatch(value: number, descriptor: PatternDescriptor, pixels: Uint8Array): string | undefined {
  const expected = new Uint8Array(descriptor.width * descriptor.height * bytesPerPixel(descriptor.format));
  if (pixels.length !== expected.length) return `frame ${value} has ${pixels.length} bytes, not ${expected.length}`;
  fillPattern(value, descriptor, expected);
  let wrong = 0;
  let first = -1;
  let widest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (pixels[i] === expected[i]) continue;
    if (first < 0) first = i;
    wrong++;
    widest = Math.max(widest, Math.abs(Number(pixels[i]) - Number(expected[i])));
  }
  if (first < 0) return undefined;
  const begin = first - (first % bytesPerPixel(descriptor.format));
  const some = (bytes: Uint8Array): string => [...bytes.subarray(begin, begin + 8)].join(' ');
  return `frame ${value}: ${wrong} of ${expected.length} bytes differ, by ${widest} at most; from byte ${begin} on: ${some(pixels)}, not ${some(expected)}`;
}

type PixelWriter = (view: DataView, offset: number, value: number, pixel: number) => void;

function pixelWriter({ format, alphaMode }: PatternDescriptor): PixelWriter {
  if (format === 'rgb10a2unorm') {
    return (view, offset, value, pixel) => {
      const bits = hash(value, pixel);
      const alpha = alphaMode === 'opaque' ? 3 : bits >>> 30;
      const most = alphaMode === 'premultiplied' ? alpha * 341 : 1023;
      const channel = (shift: number): number => ((bits >>> shift) & 0x3ff) % (most + 1);
      view.setUint32(offset, ((alpha << 30) | (channel(20) << 20) | (channel(10) << 10) | channel(0)) >>> 0, true);
    };
  }
  const channels = format.startsWith('rgba') || format.startsWith('bgra') ? 4 : format.startsWith('rg') ? 2 : 1;
  if (format.includes('32float')) {
    return (view, offset, value, pixel) => {
      for (let channel = 0; channel < channels; channel++) {
        const bits = hash(value, pixel * 4 + channel);
        // Exponents from 2^-27 to 2^36: finite, and no subnormals, which a GPU may flush.
        const number = (bits & 0x807f_ffff) | ((100 + ((bits >>> 24) & 0x3f)) << 23);
        view.setUint32(offset + channel * 4, channel === 3 && alphaMode !== 'straight' ? 0x3f80_0000 : number >>> 0, true);
      }
    };
  }
  if (format.includes('16float')) {
    return (view, offset, value, pixel) => {
      for (let channel = 0; channel < channels; channel++) {
        const bits = hash(value, pixel * 4 + channel);
        const number = (bits & 0x83ff) | ((1 + ((bits >>> 16) % 28)) << 10);
        const alpha = alphaMode === 'opaque' ? HALF_ONE : alphaMode === 'premultiplied' ? HALF_OF_HALF : number & 0x7fff;
        view.setUint16(offset + channel * 2, channel === 3 ? alpha : number, true);
      }
    };
  }
  return (view, offset, value, pixel) => {
    const bits = hash(value, pixel);
    const alpha = alphaMode === 'opaque' ? 255 : bits >>> 24;
    for (let channel = 0; channel < channels; channel++) {
      const byte = (bits >>> (channel * 8)) & 255;
      view.setUint8(offset + channel, channel === 3 ? alpha : alphaMode === 'premultiplied' && channels === 4 ? byte % (alpha + 1) : byte);
    }
  };
}

/** Mixes two numbers into 32 bits (murmur3's finalizer). */
export function hash(value: number, place: number): number {
  let bits = (Math.imul(value, 0x9e37_79b1) ^ Math.imul(place + 1, 0x85eb_ca6b)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb_352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846c_a68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
