/**
 * Opens a crate: bootstrap, table of contents and the structural sections. No value is decoded here.
 * Source: usdc.md 1-3; OpenUSD sdf/crateFile.cpp.
 */
import { reportProblem } from './crate-problem.ts';
import { CrateBytes, type CrateCursor } from './crate-bytes.ts';
import {
  BOOTSTRAP_BYTES,
  CRATE_MAGIC,
  crateVersion,
  END_OF_FIELDS,
  SECTION_RECORD_BYTES,
  SPEC_TYPES,
  VERSION,
  versionText,
  type CrateVersion,
} from './layout.ts';
import { readPathTable, type PathTable } from './path-table.ts';
import { ARC_FIELDS } from '../sdf/arc-fields.ts';
import type { ReadLimits } from '../tf/read-limits.ts';
import type { Reporter } from '../tf/reporter.ts';
import { decodeText } from '../tf/text-decoding.ts';

export interface CrateTables {
  readonly file: CrateBytes;
  readonly version: CrateVersion;
  /** Those that name fields are the engine's own copies of such strings, which are compared without looking at their characters. */
  readonly tokens: readonly string[];
  /** Token index by string index. */
  readonly strings: Uint32Array;
  /** Token index of each field's name. */
  readonly fieldNames: Uint32Array;
  /** Whether some field is one of `ARC_FIELDS`. */
  readonly hasArcs: boolean;
  /** ValueRep of each field: low word, high word (shape [2·F]). */
  readonly fieldReps: Uint32Array;
  /** Field indexes, runs ended by END_OF_FIELDS; the last run too. */
  readonly fieldSets: Int32Array;
  readonly pathTable: PathTable;
  /** Per PathIndex: spec type number, 0 where there is no spec. */
  readonly specTypes: Uint8Array;
  /** Per PathIndex: where its run in `fieldSets` begins. */
  readonly specFieldSets: Uint32Array;
}

const CONNECTION_SPEC = SPEC_TYPES.indexOf('connection');
const RELATIONSHIP_TARGET_SPEC = SPEC_TYPES.indexOf('relationshipTarget');

export function readCrateTables(asset: string, bytes: Uint8Array, reporter?: Reporter, limits?: ReadLimits): CrateTables {
  const file = new CrateBytes(asset, bytes, limits);
  const { version, tocOffset } = readBootstrap(file);
  const sections = readToc(file, tocOffset);
  const tokens = readTokens(sections('TOKENS'), version, reporter);
  const strings = readStrings(sections('STRINGS'), tokens.length);
  const { fieldNames, fieldReps, hasArcs } = readFields(sections('FIELDS'), version, tokens);
  const fieldSets = readFieldSets(sections('FIELDSETS'), version, fieldNames.length, reporter);
  const pathSection = sections('PATHS');
  const pathTable = readPathTable(pathSection, version, tokens);
  if (pathTable.illegal !== undefined) {
    const { text, count } = pathTable.illegal;
    reportProblem(
      reporter,
      file.error('usdc-path', 'PATHS', pathSection.at, `${count} elements form no legal path and are left out, the first is ${text}`),
      'warning',
    );
  }
  const specs = readSpecs(sections('SPECS'), version, pathTable, fieldSets, reporter);
  return { file, version, tokens, strings, fieldNames, hasArcs, fieldReps, fieldSets, pathTable, ...specs };
}

function readBootstrap(file: CrateBytes): { version: CrateVersion; tocOffset: number } {
  if (CRATE_MAGIC.some((byte, i) => file.bytes[i] !== byte))
    throw file.error('usdc-not-a-crate', 'BOOTSTRAP', 0, 'the file does not begin with PXR-USDC');
  if (file.length < BOOTSTRAP_BYTES)
    throw file.error('usdc-truncated', 'BOOTSTRAP', 0, `${BOOTSTRAP_BYTES} bytes expected, found ${file.length}`);
  const version = crateVersion(file.bytes[8]!, file.bytes[9]!, file.bytes[10]!);
  if (version >> 16 !== 0 || version > VERSION.newest || version === 0) {
    throw file.error(
      'usdc-version',
      'BOOTSTRAP',
      8,
      `version ${versionText(version)}; readable are 0.0.1 to ${versionText(VERSION.newest)}`,
    );
  }
  const cursor = file.cursor('BOOTSTRAP', 16);
  const tocOffset = cursor.offset();
  if (tocOffset < BOOTSTRAP_BYTES || tocOffset >= file.length) {
    throw file.error('usdc-truncated', 'BOOTSTRAP', 16, `the table of contents is at byte ${tocOffset}, the file has ${file.length} bytes`);
  }
  return { version, tocOffset };
}

