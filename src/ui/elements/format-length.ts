/** Lengths as people read them. */
import type { Aabb } from '../../share/protocol/scene.ts';
import { groupThousands } from './format.ts';

/** `stage`: the stage's own units. */
export type LengthUnit = 'stage' | 'm' | 'cm' | 'mm' | 'in' | 'ft';

const METERS: Readonly<Record<Exclude<LengthUnit, 'stage'>, number>> = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254, ft: 0.3048 };

/** Width, height and depth of a box along the stage's axes: `2.4 × 1.1 × 3 m`; in stage units only where the stage's unit has a name with it. */
export function formatSize(bounds: Aabb, metersPerUnit: number, unit: LengthUnit): string {
  const scale = unit === 'stage' ? 1 : metersPerUnit / METERS[unit];
  const sides = [0, 1, 2].map((axis) => formatLength((bounds[axis + 3]! - bounds[axis]!) * scale));
  return `${sides.join(' × ')} ${unit === 'stage' ? nameOfUnit(metersPerUnit) : unit}`;
}

/** Four figures: `0.01234`, `12.34`, `12,340`. */
function formatLength(value: number): string {
  return groupThousands(Number(value.toPrecision(4)));
}

/** Symbol of a stage's unit; `units` where it has none. */
function nameOfUnit(metersPerUnit: number): string {
  const known = Object.entries(METERS).find(([, meters]) => Math.abs(meters - metersPerUnit) < meters * 1e-6);
  return known?.[0] ?? 'units';
}
