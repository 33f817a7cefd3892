/** How motion blur sees a prim. Source: OpenUSD usdGeom/motionAPI.cpp; schemas.md 2.11. */
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readNumber } from '../value-readers.ts';

/** Factor on the shutter interval: the nearest authored `motion:blurScale` of the prim and its ancestors, else 1. */
export function computeMotionBlurScale(prim: Prim, time?: number): number {
  return inherited(prim, 'motion:blurScale', time) ?? 1;
}

/** Samples to take where motion is not linear: the nearest authored `motion:nonlinearSampleCount`, else 3. */
export function computeNonlinearSampleCount(prim: Prim, time?: number): number {
  return inherited(prim, 'motion:nonlinearSampleCount', time) ?? 3;
}

function inherited(prim: Prim, name: string, time: number | undefined): number | undefined {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const value = readNumber(authoredAttribute(p, name)?.getValue(time));
    if (value !== undefined) return value;
  }
  return undefined;
}
