/** Counts of a stage. Source: OpenUSD usdUtils/introspection.cpp (UsdUtilsComputeUsdStageStats). */
import type { Prim } from '../usd/prim.ts';
import type { Stage } from '../usd/stage.ts';
import { valueAs } from '../vt/value.ts';
import { isModel } from './geom/model.ts';
import { readText } from './value-readers.ts';

/** Prims by their state. */
export interface PrimCounts {
  /** All of them. */
  readonly totalPrimCount: number;
  /** Those that are active. */
  readonly activePrimCount: number;
  /** Those that are not. */
  readonly inactivePrimCount: number;
  /** Prims that nothing defines. */
  readonly pureOverCount: number;
  /** Those that are instances. */
  readonly instanceCount: number;
}

/** Prims by state and type. */
export interface PrimStats {
  /** By state. */
  readonly primCounts: PrimCounts;
  /** `untyped` for prims without a type. Sorted by name. */
  readonly primCountsByType: Readonly<Record<string, number>>;
}

/** Names are OpenUSD's. */
export interface StageStats {
  /** Layers that were read, without the session layer. */
  readonly usedLayerCount: number;
  /** Of the stage and its prototypes. */
  readonly totalPrimCount: number;
  /** Models of kind component. */
  readonly modelCount: number;
  /** Those of them that are instances. */
  readonly instancedModelCount: number;
  /** Different names of assets among those models. */
  readonly assetCount: number;
  /** Subtrees that instances share. */
  readonly prototypeCount: number;
  /** Instances, those in prototypes too. */
  readonly totalInstanceCount: number;
  /** All prims but those of prototypes: inactive, undefined and abstract ones too. */
  readonly primary: PrimStats;
  /** Prims that an ordinary traversal of the prototypes visits; left out where there are none. */
  readonly prototypes?: PrimStats;
}

/** Counts what is on a stage. Source: OpenUSD usdUtils/introspection.cpp. */
export function computeStageStats(stage: Stage): StageStats {
  const primary = new Counter();
  const inPrototypes = new Counter();
  const { prototypes } = stage;
  const stack = [...stage.pseudoRoot.allChildren];
  for (let prim = stack.pop(); prim !== undefined; prim = stack.pop()) {
    primary.add(prim);
    stack.push(...prim.allChildren);
  }
  for (const prototype of prototypes) {
    inPrototypes.add(prototype);
    for (const prim of stage.traverse(prototype)) if (prim !== prototype) inPrototypes.add(prim);
  }
  return {
    usedLayerCount: stage.usedLayers.length,
    totalPrimCount: primary.prims + inPrototypes.prims,
    modelCount: primary.models + inPrototypes.models,
    instancedModelCount: primary.instancedModels + inPrototypes.instancedModels,
    assetCount: new Set([...primary.assets, ...inPrototypes.assets]).size,
    prototypeCount: prototypes.length,
    totalInstanceCount: primary.instances + inPrototypes.instances,
    primary: primary.stats,
    ...(prototypes.length === 0 ? {} : { prototypes: inPrototypes.stats }),
  };
}

class Counter {
  prims = 0;
  models = 0;
  instancedModels = 0;
  instances = 0;
  readonly assets = new Set<string>();
  #inactive = 0;
  #pureOvers = 0;
  readonly #types = new Map<string, number>();

  add(prim: Prim): void {
    this.prims++;
    if (prim.isInstance) this.instances++;
    if (!prim.isActive) this.#inactive++;
    if (prim.specifier === 'over') this.#pureOvers++;
    const type = prim.typeName === '' ? 'untyped' : prim.typeName;
    this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    if (prim.kind !== 'component' || !isModel(prim)) return;
    this.models++;
    if (prim.isInstance) this.instancedModels++;
    const name = readText(valueAs(prim.getMetadata('assetInfo'), 'dictionary')?.get('name'));
    if (name !== undefined) this.assets.add(name);
  }

  get stats(): PrimStats {
    return {
      primCounts: {
        totalPrimCount: this.prims,
        activePrimCount: this.prims - this.#inactive,
        inactivePrimCount: this.#inactive,
        pureOverCount: this.#pureOvers,
        instanceCount: this.instances,
      },
      primCountsByType: Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
