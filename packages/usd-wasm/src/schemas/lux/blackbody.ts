/** Colour of a black body. Source: OpenUSD usdLux/blackbody.cpp (method and knots); schemas.md 5.1. */

/** Linear Rec.709 every 500 K from 1000 K to 10000 K. */
const KNOTS = [
  1, 0.02749, 0, 1, 0.149664, 0, 1, 0.256644, 0.008095, 1, 0.372033, 0.06745, 1, 0.476725, 0.153601, 1, 0.570376, 0.259196, 1, 0.65348,
  0.377155, 1, 0.726878, 0.501606, 1, 0.791543, 0.62805, 1, 0.848462, 0.753228, 1, 0.898581, 0.874905, 1, 0.942771, 0.991642, 0.906947,
  0.890456, 1, 0.828247, 0.841838, 1, 0.765791, 0.801896, 1, 0.715255, 0.768579, 1, 0.673683, 0.740423, 1, 0.638992, 0.716359, 1, 0.609681,
  0.695588, 1,
];
const SEGMENTS = KNOTS.length / 3 - 1;

/** Colour of unit luminance at a temperature, clamped to 1000-10000 K. */
export function blackbodyRgb(kelvin: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, (kelvin - 1000) / 9000)) * SEGMENTS;
  const segment = Math.min(SEGMENTS - 1, Math.floor(at));
  const u = at - segment;
  const rgb: [number, number, number] = [0, 0, 0];
  for (let c = 0; c < 3; c++) {
    const p0 = knot(segment - 1, c);
    const p1 = knot(segment, c);
    const p2 = knot(segment + 1, c);
    const p3 = knot(segment + 2, c);
    // Catmull-Rom through p1 and p2.
    rgb[c] = p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)));
  }
  const luma = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  return [Math.max(0, rgb[0] / luma), Math.max(0, rgb[1] / luma), Math.max(0, rgb[2] / luma)];
}

function knot(index: number, component: number): number {
  return KNOTS[Math.min(SEGMENTS, Math.max(0, index)) * 3 + component]!;
}
