/**
 * Value clips: samples of attributes kept in other layers, by time. Source: OpenUSD usd/clipsAPI.h; values.md section 5.
 */
import type { SpecSite } from '../pcp/prim-index.ts';
import type { Value } from '../vt/value.ts';
import type { InterpolationType } from './interpolation.ts';
import type { Prim } from './prim.ts';

/** The clips that animate one attribute. */
export interface ClipSource {
  /** Value at a stage time; undefined where the clips say that there is none. */
  valueAt(timeCode: number, interpolation: InterpolationType): Value | undefined;
  /** Sample times in stage time. */
  times(): Float64Array;
}

export interface PlacedClips {
  readonly clips: ClipSource;
  /** Number of the attribute's specs that are stronger than the clips. */
  readonly strongerSites: number;
}

const NONE: readonly PlacedClips[] = [];

/** Clips with samples for an attribute, strongest first. None yet: the stage reports prims that have clips. */
export function clipsFor(_prim: Prim, _name: string, _sites: readonly SpecSite[]): readonly PlacedClips[] {
  return NONE;
}
