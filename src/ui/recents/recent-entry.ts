/** What is remembered of a document that was open once. */

/** A file as it was when it was copied or refused: enough to know it again. */
export interface KnownFile {
  /** Path within the folder or set that was opened. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly lastModifiedMs: number;
}

/** Where its bytes can be had again. */
export type RecentOrigin =
  | { readonly kind: 'url'; readonly url: string }
  /** Files or folders on the disk; the browser asks before they are read in a later visit. */
  | { readonly kind: 'handles'; readonly handles: readonly FileSystemHandle[] }
  /** Files that came without handles, copied into the origin's private file system, in a folder named by the entry's id. */
  | { readonly kind: 'copy'; readonly files: readonly KnownFile[] }
  /** Files that came without handles and were not copied: only the name is left. */
  | { readonly kind: 'absent'; readonly files: readonly KnownFile[]; readonly reason: AbsenceReason };

/** Why there is no copy. */
export type AbsenceReason = 'file-too-large' | 'too-many-files' | 'quota' | 'evicted' | 'storage-full' | 'storage-denied' | 'not-kept';

export interface RecentEntry {
  readonly id: string;
  /** To show: the file's name, or the folder's. */
  readonly name: string;
  /** Path of the root layer among the files. */
  readonly root?: string;
  readonly openedMs: number;
  /** Bytes of all files, where known. */
  readonly sizeBytes?: number;
  /** A small picture of it, WebP or PNG. */
  readonly thumbnail?: Blob;
  readonly origin: RecentOrigin;
}

/** Bytes an entry takes in the private file system. */
export function copiedBytes({ origin }: RecentEntry): number {
  return origin.kind === 'copy' ? sizeOf(origin.files) : 0;
}

export function sizeOf(files: readonly KnownFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
