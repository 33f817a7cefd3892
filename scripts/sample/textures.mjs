/** Procedural textures of the sample scene, as PNG bytes. Deterministic: a hash, never Math.random. */
import { encode } from 'fast-png';

/** Oak planks: grey albedo that the material tints. Few grey levels, so that the file stays small. */
export function woodAlbedo(size) {
  return grayPng(size, size, (x, y) => {
    const [u, v] = [x / size, y / size];
    const plank = Math.floor(v * 6);
    const within = v * 6 - plank;
    const shift = hash(plank, 7);
    const joint = Math.abs(((u + shift) % 1) - 0.5) < 0.004;
    if (within < 0.03 || joint) return 0.12;
    const grain = noise(u * 6, within * 26 + plank * 31 + noise(u * 3, within * 3 + plank * 7, 3) * 3.2, 6);
    return 0.5 + 0.2 * hash(plank, Math.floor(u + shift) + 3) + 0.26 * grain;
  });
}

/** Height of the planks' joints and grain, as a tangent-space normal map. */
export function woodNormal(size) {
  return normalPng(size, 1.6, (u, v) => {
    const plank = Math.floor(v * 6);
    const within = v * 6 - plank;
    const edge = Math.min(within, 1 - within);
    return Math.min(edge / 0.06, 1) * 0.6 + 0.12 * noise(u * 6, within * 18 + plank * 31, 6);
  });
}

/** Hammered metal. */
export function hammeredNormal(size) {
  return normalPng(size, 2.2, (u, v) => {
    let nearest = 1;
    const cells = 8;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const [cx, cy] = [Math.floor(u * cells) + dx, Math.floor(v * cells) + dy];
        const [wx, wy] = [(cx + cells) % cells, (cy + cells) % cells];
        const [px, py] = [cx + 0.2 + 0.6 * hash(wx, wy), cy + 0.2 + 0.6 * hash(wy + 31, wx)];
        nearest = Math.min(nearest, Math.hypot(px - u * cells, py - v * cells));
      }
    }
    return Math.min(nearest, 1) ** 1.5;
  });
}

/** Layered hills below a sky, from bright horizon to dark ground: one grey picture that each variant tints. */
export function hills(width, height) {
  const samples = [0.125, 0.375, 0.625, 0.875];
  return grayPng(
    width,
    height,
    (x, y) => {
      const isStar = 1 - y / height > 0.6 && hash(x, y * 3) > 0.9985;
      if (isStar) return 1;
      let sum = 0;
      for (const dx of samples) for (const dy of samples) sum += landscapeTone((x + dx) / width, 1 - (y + dy) / height);
      return sum / samples.length ** 2;
    },
    255,
  );
}

function landscapeTone(u, v) {
  let tone = 1 - Math.max(0, v - 0.28) * 0.85;
  for (let layer = 0; layer < 4; layer++) {
    const ridge = 0.46 - layer * 0.1 + 0.1 * noise(u * (3 + layer * 2) + layer * 17, layer) + 0.02 * noise(u * 22 + layer * 5, layer + 9);
    if (v < ridge) tone = 0.62 - layer * 0.15;
  }
  return tone;
}

/** Cloud bands of the striped planet. */
export function bands(width, height) {
  return grayPng(width, height, (x, y) => {
    const [u, v] = [x / width, y / height];
    const sway = 0.03 * Math.sin(u * Math.PI * 4) + 0.02 * Math.sin(u * Math.PI * 10 + v * 20);
    return 0.55 + 0.22 * Math.sin((v + sway) * 34) + 0.2 * Math.sin((v + sway) * 13 + 1);
  });
}

/** Ring density along the radius, grey = alpha to cut out. */
export function rings(width) {
  return grayPng(width, 4, (x) => {
    const u = x / width;
    const gap = Math.abs(u - 0.62) < 0.05 ? 0 : 1;
    return gap * (0.55 + 0.35 * Math.sin(u * 60) * Math.sin(u * 23) + 0.1);
  });
}

function grayPng(width, height, valueAt, levels = 48) {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = quantise(valueAt(x, y), levels);
  }
  return encode({ width, height, data, channels: 1, depth: 8 }, { zlib: { level: 9 } });
}

function normalPng(size, strength, heightAt) {
  const data = new Uint8Array(size * size * 3);
  const step = 1 / size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [u, v] = [(x + 0.5) * step, 1 - (y + 0.5) * step];
      const dx = (heightAt((u + step) % 1, v) - heightAt((u - step + 1) % 1, v)) * strength;
      const dy = (heightAt(u, (v + step) % 1) - heightAt(u, (v - step + 1) % 1)) * strength;
      const length = Math.hypot(dx, dy, 1);
      data.set(
        [quantise(0.5 - (0.5 * dx) / length, 64), quantise(0.5 - (0.5 * dy) / length, 64), quantise(0.5 + 0.5 / length, 64)],
        (y * size + x) * 3,
      );
    }
  }
  return encode({ width: size, height: size, data, channels: 3, depth: 8 }, { zlib: { level: 9 } });
}

function quantise(value, levels) {
  return Math.round((Math.round(Math.min(Math.max(value, 0), 1) * levels) / levels) * 255);
}

/** Smooth value noise, 0..1, repeating after `period` units of x. */
function noise(x, y, period = 4096) {
  const [ix, iy] = [Math.floor(x), Math.floor(y)];
  const ease = (t) => t * t * (3 - 2 * t);
  const [fx, fy] = [ease(x - ix), ease(y - iy)];
  const top = hash(ix % period, iy) * (1 - fx) + hash((ix + 1) % period, iy) * fx;
  const bottom = hash(ix % period, iy + 1) * (1 - fx) + hash((ix + 1) % period, iy + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Hash of two integers, 0..1. */
function hash(x, y) {
  let h = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}