/** Returns a cursor over a section by name; a section that is not there is empty. */
function readToc(file: CrateBytes, tocOffset: number): (name: string) => CrateCursor {
  const toc = file.cursor('TOC', tocOffset);
  const count = toc.count(SECTION_RECORD_BYTES);
  const sections = new Map<string, CrateCursor>();
  for (let i = 0; i < count; i++) {
    const nameBytes = toc.view(16);
    const nul = nameBytes.indexOf(0);
    const name = String.fromCharCode(...nameBytes.subarray(0, nul < 0 ? 16 : nul));
    const start = toc.offset();
    const size = toc.offset();
    if (sections.has(name)) continue;
    if (start < 0 || size < 0 || start > file.length || size > file.length - start) {
      throw file.error(
        'usdc-section',
        'TOC',
        toc.at - 16,
        `section ${name} spans bytes ${start} to ${start + size}, the file has ${file.length}`,
      );
    }
    sections.set(name, file.cursor(name, start, start + size));
  }
  if (!sections.has('PATHS') && !sections.has('SPECS'))
    throw file.error('usdc-section', 'TOC', tocOffset, 'neither PATHS nor SPECS are listed');
  return (name) => sections.get(name) ?? file.cursor(name, file.length);
}

function readTokens(section: CrateCursor, version: CrateVersion, reporter: Reporter | undefined): string[] {
  if (section.at === section.end) return [];
  const start = section.at;
  const count = section.itemCount();
  let text: Uint8Array;
  if (version < VERSION.compressedSections) text = section.view(section.count(1));
  else {
    const size = section.size();
    section.file.allow('decodedBytes', 4 * size, 'the tokens are larger once decompressed');
    text = section.compressed(size);
    if (text.length < size) throw section.error('usdc-compression', `${size} bytes of tokens expected, found ${text.length}`);
  }
  if (count > text.length) throw section.file.error('usdc-index', 'TOKENS', start, `${count} tokens cannot come from ${text.length} bytes`);
  if (text.length > 0 && text[text.length - 1] !== 0) {
    // As OpenUSD does, the last byte is then taken for the NUL.
    reportProblem(reporter, section.error('usdc-section', 'the last token does not end in NUL'), 'warning');
  }
  const tokens = decodeText(text.subarray(0, -1)).text.split('\0', count);
  if (tokens.length < count) throw section.file.error('usdc-index', 'TOKENS', start, `${count} tokens expected, found ${tokens.length}`);
  return tokens;
}

function readStrings(section: CrateCursor, tokenCount: number): Uint32Array {
  if (section.at === section.end) return new Uint32Array(0);
  const count = section.count(4);
  const start = section.at;
  const strings = section.words(count);
  for (let i = 0; i < count; i++) {
    if (strings[i]! >= tokenCount)
      throw section.file.error(
        'usdc-index',
        'STRINGS',
        start + 4 * i,
        `string ${i} is token ${strings[i]}, there are ${tokenCount} tokens`,
      );
  }
  return strings;
}

/** @param tokens those that name fields are replaced by equal ones that are quick to compare */
function readFields(
  section: CrateCursor,
  version: CrateVersion,
  tokens: string[],
): Pick<CrateTables, 'fieldNames' | 'fieldReps' | 'hasArcs'> {
  if (section.at === section.end) return { fieldNames: new Uint32Array(0), fieldReps: new Uint32Array(0), hasArcs: false };
  let fieldNames: Uint32Array;
  let fieldReps: Uint32Array;
  if (version < VERSION.compressedSections) {
    const count = section.count(16);
    const words = section.words(4 * count);
    fieldNames = new Uint32Array(count);
    fieldReps = new Uint32Array(2 * count);
    for (let i = 0; i < count; i++) {
      fieldNames[i] = words[4 * i + 1]!;
      fieldReps[2 * i] = words[4 * i + 2]!;
      fieldReps[2 * i + 1] = words[4 * i + 3]!;
    }
  } else {
    const count = section.itemCount();
    fieldNames = unsigned(section.integers32(count));
    const reps = count === 0 ? new Uint8Array(0) : section.compressed(8 * count);
    if (reps.length < 8 * count) throw section.error('usdc-compression', `${8 * count} bytes of values expected, found ${reps.length}`);
    // decompressed bytes are a buffer of their own
    fieldReps = new Uint32Array(reps.buffer, reps.byteOffset, 2 * count);
  }
  let hasArcs = false;
  const tokenCount = tokens.length;
  const isName = new Uint8Array(tokenCount);
  for (let i = 0; i < fieldNames.length; i++) {
    const token = fieldNames[i]!;
    if (isName[token] === 1) continue;
    if (token >= tokenCount) throw section.error('usdc-index', `field ${i} is named by token ${token}, there are ${tokenCount} tokens`);
    isName[token] = 1;
    // Names of object keys are unique strings to engines, as those in our code are.
    const name = Object.keys({ [tokens[token] as string]: 0 })[0] as string;
    tokens[token] = name;
    if (ARC_FIELDS.has(name)) hasArcs = true;
  }
  return { fieldNames, fieldReps, hasArcs };
}

