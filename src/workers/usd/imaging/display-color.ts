/** displayColor and displayOpacity, and the plain surface they make where no material is bound. */
import type { Prim } from 'usd-wasm';
import type { ImagingContext } from './adapter.ts';
import type { MaterialEntry } from './material-store.ts';
import { constantOf, readPrimvar, type ReadPrimvar } from './primvars.ts';

/** Colour of geometry that has none: the middle grey that Hydra uses too. */
const FALLBACK_COLOR: readonly [number, number, number] = [0.5, 0.5, 0.5];

export interface DisplayOpinions {
  readonly color: ReadPrimvar | undefined;
  readonly opacity: ReadPrimvar | undefined;
  /** Constant colours are part of the surface, so that geometry is shared; others are read from the vertices. */
  readonly material: MaterialEntry;
  readonly isAnimated: boolean;
}

export function displayOpinions(prim: Prim, context: ImagingContext): DisplayOpinions {
  const { inherited, time } = context;
  const color =
    readPrimvar(prim, 'displayColor', 3, time) ??
    (inherited?.color === undefined ? undefined : { data: inherited.color, isAnimated: false });
  const opacity =
    readPrimvar(prim, 'displayOpacity', 1, time) ??
    (inherited?.opacity === undefined ? undefined : { data: inherited.opacity, isAnimated: false });
  const rgb = constantOf(color?.data);
  const alpha = constantOf(opacity?.data);
  const vertexColor = color !== undefined && rgb === undefined;
  const vertexOpacity = opacity !== undefined && alpha === undefined;
  const [r = 1, g = 1, b = 1] = vertexColor ? [] : (rgb ?? FALLBACK_COLOR);
  const material = context.displayMaterial([r, g, b, alpha?.[0] ?? 1], { vertexColor, vertexOpacity });
  return { color, opacity, material, isAnimated: color?.isAnimated === true || opacity?.isAnimated === true };
}
