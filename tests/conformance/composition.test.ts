/**
 * The "Pcp museum": OpenUSD's composition test cases, compared with the results it records. The corpus is not part of the
 * project; without it the cases are skipped. Which cases do not pass, and why, is listed here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Cache } from '../../packages/usd-wasm/src/pcp/cache.ts';
import type { CompositionError } from '../../packages/usd-wasm/src/pcp/composition-error.ts';
import { dumpComposition, type ErrorSection } from '../../packages/usd-wasm/src/pcp/dump.ts';
import type { LayerSource } from '../../packages/usd-wasm/src/pcp/layer-stack.ts';
import { Layer } from '../../packages/usd-wasm/src/sdf/layer.ts';
import type { Path } from '../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';

/** Cases that do not pass yet, with the reason. One that begins to pass must leave the list. */
const KNOWN_GAPS: ReadonlyMap<string, string> = new Map<string, string>([]);

const CORPUS = process.env['USD_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const MUSEUM = join(CORPUS, 'museum');
const isPresent = existsSync(join(CORPUS, 'README.md'));

interface MuseumCase {
  readonly name: string;
  readonly folder: string;
  readonly root: string;
  readonly session?: string | null;
  readonly payloads?: string | null;
  readonly env?: Readonly<Record<string, string>> | null;
  readonly registered?: boolean;
  readonly baseline: string;
  readonly errorsBaseline?: string | null;
}

/** Regression cases that OpenUSD keeps beside the museum, composed as a USD stage does. */
const REGRESSIONS: readonly MuseumCase[] = [
  ...['bug69932', 'bug74847', 'bug92827', 'case1'].map((name) => ({
    name,
    folder: `../usd/pcp/testPcpRegressionBugs_${name}`,
    root: `${name}/root.sdf`,
    baseline: `baseline/compositionResults_${name}.txt`,
    ...(name === 'bug92827' ? { errorsBaseline: `baseline/compositionErrors_${name}.txt` } : {}),
  })),
  {
    name: 'USD-6755',
    folder: '../usd/pcp/testPcpRegressionBugs_USD-6755',
    root: 'root.sdf',
    baseline: 'baseline/compositionResults.txt',
    errorsBaseline: 'baseline/compositionErrors.txt',
  },
];

const cases = isPresent
  ? (JSON.parse(readFileSync(join(MUSEUM, 'cases.json'), 'utf8')) as { readonly cases: readonly MuseumCase[] }).cases
  : [];
const registered = cases.filter((museumCase) => museumCase.registered !== false);

/** Layers of one case folder; identifiers are paths in it. */
class FolderSource implements LayerSource {
  readonly #folder: string;
  readonly #layers = new Map<string, Layer | { readonly failed: string }>();
  readonly #allowsOddVariants: boolean;

  constructor(folder: string, allowsOddVariants: boolean) {
    this.#folder = folder;
    this.#allowsOddVariants = allowsOddVariants;
  }

  identify(assetPath: string, anchor: string | undefined): string {
    return anchor === undefined || assetPath.startsWith('/') ? assetPath : posix.join(posix.dirname(anchor), assetPath);
  }

  find(identifier: string): Layer | { readonly failed: string } {
    let layer = this.#layers.get(identifier);
    if (layer === undefined) {
      const file = join(this.#folder, identifier);
      layer = existsSync(file) ? this.#read(identifier, file) : { failed: 'no such file' };
      this.#layers.set(identifier, layer);
    }
    return layer;
  }

  #read(identifier: string, file: string): Layer {
    return new Layer(
      identifier,
      parseUsda(identifier, readFileSync(file), new ProblemList(), { keepInvalidSelections: this.#allowsOddVariants }),
      'usda',
    );
  }
}

function compose(museumCase: MuseumCase): { readonly results: string; readonly errorSections: readonly ErrorSection[] } {
  const source = new FolderSource(
    join(MUSEUM, museumCase.folder),
    museumCase.env?.['SDF_SCHEMA_PROHIBIT_INVALID_VARIANT_SELECTIONS'] === '0',
  );
  const open = (identifier: string): Layer => {
    const layer = source.find(identifier);
    if (!(layer instanceof Layer)) throw new Error(`cannot open ${identifier}: ${layer.failed}`);
    return layer;
  };
  const payloads = museumCase.payloads == null ? undefined : new RegExp(`^(?:${museumCase.payloads})`);
  const cache = new Cache({
    rootLayer: open(museumCase.root),
    ...(museumCase.session == null ? {} : { sessionLayer: open(museumCase.session) }),
    layers: source,
    variantFallbacks: new Map([['standin', ['render']]]),
    ...(payloads === undefined ? {} : { includePayload: (path: Path) => payloads.test(path) }),
  });
  const directory = posix.dirname(museumCase.root);
  const dump = dumpComposition(cache, (layer) => posix.relative(directory, layer.identifier));
  const heading = (museumCase.session == null ? '' : `Loading session @${museumCase.session}@\n\n`) + `Loading @${museumCase.root}@\n\n`;
  return { results: heading + dump.results, errorSections: dump.errorSections };
}

/** One error as kind, paths and layers, whatever the wording. */
interface ErrorFacts {
  readonly kind: string;
  readonly names: readonly string[];
}

const KIND_OF_TEXT: readonly (readonly [RegExp, CompositionError['kind']])[] = [
  [/^Cycle detected/, 'ArcCycle'],
  [/which is a prohibited child of its parent/, 'ArcToProhibitedChild'],
  [/^Invalid (inherit|specialize|reference|payload) path/, 'InvalidPrimPath'],
  [/^Invalid reference offset/, 'InvalidReferenceOffset'],
  [/^Could not open asset/, 'InvalidAssetPath'],
  [/^Unresolved (reference|payload) prim path/, 'UnresolvedPrimPath'],
  [/has inconsistent spec types/, 'InconsistentPropertyType'],
  [/is the target of multiple relocations/, 'InvalidSameTargetRelocations'],
  [/conflicts with another relocation/, 'InvalidConflictingRelocation'],
  [/^Relocation from .* is invalid and will be ignored/, 'InvalidAuthoredRelocation'],
  [/refers to a path outside the scope/, 'InvalidExternalTargetPath'],
  [/authored in a class but refers to an instance/, 'InvalidInstanceTargetPath'],
  [/invalid opinion at the relocation source path/, 'OpinionAtRelocationSource'],
  [/have the same owner/, 'InvalidSublayerOwnership'],
  [/^Sublayer hierarchy .* has cycles/, 'SublayerCycle'],
  [/^Error evaluating expression/, 'VariableExpressionError'],
];

function readErrors(text: string): Map<string, ErrorFacts[]> {
  const sections = new Map<string, ErrorFacts[]>();
  for (const section of text.split(/^-{72}\n/m).slice(1)) {
    const [title = '', ...rest] = section.split('\n');
    const joined = rest
      .join('\n')
      .replace(/^(Cycle detected:)\n((?:.+\n?)+)/gm, (_, head: string, body: string) => `${head} ${body.replaceAll('\n', ' ')}\n`)
      .replace(/^(@.+)\n(CANNOT .+:)\n(@.+)\n(which is .+)$/gm, '$1 $2 $3 $4');
    const errors = joined
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): ErrorFacts => {
        const kind = KIND_OF_TEXT.find(([pattern]) => pattern.test(line))?.[1];
        if (kind === undefined) throw new Error(`unknown error text in a baseline: ${line}`);
        return { kind, names: line.match(/@[^@ ]+@|<[^@>]+>/g) ?? [] };
      });
    sections.set(title, errors);
  }
  return sections;
}

/** Names of an error in the order in which the recorded text has them. */
function factsOf(error: CompositionError): ErrorFacts {
  const at = (layer: string): string => `@${layer}@`;
  const of = (path: string): string => `<${path}>`;
  const site = ({ layer, path }: { readonly layer: string; readonly path: string }): string[] => [at(layer), of(path)];
  const names = (): string[] => {
    switch (error.kind) {
      case 'ArcCycle':
        return error.cycle.flatMap(site);
      case 'ArcToProhibitedChild':
        return [...site(error.site), ...site(error.target), ...site(error.relocationSource)];
      case 'InconsistentPropertyType':
        return [of(error.property), ...site(error.defining), ...site(error.conflicting)];
      case 'InvalidPrimPath':
        return [of(error.primPath), at(error.sourceLayer ?? '<expired>'), of(error.site.path)];
      case 'InvalidReferenceOffset':
        return [...(error.assetPath === '' ? [] : [at(error.assetPath)]), of(error.targetPath), at(error.sourceLayer), of(error.site.path)];
      case 'InvalidAssetPath':
        return [at(error.identifier), at(error.sourceLayer), of(error.site.path)];
      case 'UnresolvedPrimPath':
        return [at(error.targetLayer), of(error.unresolvedPath), at(error.sourceLayer), of(error.site.path)];
      case 'InvalidSublayerOwnership':
        return [error.layer, ...error.sublayers].map(at);
      case 'SublayerCycle':
        return [at(error.layer), at(error.sublayer)];
      case 'InvalidAuthoredRelocation':
        return [of(error.source), of(error.target), at(error.layer), of('/')];
      case 'InvalidConflictingRelocation':
        return [
          of(error.source),
          of(error.target),
          at(error.layer),
          of('/'),
          of(error.conflictSource),
          of(error.conflictTarget),
          at(error.conflictLayer),
          of('/'),
        ];
      case 'InvalidSameTargetRelocations':
        return [of(error.target), ...error.sources.flatMap(({ layer, source }) => [of(source), at(layer), of('/')])];
      case 'OpinionAtRelocationSource':
        return site(error);
      case 'InvalidExternalTargetPath':
        return [of(error.target), of(error.property), at(error.layer), of(error.introducedAt)];
      case 'InvalidInstanceTargetPath':
        return [of(error.target), of(error.property), at(error.layer)];
      case 'VariableExpressionError':
        return [...(error.path === undefined ? [] : [of(error.path)]), at(error.layer)];
      case 'IndexCapacityExceeded':
      case 'LimitExceeded':
      case 'InvalidSublayerOffset':
      case 'InvalidSublayerPath':
      case 'MutedAssetPath':
        throw new Error(`no baseline has an error of the kind ${error.kind}`);
    }
  };
  return { kind: error.kind, names: names() };
}

function composedErrors(sections: readonly ErrorSection[]): Map<string, ErrorFacts[]> {
  return new Map(
    sections.map(({ path, errors }) => [
      path === undefined ? 'Errors while computing Layer Stack' : `Errors while composing <${path}>`,
      errors.map(factsOf),
    ]),
  );
}

describe.runIf(isPresent)('composition museum', () => {
  const counts = { run: 0, passed: 0, failed: 0 };
  for (const museumCase of [...registered, ...REGRESSIONS]) {
    const gap = KNOWN_GAPS.get(museumCase.name);
    it(
      gap === undefined ? `${museumCase.name} composes as recorded` : `${museumCase.name} does not compose as recorded yet: ${gap}`,
      () => {
        counts.run++;
        const check = (): void => {
          const { results, errorSections } = compose(museumCase);
          expect(results.trimEnd()).toBe(readFileSync(join(MUSEUM, museumCase.folder, museumCase.baseline), 'utf8').trimEnd());
          if (museumCase.errorsBaseline != null) {
            const recorded = readFileSync(join(MUSEUM, museumCase.folder, museumCase.errorsBaseline), 'utf8');
            expect(composedErrors(errorSections)).toEqual(readErrors(recorded));
          }
        };
        counts.failed++;
        if (gap === undefined) {
          check();
          counts.failed--;
          counts.passed++;
        } else expect(check, 'passes now: take it off KNOWN_GAPS').toThrow();
      },
    );
  }
  afterAll(() => process.stdout.write(`composition museum: ${counts.run} cases run, ${counts.passed} passed, ${counts.failed} failed\n`));
});

if (!isPresent) it.skip(`corpus not found at ${CORPUS}: skipped all cases of the composition museum`, () => {});