function readFieldSets(section: CrateCursor, version: CrateVersion, fieldCount: number, reporter: Reporter | undefined): Int32Array {
  if (section.at === section.end) return new Int32Array(0);
  const fieldSets =
    version < VERSION.compressedSections ? new Int32Array(section.words(section.count(4)).buffer) : section.integers32(section.itemCount());
  const { fieldsPerSpec } = section.file.limits;
  let start = 0;
  for (let i = 0; i < fieldSets.length; i++) {
    const field = fieldSets[i]!;
    if (field === END_OF_FIELDS) {
      start = i + 1;
      continue;
    }
    if (i - start >= fieldsPerSpec) section.file.allow('fieldsPerSpec', i - start + 1, 'a field set is larger');
    if (field < 0 || field >= fieldCount)
      throw section.error('usdc-index', `field set entry ${i} is field ${field >>> 0}, there are ${fieldCount} fields`);
  }
  if (fieldSets.length > 0 && fieldSets[fieldSets.length - 1] !== END_OF_FIELDS) {
    reportProblem(reporter, section.error('usdc-section', 'the last field set has no end'), 'warning');
    fieldSets[fieldSets.length - 1] = END_OF_FIELDS;
  }
  return fieldSets;
}

function readSpecs(
  section: CrateCursor,
  version: CrateVersion,
  pathTable: PathTable,
  fieldSets: Int32Array,
  reporter: Reporter | undefined,
): { specTypes: Uint8Array; specFieldSets: Uint32Array } {
  const pathCount = pathTable.length;
  const specTypes = new Uint8Array(pathCount);
  const specFieldSets = new Uint32Array(pathCount);
  if (section.at === section.end) return { specTypes, specFieldSets };
  const { count, paths, sets, types } = readSpecColumns(section, version, pathCount);
  let emptyCount = 0;
  for (let i = 0; i < count; i++) {
    const path = paths[i]!;
    const fieldSet = sets[i]!;
    const type = types[i]!;
    if (path >= pathCount) throw section.error('usdc-index', `a spec has path index ${path}, there are ${pathCount} paths`);
    if (type === 0 || type >= SPEC_TYPES.length) throw section.error('usdc-value', `a spec has type ${type}`);
    if (fieldSet >= fieldSets.length || (fieldSet > 0 && fieldSets[fieldSet - 1] !== END_OF_FIELDS)) {
      throw section.error('usdc-index', `a spec has field set ${fieldSet}, where no field set begins`);
    }
    if (specTypes[path] !== 0) throw section.error('usdc-path', `<${pathTable.path(path)}> has two specs`);
    if (!pathTable.isLegal(path)) {
      if (pathTable.isEmpty(path)) emptyCount++;
      continue;
    }
    // Targets live in list-op fields; the specs below properties say nothing more, and OpenUSD drops them too.
    if (type === CONNECTION_SPEC || type === RELATIONSHIP_TARGET_SPEC) continue;
    specTypes[path] = type;
    specFieldSets[path] = fieldSet;
  }
  if (emptyCount > 0) reportProblem(reporter, section.error('usdc-path', `${emptyCount} specs have no path and are left out`), 'warning');
  return { specTypes, specFieldSets };
}

interface SpecColumns {
  readonly count: number;
  /** PathIndexes. */
  readonly paths: Uint32Array;
  readonly sets: Uint32Array;
  readonly types: Uint32Array;
}

function readSpecColumns(section: CrateCursor, version: CrateVersion, pathCount: number): SpecColumns {
  if (version >= VERSION.compressedSections) {
    const count = section.itemCount();
    if (count > pathCount) throw section.error('usdc-index', `${count} specs for ${pathCount} paths`);
    const paths = unsigned(section.integers32(count));
    const sets = unsigned(section.integers32(count));
    return { count, paths, sets, types: unsigned(section.integers32(count)) };
  }
  const isPadded = version < VERSION.packedStructs;
  const count = section.count(isPadded ? 16 : 12);
  const columns = { count, paths: new Uint32Array(count), sets: new Uint32Array(count), types: new Uint32Array(count) };
  for (let i = 0; i < count; i++) {
    if (isPadded) section.take(4);
    columns.paths[i] = section.u32();
    columns.sets[i] = section.u32();
    columns.types[i] = section.u32();
  }
  return columns;
}

function unsigned(values: Int32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
