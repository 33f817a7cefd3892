/** Reading what a binding says of joints and weights. Source: OpenUSD usdSkel/skinningQuery.cpp; schemas.md 4.4. */
import type { Attribute } from '../../usd/attribute.ts';
import { flattenPrimvar, interpolationOf, ownPrimvar } from '../geom/primvars.ts';
import { readNumber, readNumbers } from '../value-readers.ts';
import type { SkelBinding } from './binding.ts';
import type { Influences } from './influences.ts';

/** How influences are laid out, which does not change with time. */
export type InfluenceShape = Pick<Influences, 'perPoint' | 'isConstant'>;

/**
 * The layout of a binding's influences; undefined where there are none or indices and weights are not laid out alike.
 *
 * @param problems receives why, in words
 */
export function influenceShape({ jointIndices, jointWeights }: SkelBinding, problems: Set<string>): InfluenceShape | undefined {
  if (jointIndices === undefined || jointWeights === undefined) return undefined;
  const perPoint = readNumber(jointIndices.getMetadata('elementSize')) ?? 1;
  const weightsPerPoint = readNumber(jointWeights.getMetadata('elementSize')) ?? 1;
  const interpolation = interpolationOf(jointIndices, 'constant');
  const weightsInterpolation = interpolationOf(jointWeights, 'constant');
  if (perPoint !== weightsPerPoint)
    problems.add(`element size ${perPoint} of joint indices is not that of joint weights, ${weightsPerPoint}`);
  else if (!(perPoint > 0)) problems.add(`element size ${perPoint} of joint indices is not greater than zero`);
  else if (interpolation !== weightsInterpolation)
    problems.add(`interpolation ${interpolation} of joint indices is not that of joint weights, ${weightsInterpolation}`);
  else if (interpolation !== 'constant' && interpolation !== 'vertex')
    problems.add(`interpolation ${interpolation} of joint influences is neither constant nor vertex`);
  else return { perPoint, isConstant: interpolation === 'constant' };
  return undefined;
}

/** The influences of a binding at a time; undefined where their arrays do not fit the layout or each other. */
export function readInfluences(
  { jointIndices, jointWeights }: SkelBinding,
  { perPoint, isConstant }: InfluenceShape,
  time: number | undefined,
  problems: Set<string>,
): Influences | undefined {
  const indices = flatNumbers(jointIndices, time);
  const weights = flatNumbers(jointWeights, time);
  if (indices === undefined || weights === undefined) return undefined;
  if (indices.length !== weights.length) {
    problems.add(`${indices.length} joint indices, but ${weights.length} joint weights`);
    return undefined;
  }
  if (isConstant ? indices.length !== perPoint : indices.length % perPoint !== 0) {
    problems.add(`${indices.length} joint indices, which is not ${perPoint} for each point`);
    return undefined;
  }
  return {
    indices: indices instanceof Int32Array ? indices : Int32Array.from(indices),
    weights: weights instanceof Float32Array ? weights : Float32Array.from(weights),
    perPoint,
    isConstant,
  };
}

function flatNumbers(attribute: Attribute | undefined, time: number | undefined): ReturnType<typeof readNumbers> {
  const primvar = attribute === undefined ? undefined : ownPrimvar(attribute.prim, attribute.name.slice('primvars:'.length));
  return primvar === undefined ? undefined : readNumbers(flattenPrimvar(primvar, time)?.value);
}
