import type { Problem } from '../node.ts';
import { defineCommand, onlyFile } from './command.ts';
import { openFile } from './open-file.ts';

export const stats = defineCommand({
  name: 'stats',
  summary: 'print counts, layers, problems and timings as JSON',
  usage: `usd stats FILE

Prints counts, layers, problems and timings as JSON.
`,
  options: {},
  async run(_values, names, output) {
    await output.print(`${JSON.stringify(await statsOf(onlyFile('stats', names)), undefined, 2)}\n`);
    return 0;
  },
});

export interface Stats {
  readonly file: string;
  readonly upAxis: string;
  readonly metersPerUnit: number;
  readonly timeCodesPerSecond: number;
  readonly startTimeCode?: number;
  readonly endTimeCode?: number;
  readonly defaultPrim?: string;
  /** Prims that an ordinary traversal visits, those of prototypes once. */
  readonly primCount: number;
  readonly primsByType: Readonly<Record<string, number>>;
  readonly instanceCount: number;
  readonly prototypeCount: number;
  readonly layers: readonly { readonly identifier: string; readonly format: string }[];
  readonly problems: readonly Problem[];
  readonly milliseconds: { readonly open: number };
}

/** Counts of a composed file. */
export async function statsOf(file: string): Promise<Stats> {
  const start = performance.now();
  const stage = await openFile(file);
  const open = Math.round((performance.now() - start) * 10) / 10;
  const counts = new Map<string, number>();
  let primCount = 0;
  let instanceCount = 0;
  for (const root of [stage.pseudoRoot, ...stage.prototypes]) {
    for (const prim of stage.traverse(root)) {
      if (prim === root) continue;
      primCount++;
      if (prim.isInstance) instanceCount++;
      const type = prim.typeName === '' ? '(untyped)' : prim.typeName;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  const { startTimeCode, endTimeCode, defaultPrim } = stage;
  return {
    file,
    upAxis: stage.upAxis,
    metersPerUnit: stage.metersPerUnit,
    timeCodesPerSecond: stage.timeCodesPerSecond,
    ...(startTimeCode === undefined ? {} : { startTimeCode }),
    ...(endTimeCode === undefined ? {} : { endTimeCode }),
    ...(defaultPrim === undefined ? {} : { defaultPrim: defaultPrim.path }),
    primCount,
    primsByType: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    instanceCount,
    prototypeCount: stage.prototypes.length,
    layers: stage.usedLayers.map(({ identifier, format }) => ({ identifier, format })),
    problems: stage.problems,
    milliseconds: { open },
  };
}
