/** Mesh builders of the sample scene: quad grids with texture coordinates. Units are metres, Y is up. */

/**
 * A grid of quads from a function of (u, v) in 0..1.
 *
 * @param isClosed the last column meets the first (same points, own texture coordinates)
 * @returns points (flat xyz), counts, indices, and faceVarying st (flat uv)
 */
export function surface(columns, rows, pointAt, { isClosed = false, uvScale = [1, 1] } = {}) {
  const points = [];
  const width = isClosed ? columns : columns + 1;
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column < width; column++) points.push(...pointAt(column / columns, row / rows));
  }
  const counts = [];
  const indices = [];
  const st = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const next = (column + 1) % width;
      counts.push(4);
      indices.push(row * width + column, row * width + next, (row + 1) * width + next, (row + 1) * width + column);
      const [u0, u1] = [column / columns, (column + 1) / columns].map((u) => u * uvScale[0]);
      const [v0, v1] = [row / rows, (row + 1) / rows].map((v) => v * uvScale[1]);
      st.push(u0, v0, u1, v0, u1, v1, u0, v1);
    }
  }
  return { points, counts, indices, st };
}

/** A surface of revolution about Y. `profile` lists [radius, height] from bottom to top; faces point outward. */
export function lathe(profile, columns, uvScale) {
  const rows = profile.length - 1;
  return surface(
    columns,
    rows,
    (u, v) => {
      const [radius, height] = profile[Math.round(v * rows)];
      const angle = -u * Math.PI * 2;
      return [radius * Math.cos(angle), height, radius * Math.sin(angle)];
    },
    { isClosed: true, uvScale },
  );
}

/** Points of a Catmull-Rom spline through control points, `steps` per span. */
export function smoothProfile(controls, steps) {
  const result = [];
  for (let i = 0; i + 1 < controls.length; i++) {
    const [a, b, c, d] = [controls[Math.max(i - 1, 0)], controls[i], controls[i + 1], controls[Math.min(i + 2, controls.length - 1)]];
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      result.push(b.map((_, k) => catmullRom(a[k], b[k], c[k], d[k], t)));
    }
  }
  result.push(controls.at(-1));
  return result.map(([radius, height]) => [Math.max(radius, 0.0005), height]);
}

function catmullRom(a, b, c, d, t) {
  return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
}
