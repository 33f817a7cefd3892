import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  checkAsset,
  createNewARKitUsdzPackage,
  createNewUsdzPackage,
  FileResolver,
  initKernel,
  isFailed,
  normalizePath,
  openArchive,
  ProblemList,
  violationLines,
  writePackage,
  type PackageFile,
} from '../node.ts';
import { defineCommand, UsageError } from './command.ts';
import type { Output } from './output.ts';

export const zip = defineCommand({
  name: 'zip',
  summary: 'make a package of files, or of a scene with all it needs; list packages',
  usage: `usd zip [options] OUT.usdz INPUT...
usd zip [options] OUT.usdz --asset ROOT | --arkitAsset ROOT
usd zip (--list | --dump) FILE.usdz

Makes a package of files as they are, the first one its root layer, or of a root layer and everything it needs: that is
found by following asset paths, which are rewritten where files get another place. Missing files are listed; the package
is made without them.

  -r, --recurse            put in the files of folders within the given folders too
  -a, --asset ROOT         package a layer with all it needs
      --arkitAsset ROOT    the same as one crate: a scene of several layers is flattened, and loses its variants
  -c, --checkCompliance    check the root layer first (usd check), and make no package where that fails
  -l, --list               print the names of the files in a package (also --listContents)
  -d, --dump               print offsets, sizes and names of the files in a package
  -v, --verbose            print what is added
`,
  options: {
    recurse: { type: 'boolean', short: 'r' },
    asset: { type: 'string', short: 'a' },
    arkitAsset: { type: 'string' },
    checkCompliance: { type: 'boolean', short: 'c' },
    list: { type: 'boolean', short: 'l' },
    listContents: { type: 'boolean' },
    dump: { type: 'boolean', short: 'd' },
    verbose: { type: 'boolean', short: 'v' },
  },
  async run({ recurse, asset, arkitAsset, checkCompliance, list, listContents, dump, verbose }, names, output) {
    const [target, ...inputs] = names;
    if (target === undefined) throw new UsageError('zip needs the name of a package');
    if (asset !== undefined && arkitAsset !== undefined) throw new UsageError('zip takes --asset or --arkitAsset, not both');
    const root = asset ?? arkitAsset;
    if (root !== undefined && inputs.length > 0) throw new UsageError('zip takes files or --asset, not both');
    const isMade = root !== undefined || inputs.length > 0;
    const isListed = list === true || listContents === true;
    if (!isMade && checkCompliance === true) throw new UsageError('zip checks what it packs only; usd check checks a package');
    if (!isMade && !isListed && dump !== true) throw new UsageError('zip needs files, --asset, --list or --dump');
    const out = isMade && !target.endsWith('.usdz') ? `${target}.usdz` : target;
    if (isMade) {
      await initKernel();
      const notify = verbose === true ? (name: string) => output.print(`.. adding: ${name}\n`) : undefined;
      const files = root === undefined ? await readInputs(inputs, recurse === true, output) : [];
      const checked = root ?? files[0]?.path;
      if (checkCompliance === true && checked !== undefined && !(await isCompliant(checked, arkitAsset !== undefined, output))) return 1;
      const bytes = root === undefined ? await packFiles(files, notify) : await packScene(root, arkitAsset !== undefined, notify, output);
      await writeFile(out, bytes);
    }
    if (dump === true) await output.print(await dumpText(out));
    if (isListed) await output.print(await listText(out));
    return 0;
  },
});

interface InputFile extends PackageFile {
  readonly path: string;
}

type Notify = ((name: string) => Promise<void>) | undefined;

async function packScene(root: string, isArkit: boolean, notify: Notify, output: Output): Promise<Uint8Array> {
  const reporter = new ProblemList();
  const added: string[] = [];
  const create = isArkit ? createNewARKitUsdzPackage : createNewUsdzPackage;
  const bytes = await create(root, { resolver: new FileResolver([dirname(root)]), reporter, onFile: (name) => void added.push(name) });
  for (const name of added) await notify?.(name);
  for (const { message } of reporter.problems) output.warn(`Warning: ${message}`);
  return bytes;
}

async function packFiles(files: readonly InputFile[], notify: Notify): Promise<Uint8Array> {
  for (const { name } of files) await notify?.(name);
  return writePackage(files);
}

/** Files, and those of folders in the order of their names; folders within them only where that is asked for. */
async function readInputs(inputs: readonly string[], isRecursive: boolean, output: Output): Promise<InputFile[]> {
  const files: InputFile[] = [];
  const queue = [...inputs];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if ((await stat(path)).isDirectory()) {
      const entries = await readdir(path, { withFileTypes: true });
      const inside = entries.filter((entry) => (isRecursive || !entry.isDirectory()) && !entry.name.startsWith('.'));
      queue.push(...inside.map((entry) => join(path as string, entry.name)).sort());
      continue;
    }
    const bytes = new Uint8Array(await readFile(path));
    if (bytes.length === 0) output.warn(`Skipping empty file '${path}'.`);
    else files.push({ path, name: nameInPackage(path), bytes });
  }
  return files;
}

/** The path as given, without what leads to a root or out of the folder. */
function nameInPackage(path: string): string {
  return normalizePath(path)
    .replace(/^([A-Za-z]:)?\/*/, '')
    .replace(/^(\.\.\/)+/, '');
}

async function isCompliant(root: string, isArkit: boolean, output: Output): Promise<boolean> {
  const violations = await checkAsset(root, { resolver: new FileResolver([dirname(root)]), isArkit });
  for (const line of violationLines(violations)) output.warn(line);
  return !isFailed(violations);
}

async function listText(file: string): Promise<string> {
  const { entries } = openArchive(file, new Uint8Array(await readFile(file)));
  return entries.map(({ name }) => `${name}\n`).join('');
}

async function dumpText(file: string): Promise<string> {
  const { entries } = openArchive(file, new Uint8Array(await readFile(file)));
  const column = (value: number): string => String(value).padStart(10);
  const lines = entries.map(
    ({ name, size, compressedSize, dataOffset }) => `${column(dataOffset)}\t${column(compressedSize)}\t${column(size)}\t${name}`,
  );
  const head = ['    Offset\t      Comp\t    Uncomp\tName', '    ------\t      ----\t    ------\t----'];
  return `${[...head, ...lines, '----------', `${entries.length} files total`].join('\n')}\n`;
}
