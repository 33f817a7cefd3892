import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseUsda, sniffFormat, writeUsdc, type FileFormat } from 'usd-wasm';
import { sampleLayer } from '../tests/support/sample-layer.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateCrate } from './mutate-crate.ts';
import { makePackage } from './mutate-package.ts';
import { mutateText } from './mutate-text.ts';
import { inputSeed, RandomSource } from './random-source.ts';
import { COMPANIONS, SEED_TEXTS } from './seed-layers.ts';

export type FuzzFormat = FileFormat | 'all';

export interface Input {
  readonly format: FileFormat;
  readonly bytes: Uint8Array;
}

/** Files of the corpus that are taken as seeds, in bytes at most. */
const MOST_SEED_BYTES = 4096;
/** Inputs are cut to this: what counts is what small files can do. */
const MOST_INPUT_BYTES = 1 << 17;

/** Inputs of a run, each made from its number alone. */
export class InputMaker {
  readonly #texts: readonly Uint8Array[];
  readonly #crates: readonly Uint8Array[];
  readonly #packages: readonly Uint8Array[];
  readonly #layers: readonly (readonly [string, Uint8Array])[];

  /** @param corpus folder whose small files are seeds too; undefined or absent: only those made here */
  constructor(corpus: string | undefined) {
    const own = Object.values(SEED_TEXTS).map((text) => new TextEncoder().encode(text));
    const quiet = { report: () => {} };
    const files = corpus === undefined ? [] : smallFiles(corpus);
    const ofFormat = (format: FileFormat): Uint8Array[] => files.filter((bytes) => sniffFormat(bytes) === format);
    // our own come twice: they reach more of the code than the median file of the corpus
    this.#texts = [...own, ...own, ...ofFormat('usda')];
    const crates = own.map((text) => writeUsdc(parseUsda('seed.usda', text, quiet), quiet));
    this.#crates = [...crates, ...crates, writeUsdc(sampleLayer()), ...ofFormat('usdc')];
    this.#packages = ofFormat('usdz');
    this.#layers = [
      ...own.map((bytes, i) => [`l${i}.usda`, bytes] as const),
      ...crates.map((bytes, i) => [`m${i}.usdc`, bytes] as const),
      ...COMPANIONS,
    ];
  }

  get seedCount(): number {
    return this.#texts.length + this.#crates.length + this.#packages.length + this.#layers.length;
  }

  make(format: FuzzFormat, seed: number, index: number): Input {
    const random = new RandomSource(inputSeed(seed, index));
    const chosen = format === 'all' ? (['usda', 'usdc', 'usdz', 'usda', 'usdc'] as const)[index % 5]! : format;
    const bytes = this.#make(chosen, random);
    return { format: chosen, bytes: bytes.length > MOST_INPUT_BYTES ? bytes.slice(0, MOST_INPUT_BYTES) : bytes };
  }

  #make(format: FileFormat, random: RandomSource): Uint8Array {
    switch (format) {
      case 'usda': {
        const seed = random.pick(this.#texts);
        return random.chance(0.85) ? mutateText(seed, random, this.#texts) : mutateBytes(seed, random, this.#texts);
      }
      case 'usdc':
        return mutateCrate(random.pick(this.#crates), random, this.#crates);
      case 'usdz':
        if (this.#packages.length > 0 && random.chance(0.2)) return mutateBytes(random.pick(this.#packages), random, this.#packages);
        return makePackage(random, this.#layers, (bytes) =>
          sniffFormat(bytes) === 'usdc' ? mutateCrate(bytes, random, this.#crates) : mutateText(bytes, random, this.#texts),
        );
    }
  }
}

function smallFiles(folder: string): Uint8Array[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.usd[acz]?$/.test(name));
  return names
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= MOST_SEED_BYTES)
    .map((path) => new Uint8Array(readFileSync(path)));
}
