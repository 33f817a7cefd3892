import { describe, expect, test } from 'vitest';
import { environmentFromWorld } from './environment-turn.ts';

/** A world direction as the environment sees it. */
function seen(upAxis: 'Y' | 'Z', rotation: number, direction: readonly [number, number, number]): number[] {
  const m = environmentFromWorld(upAxis, rotation);
  return [0, 1, 2].map((row) => Math.round(m[row]! * direction[0] + m[3 + row]! * direction[1] + m[6 + row]! * direction[2]) + 0);
}

describe('environmentFromWorld', () => {
  test('leaves Y-up worlds as they are and lays Z-up ones down', () => {
    expect(seen('Y', 0, [1, 0, 0])).toEqual([1, 0, 0]);
    expect(seen('Y', 0, [0, 0, 1])).toEqual([0, 0, 1]);
    expect(seen('Z', 0, [1, 0, 0])).toEqual([1, 0, 0]);
    expect(seen('Z', 0, [0, 0, 1])).toEqual([0, 1, 0]);
    expect(seen('Z', 0, [0, -1, 0])).toEqual([0, 0, 1]);
  });

  test('a quarter turn brings the middle of the picture from the front to the right', () => {
    // Front is +z with Y up, -y with Z up; right is +x.
    expect(seen('Y', Math.PI / 2, [1, 0, 0])).toEqual([0, 0, 1]);
    expect(seen('Z', Math.PI / 2, [1, 0, 0])).toEqual([0, 0, 1]);
    expect(seen('Y', Math.PI / 2, [0, 1, 0])).toEqual([0, 1, 0]);
    expect(seen('Z', Math.PI / 2, [0, 0, 1])).toEqual([0, 1, 0]);
  });
});
