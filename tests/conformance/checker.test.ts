/** Scenes of OpenUSD's testUsdChecker: what is wrong with them is found by the rule that their names mean. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFailed, rulesText, violationLines } from '../../packages/usd-wasm/src/check/report.ts';
import { CORPUS, CORPUS_NOTE, hasCorpus, usdCases } from '../support/corpus.ts';
import { violationsOf } from './cases/checker.ts';

const bad = usdCases().filter((record) => record.kind === 'checker-bad');

/** The rule that a file's name means. */
const RULES: Readonly<Record<string, string>> = {
  'badCollMaterialBinding.usdc': 'ARKitMaterialBindingChecker',
  'badExtension_arkit.usd': 'ARKitRootLayerChecker',
  'badExtension_arkit.usdz': 'ARKitRootLayerChecker',
  'badGprimParent.usda': 'PrimEncapsulationChecker',
  'badMaterialBinding.usdc': 'ARKitMaterialBindingChecker',
  'badMaterialBindingAPIApplied.usda': 'MaterialBindingAPIAppliedChecker',
  'badNormalMapReader.usda': 'NormalMapTextureChecker',
  'badPropertyType.usd': 'ShaderPropertyTypeConformanceChecker',
  'badShaderId.usdc': 'ARKitShaderChecker',
  'badShaderImplSource.usdc': 'ARKitShaderChecker',
  'badShaderInput.usdc': 'ARKitShaderChecker',
  'badShaderParent.usda': 'PrimEncapsulationChecker',
  'badShaderScopeParent.usda': 'PrimEncapsulationChecker',
  'badShaderUnknownTexture.usdc': 'TextureChecker',
  'badShaderUnsupportedTexture.usdc': 'TextureChecker',
  'badSkelBindingAPIApplied.usda': 'SkelBindingAPIAppliedChecker',
  'badSkelBindingNoSkelRoot.usda': 'SkelBindingAPIAppliedChecker',
  'badUsdz.usdz': 'CompressionChecker',
  'brokenDep.usd': 'MissingReferenceChecker',
  'brokenRef.usd': 'MissingReferenceChecker',
  'noDefaultPrim.usda': 'StageMetadataChecker',
  'noMetrics.usda': 'StageMetadataChecker',
  'noUpAxis.usda': 'StageMetadataChecker',
  'unencapsulated_asset.usdz': 'ARKitPackageEncapsulationChecker',
  'unencapsulated_layer.usdz': 'ARKitPackageEncapsulationChecker',
  'unknownfile.usdz': 'ARKitFileExtensionChecker',
  'unsupportedTypes_arkit.usdc': 'ARKitPrimTypeChecker',
  'variants.usdc': 'ARKitPrimTypeChecker',
  'world.usd': 'StageMetadataChecker',
  'zUp.usdc': 'StageMetadataChecker',
};

describe.skipIf(!hasCorpus)(`${bad.length} bad scenes of usdchecker${CORPUS_NOTE}`, () => {
  test.each(bad.map((record) => [record.id, record] as const))('%s breaks the rule that its name means', async (_id, record) => {
    const violations = await violationsOf(record.input ?? '', true);
    expect(violations.map(({ rule }) => rule)).toContain(RULES[basename(record.input ?? '')]);
  });

  test('what upstream runs with other options ends as there', async () => {
    expect(isFailed(await violationsOf('bin/testUsdChecker/clean/clean_flat.usdc', true))).toBe(true);
    expect(isFailed(await violationsOf('bin/testUsdChecker/clean/clean_flat.usdz', true))).toBe(true);
  });

  test('every combination of variants is looked at, in the order of usdchecker', async () => {
    const lines = violationLines(await violationsOf('bin/testUsdChecker/bad/variants.usdc', true));
    expect(`${lines.join('\n')}\n`).toBe(readFileSync(`${CORPUS}/usd/bin/testUsdChecker/baseline/variants_failedChecks.txt`, 'utf8'));
  });

  test.each([
    ['baseRules.txt', false],
    ['arkitRules.txt', true],
  ] as const)('the rules of %s are described as there', (file, isArkit) => {
    const expected = readFileSync(`${CORPUS}/usd/bin/testUsdChecker/baseline/${file}`, 'utf8').split(`${'-'.repeat(30)}\n`);
    const ours = rulesText(isArkit).split(`${'-'.repeat(30)}\n`);
    const theirs = expected.filter((part) => part.startsWith('['));
    expect(theirs.length).toBeGreaterThan(9);
    expect(ours).toEqual(expect.arrayContaining(theirs));
  });
});
