/** Copies of files in the origin's private file system: one folder for each entry, files by number in it. */
import type { FileEntry } from '../../share/protocol/engine.ts';
import type { KnownFile } from './recent-entry.ts';

/** What the recents need of a place for copies; tests hand in one of their own. */
export interface FileCopies {
  /** @throws DOMException `QuotaExceededError` where the browser gives no more room; nothing of it is left then */
  write(id: string, files: readonly FileEntry[]): Promise<void>;
  read(id: string, files: readonly KnownFile[]): Promise<readonly FileEntry[]>;
  delete(id: string): Promise<void>;
  /** Ids of everything there is. */
  ids(): Promise<readonly string[]>;
}

const FOLDER = 'recents';

export class PrivateFileCopies implements FileCopies {
  async write(id: string, files: readonly FileEntry[]): Promise<void> {
    const folder = await (await openRoot()).getDirectoryHandle(id, { create: true });
    try {
      for (const [index, { file }] of files.entries()) {
        const handle = await folder.getFileHandle(String(index), { create: true });
        const writable = await handle.createWritable();
        // The browser copies a blob itself: none of its bytes pass through this thread.
        await writable.write(file);
        await writable.close();
      }
    } catch (error) {
      await this.delete(id).catch(() => undefined);
      throw error;
    }
  }

  async read(id: string, files: readonly KnownFile[]): Promise<readonly FileEntry[]> {
    const folder = await (await openRoot()).getDirectoryHandle(id);
    return Promise.all(
      files.map(async ({ path, lastModifiedMs }, index) => {
        const copy = await (await folder.getFileHandle(String(index))).getFile();
        // Under its own name: formats are told by content, but messages show names.
        const name = path.slice(path.lastIndexOf('/') + 1);
        return { path, file: new File([copy], name, { lastModified: lastModifiedMs }) };
      }),
    );
  }

  async delete(id: string): Promise<void> {
    await (await openRoot()).removeEntry(id, { recursive: true });
  }

  async ids(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const id of (await openRoot()).keys()) ids.push(id);
    return ids;
  }
}

async function openRoot(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}
