/** A stage after edits says what a stage opened anew from the same layers says; only what depends on an edit is composed anew. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileResolver, MemoryResolver, PopulationMask, Stage, type AssetResolver, type Layer, type Path } from 'usd-wasm/node';
import { CORPUS, CORPUS_NOTE, expectedFiles, hasCorpus } from '../support/corpus.ts';
import { describeStage } from '../support/describe-stage.ts';
import { RandomEdits } from '../support/random-stage-edits.ts';
import { makeRandom } from '../support/random.ts';

const SEED = Number(process.env['SEED'] ?? 1);
/** Edits in all; `STAGE_EDITS` overrides. */
const EDITS = Number(process.env['STAGE_EDITS'] ?? 10_000);
/** Edits between two comparisons; 1 finds the edit that a failing seed fails at. */
const CHECK_EVERY = Number(process.env['STAGE_CHECK_EVERY'] ?? 4);
/** The first round, to try a failing seed again. */
const FIRST_ROUND = Number(process.env['STAGE_FIRST_ROUND'] ?? 0);

async function openAnew(stage: Stage, resolver: AssetResolver): Promise<Stage> {
  const anew = await Stage.open(stage.rootLayer.identifier, {
    resolver,
    layers: stage.usedLayers,
    sessionLayer: stage.sessionLayer,
    load: stage.loadRules,
    mutedLayers: stage.mutedLayers,
    ...(stage.populationMask === undefined ? {} : { mask: stage.populationMask }),
  });
  anew.close();
  return anew;
}

/** Edits a stage at random and compares it with one opened anew after every few edits. */
async function editAtRandom(
  stage: Stage,
  resolver: AssetResolver,
  assets: readonly string[],
  edits: number,
  seed: number,
): Promise<number> {
  const random = makeRandom(seed);
  const layers = [stage.sessionLayer, ...stage.usedLayers];
  const editor = new RandomEdits(random, { layers, assets });
  let overheard = 0;
  let comparisons = 0;
  stage.addListener('objectsChanged', () => overheard++);
  for (let done = 0; done < edits; done++) {
    if (random() < 0.04) editor.log.push(changeSettings(stage, random));
    else editor.step();
    await stage.settle();
    if (done % CHECK_EVERY !== CHECK_EVERY - 1 && done < edits - 1) continue;
    const anew = await openAnew(stage, resolver);
    // Where arcs lead back depends on the instance that a prototype is made from, and any of its instances may be that.
    if (anew.prototypes.length > 0 && anew.problems.some(({ code }) => code === 'composition-arc-cycle')) continue;
    comparisons++;
    const expected = describeStage(anew);
    const actual = describeStage(stage);
    const found = differences(expected, actual);
    expect(found, `seed ${seed}, ${done + 1} edits, last:\n${editor.log.slice(-6).join('\n')}\n${found.join('\n')}`).toEqual([]);
  }
  if (edits >= 100) expect(overheard).toBeGreaterThan(0);
  return comparisons;
}

/** Lines that one side lacks, a few of them. */
function differences(expected: readonly string[], actual: readonly string[]): string[] {
  const [a, b] = [expected.join('\n'), actual.join('\n')];
  if (a === b) return [];
  const [inExpected, inActual] = [new Set(expected), new Set(actual)];
  const found = [
    ...expected.filter((line) => !inActual.has(line)).map((line) => `missing: ${line}`),
    ...actual.filter((line) => !inExpected.has(line)).map((line) => `too much: ${line}`),
  ];
  return found.length === 0 ? ['the same lines in another order'] : found.slice(0, 8);
}

/** Loads, unloads, mutes, unmutes or masks; gives what it did. */
function changeSettings(stage: Stage, random: () => number): string {
  const prims = stage.pseudoRoot.allChildren;
  const prim = prims[Math.floor(random() * prims.length)]?.path ?? ('/' as Path);
  const layer = stage.usedLayers[Math.floor(random() * stage.usedLayers.length)] as Layer;
  const choice = random();
  if (choice < 0.25) {
    stage.unload(prim);
    return `unload ${prim}`;
  }
  if (choice < 0.5) {
    stage.load(prim, random() < 0.5 ? 'withDescendants' : 'withoutDescendants');
    return `load ${prim}`;
  }
  if (choice < 0.85) {
    const unmuted = stage.mutedLayers;
    stage.muteAndUnmuteLayers(choice < 0.7 ? [layer.identifier] : [], unmuted);
    return `mute ${layer.identifier}, unmute ${unmuted.join(' ')}`;
  }
  stage.setPopulationMask(stage.populationMask === undefined ? new PopulationMask([prim]) : undefined);
  return `mask ${stage.populationMask?.paths.join(' ')}`;
}

