import { expect, test } from 'vitest';
import { axisRotation } from './matrix4d.ts';
import { isIdentity3, linearPart, multiply3, normalMatrix, orthonormalize, polarRotation, transpose3 } from './matrix3d.ts';

function close(actual: ArrayLike<number> | undefined, expected: readonly number[]): void {
  expect(actual).toBeDefined();
  expected.forEach((value, i) => expect(actual?.[i], `component ${i}`).toBeCloseTo(value, 9));
}

const turn = linearPart(axisRotation(2, Math.PI / 6));

test('a normal keeps at right angles to a stretched surface', () => {
  // The surface x + y = 0 has the normal (1, 1, 0); stretched twofold along x it is x/2 + y = 0.
  const normal = normalMatrix(Float64Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1));
  close(
    [0, 1, 2].map((c) => normal[c]! + normal[3 + c]!),
    [0.5, 1, 0],
  );
});

test('the polar rotation is what is left without the stretch', () => {
  const stretch = Float64Array.of(3, 0.5, 0, 0.5, 2, 0, 0, 0, 0.25);
  close(polarRotation(multiply3(stretch, turn)), [...turn]);
});

test('a mirroring matrix is negated before it is factored', () => {
  close(polarRotation(Float64Array.from(turn, (c) => -2 * c)), [...turn]);
});

test('a flat matrix has no polar rotation', () => {
  expect(polarRotation(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0))).toBeUndefined();
});

test('orthonormalizing makes the rows a basis and leaves a rotation alone', () => {
  close(orthonormalize(turn), [...turn]);
  const basis = orthonormalize(Float64Array.of(2, 0, 0, 0.5, 1, 0, 0, 0.25, 4));
  expect(isIdentity3(multiply3(basis, transpose3(basis)), 1e-9)).toBe(true);
});
