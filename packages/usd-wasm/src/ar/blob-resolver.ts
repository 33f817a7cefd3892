import type { Reporter } from '../tf/reporter.ts';
import { MemoryResolver, type MemoryFile } from './memory-resolver.ts';

/** A file of a page: `File` and `Blob` are such. */
export interface BlobFile {
  /** Without its folder. Blobs have none and need an entry `[path, blob]`. */
  readonly name?: string;
  /** Path from the chosen folder, of files from `<input webkitdirectory>`. */
  readonly webkitRelativePath?: string;
  /** In bytes. */
  readonly size: number;
  /** Reads the file. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A folder of a page: `FileSystemDirectoryHandle` is such. */
export interface BlobFolder {
  /** Goes through what is in the folder. */
  values(): AsyncIterable<BlobFolderEntry>;
}

/** What a folder holds: `FileSystemFileHandle` or `FileSystemDirectoryHandle`. */
export type BlobFolderEntry =
  | {
      readonly kind: 'file';
      readonly name: string;
      /** The file as it is now. */
      getFile(): Promise<BlobFile>;
    }
  | ({ readonly kind: 'directory'; readonly name: string } & BlobFolder);

/** What a resolver of files does beside resolving. */
export interface BlobResolverOptions {
  /** Hears of files that were found under another path than the one asked for. */
  readonly reporter?: Reporter;
  /** Called when a file has been read. */
  readonly onProgress?: (progress: { readonly identifier: string; readonly loadedBytes: number; readonly totalBytes: number }) => void;
}

/**
 * Resolves among files that a user chose or dropped: a `File`, a list of them with their folders, or `[path, blob]` pairs.
 * Files are read when they are asked for. Paths are matched as by `MemoryResolver`.
 */
export class BlobResolver extends MemoryResolver {
  /** Paths of the files, in the order given. */
  readonly paths: readonly string[];

  constructor(files: Iterable<BlobFile | readonly [path: string, file: BlobFile]>, options: BlobResolverOptions = {}) {
    const byPath = new Map<string, MemoryFile>();
    for (const entry of files) {
      const [path, file] = 'size' in entry ? [pathOf(entry), entry] : entry;
      byPath.set(path, async () => {
        const bytes = new Uint8Array(await file.arrayBuffer());
        options.onProgress?.({ identifier: path, loadedBytes: bytes.byteLength, totalBytes: file.size });
        return bytes;
      });
    }
    super(byPath, options.reporter);
    this.paths = [...byPath.keys()];
  }

  /**
   * The files of a folder and of all folders below it, by their paths from it. A signal stops listing.
   */
  static async ofFolder(folder: BlobFolder, options: BlobResolverOptions & { readonly signal?: AbortSignal } = {}): Promise<BlobResolver> {
    const files: (readonly [string, BlobFile])[] = [];
    const folders: [path: string, folder: BlobFolder][] = [['', folder]];
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      const [path, here] = next;
      for await (const entry of here.values()) {
        options.signal?.throwIfAborted();
        if (entry.kind === 'directory') folders.push([`${path}${entry.name}/`, entry]);
        else files.push([`${path}${entry.name}`, await entry.getFile()]);
      }
    }
    return new BlobResolver(files, options);
  }
}

function pathOf(file: BlobFile): string {
  const path = file.webkitRelativePath === undefined || file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
  if (path === undefined || path === '') throw new TypeError('a blob has no name: give it as [path, blob]');
  return path;
}
