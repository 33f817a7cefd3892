/** Three waves, one for each colour. */
export function drawWaves(pixels, width, height, milliseconds) {
  const t = milliseconds / 900;
  let at = 0;
  for (let y = 0; y < height; y++) {
    const v = y / height;
    for (let x = 0; x < width; x++) {
      const u = x / width;
      const wave = Math.sin(7 * u + t) + Math.sin(5 * v - 1.3 * t) + Math.sin(6 * (u + v) + 0.7 * t);
      pixels[at++] = 128 + 100 * Math.sin(wave);
      pixels[at++] = 70 + 60 * Math.sin(wave + 2.1);
      pixels[at++] = 150 + 90 * Math.sin(wave + 4.2);
      pixels[at++] = 255;
    }
  }
}
