/** Takes a crate apart into its tables, so that they can be changed and laid out again, in any version. */
import { CrateBytes } from '../packages/usd-wasm/src/usdc/crate-bytes.ts';
import type { PlannedPath } from '../packages/usd-wasm/src/usdc/fixtures/crate-builder.ts';
import { VERSION, crateVersion } from '../packages/usd-wasm/src/usdc/layout.ts';

/** The same tables as `CratePlan`, open to changes. */
export interface OpenPlan {
  version: [number, number, number];
  tokens: string[];
  strings: number[];
  fields: { name: number; rep: bigint }[];
  fieldSets: number[];
  paths: PlannedPath[];
  pathCount: number;
  specs: { path: number; fieldSet: number; type: number }[];
  values: Uint8Array;
}

/** @returns undefined for crates older than compressed tables */
export function takeApart(bytes: Uint8Array): OpenPlan | undefined {
  const file = new CrateBytes('seed.usdc', bytes);
  const version: [number, number, number] = [bytes[8]!, bytes[9]!, bytes[10]!];
  if (crateVersion(...version) < VERSION.compressedSections) return undefined;
  const toc = file.cursor('TOC', file.cursor('BOOTSTRAP', 16).offset());
  const sections = new Map<string, { start: number; size: number }>();
  for (let left = toc.count(32); left > 0; left--) {
    const name = String.fromCharCode(...toc.view(16)).replaceAll('\0', '');
    sections.set(name, { start: toc.offset(), size: toc.offset() });
  }
  const cursor = (name: string): ReturnType<CrateBytes['cursor']> => {
    const { start, size } = sections.get(name) ?? { start: bytes.length, size: 0 };
    return file.cursor(name, start, start + size);
  };
  const unsigned = (values: Int32Array): number[] => Array.from(values, (value) => value >>> 0);

  const tokenSection = cursor('TOKENS');
  const tokenCount = Number(tokenSection.u64());
  const tokens = new TextDecoder()
    .decode(tokenSection.compressed(Number(tokenSection.u64())))
    .split('\0')
    .slice(0, tokenCount);
  const stringSection = cursor('STRINGS');
  const strings = Array.from({ length: stringSection.count(4) }, () => stringSection.u32());
  const fieldSection = cursor('FIELDS');
  const fieldCount = Number(fieldSection.u64());
  const names = unsigned(fieldSection.integers32(fieldCount));
  const reps = fieldCount === 0 ? new Uint8Array(0) : fieldSection.compressed(8 * fieldCount);
  const repView = new DataView(reps.buffer, reps.byteOffset, reps.byteLength);
  const fields = names.map((name, i) => ({ name, rep: repView.getBigUint64(8 * i, true) }));
  const setSection = cursor('FIELDSETS');
  const fieldSets = unsigned(setSection.integers32(Number(setSection.u64())));
  const pathSection = cursor('PATHS');
  const pathCount = Number(pathSection.u64());
  const elementCount = Number(pathSection.u64());
  const indexes = unsigned(pathSection.integers32(elementCount));
  const elements = pathSection.integers32(elementCount);
  const jumps = pathSection.integers32(elementCount);
  const paths = indexes.map((index, i) => ({ index, token: Math.abs(elements[i]!), isProperty: elements[i]! < 0, jump: jumps[i]! }));
  const specSection = cursor('SPECS');
  const specCount = Number(specSection.u64());
  const [specPaths, specSets, specTypes] = [0, 1, 2].map(() => unsigned(specSection.integers32(specCount))) as [
    number[],
    number[],
    number[],
  ];
  const specs = specPaths.map((path, i) => ({ path, fieldSet: specSets[i]!, type: specTypes[i]! }));
  // buildCrate puts the values at byte 88, where our writer does: offsets into them stay right
  const firstSection = Math.min(...[...sections.values()].map(({ start }) => start));
  return { version, tokens, strings, fields, fieldSets, paths, pathCount, specs, values: bytes.slice(88, firstSection) };
}
