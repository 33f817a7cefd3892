/** Text layers mean the same whether the kernel reads their long arrays or the script does. Seeds are in the titles. */
import { beforeAll, describe, expect, test } from 'vitest';
import { initKernel } from '../../packages/usd-wasm/src/kernel/kernel.ts';
import type { MemoryLayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { standardTypeNames, attributeType } from '../../packages/usd-wasm/src/sdf/value-type.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
import { UsdaParseError } from '../../packages/usd-wasm/src/usda/usda-error.ts';
import { differences } from '../support/compare-layer-data.ts';
import { makeRandom } from '../support/random.ts';

const SEEDS = [1, 2];
const parse = (text: string): MemoryLayerData => parseUsda('numbers.usda', new TextEncoder().encode(text), new ProblemList());

/** A number as some exporter may write it. */
function numberText(random: () => number, isWhole: boolean): string {
  if (isWhole) return String(Math.floor(random() * 200));
  const value = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
  const kind = random();
  if (kind < 0.3) return String(value);
  if (kind < 0.5) return value.toPrecision(1 + Math.floor(random() * 20));
  if (kind < 0.7) return value.toFixed(Math.floor(random() * 10));
  return kind < 0.71 ? 'inf' : String(Math.floor(random() * 1e6));
}

/** A layer with one long array of each numeric type. */
function layerText(seed: number): string {
  const random = makeRandom(seed);
  const arrays = standardTypeNames().flatMap((name, i) => {
    const type = attributeType(name);
    if (type?.isArray !== true || type.scalar === undefined || /^(string|token|asset|pathExpression)$/.test(type.scalar)) return [];
    const isWhole = /^(bool|uchar|u?int)/.test(type.scalar);
    const element = (dimensions: readonly number[]): string =>
      dimensions.length === 0
        ? numberText(random, isWhole)
        : `(${Array.from({ length: dimensions[0] as number }, () => element(dimensions.slice(1))).join(', ')})`;
    return [`    ${name} a${i} = [${Array.from({ length: 1500 }, () => element(type.dimensions)).join(random() < 0.5 ? ', ' : ',\n')}]`];
  });
  return `#usda 1.0\ndef "A"\n{\n${arrays.join('\n')}\n}\n`;
}

/** Type, an element of it, and the end of an array: what the grammar takes and what it does not. */
const ARRAYS = [
  ['float', '1.5', '2\n'],
  ['float', '1.5', '2 /* a\nb */, 3'],
  ['float', '1.5', '2, # note\n 3'],
  ['float', '1.5', '2\n, 3'],
  ['float', '1.5', '2\r, 3'],
  ['float', '1.5', '2 # note\n, 3'],
  ['float', '1.5', '2 // note\n, 3'],
  ['float', '1.5', '2 # note\n'],
  ['float', '1.5', '2,'],
  ['float', '1.5', '2, ,'],
  ['float', '1.5', '(2)'],
  ['float', '1.5', 'inf, -inf, nan'],
  ['float', '1.5', 'infinity'],
  ['float', '1.5', '-nan'],
  ['float', '1.5', '+1'],
  ['float', '1.5', '1.'],
  ['float', '1.5', '1e'],
  ['float', '1.5', '"2"'],
  ['float', '1.5', 'None'],
  ['int', '1', '-0'],
  ['int', '1', '00000000000000000000000007'],
  ['int', '1', '2147483648'],
  ['int', '1', '-2147483649'],
  ['float3', '(1, 2, 3)', '(4, 5, 6,)'],
  ['float3', '(1, 2, 3)', '(\n4,\n5,\n6\n)\n'],
  ['float3', '(1, 2, 3)', '(4, 5\n, 6)'],
  ['float3', '(1, 2, 3)', '(4, 5, 6)\n, (7, 8, 9)'],
  ['float3', '(1, 2, 3)', '(4, 5, 6) (7, 8, 9)'],
  ['float3', '(1, 2, 3)', '((4), (5), (6))'],
  ['float3', '((1), (2), (3))', '((4), (5), (6))'],
  ['float3', '((1, 2, 3))', '((4, 5, 6))'],
  ['float3', '(((1, 2, 3)))', '(((4, 5, 6)))'],
  ['float3', '(1, 2, 3)', '(4, 5)'],
  ['float3', '(1, 2, 3)', '4, 5, 6'],
  ['float3', '(1, 2, 3)', '()'],
  ['quatf', '(1, 0, 0, 0)', '((1, 0), (0, 0))'],
  ['matrix2d', '((1, 0), (0, 1))', '((1, 0), (0, 1))'],
  ['matrix2d', '((1, 0), (0, 1))', '((1, 0)\n, (0, 1))'],
  ['matrix2d', '((1, 0), (0, 1))', '((1, 0), (0, 1),)'],
  ['matrix2d', '((1, 0), (0, 1))', '((1, 0, 0), (1))'],
  ['matrix2d', '(1, 0, 0, 1)', '(1, 0, 0, 1)'],
  ['matrix2d', '((1, 0, 0, 1))', '((1, 0, 0, 1))'],
  ['matrix2d', '((1), (0), (0), (1))', '((1), (0), (0), (1))'],
] as const;

function isAccepted(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof UsdaParseError)) throw error;
    return false;
  }
}

describe('long arrays of every numeric type', () => {
  const texts = SEEDS.map(layerText);
  const byScript = texts.map(parse);
  /** An array beginning as given, made long enough for the kernel by repeating a whole element; with and without it. */
  const variants = ARRAYS.map(([type, element, tail]) => {
    const layer = (count: number): string => `#usda 1.0\ndef "A"\n{\n    ${type}[] a = [${`${element}, `.repeat(count)}${tail}]\n}\n`;
    return { type, tail, short: layer(1), long: layer(2000) };
  });
  const longByScript = variants.map(({ long }) => isAccepted(long));
  const refusals = ['1 2', '(1, 2)', '1, x', '1,, 2'].map(
    (tail) => `#usda 1.0\ndef "A"\n{\n    float[] a = [${'1.5, '.repeat(2000)}${tail}]\n}\n`,
  );

  beforeAll(async () => {
    expect(await initKernel()).toBe(true);
  });

  test.each(SEEDS.map((seed, i) => [seed, i] as const))('are equal (seed %i)', (_seed, i) => {
    expect(differences(byScript[i] as MemoryLayerData, parse(texts[i] as string))).toEqual([]);
  });

  test.each(variants.map((variant, i) => [variant.type, variant.tail, i] as const))(
    '%s[] ending in %j is taken or refused alike, long and short',
    (_type, _tail, i) => {
      const { short, long } = variants[i]!;
      expect([isAccepted(long), longByScript[i]]).toEqual([isAccepted(short), isAccepted(short)]);
    },
  );

  test.each(refusals)('are refused alike', (text) => {
    expect(() => parse(text)).toThrow('numbers.usda');
  });
});
