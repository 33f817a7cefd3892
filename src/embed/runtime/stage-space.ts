/** Between the stage's space (its units, its up axis) and that of attributes: metres, Y up. A Z-up stage is turned up to Y. */
import type { StageSummary } from '../../share/protocol/engine.ts';
import type { Aabb } from '../../share/protocol/scene.ts';
import { Vector3 } from './readings.ts';

export type StageSpace = Pick<StageSummary, 'upAxis' | 'metersPerUnit'>;
type Triple = [x: number, y: number, z: number];

export function stageFromMeters([x, y, z]: Readonly<Triple>, { upAxis, metersPerUnit }: StageSpace): Triple {
  const point: Triple = upAxis === 'Y' ? [x, y, z] : [x, -z, y];
  return [point[0] / metersPerUnit, point[1] / metersPerUnit, point[2] / metersPerUnit];
}

export function metersFromStage([x, y, z]: Readonly<Triple>, { upAxis, metersPerUnit }: StageSpace): Triple {
  const point: Triple = upAxis === 'Y' ? [x, y, z] : [x, z, -y];
  return [point[0] * metersPerUnit, point[1] * metersPerUnit, point[2] * metersPerUnit];
}

export function boundsInMeters(bounds: Aabb, space: StageSpace): { readonly min: Vector3; readonly max: Vector3 } {
  const a = metersFromStage([bounds[0], bounds[1], bounds[2]], space);
  const b = metersFromStage([bounds[3], bounds[4], bounds[5]], space);
  const of = (pick: (...values: number[]) => number): Vector3 => new Vector3(pick(a[0], b[0]), pick(a[1], b[1]), pick(a[2], b[2]));
  return { min: of(Math.min), max: of(Math.max) };
}
