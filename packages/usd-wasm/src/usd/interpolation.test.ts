import { describe, expect, it } from 'vitest';
import { makeValue, type TimeSamples, type Value } from '../vt/value.ts';
import { bracketingSamples, interpolate, sampleAt } from './interpolation.ts';

function samplesOf(...pairs: readonly (readonly [number, Value])[]): TimeSamples {
  return { times: Float64Array.from(pairs, (pair) => pair[0]), value: (index) => pairs[index]![1] };
}

describe('bracketingSamples', () => {
  const times = Float64Array.of(1, 2, 5);
  it.each([
    [0, 0, 0],
    [1, 0, 0],
    [1.5, 0, 1],
    [2, 1, 1],
    [4, 1, 2],
    [5, 2, 2],
    [9, 2, 2],
  ])('time %d lies between samples %d and %d', (time, lower, upper) => {
    expect(bracketingSamples(times, time)).toEqual([lower, upper]);
  });
});

describe('sampleAt', () => {
  it('interpolates doubles and holds the ends', () => {
    const samples = samplesOf([0, makeValue('double', 10)], [10, makeValue('double', 20)]);
    expect(sampleAt(samples, -5, 'linear').value).toBe(10);
    expect(sampleAt(samples, 2.5, 'linear').value).toBe(12.5);
    expect(sampleAt(samples, 2.5, 'held').value).toBe(10);
    expect(sampleAt(samples, 99, 'linear').value).toBe(20);
  });

  it('holds integers and tokens', () => {
    expect(sampleAt(samplesOf([0, makeValue('int', 1)], [1, makeValue('int', 3)]), 0.9, 'linear').value).toBe(1);
    expect(sampleAt(samplesOf([0, makeValue('token', 'a')], [1, makeValue('token', 'b')]), 0.9, 'linear').value).toBe('a');
  });

  it('holds arrays of different sizes, interpolates those of one size', () => {
    const a = makeValue('float3[]', Float32Array.of(0, 0, 0));
    const b = makeValue('float3[]', Float32Array.of(2, 4, 6));
    expect(interpolate(a, b, 0.5).value).toEqual(Float32Array.of(1, 2, 3));
    expect(interpolate(a, makeValue('float3[]', new Float32Array(6)), 0.5)).toBe(a);
  });

  it('holds the lower value where the upper sample is blocked, gives the block where the lower one is', () => {
    const samples = samplesOf([0, makeValue('double', 1)], [1, makeValue('block', null)], [2, makeValue('double', 3)]);
    expect(sampleAt(samples, 0.5, 'linear').value).toBe(1);
    expect(sampleAt(samples, 1.5, 'linear').type).toBe('block');
    expect(sampleAt(samples, 2, 'linear').value).toBe(3);
  });

  it('turns quaternions along the shorter arc', () => {
    const s = Math.SQRT1_2;
    const a = makeValue('quatd', [0, 0, 0, 1]);
    const b = makeValue('quatd', [0, 0, -s, -s]); // the same rotation as 90 degrees about Z
    const q = interpolate(a, b, 0.5).value as readonly number[];
    expect(q[2]).toBeCloseTo(Math.sin(Math.PI / 8), 12);
    expect(q[3]).toBeCloseTo(Math.cos(Math.PI / 8), 12);
  });

  it('interpolates matrices element-wise', () => {
    const a = makeValue('matrix2d', [1, 0, 0, 1]);
    const b = makeValue('matrix2d', [3, 2, 0, 1]);
    expect(interpolate(a, b, 0.25).value).toEqual([1.5, 0.5, 0, 1]);
  });
});
