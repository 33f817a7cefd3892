import { dirname } from 'node:path';
import {
  computeStageStats,
  externalReferencesText,
  extractExternalReferences,
  FileResolver,
  type PrimStats,
  type Problem,
  type StageStats,
} from '../node.ts';
import { defineCommand, onlyFile } from './command.ts';
import { openFile } from './open-file.ts';

export const stats = defineCommand({
  name: 'stats',
  summary: 'count prims, models, instances and layers, or list what a layer names',
  usage: `usd stats [--json] FILE
usd stats --dependencies [--resolveUdimPaths] FILE

Counts what OpenUSD's UsdUtils.ComputeUsdStageStats counts. The other form lists the sublayers, references and payloads that
the layer itself names, with asset-valued attributes and clips among the references.

  --json                also layers, problems and timings, as JSON
  --dependencies        list what the layer names
  --resolveUdimPaths    in that list, the tiles that exist in place of <UDIM>
`,
  options: { json: { type: 'boolean' }, dependencies: { type: 'boolean' }, resolveUdimPaths: { type: 'boolean' } },
  async run({ json, dependencies, resolveUdimPaths }, names, output) {
    const file = onlyFile('stats', names);
    if (dependencies === true) {
      const options = { resolver: new FileResolver([dirname(file)]), resolveUdimPaths: resolveUdimPaths === true };
      await output.print(externalReferencesText(file, await extractExternalReferences(file, options)));
      return 0;
    }
    const found = await statsOf(file);
    await output.print(json === true ? `${JSON.stringify(found, undefined, 2)}\n` : statsText(found));
    return 0;
  },
});

export interface Stats extends StageStats {
  readonly file: string;
  readonly upAxis: string;
  readonly metersPerUnit: number;
  readonly timeCodesPerSecond: number;
  readonly startTimeCode?: number;
  readonly endTimeCode?: number;
  readonly defaultPrim?: string;
  readonly layers: readonly { readonly identifier: string; readonly format: string }[];
  readonly problems: readonly Problem[];
  readonly milliseconds: { readonly open: number };
}

/** Counts and facts of a composed file. */
export async function statsOf(file: string): Promise<Stats> {
  const start = performance.now();
  const stage = await openFile(file);
  const open = Math.round((performance.now() - start) * 10) / 10;
  const { startTimeCode, endTimeCode, defaultPrim } = stage;
  return {
    file,
    upAxis: stage.upAxis,
    metersPerUnit: stage.metersPerUnit,
    timeCodesPerSecond: stage.timeCodesPerSecond,
    ...(startTimeCode === undefined ? {} : { startTimeCode }),
    ...(endTimeCode === undefined ? {} : { endTimeCode }),
    ...(defaultPrim === undefined ? {} : { defaultPrim: defaultPrim.path }),
    ...computeStageStats(stage),
    layers: stage.usedLayers.map(({ identifier, format }) => ({ identifier, format })),
    problems: stage.problems,
    milliseconds: { open },
  };
}

function statsText(stats: Stats): string {
  const { usedLayerCount, totalPrimCount, modelCount, instancedModelCount, assetCount, prototypeCount, totalInstanceCount } = stats;
  const lines = [
    `${stats.file}`,
    ...table({
      upAxis: stats.upAxis,
      metersPerUnit: stats.metersPerUnit,
      timeCodesPerSecond: stats.timeCodesPerSecond,
      ...(stats.startTimeCode === undefined ? {} : { startTimeCode: stats.startTimeCode }),
      ...(stats.endTimeCode === undefined ? {} : { endTimeCode: stats.endTimeCode }),
      ...(stats.defaultPrim === undefined ? {} : { defaultPrim: stats.defaultPrim }),
      usedLayerCount,
      totalPrimCount,
      modelCount,
      instancedModelCount,
      assetCount,
      prototypeCount,
      totalInstanceCount,
      problems: stats.problems.length,
    }),
    'primary',
    ...primTable(stats.primary),
    ...(stats.prototypes === undefined ? [] : ['prototypes', ...primTable(stats.prototypes)]),
  ];
  return `${lines.join('\n')}\n`;
}

function primTable({ primCounts, primCountsByType }: PrimStats): string[] {
  return [...table(primCounts), '  primCountsByType', ...table(primCountsByType).map((line) => `  ${line}`)];
}

function table(entries: object): string[] {
  return Object.entries(entries).map(([name, value]) => `  ${name.padEnd(22)}${value}`);
}
