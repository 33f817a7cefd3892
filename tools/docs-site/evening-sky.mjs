/**
 * A sky shortly before sunset, as a latitude-longitude picture in Radiance's format: bytes of a .hdr with four bytes (red, green, blue,
 * common exponent) for each pixel, rows from the zenith down, without run lengths.
 */
export function eveningSky(width, height) {
  const header = new TextEncoder().encode(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`);
  const bytes = new Uint8Array(header.length + width * height * 4);
  bytes.set(header);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      bytes.set(rgbe(radiance((x + 0.5) / width, (y + 0.5) / height)), header.length + (y * width + x) * 4);
    }
  }
  return bytes;
}

/** Linear colour at a part of the width and of the height. */
function radiance(u, v) {
  const elevation = (0.5 - v) * Math.PI;
  const azimuth = (u - 0.3) * 2 * Math.PI;
  if (elevation < 0) return [0.09, 0.075, 0.07].map((c) => c * (1 - 0.5 * Math.min(-elevation, 1)));
  const rise = Math.min(elevation / 0.9, 1) ** 0.6;
  const warm = (0.55 + 0.45 * Math.cos(azimuth)) * (1 - rise);
  const sky = [0.16 + 1.5 * warm, 0.24 + 0.6 * warm, 0.55 + 0.15 * warm];
  const fromSun = Math.hypot(elevation - 0.16, Math.atan2(Math.sin(azimuth), Math.cos(azimuth)) * Math.cos(elevation));
  const sun = 60 * Math.exp(-((fromSun / 0.09) ** 2)) + 1.2 * Math.exp(-fromSun / 0.3);
  return [sky[0] + sun, sky[1] + sun * 0.62, sky[2] + sun * 0.3];
}

/** Colours share the exponent of the largest. */
function rgbe([red, green, blue]) {
  const largest = Math.max(red, green, blue);
  const exponent = Math.floor(Math.log2(largest)) + 1;
  const scale = 256 / 2 ** exponent;
  return [red, green, blue].map((c) => Math.min(255, Math.floor(c * scale))).concat(exponent + 128);
}
