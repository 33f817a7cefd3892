import { readdir, readFile as readBytes, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ProblemList, initKernel, joinPackagePath, openArchive, readLayer, sniffFormat, writeUsda, type ArchiveEntry } from '../node.ts';
import { catLayer } from './cat.ts';
import { defineCommand, UsageError } from './command.ts';
import { diffLines } from './line-diff.ts';
import type { Output } from './output.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: 'compare two layers, scenes or folders as text',
  usage: `usd diff FILE FILE [options]
usd diff FOLDER FOLDER, FOLDER FILE..., or FILE... FOLDER

Prints where two files differ when written as text. Of packages, each file inside is compared. Of folders, files of the
same name are.

  -f, --flatten     compose the scenes and compare them
  -q, --brief       only say whether files differ
  -n, --noeffect    accepted for usddiff's sake: no file is ever changed

Exit status: 0 if nothing differs, 1 if something does, 2 if it could not be found out.
`,
  options: {
    flatten: { type: 'boolean', short: 'f' },
    brief: { type: 'boolean', short: 'q' },
    noeffect: { type: 'boolean', short: 'n' },
  },
  errorStatus: 2,
  async run({ flatten, brief }, names, output) {
    await initKernel();
    const { pairs, unpaired } = await pairFiles(names);
    let status = 0;
    for (const [a, b] of pairs) if (await differ(a, b, { isFlat: flatten === true, isBrief: brief === true }, output)) status = 1;
    for (const file of unpaired) await output.print(`No corresponding file found for ${file}, skipping.\n`);
    return status;
  },
});

