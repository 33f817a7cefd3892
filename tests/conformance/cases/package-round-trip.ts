/** Scenes that are made of several files: packaged, opened and flattened, they must be what they were. */
import { dirname } from 'node:path';
import { splitInnermost } from '../../../packages/usd-wasm/src/ar/asset-path.ts';
import { FileResolver } from '../../../packages/usd-wasm/src/ar/file-resolver.ts';
import { MemoryResolver } from '../../../packages/usd-wasm/src/ar/memory-resolver.ts';
import { createNewUsdzPackage } from '../../../packages/usd-wasm/src/package/create-usdz-package.ts';
import { ProblemList } from '../../../packages/usd-wasm/src/tf/reporter.ts';
import { flattenStage } from '../../../packages/usd-wasm/src/usd/flatten.ts';
import { Stage } from '../../../packages/usd-wasm/src/usd/stage.ts';
import { openArchive } from '../../../packages/usd-wasm/src/usdz/archive.ts';
import { compareFlattened } from '../../support/compare-flattened.ts';
import { CORPUS } from '../../support/corpus.ts';
import type { CaseResult } from './case-result.ts';

export interface PackageRoundTrip extends CaseResult {
  /** Files in the package. */
  readonly files: number;
  /** Paths that lead nowhere. */
  readonly missing: number;
}

/** @returns undefined where the file is no scene, or needs no other file */
export async function runPackageRoundTrip(file: string): Promise<PackageRoundTrip | undefined> {
  const path = `${CORPUS}/${file}`;
  const resolver = new FileResolver([dirname(path)]);
  const reporter = new ProblemList();
  let bytes: Uint8Array;
  try {
    bytes = await createNewUsdzPackage(path, { resolver, reporter });
  } catch {
    return undefined;
  }
  const files = openArchive(file, bytes).entries.length;
  if (files < 2) return undefined;
  const missing = reporter.problems.filter(({ code }) => code === 'package-missing-file').length;
  const original = await flattened(path, resolver);
  const packed = await flattened('p.usdz', new MemoryResolver(new Map([['p.usdz', bytes]])));
  const found = compareFlattened(original, packed, { assetPath: baseName }, 3);
  return { passed: found.length === 0, reason: found.join('; '), files, missing };
}

async function flattened(path: string, resolver: FileResolver | MemoryResolver): Promise<ReturnType<typeof flattenStage>['data']> {
  const stage = await Stage.open(path, { resolver });
  const { data } = flattenStage(stage);
  stage.close();
  return data;
}

function baseName(path: string): string {
  const inner = splitInnermost(path)?.inner ?? path;
  return inner.slice(inner.lastIndexOf('/') + 1);
}
