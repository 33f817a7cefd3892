/**
 * Composed prims, property names, targets and connections of every corpus file, compared with the flattened stages that an
 * OpenUSD 22 made of them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { joinPackagePath } from '../../packages/usd-wasm/src/ar/asset-path.ts';
import { FileResolver } from '../../packages/usd-wasm/src/ar/file-resolver.ts';
import { PackageResolver } from '../../packages/usd-wasm/src/ar/package-resolver.ts';
import { Cache } from '../../packages/usd-wasm/src/pcp/cache.ts';
import type { PrimIndex } from '../../packages/usd-wasm/src/pcp/prim-index.ts';
import { Layer } from '../../packages/usd-wasm/src/sdf/layer.ts';
import { appendProperty, ROOT_PATH } from '../../packages/usd-wasm/src/sdf/path.ts';
import { ProblemList } from '../../packages/usd-wasm/src/tf/reporter.ts';
import { LayerStore } from '../../packages/usd-wasm/src/usd/layer-store.ts';
import { parseUsda } from '../../packages/usd-wasm/src/usda/parser.ts';

const CORPUS = process.env['USD_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const isPresent = existsSync(join(CORPUS, 'README.md'));

/** Files whose flattened stage is no guide, with the reason. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  [
    'museum/BasicVariantWithReference/BasicVariantWithReference/root.sdf',
    'the museum, of OpenUSD 24, has the attribute that OpenUSD 22 lacks',
  ],
  ['museum/BasicInherits/BasicInherits/root.sdf', 'a malformed path, which the text reader refuses unless told otherwise'],
  [
    'museum/SubrootReferenceAndVariants/SubrootReferenceAndVariants/root.sdf',
    'a malformed path, which the text reader refuses unless told otherwise',
  ],
  ['usd/pcp/testPcpRegressionBugs_bug69932/bug69932/root.sdf', 'OpenUSD 22 does not know layer relocates'],
  ['usd/usd/testUsdFlatten/badPropertyTypeNames.usd', 'flattening drops attributes of unknown types'],
  ['usd/usd/testUsdUsdzFileFormat/search_refs/root.usd', 'needs search paths of a resolver configuration'],
  ['usd/usdSkel/testUsdSkelSkinningQuery/jointInfluences.usda', 'flattening drops the same attribute under another case'],
  ...['InternalReferenceTest.usda', 'SublayeredInternalReferenceTest.usda'].map((name): [string, string] => [
    `usdwg/test_assets/RelationshipEncapsulationTests/${name}`,
    'internal references see the whole namespace since OpenUSD 23.05',
  ]),
  ...['InternalReferenceEncapsulatedPrototypes.usda', 'InternalReferenceUnencapsulatedPrototypes.usda'].map((name): [string, string] => [
    `usdwg/test_assets/RelationshipEncapsulationTests/ReferencedAssembliesWithInternalReferencesTest/${name}`,
    'internal references see the whole namespace since OpenUSD 23.05',
  ]),
  ...['imaging/testUsdImagingGLShadeMaterial/coloredCubes.usda', 'imaging/testUsdImagingGLShadeMaterial_Delegate/coloredCubes.usda'].map(
    (name): [string, string] => [name, 'the flattened text is not valid'],
  ),
  ...['normals_types/normalsTypes.usda', 'points_types/pointsTypes.usda'].map((name): [string, string] => [
    `usdwg/test_assets/schemaTests/usdGeom/meshes/${name}`,
    'the flattened text is not valid',
  ]),
]);

interface ExpectedFile {
  readonly file: string;
  readonly opened: boolean;
  readonly trusted: boolean;
  readonly flat: string | null;
  readonly caution?: string | null;
}

async function openCache(file: string): Promise<Cache> {
  const resolver = new PackageResolver(new FileResolver());
  const store = new LayerStore({ resolver, reporter: new ProblemList() });
  let rootIdentifier = file;
  if (file.endsWith('.usdz')) {
    const inner = (await resolver.open(file)).rootLayer;
    if (inner === undefined) throw new Error('a package without layers');
    rootIdentifier = joinPackagePath(file, inner);
  }
  await store.load([rootIdentifier]);
  const root = store.find(rootIdentifier);
  if (!(root instanceof Layer)) throw new Error(root === 'pending' ? 'not loaded' : root.failed);
  const cache = new Cache({ rootLayer: root, layers: store });
  for (;;) {
    const pending = new Set(cache.layerStack.pendingAssets);
    visitAll(cache, (index) => {
      for (const asset of index.pendingAssets) pending.add(asset);
    });
    if (pending.size === 0) return cache;
    await store.load(pending);
    cache.forgetPending();
  }
}

function visitAll(cache: Cache, visit: (index: PrimIndex) => void): void {
  const waiting = [cache.primIndex(ROOT_PATH)];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    visit(index);
    for (const name of index.childNames) waiting.push(cache.childIndex(index, name));
  }
}

/** What differs, a line each. Instances are left out: their contents stand under prototypes that any name may have. */
function compare(cache: Cache, flat: Layer): string[] {
  const differences: string[] = [];
  const differ = (what: string, composed: readonly string[], expected: readonly string[]): void => {
    if (composed.join(' ') !== expected.join(' '))
      differences.push(`${what}: composed ${composed.join(' ')}, expected ${expected.join(' ')}`);
  };
  const waiting = [cache.primIndex(ROOT_PATH)];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const { path } = index;
    if (path !== ROOT_PATH) {
      const names = flat.childNames(path, 'properties');
      differ(`properties of ${path}`, index.propertyNames.toSorted(), names.toSorted());
      for (const name of names) {
        const propertyPath = appendProperty(path, name);
        for (const field of ['targetPaths', 'connectionPaths'] as const) {
          const expected = flat.fieldAs(propertyPath, field, 'pathListOp')?.explicitItems ?? [];
          if (!expected.some((target) => target.includes('Flattened_')))
            differ(`${field} of ${propertyPath}`, cache.targets(propertyPath, field).paths, expected);
        }
      }
    }
    if (index.isInstanceable) continue;
    const parent = index;
    const children = parent.childNames
      .map((name) => cache.childIndex(parent, name))
      .filter((child) => child.primStack.length > 0 && isActive(child));
    differ(
      `children of ${path}`,
      children.map((child) => child.path.slice(path === ROOT_PATH ? 1 : path.length + 1)),
      flat.childNames(path, 'primChildren').filter((name) => !name.startsWith('Flattened_')),
    );
    waiting.push(...children);
  }
  return differences;
}