const SCENES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  arcs: {
    'root.usda': `(
    subLayers = [@./sub.usda@ (offset = 2)]
    defaultPrim = "A"
)
class "Class"
{
    def Sphere "Geom"
    {
        double radius = 3
    }
}
def Xform "A" (
    inherits = </Class>
    references = @./ref.usda@</A>
)
{
    def "B" (
        instanceable = true
        references = @./ref.usda@</B>
    )
    {
    }
    def "C" (
        instanceable = true
        references = @./ref.usda@</B>
    )
    {
    }
}
def "Rig" (
    specializes = </Class>
    payload = @./ref.usda@</A>
)
{
}
`,
    'sub.usda': `over "A" (
    variants = {
        string shape = "one"
    }
    prepend variantSets = "shape"
)
{
    variantSet "shape" = {
        "one" {
            def Cube "Geom"
            {
                double size = 2
            }
        }
        "two" {
            def Scope "C"
            {
            }
        }
    }
}
`,
    'ref.usda': `(
    defaultPrim = "B"
)
def "A"
{
    def "Geom"
    {
        double size.timeSamples = {
            0: 1,
            10: 2,
        }
        rel link = </A>
    }
}
def "B"
{
    def Sphere "Geom"
    {
        rel link = </B/Geom>
    }
    def "C" (
        references = </A/Geom>
    )
    {
    }
}
`,
  },
};

describe('a stage after random edits', () => {
  for (const [name, files] of Object.entries(SCENES)) {
    test(`equals one opened anew: ${name}`, { timeout: 600_000 }, async () => {
      const rounds = Math.max(1, Math.round((EDITS * 0.4) / 250));
      let comparisons = 0;
      for (let round = FIRST_ROUND; round < rounds; round++) {
        const encoder = new TextEncoder();
        const resolver = new MemoryResolver(
          new Map(Object.entries(files).map(([path, text]) => [path, encoder.encode(`#usda 1.0\n${text}`)])),
        );
        const stage = await Stage.open('root.usda', { resolver });
        comparisons += await editAtRandom(stage, resolver, ['./sub.usda', './ref.usda', './gone.usda'], 250, SEED * 1000 + round);
      }
      console.log(
        `random edits of "${name}": ${rounds * 250} edits, ${comparisons} comparisons, seeds ${SEED * 1000} to ${SEED * 1000 + rounds - 1}`,
      );
      expect(comparisons).toBeGreaterThan(rounds * 20);
    });
  }

  test.skipIf(!hasCorpus)(`equals one opened anew: composition museum${CORPUS_NOTE}`, { timeout: 600_000 }, async () => {
    const { cases } = JSON.parse(readFileSync(resolve(CORPUS, 'museum/cases.json'), 'utf8')) as {
      cases: readonly { folder: string; root: string; registered?: boolean; env?: Readonly<Record<string, string>> }[];
    };
    const files = cases
      .filter(({ registered, env }) => registered !== false && env?.['SDF_SCHEMA_PROHIBIT_INVALID_VARIANT_SELECTIONS'] === undefined)
      .map(({ folder, root }) => resolve(CORPUS, 'museum', folder, root));
    await editFiles('the museum', files, EDITS * 0.4, SEED * 100_000);
  });

  test.skipIf(!hasCorpus)(`equals one opened anew: stages of the corpus${CORPUS_NOTE}`, { timeout: 600_000 }, async () => {
    // instances, clips, skeletons, shading: small ones, so that opening them anew again and again is quick
    const files = expectedFiles()
      .filter(({ file, opened }) => opened && /^(?:usd|usdwg)\/.*\.(?:usda|usdc|usd)$/.test(file))
      .map(({ file }) => resolve(CORPUS, file))
      .filter((file) => statSync(file).size < 20_000);
    const step = Math.ceil(files.length / 40);
    await editFiles(
      'the corpus',
      files.filter((_, i) => i % step === 0),
      EDITS * 0.2,
      SEED * 200_000,
    );
  });
});

/** Edits each stage the same number of times; layers beside it may become sublayers, references and payloads. */
async function editFiles(name: string, files: readonly string[], edits: number, firstSeed: number): Promise<void> {
  const each = Math.max(1, Math.ceil(edits / files.length));
  let comparisons = 0;
  for (const [i, file] of files.entries()) {
    if (i < FIRST_ROUND) continue;
    const resolver = new FileResolver([dirname(file)]);
    const stage = await Stage.open(file, { resolver });
    const assets = readdirSync(dirname(file))
      .filter((entry) => /\.(?:sdf|usda|usd)$/.test(entry) && join(dirname(file), entry) !== file)
      .slice(0, 5)
      .map((entry) => `./${entry}`);
    comparisons += await editAtRandom(stage, resolver, [...assets, './gone.usda'], each, firstSeed + i);
    stage.close();
  }
  console.log(
    `random edits of ${name}: ${each * files.length} edits in ${files.length} stages, ${comparisons} comparisons, seeds from ${firstSeed}`,
  );
  expect(comparisons).toBeGreaterThan((each * files.length) / CHECK_EVERY / 4);
}
