/** How much a file may ask for. Each has a default that no sound scene comes near; bytes from strangers stay within. */
export interface ReadLimits {
  /** Bytes of one file: a layer, or a package with all that is in it. */
  readonly fileBytes: number;
  /** Bytes of all layers of a stage together. */
  readonly stageBytes: number;
  /** Layers that a stage reads, and entries of one layer stack. */
  readonly layers: number;
  /** Prims of a stage, those of prototypes included. */
  readonly prims: number;
  /** Prims of a stage for each byte of its layers, beyond the first 50,000: how far few bytes may unfold. */
  readonly primsPerByte: number;
  /** Prims (in a text layer: prims, variant sets and variants) below each other; a crate's paths may have twice as many parts. */
  readonly namespaceDepth: number;
  /** Paths of one layer. */
  readonly paths: number;
  /** Characters of all paths of one layer together. */
  readonly pathCharacters: number;
  /** Fields of one spec. */
  readonly fieldsPerSpec: number;
  /** Elements of one array. */
  readonly arrayElements: number;
  /** Bytes that one array, or one table of a crate, takes once it is decoded. */
  readonly decodedBytes: number;
  /** Dictionaries and other values that hold values, within each other. */
  readonly valueDepth: number;
  /** Items of one list, dictionary or list op, with those of the values in it. */
  readonly valueItems: number;
  /** Files of one package. */
  readonly packageEntries: number;
  /** Packages within packages. */
  readonly packageNesting: number;
  /** Bytes that the compressed files of one package take together once they are inflated. */
  readonly inflatedBytes: number;
  /** Bytes that one compressed byte of a package may become. DEFLATE itself ends at 1,032. */
  readonly inflateRatio: number;
  /** Nodes that the index of one prim may take to build: references, payloads, inherits, variants and what they imply. */
  readonly arcsPerPrim: number;
  /** Nodes of the indexes of all prims that are composed in one go: when a stage is opened, or after one edit. */
  readonly arcs: number;
  /** The same for each byte of the stage's layers, beyond the first 50,000. */
  readonly arcsPerByte: number;
  /** Arcs in a row. */
  readonly arcDepth: number;
  /** Arcs to prims below root prims, whose ancestors are composed first, that lead to each other. */
  readonly ancestralArcDepth: number;
  /** Relocations of one layer stack. */
  readonly relocates: number;
  /** Layers of one set of value clips. */
  readonly clips: number;
}

export const DEFAULT_LIMITS: ReadLimits = {
  fileBytes: 2 ** 32,
  stageBytes: 2 ** 34,
  layers: 10_000,
  prims: 10_000_000,
  primsPerByte: 16,
  namespaceDepth: 2000,
  paths: 2 ** 24,
  pathCharacters: 2 ** 29,
  fieldsPerSpec: 4096,
  arrayElements: 2 ** 28,
  decodedBytes: 2 ** 30,
  valueDepth: 256,
  valueItems: 2 ** 22,
  packageEntries: 0xffff,
  packageNesting: 8,
  inflatedBytes: 2 ** 30,
  inflateRatio: 1032,
  arcsPerPrim: 4096,
  arcs: 100_000_000,
  arcsPerByte: 16,
  arcDepth: 200,
  ancestralArcDepth: 32,
  relocates: 10_000,
  clips: 10_000,
};

/** The limits with some of them set otherwise. */
export function readLimits(own: Partial<ReadLimits> | undefined): ReadLimits {
  return own === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...own };
}

/** A file, or a value in it, asks for more than is allowed. `StageOptions.limits` and the readers' options raise limits. */
export class LimitError extends Error {
  /** Explained in `docs/errors.md`. */
  readonly code = 'limit-exceeded';
  /** Which limit. */
  readonly limit: keyof ReadLimits;
  /** What it is set to. */
  readonly allowed: number;
  /** How much was asked for; at least so much, where counting stopped there. */
  readonly found: number;
  /** Identifier of the file or stage. */
  readonly asset: string;

  constructor(limit: keyof ReadLimits, allowed: number, found: number, asset: string, what: string) {
    super(`@${asset}@: ${what} (limit ${limit} is ${allowed}, found ${found})`);
    this.name = 'LimitError';
    this.limit = limit;
    this.allowed = allowed;
    this.found = found;
    this.asset = asset;
  }
}
