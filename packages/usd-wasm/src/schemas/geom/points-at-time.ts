/** Points that move by their velocities. Source: OpenUSD usdGeom/pointBased.cpp, usdGeom/samplingUtils.cpp; schemas.md 2.6. */
import type { Attribute } from '../../usd/attribute.ts';
import { bracketingSamples } from '../../usd/interpolation.ts';
import type { Prim } from '../../usd/prim.ts';
import { readNumbers } from '../value-readers.ts';

/**
 * Points of a PointBased prim at a time, [N, 3] in its local space. With velocities sampled at the times of the points they
 * go on from the sample before the time, p + v·t + ½·a·t² with t in seconds; else samples are interpolated.
 */
export function pointsAtTime(prim: Prim, time?: number): ArrayLike<number> | undefined {
  const points = prim.getAttribute('points');
  if (points === undefined) return undefined;
  const from = sampleToGoOnFrom(points, prim.getAttribute('velocities'), time);
  const start = from === undefined ? undefined : readNumbers(points.getValue(from));
  const velocities = from === undefined ? undefined : readNumbers(prim.getAttribute('velocities')?.getValue(from));
  if (from === undefined || start === undefined || velocities === undefined || velocities.length !== start.length)
    return readNumbers(points.getValue(time));
  const accelerations = accelerationsAt(prim, from, start.length);
  const seconds = ((time as number) - from) / prim.stage.timeCodesPerSecond;
  const result = new Float32Array(start.length);
  for (let i = 0; i < result.length; i++)
    result[i] = start[i]! + seconds * (velocities[i]! + 0.5 * seconds * (accelerations === undefined ? 0 : accelerations[i]!));
  return result;
}

/** Accelerations count where they are sampled with the velocities and as long. */
function accelerationsAt(prim: Prim, time: number, length: number): ArrayLike<number> | undefined {
  const accelerations = prim.getAttribute('accelerations');
  if (accelerations === undefined || !accelerations.getTimeSamples().includes(time)) return undefined;
  const numbers = readNumbers(accelerations.getValue(time));
  return numbers?.length === length ? numbers : undefined;
}

function sampleToGoOnFrom(base: Attribute, rate: Attribute | undefined, time: number | undefined): number | undefined {
  const times = base.getTimeSamples();
  if (time === undefined || times.length === 0) return undefined;
  const lower = times[bracketingSamples(times, time)[0]]!;
  const rates = rate?.getTimeSamples();
  if (rates === undefined || rates.length === 0) return undefined;
  return rates[bracketingSamples(rates, time)[0]] === lower ? lower : undefined;
}
