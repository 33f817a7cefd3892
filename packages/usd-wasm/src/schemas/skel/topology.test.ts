import { expect, test } from 'vitest';
import { translation } from '../../gf/matrix4d.ts';
import { concatJointTransforms, jointTopology } from './topology.ts';

test('the parent of a joint is its nearest ancestor in the list', () => {
  const { parentIndices, problem } = jointTopology(['Hips', 'Hips/Spine', 'Hips/Spine/Neck', 'Hips/Leg/Knee/Foot', 'Prop']);
  expect([...parentIndices]).toEqual([-1, 0, 1, 0, -1]);
  expect(problem).toBeUndefined();
});

test('a joint before its parent cannot be posed', () => {
  expect(jointTopology(['Hips/Spine', 'Hips']).problem).toBe('joint 0 <Hips/Spine> comes before its parent <Hips>');
});

test('a joint listed twice is a parent only where it stands last', () => {
  expect(jointTopology(['A', 'A/B', 'A']).problem).toBeDefined();
});

test('names that only begin alike are no ancestors', () => {
  expect([...jointTopology(['Arm', 'ArmUpper', 'Arm/Upper']).parentIndices]).toEqual([-1, -1, 0]);
});

test('joints hang on each other, and their root on the root transform', () => {
  const local = Float64Array.of(...translation(1, 0, 0), ...translation(0, 2, 0));
  const out = concatJointTransforms(Int32Array.of(-1, 0), local, translation(0, 0, 10));
  expect(Array.from(out.slice(12, 15))).toEqual([1, 0, 10]);
  expect(Array.from(out.slice(28, 31))).toEqual([1, 2, 10]);
});
