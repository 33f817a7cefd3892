/**
 * Whether an ICC profile's tone curve is like sRGB's or linear: all that UsdUVTexture's `auto` colour space asks of it.
 * Source: ICC.1:2022, tags `rTRC`, `gTRC`, `kTRC` of types `curv` and `para`.
 */
const TAG_TABLE = 128;
const CURVE_TAGS = ['rTRC', 'kTRC', 'gTRC'];
const MAX_TAGS = 256;

/** Undefined: no curve was found (or the profile is damaged). */
export function transferOfProfile(profile: Uint8Array): 'srgb' | 'raw' | undefined {
  if (profile.length < TAG_TABLE + 4) return undefined;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const count = Math.min(view.getUint32(TAG_TABLE), MAX_TAGS);
  for (const name of CURVE_TAGS) {
    for (let i = 0; i < count; i++) {
      const entry = TAG_TABLE + 4 + i * 12;
      if (entry + 12 > profile.length) break;
      if (textAt(view, entry) === name) return transferOfCurve(view, view.getUint32(entry + 4));
    }
  }
  return undefined;
}

function transferOfCurve(view: DataView, offset: number): 'srgb' | 'raw' | undefined {
  if (offset + 14 > view.byteLength) return undefined;
  const type = textAt(view, offset);
  if (type === 'para') return offset + 16 <= view.byteLength ? transferOfGamma(view.getInt32(offset + 12) / 65536) : undefined;
  if (type !== 'curv') return undefined;
  const count = view.getUint32(offset + 8);
  if (count === 0) return 'raw';
  if (count === 1) return transferOfGamma(view.getUint16(offset + 12) / 256);
  // A table: where the middle of the input lands tells the curves apart (0.5 or about 0.21).
  const middle = offset + 12 + (count >> 1) * 2;
  return middle + 2 <= view.byteLength ? (view.getUint16(middle) / 65535 < 0.36 ? 'srgb' : 'raw') : undefined;
}

function transferOfGamma(gamma: number): 'srgb' | 'raw' {
  return gamma > 1.5 ? 'srgb' : 'raw';
}

function textAt(view: DataView, offset: number): string {
  return String.fromCharCode(view.getUint8(offset), view.getUint8(offset + 1), view.getUint8(offset + 2), view.getUint8(offset + 3));
}

/** The profile in a JPEG's APP2 segments, undefined when there is none. */
export function profileOfJpeg(bytes: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let offset = 2;
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1]!;
    if (marker === 0xda || marker === 0xd9) break;
    const length = (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
    const start = offset + 4;
    if (marker === 0xe2 && length > 16 && String.fromCharCode(...bytes.subarray(start, start + 11)) === 'ICC_PROFILE')
      parts.push(bytes.subarray(start + 14, offset + 2 + length));
    offset += 2 + Math.max(2, length);
  }
  if (parts.length < 2) return parts[0];
  const profile = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    profile.set(part, at);
    at += part.length;
  }
  return profile;
}
