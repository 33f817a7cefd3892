/** Colour spaces of attributes. Source: OpenUSD usd/colorSpaceAPI.cpp, usd/colorSpaceDefinitionAPI.cpp; schemas.md 3.8. */
import type { Attribute } from '../usd/attribute.ts';
import type { Prim } from '../usd/prim.ts';
import { readNumber, readText, readTuple } from './value-readers.ts';

/** What colours are in where nothing is said. */
export const DEFAULT_COLOR_SPACE = 'lin_rec709_scene';

/** A colour space of its own that a prim defines for itself and what is below it: chromaticities are xy. */
export interface ColorSpaceDefinition {
  /** Token by which attributes name it. */
  readonly name: string;
  /** CIE xy (shape [2]). */
  readonly redChroma: readonly number[];
  /** CIE xy (shape [2]). */
  readonly greenChroma: readonly number[];
  /** CIE xy (shape [2]). */
  readonly blueChroma: readonly number[];
  /** CIE xy (shape [2]). */
  readonly whitePoint: readonly number[];
  /** Exponent of the curved part. */
  readonly gamma: number;
  /** Where the linear part ends. */
  readonly linearBias: number;
}

/** The name of an attribute's colour space: its own metadata, else that of the nearest prim from its own up with a ColorSpaceAPI. */
export function computeColorSpaceName(attribute: Attribute): string {
  const own = readText(attribute.getMetadata('colorSpace'));
  return own !== undefined && own !== '' ? own : (primColorSpaceName(attribute.prim) ?? DEFAULT_COLOR_SPACE);
}

/** What the nearest prim with a ColorSpaceAPI says; without the API applied `colorSpace:name` does not count. */
export function primColorSpaceName(prim: Prim): string | undefined {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    const name = p.hasAPI('ColorSpaceAPI') ? readText(p.getAttribute('colorSpace:name')?.getValue()) : undefined;
    if (name !== undefined && name !== '') return name;
  }
  return undefined;
}

/** The definition that a name has at a prim: the nearest one upwards. Undefined for names that no prim defines. */
export function findColorSpaceDefinition(prim: Prim, name: string): ColorSpaceDefinition | undefined {
  for (let p: Prim | undefined = prim; p !== undefined; p = p.parent) {
    for (const applied of p.appliedSchemas) {
      if (!applied.startsWith(DEFINITION)) continue;
      const definition = readDefinition(p, applied.slice(DEFINITION.length));
      if (definition.name === name) return definition;
    }
  }
  return undefined;
}

const DEFINITION = 'ColorSpaceDefinitionAPI:';

function readDefinition(prim: Prim, instance: string): ColorSpaceDefinition {
  const value = (name: string): ReturnType<Attribute['getValue']> =>
    prim.getAttribute(`colorSpaceDefinition:${instance}:${name}`)?.getValue();
  return {
    name: readText(value('name')) ?? 'custom',
    redChroma: readTuple(value('redChroma'), 2) ?? [1, 0],
    greenChroma: readTuple(value('greenChroma'), 2) ?? [0, 1],
    blueChroma: readTuple(value('blueChroma'), 2) ?? [0, 0],
    whitePoint: readTuple(value('whitePoint'), 2) ?? [1 / 3, 1 / 3],
    gamma: readNumber(value('gamma')) ?? 1,
    linearBias: readNumber(value('linearBias')) ?? 0,
  };
}
