/** Stand-ins that models are drawn as. Source: OpenUSD usdGeom/modelAPI.cpp, usdImaging/drawModeAdapter.cpp; schemas.md 2.11. */
import type { AssetPath } from '../../vt/value.ts';
import { valueAs } from '../../vt/value.ts';
import type { Prim } from '../../usd/prim.ts';
import { authoredAttribute, readText, readTuple, textAt } from '../value-readers.ts';
import { isComponent, isModel } from './model.ts';

/** How a model is drawn: as it is, or by something simpler in its place. */
export type DrawMode = 'default' | 'origin' | 'bounds' | 'cards';

/** What a model drawn as cards looks like. */
export interface CardFacts {
  /** Crossed planes, the faces of a box, or planes placed by the textures' own metadata. */
  readonly geometry: 'cross' | 'box' | 'fromTexture';
  /** Linear, of what no texture covers. */
  readonly color: readonly number[];
  /** By the side that the card faces; sides without a texture are left out. */
  readonly textures: ReadonlyMap<CardSide, AssetPath>;
}

/** A side of the box around a model. */
export type CardSide = 'XPos' | 'XNeg' | 'YPos' | 'YNeg' | 'ZPos' | 'ZNeg';

const SIDES: readonly CardSide[] = ['XPos', 'XNeg', 'YPos', 'YNeg', 'ZPos', 'ZNeg'];

/** The draw mode of the prim or of the nearest ancestor that authors one and does not inherit it; `default` without any. */
export function computeDrawMode(prim: Prim): DrawMode {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const mode = readText(authoredAttribute(p, 'model:drawMode')?.getValue());
    if (mode === 'default' || mode === 'origin' || mode === 'bounds' || mode === 'cards') return mode;
  }
  return 'default';
}

/**
 * What a stand-in at this very prim replaces everything below by; undefined where the prim is drawn as it is. Models are
 * replaced where they ask for it, components where nothing is said.
 */
export function appliedDrawMode(prim: Prim): Exclude<DrawMode, 'default'> | undefined {
  if (!isModel(prim)) return undefined;
  const applies = authoredAttribute(prim, 'model:applyDrawMode')?.getValue();
  if (applies === undefined ? !isComponent(prim) : applies.value !== true) return undefined;
  const mode = computeDrawMode(prim);
  return mode === 'default' ? undefined : mode;
}

/** How cards look. */
export function cardFacts(prim: Prim): CardFacts {
  const textures = new Map<CardSide, AssetPath>();
  for (const side of SIDES) {
    const texture = valueAs(authoredAttribute(prim, `model:cardTexture${side}`)?.getValue(), 'asset');
    if (texture !== undefined && texture.path !== '') textures.set(side, texture);
  }
  const geometry = textAt(prim, 'model:cardGeometry', undefined, 'cross');
  return {
    geometry: geometry === 'box' || geometry === 'fromTexture' ? geometry : 'cross',
    color: readTuple(prim.getAttribute('model:drawModeColor')?.getValue(), 3) ?? [0.18, 0.18, 0.18],
    textures,
  };
}