/** The hunks of a unified diff without context, as usddiff prints them; '' where nothing differs. */
function unifiedDiff(oldText: string, newText: string): string {
  const [a, b] = [linesOf(oldText), linesOf(newText)];
  return diffLines(a, b)
    .map(
      ({ oldFrom, oldTo, newFrom, newTo }) =>
        `@@ -${rangeText(oldFrom, oldTo)} +${rangeText(newFrom, newTo)} @@\n` +
        [...a.slice(oldFrom, oldTo).map((line) => `-${line}`), ...b.slice(newFrom, newTo).map((line) => `+${line}`)].join(''),
    )
    .join('');
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Lines count from 1; an empty range names the line before it. */
function rangeText(from: number, to: number): string {
  if (to - from === 1) return String(from + 1);
  return `${to === from ? from : from + 1},${to - from}`;
}

interface DiffOptions {
  readonly isFlat: boolean;
  readonly isBrief: boolean;
}

async function differ(a: string, b: string, { isFlat, isBrief }: DiffOptions, output: Output): Promise<boolean> {
  const [left, right] = await Promise.all([readBytes(a), readBytes(b)]);
  const formats = [left, right].map((bytes) => sniffFormat(bytes));
  if (formats[0] === 'usdz' && formats[1] === 'usdz') return packagesDiffer(a, left, b, right, isBrief, output);
  if (formats.includes('usdz')) {
    await output.print(`Files ${a} and ${b} differ\n`);
    return true;
  }
  // an empty file is no layer, but something to compare with
  const text = async (file: string, bytes: Uint8Array): Promise<string> =>
    bytes.length === 0 ? '' : writeUsda((await catLayer(file, { flatten: isFlat })).data);
  return textsDiffer(a, await text(a, left), b, await text(b, right), isBrief, output);
}

async function textsDiffer(a: string, left: string, b: string, right: string, isBrief: boolean, output: Output): Promise<boolean> {
  if (left === right) return false;
  await output.print(isBrief ? `Files ${a} and ${b} differ\n` : unifiedDiff(left, right));
  return true;
}

/** Packages within packages, at most. */
const MAX_NESTING = 8;

/** Compares what two packages hold, file by file, packages inside packages too. */
async function packagesDiffer(
  a: string,
  left: Uint8Array,
  b: string,
  right: Uint8Array,
  isBrief: boolean,
  output: Output,
  depth = 0,
): Promise<boolean> {
  if (depth > MAX_NESTING) throw new Error(`packages are nested more than ${MAX_NESTING} deep in ${a}`);
  const [leftArchive, rightArchive] = [openArchive(a, left, new ProblemList()), openArchive(b, right, new ProblemList())];
  const others = new Map(rightArchive.entries.map((entry) => [entry.name, entry]));
  let isDifferent = false;
  const onlyLeft: ArchiveEntry[] = [];
  for (const entry of [...leftArchive.entries].sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const other = others.get(entry.name);
    others.delete(entry.name);
    if (other === undefined) {
      onlyLeft.push(entry);
      continue;
    }
    const [bytes, otherBytes] = [leftArchive.read(entry.name), rightArchive.read(entry.name)];
    if (sameBytes(bytes, otherBytes)) continue;
    const [path, otherPath] = [joinPackagePath(a, entry.name), joinPackagePath(b, entry.name)];
    const formats = [sniffFormat(bytes), sniffFormat(otherBytes)];
    if (formats[0] === 'usdz' && formats[1] === 'usdz') {
      if (await packagesDiffer(path, bytes, otherPath, otherBytes, isBrief, output, depth + 1)) isDifferent = true;
      continue;
    }
    await output.print(`Differences in ${path} and ${otherPath}:\n`);
    if (formats.includes(undefined) || formats.includes('usdz')) isDifferent = true;
    else if (await textsDiffer(path, textOf(path, bytes), otherPath, textOf(otherPath, otherBytes), isBrief, output)) isDifferent = true;
  }
  for (const { name } of onlyLeft) await output.print(`Only in baseline: ${joinPackagePath(a, name)}.\n`);
  for (const name of others.keys()) await output.print(`Not in baseline: ${joinPackagePath(b, name)}.\n`);
  return isDifferent || onlyLeft.length > 0 || others.size > 0;
}

function textOf(identifier: string, bytes: Uint8Array): string {
  return writeUsda(readLayer(identifier, bytes, new ProblemList()).data);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

interface FilePairs {
  readonly pairs: readonly (readonly [string, string])[];
  readonly unpaired: readonly string[];
}

/** Which files are compared with which, for the forms that the command line may have. */
async function pairFiles(names: readonly string[]): Promise<FilePairs> {
  const areFolders = await Promise.all(names.map(isFolder));
  const [first, last] = [names[0], names.at(-1)];
  if (names.length === 2 && first !== undefined && last !== undefined) {
    if (!areFolders.includes(true)) return { pairs: [[first, last]], unpaired: [] };
    if (!areFolders.includes(false)) {
      const [left, right] = await Promise.all([filesIn(first), filesIn(last)]);
      return {
        pairs: left.filter((file) => right.includes(file)).map((file) => [join(first, file), join(last, file)]),
        unpaired: [
          ...left.filter((file) => !right.includes(file)).map((file) => join(first, file)),
          ...right.filter((file) => !left.includes(file)).map((file) => join(last, file)),
        ],
      };
    }
  }
  const folderCount = areFolders.filter((is) => is).length;
  if (names.length < 2 || folderCount !== 1 || first === undefined || last === undefined || !(areFolders[0] || areFolders.at(-1)))
    throw new UsageError('files must be one of: FILE FILE, FOLDER FOLDER, FOLDER FILE..., or FILE... FOLDER');
  const isFirst = areFolders[0] === true;
  const folder = isFirst ? first : last;
  const known = new Set(await filesIn(folder));
  const files = (isFirst ? names.slice(1) : names.slice(0, -1)).map((file) => relative('.', file));
  return {
    pairs: files.filter((file) => known.has(file)).map((file) => (isFirst ? [join(folder, file), file] : [file, join(folder, file)])),
    unpaired: files.filter((file) => !known.has(file)),
  };
}

async function isFolder(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory();
  } catch (cause) {
    throw new Error(`${name} does not exist`, { cause });
  }
}

/** Files below a folder, relative to it, ascending. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, resolve(entry.parentPath, entry.name)))
    .sort();
}
