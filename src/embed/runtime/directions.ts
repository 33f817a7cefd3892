/** Where a camera looks from, in words. */
const SIDES = ['front', 'front right', 'right', 'back right', 'back', 'back left', 'left', 'front left'] as const;
const EIGHTH = Math.PI / 4;
/** Elevations at which a word changes. */
const LEVEL = Math.PI / 12;
const STEEP = (Math.PI * 3) / 8;

/** @param azimuth radians, 0 in front, growing to the right @param elevation radians above the horizon */
export function directionInWords(azimuth: number, elevation: number): string {
  if (elevation > STEEP) return 'View from above';
  if (elevation < -STEEP) return 'View from below';
  const side = SIDES[((Math.round(azimuth / EIGHTH) % 8) + 8) % 8];
  const height = elevation > LEVEL ? ', from above' : elevation < -LEVEL ? ', from below' : '';
  return `View from the ${side}${height}`;
}
