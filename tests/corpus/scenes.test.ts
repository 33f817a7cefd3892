/** Every scene of the corpus through the USD worker's scene: what it sends must hold together, at other times and after edits too. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { initKernel, PackageResolver, ProblemList, Stage, type Path } from 'usd-wasm';
import { FileResolver } from 'usd-wasm/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { Pace } from '../../src/workers/usd/pace.ts';
import { Scene } from '../../src/workers/usd/scene.ts';
import { SceneWriter } from '../../src/workers/usd/scene-writer.ts';
import { selectVariant } from '../../src/workers/usd/stage-edits.ts';
import { listContents } from '../../src/workers/usd/stage-summary.ts';
import { NONE_ID, type StageId } from '../../src/share/protocol/scene.ts';
import { CORPUS, CORPUS_NOTE, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { RecordedScene } from '../support/recorded-scene.ts';

/** Counts worked out from the files themselves. */
const EXPECTED: Readonly<Record<string, { meshes: number; rows: number; triangles: number }>> = {
  'usdwg/full_assets/Teapot/Teapot.usd': { meshes: 1, rows: 1, triangles: 2472 },
  'usdwg/test_assets/RoughnessTest/RoughnessTest.usdz': { meshes: 6, rows: 6, triangles: 504 },
  'usdwg/test_assets/USDZ/CesiumMan/CesiumMan.usdz': { meshes: 1, rows: 1, triangles: 4672 },
  'usdwg/test_assets/AlphaBlendSortTest/AlphaBlendSortTest.usda': { meshes: 3, rows: 3, triangles: 6 },
  'usdwg/test_assets/schemaTests/usdGeom/primitives/cube.usda': { meshes: 1, rows: 1, triangles: 12 },
};

function sceneFiles(): string[] {
  const usdwg = expectedFiles()
    .filter(({ file, opened }) => opened && file.startsWith('usdwg/'))
    .map(({ file }) => file);
  const { cases } = JSON.parse(readFileSync(`${CORPUS}/imaging/cases.json`, 'utf8')) as { cases: { input?: string }[] };
  const imaging = new Set(cases.flatMap(({ input }) => (input === undefined ? [] : [`imaging/${input}`])));
  return [...usdwg, ...imaging].filter((file) => existsSync(`${CORPUS}/${file}`));
}

async function openFile(file: string) {
  const problems = new ProblemList();
  const resolver = new PackageResolver(new FileResolver(), problems);
  const stage = await Stage.open(resolve(CORPUS, file), { resolver, reporter: problems });
  return { stage, resolver, problems };
}

async function build(stage: Stage, time: number, resolver: PackageResolver, problems: ProblemList) {
  const sink = new RecordedScene();
  const writer = new SceneWriter(
    0 as StageId,
    { upAxis: stage.upAxis, metersPerUnit: stage.metersPerUnit },
    {
      postMessage(changes, transfer) {
        sink.postMessage(changes, transfer);
        queueMicrotask(() => writer.acknowledge({ kind: 'sceneAck', stage: 0 as StageId, sequence: changes.sequence }));
      },
    },
  );
  const scene = new Scene(stage, time, writer, resolver, (problem) => problems.report(problem));
  const pace = new Pace(new AbortController().signal);
  await scene.build(pace);
  await finish(scene, sink, pace);
  return { scene, sink, pace };
}

/** What is drawn, whatever the ids: one line per row and per light. */
function picture(sink: RecordedScene): string[] {
  const materialOf = (id: number): string => {
    const material = { ...sink.materials.get(id), id: 0 };
    // Texture ids differ between scenes; which texture it is does not matter here.
    return JSON.stringify(material, (key, value: unknown) => (key === 'texture' && typeof value === 'number' ? 0 : value));
  };
  const rows = [...sink.rows.values()].map((row) => {
    const mesh = sink.meshes.get(row.mesh)!;
    const subsets = mesh.subsets.map(
      (subset) => `${subset.triangleCount}${subset.material === NONE_ID ? '' : materialOf(subset.material)}`,
    );
    const sum = mesh.positions.reduce((total, x) => total + Math.abs(x), 0);
    return [
      mesh.label,
      mesh.indices.length,
      mesh.uvs.length,
      mesh.colors?.length,
      sum.toPrecision(6),
      row.flags,
      row.matrix.map((x) => x.toPrecision(5)).join(' '),
      materialOf(row.material),
      ...subsets,
    ].join(' | ');
  });
  const lights = [...sink.lights.values()].map((light) =>
    JSON.stringify(light, (key, value: unknown) => (key === 'texture' || key === 'id' ? 0 : value)),
  );
  return [...rows, ...lights].sort();
}

async function finish(scene: Scene, sink: RecordedScene, pace: Pace): Promise<void> {
  scene.bounds();
  await scene.imagePending(pace, () => undefined);
  scene.sweep();
  scene.writer.flush();
  sink.check();
}

type Built = Awaited<ReturnType<typeof build>>;

/** Switches a few variants and back again. */
async function switchVariants(stage: Stage, { scene, sink, pace }: Built, check: () => Promise<void>): Promise<number> {
  const { variantSets } = await listContents(stage, pace);
  let switches = 0;
  for (const { primPath, set, variants, selection } of variantSets.slice(0, 3)) {
    for (const variant of [...variants.slice(0, 3), selection]) {
      // A switch may take away the prim that another set lies on.
      if (stage.getPrimAtPath(primPath as Path) === undefined) continue;
      await scene.applyChanges(await selectVariant(stage, primPath as Path, set, variant), pace);
      await finish(scene, sink, pace);
      await check();
      switches++;
    }
  }
  return switches;
}

describe('scenes of the corpus', () => {
  beforeAll(async () => {
    await initKernel();
  });

  test.skipIf(!hasCorpus)(
    `changed step by step look as if opened anew${CORPUS_NOTE}`,
    async () => {
      const files = sceneFiles();
      expect(files.length).toBeGreaterThan(200);
      let animated = 0;
      let switches = 0;
      const failures: string[] = [];
      for (const file of files) {
        try {
          const { stage, resolver, problems } = await openFile(file);
          const built = await build(stage, stage.startTimeCode ?? 0, resolver, problems);
          const { scene, sink, pace } = built;
          const isLikeNew = async (): Promise<void> =>
            expect(picture(sink)).toEqual(picture((await build(stage, scene.time, resolver, problems)).sink));
          const expected = EXPECTED[file];
          if (expected !== undefined)
            expect({ meshes: sink.meshes.size, rows: sink.rows.size, triangles: sink.visibleTriangles }).toEqual(expected);
          if (scene.isAnimated) {
            animated++;
            for (const time of [-5, (stage.startTimeCode ?? 0) + 1.5, stage.endTimeCode ?? 10]) {
              await scene.setTime(time, pace);
              scene.writer.flush();
              sink.check();
              await isLikeNew();
            }
          }
          switches += await switchVariants(stage, built, isLikeNew);
          expect(problems.problems.filter((problem) => problem.code === 'imaging-failed')).toEqual([]);
        } catch (error) {
          failures.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      console.log(`scenes: ${files.length} files, ${animated} animated, ${switches} variant switches, ${failures.length} failures`);
      expect(failures).toEqual([]);
    },
    180_000,
  );
});
