/** Files out of drops, pickers and the clipboard, with their paths within a dropped folder. */
import type { FileEntry } from '../../share/protocol/engine.ts';

/** A folder with more files than this is not one scene. */
export const MAX_FILES = 20_000;

/** Files, and the handles that gave them where the browser has handles. */
export interface HandedFiles {
  readonly files: readonly FileEntry[];
  readonly handles: readonly FileSystemHandle[];
}

/** More files were handed over than a scene has. */
export class TooManyFilesError extends Error {
  override readonly name = 'TooManyFilesError';

  constructor() {
    super(`More than ${MAX_FILES.toLocaleString('en')} files were dropped. Drop the folder of one scene.`);
  }
}

/**
 * Everything in a drop or paste, folders walked through. Call it synchronously in the event's handler: the browser empties the
 * transfer afterwards.
 *
 * @throws TooManyFilesError
 */
export function filesOfTransfer(transfer: DataTransfer): Promise<readonly FileEntry[]> {
  const plain: FileEntry[] = [];
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory === true) {
      entries.push(entry);
      continue;
    }
    const file = item.getAsFile();
    if (file !== null) plain.push({ path: file.name, file });
  }
  return walk(entries, plain);
}

/**
 * Handles of everything in a drop, with which it can be opened again in a later visit; none unless every file has one. Call it
 * synchronously too.
 */
export async function handlesOfTransfer(transfer: DataTransfer): Promise<readonly FileSystemHandle[]> {
  const asked = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map(async (item) => (item as HandleItem).getAsFileSystemHandle?.().catch(() => null));
  const handles = await Promise.all(asked);
  const found = handles.filter((handle) => handle !== null && handle !== undefined);
  return found.length === handles.length ? found : [];
}

/** Part of the File System Access API that TypeScript's library leaves out. */
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** Files of an `<input type=file>`, of a folder where it was one. */
export function filesOfInput(files: Iterable<File>): readonly FileEntry[] {
  return withoutNoise([...files].map((file) => ({ path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file })));
}

async function walk(roots: readonly FileSystemEntry[], plain: readonly FileEntry[]): Promise<readonly FileEntry[]> {
  const found: FileEntry[] = [...plain];
  const waiting = [...roots];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (found.length > MAX_FILES) throw new TooManyFilesError();
    if (isFile(entry)) found.push({ path: entry.fullPath.replace(/^\//u, ''), file: await fileOf(entry) });
    else if (isDirectory(entry)) waiting.push(...(await childrenOf(entry)));
  }
  return withoutNoise(found);
}

/** Leaves out what systems strew into folders. */
export function withoutNoise(entries: readonly FileEntry[]): readonly FileEntry[] {
  const kept = entries.filter(({ path }) => !/(?:^|\/)(?:\.[^/]+|__MACOSX|Thumbs\.db|desktop\.ini)(?:\/|$)/iu.test(path));
  return kept.length > 0 ? kept : entries;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives its entries in portions until one is empty. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0 || children.length > MAX_FILES) return children;
    children.push(...portion);
  }
}
