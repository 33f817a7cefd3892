/** Cases of kinds `bake-skinning` and `skel-extents`: what OpenUSD's testUsdSkelBakeSkinning and testUsdSkelRoot write. */
import { readFileSync } from 'node:fs';
import { FileResolver, parseUsda, ProblemList, Stage, type Path, type Value } from 'usd-wasm/node';
import { isEmptyRange, type Range3d } from '../../../packages/usd-wasm/src/gf/range3d.ts';
import { computeExtentFromPlugins } from '../../../packages/usd-wasm/src/schemas/geom/bounds.ts';
import { bakeSkinning } from '../../../packages/usd-wasm/src/schemas/skel/bake-skinning.ts';
import type { LayerData } from '../../../packages/usd-wasm/src/sdf/layer-data.ts';
import { compareFlattened } from '../../support/compare-flattened.ts';
import { CORPUS, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

/** OpenUSD skins transforms through points of single precision. */
const TRANSFORM_TOLERANCE = 1e-6;

/** Bakes into the root layer, which must say the same as the baseline then. */
export async function runBakeSkinning({ id, input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const stage = await open(input);
  // The times that the upstream test bakes where the baseline is one of an interval.
  const interval = id.endsWith('Interval') ? { interval: { min: 1, max: 10 } } : {};
  const { problems } = bakeSkinning(stage, { layer: stage.rootLayer, ...interval });
  const found = compare(readBaseline(baseline), stage.rootLayer.data);
  return { passed: found.length === 0, reason: [...found, ...problems].join('\n') };
}

/** Every SkelRoot must have a computed extent at each frame; computing it must not change what the layer says. */
export async function runSkelExtents({ input, baseline }: UsdCase): Promise<CaseResult> {
  if (input === undefined || baseline === undefined) return { passed: false, reason: 'the case names no input or no baseline' };
  const stage = await open(input);
  let extentCount = 0;
  for (const prim of stage.traverse()) {
    if (!prim.isA('SkelRoot')) continue;
    for (let time = stage.startTimeCode ?? 0; time <= (stage.endTimeCode ?? 0); time++) {
      const extent: Range3d | undefined = computeExtentFromPlugins(prim, time);
      if (extent === undefined || isEmptyRange(extent)) return { passed: false, reason: `${prim.path} has no extent at ${time}` };
      extentCount++;
    }
  }
  const found = compare(readBaseline(baseline), stage.rootLayer.data);
  return { passed: found.length === 0 && extentCount > 0, reason: [`${extentCount} extents`, ...found].join('\n') };
}

async function open(input: string): Promise<Stage> {
  return Stage.open(`${CORPUS}/usd/${input}`, { resolver: new FileResolver() });
}

function readBaseline(baseline: string): LayerData {
  return parseUsda(baseline, readFileSync(`${CORPUS}/usd/${baseline}`), new ProblemList());
}

function compare(expected: LayerData, actual: LayerData): string[] {
  return compareFlattened(expected, actual, { assetPath: (path) => path, isKnown: isCloseTransform });
}

function isCloseTransform(_path: Path, field: string, expected: Value | undefined, actual: Value | undefined): boolean {
  if (field !== 'timeSamples' || expected?.type !== 'timeSamples' || actual?.type !== 'timeSamples') return false;
  const [a, b] = [expected.value, actual.value];
  if (a.times.length !== b.times.length) return false;
  return a.times.every((time, i) => {
    const [x, y] = [a.value(i), b.value(i)];
    if (time !== b.times[i] || x.type !== 'matrix4d' || y.type !== 'matrix4d') return false;
    return x.value.every((component, c) => Math.abs(component - y.value[c]!) <= TRANSFORM_TOLERANCE);
  });
}
