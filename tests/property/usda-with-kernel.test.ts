/** Text layers mean the same whether the kernel reads their long arrays or the script does. Seeds are in the titles. */
import { beforeAll, describe, expect, test } from 'vitest';
import { initKernel } from '../../packages/usd-wasm/src/kernel/kernel.ts';
import type { MemoryLayerData } from '../../packages/usd-wasm/src/sdf/layer-data.ts';
import { standardTypeNames, attributeType } from '../../packages/usd-wasm/src/sdf/value-type.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';
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

describe('long arrays of every numeric type', () => {
  const texts = SEEDS.map(layerText);
  const byScript = texts.map(parse);
  const refusals = ['1 2', '(1, 2)', '1, x', '1,, 2'].map(
    (tail) => `#usda 1.0\ndef "A"\n{\n    float[] a = [${'1.5, '.repeat(2000)}${tail}]\n}\n`,
  );

  beforeAll(async () => {
    expect(await initKernel()).toBe(true);
  });

  test.each(SEEDS.map((seed, i) => [seed, i] as const))('are equal (seed %i)', (_seed, i) => {
    expect(differences(byScript[i] as MemoryLayerData, parse(texts[i] as string))).toEqual([]);
  });

  test.each(refusals)('are refused alike', (text) => {
    expect(() => parse(text)).toThrow('numbers.usda');
  });
});
