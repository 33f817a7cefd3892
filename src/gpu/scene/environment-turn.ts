/**
 * Rotation from the world to an environment, which is y up with the middle of its picture towards +z.
 *
 * @param rotation of the environment about the up axis, radians, counter-clockwise seen from above
 * @returns columns: where the world's axes lie in the environment; shape [9]
 */
export function environmentFromWorld(upAxis: 'Y' | 'Z', rotation: number): number[] {
  const sine = Math.sin(rotation);
  const cosine = Math.cos(rotation);
  const turned = (x: number, y: number, z: number): number[] => [x * cosine - z * sine, y, x * sine + z * cosine];
  return upAxis === 'Y'
    ? [...turned(1, 0, 0), ...turned(0, 1, 0), ...turned(0, 0, 1)]
    : [...turned(1, 0, 0), ...turned(0, 0, -1), ...turned(0, 1, 0)];
}
