import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Where the conformance corpus is; it is no part of the project. `USD_CORPUS` overrides the place. */
export const CORPUS = process.env['USD_CORPUS'] ?? '../shared/corpus';

export const hasCorpus = existsSync(`${CORPUS}/README.md`);

/** Why a test that needs the corpus is skipped, for its title. */
export const CORPUS_NOTE = hasCorpus ? '' : ` (skipped: corpus not found at ${CORPUS})`;

export function corpusBytes(file: string): Uint8Array {
  return new Uint8Array(readFileSync(`${CORPUS}/${file}`));
}

/** What a real OpenUSD says of a file of the corpus. See the corpus' README. */
export interface ExpectedFile {
  readonly file: string;
  readonly opened: boolean;
  readonly trusted: boolean;
  /** Text of the root layer, below `expected/`. */
  readonly layer?: string | null;
  readonly flat?: string | null;
  /** The flattened stage reads as the layer, whose text stands for both. */
  readonly flatSameAsLayer?: boolean;
  /** Warnings and errors of OpenUSD. */
  readonly messages?: readonly string[];
  readonly startTimeCode?: number;
  readonly endTimeCode?: number;
  readonly timeCodesPerSecond?: number;
  /** As authored. */
  readonly upAxis?: string | null;
  readonly metersPerUnit?: number | null;
  readonly framesPerSecond?: number | null;
  readonly defaultPrim?: string | null;
  /** In the flattened stage. */
  readonly primsByType?: Readonly<Record<string, number>>;
}

export function expectedFiles(): readonly ExpectedFile[] {
  return hasCorpus ? (JSON.parse(readFileSync(`${CORPUS}/expected/index.json`, 'utf8')) as { files: ExpectedFile[] }).files : [];
}

/** A case of `usd/cases.json`. */
export interface UsdCase {
  readonly id: string;
  readonly kind: string;
  /** Below `usd/`. */
  readonly input?: string;
  /** Below `usd/`. */
  readonly baseline?: string;
  /** The upstream command line. */
  readonly args?: string;
}

export function usdCases(): readonly UsdCase[] {
  return hasCorpus ? (JSON.parse(readFileSync(`${CORPUS}/usd/cases.json`, 'utf8')) as { cases: UsdCase[] }).cases : [];
}

/** Every layer file. Files that only cases of reading name are in no index, so the folders are listed; `expected/` is left out. */
export function corpusLayerFiles(): readonly string[] {
  return (hasCorpus ? ['museum', 'imaging', 'usd', 'usdwg'] : []).flatMap((folder) =>
    readdirSync(`${CORPUS}/${folder}`, { recursive: true })
      .map((name) => `${folder}/${String(name)}`)
      .filter((name) => /\.(usd|usda|usdc|usdz|sdf)$/.test(name))
      .sort(),
  );
}
