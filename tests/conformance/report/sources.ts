/** Everything that the corpus can check, by where its expectations come from. */
import { sniffFormat } from '../../../packages/usd-wasm/src/sdf/file-format.ts';
import { corpusBytes, corpusLayerFiles, expectedFiles, usdCases, type UsdCase } from '../../support/corpus.ts';
import type { CaseResult } from '../cases/case-result.ts';
import { runCat } from '../cases/cat.ts';
import { runCheckerBad, runCheckerClean } from '../cases/checker.ts';
import { museumCases, runComposition, runMuseum } from '../cases/composition.ts';
import { runDependencies } from '../cases/dependencies.ts';
import { runFlattenedLayerStack } from '../cases/flattened-layer-stack.ts';
import { isFlattenRecord, runFlattenRecord, runStageFlatten } from '../cases/flatten.ts';
import { runGoldenLayer, runMustNotCrash } from '../cases/golden-layer.ts';
import { runLayerRoundTrip } from '../cases/layer-round-trip.ts';
import { runLayerRoundTrip as runLayerText, runParseError } from '../cases/layer-text.ts';
import { openUsdTexts, runOpenUsdText } from '../cases/openusd-text.ts';
import { runPackageRoundTrip } from '../cases/package-round-trip.ts';
import { runResolve } from '../cases/resolve.ts';
import { runBakeSkinning, runSkelExtents } from '../cases/skel.ts';
import { isRefused, runRefused, runStageFacts } from '../cases/stage-facts.ts';
import { runTree } from '../cases/tree.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface ConformanceSource {
  readonly title: string;
  /** What is compared with what. */
  readonly about: string;
  readonly cases: () => readonly ConformanceCase[];
}

const NOT_SUPPORTED = async (): Promise<CaseResult> => ({ passed: false, reason: 'not supported' });

/** By kind, in the order of the report. */
const USD_RUNNERS: Readonly<Record<string, (record: UsdCase) => Promise<CaseResult>>> = {
  'parse-error': runParseError,
  'layer-roundtrip': async (record) => (record.id.startsWith('cat/') ? runCat(record) : runLayerText(record)),
  'stage-flatten': runStageFlatten,
  'stage-flatten-masked': runCat,
  'layerstack-flatten': runCat,
  'layer-metadata': runCat,
  'skel-extents': runSkelExtents,
  'bake-skinning': runBakeSkinning,
  tree: runTree,
  resolve: runResolve,
  dependencies: runDependencies,
  'composition-results': runComposition,
  'checker-bad': runCheckerBad,
  'checker-clean': runCheckerClean,
  'must-not-crash': runMustNotCrash,
  'mtlx-to-usd': NOT_SUPPORTED,
};

export const SOURCES: readonly ConformanceSource[] = [
  {
    title: 'Composition museum',
    about:
      'What `usd compose` prints, results and errors, equals the recorded texts to the letter. Upstream has the files of the skipped cases but no longer runs them.',
    cases: () =>
      museumCases().map((record) => ({
        id: record.name,
        kind: 'museum',
        run: async () => runMuseum(record),
        ...(record.registered === false ? { skipped: 'upstream no longer runs it' } : {}),
      })),
  },
  {
    title: "OpenUSD's own tests",
    about:
      'Cases of `usd/cases.json` by kind. Texts are compared to the letter, flattened stages and baked skinning by meaning; a layer that must be refused must be so with a typed error.',
    cases: () => {
      const order = Object.keys(USD_RUNNERS);
      const rank = ({ kind }: UsdCase): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
      return usdCases()
        .toSorted((a, b) => rank(a) - rank(b))
        .map((record) => ({ id: record.id, kind: record.kind, run: async () => (USD_RUNNERS[record.kind] ?? NOT_SUPPORTED)(record) }));
    },
  },
  {
    title: 'Stages as OpenUSD 22 flattens them',
    about:
      'Records of `expected/index.json`. A flattened stage equals the expected one in specs, fields and values, floats to the precision of their type. Facts are the metadata of the stage and its prims by type, also of stages whose text is too large to be kept. Refused files must give a typed error.',
    cases: () => [
      ...expectedFiles()
        .filter(isFlattenRecord)
        .map((record): ConformanceCase => ({
          id: record.file,
          kind: 'flattened stage',
          run: async () => runFlattenRecord(record),
          hasExceptions: true,
        })),
      ...expectedFiles()
        .filter(({ opened, trusted }) => opened && trusted)
        .map((record) => ({ id: record.file, kind: 'stage facts', run: async () => runStageFacts(record) })),
      ...expectedFiles()
        .filter(isRefused)
        .map((record) => ({ id: record.file, kind: 'refused', run: async () => runRefused(record) })),
    ],
  },
  {
    title: 'Layers as OpenUSD 22 reads and writes them',
    about:
      'Crates, and root layers of packages, say what the text says that OpenUSD made of them. Every text that OpenUSD wrote is written byte for byte after it was read, and four that OpenUSD cannot read back are refused.',
    cases: () => [
      ...expectedFiles()
        .filter(({ trusted, layer }) => trusted && typeof layer === 'string')
        .flatMap((record): ConformanceCase[] => {
          const format = sniffFormat(corpusBytes(record.file));
          const kind = format === 'usdc' ? 'crate' : format === 'usdz' ? 'package root' : undefined;
          return kind === undefined ? [] : [{ id: record.file, kind, run: async () => runGoldenLayer(record) }];
        }),
      ...openUsdTexts().map((file) => ({ id: file, kind: 'text byte for byte', run: async () => runOpenUsdText(file) })),
    ],
  },
  {
    title: 'Round trips',
    about:
      'Every layer file that can be read, written as text, as a crate and in a package, reads the same again. Every scene of several files is the same scene when opened from a package of them. A layer stack made one layer composes to the same scene.',
    cases: () => [
      ...corpusLayerFiles().map((file) => ({ id: file, kind: 'layer in three formats', run: async () => runLayerRoundTrip(file) })),
      ...expectedFiles().map(({ file }) => ({ id: file, kind: 'scene in a package', run: async () => runPackageRoundTrip(file) })),
      ...expectedFiles()
        .filter(({ opened }) => opened)
        .map(({ file }) => ({ id: file, kind: 'flattened layer stack', run: async () => runFlattenedLayerStack(file) })),
    ],
  },
];