/** Flattening leaves inactive prims out. */
function isActive(index: PrimIndex): boolean {
  for (const { layer, path } of index.primStack) {
    const active = layer.fieldAs(path, 'active', 'bool');
    if (active !== undefined) return active;
  }
  return true;
}

it.runIf(isPresent)(
  'composes the corpus as OpenUSD does',
  async () => {
    const { files } = JSON.parse(readFileSync(join(CORPUS, 'expected/index.json'), 'utf8')) as { readonly files: readonly ExpectedFile[] };
    const failures: string[] = [];
    let run = 0;
    let passed = 0;
    for (const { file, opened, trusted, flat, caution } of files) {
      if (!opened || !trusted || flat === null || caution != null || EXCEPTIONS.has(file)) continue;
      run++;
      const flatLayer = new Layer('flat', parseUsda('flat', readFileSync(join(CORPUS, 'expected', flat)), new ProblemList()), 'usda');
      try {
        const differences = compare(await openCache(join(CORPUS, file)), flatLayer);
        if (differences.length === 0) passed++;
        else failures.push(`${file}\n  ${differences.slice(0, 3).join('\n  ')}`);
      } catch (error) {
        failures.push(`${file}\n  ${String(error)}`);
      }
    }
    process.stdout.write(
      `composition against flattened stages: ${run} files run, ${passed} passed, ${run - passed} failed, ${EXCEPTIONS.size} skipped with reason\n`,
    );
    expect(failures.join('\n')).toBe('');
  },
  300_000,
);

if (!isPresent) it.skip(`corpus not found at ${CORPUS}: skipped all comparisons with flattened stages`, () => {});
