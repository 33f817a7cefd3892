import { nameOf, valueAs, type Prim, type Stage } from 'usd-wasm';
import type { AccessibilityEntry, CameraEntry, StageSummary, VariantSetEntry } from '../../share/protocol/engine.ts';
import type { Aabb, StageId } from '../../share/protocol/scene.ts';
import type { Pace } from './pace.ts';
import { variantSetsOf } from './prim-details.ts';

export interface StageContents {
  readonly cameras: readonly CameraEntry[];
  readonly variantSets: readonly VariantSetEntry[];
}

/** Cameras and variant sets of the whole stage (not inside prototypes, which cannot be edited). @throws CancelledError */
export async function listContents(stage: Stage, pace: Pace): Promise<StageContents> {
  const cameras: CameraEntry[] = [];
  const variantSets: VariantSetEntry[] = [];
  const stack: Prim[] = [...stage.pseudoRoot.allChildren].reverse();
  for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
    if (!prim.isActive || prim.isAbstract) continue;
    if (prim.typeName === 'Camera') cameras.push({ path: prim.path, name: nameOf(prim.path) });
    if (prim.index.variantSetNames.length > 0) variantSets.push(...variantSetsOf(prim));
    const children = prim.allChildren;
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Prim);
    if (pace.isDue()) await pace.rest();
  }
  return { cameras, variantSets };
}

export function summarize(
  id: StageId,
  name: string,
  stage: Stage,
  contents: StageContents,
  isAnimated: boolean,
  bounds: Aabb | undefined,
): StageSummary {
  const { startTimeCode, endTimeCode } = stage;
  const defaultPrim = stage.defaultPrim?.path;
  const comment = valueAs(stage.getMetadata('comment'), 'string') ?? valueAs(stage.getMetadata('documentation'), 'string');
  return {
    stage: id,
    name,
    upAxis: stage.upAxis,
    metersPerUnit: stage.metersPerUnit,
    timeCodesPerSecond: stage.timeCodesPerSecond,
    framesPerSecond: stage.framesPerSecond,
    isAnimated,
    primCount: stage.primCount - 1, // without the pseudo-root
    layerCount: stage.usedLayers.length,
    ...contents,
    accessibility: accessibilityOf(stage),
    ...(startTimeCode === undefined ? {} : { startTimeCode }),
    ...(endTimeCode === undefined ? {} : { endTimeCode }),
    ...(defaultPrim === undefined ? {} : { defaultPrim }),
    ...(comment === undefined ? {} : { comment }),
    ...(bounds === undefined ? {} : { bounds }),
  };
}

const API = 'AccessibilityAPI:';
const PRIORITIES = ['high', 'standard', 'low'];

function accessibilityOf(stage: Stage): AccessibilityEntry[] {
  const prim = stage.defaultPrim;
  if (prim === undefined) return [];
  const read = (name: string, part: string, type: 'string' | 'token'): string | undefined =>
    valueAs(prim.getAttribute(`accessibility:${name}:${part}`)?.getValue(stage.startTimeCode), type);
  return prim.appliedSchemas
    .filter((schema) => schema.startsWith(API))
    .map((schema) => schema.slice(API.length))
    .map((name) => ({
      rank: PRIORITIES.indexOf(read(name, 'priority', 'token') ?? 'standard'),
      name,
      label: read(name, 'label', 'string'),
      description: read(name, 'description', 'string'),
    }))
    .filter(({ label, description }) => label !== undefined || description !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .map(({ name, label, description }) => ({
      name,
      ...(label === undefined ? {} : { label }),
      ...(description === undefined ? {} : { description }),
    }));
}
